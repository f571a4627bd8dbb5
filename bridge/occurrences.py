"""Single occurrences of a series: what is to be written of each, and what is known of each.

Outlook takes the pattern with one request and every occurrence that differs with one of its own. So
the field `occurrences` is written, recorded and refused slot by slot (a slot is the date on which
the pattern has an occurrence).
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date

from ..core.engine import codec
from ..core.engine.fields import CANCELLED, PRIVATE
from ..core.engine.reconcile import Base
from ..core.engine.recurrence import Rule
from ..core.engine.series import slot_when
from ..core.engine.snapshot import EMPTY, Body, Keyed, Snapshot, Value
from ..core.graph.remote import RemoteEvent

#: A write of one of these may drop what Outlook knew of single occurrences.
_TIMING = frozenset({"rule", "when", "zone"})


def retimes(values: Snapshot) -> bool:
    """Tell whether writing these fields of a series may make Outlook drop its exceptions."""
    return not _TIMING.isdisjoint(values)


def of(snapshot: Snapshot | None) -> Keyed:
    """Return the occurrences that differ, by slot; empty where a snapshot says nothing of them."""
    found = (snapshot or EMPTY).get("occurrences")
    return found if isinstance(found, Keyed) else EMPTY


def none_is_left(series: Snapshot) -> bool:
    """Tell whether every single date is cancelled: Outlook keeps such a series, and shows none."""
    rule, states = series.get("rule"), of(series)
    if not isinstance(rule, Rule) or not states:
        return False
    return all(states.get(slot.isoformat()) == CANCELLED for slot in rule.slots())


def without_private(snapshot: Snapshot) -> Snapshot:
    """Leave out what belongs to one mailbox alone, in the occurrences too."""
    shared = {name: value for name, value in snapshot.items() if name not in PRIVATE}
    if "occurrences" in shared:
        shared["occurrences"] = Keyed(_shared_parts(of(snapshot)))
    return Keyed(shared)


def called_off(remote: RemoteEvent) -> set[str]:
    """Return the slots that the organizer cancelled, as a guest's copy of the series tells."""
    return {slot for slot, one in remote.exceptions.items() if one.is_cancelled}


def without_refused(shown: Snapshot, past: Snapshot, off: Collection[str]) -> Snapshot:
    """Leave out the dates that newly lack in a guest's own calendar: of those it says nothing.

    He took them out, or was taken off them: Outlook shows the same. So of the meeting they tell
    what they told in `past`. The slots in `off` are cancelled for everybody.
    """
    told, was = of(shown), of(past)
    gone = {slot for slot, one in told.items() if one == CANCELLED and slot not in off}
    kept = {slot: was.get(slot) if slot in gone else one for slot, one in told.items()}
    return Keyed({**shown, "occurrences": Keyed((s, v) for s, v in kept.items() if v is not None)})


def with_guest(past: Snapshot, shown: Snapshot, address: str) -> Snapshot:
    """Return `past` with the guest of that address wherever `shown` has him."""
    invited = past.get("people", EMPTY)
    dates = {
        slot: _joined(one, there, address, one.get("people", invited))
        for slot, there in of(shown).items()
        if isinstance(there, Keyed) and isinstance(one := _at(of(past), slot), Keyed)
    }
    whole = _joined(past, shown, address, invited)
    return Keyed({**whole, "occurrences": Keyed({**of(past), **dates})})


def _joined(past: Snapshot, shown: Snapshot, address: str, invited) -> Snapshot:
    person = shown.get("people", EMPTY).get(address)
    return Keyed({**past, "people": Keyed({**invited, address: person})}) if person else past


def differing(wanted: Keyed, shown: Keyed) -> set[str]:
    """Return the slots of which two states say different things."""
    return {slot for slot in {*wanted, *shown} if _at(wanted, slot) != _at(shown, slot)}


def revived(wanted: Keyed, shown: Keyed) -> set[str]:
    """Return the slots that Outlook has cancelled and cannot restore."""
    return {slot for slot in differing(wanted, shown) if shown.get(slot) == CANCELLED}


def with_kinds(wanted: Keyed, shown: Keyed, series: Snapshot, local: Snapshot) -> Keyed:
    """Return `wanted` with guests of single dates as Outlook knows them: optional, or a room.

    A date of its own lists all its guests, and this database (`local`) tells neither who is
    optional nor which rooms are booked. So the list is held against this side's series: who is the
    same in both is in Outlook as he is there (`shown`, or else `series`), who is in none stays.
    """
    return Keyed(
        (slot, _with_kinds(value, _at(shown, slot), series, local))
        for slot, value in wanted.items()
    )


def parts(wanted: Keyed, shown: Keyed, series: Snapshot, local: Snapshot) -> dict[str, Value]:
    """Return what is to be written, by slot, so that Outlook shows `wanted` where it shows `shown`.

    `series` is the series in Outlook; of what it keeps as a digest only, the text is `local`'s.
    """
    found: dict[str, Value] = {}
    for slot in sorted(differing(wanted, shown) - revived(wanted, shown)):
        want, now = _at(wanted, slot), _at(shown, slot)
        if isinstance(want, Keyed) and isinstance(now, Keyed):
            found[slot] = Keyed(_changes(want, now, _on(series, local, slot)))
        else:
            found[slot] = want
    return found


def digest(series: Snapshot, slot: str) -> str:
    """Return what stands for one occurrence of a series as it is wanted, among its neighbours.

    What was refused because of a neighbour may fit once that has moved.
    """
    wanted = of(series)
    times = {
        each: Keyed({"when": value["when"]}) if isinstance(value, Keyed) else value
        for each, value in wanted.items()
        if not isinstance(value, Keyed) or "when" in value
    }
    timing = {name: series[name] for name in sorted(_TIMING & series.keys())}
    state = Keyed({**timing, "occurrences": Keyed({**times, slot: _at(wanted, slot)})})
    text = json.dumps(codec.dump_base(Base(state, EMPTY)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def keep_past(base: Base, past: Base | None, slots: Collection[str]) -> Base:
    """Return `base` with what `past` says of some slots: their write is still to come."""
    if not slots or past is None:
        return base
    local, remote = of(past.local), of(past.remote)
    return _replaced(base, {slot: (_at(local, slot), _at(remote, slot)) for slot in slots})


def known(
    base: Base,
    local: Keyed,
    effects: Mapping[str, Value],
    pending: Mapping[str, Collection[str]] = EMPTY,
) -> Base:
    """Return `base` with what both sides show of the slots that were just written.

    `pending` names by slot the fields whose write is still to come.
    """
    past = of(base.local)
    pairs = {
        slot: (_but(_at(local, slot), _at(past, slot), pending.get(slot, ())), effect)
        for slot, effect in effects.items()
    }
    return _replaced(base, pairs)


def _but(now: Value, past: Value, names: Collection[str]) -> Value:
    """Return what is shown now of an occurrence, with some of its fields as they were."""
    if not names or not isinstance(now, Keyed):
        return now
    was = past if isinstance(past, Keyed) else EMPTY
    kept = {name: value for name, value in now.items() if name not in names}
    return Keyed({**kept, **{name: was[name] for name in names if name in was}})


def forgotten(base: Base) -> Base:
    """Return `base` without any occurrence: nobody knows what a new pattern left of them."""
    none = {"occurrences": EMPTY}
    return Base(Keyed({**base.local, **none}), Keyed({**base.remote, **none}))


def _replaced(base: Base, pairs: Mapping[str, tuple[Value, Value]]) -> Base:
    def half(snapshot: Snapshot, number: int) -> Snapshot:
        now = {**of(snapshot), **{slot: pair[number] for slot, pair in pairs.items()}}
        kept = Keyed({slot: value for slot, value in now.items() if value != EMPTY})
        return Keyed({**snapshot, "occurrences": kept})

    return Base(half(base.local, 0), half(base.remote, 1))


def _at(states: Keyed, slot: str) -> Value:
    """Return what is said of a slot; nothing, where it follows the series."""
    return states.get(slot, EMPTY)


def _on(series: Snapshot, local: Snapshot, slot: str) -> Snapshot:
    """Return what an occurrence shows that follows the series."""
    texts = {
        name: local[name]
        for name, value in series.items()
        if isinstance(value, Body) and value.html is None and name in local
    }
    return {**series, **texts, "when": slot_when(series, date.fromisoformat(slot))}


def _changes(want: Keyed, now: Keyed, follows: Snapshot) -> Snapshot:
    changed = {name: value for name, value in want.items() if name not in now or now[name] != value}
    return {**changed, **{name: follows[name] for name in now if name not in want}}


def _with_kinds(want: Value, now: Value, series: Snapshot, local: Snapshot) -> Value:
    if not isinstance(want, Keyed) or "people" not in want or want == now:
        return want
    usual, there, unseen = _people(local), _people(series), EMPTY
    if isinstance(now, Keyed) and "people" in now:
        there = _people(now)
    else:
        unseen = Keyed({key: there[key] for key in there if key not in usual})
    people = {
        key: there.get(key, person) if person == usual.get(key) else person
        for key, person in _people(want).items()
    }
    return Keyed({**want, "people": Keyed({**unseen, **people})})


def _people(snapshot: Snapshot) -> Keyed:
    people = snapshot.get("people")
    return people if isinstance(people, Keyed) else EMPTY


def _shared_parts(states: Keyed) -> Snapshot:
    shared = {
        slot: Keyed((name, each) for name, each in value.items() if name not in PRIVATE)
        if isinstance(value, Keyed)
        else value
        for slot, value in states.items()
    }
    return {slot: value for slot, value in shared.items() if value != EMPTY}
