"""Who tells the guests of a meeting: said on its form, and what to do where nobody could."""

from odoo import api, fields, models
from odoo.release import product_name

from ..bridge import mailers, mailing


class CalendarEvent(models.Model):
    """One decision says who mails (`bridge.mailing`); every place that would mail asks it."""

    _inherit = "calendar.event"

    outlook_is_announced = fields.Boolean(
        copy=False, readonly=True, help="This side has mailed guests about it"
    )
    outlook_mailer_notice = fields.Char(compute="_compute_outlook_mailer")
    outlook_is_untold = fields.Boolean(compute="_compute_outlook_mailer")
    outlook_can_invite = fields.Boolean(compute="_compute_outlook_mailer")

    @api.depends("partner_ids", "user_id", "start", "stop", "active", "privacy", "recurrence_id")
    @api.depends_context("lang", "uid")
    def _compute_outlook_mailer(self):
        for event in self:
            said = mailers.said(event)
            event.outlook_mailer_notice = said.notice
            event.outlook_is_untold = said.is_untold
            event.outlook_can_invite = said.can_invite

    def action_outlook_invite(self):
        """Let this side invite the guests whom Outlook could not; it never will on its own."""
        self.ensure_one()
        self.check_access("write")
        mailers.invite(self)

    def _outlook_mails(self):
        """Return those of these events whose guests are told by Outlook; see `bridge.mailing`."""
        return mailing.told_by_outlook(self)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Name the product on the button: a static label could not."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for button in arch.xpath("//button[@name='action_outlook_invite']"):
                button.set(
                    "string", self.env._("Let %(product)s invite them", product=product_name)
                )
        return arch, view
