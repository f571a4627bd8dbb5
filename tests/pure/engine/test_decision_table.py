"""The decision table of ``docs/sync-rules.md``, row by row, on small examples."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from core.engine.reconcile import (
    Base,
    Create,
    Delete,
    Forget,
    Join,
    Merge,
    Nothing,
    Overruled,
    reconcile,
    record,
)
from core.engine.snapshot import Body, Keyed, Person, Side, Snapshot, Timed

LOCAL, REMOTE = Side.LOCAL, Side.REMOTE
ANN, BOB = "ann@example.com", "bob@example.com"
REQUIRED, OPTIONAL, RESOURCE = Person("required"), Person("optional"), Person("resource")

# The remote side has its own spelling: a wrapped body, another name of the zone.
HERE = Keyed(subject := {"subject": "Plan", "zone": "Europe/Brussels", "body": Body.of("<p>x</p>")})
THERE = Keyed({**subject, "zone": "Europe/Paris", "body": Body.of("<html><b>x</b></html>")})
BASE = Base(HERE, THERE)


def changed(shown: Snapshot, **values: object) -> Keyed:
    """Return what a side shows after somebody changed it."""
    return Keyed({**shown, **values})  # type: ignore[dict-item]


def with_people(**people: Person) -> Keyed:
    """Return a snapshot that shows only who is invited."""
    addresses = {"ann": ANN, "bob": BOB}
    return Keyed({"people": Keyed({addresses[name]: one for name, one in people.items()})})


@pytest.mark.parametrize("base", [None, BASE])
def test_gone_on_both_sides_is_forgotten(base: Base | None) -> None:
    """Nobody has it any more: the link goes too."""
    assert Forget() == reconcile(base, None, None, winner=LOCAL)


def test_new_on_one_side_is_created_on_the_other() -> None:
    """No base, one side: the other gets all of it."""
    assert Create(REMOTE, HERE) == reconcile(None, HERE, None, winner=LOCAL)
    assert Create(LOCAL, THERE) == reconcile(None, None, THERE, winner=LOCAL)


def test_met_on_both_sides_is_joined_without_a_write() -> None:
    """No base, both there: only real differences are listed, spellings are not."""
    moved = changed(THERE, subject="Plan B", body=Body.of("<html><body>x</body></html>"))

    assert Join(("subject",)) == reconcile(None, HERE, moved, winner=LOCAL)


def test_kinds_of_people_are_no_difference_between_strangers() -> None:
    """One side may have no kinds: only who is invited is compared on a first meeting."""
    assert Join(()) == reconcile(
        None, with_people(ann=REQUIRED), with_people(ann=OPTIONAL), winner=LOCAL
    )


def test_unchanged_on_both_sides_needs_nothing() -> None:
    """Each side shows what it showed, in its own spelling."""
    assert Nothing() == reconcile(BASE, HERE, THERE, winner=LOCAL)


def test_changed_on_one_side_is_written_on_the_other() -> None:
    """One field changed: that field goes over, and no other."""
    assert Merge(to_remote=Keyed({"subject": "B"})) == reconcile(
        BASE, changed(HERE, subject="B"), THERE, winner=REMOTE
    )
    assert Merge(to_local=Keyed({"zone": "Asia/Tokyo"})) == reconcile(
        BASE, HERE, changed(THERE, zone="Asia/Tokyo"), winner=LOCAL
    )


def test_changed_on_both_sides_in_different_fields_is_written_both_ways() -> None:
    """No conflict between fields, whoever would win one."""
    decision = reconcile(
        BASE, changed(HERE, subject="B"), changed(THERE, zone="Asia/Tokyo"), winner=LOCAL
    )

    assert Merge(Keyed({"zone": "Asia/Tokyo"}), Keyed({"subject": "B"})) == decision


def test_changed_on_both_sides_to_the_same_is_only_recorded() -> None:
    """Both made one change, each in its own spelling: nothing is written, nobody overruled."""
    local = changed(HERE, subject="B", zone="Asia/Ho_Chi_Minh")
    remote = changed(THERE, subject=" B\xa0", zone="Asia/Bangkok")

    assert Merge() == reconcile(BASE, local, remote, winner=LOCAL)
    assert Nothing() == reconcile(record(BASE, local, remote), local, remote, winner=LOCAL)


@pytest.mark.parametrize(("winner", "kept", "lost"), [(LOCAL, "B", "C"), (REMOTE, "C", "B")])
def test_changed_on_both_sides_differently_is_won_by_the_winner(
    winner: Side, kept: str, lost: str
) -> None:
    """One value prevails on both sides, the other is reported."""
    decision = reconcile(
        BASE, changed(HERE, subject="B"), changed(THERE, subject="C"), winner=winner
    )

    write = Keyed({"subject": kept})
    overruled = (Overruled(("subject",), kept, lost, winner),)
    if winner is LOCAL:
        assert Merge(to_remote=write, overruled=overruled) == decision
    else:
        assert Merge(to_local=write, overruled=overruled) == decision


def test_deleted_on_one_side_is_deleted_on_the_other() -> None:
    """The side that is left shows what it showed."""
    assert Delete(REMOTE) == reconcile(BASE, None, THERE, winner=LOCAL)
    assert Delete(LOCAL) == reconcile(BASE, HERE, None, winner=LOCAL)


@pytest.mark.parametrize("winner", list(Side))
def test_deleted_on_one_side_and_changed_on_the_other_is_made_again(winner: Side) -> None:
    """An edit beats a deletion, whoever wins conflicts."""
    edited = changed(THERE, subject="B")

    assert Create(LOCAL, edited) == reconcile(BASE, None, edited, winner=winner)


def test_a_base_that_knows_nothing_deletes_nothing() -> None:
    """An empty half cannot show that a meeting was left alone."""
    assert Create(LOCAL, THERE) == reconcile(Base(HERE, Keyed()), None, THERE, winner=LOCAL)


def test_a_field_that_one_side_cannot_say_is_left_alone() -> None:
    """Not compared and not written; its past stays in both halves."""
    mute = Keyed({"subject": "Plan"})
    edited = changed(HERE, zone="Asia/Tokyo")

    assert Nothing() == reconcile(BASE, edited, mute, winner=LOCAL)
    assert record(BASE, edited, mute) == BASE


def test_a_field_without_a_past_is_only_recorded() -> None:
    """A field that appears on both sides is joined, like a meeting without a base."""
    local, remote = changed(HERE, location="here"), changed(THERE, location="there")

    assert Merge() == reconcile(BASE, local, remote, winner=LOCAL)
    assert record(BASE, local, remote) == Base(local, remote)


def test_people_are_merged_one_by_one() -> None:
    """Ann is made optional there while Bob is invited here: both sides get both."""
    base = Base(with_people(ann=REQUIRED), with_people(ann=REQUIRED))
    decision = reconcile(
        base,
        with_people(ann=REQUIRED, bob=REQUIRED),
        with_people(ann=OPTIONAL),
        winner=LOCAL,
    )

    everybody = with_people(ann=OPTIONAL, bob=REQUIRED)
    assert Merge(everybody, everybody) == decision


def test_a_kind_that_one_side_cannot_keep_survives_edits_of_others() -> None:
    """Local shows everybody as required; Ann stays optional when Bob comes and goes there."""
    base = Base(with_people(ann=REQUIRED), with_people(ann=OPTIONAL))
    decision = reconcile(
        base, with_people(ann=REQUIRED, bob=REQUIRED), with_people(ann=OPTIONAL), winner=LOCAL
    )

    assert Merge(to_remote=with_people(ann=OPTIONAL, bob=REQUIRED)) == decision


def test_somebody_invited_on_both_sides_is_invited_once() -> None:
    """Each side keeps its own kind, at the same time or one after the other."""
    nobody = with_people()
    at_once = reconcile(
        Base(nobody, nobody), with_people(ann=REQUIRED), with_people(ann=OPTIONAL), winner=LOCAL
    )
    later = reconcile(
        Base(nobody, with_people(ann=OPTIONAL)),
        with_people(ann=REQUIRED),
        with_people(ann=OPTIONAL),
        winner=LOCAL,
    )

    assert at_once == later == Merge()


def test_two_kinds_for_one_person_are_a_conflict() -> None:
    """Both sides changed the kind of somebody invited before, and differently."""
    base = Base(with_people(ann=REQUIRED), with_people(ann=REQUIRED))
    decision = reconcile(base, with_people(ann=OPTIONAL), with_people(ann=RESOURCE), winner=REMOTE)

    assert (
        Merge(
            to_local=with_people(ann=RESOURCE),
            overruled=(Overruled(("people", ANN), RESOURCE, OPTIONAL, REMOTE),),
        )
        == decision
    )


def test_names_and_spellings_of_people_cause_no_write() -> None:
    """A person is who stands under the key; how the name is written is no change."""
    base = Base(with_people(ann=REQUIRED), with_people(ann=REQUIRED))
    renamed = with_people(ann=Person("required", "Ann B.", "ANN@Example.com"))

    assert Nothing() == reconcile(base, renamed, renamed, winner=LOCAL)


def test_somebody_known_to_one_side_only_stays_there() -> None:
    """A guest whom the other side cannot hold is neither removed nor sent by edits of others."""
    base = Base(with_people(ann=REQUIRED, bob=REQUIRED), with_people(ann=REQUIRED))
    decision = reconcile(base, with_people(ann=REQUIRED, bob=REQUIRED), with_people(), winner=LOCAL)

    assert Merge(to_local=with_people(bob=REQUIRED)) == decision


def test_the_last_person_can_be_removed() -> None:
    """An empty list of people is a value, and is written."""
    base = Base(with_people(ann=REQUIRED), with_people(ann=REQUIRED))
    decision = reconcile(base, with_people(), with_people(ann=REQUIRED), winner=REMOTE)

    assert Merge(to_remote=with_people()) == decision


def test_categories_are_merged_one_by_one() -> None:
    """Added here, removed there: each side gets the other's change."""
    past = Keyed({"categories": frozenset({"Red", "Blue"})})
    decision = reconcile(
        Base(past, past),
        Keyed({"categories": frozenset({"Red", "Blue", "Green"})}),
        Keyed({"categories": frozenset({"Blue"})}),
        winner=LOCAL,
    )

    both = Keyed({"categories": frozenset({"Blue", "Green"})})
    assert Merge(both, both) == decision


def test_an_occurrence_is_merged_field_by_field() -> None:
    """What is keyed inside of a key is merged there too."""
    nine = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
    when = Timed(nine, nine + timedelta(hours=1))

    def occurrence(**fields: str | Timed) -> Keyed:
        return Keyed({"occurrences": Keyed({"2026-01-05": Keyed(fields)})})

    past = Keyed({"occurrences": Keyed()})
    decision = reconcile(
        Base(past, past), occurrence(subject="B"), occurrence(when=when), winner=LOCAL
    )

    both = occurrence(subject="B", when=when)
    assert Merge(both, both) == decision


def test_a_cleared_field_is_an_edit() -> None:
    """No reminder is a value: it goes over, and it is not "cannot say"."""
    past = Keyed({"reminder": 15})
    decision = reconcile(Base(past, past), Keyed({"reminder": None}), past, winner=REMOTE)

    assert Merge(to_remote=Keyed({"reminder": None})) == decision


def test_formatting_changed_on_one_side_is_written() -> None:
    """Equivalence settles conflicts only: a colour that one person chose is an edit."""
    red = Body.of('<p><span style="color:red">x</span></p>')
    decision = reconcile(BASE, changed(HERE, body=red), THERE, winner=REMOTE)

    assert Merge(to_remote=Keyed({"body": red})) == decision


def test_pending_fields_keep_their_past() -> None:
    """Local is written, remote is to come: a crash here loses nothing."""
    local = changed(HERE, subject="B")
    remote = changed(THERE, zone="Asia/Tokyo")
    written = changed(local, zone="Asia/Tokyo")
    base = record(BASE, written, remote, pending=("subject",))

    assert Merge(to_remote=Keyed({"subject": "B"})) == reconcile(
        base, written, remote, winner=REMOTE
    )
