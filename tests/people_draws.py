"""Random lives of one meeting, for Hypothesis: who does what to it, on which side, in which order.

Between two rounds there is either one *turn* of the meeting (it begins, ends, is answered, changes
hands), or any number of edits, of which each field is touched on one side only.
"""

from typing import NamedTuple

from hypothesis import strategies as st

#: The people with mailboxes, by number; the one after them is outside.
MEMBERS = 3
OUTSIDE = MEMBERS
#: What may be done together before a round.
EDITS = ("rename", "place", "move", "invite", "uninvite", "scribble")
#: What is done by itself.
TURNS = ("answer", "leave", "delete", "archive", "unarchive", "give")
ANSWERS = ("accept", "tentativelyAccept", "decline")


class Act(NamedTuple):
    """What somebody does; `value` is what it needs a number for."""

    what: str
    who: int
    is_here: bool
    value: int


class Life(NamedTuple):
    """How a meeting begins, and the groups of acts between which rounds run, in some order."""

    organizer: int
    guests: frozenset[int]
    is_made_here: bool
    groups: tuple[tuple[Act, ...], ...]
    orders: tuple[tuple[int, ...], ...]


def lives():
    """Draw a life of up to six groups."""
    who, value = st.integers(0, OUTSIDE), st.integers(0, 5)
    edit = st.builds(Act, st.sampled_from(EDITS), who, st.booleans(), value)
    turn = st.builds(Act, st.sampled_from(TURNS), who, st.booleans(), value)
    edits = st.lists(edit, min_size=1, max_size=4).map(_one_side_each)
    groups = st.lists(st.one_of(edits, turn.map(lambda one: (one,))), min_size=2, max_size=6)
    order = st.permutations(range(MEMBERS)).map(tuple)
    return st.builds(
        Life,
        st.integers(0, MEMBERS - 1),
        st.frozensets(st.integers(0, OUTSIDE), min_size=1),
        st.booleans(),
        groups.map(tuple),
        st.lists(order, min_size=8, max_size=8).map(tuple),
    )


def _one_side_each(acts: list[Act]) -> tuple[Act, ...]:
    """Let each field be touched on the side where it was touched first."""
    sides: dict[str, bool] = {}
    for act in acts:
        sides.setdefault(_field(act), act.is_here)
    return tuple(act._replace(is_here=sides[_field(act)]) for act in acts)


def _field(act: Act) -> str:
    return "people" if act.what in ("invite", "uninvite") else act.what
