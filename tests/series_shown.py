"""What people see of a meeting on either side, in words that both sides know."""

import html
import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

BRUSSELS = "Europe/Brussels"
_UTC = ZoneInfo("UTC")
_TAG = re.compile(r"<[^>]*>")
# What Odoo writes under a text when a meeting is made: it stays here.
_DETAILS = re.compile(r'(?s)(<br>\s*)*<strong>[^<]*</strong><br>[^<]*<br><a href="mailto:.*')


def on_day(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return a wall-clock time of a day."""
    return datetime.combine(day, time(hour, minute))


def instant(moment: datetime, zone: str = BRUSSELS) -> datetime:
    """Return a wall-clock time as Odoo keeps it: UTC, naive."""
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(_UTC).replace(tzinfo=None)


def on_wall(moment: datetime, zone: str = BRUSSELS) -> datetime:
    """Return what a clock on the wall shows at a naive UTC time."""
    return moment.replace(tzinfo=_UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


class Occurrence(NamedTuple):
    """What people see of one meeting, in words that both sides know."""

    start: str
    end: str
    original: str
    subject: str
    place: str
    body: str
    is_private: bool
    reminder: tuple
    people: tuple


def original_day(shown):
    original = shown["originalStart"]
    if not original:
        return None
    if shown["isAllDay"]:
        return original[:10]
    return on_wall(datetime.fromisoformat(original[:19])).date().isoformat()


def as_shown_here(row, owner):
    original = (row.outlook_original_start or row.start) if row.recurrence_id else None
    popups = row.alarm_ids.filtered(lambda alarm: alarm.alarm_type == "notification")
    if row.allday:
        after = row.stop_date + timedelta(days=1)
        times = (row.start_date.isoformat(), after.isoformat())
    else:
        times = (row.start.isoformat(), row.stop.isoformat())
    return Occurrence(
        *times,
        original=_instant_text(original, row.allday),
        subject=row.name,
        place=row.location or "",
        body=_text(_DETAILS.sub("", row.description or "")),
        is_private=row.privacy in ("private", "confidential"),
        reminder=tuple(popups.mapped("duration_minutes")),
        people=tuple(sorted(row.partner_ids.filtered(lambda one: one != owner).mapped("email"))),
    )


def as_shown_there(shown, owner):
    length = 10 if shown["isAllDay"] else 19
    original = shown["originalStart"]
    people = (one["emailAddress"]["address"] for one in shown["attendees"])
    is_on = shown["isReminderOn"]
    return Occurrence(
        shown["start"]["dateTime"][:length],
        shown["end"]["dateTime"][:length],
        original=original[:length] if original else "",
        subject=shown["subject"],
        place=shown["location"]["displayName"],
        body=_text(shown["body"]["content"]),
        is_private=shown["sensitivity"] != "normal",
        reminder=(shown["reminderMinutesBeforeStart"],) if is_on else (),
        people=tuple(sorted(one for one in people if one != owner)),
    )


def _instant_text(moment, is_allday):
    if not moment:
        return ""
    return moment.isoformat()[: 10 if is_allday else 19]


def _text(body):
    body = re.sub(r"(?s)<head>.*?</head>", "", body)
    return " ".join(html.unescape(_TAG.sub(" ", body)).split())
