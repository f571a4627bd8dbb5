"""What Entra's refusals mean, by AADSTS code and by OAuth word: who has to act.

Source of the codes: "Microsoft Entra authentication and authorization error codes", the code flow's
page, and third-party tables where those are silent. A code that is in no table is judged by the
OAuth word that comes with it, which the protocol defines (RFC 6749 §5.2, OpenID Connect §3.1.2.6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    SignInDeclined,
    SignInUnavailable,
)

_CODE = re.compile(r"\bAADSTS(\d{5,7})\b")

_CODES: Mapping[type[AuthError], tuple[int, ...]] = {
    # The registration: redirect URI, tenant kind, unknown or disabled application, scopes, the
    # secret or certificate. No user can help, and no user's tokens are to be touched.
    AppMisconfigured: (
        *(50011, 50194, 50059, 700016, 700011, 70001, 70011, 650052, 650056, 650057),
        *(7000215, 7000222, 7000218, 70002, 700025, 700027, 700030, 90002, 900023, 90013),
        *(500011, 90008, 7000112, 7000229),
    ),
    # The person said no, or the directory does not let this person in.
    SignInDeclined: (
        *(65004, 90094, 50020, 500208, 50105, 50034, 50057, 53000, 53001, 53002, 53003, 50131),
    ),
    # Only a new sign-in helps: second factor, changed password, ended session, aged refresh token.
    ConsentNeeded: (
        *(50055, 50056, 50058, 50072, 50074, 50076, 50078, 50079, 50089, 50126, 50132, 50133),
        *(50173, 501481, 54005, 65001, 70000, 70008, 70043, 700082, 700084, 50140, 50158),
        9002313,  # a malformed code or refresh token
    ),
    SignInUnavailable: (90023, 90033, 90024, 90006, 50033, 70012, 90012, 90051),
}
BY_CODE: Mapping[int, type[AuthError]] = {
    code: kind for kind, codes in _CODES.items() for code in codes
}
BY_WORD: Mapping[str, type[AuthError]] = {
    "access_denied": SignInDeclined,
    "invalid_grant": ConsentNeeded,
    "interaction_required": ConsentNeeded,
    "consent_required": ConsentNeeded,
    "login_required": ConsentNeeded,
    "invalid_client": AppMisconfigured,
    "unauthorized_client": AppMisconfigured,
    "unsupported_grant_type": AppMisconfigured,
    "unsupported_response_type": AppMisconfigured,
    "invalid_scope": AppMisconfigured,
    "invalid_resource": AppMisconfigured,
    "invalid_tenant": AppMisconfigured,
    "invalid_request": AppMisconfigured,
    "temporarily_unavailable": SignInUnavailable,
    "server_error": SignInUnavailable,
}


def error_of(answer: Mapping[str, Any]) -> AuthError:
    """Return the error that an answer with an `error` means.

    Its `code` is the AADSTS code where there is one, else the OAuth word, with the sub-code where
    that says more (`access_denied` `cancel`).
    """
    word = str(answer.get("error") or "")
    description = str(answer.get("error_description") or "")
    numbers = _numbers(answer, description)
    known = next((number for number in numbers if number in BY_CODE), None)
    kind = BY_WORD.get(word, SignInUnavailable) if known is None else BY_CODE[known]
    number = known if known is not None else next(iter(numbers), None)
    code = f"AADSTS{number}" if number is not None else _word(word, answer)
    return kind(code, _first_line(description))


def _numbers(answer: Mapping[str, Any], description: str) -> list[int]:
    """Return the codes of `error_codes`, which redirects lack, then those in the words."""
    listed = answer.get("error_codes")
    numbers = listed if isinstance(listed, list) else []
    found = [int(number) for number in _CODE.findall(description)]
    return [*(number for number in numbers if isinstance(number, int)), *found]


def _word(word: str, answer: Mapping[str, Any]) -> str:
    """Return the OAuth word; only what has the form of one, as it comes from a query string."""
    detail = str(answer.get("error_subcode") or answer.get("suberror") or "")
    parts = [part for part in (word, detail) if re.fullmatch(r"[a-z_]{1,40}", part)]
    return ".".join(parts) or "unknown"


def _first_line(description: str) -> str:
    """Drop trace id, correlation id and time stamp, which follow on lines of their own."""
    return description.splitlines()[0] if description else ""
