"""The server is killed (SIGKILL) at every point of a write; the next one finishes the job.

Each point is tried with several mailboxes at once, each at another act: their rounds are brought to
the point, the process is killed, started again, and then everything must be there once, and every
mail have been sent once. That nobody waits for a dead process's lease (240 s) is shown by these
tests' ending at all: they wait for half of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from actors import AN_HOUR, Actor, start, times
from breaking import (
    all_synced,
    asked_for_rounds,
    blocked,
    held,
    rows_held,
    until,
)

from workbench.stage import Person, Stage

TIMES = 3
LATE = "takes effect late"


class Creation(Actor):
    """A meeting is made here."""

    request = {"method": "POST", "path": r"/events$"}

    def prepare(self) -> None:
        """Nothing: it is new."""

    def act(self) -> None:
        """Make it."""
        self.meet()

    def check(self) -> None:
        """It is on both sides, once, and the guest is invited once."""
        assert [f"{start(9)}"] == [one["start"] for one in self.here()]
        assert 1 == len(self.there())
        assert ["invitation"] == self.told()


class Edit(Actor):
    """A meeting gets another time here."""

    request = {"method": "PATCH", "path": r"/events/[^/]+$"}

    def prepare(self) -> None:
        """Have the meeting in step."""
        self.event_id = self.meet()

    def act(self) -> None:
        """Move it."""
        self.write(self.event_id, **times(14))

    def check(self) -> None:
        """It is at the new time on both sides, and the guest is told once."""
        assert [f"{start(14)}"] == [one["start"] for one in self.here()]
        assert [f"{start(14):%FT%H}"] == [one["start"]["dateTime"][:13] for one in self.there()]
        assert ["invitation", "update"] == self.told()


class Deletion(Actor):
    """A meeting is deleted here."""

    request = {"method": "DELETE", "path": r"/events/[^/]+$"}

    def prepare(self) -> None:
        """Have the meeting in step."""
        self.event_id = self.meet()

    def act(self) -> None:
        """Delete it."""
        self.person.odoo.call("calendar.event", "unlink", [self.event_id])

    def check(self) -> None:
        """It is nowhere, and the guest gets one cancellation."""
        assert [] == self.here()
        assert [] == self.there()
        assert ["invitation", "cancellation"] == self.told()


class Series(Actor):
    """A weekly meeting is made here, one date of it at another hour: three requests."""

    request = {"method": "POST", "path": r"/events$"}

    def prepare(self) -> None:
        """Nothing: it is new."""

    def act(self) -> None:
        """Make the series and move its second date."""
        rule = {
            "recurrency": True,
            "rrule_type_ui": "weekly",
            "interval": 1,
            "end_type": "count",
            "count": TIMES,
            start().strftime("%a").lower(): True,
        }
        self.meet(**rule)
        second = self.here()[1]
        begin = datetime.fromisoformat(second["start"]) + AN_HOUR
        self.write(second["id"], start=f"{begin}", stop=f"{begin + AN_HOUR}")

    def check(self) -> None:
        """One series is on both sides, its dates right, and the guest is invited once."""
        week = timedelta(weeks=1)
        dates = [start(9), start(10) + week, start(9) + 2 * week]
        assert [f"{date}" for date in dates] == [one["start"] for one in self.here()]
        assert ["seriesMaster"] == [one["type"] for one in self.there()]
        begin, end = start(0), start(0) + 5 * week
        view = self.stage.control.view(self.person.address, f"{begin:%FT%T}Z", f"{end:%FT%T}Z")
        shown = [one["start"]["dateTime"][:19] for one in view if one["subject"] == self.name]
        assert [f"{date:%FT%T}" for date in dates] == shown
        assert ["invitation"] == self.told()


class SeriesDate(Series):
    """The same, at the request that moves the one date."""

    request = {"method": "PATCH", "path": r"/events/[^/]+$"}

    def told(self) -> list[str]:
        """Leave out the one mail too many that a write may bring which takes effect late.

        Graph has no condition that guards a single date (`bridge.series_sending`): by then the
        next round has moved the date, too, and invited the guest.
        """
        kinds = super().told()
        return kinds[:-1] if LATE in self.name and kinds[-1] == "update" else kinds


class SeriesPeople(Series):
    """The same, at the request that invites the guest."""

    request = {"method": "PATCH", "path": r"/events/[^/]+$", "skip": 1}


ACTS = (Creation, Edit, Deletion, Series, SeriesDate, SeriesPeople)


@pytest.fixture(scope="module")
def troupe(configured: Stage) -> list[Person]:
    """Give everybody who acts a user and a mailbox that is connected."""
    people = []
    for act in ACTS:
        name = act.__name__
        person = configured.employ(name, f"{name.lower()}@contoso.example", zone="Europe/Brussels")
        person.odoo.connect_mailbox(person.address)
        people.append(person)
    all_synced(people)
    return people


@dataclass(frozen=True)
class Point:
    """Where a write is when its process dies; `told` is how the names of its meetings end."""

    told: str
    #: What the local Microsoft does to the request meanwhile.
    faults: tuple[str, ...]
    #: The request takes effect only when the next rounds are over.
    is_late: bool = False
    #: The answer is given, and the step that is to record it is stopped before its commit.
    is_answered: bool = False


POINTS = [
    Point(LATE, ("hold",), is_late=True),
    Point("never arrives", ("hold", "drop_before")),
    Point("loses its answer", ("hold_after",)),
    Point("is not recorded", ("hold_after",), is_answered=True),
]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.told)
def test_a_write_survives_a_kill(configured: Stage, troupe: list[Person], point: Point) -> None:
    """Whatever was asked of Outlook is there once afterwards, and people are told once."""
    actors = [
        act(configured, person, f"{act.__name__} {point.told}")
        for act, person in zip(ACTS, troupe, strict=True)
    ]
    for actor in actors:
        actor.prepare()
    all_synced(troupe)
    for actor in actors:
        for kind in point.faults:
            configured.control.fault(kind, mailbox=actor.person.address, **actor.request)
        actor.act()

    with asked_for_rounds(troupe):
        until(lambda: held(configured) == len(actors))
        if point.is_answered:
            _kill_before_the_commit(configured, len(actors))
        configured.odoo.kill()
    if not point.is_late:
        configured.control.release()
    configured.odoo.start()
    all_synced(troupe)
    configured.control.release()
    all_synced(troupe)

    for actor in actors:
        actor.check()
    configured.control.clear_faults()
    configured.control.clear_requests()
    all_synced(troupe)
    writes = [one for one in configured.control.requests() if one["method"] != "GET"]
    assert [] == [one for one in writes if one["path"].startswith("/me/")]


def _kill_before_the_commit(stage: Stage, rounds: int) -> None:
    """Let the answers come; kill when each round waits for the row that it is to record in."""
    with rows_held(stage, "SELECT FROM outlook_meeting FOR UPDATE"):
        stage.control.release()
        until(lambda: blocked(stage) == rounds)
        stage.odoo.kill()
