"""A week as a grid of hours, and some weeks as a list.

Days and hours are those of the mailbox's zone. Overlapping events share the width of their day in
lanes; events of a day and more are bars above the hours.
"""

from __future__ import annotations

from calendar import Calendar as MonthSheet
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..exchange.mailbox import Mailbox
from ..exchange.zones import resolve, to_utc
from ..graph.views import in_window
from .card import Card, card

WEEK = 7
MINUTES = 24 * 60
#: A block has to stay readable and clickable, however short the event is.
SHORTEST = 25


@dataclass(frozen=True)
class Block:
    """An event among the hours of a day: minutes from midnight, and which lane of how many."""

    card: Card
    top: int
    height: int
    lane: int
    lanes: int


@dataclass(frozen=True)
class Bar:
    """An event above the hours: from which column, over how many, in which row."""

    card: Card
    column: int
    span: int
    row: int
    comes_from_before: bool
    goes_on_after: bool


@dataclass(frozen=True)
class Day:
    """One column of the week, or one heading of the list."""

    date: date
    is_today: bool
    blocks: tuple[Block, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Week:
    """What the week page draws."""

    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    rows: int


def monday_of(day: date) -> date:
    """Return the first day of the week shown for a date."""
    return day - timedelta(days=day.weekday())


def week(mailbox: Mailbox, day: date, today: date) -> Week:
    """Draw the week that a date lies in."""
    first = monday_of(day)
    cards = cards_between(mailbox, first, first + timedelta(days=WEEK - 1))
    dates = [first + timedelta(days=number) for number in range(WEEK)]
    hours = [one for one in cards if not one.is_bar]
    days = tuple(Day(one, one == today, blocks=_blocks(hours, one)) for one in dates)
    bars = _bars([one for one in cards if one.is_bar], first)
    return Week(days, bars, max((bar.row for bar in bars), default=0) + 1)


def agenda(mailbox: Mailbox, first: date, days: int, today: date) -> list[Day]:
    """List the days from a date on that have something; what began before is on the first day."""
    shown: dict[date, list[Card]] = {}
    for one in cards_between(mailbox, first, first + timedelta(days=days - 1)):
        shown.setdefault(max(one.first, first), []).append(one)
    return [Day(one, one == today, cards=tuple(shown[one])) for one in sorted(shown)]


def month(day: date) -> list[list[date]]:
    """Return the weeks of the small month."""
    return MonthSheet(firstweekday=0).monthdatescalendar(day.year, day.month)


def cards_between(mailbox: Mailbox, first: date, last: date) -> list[Card]:
    """Return what touches the days from ``first`` to ``last``, in order of time."""
    zone = resolve(mailbox.time_zone)
    # All-day events float, timed ones do not: look a day further and let the wall clock decide.
    start = to_utc(datetime.combine(first - timedelta(days=1), time.min), zone)
    end = to_utc(datetime.combine(last + timedelta(days=2), time.min), zone)
    entries = [entry for item in mailbox.items.values() for entry in in_window(item, start, end)]
    cards = [card(mailbox, entry) for entry in entries]
    touching = [one for one in cards if one.first <= last and one.last >= first]
    return sorted(touching, key=lambda one: (one.start, not one.all_day, one.subject.casefold()))


def _blocks(cards: Iterable[Card], day: date) -> tuple[Block, ...]:
    """Place a day's events in lanes: groups of events that overlap share the width."""
    spans = [(*_minutes(one, day), one) for one in cards if one.first <= day <= one.last]
    blocks: list[Block] = []
    group: list[tuple[int, int, int, Card]] = []
    ends: list[int] = []
    for top, height, one in sorted(spans, key=lambda span: (span[0], -span[1])):
        if ends and top >= max(ends):
            blocks += _settled(group, len(ends))
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= top), len(ends))
        ends[lane : lane + 1] = [top + height]
        group.append((top, height, lane, one))
    return tuple(blocks + _settled(group, len(ends)))


def _settled(group: list[tuple[int, int, int, Card]], lanes: int) -> list[Block]:
    return [Block(one, top, height, lane, lanes) for top, height, lane, one in group]


def _minutes(one: Card, day: date) -> tuple[int, int]:
    """Return where an event begins on a day and how long it is there, in minutes."""
    midnight = datetime.combine(day, time.min)
    top = max(0, int((one.start - midnight).total_seconds() // 60))
    end = min(MINUTES, int((one.end - midnight).total_seconds() // 60))
    height = max(SHORTEST, end - top)
    return min(top, MINUTES - height), height


def _bars(cards: Iterable[Card], first: date) -> tuple[Bar, ...]:
    """Place the bars in rows, each in the first row that has room."""
    taken: list[int] = []
    bars = []
    for one in sorted(cards, key=lambda bar: (bar.first, bar.first - bar.last)):
        column = max(0, (one.first - first).days)
        end = min(WEEK - 1, (one.last - first).days)
        row = next((number for number, until in enumerate(taken) if until < column), len(taken))
        taken[row : row + 1] = [end]
        before, after = one.first < first, (one.last - first).days >= WEEK
        bars.append(Bar(one, column, end - column + 1, row, before, after))
    return tuple(bars)
