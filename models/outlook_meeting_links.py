"""What of a meeting's link is left where it was."""

from odoo import fields, models
from odoo.tools.sql import column_exists


class OutlookMeeting(models.Model):
    """Links go to Outlook with what else a meeting shows; those of before that do not."""

    _inherit = "outlook.meeting"

    unsent_link = fields.Char(
        readonly=True,
        help="The event's own link when links were not sent yet: it stays here, until it is another"
        " one. Sending them all would be news to all guests.",
    )

    def _auto_init(self):
        is_new = not column_exists(self.env.cr, self._table, "unsent_link")
        result = super()._auto_init()
        if is_new:
            self._leave_links()
        return result

    def _leave_links(self) -> None:
        """Note the links of all meetings that are in Outlook without them."""
        self.env.cr.execute(
            """
            UPDATE outlook_meeting meeting SET unsent_link = event.videocall_location
              FROM calendar_event event
             WHERE event.id = meeting.event_id AND event.videocall_location > ''
            """
        )
        self.invalidate_model(["unsent_link"])
