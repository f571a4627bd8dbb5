"""How Graph says no: one exception that carries the whole answer.

Error envelope: learn.microsoft.com, "Microsoft Graph error responses and resource types". The codes
and messages are those seen on the wire by published clients; messages are not promised to be
stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """Graph refuses a request: HTTP status, error code, message and what else goes with it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


CANNOT = "Your request can't be completed. "


def invalid_request(message: str) -> Refused:
    """Refuse what the calendar's rules forbid (400 ErrorInvalidRequest)."""
    return Refused(400, "ErrorInvalidRequest", CANNOT + message)


def invalid_parameter(message: str) -> Refused:
    """Refuse an argument of an action or a missing window (400 ErrorInvalidParameter)."""
    return Refused(400, "ErrorInvalidParameter", message)


def invalid_property(message: str = "At least one property failed validation.") -> Refused:
    """Refuse a value that has the right type and the wrong sense."""
    return Refused(400, "ErrorPropertyValidationFailure", message)


def unreadable_body(message: str) -> Refused:
    """Refuse JSON that does not fit the type: unknown property, wrong kind of value."""
    return Refused(400, "RequestBodyRead", message)


def invalid_query(message: str) -> Refused:
    """Refuse a query option that Graph does not know or does not allow here."""
    return Refused(400, "ErrorInvalidUrlQuery", message)


def bad_request(message: str) -> Refused:
    """Refuse what the OData parser cannot read."""
    return Refused(400, "BadRequest", message)


def malformed_id() -> Refused:
    """Refuse an id that cannot be one (seen on the wire by published clients)."""
    return Refused(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def not_found() -> Refused:
    """Say that the mailbox holds no such object."""
    return Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def access_denied() -> Refused:
    """Say that the token's scopes or the calendar's rights do not allow it."""
    return Refused(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")


def unsupported_zone(name: str) -> Refused:
    """Refuse a time zone that is in neither list (resource dateTimeTimeZone)."""
    return Refused(
        400,
        "TimeZoneNotSupportedException",
        "A valid TimeZone value must be specified. The following TimeZone value is not "
        f"supported: '{name}'.",
    )
