"""Entra's errors: the AADSTS codes, each with its OAuth error, its status and its words.

learn.microsoft.com "Microsoft Entra authentication and authorization error codes" and the page of
the authorization code flow; statuses as seen on the wire (401 for invalid_client).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One code: OAuth's word for it, the HTTP status, the message."""

    error: str
    status: int
    message: str
    suberror: str | None = None


KINDS: dict[int, Kind] = {
    50011: Kind(
        "invalid_request",
        400,
        "The redirect URI specified in the request does not match the redirect URIs configured for "
        "the application. Make sure the redirect URI sent in the request matches one added to your "
        "application in the Azure portal.",
    ),
    50020: Kind("invalid_request", 400, "User account does not exist in tenant."),
    50058: Kind(
        "login_required", 400, "A silent sign-in request was sent but no user is signed in."
    ),
    50089: Kind("invalid_grant", 400, "Authentication failed due to flow token expired."),
    50057: Kind("invalid_grant", 400, "The user account is disabled."),
    50079: Kind(
        "interaction_required",
        400,
        "You must enroll in multi-factor authentication.",
        "basic_action",
    ),
    50105: Kind("access_denied", 400, "The signed in user is not assigned to a role for the app."),
    50132: Kind("invalid_grant", 400, "The session is not valid: the password was changed."),
    50076: Kind(
        "interaction_required", 400, "You must use multi-factor authentication.", "basic_action"
    ),
    50173: Kind(
        "invalid_grant",
        400,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
        "bad_token",
    ),
    50194: Kind(
        "invalid_request",
        400,
        "Application is not configured as a multi-tenant application. Usage of the /common "
        "endpoint is not supported for such apps.",
    ),
    501481: Kind(
        "invalid_grant",
        400,
        "The Code_Verifier does not match the code_challenge supplied in the authorization "
        "request.",
    ),
    53003: Kind(
        "interaction_required",
        400,
        "Access has been blocked by Conditional Access policies.",
        "message_only",
    ),
    54005: Kind(
        "invalid_grant",
        400,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
    ),
    65001: Kind(
        "invalid_grant",
        400,
        "The user or administrator has not consented to use the application.",
        "consent_required",
    ),
    65004: Kind("access_denied", 400, "User declined to consent to access the app."),
    70000: Kind("invalid_grant", 400, "Provided grant is invalid or malformed.", "bad_token"),
    70001: Kind("unauthorized_client", 400, "The application is disabled."),
    70003: Kind("unsupported_grant_type", 400, "The app requested an unsupported grant type."),
    70008: Kind(
        "invalid_grant",
        400,
        "The provided authorization code or refresh token has expired due to inactivity.",
        "token_expired",
    ),
    70011: Kind(
        "invalid_scope", 400, "The provided value for the input parameter 'scope' is not valid."
    ),
    70043: Kind(
        "invalid_grant", 400, "The refresh token has expired due to sign-in frequency checks."
    ),
    90002: Kind(
        "invalid_request",
        400,
        "Tenant not found. Check to make sure you have the correct tenant ID and are signing into "
        "the correct cloud.",
    ),
    90033: Kind(
        "temporarily_unavailable", 503, "A transient error has occurred. Please try again."
    ),
    90094: Kind("access_denied", 400, "Admin consent is required."),
    700016: Kind(
        "unauthorized_client",
        400,
        "Application was not found in the directory. This can happen if the application has not "
        "been installed by the administrator of the tenant.",
    ),
    700027: Kind(
        "invalid_client", 401, "The certificate used to sign the client assertion is wrong."
    ),
    700084: Kind("invalid_grant", 400, "The refresh token was issued to a single page app."),
    700082: Kind(
        "invalid_grant", 400, "The refresh token has expired due to inactivity.", "token_expired"
    ),
    7000215: Kind(
        "invalid_client",
        401,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client "
        "secret value, not the client secret ID, for a secret added to app.",
    ),
    7000218: Kind(
        "invalid_client",
        401,
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
    ),
    7000222: Kind("invalid_client", 401, "The provided client secret keys for app are expired."),
    900144: Kind("invalid_request", 400, "The request body is missing a required parameter."),
    9002313: Kind("invalid_request", 400, "Invalid request. Request is malformed or invalid."),
}


class SignInRefused(Exception):
    """Entra refuses; ``code`` is the number after AADSTS."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.kind = KINDS[code]
        self.message = f"AADSTS{code}: {self.kind.message}{f' {detail}' if detail else ''}"
        super().__init__(self.message)
