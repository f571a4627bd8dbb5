"""Series whose rule Odoo's fields cannot say keep to it all the same."""

from odoo import api, fields, models

from odoo.addons.calendar.models.calendar_recurrence import MAX_RECURRENT_EVENT

from ..bridge import noticing, origins, rules


class CalendarRecurrence(models.Model):
    """The rule of a series here; `outlook.meeting` knows what it is in Outlook."""

    _inherit = "calendar.recurrence"

    outlook_rule = fields.Char(
        string="Rule in Outlook",
        readonly=True,
        help="An RRULE without end that the fields of this record cannot say",
    )

    def write(self, vals):
        result = super().write(vals)
        if noticing.SYNCED_RULE.intersection(vals):
            noticing.note_series(self.env, self.ids, "write")
        return result

    def unlink(self):
        # Before the rows: Odoo deletes them afterwards, one by one without a series.
        noticing.note_series(self.env, self.ids, "unlink")
        origins.remember_end(self)
        return super().unlink()

    @api.depends("outlook_rule")
    def _compute_rrule(self):
        return super()._compute_rrule()

    def _inverse_rrule(self):
        """Leave alone what Odoo's fields cannot say: they are no more than near it."""
        plain = self.filtered(lambda one: not one.outlook_rule)
        return super(CalendarRecurrence, plain)._inverse_rrule()

    def _get_rrule(self, dtstart=None):
        """Let Odoo's own expansion follow the rule that its fields cannot say."""
        if not self.outlook_rule:
            return super()._get_rrule(dtstart=dtstart)
        return rules.expand(self, dtstart, at_most=MAX_RECURRENT_EVENT)

    def _apply_recurrence(self, *args, **kwargs):
        """Add no contact details to rows that are copies of one which has them already.

        Odoo itself does so where a series begins, and forgets it where one is made anew. Each shift
        of *all events* would add them once more, and send the longer text to all guests.
        """
        quiet = self.with_context(skip_contact_description=True)
        return super(CalendarRecurrence, quiet)._apply_recurrence(*args, **kwargs)

    def _get_start_of_period(self, dt):
        """The rule knows its own weeks and months; whose language is read does not matter."""
        return dt if self.outlook_rule else super()._get_start_of_period(dt)

    def get_recurrence_name(self):
        return rules.name(self) if self.outlook_rule else super().get_recurrence_name()
