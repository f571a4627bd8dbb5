"""The switchboard of faults: what goes wrong, where, how often.

Every fault is armed with ``times`` (None: until cleared), ``skip`` (let so many matching requests
pass first) and a match: ``method``, ``path`` (regular expression searched in the path without
``/v1.0``) and ``mailbox`` (address). Parts of a batch match with their own method and path.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from .entra.errors import KINDS as SIGN_IN_CODES

#: Kinds that end a request with an answer of their own, before any effect.
ANSWERS = frozenset({"throttle", "server_error", "html_page"})
#: Kinds that end it otherwise.
BEFORE = ANSWERS | {"drop_before"}
AFTER = frozenset({"drop_after", "truncate"})
DELTA = frozenset({"duplicate_delta", "reorder_delta"})
#: Kinds that keep a request until it is released.
HOLDS = frozenset({"hold", "hold_after"})
KINDS = BEFORE | AFTER | DELTA | HOLDS | {"latency", "entra_error", "lie"}


@dataclass
class Fault:
    """One armed fault."""

    kind: str
    times: int | None = 1
    skip: int = 0
    method: str | None = None
    path: str | None = None
    mailbox: str | None = None
    #: What the kind needs: seconds, status, retry_after, code, message, seed.
    values: dict[str, Any] = field(default_factory=dict)
    hits: int = 0
    number: int = 0
    _released: threading.Event = field(default_factory=threading.Event)
    _reached: threading.Event = field(default_factory=threading.Event)

    def matches(self, method: str, path: str, mailbox: str | None) -> bool:
        """Say whether a request is meant; does not count."""
        return (
            (self.method is None or self.method.upper() == method.upper())
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.mailbox is None or self.mailbox.casefold() == (mailbox or "").casefold())
        )

    def release(self) -> None:
        """Let held requests go on."""
        self._released.set()

    def wait_reached(self, timeout: float = 10.0) -> bool:
        """Wait until a request is being held; False if none came in time (seconds)."""
        return self._reached.wait(timeout)

    def hold(self) -> None:
        """Keep the request until released (a minute at most)."""
        self._reached.set()
        self._released.wait(60)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        names = ("number", "kind", "times", "skip", "method", "path", "mailbox", "values", "hits")
        return {name: getattr(self, name) for name in names}


class Faults:
    """All armed faults of a sandbox."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._lock = threading.Lock()
        self._count = 0

    def __iter__(self) -> Iterator[Fault]:
        """Iterate over the armed faults."""
        return iter(list(self._armed))

    def add(
        self,
        kind: str,
        *,
        times: int | None = 1,
        skip: int = 0,
        method: str | None = None,
        path: str | None = None,
        mailbox: str | None = None,
        **values: Any,
    ) -> Fault:
        """Arm a fault of a kind: one of ``KINDS``."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(sorted(KINDS))}")
        with self._lock:
            self._count += 1
            fault = Fault(kind, times, skip, method, path, mailbox, values, number=self._count)
            self._armed.append(fault)
        return fault

    def latency(self, seconds: float, **match: Any) -> Fault:
        """Answer late."""
        return self.add("latency", seconds=seconds, **match)

    def throttle(
        self, retry_after: float | str | datetime | None = 1, *, status: int = 429, **match: Any
    ) -> Fault:
        """Answer 429 (or 503) with Retry-After: seconds, a fraction, a date, or none."""
        return self.add("throttle", retry_after=_header(retry_after), status=status, **match)

    def server_error(self, status: int = 503, **match: Any) -> Fault:
        """Answer 500, 502, 503 or 504."""
        return self.add("server_error", status=status, **match)

    def entra_error(self, code: int, **match: Any) -> Fault:
        """Let the token endpoint refuse with an AADSTS code: any of ``entra.errors.KINDS``."""
        if code not in SIGN_IN_CODES:
            raise ValueError(f"no such code: {code}")
        return self.add("entra_error", code=code, **match)

    def drop_before(self, **match: Any) -> Fault:
        """Close the connection before anything happened."""
        return self.add("drop_before", **match)

    def drop_after(self, **match: Any) -> Fault:
        """Do what was asked, then close the connection without an answer."""
        return self.add("drop_after", **match)

    def html_page(self, **match: Any) -> Fault:
        """Answer 200 with a page of HTML, as a proxy does."""
        return self.add("html_page", **match)

    def truncate(self, **match: Any) -> Fault:
        """Do what was asked and answer half of the JSON."""
        return self.add("truncate", **match)

    def hold(self, *, after: bool = False, **match: Any) -> Fault:
        """Keep matching requests, before or after their effect, until ``release()``."""
        return self.add("hold_after" if after else "hold", **match)

    def duplicate_delta(self, **match: Any) -> Fault:
        """Tell items of a delta page twice."""
        return self.add("duplicate_delta", **match)

    def reorder_delta(self, *, seed: int = 1, **match: Any) -> Fault:
        """Tell the items of a delta page in another order."""
        return self.add("reorder_delta", seed=seed, **match)

    def lie(self, remote_id: str, shown: dict[str, Any], **match: Any) -> Fault:
        """Show other values of one event than it has, until cleared: whatever JSON can say."""
        return self.add("lie", times=None, id=remote_id, shown=shown, **match)

    def lies(self, method: str, path: str, mailbox: str | None) -> dict[str, dict[str, Any]]:
        """Return what is shown of events instead of what they are, by id."""
        meant = (one for one in self if one.kind == "lie" and one.matches(method, path, mailbox))
        return {one.values["id"]: one.values["shown"] for one in meant}

    def clear(self) -> None:
        """Disarm everything and let held requests go."""
        with self._lock:
            armed, self._armed = self._armed, []
        for fault in armed:
            fault.release()

    def release_all(self) -> None:
        """Let held requests go; the faults stay armed, but for those that have no times left."""
        for fault in self:
            fault.release()
        with self._lock:
            self._armed = [fault for fault in self._armed if fault.times != 0]

    def take(
        self, kinds: frozenset[str] | set[str], method: str, path: str, mailbox: str | None
    ) -> Fault | None:
        """Return the first armed fault of these kinds that meets a request, and count it.

        A hold stays in the list while it holds, so that one can see it, and let it go.
        """
        with self._lock:
            for fault in self._armed:
                if fault.kind not in kinds or fault.times == 0:
                    continue
                if not fault.matches(method, path, mailbox):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                if fault.times is not None:
                    fault.times -= 1
                if fault.times == 0 and fault.kind not in HOLDS:
                    self._armed.remove(fault)
                return fault
        return None

    def disturb_delta(self, page: list[dict[str, Any]], mailbox: str) -> list[dict[str, Any]]:
        """Duplicate or reorder a delta page where a fault says so (both are documented)."""
        path = "/calendarView/delta"
        if page and self.take({"duplicate_delta"}, "GET", path, mailbox):
            page = [*page, *page]
        if page:
            fault = self.take({"reorder_delta"}, "GET", path, mailbox)
            if fault:
                page = list(page)
                random.Random(fault.values["seed"]).shuffle(page)
        return page


def _header(value: float | str | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(timezone.utc), usegmt=True)
    return None if value is None else str(value)
