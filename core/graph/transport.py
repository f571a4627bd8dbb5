"""Carry one HTTP request to Microsoft and its answer back; the only module that imports `requests`.

What a caller must know after a failure is whether the server may have acted:

* `NotSent`: the request never left (no connection, no trust in the certificate). Repeat at will.
* `OutcomeUnknown`: it left, and no whole answer came. Look before repeating a write.

An HTTP status, whatever it is, is an answer and no error here.
"""

from __future__ import annotations

import ipaddress
import json as jsonlib
import math
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
import urllib3.exceptions as wire

from ..engine.errors import NotSent, OutcomeUnknown

#: Causes that end a request before its first byte reached a server.
_BEFORE_SENDING = (
    wire.NewConnectionError,
    wire.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)

#: How many read timeouts a whole answer may take: a server that sends a byte now and then is never
#: silent, and would keep a worker for ever.
TRICKLE = 3
#: Seconds that any request is given: nothing is asked with less time left.
LEAST_SECONDS = 3
#: Bytes. A page of fifty events with a megabyte each is far below.
LARGEST_ANSWER = 256 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Request:
    """One HTTP request. `repr` shows the method only: all else may hold tokens or texts."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def idempotent(self) -> bool:
        """Tell whether repeating the request after a lost answer can do no harm."""
        return self.method == "GET"


@dataclass(frozen=True)
class Response:
    """One whole HTTP answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """Return the body as text; Microsoft answers in UTF-8 only."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """Return the parsed body; raise ValueError where it is not JSON, or too deep to be any."""
        try:
            return jsonlib.loads(self.body, parse_constant=_no_number)
        except RecursionError as err:
            raise ValueError("nested too deeply") from err


class OutOfTime(NotSent):
    """Tell that nothing is asked any more: whoever waits has waited long enough."""


class Transport(Protocol):
    """Whatever can carry a request. Raises only `NotSent` and `OutcomeUnknown`."""

    def send(self, request: Request) -> Response:
        """Return the whole answer, redirects included: none is followed."""
        ...


def _no_number(name: str) -> float:
    """Refuse NaN and Infinity: Python reads them, JSON has neither, and PostgreSQL takes none."""
    raise ValueError(f"{name} is no number in JSON")


def is_safe_endpoint(url: str) -> bool:
    """Tell whether tokens may be sent to `url`: https, or any scheme of HTTP on the loopback."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class RequestsTransport:
    """Send over a pooled `requests.Session`; keep one per round. Timeouts are in seconds.

    `read_timeout` is how long the server may be silent; an answer that comes in chunks, as Graph's
    do, must be whole after `TRICKLE` times as long, and none may be larger than `LARGEST_ANSWER`.

    `until` (of `time.monotonic()`) is when somebody who waits is to have his answer: requests are
    cut short there, and what would begin later is `OutOfTime`.

    An own certificate authority is trusted through REQUESTS_CA_BUNDLE, proxies through HTTPS_PROXY.
    """

    def __init__(
        self,
        *,
        connect_timeout: float = 5,
        read_timeout: float = 30,
        until: float | None = None,
    ) -> None:
        self.timeouts = (connect_timeout, read_timeout)
        self._until = math.inf if until is None else until
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "outlook_calendar"

    def send(self, request: Request) -> Response:
        """Return the answer, or raise `NotSent` or `OutcomeUnknown`."""
        if not is_safe_endpoint(request.url):
            raise NotSent("the address is neither https nor on this machine")
        left = self._until - time.monotonic()
        if left < LEAST_SECONDS:
            raise OutOfTime("no time is left")
        connect, read = self.timeouts
        try:
            answer = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                params=request.params,
                json=request.json,
                data=request.form,
                timeout=(min(connect, left), min(read, left)),
                # A redirect could carry the token to another host.
                allow_redirects=False,
                stream=True,
                # Without an `auth` requests lets ~/.netrc overwrite our Authorization header.
                auth=_keep_headers,
            )
            with answer:
                body = self._whole(answer)
        except requests.RequestException as err:
            raise _as_transport_error(err) from err
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, body)

    def _whole(self, answer: requests.Response) -> bytes:
        """Return the body. Raises `OutcomeUnknown` where its end does not come in time."""
        end = min(time.monotonic() + TRICKLE * self.timeouts[1], self._until)
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_content(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise OutcomeUnknown("the answer is too large")
            if time.monotonic() > end:
                raise OutcomeUnknown("the answer takes too long")
        return b"".join(parts)

    def close(self) -> None:
        """Give the pooled connections back."""
        self._session.close()


def _keep_headers(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    return prepared


def _as_transport_error(err: requests.RequestException) -> NotSent | OutcomeUnknown:
    """Name what happened by its cause's class only: the message would hold the whole address."""
    causes = list(_causes(err))
    name = type(causes[-1]).__name__
    if any(isinstance(cause, _BEFORE_SENDING) for cause in causes):
        return NotSent(name)
    return OutcomeUnknown(name)


def _causes(err: BaseException) -> Iterator[BaseException]:
    """Walk down from requests' wrapper through urllib3's `reason` to what the socket said."""
    seen: set[int] = set()
    current: object = err
    while isinstance(current, BaseException) and id(current) not in seen:
        seen.add(id(current))
        yield current
        wrapped = [getattr(current, "reason", None), *current.args, current.__cause__]
        current = next((one for one in wrapped if isinstance(one, BaseException)), None)
