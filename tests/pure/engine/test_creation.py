"""What the other side showed at first of a meeting whose creation got no answer."""

from __future__ import annotations

from core.engine.creation import first_shown
from core.engine.decision import Base, Merge
from core.engine.reconcile import reconcile
from core.engine.snapshot import EMPTY, Body, Keyed, Person, Side

ANN, BOB = "ann@example.com", "bob@example.com"
SENT = Keyed(
    {
        "subject": "Plan",
        "body": Body.of("<p>a</p>"),
        "people": Keyed({ANN: Person("required", "Ann"), "name:hall": Person("required", "Hall")}),
        "categories": frozenset({"Red"}),
    }
)
MADE = Keyed(
    {
        **SENT,
        "body": Body.of("<html><body><div>a</div></body></html>"),
        "people": Keyed({ANN: Person("required", "Ann Smith", "Ann@example.com")}),
    }
)


def test_another_spelling_was_there_from_the_beginning() -> None:
    """What a side made of what it was asked for is no edit."""
    assert MADE == first_shown(SENT, MADE)


def test_an_edit_made_before_the_first_look_arrives() -> None:
    """Somebody edited the meeting before anybody saw that it had been made: that goes over."""
    people = Keyed({**MADE["people"], BOB: Person("required", "Bob")})  # type: ignore[dict-item]
    edited = Keyed({**MADE, "subject": "Plan B", "people": people, "categories": frozenset()})

    base = Base(SENT, first_shown(SENT, edited))
    decision = reconcile(base, SENT, edited, winner=Side.LOCAL)

    assert isinstance(decision, Merge)
    assert EMPTY == decision.to_remote
    assert {"subject", "people", "categories"} == decision.to_local.keys()
    wanted = decision.to_local["people"]
    assert isinstance(wanted, Keyed)
    assert {ANN, BOB, "name:hall"} == wanted.keys()


def test_who_was_taken_off_before_the_first_look_is_taken_off_here() -> None:
    """A guest with an address who is missing was removed by somebody."""
    edited = Keyed({**MADE, "people": EMPTY})

    decision = reconcile(Base(SENT, first_shown(SENT, edited)), SENT, edited, winner=Side.LOCAL)

    assert isinstance(decision, Merge)
    assert Keyed({"name:hall": Person("required", "Hall")}) == decision.to_local["people"]


def test_what_was_not_asked_for_is_as_it_is_shown() -> None:
    """A field that the creation did not name has no past."""
    assert Keyed({"location": "Hall"}) == first_shown(EMPTY, Keyed({"location": "Hall"}))
