"""How a meeting is joined from afar: the choice of Teams on its form."""

from odoo import api, fields, models

from ..bridge import homes


class CalendarEvent(models.Model):
    """What becomes of the choice is decided in `bridge.links`."""

    _inherit = "calendar.event"

    outlook_has_teams = fields.Boolean(compute="_compute_outlook_has_teams")
    outlook_is_online = fields.Boolean(compute="_compute_outlook_has_teams")

    @api.depends("user_id", "videocall_location")
    def _compute_outlook_has_teams(self):
        for event in self:
            accounts = self.env["outlook.account"].sudo()
            account = accounts.search(
                [("user_id", "=", event.user_id.id), ("state", "!=", "new")], limit=1
            )
            event.outlook_has_teams = any(account.calendar_ids.mapped("has_teams"))
            event.outlook_is_online = bool(event._origin) and event._outlook_is_joined_there()

    def copy(self, default=None):
        """Let each copy have a Teams meeting of its own, or none: not the room of this one."""
        copies = super().copy(default)
        if "videocall_location" not in (default or {}):
            for event, one in zip(self, copies, strict=True):
                if event._outlook_is_joined_there():
                    one.videocall_location = False
        return copies

    def _outlook_is_joined_there(self) -> bool:
        """Tell whether the meeting URL is that of the Teams meeting in Outlook."""
        url = homes.meeting_of(self.env, self._origin).join_url
        return bool(url) and self.videocall_location == url
