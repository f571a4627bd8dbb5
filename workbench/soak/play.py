"""Play a life on a stage: its days, with faults and kills; then peace, and the judgement."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from ..console import Failure
from ..stage import Person, Stage
from .calendars import Meeting, Troupe, contact_of
from .lives import HERE, OUTSIDER, PEOPLE, THERE, Day, Kill, Life, Trouble

#: Rounds of everybody, one after the other, after which nothing is left to write, at most.
SWEEPS: Final = 6
WRITES: Final = frozenset({"POST", "PATCH", "DELETE"})
ZONES: Final = ("Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Tokyo")
KILL_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05

# What makes a mailbox or a meeting wait: as if that time were over.
TIME_PASSES: Final = (
    "UPDATE outlook_account SET backoff_until = NULL",
    "UPDATE outlook_copy SET next_attempt = now() AT TIME ZONE 'UTC' WHERE next_attempt"
    " > now() AT TIME ZONE 'UTC'",
)


class Broken(Failure):
    """A life did not end as it must."""


@dataclass
class Player:
    """A stage with people on it; plays one life after the other."""

    stage: Stage
    troupe: Troupe
    kills: int = 0
    meetings: list[Meeting] = field(default_factory=list)

    def play(self, life: Life) -> str:
        """Let a life happen; return what became of it, the same for the same life.

        Raises Broken with everything that is not as it must be.
        """
        self.stage.control.clear_mails()
        self.meetings = [
            Meeting(self.stage, self.troupe, begun, f"L{life.number}.{number}:", _first(life))
            for number, begun in enumerate(life.meetings)
        ]
        for meeting in self.meetings:
            meeting.begin()
        for day in life.days:
            self._live(day)
        self._come_to_rest()
        self._judge()
        return self._digest()

    # Days -----------------------------------------------------------------------------------------

    def _live(self, day: Day) -> None:
        for act in day.acts:
            self.meetings[act.meeting].act(act)
        for trouble in day.troubles:
            self._strike(trouble)
        if day.kill:
            self._kill_amid(day.kill)
        for who in day.rounds:
            self._round(self.troupe.people[who])

    def _strike(self, trouble: Trouble) -> None:
        control, address = self.stage.control, self.troupe.addresses[trouble.who]
        blows: dict[str, Callable[[str], None]] = {
            "expire_delta": control.expire_delta,
            "expire_access": control.expire_access,
            "sign_out": control.sign_out,
        }
        if trouble.kind in blows:
            blows[trouble.kind](address)
        else:
            control.fault(trouble.kind, mailbox=address, **trouble.values)

    def _kill_amid(self, kill: Kill) -> None:
        """Kill the server while a round waits for an answer; where none does, let it be."""
        control, person = self.stage.control, self.troupe.people[kill.who]
        held = control.fault(
            "hold_after" if kill.is_after else "hold",
            mailbox=person.address,
            method=kill.method,
            path="/events|calendarView",
        )["number"]
        round_ = threading.Thread(target=self._round, args=(person,), daemon=True)
        round_.start()
        if self._is_held(held, round_):
            self.stage.odoo.kill()
            self.kills += 1
            if not kill.arrives and not kill.is_after:
                control.fault("drop_before", mailbox=person.address, method=kill.method)
            control.release()
            self.stage.odoo.start()
        control.clear_faults()
        round_.join(KILL_SECONDS)

    def _is_held(self, number: int, round_: threading.Thread) -> bool:
        deadline = time.monotonic() + KILL_SECONDS
        while round_.is_alive() and time.monotonic() < deadline:
            if any(one["number"] == number and one["hits"] for one in self.stage.control.faults()):
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _round(self, person: Person) -> dict[str, Any]:
        """Let somebody's rounds run; a server that dies meanwhile answers nothing."""
        try:
            return dict(person.odoo.rpc("/outlook_calendar/sync", wait=True))
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return {"state": "killed"}

    # Peace ----------------------------------------------------------------------------------------

    def _come_to_rest(self) -> None:
        """Let nothing go wrong any more, and rounds run until nothing is written."""
        control = self.stage.control
        control.clear_faults()
        for _sweep in range(SWEEPS):
            self._pass_time()
            if not self._sweep():
                break
        else:
            raise Broken(f"still writing after {SWEEPS} rounds of everybody: {self._written()}")
        before = self._all_shown()
        if written := self._sweep():
            raise Broken(f"a further round wrote {written}")
        if before != self._all_shown():
            raise Broken("a further round changed something here")

    def _pass_time(self) -> None:
        for statement in TIME_PASSES:
            self.stage.databases.pg.sql(statement, database=self.stage.database)

    def _sweep(self) -> list[str]:
        self.stage.control.clear_requests()
        for person in self.troupe.people:
            status = self._round(person)
            if status["state"] in ("reconnect", "connect"):
                person.odoo.connect_mailbox(person.address)
                self._round(person)
                return ["signed in again"]
            if status["state"] != "synced":
                return [f"{person.name}: {status['state']}"]
        return self._written()

    def _written(self) -> list[str]:
        return [
            f"{one['method']} {one['path']}"
            for one in self.stage.control.requests()
            if one["method"] in WRITES and "/events" in one["path"]
        ]

    def _all_shown(self) -> list[Any]:
        return [meeting.shown(HERE) for meeting in self.meetings]

    # Judgement ------------------------------------------------------------------------------------

    def _judge(self) -> None:
        troubles = [
            f"{meeting.mark} {trouble}"
            for meeting in self.meetings
            for trouble in self._troubles(meeting)
        ]
        if troubles:
            raise Broken("\n".join(troubles))

    def _troubles(self, meeting: Meeting) -> Iterator[str]:
        here, there = meeting.shown(HERE), meeting.shown(THERE)
        yield from meeting.ledger.troubles(here, there)
        for address in self.troupe.addresses[:PEOPLE]:
            if (copies := len(meeting.copies(address))) > 1:
                yield f"{copies} times in the calendar of {address}"
        mails = Counter(
            (mail["kind"], to)
            for mail in self.stage.control.mails()
            if mail["subject"].startswith(meeting.mark)
            for to in mail["recipients"]
        )
        yield from meeting.ledger.mailed_too_often(mails)
        own = [["subject", "like", meeting.mark]]
        if self.stage.admin.call("mail.mail", "search_count", own):
            yield "this server mailed of its own"

    def _digest(self) -> str:
        """Return what became of it, but for what both sides typed: there the later moment won."""
        told = []
        for meeting in self.meetings:
            shown, contested = meeting.shown(HERE), meeting.ledger.contested()
            dates = {
                day: [
                    None if mark in contested else value
                    for mark, value in zip(
                        (("name",), ("place", day), ("hour", day)), values, strict=True
                    )
                ]
                for day, values in sorted(shown.dates.items())
            }
            guests = {one for one in shown.guests if ("guest", one) not in contested}
            people = self.troupe.addresses
            told.append([dates, sorted(people.index(one) for one in guests)])
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def gathered(stage: Stage, season: int = 0) -> Player:
    """Give a stage people with connected mailboxes, and somebody from outside."""
    people = []
    for number in range(PEOPLE):
        name = f"season{season}.{number}"
        person = stage.employ(name, f"{name}@contoso.example", zone=ZONES[number])
        person.odoo.connect_mailbox(person.address)
        person.odoo.rpc("/outlook_calendar/sync", wait=True)
        people.append(person)
    outside = f"outside{season}@outside.example"
    contact = stage.admin.call("res.partner", "create", {"name": outside, "email": outside})
    contacts = [contact_of(stage.admin, one.address) for one in people]
    assert len(people) == OUTSIDER
    return Player(
        stage,
        Troupe(
            tuple(people),
            (*(one.address for one in people), outside),
            (*contacts, contact if isinstance(contact, int) else contact[0]),
        ),
    )


def _first(life: Life) -> date:
    """Return the date on which the meetings of a life begin: some weeks ahead."""
    today = datetime.now(timezone.utc).date()
    return today + timedelta(days=14 + life.number % 40)


@contextlib.contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Give a function that tells the seconds since."""
    began = time.monotonic()
    yield lambda: time.monotonic() - began
