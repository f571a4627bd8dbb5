"""Turn an answer of Graph that is no success into the one error that says what to do next.

The two tables below are the only place where statuses and codes become classes. A code that says
something special decides; else the status does. Codes are compared without case: Microsoft spells
several of them in two ways. Sources: Graph's pages on error responses, throttling and delta query,
and what published clients have met on the wire.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from ..engine.errors import (
    AuthError,
    Conflicted,
    DeltaExpired,
    GraphError,
    MailboxClosed,
    MailboxFull,
    Missing,
    NotSent,
    Refused,
    Rejected,
    Stale,
    SyncError,
    Throttled,
    TokenExpired,
    Unavailable,
    Unsupported,
)
from .transport import Response
from .values import clean


class DuplicateTransaction(Conflicted):
    """Tell that a `transactionId` has made an event already: look at that one.

    Seen as 400 and as 409, with the event's id and without (public clients).
    """

    existing_event_id: str | None = None


BY_CODE: Mapping[str, type[GraphError]] = {
    "applicationthrottled": Throttled,
    "toomanyrequests": Throttled,
    "activitylimitreached": Throttled,
    "mailboxconcurrency": Throttled,
    "syncstatenotfound": DeltaExpired,
    "syncstateinvalid": DeltaExpired,
    "errorinvalidsyncstatedata": DeltaExpired,
    "resyncrequired": DeltaExpired,
    "fullsyncrequired": DeltaExpired,
    "errorduplicatetransactionid": DuplicateTransaction,
    "erroritemnotfound": Missing,
    "itemnotfound": Missing,
    # The mailbox is not there, or not for us. As `Missing` it would look as if every meeting were
    # deleted.
    "mailboxnotenabledforrestapi": MailboxClosed,
    "mailboxnothostedexternally": MailboxClosed,
    "errornonexistentmailbox": MailboxClosed,
    "errorinvaliduser": MailboxClosed,
    "request_resourcenotfound": MailboxClosed,
    # Full: nothing can be written until the person makes room.
    "errorquotaexceeded": MailboxFull,
    "quotalimitreached": MailboxFull,
}

BY_STATUS: Mapping[int, type[GraphError]] = {
    403: Refused,
    # 404 is `Missing` only with a code that says so: a proxy's or a wrong address' 404 deletes
    # nothing.
    404: Unavailable,
    405: Unsupported,
    408: Unavailable,
    409: Conflicted,
    410: DeltaExpired,
    412: Stale,
    424: Unavailable,
    429: Throttled,
    501: Unsupported,
    507: MailboxFull,
}

_OF_MAILBOX = (Throttled, MailboxClosed, MailboxFull, AuthError, NotSent)
_LONGEST_WAIT = timedelta(days=1).total_seconds()


@dataclass(frozen=True)
class _Envelope:
    """What Graph's error object says; empty where the answer has none."""

    code: str = ""
    message: str = ""
    request_id: str | None = None
    inner_codes: tuple[str, ...] = ()
    existing_event_id: str | None = None


def error_of(response: Response, *, now: datetime) -> SyncError | None:
    """Return the error that an answer means, or None for a success (2xx).

    `now` (aware) is the moment of the answer, for a Retry-After.
    """
    if 200 <= response.status < 300:
        return None
    said = _envelope(response)
    if response.status == 401:
        return TokenExpired(said.code or "401", said.message)
    kind = _class_of(response.status, said)
    details: dict[str, Any] = {
        "status": response.status,
        "code": said.code,
        "message": said.message,
        "request_id": response.headers.get("request-id") or said.request_id,
    }
    wait = seconds_to_wait(response.headers.get("retry-after"), now=now)
    if kind is Throttled or (kind is Unavailable and wait is not None):
        until = None if wait is None else now + timedelta(seconds=wait)
        return Throttled(**details, until=until, retry_after=wait)
    error = kind(**details)
    if isinstance(error, DuplicateTransaction):
        error.existing_event_id = said.existing_event_id
    return error


def concerns_mailbox(error: SyncError) -> bool:
    """Tell whether it is the whole mailbox that refuses: nothing else need be tried now.

    A 500 or 504 may be the own trouble of one item that Exchange cannot handle, a 403 that of one
    that this account may not touch.
    """
    if isinstance(error, Unavailable):
        return error.status == 503
    return isinstance(error, _OF_MAILBOX)


def unreadable(response: Response) -> Unavailable:
    """Return the error for a success whose body is no JSON object: a proxy's page, a cut answer."""
    request_id = response.headers.get("request-id")
    return Unavailable(status=response.status, code="UnreadableAnswer", request_id=request_id)


def seconds_to_wait(header: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After: whole or fractional seconds ("2.128" is in Graph's own sample) or a date.

    None where it is missing or senseless; a day is the most that is believed.
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header, now)
    if not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _seconds_until(text: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return math.nan
    if moment.tzinfo is None:  # "-0000" means UTC, and parses as naive
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - now).total_seconds()


def _class_of(status: int, said: _Envelope) -> type[GraphError]:
    for code in (said.code, *said.inner_codes):
        if code.casefold() in BY_CODE:
            return BY_CODE[code.casefold()]
    # Seen with a code that says nothing, as 429 and as 503; here the words are all there is.
    if "mailboxconcurrency" in said.message.casefold():
        return Throttled
    if status in BY_STATUS:
        return BY_STATUS[status]
    return Rejected if 400 <= status < 500 else Unavailable


def _envelope(response: Response) -> _Envelope:
    """Read `{"error": {code, message, innerError}}`; "innererror" and nested codes exist."""
    try:
        payload = response.json()
    except ValueError:
        return _Envelope()
    error = payload.get("error") if isinstance(payload, dict) else None
    if not isinstance(error, dict):
        return _Envelope()
    codes, request_id = _inner(error)
    return _Envelope(
        code=_text(error.get("code")),
        message=_text(error.get("message")),
        request_id=request_id,
        inner_codes=codes,
        existing_event_id=_text(error.get("@event.existingEventId")) or None,
    )


def _inner(error: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Collect the codes of the nested objects, and the request's id, which only one of them has."""
    codes: list[str] = []
    request_id: str | None = None
    level: Any = error
    while isinstance(level, dict):
        level = level.get("innerError") or level.get("innererror")
        if isinstance(level, dict):
            codes.append(_text(level.get("code")))
            request_id = request_id or _text(level.get("request-id")) or None
    return tuple(filter(None, codes)), request_id


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""
