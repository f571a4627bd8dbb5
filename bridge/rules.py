"""Rules that the fields of a recurrence cannot say, such as "the last weekday of the month".

`outlook_rule` holds such a rule as an RRULE without end; the end is said by Odoo's own fields.
"""

from datetime import datetime, time

from dateutil import rrule


def expand(recurrence, dtstart: datetime | None, *, at_most: int) -> rrule.rrule:
    """Return the rule from `dtstart` (local time, naive) on, as Odoo would say its own."""
    if recurrence.end_type == "end_date":
        end = {"until": datetime.combine(recurrence.until, time.max)}
    elif recurrence.end_type == "count":
        end = {"count": min(recurrence.count, at_most)}
    else:
        end = {"count": at_most}
    return rrule.rrulestr(recurrence.outlook_rule, dtstart=dtstart).replace(**end)


def name(recurrence) -> str:
    """Say the rule in words, as far as it goes without a grammar of its own."""
    if recurrence.end_type == "count":
        return recurrence.env._(
            "By a rule set in Outlook for %(count)s events", count=recurrence.count
        )
    if recurrence.end_type == "end_date":
        return recurrence.env._("By a rule set in Outlook until %(until)s", until=recurrence.until)
    return recurrence.env._("By a rule set in Outlook")
