"""Meetings leave a row in the outbox when something changes that Outlook shows. Nothing else."""

from odoo import api, fields, models

from ..bridge import homes, mailing, notices, noticing, origins


class CalendarEvent(models.Model):
    """A meeting here, or a row of a series; `outlook.meeting` knows what it is in Outlook."""

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
    # It left that recurrence with all the others: what the series was goes on with it.
    outlook_is_heir = fields.Boolean(copy=False, readonly=True)
    outlook_teams = fields.Selection(
        [
            ("never", "Never"),
            ("always", "Always"),
            ("guests", "With guests only"),
        ],
        string="Teams Meeting",
        help="Empty: as chosen for the organizer's mailbox",
    )
    outlook_meeting_ids = fields.One2many("outlook.meeting", "event_id", groups="base.group_system")
    outlook_notice = fields.Char(compute="_compute_outlook_notice")
    outlook_is_refused = fields.Boolean(compute="_compute_outlook_notice")
    outlook_is_out_of_step = fields.Boolean(compute="_compute_outlook_notice")

    _outlook_former_recurrence = models.Index(
        "(outlook_former_recurrence) WHERE outlook_former_recurrence > 0"
    )

    @api.depends("recurrence_id.outlook_rule", "start", "outlook_original_start", "privacy")
    @api.depends_context("lang", "uid")
    def _compute_outlook_notice(self):
        for event in self:
            refused, parked = notices.refused(event), notices.parked(event)
            event.outlook_is_refused = bool(refused)
            event.outlook_is_out_of_step = bool(refused or parked)
            said = filter(None, (refused, parked, notices.fixed_rule(event)))
            event.outlook_notice = " ".join(said) or False

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        noticing.note_events(self.env, events.ids, "create")
        return events

    def write(self, vals):
        notices.check_rule(self, vals)
        vals = origins.remember(self, vals)
        touched = noticing.SYNCED.intersection(vals)
        leave = origins.leave(self, vals)
        if leave or "user_id" in touched:
            # The series or the mailbox that loses the meeting must hear of it too.
            noticing.note_events(self.env, self.ids, "write")
        result = super().write(vals)
        if touched:
            noticing.note_written(self.env, self.ids, leave=leave and len(self) > 1)
        return result

    def unlink(self):
        noticing.note_events(self.env, self.ids, "unlink", together=True)
        return super().unlink()

    def action_sendmail(self):
        """A person asked for this mail: it goes out whoever invites the guests otherwise."""
        return super(CalendarEvent, mailing.asked_for(self)).action_sendmail()

    def action_outlook_detach(self):
        """Make this row of a series a meeting of its own; the series goes on without it."""
        self.ensure_one()
        recurrence = self.recurrence_id
        self.write(
            {
                "recurrence_id": False,
                "recurrency": False,
                "follow_recurrence": False,
                "outlook_zone": homes.zone(self),
            }
        )
        if not recurrence.calendar_event_ids:
            recurrence.unlink()
        elif recurrence.base_event_id == self:
            recurrence._select_new_base_event()
