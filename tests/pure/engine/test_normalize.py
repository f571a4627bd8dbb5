"""What counts as the same: addresses, names, subjects, and meetings that have no link yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.fields import CANCELLED
from core.engine.normalize import equivalent, match_key, norm_address, norm_subject, person_key
from core.engine.recurrence import Rule
from core.engine.snapshot import AllDay, Body, Keyed, Person, Timed, Value
from strategies import NESTED

NINE = datetime(2026, 3, 29, 9, tzinfo=timezone.utc)
anything = st.one_of(*NESTED.values())


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (None, ""),
        ("", ""),
        ("Ann@Example.COM", "ann@example.com"),
        (" ann@example.com\u200b\n", "ann@example.com"),
        ("mailto:Ann@example.com", "ann@example.com"),
        ("SMTP:ann@example.com", "ann@example.com"),
        ('"Ann B." <ann@example.com>', "ann@example.com"),
        ("Ann <mailto:ann@example.com> ", "ann@example.com"),
        ("ann+list@example.com", "ann+list@example.com"),
        ("no address", "noaddress"),
    ],
)
def test_an_address_is_compared_bare_and_small(written: str | None, address: str) -> None:
    """However it was typed, it is one mailbox; plus-addresses stay apart."""
    assert address == norm_address(written)


@given(st.text())
def test_normal_forms_are_their_own(text: str) -> None:
    """Normalising twice is normalising once."""
    assert norm_subject(text) == norm_subject(norm_subject(text))
    assert "\x00" not in norm_subject(text) + norm_address(text)


def test_a_person_without_address_is_known_by_name() -> None:
    """Rooms and lists: one key whatever the capitals, and never the key of an address."""
    assert person_key("Ann", "Ann@Example.com") == "ann@example.com"
    assert person_key("Room  1", None) == person_key("room 1", " ") == "name:room 1"
    assert person_key(None, None) == "name:"


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        (None, ""),
        (" Plan\xa0\xa0B\r\n", "Plan B"),
        ("e\u0301", "é"),
        ("\ufeffPlan\u200b B\x00", "Plan B"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_space_in_a_subject_is_plain(written: str | None, subject: str) -> None:
    """Invisible things are no difference; what joins an emoji is visible."""
    assert subject == norm_subject(written)


def test_a_meeting_without_a_link_is_recognised_by_its_content() -> None:
    """Same start, end, subject and organizer, in any spelling."""
    when = Timed(NINE, NINE + timedelta(hours=1))
    elsewhere = timezone(timedelta(hours=7))
    same = Timed(when.start.astimezone(elsewhere), when.end.astimezone(elsewhere))

    assert match_key(when, "Plan B", "ann@example.com") == match_key(
        same, " plan\xa0b", "Ann <ANN@example.com>"
    )
    keys = {
        match_key(when, "Plan B", "ann@example.com"),
        match_key(when, "Plan C", "ann@example.com"),
        match_key(when, "Plan B", "bob@example.com"),
        match_key(when, "Plan B", None),
        match_key(Timed(NINE, NINE), "Plan B", "ann@example.com"),
        match_key(AllDay(date(2026, 3, 29), date(2026, 3, 29)), "Plan B", "ann@example.com"),
        match_key(AllDay(date(2026, 3, 29), date(2026, 3, 30)), "Plan B", "ann@example.com"),
    }
    assert len(keys) == 7


MONDAY, MONDAYS = date(2026, 1, 5), frozenset({"monday"})


def exception(**fields: Value) -> Keyed:
    """Return the exceptions of a series that has one."""
    return Keyed({"2026-01-05": Keyed(fields)})


@given(st.sampled_from([*NESTED, "ann@example.com"]), anything, anything)
def test_equivalence_is_symmetric_and_total(field: str, a: Value, b: Value) -> None:
    """Neither side is special, and no pair of values is too odd."""
    assert equivalent(field, a, b) == equivalent(field, b, a)
    assert equivalent(field, a, a)


@pytest.mark.parametrize(
    ("field", "a", "b", "same"),
    [
        ("subject", "Plan B", " Plan\xa0B", True),
        ("subject", "Plan B", "plan b", False),
        ("location", "Room", "Room ", True),
        ("sensitivity", "private", "private ", False),
        ("zone", "Asia/Ho_Chi_Minh", "Asia/Bangkok", True),
        ("zone", "Europe/Brussels", "Europe/London", False),
        ("reminder", 0, None, False),
        ("body", Body.of("<p>a</p>"), Body.of('<span style="color:red">a</span>'), True),
        ("body", Body.of("a"), Body.of("<b>a</b>"), False),
        ("body", Body.of("<img src=x>"), Body.of("<img src=y>"), False),
        ("body", Body(None, "1"), Body(None, "2"), False),
        ("body", Body(None, Body.of("a").digest), Body.of("a"), True),
        ("people", Keyed({"a": Person("required")}), Keyed({"a": Person("optional")}), True),
        ("people", Keyed({"a": Person("required")}), Keyed({"b": Person("required")}), False),
        ("ann@example.com", Person("required"), Person("optional"), True),
        ("categories", frozenset("a"), frozenset("b"), False),
        ("subject", "a", None, False),
        ("rule", Rule("daily", 7, MONDAY), Rule("weekly", 1, MONDAY, None, MONDAYS), True),
        ("rule", Rule("daily", 1, MONDAY), Rule("weekly", 1, MONDAY, None, MONDAYS), False),
        ("rule", Rule("daily", 7, MONDAY), Rule("daily", 7, MONDAY, MONDAY), False),
        ("rule", Rule("daily", 7, MONDAY), None, False),
        ("occurrences", exception(subject="a"), exception(subject="a "), True),
        ("occurrences", exception(subject="a"), exception(subject="b"), False),
        ("occurrences", exception(subject="a"), exception(location="a"), False),
        ("occurrences", exception(subject="a"), Keyed({"2026-01-05": CANCELLED}), False),
        ("occurrences", exception(subject="a"), Keyed(), False),
    ],
)
def test_two_spellings_of_one_thing(field: str, a: Value, b: Value, same: bool) -> None:
    """One reason per field."""
    assert same == equivalent(field, a, b)
