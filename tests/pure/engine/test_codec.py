"""A base survives its way through the database, or is honestly refused."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.codec import FORMAT, dump, dump_base, load, load_base
from core.engine.errors import UnreadableBase
from core.engine.reconcile import Base
from core.engine.recurrence import Rule
from core.engine.snapshot import AllDay, Body, Keyed, Person, Timed, Value
from strategies import rules, series, snapshots

wild_text = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(
    ["\x00", "\ud83d", "a\x00\udc00😀", "text", "is"]
)
wild_leaves: st.SearchStrategy[Value] = st.one_of(
    wild_text,
    st.integers(),
    st.booleans(),
    st.none(),
    st.builds(Person, wild_text, wild_text, st.none() | wild_text),
    st.builds(Body.of, wild_text),
    st.frozensets(wild_text),
    st.sampled_from(
        [
            AllDay(date.min, date.max),
            Timed(
                datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc)
            ),
        ]
    ),
)
wild_values = st.recursive(
    wild_leaves, lambda inner: st.dictionaries(wild_text, inner, max_size=3).map(Keyed)
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["is", "start", "end", "first", "digest", "members", "items", "utf16", "kind"]
            ),
            inner | st.sampled_from(["timed", "days", "body", "person", "set", "keyed", "text"]),
            max_size=4,
        )
    ),
)


def through_json(stored: Any) -> Any:
    """Send it through JSON as strictly as the database reads it: no NUL, no half surrogate."""
    text = json.dumps(stored, allow_nan=False, ensure_ascii=False)
    assert "\\u0000" not in text
    return json.loads(text.encode("utf-8"))


@given(snapshots, snapshots)
def test_a_base_comes_back_equal(local: Keyed, remote: Keyed) -> None:
    """Store it, read it: the same base, for all that a side can show."""
    base = Base(local, remote)

    assert base == load_base(through_json(dump_base(base)))


@given(st.dictionaries(st.sampled_from(["subject", "people", "body"]), wild_values))
def test_every_value_comes_back_equal(snapshot: dict[str, Value]) -> None:
    """NUL, half surrogates, the ends of the calendar, keyed in keyed: nothing is lost."""
    assert snapshot == load(through_json(dump(snapshot)))


@given(wild_text, wild_text)
def test_names_of_people_come_back_too(name: str, address: str) -> None:
    """Names do not count for equality, and are kept all the same: a report shows them."""
    person = load(through_json(dump({"people": Person("optional", name, address)})))["people"]

    assert isinstance(person, Person)
    assert ("optional", name, address) == (person.kind, person.name, person.address)


@given(rules())
def test_a_rule_comes_back_with_its_count(rule: Rule) -> None:
    """How the end is spoken of does not count for equality, and is kept all the same."""
    loaded = load(through_json(dump({"rule": rule})))["rule"]

    assert isinstance(loaded, Rule)
    assert (rule, rule.count) == (loaded, loaded.count)


@given(series())
def test_a_series_comes_back_equal(snapshot: Keyed) -> None:
    """Rule, exceptions, cancelled dates."""
    assert snapshot == load(through_json(dump(snapshot)))


@pytest.mark.parametrize("part", ["kind", "interval", "start", "weekdays", "first_day"])
@pytest.mark.parametrize("damage", [None, "x", -1, True, ["x"]])
def test_a_damaged_rule_is_refused(part: str, damage: Any) -> None:
    """A rule that means nothing is no rule: the base is not there."""
    rule = Rule("weekly", 1, date(2026, 1, 5), weekdays=frozenset({"monday"}))
    stored = dump({"rule": rule})
    stored["rule"][part] = damage

    with pytest.raises(UnreadableBase):
        load(stored)


def test_truth_and_numbers_stay_apart() -> None:
    """``True`` is not 1, though Python says they are equal."""
    loaded = load(through_json(dump({"reminder": 1, "flag": True})))

    assert (int, bool) == (type(loaded["reminder"]), type(loaded["flag"]))


def test_a_stored_body_is_its_digest_only() -> None:
    """No text of a meeting lies about in the link table."""
    stored = dump({"body": Body.of("<p>secret plan</p>")})

    assert "secret" not in json.dumps(stored)
    assert load(stored)["body"] == Body.of("<div>secret plan</div>")


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        [],
        "base",
        {"format": FORMAT + 1, "local": {}, "remote": {}},
        {"format": FORMAT - 1, "local": {}, "remote": {}},
        {"format": True, "local": {}, "remote": {}},
        {"format": FORMAT, "local": {}},
        {"format": FORMAT, "local": {}, "remote": None},
        {"format": FORMAT, "local": {"when": {"is": "week"}}, "remote": {}},
        {"format": FORMAT, "local": {"when": {"start": "2026"}}, "remote": {}},
        {"format": FORMAT, "local": {"reminder": 1.5}, "remote": {}},
        {
            "format": FORMAT,
            "local": {"when": {"is": "days", "first": "2026-02-02", "last": "2026-02-01"}},
            "remote": {},
        },
        {
            "format": FORMAT,
            "local": {"when": {"is": "timed", "start": "2026-02-02", "end": "2026-02-02"}},
            "remote": {},
        },
    ],
)
def test_another_format_and_damage_are_refused_by_name(stored: Any) -> None:
    """One error for all of it, which the caller takes as "no base"."""
    with pytest.raises(UnreadableBase):
        load_base(stored)


@given(st.dictionaries(st.sampled_from(["subject", "when"]), json_values) | json_values)
def test_no_junk_raises_anything_else(stored: Any) -> None:
    """Whatever stands in the column: a snapshot, or UnreadableBase."""
    try:
        loaded = load(stored)
    except UnreadableBase:
        return
    hash(loaded)


def test_what_is_no_value_is_not_stored() -> None:
    """A list or a float in a snapshot is a bug, found before it is stored."""
    with pytest.raises(TypeError):
        dump({"subject": ["x"]})  # type: ignore[dict-item]
