"""What of a meeting's link is left where it was."""

from odoo import fields, models
from odoo.tools.sql import column_exists


class OutlookMeeting(models.Model):
    """Links go to Outlook with what else a meeting shows; those of before that do not."""

    _inherit = "outlook.meeting"

    unsent_link = fields.Char(
        readonly=True,
        help="The own links of the event, or of all rows of its series, when links were not sent"
        " yet, one a line: they stay here, until they are others. Sending them all would be news to"
        " all guests.",
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
            UPDATE outlook_meeting meeting SET unsent_link = known.links
              FROM (
                   SELECT meeting_id, string_agg(DISTINCT link, E'\n') AS links
                     FROM (
                          SELECT meeting.id AS meeting_id, event.videocall_location AS link
                            FROM outlook_meeting meeting
                            JOIN calendar_event event ON event.id = meeting.event_id
                           UNION
                          SELECT meeting.id, row.videocall_location
                            FROM outlook_meeting meeting
                            JOIN calendar_event event ON event.id = meeting.event_id
                            JOIN calendar_event row ON row.recurrence_id = event.recurrence_id
                          ) every
                    WHERE link > ''
                    GROUP BY meeting_id
                   ) known
             WHERE known.meeting_id = meeting.id
            """
        )
        self.invalidate_model(["unsent_link"])
