"""Reminders by mail are a person's wish, whatever template he chose for them."""

from odoo import api, models

from ..bridge import mailing


class CalendarAlarmManager(models.AbstractModel):
    """Outlook sends none of this side's reminders, so all of them go out."""

    _inherit = "calendar.alarm_manager"

    @api.model
    def _send_reminder(self):
        return super(CalendarAlarmManager, mailing.asked_for(self))._send_reminder()
