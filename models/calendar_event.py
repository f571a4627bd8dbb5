"""Meetings leave a row in the outbox when something changes that Outlook shows. Nothing else."""

from odoo import api, fields, models

from ..bridge import mailing, noticing


class CalendarEvent(models.Model):
    """A meeting here; `outlook.meeting` knows what it is in Outlook."""

    _inherit = "calendar.event"

    outlook_zone = fields.Char(
        string="Outlook Time Zone",
        copy=False,
        readonly=True,
        help="The organizer's time zone; single meetings have none of their own here",
    )
    # Where a row of a series was before somebody moved it: Outlook knows occurrences by that.
    outlook_original_start = fields.Datetime(copy=False, readonly=True)
    # A number, not a reference: the recurrence may be gone, its meeting in Outlook lives on.
    outlook_former_recurrence = fields.Integer(copy=False, readonly=True)
    outlook_meeting_ids = fields.One2many("outlook.meeting", "event_id", groups="base.group_system")

    _outlook_former_recurrence = models.Index(
        "(outlook_former_recurrence) WHERE outlook_former_recurrence > 0"
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        noticing.note_events(self.env, events.ids, "create")
        return events

    def write(self, vals):
        touched = noticing.SYNCED.intersection(vals)
        if "user_id" in touched:
            # The mailbox that loses the meeting must hear of it too.
            noticing.note_events(self.env, self.ids, "write")
        result = super().write(vals)
        if touched:
            noticing.note_events(self.env, self.ids, "write")
        return result

    def unlink(self):
        noticing.note_events(self.env, self.ids, "unlink")
        return super().unlink()

    def action_sendmail(self):
        """A person asked for this mail: it goes out whoever invites the guests otherwise."""
        return super(CalendarEvent, mailing.asked_for(self)).action_sendmail()

    def _outlook_mails(self):
        """Return those of these events whose guests are told by Outlook; see `bridge.mailing`."""
        return mailing.told_by_outlook(self)
