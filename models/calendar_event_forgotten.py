"""What a meeting that not everybody may read leaves behind when it is deleted: no word of it."""

from odoo import api, models

from ..bridge import journal, parked


class CalendarEvent(models.Model):
    """While it is here, each reader is asked; afterwards nothing tells whose it was to read."""

    _inherit = "calendar.event"

    @api.ondelete(at_uninstall=False)
    def _outlook_forget_hidden(self) -> None:
        """Blank what was written of it while it was public, and hide it on lists of deletions."""
        hidden = self.sudo().filtered(journal.is_hidden)
        if not hidden:
            return
        meetings = self.env["outlook.meeting"].sudo()
        parked.forget_hidden(meetings.search([("event_id", "in", hidden.ids)]))
        changes = self.env["outlook.sync.change"].sudo()
        changes = changes.search([("event_id", "in", hidden.ids)])
        changes.write({"title": False, "old": False, "new": False})
        lines = self.env["outlook.stop.line"].sudo()
        lines = lines.search(
            [("meeting_id.event_id", "in", hidden.ids), ("is_private", "=", False)]
        )
        lines.is_private = True
