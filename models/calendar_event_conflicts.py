"""What Outlook and this side both changed: shown on the meeting's form, and settled there."""

from odoo import api, fields, models
from odoo.release import product_name

from ..bridge import conflict_use, conflicts


class CalendarEvent(models.Model):
    """Both values of each conflict, for who may settle it."""

    _inherit = "calendar.event"

    outlook_conflict_ids = fields.Many2many(
        "outlook.conflict", compute="_compute_outlook_conflict_ids", groups="base.group_user"
    )
    outlook_conflict_notice = fields.Char(
        compute="_compute_outlook_conflict_ids", groups="base.group_user"
    )

    @api.depends("privacy", "user_id", "partner_ids", "recurrence_id")
    @api.depends_context("uid", "lang")
    def _compute_outlook_conflict_ids(self) -> None:
        disputed = conflicts.disputed(self._origin)
        for event in self:
            found = self.env["outlook.conflict"]
            if event._origin.id in disputed:
                found = conflicts.of(event._origin).with_env(self.env)
                found = found.filtered(conflict_use.may_use)
            event.outlook_conflict_ids = found
            event.outlook_conflict_notice = bool(found) and self.env._(
                "Outlook and %(product)s both changed this meeting, and said different things:",
                product=product_name,
            )
