"""The token endpoint: codes and refresh tokens become tokens.

learn.microsoft.com "OAuth 2.0 authorization code flow" (request and error answers) and "Certificate
credentials". Scopes are answered in the spelling of the request, because clients cache by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ..exchange.mailbox import Mailbox
from ..exchange.organization import Exchange
from ..options import Options
from . import jwt
from .authorize import RESERVED, is_scope, matches, short_scopes
from .directory import ACCESS_LIFE, CONSUMERS, App, Directory, Grant
from .errors import SignInRefused

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Form = Mapping[str, str]


class TokenEndpoint:
    """Answers one tenant's token requests."""

    def __init__(
        self, directory: Directory, exchange: Exchange, options: Options, base_url: str
    ) -> None:
        self._directory = directory
        self._exchange = exchange
        self._options = options
        self._base_url = base_url

    def answer(self, tenant: str, form: Form) -> tuple[int, dict[str, Any]]:
        """Return status and JSON for a request; refusals become Entra's error object."""
        try:
            door = self._directory.resolve_tenant(tenant)
            app = self._directory.app(form.get("client_id", ""), door)
            self._check_client(app, form, tenant)
            grants = {"authorization_code": self._by_code, "refresh_token": self._by_refresh}
            grant_type = grants.get(form.get("grant_type", ""))
            if grant_type is None:
                raise SignInRefused(70003)
            return 200, grant_type(form)
        except SignInRefused as refused:
            return refused.kind.status, self.error(refused)

    def _check_client(self, app: App, form: Form, tenant: str) -> None:
        assertion = form.get("client_assertion")
        secret = form.get("client_secret")
        if assertion and form.get("client_assertion_type") == _ASSERTION:
            self._check_assertion(app, assertion, tenant)
        elif not secret:
            raise SignInRefused(7000218)
        elif secret not in app.secrets:
            raise SignInRefused(7000215, f"'{app.client_id}'.")
        elif app.secret_expired:
            raise SignInRefused(7000222, f"'{app.client_id}'.")

    def _check_assertion(self, app: App, assertion: str, tenant: str) -> None:
        """Check a signed assertion: its certificate, for whom, from whom, until when."""
        for certificate in app.certificates:
            try:
                claims = jwt.verified_claims(assertion, certificate)
            except ValueError:
                continue
            endpoint = f"{self._base_url}/{tenant}/oauth2/v2.0/token"
            fresh = claims.get("exp", 0) >= self._directory.clock.now().timestamp()
            if claims.get("aud") == endpoint and fresh and claims.get("iss") == app.client_id:
                return
        raise SignInRefused(700027)

    def _by_code(self, form: Form) -> dict[str, Any]:
        grant = self._directory.redeem(form.get("code", ""))
        if grant.client_id != form.get("client_id"):
            raise SignInRefused(70000)
        if grant.redirect_uri != form.get("redirect_uri"):
            raise SignInRefused(50011, f"'{form.get('redirect_uri', '')}'.")
        verifier = form.get("code_verifier", "")
        if grant.challenge and not matches(verifier, grant.challenge, grant.challenge_method):
            raise SignInRefused(501481)
        return self._tokens(grant, form)

    def _by_refresh(self, form: Form) -> dict[str, Any]:
        token = form.get("refresh_token", "")
        grant = self._directory.refresh.get(token)
        if grant is None or grant.client_id != form.get("client_id"):
            raise SignInRefused(self._directory.revoked.get(token, 70000))
        if grant.expires < self._directory.clock.now():
            raise SignInRefused(700082)
        if self._options.refresh_token_single_use:
            del self._directory.refresh[token]
        return self._tokens(grant, form)

    def _tokens(self, grant: Grant, form: Form) -> dict[str, Any]:
        asked = tuple(form.get("scope", "").split()) or grant.scopes
        if any(not is_scope(name) for name in asked):
            raise SignInRefused(70011)
        consented = short_scopes(grant.scopes)
        if not short_scopes(asked) - RESERVED <= consented | {".default"}:
            raise SignInRefused(65001)
        mailbox = self._exchange.mailboxes[grant.address.casefold()]
        named = [name for name in asked if name not in RESERVED]
        granted = consented if ".default" in short_scopes(asked) else short_scopes(asked)
        answer = {
            "token_type": "Bearer",
            "scope": " ".join(named + [one for one in ("openid", "profile") if one in asked]),
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "ext_expires_in": int(ACCESS_LIFE.total_seconds()),
            "access_token": self._directory.new_access(grant, granted),
        }
        if "offline_access" in grant.scopes:
            answer["refresh_token"] = self._directory.new_refresh(grant)
        if "openid" in grant.scopes:
            answer["id_token"] = self._id_token(grant, mailbox)
        if form.get("client_info") == "1":
            info = {"uid": mailbox.id, "utid": mailbox.tenant}
            answer["client_info"] = jwt.encode_json(info)
        return answer

    def _id_token(self, grant: Grant, mailbox: Mailbox) -> str:
        now = int(self._directory.clock.now().timestamp())
        subject = uuid.uuid5(uuid.UUID(CONSUMERS), f"{grant.client_id}/{mailbox.id}")
        claims: dict[str, Any] = {
            "aud": grant.client_id,
            "iss": f"{self._base_url}/{mailbox.tenant}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + int(ACCESS_LIFE.total_seconds()),
            "sub": subject.hex,
            "oid": mailbox.id,
            "tid": mailbox.tenant,
            "preferred_username": mailbox.address,
            "name": mailbox.name,
            "ver": "2.0",
        }
        if "email" in grant.scopes:
            claims["email"] = mailbox.address
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return jwt.sign(claims)

    def error(self, refused: SignInRefused) -> dict[str, Any]:
        """Write Entra's error object."""
        stamp = self._directory.clock.now().strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        answer = {
            "error": refused.kind.error,
            "error_description": (
                f"{refused.message} Trace ID: {trace} Correlation ID: {correlation} "
                f"Timestamp: {stamp}"
            ),
            "error_codes": [refused.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{self._base_url}/error?code={refused.code}",
        }
        if refused.kind.suberror:
            answer["suberror"] = refused.kind.suberror
        return answer
