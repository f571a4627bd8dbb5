"""What changed, for the journal: one short entry per field, in words for the mailbox's owner.

Texts are never told, only that they changed. Dates are ISO dates, times those of the clock in the
meeting's zone; lists (guests, categories) tell what left them and what joined them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import NamedTuple, TypeAlias

import pytz
from babel.dates import get_day_names

from odoo.api import Environment
from odoo.tools.misc import babel_locale_parse, get_lang
from odoo.tools.translate import LazyGettext, LazyTranslate

from ..core.engine.fields import CANCELLED
from ..core.engine.recurrence import DAYS, INDEXES, Rule
from ..core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person, Timed, Value
from . import words

_lt = LazyTranslate(__name__)

#: As long as a value is told, in characters.
LONGEST = 120

#: A field, or the way to a part of it: ``("people", "ann@example.com")``.
Path: TypeAlias = str | tuple[str, ...]
#: What a change was: the value before, and the value after.
Changes: TypeAlias = Mapping[Path, tuple[Value, Value]]

_CHOICES: dict[str, dict[str, LazyGettext]] = {
    "sensitivity": {
        "normal": _lt("public"),
        "personal": _lt("personal"),
        "private": _lt("private"),
        "confidential": _lt("confidential"),
    },
    "show_as": {
        "free": _lt("free"),
        "tentative": _lt("tentative"),
        "busy": _lt("busy"),
        "oof": _lt("out of office"),
        "workingElsewhere": _lt("working elsewhere"),
        "unknown": _lt("unknown"),
    },
}
_KINDS = {"optional": _lt("%(name)s (optional)"), "resource": _lt("%(name)s (room)")}
_FREQUENCIES: dict[str, tuple[LazyGettext, LazyGettext]] = {
    "daily": (_lt("every day"), _lt("every %(number)s days")),
    "weekly": (_lt("every week"), _lt("every %(number)s weeks")),
    "absoluteMonthly": (_lt("every month"), _lt("every %(number)s months")),
    "relativeMonthly": (_lt("every month"), _lt("every %(number)s months")),
    "absoluteYearly": (_lt("every year"), _lt("every %(number)s years")),
    "relativeYearly": (_lt("every year"), _lt("every %(number)s years")),
}
_INDEXES: dict[str, LazyGettext] = dict(
    zip(
        INDEXES,
        (_lt("first"), _lt("second"), _lt("third"), _lt("fourth"), _lt("last")),
        strict=True,
    )
)


class Entry(NamedTuple):
    """One field that changed; `part` is the date where only one occurrence of a series did."""

    field: str
    part: str | bool
    old: str | bool
    new: str | bool


def entries(env: Environment, changes: Changes, *, zone: str) -> Iterator[Entry]:
    """Yield an entry for each field that changed, in the language of `env`."""
    told = _Words(env, zone)
    for path, (old, new) in changes.items():
        way = (path,) if isinstance(path, str) else path
        yield from _entries(told, way, old, new)


def _entries(told: "_Words", path: tuple[str, ...], old: Value, new: Value) -> Iterator[Entry]:
    if path == ("occurrences",):
        was, now = _keyed(old), _keyed(new)
        for slot in sorted(slot for slot in {*was, *now} if was.get(slot) != now.get(slot)):
            yield from _entries(told, (*path, slot), was.get(slot), now.get(slot))
    elif path[0] == "occurrences" and len(path) == 2:
        yield from _of_one_date(told, path[1], old, new)
    elif path[0] == "occurrences":
        yield from _entry(told, path[1], path[2:], old, new)
    else:
        yield from _entry(told, False, path, old, new)


def _of_one_date(told: "_Words", slot: str, old: Value, new: Value) -> Iterator[Entry]:
    """Yield what became of one occurrence: whether it takes place, or what is otherwise there."""
    if CANCELLED in (old, new) or not (old or new):
        yield Entry("occurrences", slot, told.takes_place(old), told.takes_place(new))
        return
    was, now = _keyed(old), _keyed(new)
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield from _entry(told, slot, (name,), was.get(name), now.get(name))


def _entry(
    told: "_Words", slot: str | bool, path: tuple[str, ...], old: Value, new: Value
) -> Iterator[Entry]:
    """Yield the entry of one field; of a list the members that left and those that joined."""
    name, *keys = path
    if keys:  # one member of a list
        old, new = (Keyed({keys[0]: one} if one is not None else {}) for one in (old, new))
    if name in ("people", "categories"):
        was, now = _members(old), _members(new)
        old, new = (
            Keyed((key, one) for key, one in mine.items() if other.get(key) != one)
            for mine, other in ((was, now), (now, was))
        )
    yield Entry(name, slot, told.value(name, old, slot), told.value(name, new, slot))


def _members(value: Value) -> Keyed:
    if isinstance(value, frozenset):
        return Keyed((member, member) for member in value)
    return _keyed(value)


def _keyed(value: Value) -> Keyed:
    return value if isinstance(value, Keyed) else EMPTY


class _Words:
    """Values as words of one language and one clock."""

    def __init__(self, env: Environment, zone: str) -> None:
        self._env = env
        self._zone = pytz.timezone(zone) if zone in pytz.all_timezones_set else pytz.utc

    def value(self, name: str, value: Value, slot: str | bool = False) -> str | bool:
        """Return a value in words, cut where it is long; False where there is nothing to tell."""
        if value is None and slot:
            return self._env._("as the series")
        choice = _CHOICES.get(name, {}).get(value) if isinstance(value, str) else None
        text = self._env._(choice) if choice else self._by_kind(name, value)
        return _cut(text) or False

    def takes_place(self, value: Value) -> str:
        """Return whether an occurrence is there."""
        return self._env._("called off") if value == CANCELLED else self._env._("takes place")

    def _by_kind(self, name: str, value: Value) -> str:
        if value is None:
            return self._nothing(name)
        tell = next(tell for kind, tell in _TELLERS if isinstance(value, kind))
        return tell(self, value)

    def _nothing(self, name: str) -> str:
        if name == "rule":
            return self._env._("once")
        return self._env._("none") if name == "reminder" else ""

    def text(self, value: str) -> str:
        """Return a text on one line, without what is no text."""
        return " ".join(value.replace("\x00", "").split())

    def truth(self, value: bool) -> str:
        """Return yes or no."""
        return self._env._("yes") if value else self._env._("no")

    def minutes(self, value: int) -> str:
        """Return how long before the start somebody is reminded."""
        return self._env._("%s minutes before", value)

    def body(self, _value: Body) -> str:
        """Return that there is a text; what it says is never told."""
        return self._env._("text (not kept here)")

    def timed(self, value: Timed) -> str:
        """Return a span of time by the clock of the meeting's zone."""
        start, end = self._clock(value.start), self._clock(value.end)
        until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{start:%Y-%m-%d %H:%M} – {until} ({self._zone.zone})"

    def whole_days(self, value: AllDay) -> str:
        """Return whole days, both included."""
        last = "" if value.last == value.first else f" – {value.last}"
        return self._env._("%s, all day", f"{value.first}{last}")

    def person(self, value: Person) -> str:
        """Return somebody by name, by his address where he has none."""
        name = self.text(value.name or value.address or "")
        kind = _KINDS.get(value.kind)
        return words.filled(self._env, kind, name=name) if kind else name

    def several(self, value: Keyed) -> str:
        """Return the members of a list."""
        return ", ".join(sorted(self._by_kind("", one) for one in value.values()))

    def rule(self, value: Rule) -> str:
        """Return how a series recurs."""
        once, often = _FREQUENCIES[value.kind]
        every = self._env._(once)
        if value.interval > 1:
            every = words.filled(self._env, often, number=str(value.interval))
        parts = [every, *self._days(value)]
        if value.end:
            parts.append(self._env._("until %s", value.end))
        return ", ".join(parts)

    def _days(self, rule: Rule) -> Iterator[str]:
        """Yield on which days, where the kind of rule names some."""
        if rule.weekdays:
            # Babel counts from Monday, the rule's names from Sunday.
            names = get_day_names(locale=babel_locale_parse(get_lang(self._env).code))
            days = [
                names[(place - 1) % 7] for place, day in enumerate(DAYS) if day in rule.weekdays
            ]
            is_relative = rule.kind != "weekly"
            ordinal = [self._env._(_INDEXES[rule.index])] if is_relative else []
            yield " ".join([*ordinal, ", ".join(days)])
        if rule.day:
            yield self._env._("day %s", rule.day)
        if rule.month:
            yield self._env._("month %s", rule.month)

    def _clock(self, moment: datetime) -> datetime:
        try:
            return moment.astimezone(self._zone)
        except OverflowError:  # the first and the last day there are
            return moment.astimezone(timezone.utc)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


_TELLERS: tuple[tuple[type, Callable[["_Words", Value], str]], ...] = (
    (bool, _Words.truth),
    (int, _Words.minutes),
    (str, _Words.text),
    (Timed, _Words.timed),
    (AllDay, _Words.whole_days),
    (Body, _Words.body),
    (Person, _Words.person),
    (Rule, _Words.rule),
    (Keyed, _Words.several),
)
