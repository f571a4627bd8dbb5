"""What Entra's refusals mean."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    SignInDeclined,
    SignInUnavailable,
)
from core.graph.signin_errors import BY_CODE, error_of


@pytest.mark.parametrize(
    ("word", "number", "expected"),
    [
        ("invalid_client", 7000215, AppMisconfigured),
        ("invalid_client", 7000222, AppMisconfigured),
        ("unauthorized_client", 700016, AppMisconfigured),
        ("invalid_request", 90002, AppMisconfigured),
        ("invalid_request", 50194, AppMisconfigured),
        ("invalid_grant", 50173, ConsentNeeded),
        ("invalid_grant", 700082, ConsentNeeded),
        ("invalid_grant", 65001, ConsentNeeded),
        ("interaction_required", 50076, ConsentNeeded),
        ("invalid_request", 9002313, ConsentNeeded),
        ("access_denied", 65004, SignInDeclined),
        ("access_denied", 90094, SignInDeclined),
        ("interaction_required", 53003, SignInDeclined),
        ("invalid_request", 50020, SignInDeclined),
        ("server_error", 90033, SignInUnavailable),
        ("invalid_grant", 999999, ConsentNeeded),
        ("invalid_client", 999999, AppMisconfigured),
        ("something_new", 999999, SignInUnavailable),
    ],
)
def test_a_code_says_who_acts(word: str, number: int, expected: type[AuthError]) -> None:
    """The AADSTS code decides, listed or only in the words; unknown ones leave it to the word."""
    words = f"AADSTS{number}: Something.\r\nTrace ID: t\r\nTimestamp: 2026-01-01"
    for answer in (
        {"error": word, "error_codes": [number], "error_description": words},
        {"error": word, "error_description": words},
    ):
        error = error_of(answer)
        assert type(error) is expected
        assert error.code == f"AADSTS{number}"
        assert error.description == f"AADSTS{number}: Something."


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ({"error": "access_denied"}, SignInDeclined, "access_denied"),
        (
            {"error": "access_denied", "error_subcode": "cancel"},
            SignInDeclined,
            "access_denied.cancel",
        ),
        ({"error": "temporarily_unavailable"}, SignInUnavailable, "temporarily_unavailable"),
        (
            {"error": "invalid_grant", "suberror": "bad_token"},
            ConsentNeeded,
            "invalid_grant.bad_token",
        ),
        ({"error": "<script>"}, SignInUnavailable, "unknown"),
        ({"error": None, "error_codes": "x"}, SignInUnavailable, "unknown"),
        ({}, SignInUnavailable, "unknown"),
    ],
)
def test_without_a_code_the_word_decides(
    answer: dict[str, Any], kind: type[AuthError], code: str
) -> None:
    """Redirects carry no list of codes; what comes in a query string is not believed blindly."""
    error = error_of(answer)

    assert type(error) is kind
    assert error.code == code


def test_the_code_that_says_most_is_taken() -> None:
    """Entra may list several codes; one that is known goes before one that is not."""
    error = error_of({"error": "invalid_grant", "error_codes": [123456, 7000222]})

    assert isinstance(error, AppMisconfigured)
    assert error.code == "AADSTS7000222"


def test_no_code_stands_twice() -> None:
    """A code has one meaning."""
    assert len(BY_CODE) > 60
