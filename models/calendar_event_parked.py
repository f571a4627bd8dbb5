"""*Retry* on the form of a meeting that was set aside."""

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..bridge import notices


class CalendarEvent(models.Model):
    """Whoever has the meeting in his mailbox may let it be tried again, administrators any."""

    _inherit = "calendar.event"

    outlook_can_retry = fields.Boolean(compute="_compute_outlook_can_retry")

    @api.depends("start", "privacy")
    @api.depends_context("uid")
    def _compute_outlook_can_retry(self) -> None:
        is_administrator = self.env.user.has_group("base.group_system")
        meetings = notices.visible_meetings(self._origin)
        none = self.env["outlook.meeting"].sudo()
        for event in self:
            meeting = meetings.get(event._origin.id, none)
            is_mine = is_administrator or self.env.user in meeting._mailbox_owners()
            event.outlook_can_retry = meeting.state == "parked" and is_mine

    def action_outlook_retry(self) -> dict[str, Any]:
        """Try again what was set aside."""
        self.ensure_one()
        if not self.outlook_can_retry:
            raise AccessError(self.env._("You can retry meetings of your own mailbox only."))
        return notices.visible_meeting(self).with_env(self.env).action_retry()
