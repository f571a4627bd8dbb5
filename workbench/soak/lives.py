"""What happens to two meetings, drawn from a seed: the same seed and number, the same life."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HERE: Final = "here"
THERE: Final = "there"
#: How many people have mailboxes; one more is a guest from outside.
PEOPLE: Final = 3
OUTSIDER: Final = PEOPLE

#: What people do, and how often. `rename` and `invite` concern all dates, the next three one.
ACTS: Final[Mapping[str, int]] = {
    "rename": 5, "place": 6, "hour": 5, "cancel": 2, "invite": 3, "uninvite": 2, "delete": 2,
    "answer": 3,
}  # fmt: skip
#: What goes wrong once in somebody's mailbox: kind and what it needs (see `sandbox.faults`).
FAULTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("throttle", {"retry_after": "1"}),
    ("throttle", {"retry_after": "0.5", "status": 503}),
    ("throttle", {"retry_after": None}),
    ("server_error", {"status": 500}),
    ("server_error", {"status": 502}),
    ("server_error", {"status": 503}),
    ("server_error", {"status": 504}),
    ("html_page", {}),
    ("truncate", {}),
    ("drop_before", {}),
    ("drop_after", {}),
    ("duplicate_delta", {}),
    ("reorder_delta", {"seed": 3}),
)
#: What happens to a mailbox or a sign-in as a whole.
BLOWS: Final = ("expire_delta", "expire_access", "sign_out")
METHODS: Final = (None, "GET", "POST", "PATCH", "DELETE")


@dataclass(frozen=True)
class Beginning:
    """A meeting as it is made: where, by whom, for whom, on how many dates."""

    side: str
    organizer: int
    guests: tuple[int, ...]
    dates: int


@dataclass(frozen=True)
class Act:
    """Somebody does something to a meeting on one side."""

    meeting: int
    what: str
    side: str
    who: int
    #: Which date, and which value.
    date: int
    value: int


@dataclass(frozen=True)
class Trouble:
    """Something goes wrong in somebody's mailbox."""

    kind: str
    who: int
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kill:
    """The server dies while a request of somebody's round is held, before or after its effect."""

    who: int
    method: str
    is_after: bool
    #: Whether a request that was held before its effect arrives, or is lost.
    arrives: bool


@dataclass(frozen=True)
class Day:
    """Acts, then rounds amid trouble."""

    acts: tuple[Act, ...]
    troubles: tuple[Trouble, ...]
    kill: Kill | None
    rounds: tuple[int, ...]


@dataclass(frozen=True)
class Life:
    """Two meetings and some days; then there is peace, and all is judged."""

    seed: int
    number: int
    meetings: tuple[Beginning, ...]
    days: tuple[Day, ...]


def draw(seed: int, number: int) -> Life:
    """Draw a life."""
    dice = random.Random(f"{seed}/{number}")
    meetings = tuple(_beginning(dice, dates) for dates in (1, dice.choice((1, 4, 4))))
    days = tuple(_day(dice, meetings) for _day_ in range(dice.randint(1, 3)))
    return Life(seed, number, meetings, days)


def _beginning(dice: random.Random, dates: int) -> Beginning:
    organizer = dice.randrange(PEOPLE)
    others = [one for one in range(PEOPLE + 1) if one != organizer]
    guests = tuple(sorted(dice.sample(others, dice.randint(0, len(others)))))
    return Beginning(dice.choice((HERE, THERE)), organizer, guests, dates)


def _day(dice: random.Random, meetings: tuple[Beginning, ...]) -> Day:
    acts = tuple(_act(dice, meetings) for _act_ in range(dice.randint(1, 4)))
    troubles = tuple(_trouble(dice) for _trouble_ in range(dice.choice((0, 1, 1, 2))))
    kill = _kill(dice) if dice.random() < 0.35 else None
    rounds = tuple(dice.sample(range(PEOPLE), dice.randint(1, PEOPLE)))
    return Day(acts, troubles, kill, rounds)


def _act(dice: random.Random, meetings: tuple[Beginning, ...]) -> Act:
    number = dice.randrange(len(meetings))
    [what] = dice.choices([*ACTS], [*ACTS.values()])
    return Act(
        number,
        what,
        dice.choice((HERE, THERE)),
        dice.randrange(PEOPLE + 1),
        dice.randrange(meetings[number].dates),
        dice.randrange(1000),
    )


def _trouble(dice: random.Random) -> Trouble:
    who = dice.randrange(PEOPLE)
    if dice.random() < 0.25:
        return Trouble(dice.choice(BLOWS), who)
    kind, needs = dice.choice(FAULTS)
    values = {**needs, "skip": dice.choice((0, 0, 1, 2)), "method": dice.choice(METHODS)}
    return Trouble(kind, who, values)


def _kill(dice: random.Random) -> Kill:
    method = dice.choice(("POST", "PATCH", "DELETE", "GET"))
    return Kill(dice.randrange(PEOPLE), method, dice.random() < 0.6, dice.random() < 0.5)
