"""The values themselves: immutable, honest about time, equal when they mean the same."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.errors import InvariantBroken, Unmappable
from core.engine.fields import CANCELLED, FIELDS, PRIVATE, SHARED, validate
from core.engine.snapshot import AllDay, Body, Keyed, Person, Side, Timed, Value
from strategies import table_snapshots

NINE = datetime(2026, 3, 29, 9, tzinfo=timezone.utc)


naive = datetime.fromisoformat
offsets = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(timezone)


@given(st.datetimes(naive("0002-01-01"), naive("9998-12-31"), timezones=offsets))
def test_an_instant_is_kept_in_utc_and_whole_seconds(moment: datetime) -> None:
    """The zone it came in does not matter."""
    when = Timed(moment, moment)

    assert when.start.tzinfo is timezone.utc
    assert timedelta(0) <= moment - when.start < timedelta(seconds=1)
    assert when.start.microsecond == 0


def test_an_instant_that_utc_cannot_hold_is_unmappable() -> None:
    """The first and the last hours of the calendar have been seen in the wild."""
    for moment, hours in ((naive("0001-01-01"), 7), (naive("9999-12-31 23:00"), -7)):
        there = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
        with pytest.raises(Unmappable):
            Timed(there, there)


def test_a_naive_time_is_refused() -> None:
    """No zone, no instant."""
    with pytest.raises(ValueError, match="naive"):
        Timed(NINE.replace(tzinfo=None), NINE)


def test_what_ends_before_it_starts_is_unmappable() -> None:
    """Such a meeting is parked; one without length is fine."""
    with pytest.raises(Unmappable):
        Timed(NINE, NINE - timedelta(minutes=1))
    with pytest.raises(Unmappable):
        AllDay(date(2026, 1, 2), date(2026, 1, 1))
    assert Timed(NINE, NINE).start == NINE


def test_midnight_is_no_day() -> None:
    """A datetime passes for a date in Python; here it does not."""
    with pytest.raises(TypeError):
        AllDay(NINE, NINE)


@given(st.dates(max_value=date(9999, 12, 1)), st.integers(0, 20))
def test_days_have_an_exclusive_end_for_the_wire(first: date, more: int) -> None:
    """There and back: the day after the last is the end, whatever the length."""
    days = AllDay(first, first + timedelta(days=more))

    assert AllDay.until(days.first, days.end) == days
    assert timedelta(days=more + 1) == days.end - days.first


def test_an_end_that_equals_the_start_is_one_day() -> None:
    """Some clients write a single day so."""
    assert AllDay(date(2026, 1, 1), date(2026, 1, 1)) == AllDay.until(
        date(2026, 1, 1), date(2026, 1, 1)
    )


def test_the_last_day_of_the_calendar_has_no_end() -> None:
    """Year 9999 has been seen in the wild."""
    with pytest.raises(Unmappable):
        assert AllDay(date.max, date.max).end


def test_people_are_equal_by_kind_and_bodies_by_normal_form() -> None:
    """How it is written is no difference."""
    assert Person("optional", "Ann", "a@b.c") == Person("optional")
    assert Person("optional", "Ann") != Person("required", "Ann")
    assert Body.of("<p>a</p>") == Body.of("<html>\r\n<body><div>a</div></body></html>")
    assert Body.of(None) == Body.of("<p><br></p>")
    assert Body.of("a") != Body.of("b")


def test_a_body_does_not_show_itself() -> None:
    """A text printed by accident, as into a log, holds no content."""
    assert "secret" not in repr(Body.of("secret"))


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=4))
def test_keyed_values_are_equal_and_hashed_by_content(values: dict[str, Value]) -> None:
    """Order does not count, a plain mapping with the same content is equal."""
    backwards = Keyed(reversed(values.items()))

    assert backwards == Keyed(values) == values
    assert hash(backwards) == hash(Keyed(values))
    assert len(values) == len(backwards)


def test_keyed_values_cannot_be_changed() -> None:
    """Not through the value, and not through what it was made from."""
    source: dict[str, Value] = {"a": 1}
    keyed = Keyed(source)
    source["a"] = 2

    assert Keyed({"a": 1}) == keyed
    assert repr(keyed) == "Keyed({'a': 1})"
    with pytest.raises(TypeError):
        keyed["a"] = 2  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        Person("required").kind = "optional"  # type: ignore[misc]


def test_each_side_has_one_other() -> None:
    """The other of the other is oneself."""
    assert [side.other.other for side in Side] == list(Side)
    assert Side.LOCAL.other is Side.REMOTE


@given(table_snapshots)
def test_the_table_admits_what_sides_show(snapshot: Keyed) -> None:
    """Every value that a strategy of the table makes is valid."""
    validate(snapshot)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x"),
        ("subject", None),
        ("show_as", "away"),
        ("reminder", True),
        ("people", Keyed({"a@b.c": Person("guest")})),
        ("people", Keyed({"a@b.c": "required"})),
        ("when", "2026-01-01"),
        ("rule", "FREQ=DAILY"),
        ("occurrences", Keyed({"next week": CANCELLED})),
        ("occurrences", Keyed({"20260105": CANCELLED})),
        ("occurrences", Keyed({"2026-01-05": "moved"})),
        ("occurrences", Keyed({"2026-01-05": Keyed()})),
        ("occurrences", Keyed({"2026-01-05": Keyed({"title": "x"})})),
        ("occurrences", Keyed({"2026-01-05": Keyed({"subject": None})})),
        ("occurrences", Keyed({"2026-01-05": Keyed({"zone": "UTC"})})),
        ("occurrences", Keyed({"2026-01-05": Keyed({"occurrences": Keyed()})})),
    ],
)
def test_the_table_refuses_what_it_does_not_know(name: str, value: Value) -> None:
    """A wrong name, type or choice is a bug, told without the content."""
    with pytest.raises(InvariantBroken) as refused:
        validate({name: value})

    assert name in str(refused.value)


def test_a_field_is_shared_or_private() -> None:
    """No field has two owners."""
    assert not SHARED.keys() & PRIVATE.keys()
    assert FIELDS.keys() == SHARED.keys() | PRIVATE.keys()
