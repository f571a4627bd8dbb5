"""Online meetings: allowed or silently not, a latch once on, and the block of text in the body.

learn.microsoft.com: event-update (the "meeting blob") and "Create or set an event as an online
meeting". Where the calendar lacks the provider the wish is ignored without an error (seen live).
"""

from __future__ import annotations

import uuid

from ..options import Options
from . import delivery
from .items import Calendar, Content
from .mailbox import Mailbox
from .organization import Exchange

_RULE = "_" * 80
#: Shapes of the block: between rules as Outlook writes it, in elements of a name, or a mere link.
_BLOCKS = {
    "rules": (
        '<div style="width:100%"><span style="white-space:nowrap">{rule}</span></div>\r\n'
        '<div class="me-email-text" lang="en-US"><div>Microsoft Teams meeting</div>\r\n'
        '<div><a class="me-email-headline" href="{url}">Join the meeting now</a></div>\r\n'
        "<div>Meeting ID: <span>123 456 789</span><br>\r\nPasscode: aB3</div></div>\r\n"
        '<div style="width:100%"><span style="white-space:nowrap">{rule}</span></div>'
    ),
    "named": (
        '<div class="me-email-text"><div>Microsoft Teams</div>\r\n'
        '<div><a id="meet_invite_block.action.join_link" href="{url}">Beitreten</a></div></div>'
    ),
    "bare": '<p>Microsoft Teams: <a href="{url}">{url}</a></p>',
}


def start(content: Content, calendar: Calendar, options: Options) -> None:
    """Give a new event its online meeting, if it asks for one and may have it."""
    wanted = content["onlineMeetingProvider"]
    provider = "teamsForBusiness" if wanted == "unknown" else wanted
    if not content["isOnlineMeeting"] or provider not in calendar.providers:
        content |= {"isOnlineMeeting": False, "onlineMeetingProvider": "unknown"}
        return
    content |= {"onlineMeetingProvider": provider, "onlineMeeting": {"joinUrl": None}}
    if not options.join_url_after:
        _open(content, options)


def keep(
    before: Content, content: Content, changes: Content, calendar: Calendar, options: Options
) -> None:
    """Apply a change: on is possible, off is ignored, and a body without the block ends it."""
    meeting = before["onlineMeeting"]
    if meeting is None:
        if "isOnlineMeeting" in changes or "onlineMeetingProvider" in changes:
            start(content, calendar, options)
        return
    latched = {"isOnlineMeeting": True, "onlineMeetingProvider": before["onlineMeetingProvider"]}
    content |= latched
    if "body" in changes and meeting["joinUrl"] and meeting["joinUrl"] not in content["body"]:
        content |= {
            "isOnlineMeeting": False,
            "onlineMeetingProvider": "unknown",
            "onlineMeeting": None,
        }


def finish(exchange: Exchange, mailbox: Mailbox) -> None:
    """Open the rooms that were asked for so many requests ago; it changes the events."""
    if not exchange.options.join_url_after:
        return
    for item in list(mailbox.items.values()):
        if item.is_organizer and _is_unopened(item.content):
            item.requests_since += 1
            if item.requests_since > exchange.options.join_url_after:
                _open(item.content, exchange.options)
                mailbox.touch(item)
                delivery.deliver(exchange, item, delivery.addresses(item.content["attendees"]))


def _is_unopened(content: Content) -> bool:
    meeting = content["onlineMeeting"]
    return meeting is not None and meeting["joinUrl"] is None


def _open(content: Content, options: Options) -> None:
    url = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{uuid.uuid4().hex}%40thread.v2/0"
    block = _BLOCKS[options.teams_block].format(rule=_RULE, url=url)
    text, end, rest = content["body"].rpartition("</body>")
    body = f"{text}{block}\r\n{end}{rest}" if end else f"{rest}\r\n{block}"
    content |= {"onlineMeeting": {"joinUrl": url}, "body": body}
