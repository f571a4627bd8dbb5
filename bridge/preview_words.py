"""A preview in sentences: what a first round, or the next one, will do. One row for each number.

Numbers are those of `outlook.account._preview`; a number that is nought says nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from odoo.api import Environment
from odoo.release import product_name
from odoo.tools.translate import LazyGettext, LazyTranslate

from . import words

_lt = LazyTranslate(__name__)

Numbers = Mapping[str, Any]


class Line(NamedTuple):
    """Which numbers are added up, the icon, and what is said of so many meetings."""

    names: tuple[str, ...]
    icon: str
    text: LazyGettext


_READING = (
    Line(("incoming",), "fa-arrow-down", _lt("New from Outlook: %(meetings)s.")),
    Line(
        ("joined",),
        "fa-link",
        _lt("On both sides already: %(meetings)s. They are recognized, and none is doubled."),
    ),
    Line(
        ("differing",),
        "fa-exchange",
        _lt(
            "Of these, not quite the same on both sides: %(meetings)s. Nothing is changed on"
            " either."
        ),
    ),
)
_DOUBLES = (
    Line(
        ("doubles_here",),
        "fa-clone",
        _lt(
            "In Outlook once, and here twice as it seems: %(meetings)s. The second one stays here"
            " only, until you send it."
        ),
    ),
    Line(
        ("doubles_there",),
        "fa-clone",
        _lt(
            "Here once, and in Outlook twice as it seems: %(meetings)s. The second one stays there"
            " only, until you bring it in."
        ),
    ),
)
_OVER = Line(
    ("over",),
    "fa-history",
    _lt("Over, with guests: %(meetings)s. They stay in %(product)s only; nobody is mailed."),
)
_ALONE = Line(
    ("without_guests",),
    "fa-arrow-up",
    _lt("Sent to Outlook, without guests: %(meetings)s. Nobody is mailed."),
)
_MADE_SINCE = Line(
    ("to_send",),
    "fa-envelope-o",
    _lt("Sent to Outlook, made here since the connection: %(meetings)s."),
)

#: What a first round does, by what is chosen for the meetings with guests.
_FIRST_ROUND = {
    "leave": (
        *_READING,
        _ALONE,
        Line(
            ("with_guests",),
            "fa-users",
            _lt("Upcoming, with guests: %(meetings)s. They stay in %(product)s only."),
        ),
        _MADE_SINCE,
        _OVER,
        *_DOUBLES,
    ),
    "send": (
        *_READING,
        _ALONE,
        Line(
            ("with_guests",),
            "fa-envelope-o",
            _lt("Sent to Outlook, which invites the guests: %(meetings)s."),
        ),
        _MADE_SINCE,
        _OVER,
        *_DOUBLES,
    ),
    "new": (
        Line(
            ("incoming", "doubles_there"),
            "fa-ban",
            _lt("In Outlook only: %(meetings)s. They stay there."),
        ),
        Line(
            ("joined",),
            "fa-ban",
            _lt("On both sides: %(meetings)s. They stay as they are, and are not kept in step."),
        ),
        Line(
            ("without_guests", "with_guests", "over", "doubles_here"),
            "fa-ban",
            _lt("In %(product)s only: %(meetings)s. They stay here."),
        ),
        _MADE_SINCE,
    ),
}

_NEXT_ROUND = (
    *_READING,
    Line(
        ("changed_there",), "fa-arrow-down", _lt("Changed in Outlook, and then here: %(meetings)s.")
    ),
    Line(
        ("removed_there",), "fa-arrow-down", _lt("Removed in Outlook, and then here: %(meetings)s.")
    ),
    Line(("to_send",), "fa-arrow-up", _lt("Sent to Outlook: %(meetings)s.")),
    Line(("changed_here",), "fa-arrow-up", _lt("Changed here, and then in Outlook: %(meetings)s.")),
    Line(("removed_here",), "fa-arrow-up", _lt("Removed here, and then in Outlook: %(meetings)s.")),
    *_DOUBLES,
)

#: What each choice means for the meetings that it is about.
POLICIES = {
    "leave": _lt("They are marked “Not in Outlook”. You can send each of them later."),
    "send": _lt("Outlook gets %(meetings)s and mails an invitation to each guest."),
    "new": _lt("All that exists now stays as it is, on both sides."),
}
#: What sending means where there is nothing to send.
NONE_TO_SEND = _lt("You have none that Outlook lacks.")

#: What is kept in step of a meeting, as people call it.
FIELDS = {
    "subject": _lt("Subject"),
    "body": _lt("Description"),
    "when": _lt("Time"),
    "zone": _lt("Time zone"),
    "location": _lt("Location"),
    "sensitivity": _lt("Privacy"),
    "people": _lt("Guests"),
    "rule": _lt("Recurrence"),
    "occurrences": _lt("Single occurrences"),
    "show_as": _lt("Free or busy"),
    "reminder": _lt("Reminder"),
    "categories": _lt("Tags"),
}


def field_names(env: Environment, names: Iterable[str]) -> str:
    """Return the names of these fields (`core.engine.fields`), in the order of the table."""
    wanted = set(names)
    return ", ".join(env._(text) for name, text in FIELDS.items() if name in wanted)


def first_round(env: Environment, numbers: Numbers, policy: str) -> Markup:
    """Return what the first round does after a choice (`POLICIES`)."""
    return _as_rows(env, numbers, _FIRST_ROUND[policy])


def next_round(env: Environment, numbers: Numbers) -> Markup:
    """Return what the next round of a mailbox in use does."""
    return _as_rows(env, numbers, _NEXT_ROUND)


def mailed(numbers: Numbers, policy: str | None) -> int:
    """Return how many people Outlook mails; `policy` None: in the next round of one in use."""
    return total(numbers, ("people_all",) if policy == "send" else ("people_now",))


def policy_hints(env: Environment, numbers: Numbers) -> dict[str, dict[str, Any]]:
    """Return what each choice means (`text`), and whom it mails (`mails`, `mailed`)."""
    number = total(numbers, ("with_guests",))
    some = words.meetings(env, number)
    hints = {}
    for policy, text in POLICIES.items():
        text = text if number or policy != "send" else NONE_TO_SEND
        people = total(numbers, ("people",)) if policy == "send" else 0
        hints[policy] = {
            "text": words.filled(env, text, meetings=some),
            "mailed": say_mailed(env, people),
            "mails": bool(people),
        }
    return hints


def say_mailed(env: Environment, people: int) -> str:
    """Return "3 people are mailed", as nobody is mailed by surprise."""
    if not people:
        return env._("Nobody is mailed")
    return env._("1 person is mailed") if people == 1 else env._("%s people are mailed", people)


def total(numbers: Numbers, names: Iterable[str]) -> int:
    """Return how many meetings that are; some numbers are told as a list of them."""
    found = [numbers.get(name) or 0 for name in names]
    return sum(one if isinstance(one, int) else len(one) for one in found)


def _as_rows(env: Environment, numbers: Numbers, lines: Iterable[Line]) -> Markup:
    rows = []
    for line in lines:
        count = total(numbers, line.names)
        if count:
            some = Markup("<b>%s</b>") % words.meetings(env, count)
            said = escape(env._(line.text)) % {"meetings": some, "product": product_name}
            rows.append(_ROW % (line.icon, said))
    if not rows:
        said = env._("Both sides are in step: there is nothing to do.")
        rows.append(_ROW % ("fa-check text-success", said))
    return Markup("").join(rows)


_ROW = Markup(
    '<div class="d-flex align-items-baseline gap-2 mb-1">'
    '<i class="fa fa-fw text-muted %s" role="presentation"></i><span>%s</span></div>'
)
