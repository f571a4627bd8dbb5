"""One meeting on both sides: what people do to it, and what each side shows of it.

Its name begins with a mark of its own, by which it is found; its dates follow day by day, at hours
at which UTC and everybody's own zone have the same date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from ..people import Refused
from ..stage import Person, Stage
from .ledger import Dates, Ledger, Mark, Shown
from .lives import HERE, Act, Beginning

AN_HOUR: Final = timedelta(hours=1)
FIRST_HOUR: Final = 5
HOURS: Final = 8
ANSWERS: Final = (
    ("accept", "do_accept"), ("tentativelyAccept", "do_tentative"), ("decline", "do_decline"),
)  # fmt: skip

Values = dict[str, Any]


@dataclass(frozen=True)
class Troupe:
    """Who takes part: people with mailboxes, then one from outside; with their contacts here."""

    people: tuple[Person, ...]
    addresses: tuple[str, ...]
    contacts: tuple[int, ...]


@dataclass
class Meeting:
    """One meeting of a life."""

    stage: Stage
    troupe: Troupe
    begun: Beginning
    #: Its name begins with it.
    mark: str
    first: date
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.begun.dates)

    @property
    def host(self) -> Person:
        """Return who organizes it."""
        return self.troupe.people[self.begun.organizer]

    def begin(self) -> None:
        """Make it, where it is to be made."""
        if self.begun.side == HERE:
            self._begin_here()
        else:
            self._begin_there()

    def act(self, act: Act) -> None:
        """Do something to it, if it is there to be done."""
        if act.what == "answer":
            self._answer(act)
        elif act.what == "delete":
            self._delete(act.side)
        else:
            self._edit(act)

    # What is typed --------------------------------------------------------------------------------

    def _edit(self, act: Act) -> None:
        shown = self.shown(act.side)
        found = self._typed(act, shown)
        if found is None or (act.date not in shown.dates and found[0][0] in ("place", "hour")):
            return
        mark, value = found
        write = self._write_here if act.side == HERE else self._write_there
        if write(mark, value, act):
            self.ledger.note(act.side, act.what, mark, value)

    def _typed(self, act: Act, shown: Shown) -> tuple[Mark, Any] | None:
        """Return the mark and the value; None where there is nothing to do it to."""
        address = self.troupe.addresses[act.who]
        if not shown.dates:
            return None
        if act.what in ("invite", "uninvite"):
            is_in = address in shown.guests
            useless = is_in == (act.what == "invite") or act.who == self.begun.organizer
            return None if useless else (("guest", address), not is_in)
        if act.what == "cancel":
            is_last = len(shown.dates) < 2 or act.date not in shown.dates
            return None if is_last else (("there", act.date), False)
        values: dict[str, tuple[Mark, Any]] = {
            "rename": (("name",), f"{self.mark} r{act.value}"),
            "place": (("place", act.date), f"Room {act.value}"),
            "hour": (("hour", act.date), FIRST_HOUR + act.value % HOURS),
        }
        mark, value = values[act.what]
        return None if shown.value(mark) == value else (mark, value)

    def _times(self, day: int, hour: int) -> tuple[datetime, datetime]:
        start = datetime.combine(self.first + timedelta(days=day), time(hour))
        return start, start + AN_HOUR

    def _day(self, start: str) -> int:
        return (date.fromisoformat(start[:10]) - self.first).days

    def shown(self, side: str) -> Shown:
        """Return what a side shows of it."""
        return self._shown_here() if side == HERE else self._shown_there()

    # Here -----------------------------------------------------------------------------------------

    def _begin_here(self) -> None:
        start, stop = self._times(0, FIRST_HOUR)
        guests = [self.troupe.contacts[one] for one in self.begun.guests]
        values: Values = {
            "name": self.mark,
            "start": f"{start}",
            "stop": f"{stop}",
            "partner_ids": [[6, 0, [self.troupe.contacts[self.begun.organizer], *guests]]],
        }
        if self.begun.dates > 1:
            values |= {
                "recurrency": True, "rrule_type": "daily", "interval": 1,
                "end_type": "count", "count": self.begun.dates,
            }  # fmt: skip
        self.host.odoo.call("calendar.event", "create", [values])

    def rows(self) -> dict[int, Values]:
        """Return the rows here by date."""
        wanted = ["start", "name", "location", "partner_ids", "recurrency"]
        found = self.stage.admin.call(
            "calendar.event", "search_read", [["name", "=like", f"{self.mark}%"]], wanted
        )
        return {self._day(one["start"]): one for one in sorted(found, key=lambda one: one["id"])}

    def _shown_here(self) -> Shown:
        rows = self.rows()
        dates: Dates = {
            day: (one["name"], one["location"] or "", int(one["start"][11:13]))
            for day, one in rows.items()
        }
        own = self.troupe.contacts[self.begun.organizer]
        known = dict(zip(self.troupe.contacts, self.troupe.addresses, strict=True))
        invited = {one for row in rows.values() for one in row["partner_ids"]} - {own}
        return Shown(dates, frozenset(known.get(one, f"contact {one}") for one in invited))

    def _write_here(self, mark: Mark, value: Any, act: Act) -> bool:
        rows = self.rows()
        row = rows[mark[1]] if mark[0] in ("place", "hour", "there") else rows[min(rows)]
        if mark[0] == "there":
            self._call_here("action_archive", row["id"])
            return True
        values = self._values_here(mark, value)
        if row["recurrency"]:
            one = mark[0] in ("place", "hour")
            values["recurrence_update"] = "self_only" if one else "all_events"
        self._call_here("write", row["id"], values)
        return True

    def _values_here(self, mark: Mark, value: Any) -> Values:
        if mark[0] == "hour":
            start, stop = self._times(mark[1], value)
            return {"start": f"{start}", "stop": f"{stop}"}
        if mark[0] == "guest":
            contact = self.troupe.contacts[self.troupe.addresses.index(mark[1])]
            return {"partner_ids": [[4 if value else 3, contact]]}
        return {"name": value} if mark[0] == "name" else {"location": value}

    def _call_here(self, method: str, row: int, *values: Any) -> None:
        self.host.odoo.call("calendar.event", method, [row], *values)

    # There ----------------------------------------------------------------------------------------

    def _begin_there(self) -> None:
        start, stop = self._times(0, FIRST_HOUR)
        event: Values = {
            "subject": self.mark,
            "start": _graph_time(start),
            "end": _graph_time(stop),
            "attendees": [_attendee(self.troupe.addresses[one]) for one in self.begun.guests],
        }
        if self.begun.dates > 1:
            event["recurrence"] = {
                "pattern": {"type": "daily", "interval": 1},
                "range": {
                    "type": "numbered", "startDate": f"{self.first}",
                    "numberOfOccurrences": self.begun.dates,
                },
            }  # fmt: skip
        self.stage.control.create_event(self.host.address, event)

    def copies(self, address: str) -> list[Values]:
        """Return what a mailbox has of it and is not cancelled: once, or not at all."""
        found = self.stage.control.events(address)
        return [one for one in found if self._is_it(one)]

    def _is_it(self, event: Values) -> bool:
        return event["subject"].startswith(self.mark) and not event["isCancelled"]

    def _instances(self) -> dict[int, Values]:
        until = self.first + timedelta(days=self.begun.dates + 1)
        found = self.stage.control.view(
            self.host.address, f"{self.first}T00:00:00Z", f"{until}T00:00:00Z"
        )
        return {self._day(one["start"]["dateTime"]): one for one in found if self._is_it(one)}

    def _shown_there(self) -> Shown:
        dates: Dates = {
            day: (
                one["subject"], one["location"]["displayName"],
                int(one["start"]["dateTime"][11:13]),
            )
            for day, one in self._instances().items()
        }  # fmt: skip
        return Shown(dates, frozenset(self._attendees()))

    def _attendees(self) -> list[str]:
        found = self.copies(self.host.address)[:1]
        return [who["emailAddress"]["address"] for one in found for who in one["attendees"]]

    def _write_there(self, mark: Mark, value: Any, act: Act) -> bool:
        address, control = self.host.address, self.stage.control
        if mark[0] in ("place", "hour", "there"):
            one = self._instances()[mark[1]]
        else:
            [one] = self.copies(address)
        if mark[0] == "there":
            control.delete_event(address, one["id"])
        else:
            control.change_event(address, one["id"], self._values_there(mark, value))
        return True

    def _values_there(self, mark: Mark, value: Any) -> Values:
        if mark[0] == "hour":
            start, stop = self._times(mark[1], value)
            return {"start": _graph_time(start), "end": _graph_time(stop)}
        if mark[0] == "guest":
            others = [one for one in self._attendees() if one != mark[1]]
            return {"attendees": [_attendee(one) for one in others + [mark[1]] * value]}
        return {"subject": value} if mark[0] == "name" else {"location": {"displayName": value}}

    # Deletions and answers ------------------------------------------------------------------------

    def _delete(self, side: str) -> None:
        shown = self.shown(side)
        if not shown.dates:
            return
        if side == HERE:
            ids = [row["id"] for row in self.rows().values()]
            self.host.odoo.call("calendar.event", "action_archive", ids)
        else:
            [one] = self.copies(self.host.address)
            self.stage.control.delete_event(self.host.address, one["id"])
        self.ledger.note_deletion(side)

    def _answer(self, act: Act) -> None:
        """Let a guest with a mailbox answer, here or there."""
        if act.who >= len(self.troupe.people) or act.who == self.begun.organizer:
            return
        person = self.troupe.people[act.who]
        there, here = ANSWERS[act.value % 2]  # who declines has no copy any more
        if act.side == HERE:
            wanted = [
                ["event_id", "in", [row["id"] for row in self.rows().values()]],
                ["partner_id", "=", self.troupe.contacts[act.who]],
            ]
            rows = self.stage.admin.call("calendar.attendee", "search", wanted)
            if rows:
                person.odoo.call("calendar.attendee", here, rows[:1])
        else:
            for copy in self.copies(person.address)[:1]:
                self.stage.control.answer_event(person.address, copy["id"], there)
        self.ledger.acts["answer"] += self.begun.dates


def contact_of(admin: Any, login: str) -> int:
    """Return the contact of a user."""
    [found] = admin.call("res.users", "search_read", [["login", "=", login]], ["partner_id"])
    return int(found["partner_id"][0])


def is_refused(error: Exception) -> bool:
    """Say whether Odoo understood, and refused."""
    return isinstance(error, Refused)


def _graph_time(moment: datetime) -> dict[str, str]:
    return {"dateTime": f"{moment:%FT%T}", "timeZone": "UTC"}


def _attendee(address: str) -> Values:
    return {"type": "required", "emailAddress": {"address": address, "name": address}}
