"""What was written in Outlook without an answer, and what somebody here did since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

import pytest
from world import Meeting

from core.engine.decision import Base, Decision, Delete, Merge
from core.engine.reconcile import reconcile
from core.engine.recurrence import Rule
from core.engine.snapshot import EMPTY, Keyed, Person, Side, Snapshot, Timed, Value
from core.engine.unrecorded import as_written
from strategies import BLANK

ANN, BOB, CY = (f"{name}@example.com" for name in ("ann", "bob", "cy"))
NINE = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)


def _people(*addresses: str) -> Keyed:
    return Keyed((one, Person("required", one)) for one in addresses)


def _decide(name: str, was: Value, sent: Value, local: Value, shown: Value) -> Merge:
    base = Base(Keyed({name: was}), Keyed({name: was}))
    return _merged(base, {name: sent}, {name: local}, {name: shown})


def _merged(
    base: Base, sent: Mapping[str, Value], local: Mapping[str, Value], shown: Mapping[str, Value]
) -> Merge:
    decision = _decided(base, sent, Keyed(local), Keyed(shown))
    assert isinstance(decision, Merge)
    return decision


def _decided(
    base: Base, sent: Mapping[str, Value], local: Snapshot | None, shown: Snapshot
) -> Decision:
    known = as_written(base, Base(Keyed(sent), Keyed(sent)), local=local, shown=shown)
    return reconcile(known, local, shown, winner=Side.REMOTE)


def test_what_is_taken_back_here_is_taken_back_there() -> None:
    """This side shows what it always did, Outlook our own write: the going back counts."""
    assert Merge(EMPTY, Keyed({"subject": "A"})) == _decide("subject", "A", "B", "A", "B ")


def test_another_value_here_is_no_conflict_with_our_own() -> None:
    """Nobody in Outlook typed anything."""
    assert Merge(EMPTY, Keyed({"subject": "C"})) == _decide("subject", "A", "B", "C", "B")


def test_an_edit_there_since_is_a_conflict() -> None:
    """Taken back here, and edited there after our write: one of them is told of."""
    merged = _decide("subject", "A", "B", "A", "Z")

    assert [("subject",)] == [one.path for one in merged.overruled]


def test_what_never_arrived_is_no_news() -> None:
    """Outlook shows what it did: the base stays as it was, whatever happened here."""
    base = Base(Keyed({"subject": "A"}), Keyed({"subject": "A "}))
    sent = Base(Keyed({"subject": "B"}), Keyed({"subject": "B"}))
    for local in ("A", "B", "C"):
        shown = Keyed({"subject": "A "})
        assert base == as_written(base, sent, local=Keyed({"subject": local}), shown=shown)


def test_what_nobody_changed_here_since_stays_to_be_agreed_on() -> None:
    """Both sides show what was sent, each in its spelling: nothing is written anywhere."""
    assert Merge() == _decide("subject", "A", "B", "B", "B ")


def test_guests_are_told_apart() -> None:
    """Bob was sent and is taken back; Cy, whom somebody invited there since, comes here."""
    merged = _decide("people", _people(ANN), _people(ANN, BOB), _people(ANN), _people(ANN, BOB, CY))

    assert _people(ANN, CY) == merged.to_remote["people"]
    assert _people(ANN, CY) == merged.to_local["people"]


def test_a_guest_who_was_taken_off_and_is_back_is_invited_again() -> None:
    """Absence is a value, too."""
    merged = _decide("people", _people(ANN, BOB), _people(ANN), _people(ANN, BOB), _people(ANN))

    assert Merge(EMPTY, Keyed({"people": _people(ANN, BOB)})) == merged


def test_tags_are_told_apart() -> None:
    """A set is merged member by member."""
    sets = (frozenset(one.split()) for one in ("Red", "Red Blue", "Red", "Red Blue Green"))

    merged = _decide("categories", *sets)

    assert frozenset({"Red", "Green"}) == merged.to_remote["categories"]


def test_dates_of_a_series_are_told_apart() -> None:
    """Of two dates that were sent, one is taken back here, the other one stays."""
    first, second = Keyed({"subject": "B"}), Keyed({"location": "Hall"})
    sent = Keyed({"2026-01-05": first, "2026-01-12": second})

    merged = _decide("occurrences", EMPTY, sent, Keyed({"2026-01-12": second}), sent)

    assert Merge(EMPTY, Keyed({"occurrences": Keyed({"2026-01-12": second})})) == merged


def test_a_timing_that_is_taken_back_brings_dates_back_that_it_dropped() -> None:
    """Outlook dropped what was otherwise on a date with the new timing: nobody deleted that."""
    rule = Rule("daily", 1, date(2026, 1, 5), date(2026, 1, 9))
    special = Keyed({"2026-01-06": Keyed({"subject": "B"})})

    def series(start: datetime, occurrences: Keyed) -> dict[str, Value]:
        when = Timed(start, start + timedelta(hours=1))
        return {"rule": rule, "when": when, "zone": "UTC", "occurrences": occurrences}

    was, later = series(NINE, special), series(NINE + timedelta(hours=2), EMPTY)
    base = Base(Keyed(was), Keyed(was))
    merged = _merged(base, {"when": later["when"]}, was, later)

    assert EMPTY == merged.to_local
    assert Keyed({"when": was["when"], "occurrences": special}) == merged.to_remote


def test_what_was_deleted_here_since_is_not_brought_back_by_our_own_write() -> None:
    """Outlook shows no edit of anybody's: it is deleted there, too."""
    base = Base(Keyed({"subject": "A"}), Keyed({"subject": "A"}))

    assert Delete(Side.REMOTE) == _decided(base, {"subject": "B"}, None, Keyed({"subject": "B"}))


@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("last", ["A", "C"])
def test_a_round_that_died_takes_no_edit_with_it(is_sent: bool, last: str) -> None:
    """Whether or not it was written before it died, what was typed last stands on both sides."""
    meeting = Meeting(dict.fromkeys(Side))
    meeting.edit(Side.LOCAL, Keyed({**BLANK, "subject": "A"}))
    meeting.settle()

    meeting.edit(Side.LOCAL, Keyed({"subject": "B"}))
    meeting.fetch()
    meeting.apply(Side.REMOTE)
    if is_sent:
        meeting.send()
    meeting.die()
    meeting.edit(Side.LOCAL, Keyed({"subject": last}))
    meeting.round(Side.REMOTE)

    assert not meeting.reported
    meeting.settle()
    assert [last, last] == [shown["subject"] for shown in meeting.shows.values() if shown]
