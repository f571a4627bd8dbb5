"""Online meetings: allowed or silently not, a latch once on, and the block of text in the body.

learn.microsoft.com: event-update (the "meeting blob") and "Create or set an event as an online
meeting". Where the calendar lacks the provider the wish is ignored without an error (seen live).
"""

from __future__ import annotations

import uuid

from .items import Calendar, Content

_RULE = "_" * 80


def start(content: Content, calendar: Calendar) -> None:
    """Give a new event its online meeting, if it asks for one and may have it."""
    wanted = content["onlineMeetingProvider"]
    provider = "teamsForBusiness" if wanted == "unknown" else wanted
    if not content["isOnlineMeeting"] or provider not in calendar.providers:
        content |= {"isOnlineMeeting": False, "onlineMeetingProvider": "unknown"}
        return
    url = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{uuid.uuid4().hex}%40thread.v2/0"
    content |= {"onlineMeetingProvider": provider, "onlineMeeting": {"joinUrl": url}}
    block = (
        f'<div>{_RULE}<br>\r\nMicrosoft Teams<br>\r\n<a href="{url}">Join</a><br>\r\n{_RULE}</div>'
    )
    content["body"] = f"{content['body']}\r\n{block}"


def keep(before: Content, content: Content, changes: Content, calendar: Calendar) -> None:
    """Apply a change: on is possible, off is ignored, and a body without the block ends it."""
    meeting = before["onlineMeeting"]
    if meeting is None:
        if "isOnlineMeeting" in changes or "onlineMeetingProvider" in changes:
            start(content, calendar)
        return
    latched = {"isOnlineMeeting": True, "onlineMeetingProvider": before["onlineMeetingProvider"]}
    content |= latched
    if "body" in changes and meeting["joinUrl"] not in content["body"]:
        content |= {
            "isOnlineMeeting": False,
            "onlineMeetingProvider": "unknown",
            "onlineMeeting": None,
        }
