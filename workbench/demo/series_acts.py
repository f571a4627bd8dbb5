"""What the two people do to series, and what each calendar must show afterwards.

Linh's series is made here and edited on both sides, Bram's is made in Outlook and edited on both
sides. Each has a place of its own, by which its dates are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytz

from ..stage import Person, Stage
from . import series
from .acts import HERE, THERE, Act, Look, Week
from .series import Date, Series

LOOK = Look(series.here, series.there)
HOUR = timedelta(hours=1)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class SeriesScript:
    """The acts, in order; each builds on those before it."""

    def __init__(self, stage: Stage, linh: Person, bram: Person, week: Week) -> None:
        self.stage, self.linh, self.bram, self.week = stage, linh, bram, week

    def __iter__(self) -> Iterator[Act]:
        yield from self._made_here()
        yield from self._made_there()

    # Made here ---------------------------------------------------------------------------------

    def _made_here(self) -> Iterator[Act]:
        linh, to_bram = self.linh, self.bram.address
        plan = self._weekly("Room 5", "Team meeting", day=0, clock="15:00", zone=linh.zone, times=5)
        yield self._shown(
            "makes a weekly meeting with Bram, five times", linh, HERE,
            lambda: self._make_here(linh, plan, guest=self.bram), plan,
            mails=[("invitation", to_bram)],
        )  # fmt: skip
        second, third, fourth, fifth = sorted(plan.dates)[1:]
        moved = _moved(second, timedelta(days=1))
        plan = _otherwise(plan, {second: moved})
        yield self._shown(
            "moves one date to the day after", linh, HERE,
            lambda: self._change_here(linh, second, plan, "self_only", _span_here(moved)), plan,
            mails=[("update", to_bram)],
        )  # fmt: skip
        plan = _otherwise(plan, {third: None})
        yield self._shown(
            "deletes one date", linh, HERE, lambda: self._delete_here(linh, third, plan), plan,
            mails=[("cancellation", to_bram)],
        )  # fmt: skip
        renaming = {"name": "Review"}
        renamed = {one: replace(one, subject="Review") for one in (fourth, fifth)}
        plan = replace(_otherwise(plan, renamed), parts=2)
        yield self._shown(
            "renames this and following", linh, HERE,
            lambda: self._change_here(linh, fourth, plan, "future_events", renaming), plan,
            # The first part ends sooner: an update, and as always one more for each date that is
            # otherwise in it. The second part is a series of its own.
            mails=[("update", to_bram), ("update", to_bram), ("invitation", to_bram)],
        )  # fmt: skip
        last = renamed[fifth]
        later = _moved(last, HOUR)
        plan = _otherwise(plan, {last: later})
        yield self._shown(
            "moves the last date by an hour", linh, THERE,
            lambda: self._change_there(linh, last, plan, later), plan,
            mails=[("update", to_bram)],
        )  # fmt: skip

    # Made in Outlook ---------------------------------------------------------------------------

    def _made_there(self) -> Iterator[Act]:
        bram, to_linh = self.bram, self.linh.address
        call = self._weekly("Room 9", "Sales call", day=2, clock="09:00", zone=bram.zone, times=4)
        yield self._shown(
            "makes a weekly meeting with Linh, four times", bram, THERE,
            lambda: self._make_there(bram, call, guest=self.linh), call,
            mails=[("invitation", to_linh)],
        )  # fmt: skip
        second = sorted(call.dates)[1]
        moved = _moved(second, HOUR)
        call = _otherwise(call, {second: moved})
        yield self._shown(
            "moves one date by an hour", bram, THERE,
            lambda: self._change_there(bram, second, call, moved), call,
            mails=[("update", to_linh)],
        )  # fmt: skip
        # Outlook forgets what is otherwise on single dates when a series gets another pattern.
        call = self._weekly("Room 9", "Sales call", day=3, clock="09:00", zone=bram.zone, times=4)
        yield self._shown(
            "moves the whole series to another day", bram, THERE,
            lambda: self._repeat_there(bram, call), call,
            mails=[("update", to_linh)],
        )  # fmt: skip
        third = sorted(call.dates)[2]
        call = _otherwise(call, {third: None})
        yield self._shown(
            "deletes one date", bram, THERE,
            lambda: self._delete_there(bram, third, call), call,
            mails=[("cancellation", to_linh)],
        )  # fmt: skip
        first = sorted(call.dates)[0]
        renaming = {"name": "Customer call"}
        call = _otherwise(call, {one: replace(one, subject="Customer call") for one in call.dates})
        yield self._shown(
            "renames all of it", bram, HERE,
            lambda: self._change_here(bram, first, call, "all_events", renaming), call,
            mails=[("update", to_linh)],
        )  # fmt: skip
        nothing = dict.fromkeys((self.linh.name, bram.name))
        yield Act(
            "deletes the whole series", bram, THERE, lambda: self._drop_there(bram, call),
            call.place, nothing, nothing, (("cancellation", to_linh),), LOOK,
        )  # fmt: skip

    def _weekly(
        self, place: str, subject: str, *, day: int, clock: str, zone: str, times: int
    ) -> Series:
        """Return a series that keeps its wall-clock time in `zone`; a date lasts an hour."""
        starts = [self.week.at(day + 7 * number, clock, zone) for number in range(times)]
        return Series(place, frozenset(Date(start, start + HOUR, subject) for start in starts))

    def _shown(
        self,
        what: str,
        who: Person,
        side: str,
        do: Callable[[], None],
        wanted: Series,
        *,
        mails: list[tuple[str, str]],
    ) -> Act:
        shown = {self.linh.name: wanted, self.bram.name: wanted}
        return Act(what, who, side, do, wanted.place, shown, shown, tuple(mails), LOOK)

    # Hands here: what the calendar's screens send -----------------------------------------------

    def _make_here(self, who: Person, plan: Series, *, guest: Person) -> None:
        first = min(plan.dates)
        values = {
            "name": first.subject,
            "location": plan.place,
            "partner_ids": [(4, _partner_of(who)), (4, _partner_of(guest))],
            "recurrency": True,
            "rrule_type_ui": "weekly",
            "rrule_type": "weekly",
            _day_of(first, who.zone)[:3]: True,
            "end_type": "count",
            "count": len(plan.dates),
            "event_tz": who.zone,
            **_span_here(first),
        }
        who.odoo.call("calendar.event", "create", values)

    def _change_here(
        self, who: Person, date: Date, plan: Series, scope: str, values: Mapping[str, Any]
    ) -> None:
        changes = {**values, "recurrence_update": scope}
        who.odoo.call("calendar.event", "write", [_row(who, date, plan)], changes)

    def _delete_here(self, who: Person, date: Date, plan: Series) -> None:
        """Choose *Delete this event*, and *Delete* without a mail in the question that follows."""
        wizards, event = "calendar.popover.delete.wizard", _row(who, date, plan)
        values = {"calendar_event_id": event, "delete": "one"}
        choice = who.odoo.call(wizards, "create", values)
        question = who.odoo.call(wizards, "close", [choice])
        context = question["context"]
        answer = who.odoo.call(wizards, "create", {"calendar_event_id": event}, context=context)
        who.odoo.call(wizards, "action_delete", [answer], context=context)

    # Hands in Outlook ----------------------------------------------------------------------------

    def _make_there(self, who: Person, plan: Series, *, guest: Person) -> None:
        event = {
            "subject": min(plan.dates).subject,
            "location": {"displayName": plan.place},
            "attendees": [{"type": "required", "emailAddress": {"address": guest.address}}],
            **_pattern(plan, who.zone),
        }
        self.stage.control.create_event(who.address, event)

    def _repeat_there(self, who: Person, plan: Series) -> None:
        changes = _pattern(plan, who.zone)
        self.stage.control.change_event(who.address, self._master(who, plan), changes)

    def _change_there(self, who: Person, date: Date, plan: Series, moved: Date) -> None:
        self.stage.control.change_event(
            who.address, self._date_there(who, date, plan)["id"], _span_there(moved)
        )

    def _delete_there(self, who: Person, date: Date, plan: Series) -> None:
        self.stage.control.delete_event(who.address, self._date_there(who, date, plan)["id"])

    def _drop_there(self, who: Person, plan: Series) -> None:
        self.stage.control.delete_event(who.address, self._master(who, plan))

    def _master(self, who: Person, plan: Series) -> str:
        _date, event = series.shown_there(self.stage.control, who, plan.place)[0]
        return str(event["seriesMasterId"])

    def _date_there(self, who: Person, date: Date, plan: Series) -> dict[str, Any]:
        shown = series.shown_there(self.stage.control, who, plan.place)
        return next(event for found, event in shown if found.start == date.start)


def _moved(date: Date, by: timedelta) -> Date:
    return replace(date, start=date.start + by, end=date.end + by)


def _otherwise(plan: Series, dates: Mapping[Date, Date | None]) -> Series:
    """Return the series with these dates replaced, or taken out where there is None."""
    new = {date for date in dates.values() if date}
    return replace(plan, dates=frozenset(plan.dates - dates.keys() | new))


def _partner_of(person: Person) -> int:
    user = person.odoo.call("res.users", "read", [person.odoo.uid], fields=["partner_id"])
    return int(user[0]["partner_id"][0])


def _row(who: Person, date: Date, plan: Series) -> int:
    """Return the record of one date."""
    domain = [("location", "=", plan.place), ("start", "=", f"{date.start:%F %T}")]
    return int(who.odoo.call("calendar.event", "search", domain)[0])


def _day_of(date: Date, zone: str) -> str:
    """Return the weekday's name, on the wall of somebody's zone."""
    return DAYS[date.start.astimezone(pytz.timezone(zone)).weekday()]


def _span_here(date: Date) -> dict[str, Any]:
    return {"start": f"{date.start:%F %T}", "stop": f"{date.end:%F %T}"}


def _span_there(date: Date, zone: str = "UTC") -> dict[str, Any]:
    """Write a date's time as Graph does, on the wall of a zone."""
    start, end = (moment.astimezone(pytz.timezone(zone)) for moment in (date.start, date.end))
    return {
        "start": {"dateTime": f"{start:%FT%T}", "timeZone": zone},
        "end": {"dateTime": f"{end:%FT%T}", "timeZone": zone},
    }


def _pattern(plan: Series, zone: str) -> dict[str, Any]:
    """Write when a series takes place as Outlook does: time and pattern together."""
    first = min(plan.dates)
    span = _span_there(first, zone)
    pattern = {
        "type": "weekly",
        "interval": 1,
        "daysOfWeek": [_day_of(first, zone)],
        "firstDayOfWeek": "monday",
    }
    limits = {
        "type": "numbered",
        "startDate": span["start"]["dateTime"][:10],
        "numberOfOccurrences": len(plan.dates),
    }
    return {**span, "recurrence": {"pattern": pattern, "range": limits}}
