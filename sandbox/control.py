"""Steer a running sandbox from another process, with the same words as in process."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from .verbs import ActionRefused, Json, PersonVerbs


class ControlFailed(Exception):
    """The sandbox did not understand an order."""


class Control(PersonVerbs):
    """A remote control for the sandbox at an address (its plain http one needs no certificate)."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        if not url.startswith("http://127.0.0.1"):
            raise ValueError("the sandbox is steered through its http address on 127.0.0.1")
        self._url = url.rstrip("/")
        self._timeout = timeout

    def overview(self) -> Json:
        """Return the addresses and counts."""
        return self._call("GET", "")

    def add_mailbox(self, address: str, **values: Any) -> Json:
        """Make a mailbox: name, time_zone, personal, tenant, alias."""
        return self._call("POST", "mailboxes", {"address": address, **values})

    def mailboxes(self) -> list[Json]:
        """Return all mailboxes."""
        return self._list("mailboxes")

    def add_app(self, **values: Any) -> Json:
        """Register an app: client_id, secret, redirect_uris, tenant_only, certificate (PEM)."""
        return self._call("POST", "apps", values)

    def mails(self) -> list[Json]:
        """Return the mails that Exchange sent, oldest first."""
        return self._list("mails")

    def clear_mails(self) -> None:
        """Empty the log of mails."""
        self._call("DELETE", "mails")

    def requests(self) -> list[Json]:
        """Return the requests that came in, parts of batches too."""
        return self._list("requests")

    def clear_requests(self) -> None:
        """Empty the log of requests."""
        self._call("DELETE", "requests")

    def options(self, **values: Any) -> Json:
        """Set switches and return them all."""
        return self._call("POST", "options", values)

    def fault(self, kind: str, **values: Any) -> Json:
        """Arm a fault: times, skip, method, path, mailbox and what the kind needs."""
        return self._call("POST", "faults", {"kind": kind, **values})

    def faults(self) -> list[Json]:
        """Return the armed faults, each with how often it was met (`hits`)."""
        return self._list("faults")

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self._call("DELETE", "faults")

    def release(self) -> None:
        """Let held requests go."""
        self._call("POST", "faults/release")

    def expire_delta(self, address: str, **values: Any) -> None:
        """Forget a mailbox's delta state: status, code."""
        self._call("POST", "expire-delta", {"address": address, **values})

    def restore_mailbox(self, address: str) -> None:
        """Let a mailbox be restored from a backup: the same meetings, under other ids."""
        self._call("POST", "restore", {"address": address})

    def sign_out(self, address: str, code: int = 50173) -> None:
        """Revoke a person's sign-in; refreshes meet this AADSTS code."""
        self._call("POST", "sign-out", {"address": address, "code": code})

    def expire_access(self, address: str) -> None:
        """Let a person's access tokens run out."""
        self._call("POST", "expire-access", {"address": address})

    def expire_secret(self, client_id: str, *, expired: bool = True) -> None:
        """Let an app's secret be expired, or good again."""
        self._call("POST", "app", {"client_id": client_id, "secret_expired": expired})

    def disable_app(self, client_id: str, *, disabled: bool = True) -> None:
        """Switch an app off at Entra, or on again."""
        self._call("POST", "app", {"client_id": client_id, "disabled": disabled})

    def require_admin(self, client_id: str, *, needed: bool = True) -> None:
        """Let people's consent to an app not be enough, or again be."""
        self._call("POST", "app", {"client_id": client_id, "needs_admin": needed})

    def clock(self, **values: Any) -> Json:
        """Advance by seconds, freeze at an ISO moment, or (without anything) follow real time."""
        return self._call("POST", "clock", values)

    def reset(self) -> None:
        """Forget everything."""
        self._call("POST", "reset")

    def graph(
        self,
        address: str,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Do one thing in a mailbox as its owner in Outlook."""
        order = {
            "address": address,
            "method": method,
            "path": path,
            "body": body,
            "headers": headers,
        }
        answer = self._call("POST", "graph", order)
        if answer["status"] >= 400:
            raise ActionRefused(answer["status"], answer["body"])
        return answer["body"]

    def move_event(self, address: str, event_id: str, calendar_id: str) -> str:
        """Drag an event to another calendar and return its new id."""
        order = {"address": address, "event_id": event_id, "calendar_id": calendar_id}
        moved: str = self._call("POST", "move", order)["id"]
        return moved

    def _list(self, name: str) -> list[Json]:
        found: list[Json] = self._call("GET", name)["value"]
        return found

    def _call(self, method: str, name: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}/_sandbox/{name}", data, method=method)
        try:
            with urlopen(request, timeout=self._timeout) as response:
                answer: Json = json.load(response)
                return answer
        except HTTPError as err:
            raise ControlFailed(err.read().decode()) from err
