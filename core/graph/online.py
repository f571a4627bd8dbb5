"""Online meetings: how one is asked for, and the block of text that Exchange puts into its body.

Exchange keeps how to join in the body itself: a line of underscores, the link, a number to dial and
what the tenant adds, in the organizer's language, and a line of underscores again. A body that is
written without it ends the online meeting (event-update, "the meeting blob"). So the block is no
part of a meeting's text: it is cut when a body is read, and put back as it is there when one is
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import unquote

from ..engine.passages import Line, Passages
from .remote import Json
from .values import list_of, object_of, text_of

#: The kind that companies have; personal mailboxes have none, and the others are of the past
#: (outlook-calendar-online-meetings).
PROVIDER: Final = "teamsForBusiness"
#: What a POST or PATCH says so that Exchange makes a Teams meeting of an event.
ONLINE: Final[Json] = {"isOnlineMeeting": True, "onlineMeetingProvider": PROVIDER}

_RULE: Final = re.compile(r"[_.\u2013\u2014\u2500]{20,}")
#: Links of Teams meetings, of companies and at home, by their way in and by their short name.
_TEAMS: Final = re.compile(r"https://teams\.(?:microsoft|live)\.com/(?:l/meetup-join|meet)/")
#: What Teams calls the elements of its block (seen in invitations).
_CLASS: Final = "me-email-text"
_ID: Final = "meet_invite_block"


def has_teams(calendar: Json) -> bool:
    """Tell whether meetings in a calendar may be Teams meetings."""
    return PROVIDER in list_of(calendar, "allowedOnlineMeetingProviders")


def is_online(item: Json) -> bool | None:
    """Tell whether an event is an online meeting; None where the answer does not say."""
    said = item.get("isOnlineMeeting")
    return said if isinstance(said, bool) else None


def join_url(item: Json) -> str | None:
    """Return where an online meeting is joined. It may be missing for some moments (seen)."""
    return text_of(object_of(item, "onlineMeeting"), "joinUrl") or None


def without_block(html: str, item: Json) -> str:
    """Return a body without the block of its online meeting.

    Untouched where the event has none, and where the block cannot be told from the text.
    """
    return _cut(html, _join_of(item)) if is_online(item) is True else html


def with_block(html: str, there: str, item: Json) -> str:
    """Return a text to write as the body of an event, whose body is `there` now.

    The block goes below the text, as it is. Where it cannot be told from the text around it, a text
    that still has the link is written as it is; to any other the paragraph with the link is added.
    """
    is_join = _join_of(item)
    present = Passages(there)
    numbers = _block(present.lines, is_join) or _joins(present.lines, is_join)
    if is_online(item) is not True or not numbers:
        return html
    text = _cut(html, is_join)
    if _joins(Passages(text).lines, is_join) and not _block(present.lines, is_join):
        return html
    return f"{text}<div>{present.only(numbers)}</div>"


def _cut(html: str, is_join: Callable[[str], bool]) -> str:
    passages = Passages(html)
    return passages.without(_block(passages.lines, is_join))


def _join_of(item: Json) -> Callable[[str], bool]:
    """Return what tells whether a piece of text has the link in it."""
    url = join_url(item)
    if url is None:
        return lambda text: bool(_TEAMS.search(unquote(text)))
    bare = unquote(url)
    # As it is, or wrapped by what protects links in mails.
    return lambda text: bare in unquote(unquote(text))


def _joins(lines: Sequence[Line], is_join: Callable[[str], bool]) -> list[int]:
    return [
        number
        for number, line in enumerate(lines)
        if is_join(line.text) or any(map(is_join, line.links))
    ]


def _block(lines: Sequence[Line], is_join: Callable[[str], bool]) -> list[int]:
    """Return which lines are the block: between two rules, or in elements of its name."""
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line.text)]
    for join in reversed(_joins(lines, is_join)):
        above = [rule for rule in rules if rule < join]
        below = [rule for rule in rules if rule > join]
        if above and below:
            return list(range(above[-1], below[0] + 1))
        if lines[join].lies_in(_is_named):
            return _named_around(lines, join)
    return []


def _named_around(lines: Sequence[Line], join: int) -> list[int]:
    """Return the lines around the link that stand in elements of the block's name."""
    named = [line.lies_in(_is_named) for line in lines]
    first = last = join
    while first > 0 and (named[first - 1] or lines[first - 1].is_blank):
        first -= 1
    while last + 1 < len(lines) and (named[last + 1] or lines[last + 1].is_blank):
        last += 1
    return list(range(first, last + 1))


def _is_named(element: Any) -> bool:
    named = element.get("class", ""), element.get("id", "")
    return _CLASS in named[0] or named[1].startswith(_ID)
