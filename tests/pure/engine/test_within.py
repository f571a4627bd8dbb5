"""One value inside of a snapshot: found by its path, and put there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import codec
from core.engine.merge import ABSENT
from core.engine.snapshot import EMPTY, Body, Keyed, Person, Value
from core.engine.within import at, put, texts, with_texts
from strategies import ADDRESSES, full_snapshots, lines, persons

ANN = Person("required", "Ann", "ann@example.com")
SLOT = "2026-01-05"


@given(full_snapshots, st.sampled_from(ADDRESSES), persons)
def test_what_is_put_is_there_and_all_else_stays(shown: Keyed, key: str, person: Person) -> None:
    """A guest is put among the others, and no other field changes."""
    people = put(shown, ("people", key), person)

    assert person == at(Keyed({**shown, "people": people}), ("people", key))
    assert isinstance(people, Keyed)
    before = shown["people"]
    assert isinstance(before, Keyed)
    assert {**before, key: person} == {**people}


@given(full_snapshots, st.sampled_from([SLOT, "2026-01-12"]), lines)
def test_what_is_put_on_a_date_is_there_alone(shown: Keyed, slot: str, subject: str) -> None:
    """One field of one date: its other fields and the other dates stay."""
    field = put(shown, ("occurrences", slot, "subject"), subject)

    assert isinstance(field, Keyed)
    was = at(shown, ("occurrences", slot))
    kept = was if isinstance(was, Keyed) else EMPTY
    assert Keyed({**kept, "subject": subject}) == field[slot]
    others = shown["occurrences"]
    assert isinstance(others, Keyed)
    assert {key: one for key, one in others.items() if key != slot} == {
        key: one for key, one in field.items() if key != slot
    }


def test_what_is_taken_away_leaves_nothing_empty() -> None:
    """A date whose only difference goes is as its series says; a set loses its member."""
    shown = Keyed(
        {
            "categories": frozenset({"Red", "Blue"}),
            "occurrences": Keyed({SLOT: Keyed({"subject": "x"})}),
        }
    )

    assert EMPTY == put(shown, ("occurrences", SLOT, "subject"), ABSENT)
    assert frozenset({"Blue"}) == put(shown, ("categories", "Red"), ABSENT)


@pytest.mark.parametrize("name", ["people", "categories"])
def test_a_date_without_a_list_of_its_own_begins_with_that_of_its_series(name: str) -> None:
    """Somebody is put on one date: whoever comes to all of them comes then, too."""
    usual: Value = Keyed({"bob": ANN}) if name == "people" else frozenset({"bob"})
    shown = Keyed({name: usual, "occurrences": EMPTY})
    value: Value = ANN if name == "people" else True

    dates = put(shown, ("occurrences", SLOT, name, "ann"), value)

    assert {"ann", "bob"} == set(at(Keyed({"occurrences": dates}), ("occurrences", SLOT, name)))
    again = put(Keyed({**shown, "occurrences": dates}), ("occurrences", SLOT, name, "ann"), ABSENT)
    assert EMPTY == again


def test_texts_outlive_the_codec() -> None:
    """A base keeps digests only; beside the texts the whole value comes back, on dates too."""
    value = Keyed({SLOT: Keyed({"body": Body.of("<p>a</p>")}), "body": Body.of("<p>b</p>")})
    kept: dict[str, Value] = {one.digest: one.html for one in texts(value)}

    stored = codec.load(codec.dump({"value": value, "texts": Keyed(kept)}))
    found = stored["texts"]
    assert isinstance(found, Keyed)
    again = with_texts(stored["value"], found)

    assert value == again
    assert ["<p>a</p>", "<p>b</p>"] == [one.html for one in texts(again)]


def test_a_field_is_always_there() -> None:
    """Nobody takes a whole field away: there is no such edit."""
    with pytest.raises(TypeError):
        put(EMPTY, ("subject",), ABSENT)
