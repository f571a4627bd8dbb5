"""The way that all requests of a mailbox take: address, headers, token, retries, counting.

Tokens go to one origin only. Links that Graph hands out are checked before they are followed:
whoever could plant one elsewhere would be sent the token.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ..engine.errors import (
    AppMisconfigured,
    OutcomeUnknown,
    SyncError,
    Throttled,
    TokenExpired,
)
from . import failures
from .clock import ServerClock
from .operations import Call
from .remote import Json
from .retry import Retry, RetryPolicy
from .transport import Request, Response, Transport, is_safe_endpoint

#: Return an access token; when forced, one that is newer than the last.
Token = Callable[[bool], str]

#: Ids that stay when an event moves (outlook-immutable-id), to be asked for on every request; times
#: in UTC, so that nothing depends on the mailbox's settings.
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass
class Stats:
    """What a client cost, for the record of a round."""

    #: HTTP requests, sign-in not counted; a batch is one.
    requests: int = 0
    #: Parts of batches, each of which Exchange counts as a request.
    parts: int = 0
    throttled: int = 0
    #: Bytes of bodies received.
    bytes: int = 0
    #: Graph's own ids of the latest requests, for Microsoft's support.
    request_ids: deque[str] = field(default_factory=lambda: deque(maxlen=50))
    clock: ServerClock = field(default_factory=ServerClock)


class Channel:
    """Send calls of one mailbox, and say in one vocabulary what went wrong."""

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        token: Token,
        *,
        now: Callable[[], datetime],
        stats: Stats,
        retry: RetryPolicy,
        wait: Callable[[float], None],
    ) -> None:
        if not is_safe_endpoint(base_url):
            raise AppMisconfigured("graph_url", "neither https nor on this machine")
        self._origin = _origin(base_url)
        self._root = f"{base_url.rstrip('/')}/v1.0"
        self._transport = transport
        self._token = token
        self._now = now
        self._stats = stats
        self._retry = retry
        self._wait = wait

    def send(self, call: Call, params: Mapping[str, str] | None = None) -> Response:
        """Send a call, relative to the API's root; return its success or raise what it means."""
        return self._with_fresh_token(call, f"{self._root}{call.path}", params)

    def follow(self, link: str, headers: Mapping[str, str]) -> Response:
        """Get what a link of Graph's own leads to. It must pass `is_own` first."""
        return self._with_fresh_token(Call("GET", link, headers), link, None)

    def is_own(self, link: str) -> bool:
        """Tell whether a link stays with the Graph that this channel speaks to."""
        return _origin(link) == self._origin

    def renew_token(self) -> None:
        """Have a newer access token for what follows. Raises `AuthError`."""
        self._token(True)

    def error_of(self, response: Response) -> SyncError | None:
        """Return what an answer means, and count it where it is a refusal for haste."""
        error = failures.error_of(response, now=self._now())
        if isinstance(error, Throttled):
            self._stats.throttled += 1
        return error

    def _with_fresh_token(self, call: Call, url: str, params: Mapping[str, str] | None) -> Response:
        try:
            return self._repeating(call, url, params, token=self._token(False))
        except TokenExpired:
            return self._repeating(call, url, params, token=self._token(True))

    def _repeating(
        self, call: Call, url: str, params: Mapping[str, str] | None, *, token: str
    ) -> Response:
        request = Request(call.method, url, self._headers(call, token), params, call.body)
        attempt = 0
        while True:
            try:
                return self._once(request)
            except SyncError as error:
                step = self._retry.decide(attempt, error, idempotent=request.idempotent)
                if not isinstance(step, Retry):
                    raise
                attempt += 1
                self._wait(step.after)

    def _once(self, request: Request) -> Response:
        self._stats.requests += 1
        sent = self._now()
        response = self._transport.send(request)
        self._stats.clock.note(response.headers.get("date"), sent=sent, received=self._now())
        self._stats.bytes += len(response.body)
        if "request-id" in response.headers:
            self._stats.request_ids.append(response.headers["request-id"])
        error = self.error_of(response)
        if error is not None:
            raise error
        return response

    def _headers(self, call: Call, token: str) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Prefer": PREFER,
            "client-request-id": str(uuid.uuid4()),
            "return-client-request-id": "true",
            **call.headers,
            "Authorization": f"Bearer {token}",
        }


def json_of(response: Response, *, is_write: bool) -> Json:
    """Return the object that a success carries.

    A page of a proxy or a cut answer is `Unavailable`; after a write, which may have been carried
    out, `OutcomeUnknown`.
    """
    try:
        payload: Any = response.json()
    except ValueError:
        payload = None
    if isinstance(payload, dict):
        return payload
    if is_write:
        raise OutcomeUnknown("the answer cannot be read")
    raise failures.unreadable(response)


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port; None for what has none of them."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port
