"""Every error of the sync, in one tree, named by what the caller does next.

::

    SyncError
    ├── TransportError      no usable answer
    │   ├── NotSent           the server never saw it             → repeat, any method
    │   └── OutcomeUnknown    sent, the answer is lost            → look before repeating a write
    ├── GraphError          Graph answered (status, code, message, request_id)
    │   ├── Throttled         429, Retry-After                    → stop this account until then
    │   ├── Unavailable       5xx                                 → back off, whole account
    │   ├── Missing           404, ErrorItemNotFound              → an observation, no failure
    │   ├── Stale             412, other change key               → fetch and reconcile again
    │   ├── DeltaExpired      410, syncStateNotFound …            → one full round
    │   ├── Refused           403                                 → of one item: that one rests
    │   │   ├── MailboxClosed   no mailbox, or not for us         → tell the user, stop the account
    │   │   └── MailboxFull     507, its quota is used up         → back off, whole account
    │   ├── Rejected          400, 422: our payload               → park this meeting, go on
    │   ├── Conflicted        409                                 → look what is there, try later
    │   └── Unsupported       405, 501: not offered here          → take the documented other way
    ├── AuthError           sign-in (code, description)
    │   ├── TokenExpired      401                                 → refresh once
    │   ├── ConsentNeeded     the user must sign in again         → account "reconnect", tell once
    │   ├── AppMisconfigured  secret, client or tenant is wrong   → the administrator's problem
    │   ├── SignInDeclined    the person said no, or may not      → say why, change nothing
    │   └── SignInUnavailable the sign-in service has a bad day   → back off
    ├── Unmappable          this value cannot be said there       → park this meeting, show why
    └── UnreadableBase      the stored base is of another format  → go on as if there were no base

    InvariantBroken       our own bug, so none of the above       → the round fails, loudly

``str()`` of each is fit for a log: it never holds a token, a secret, a subject or a body. What the
other system said in words is kept in ``message`` or ``description``, for screens only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class SyncError(Exception):
    """Be the root of all errors that a round knows how to answer."""


class TransportError(SyncError):
    """Tell that a request got no usable answer."""


class NotSent(TransportError):
    """Tell that the server never saw the request: repeating it is safe, whatever the method."""


class OutcomeUnknown(TransportError):
    """Tell that the request went out and the answer is lost: look before repeating a write."""


class GraphError(SyncError):
    """Carry an error answer of Graph.

    ``status`` is the HTTP status, ``code`` the innermost error code that says something
    (``ErrorItemNotFound``), ``message`` Graph's own words, ``request_id`` what Microsoft's support
    asks for.
    """

    def __init__(
        self,
        *,
        status: int,
        code: str = "",
        message: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id

    def __str__(self) -> str:
        words = [type(self).__name__, str(self.status), self.code]
        if self.request_id:
            words.append(f"(request {self.request_id})")
        return " ".join(word for word in words if word)


class Throttled(GraphError):
    """Tell that this mailbox must be left in peace until ``until`` (aware, UTC).

    ``retry_after`` is the header in seconds; both are None where Graph named no time.
    """

    def __init__(
        self,
        *,
        status: int = 429,
        code: str = "",
        message: str = "",
        request_id: str | None = None,
        until: datetime | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status=status, code=code, message=message, request_id=request_id)
        self.until = until
        self.retry_after = retry_after


class Unavailable(GraphError):
    """Tell that Graph has a bad day: back off with the whole account."""


class Missing(GraphError):
    """Tell that the item is not there: an observation, which the round takes as a removal."""


class Stale(GraphError):
    """Tell that the item changed since it was read: fetch and reconcile again."""


class DeltaExpired(GraphError):
    """Tell that the delta link is worthless: one full round, and no second one in a row."""


class Refused(GraphError):
    """Tell that this account may not do that.

    To one item it is that item's trouble, which may end: a calendar is shared again, a consent is
    given. To what every round asks, the account stops and its user is told.
    """


class MailboxClosed(Refused):
    """Tell that there is no mailbox, or none for this application: all else is refused too."""


class MailboxFull(Refused):
    """Tell that nothing can be written until the mailbox's owner makes room: wait, lose nothing."""


class Rejected(GraphError):
    """Tell that Graph does not accept our payload: park this one meeting."""


class Conflicted(GraphError):
    """Tell that Graph is busy with the item or knows the transaction: look what is there."""


class Unsupported(GraphError):
    """Tell that this mailbox or cloud does not offer the operation: take the other way."""


class AuthError(SyncError):
    """Carry a failed sign-in: ``code`` as ``invalid_grant`` or ``AADSTS7000222``.

    ``description`` is the identity provider's own text, for a person to read.
    """

    def __init__(self, code: str = "", description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.description = description

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.code}".rstrip()


class TokenExpired(AuthError):
    """Tell that the access token is no longer good: refresh it, once."""


class ConsentNeeded(AuthError):
    """Tell that only the user can go on, by signing in again."""


class AppMisconfigured(AuthError):
    """Tell that client id, secret, certificate or tenant is wrong: no user can help that."""


class SignInDeclined(AuthError):
    """Tell that the person cancelled, or that the directory does not let him in."""


class SignInUnavailable(AuthError):
    """Tell that the sign-in service cannot answer now: back off, keep all tokens."""


class Unmappable(SyncError):
    """Tell that one value of one meeting cannot be said: park the meeting, show the reason.

    ``field`` is a name of the table in ``fields``; ``reason`` a short English text that holds no
    content of the meeting. ``item`` is what was to be read, where that is known: for administrators
    only.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason
        self.item: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"Unmappable {self.field}: {self.reason}"


class UnreadableBase(SyncError):
    """Tell that a stored base cannot be read (older or newer format, damaged): have no base."""


class InvariantBroken(Exception):
    """Tell that this program is wrong.

    No `SyncError`: whoever knows how to answer those must not answer this one. It ends the round
    with a traceback in the log, and the account says so.
    """
