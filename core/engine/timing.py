"""Merge when a meeting takes place: what must go together, and the dates on which it is otherwise.

The rule, the span on its first date and the zone of a series hang together. And exceptions hang on
them: their keys are dates of the rule. So, beyond merging field by field and date by date:

* The side that *retimed* the series (another pattern, start, clock or zone; not the end alone)
  leads. Where both did, and differently, the winner leads, with all of its timing.
* What the other side did to single dates meanwhile is overruled, and reported: those dates are no
  longer what they were.
* Exceptions on dates that the merged rule has not are dropped. What one side had just changed there
  is reported, where it was the other that took the date away.
* Where both sides have one new timing or end already and one of them no exception any more, these
  were dropped by the change and are put back: so it is after a write whose answer was lost.
* Somebody's edit of one date beats its cancellation; going back to what the series says is an edit.
* Who edited one date last may be another side than who edited the series last: each date may have a
  winner of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from .decision import Overruled
from .errors import Unmappable
from .fields import CANCELLED
from .merge import ABSENT, Maybe, Merged, Pair, agree, merge, merge_keyed, merge_single, shown
from .occurrences import date_of
from .recurrence import Rule
from .snapshot import EMPTY, AllDay, Keyed, Side, Timed

TIMING: Final = ("rule", "when", "zone")
EXCEPTIONS: Final = "occurrences"
COUPLED: Final = frozenset({*TIMING, EXCEPTIONS})


def merge_timing(
    was: Mapping[str, Pair],
    now: Mapping[str, Pair],
    winner: Side,
    on_dates: Mapping[str, Side] = MappingProxyType({}),
) -> Mapping[str, Merged]:
    """Merge those of the ``COUPLED`` fields that both sides show: name → what they should show.

    ``on_dates``: slot → the side that prevails on that date, where it is not ``winner``.
    """
    was, now = _timing(was), _timing(now)
    exceptions_was, exceptions = was.pop(EXCEPTIONS, None), now.pop(EXCEPTIONS, None)
    retimers = [side for side in Side if _is_retimed(was, now, side)]
    lead = retimers[0] if len(retimers) == 1 else winner
    merged = {name: merge((name,), was[name], now[name], lead) for name in now}
    is_agreed = len(retimers) == 2 and all(agree(name, pair) for name, pair in now.items())
    if retimers and not is_agreed and _falls_apart(merged, now, len(retimers)):
        merged = {name: _follow((name,), was[name], now[name], lead) for name in now}
    if exceptions is not None and exceptions_was is not None:
        leader = lead if retimers and not is_agreed else None
        if _is_carried_over(was, now):
            exceptions_was = forgetting_drops(exceptions_was, exceptions)
        winners = {**dict.fromkeys(exceptions_was.keys() | exceptions.keys(), winner), **on_dates}
        found = _merge_exceptions(exceptions_was, exceptions, leader, winners)
        merged[EXCEPTIONS] = _on_dates_of_the_rule(
            found, exceptions_was, exceptions, merged=merged, now=now
        )
    return merged


def _timing(fields: Mapping[str, Pair]) -> dict[str, Pair]:
    return {name: pair for name, pair in fields.items() if name in COUPLED}


def _is_retimed(was: Mapping[str, Pair], now: Mapping[str, Pair], side: Side) -> bool:
    """Say whether that side gave a series other dates, or another place on the clock."""
    rules = (was["rule"].of(side), now["rule"].of(side)) if "rule" in now else ()
    if not any(isinstance(rule, Rule) for rule in rules):
        return False
    before, after = (
        [_endless(fields[name].of(side)) for name in TIMING if name in now] for fields in (was, now)
    )
    return before != after


def _is_carried_over(was: Mapping[str, Pair], now: Mapping[str, Pair]) -> bool:
    """Say whether both sides show a series with one new timing, or one new end."""
    changed = [name for name in now if now[name] != was[name]]
    is_series = "rule" in now and isinstance(now["rule"].local, Rule)
    return (
        is_series
        and bool(changed)
        and all(
            now[name].local != was[name].local
            and now[name].remote != was[name].remote
            and agree(name, now[name])
            for name in changed
        )
    )


def forgetting_drops(was: Pair, now: Pair) -> Pair:
    """Return the exceptions that were, without those that one side has and the other dropped.

    A mailbox drops all at once: a side that has some left had others taken away by somebody.
    """
    if now.local and now.remote:
        return was
    return Pair.of_keys({slot: was.at(slot) for slot in was.keys().difference(now.keys())})


def _endless(value: Maybe) -> Maybe:
    return replace(value, end=None) if isinstance(value, Rule) else value


def _falls_apart(merged: Mapping[str, Merged], now: Mapping[str, Pair], retimers: int) -> bool:
    """Say whether the timing must be one side's: the parts of two would make a third."""
    if retimers == 2 and any(one.overruled for one in merged.values()):
        return True
    return not all(_holds_together(merged, now, side) for side in Side)


def _holds_together(merged: Mapping[str, Merged], now: Mapping[str, Pair], side: Side) -> bool:
    """Say whether the rule begins on the date of the span, where the merge changes anything."""
    wanted = {name: one.now.of(side) for name, one in merged.items()}
    if all(wanted[name] == now[name].of(side) for name in wanted):
        return True
    rule, when, zone = (wanted.get(name) for name in TIMING)
    if not (isinstance(rule, Rule) and isinstance(when, (Timed, AllDay)) and isinstance(zone, str)):
        return True
    try:
        return date_of(when, zone) == rule.start
    except Unmappable:  # a zone that nobody knows proves nothing
        return True


def _follow(path: tuple[str, ...], was: Pair, now: Pair, lead: Side) -> Merged:
    """Take one side's value for both; what the other changed is overruled."""
    led = lead.other
    if agree(path[-1], now):
        return Merged(now)
    kept, lost = now.of(lead), now.of(led)
    report = (Overruled(path, shown(kept), shown(lost), lead),)
    return Merged(Pair(kept, kept), report if lost != was.of(led) else ())


def _merge_exceptions(
    was: Pair, now: Pair, lead: Side | None, winners: Mapping[str, Side]
) -> Merged:
    """Merge date by date; under a ``lead`` that side counts where either changed something."""
    pairs: dict[str, Pair] = {}
    overruled: list[Overruled] = []
    for slot in sorted(was.keys() | now.keys()):
        path, one_was, one = (EXCEPTIONS, slot), was.at(slot), now.at(slot)
        if one == one_was:
            merged = Merged(one)
        elif lead is not None:
            merged = _follow(path, one_was, one, lead)
        else:
            merged = _merge_slot(path, one_was, one, winners[slot])
        pairs[slot] = merged.now
        overruled += merged.overruled
    return Merged(Pair.of_keys(pairs), tuple(overruled))


def _merge_slot(path: tuple[str, ...], was: Pair, now: Pair, winner: Side) -> Merged:
    """Merge what is otherwise on one date, where nothing otherwise is a state like any other."""
    before, after = was.mapped(_fields), now.mapped(_fields)
    if after.local == CANCELLED or after.remote == CANCELLED:
        editor = Side.REMOTE if after.local == CANCELLED else Side.LOCAL
        merged = merge_single(path, before, after, editor)
    else:
        merged = merge_keyed(path, before, after, winner)
    told = tuple(_told(one) if one.path == path else one for one in merged.overruled)
    return Merged(merged.now.mapped(_bare), told)


def _told(one: Overruled) -> Overruled:
    """Report nothing otherwise as what a side shows of it: None."""
    return replace(one, kept=one.kept or None, lost=one.lost or None)


def _fields(exception: Maybe) -> Maybe:
    return EMPTY if exception is ABSENT else exception


def _bare(exception: Maybe) -> Maybe:
    return ABSENT if exception == EMPTY else exception


def _on_dates_of_the_rule(
    found: Merged, was: Pair, before: Pair, *, merged: Mapping[str, Merged], now: Mapping[str, Pair]
) -> Merged:
    """Drop the exceptions that the merge would put, or leave, on dates the rule has not."""
    if "rule" not in now:
        return found
    kept = [
        _hit(found.now.of(side), before.of(side), merged["rule"].now.of(side), rule)
        for side, rule in ((side, now["rule"].of(side)) for side in (Side.LOCAL, Side.REMOTE))
    ]
    left = Pair(*kept)
    told = {one.path for one in found.overruled}
    drops = (_drops(side, was, before, left, now["rule"].of(side)) for side in Side)
    dropped = tuple(one for some in drops for one in some if one.path not in told)
    return Merged(left, found.overruled + dropped)


def _drops(side: Side, was: Pair, before: Pair, left: Pair, rule: Maybe) -> Iterator[Overruled]:
    """Yield what that side had just changed on dates that it has and the merge took from it."""
    for slot in sorted(before.keys() - left.keys()):
        state, other = before.at(slot).of(side), before.at(slot).of(side.other)
        is_fresh = isinstance(state, Keyed) and state != was.at(slot).of(side)
        if is_fresh and isinstance(rule, Rule) and rule.hits(date.fromisoformat(slot)):
            yield Overruled((EXCEPTIONS, slot), shown(other), shown(state), side.other)


def _hit(exceptions: Maybe, before: Maybe, rule: Maybe, rule_before: Maybe) -> Maybe:
    """Return the exceptions without those on other dates than the rule's.

    One that this side shows already stays while its rule stays: who reads, answers for that.
    """
    if not isinstance(exceptions, Keyed) or not isinstance(before, Keyed):
        return exceptions
    stays = before if rule == rule_before else EMPTY
    return Keyed(
        (slot, one)
        for slot, one in exceptions.items()
        if (isinstance(rule, Rule) and rule.hits(date.fromisoformat(slot)))
        or (slot in stays and stays[slot] == one)
    )
