"""Random lives of series, for Hypothesis: how one begins, and what both sides do to it."""

from typing import NamedTuple

from hypothesis import strategies as st

ZONES = ("Europe/Brussels", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
#: What can be done to a series; each on either side.
ACTS = (
    "rename one",
    "place one",
    "move one",
    "cancel one",
    "rename all",
    "place all",
    "move all",
    "rename rest",
    "cancel rest",
)


class Act(NamedTuple):
    """One edit: on which side, what, of which occurrence, by how much."""

    is_here: bool
    what: str
    index: int
    value: int


class Life(NamedTuple):
    """A series and what happens to it between two rounds, on both sides."""

    is_made_here: bool
    zone: str
    language: str
    #: Days after the Monday, and the hour of the wall clock: far from midnight.
    day: int
    hour: int
    rule: dict
    acts: tuple


def rules_here():
    """Draw what Odoo's form can say of a rule, its start left to the caller."""
    count = st.integers(3, 5)
    interval = st.integers(1, 3)
    plain = {"interval": interval, "count": count}
    days = st.sets(st.sampled_from([day[:3] for day in DAYS]), min_size=1, max_size=3)
    return st.one_of(
        st.fixed_dictionaries({"rrule_type": st.just("daily"), **plain}),
        st.fixed_dictionaries({"rrule_type": st.just("weekly"), "days": days, **plain}),
        st.fixed_dictionaries({"rrule_type": st.just("monthly"), "by": st.just("date"), **plain}),
        st.fixed_dictionaries({"rrule_type": st.just("monthly"), "by": st.just("day"), **plain}),
    )


def rules_there():
    """Draw a pattern of Graph's, whether Odoo can say it or not, and how often it comes."""
    days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True)
    interval = st.integers(1, 3)
    patterns = (
        {"type": "daily"},
        {"type": "weekly", "daysOfWeek": days, "firstDayOfWeek": st.sampled_from(DAYS)},
        {"type": "absoluteMonthly", "dayOfMonth": st.integers(1, 31)},
        {"type": "relativeMonthly", "daysOfWeek": days, "index": st.sampled_from(INDEXES)},
    )
    drawn = [
        st.fixed_dictionaries(
            {
                name: value if isinstance(value, st.SearchStrategy) else st.just(value)
                for name, value in {**pattern, "interval": interval}.items()
            }
        )
        for pattern in patterns
    ]
    return st.fixed_dictionaries({"pattern": st.one_of(*drawn), "count": st.integers(3, 5)})


@st.composite
def lives(draw):
    """Draw a life: one base, disturbed on both sides."""
    acts = st.builds(
        Act, st.booleans(), st.sampled_from(ACTS), st.integers(0, 4), st.integers(1, 2)
    )
    is_made_here = draw(st.booleans())
    return Life(
        is_made_here=is_made_here,
        zone=draw(st.sampled_from(ZONES)),
        language=draw(st.sampled_from(("en_US", "fr_FR"))),
        day=draw(st.integers(0, 30)),
        hour=draw(st.integers(4, 19)),
        rule=draw(rules_here() if is_made_here else rules_there()),
        acts=tuple(draw(st.lists(acts, max_size=5))),
    )
