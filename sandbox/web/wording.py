"""The words of the page: what Graph's values are called in Outlook."""

from __future__ import annotations

from datetime import date, datetime

from ..exchange.items import Json
from ..exchange.recurrence import DAYS, Rule

SHOW_AS = {
    "free": "Free",
    "tentative": "Tentative",
    "busy": "Busy",
    "oof": "Away",
    "workingElsewhere": "Working elsewhere",
    "unknown": "Unknown",
}
SENSITIVITY = {
    "normal": "Normal",
    "personal": "Personal",
    "private": "Private",
    "confidential": "Confidential",
}
RESPONSES = {
    "none": "No answer",
    "organizer": "Organizer",
    "tentativelyAccepted": "Tentative",
    "accepted": "Accepted",
    "declined": "Declined",
    "notResponded": "Not answered yet",
}
ROLES = {"required": "Required", "optional": "Optional", "resource": "Room or resource"}
KINDS = {
    "seriesMaster": "whole series",
    "occurrence": "repeats",
    "exception": "repeats, this one changed",
}
MAILS = {
    "invitation": "Invitation",
    "update": "Update",
    "cancellation": "Cancellation",
    "response": "Answer",
}
REMINDERS = {
    "": "None",
    "0": "At start",
    "5": "5 minutes before",
    "10": "10 minutes before",
    "15": "15 minutes before",
    "30": "30 minutes before",
    "60": "1 hour before",
    "120": "2 hours before",
    "1440": "1 day before",
    "10080": "1 week before",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
#: Names are written here, not by ``strftime``, whose words follow the machine's locale.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {
    "daily": "day",
    "weekly": "week",
    "absoluteMonthly": "month",
    "relativeMonthly": "month",
    "absoluteYearly": "year",
    "relativeYearly": "year",
}


def weekday(day: date) -> str:
    """Return the name of a date's weekday."""
    return WEEKDAYS[day.weekday()]


def month(day: date) -> str:
    """Return month and year."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Return a date as in "Mon 23 Nov"."""
    return f"{weekday(day)[:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def long_day(day: date) -> str:
    """Return a date as in "Monday 23 November 2026"."""
    return f"{weekday(day)} {day.day} {month(day)}"


def week_title(first: date, last: date) -> str:
    """Return the heading of a week."""
    if first.month == last.month:
        return f"{first.day} – {last.day} {month(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {last.day} {month(last)}"
    return f"{first.day} {month(first)} – {last.day} {month(last)}"


def period(start: datetime, end: datetime, *, all_day: bool, last: date) -> str:
    """Say from when to when an event goes, in full."""
    if all_day:
        if start.date() == last:
            return f"{long_day(start.date())}, all day"
        return f"{long_day(start.date())} to {long_day(last)}, all day"
    if start.date() == end.date():
        return f"{long_day(start.date())}, {start:%H:%M} – {end:%H:%M}"
    return f"{long_day(start.date())}, {start:%H:%M} – {long_day(end.date())}, {end:%H:%M}"


def reminder(minutes: int) -> str:
    """Say when the reminder comes."""
    return REMINDERS.get(str(minutes), f"{minutes} minutes before")


def person(mail: Json) -> str:
    """Write a person as one does in an address field."""
    name, address = mail.get("name", ""), mail["address"]
    return address if name in ("", address) else f"{name} <{address}>"


def rule(one: Rule) -> str:
    """Say how a series repeats."""
    unit = _UNITS[one.type]
    every = f"every {unit}" if one.interval == 1 else f"every {one.interval} {unit}s"
    return f"Repeats {every}{_which_days(one)}{_until(one)}"


def _which_days(one: Rule) -> str:
    days = [day.capitalize() for day in sorted(one.days, key=DAYS.index)]
    named = " and ".join([", ".join(days[:-1]), days[-1]] if days[1:] else days)
    in_month = f" of {_MONTHS[one.month - 1]}" if one.month and one.type.endswith("Yearly") else ""
    if one.type == "weekly":
        return f" on {named}"
    if one.type.startswith("relative"):
        return f" on the {one.index} {named}{in_month}"
    if one.type.startswith("absolute"):
        return f" on day {one.day_of_month}{in_month}"
    return ""


def _until(one: Rule) -> str:
    if one.range_type == "numbered":
        return f", {one.count} times"
    return f", until {long_day(one.end)}" if one.end else ""
