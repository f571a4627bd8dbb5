"""Who tells the guests of a meeting: said on its form, and what to do where nobody could."""

from odoo import api, fields, models
from odoo.release import product_name
from odoo.tools.sql import column_exists, table_exists

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

    def _auto_init(self):
        cr = self.env.cr
        was_installed = table_exists(cr, "outlook_outbox") and table_exists(cr, self._table)
        is_new = was_installed and not column_exists(cr, self._table, "outlook_is_announced")
        result = super()._auto_init()
        if is_new:
            self._note_announced_before()
        return result

    def _note_announced_before(self) -> None:
        """Note what this side announced before that was kept: what Outlook neither has nor awaits.

        It lay beyond the window, say, and may come into it.
        """
        self.env.cr.execute(
            """
            UPDATE calendar_event event SET outlook_is_announced = TRUE
              FROM outlook_account account
             WHERE account.user_id = event.user_id
               AND EXISTS (SELECT 1 FROM calendar_attendee guest WHERE guest.event_id = event.id)
               AND NOT EXISTS (
                   SELECT 1 FROM outlook_meeting meeting
                    WHERE meeting.event_id = event.id
                       OR meeting.recurrence_ref = event.recurrence_id)
               AND NOT EXISTS (
                   SELECT 1 FROM outlook_outbox noted
                    WHERE noted.event_id = event.id OR noted.recurrence_id = event.recurrence_id)
            """
        )
        self.invalidate_model(["outlook_is_announced"])

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
