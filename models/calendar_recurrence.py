"""Series whose rule Odoo's fields cannot say keep to it all the same."""

from odoo import fields, models


class CalendarRecurrence(models.Model):
    """The rule of a series here; `outlook.meeting` knows what it is in Outlook."""

    _inherit = "calendar.recurrence"

    outlook_rule = fields.Char(
        string="Rule in Outlook",
        readonly=True,
        help="An RRULE without end that the fields of this record cannot say",
    )
