"""The dialog that deletes a meeting and tells its guests."""

from odoo import models


class CalendarPopoverDeleteWizard(models.TransientModel):
    """Outlook cancels what it invited to: nobody is told twice."""

    _inherit = "calendar.popover.delete.wizard"

    def action_send_mail_and_delete(self):
        if self.calendar_event_id._outlook_mails():
            return self.action_delete()
        return super().action_send_mail_and_delete()
