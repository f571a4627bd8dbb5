"""What Graph's refusals mean."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from scripted import answer, refusal

from core.engine.errors import (
    Conflicted,
    DeltaExpired,
    GraphError,
    MailboxClosed,
    MailboxFull,
    Missing,
    Refused,
    Rejected,
    Stale,
    SyncError,
    Throttled,
    TokenExpired,
    Unavailable,
    Unsupported,
)
from core.graph.failures import BY_CODE, DuplicateTransaction, error_of, seconds_to_wait
from core.graph.transport import Response

NOW = datetime(2026, 10, 25, 12, tzinfo=timezone.utc)


def _error(response: Response) -> SyncError | None:
    return error_of(response, now=NOW)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_is_no_error(status: int) -> None:
    """Every 2xx is a success, with a body or without."""
    assert _error(answer(status)) is None


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "ErrorInvalidRequest", Rejected),
        (400, "ErrorPropertyValidationFailure", Rejected),
        (400, "TimeZoneNotSupportedException", Rejected),
        (422, "", Rejected),
        (401, "InvalidAuthenticationToken", TokenExpired),
        (403, "ErrorAccessDenied", Refused),
        (404, "ErrorItemNotFound", Missing),
        (404, "itemNotFound", Missing),
        (404, "MailboxNotEnabledForRESTAPI", MailboxClosed),
        (404, "ErrorInvalidUser", MailboxClosed),
        (404, "", Unavailable),
        (405, "Request_BadRequest", Unsupported),
        (409, "ErrorIrresolvableConflict", Conflicted),
        (412, "ErrorIrresolvableConflict", Stale),
        (410, "anything", DeltaExpired),
        (429, "TooManyRequests", Throttled),
        (500, "ErrorInternalServerError", Unavailable),
        (501, "", Unsupported),
        (502, "", Unavailable),
        (503, "ErrorServerBusy", Unavailable),
        (504, "UnknownError", Unavailable),
        (507, "ErrorQuotaExceeded", MailboxFull),
        (302, "", Unavailable),
    ],
)
def test_an_answer_has_one_meaning(status: int, code: str, expected: type[SyncError]) -> None:
    """Status and code together decide what the caller does next."""
    assert expected is type(_error(refusal(status, code)))


@pytest.mark.parametrize(
    "code",
    [
        "SyncStateNotFound",
        "syncStateNotFound",
        "syncStateInvalid",
        "resyncRequired",
        "ResyncRequired",
        "fullSyncRequired",
    ],
)
@pytest.mark.parametrize("status", [400, 404, 410])
def test_every_spelling_of_an_expired_delta_is_known(status: int, code: str) -> None:
    """A delta link that is no longer good is `DeltaExpired`, however Graph spells it."""
    assert isinstance(_error(refusal(status, code)), DeltaExpired)


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_codes_are_compared_without_case(code: str) -> None:
    """Microsoft spells codes in several ways."""
    assert type(_error(refusal(400, code))) is type(_error(refusal(400, code.upper())))


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_requests_at_once_is_throttling_whatever_the_status(status: int) -> None:
    """MailboxConcurrency comes as 429 and as 503, in the code or in the words."""
    in_words = refusal(status, "X", "Application is over its MailboxConcurrency limit.")

    assert isinstance(_error(in_words), Throttled)
    assert isinstance(_error(refusal(status, "ApplicationThrottled")), Throttled)


def test_a_code_of_an_inner_error_counts() -> None:
    """Graph nests the telling code, in two spellings of the key."""
    for key in ("innerError", "innererror"):
        inner = {"code": "SyncStateNotFound", "request-id": "r-1"}
        error = _error(answer(400, {"error": {"code": "BadRequest", key: inner}}))

        assert isinstance(error, DeltaExpired)
        assert error.request_id == "r-1"


def test_a_busy_server_that_names_a_time_is_throttling() -> None:
    """A Retry-After is to be kept, whatever the status says."""
    error = _error(refusal(503, "ErrorServerBusy", retry_after="7"))

    assert isinstance(error, Throttled)
    assert (7.0, NOW + timedelta(seconds=7)) == (error.retry_after, error.until)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("10", 10.0),
        ("2.128", 2.128),
        ("0", 0.0),
        ("-5", 0.0),
        ("Sun, 25 Oct 2026 12:00:30 GMT", 30.0),
        ("Sun, 25 Oct 2026 12:00:30 -0000", 30.0),
        ("Sun, 25 Oct 2026 11:00:00 GMT", 0.0),
        ("999999999", 86400.0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_every_form(header: str | None, expected: float | None) -> None:
    """Whole seconds, fractions and dates are times to wait; anything else names none."""
    assert expected == seconds_to_wait(header, now=NOW)


def test_throttling_without_a_time_names_none() -> None:
    """Without Retry-After the caller backs off on its own."""
    error = _error(refusal(429, "TooManyRequests"))

    assert isinstance(error, Throttled)
    assert error.until is None
    assert error.retry_after is None


@pytest.mark.parametrize("status", [400, 409])
def test_a_used_transaction_names_the_event_it_made(status: int) -> None:
    """A repeated transactionId is recognised by its code, as 400 and as 409."""
    body = {"error": {"code": "ErrorDuplicateTransactionId", "@event.existingEventId": "AAMk="}}

    error = _error(answer(status, body))

    assert isinstance(error, DuplicateTransaction)
    assert error.existing_event_id == "AAMk="


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"error": null}', b'{"error": "text"}']
)
def test_an_error_without_an_envelope_is_judged_by_its_status(body: bytes) -> None:
    """Proxies answer without Graph's envelope."""
    assert isinstance(_error(Response(502, {}, body)), Unavailable)


def test_an_error_shows_no_words_of_the_server_in_logs() -> None:
    """Graph's message may quote what was sent: `str` leaves it out."""
    error = _error(refusal(400, "ErrorInvalidRequest", "Secret subject", request_id="r-2"))

    assert isinstance(error, GraphError)
    assert error.message == "Secret subject"
    assert str(error) == "Rejected 400 ErrorInvalidRequest (request r-2)"
