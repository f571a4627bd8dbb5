"""Guests: their answers are noticed, and Outlook's mails are not sent a second time."""

from odoo import api, models

from ..bridge import mailing, noticing


class CalendarAttendee(models.Model):
    """Somebody in a meeting here."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        noticing.note_events(self.env, attendees.event_id.ids, "write")
        return attendees

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            noticing.note_answers(self.env, self.ids)
        if "partner_id" in vals:
            noticing.note_events(self.env, self.event_id.ids, "write")
        return result

    def unlink(self):
        noticing.note_events(self.env, self.event_id.ids, "write")
        return super().unlink()

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        """Leave out who is told by Outlook, for the templates that say what Outlook says."""
        told = self.browse()
        if mailing.is_announcement(self.env, mail_template) and not mailing.is_silent(self.env):
            events = self.event_id._outlook_mails()
            told = self.filtered(lambda one: one.event_id in events)
            mailed = (self - told).filtered(lambda one: one._should_notify_attendee(notify_author))
            mailing.note_announced(mailed.filtered("email").event_id)
        return super(CalendarAttendee, self - told)._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
