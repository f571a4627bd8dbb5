"""The dialog that deletes a meeting and tells its guests."""

from odoo import api, fields, models

from ..bridge import mailers


class CalendarPopoverDeleteWizard(models.TransientModel):
    """Outlook cancels what it invited to: nobody is told twice, and who is told is said before."""

    _inherit = "calendar.popover.delete.wizard"

    outlook_notice = fields.Char(compute="_compute_outlook_notice")

    @api.depends("calendar_event_id")
    @api.depends_context("lang")
    def _compute_outlook_notice(self):
        for wizard in self:
            wizard.outlook_notice = mailers.farewell(wizard.calendar_event_id)

    def action_send_mail_and_delete(self):
        if self.calendar_event_id._outlook_mails():
            return self.action_delete()
        return super().action_send_mail_and_delete()
