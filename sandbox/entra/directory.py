"""Who exists at Entra: tenants, apps, grants, and the tokens that are out.

Lifetimes: authorization codes about 10 minutes, single use; access tokens about an hour; refresh
tokens 90 days, replaced at every use (learn.microsoft.com, "Refresh tokens in the Microsoft
identity platform").
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..clock import Clock
from ..errors import Refused
from ..exchange.mailbox import Mailbox
from .errors import KINDS, SignInRefused

#: The tenant of all personal accounts.
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
#: The sandbox's own work tenant, and a second one for "wrong directory".
WORK = "11111111-2222-4333-8444-555555555555"

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(seconds=3599)
REFRESH_LIFE = timedelta(days=90)


@dataclass
class App:
    """A registered application."""

    client_id: str
    secrets: list[str] = field(default_factory=list)
    certificates: list[bytes] = field(default_factory=list)
    redirect_uris: list[str] = field(default_factory=list)
    #: The only tenant whose people may sign in; None: any (multi-tenant).
    tenant_only: str | None = None
    name: str = "Outlook Calendar"
    secret_expired: bool = False
    disabled: bool = False
    #: People may not consent themselves: after Accept they are told to ask their administrator.
    needs_admin: bool = False


@dataclass(frozen=True)
class Grant:
    """What a code or a token stands for."""

    client_id: str
    address: str
    scopes: tuple[str, ...]
    expires: datetime
    tenant: str
    redirect_uri: str = ""
    nonce: str = ""
    challenge: str = ""
    challenge_method: str = ""


@dataclass(frozen=True)
class Caller:
    """Who stands behind an access token."""

    address: str
    scopes: frozenset[str]
    client_id: str


@dataclass
class Directory:
    """Entra's memory."""

    clock: Clock
    tenants: dict[str, str] = field(default_factory=lambda: {WORK: "contoso.example"})
    apps: dict[str, App] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    access: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)
    #: Refresh tokens that are dead, and the AADSTS code that says why.
    revoked: dict[str, int] = field(default_factory=dict)

    def resolve_tenant(self, name: str) -> str:
        """Return a tenant's id, or common, organizations, consumers; unknown: AADSTS90002."""
        folded = name.casefold()
        if folded in ("common", "organizations", "consumers"):
            return folded
        if folded == CONSUMERS:
            return CONSUMERS
        for tenant, domain in self.tenants.items():
            if folded in (tenant, domain):
                return tenant
        raise SignInRefused(90002, f"Tenant '{name}'.")

    def app(self, client_id: str, tenant: str) -> App:
        """Find an app that may be used through a tenant's door."""
        app = self.apps.get(client_id)
        if app is None or (
            app.tenant_only and tenant in self.tenants and tenant != app.tenant_only
        ):
            raise SignInRefused(700016, f"Application with identifier '{client_id}'.")
        if app.disabled:
            raise SignInRefused(70001)
        if app.tenant_only and tenant in ("common", "organizations", "consumers"):
            raise SignInRefused(50194)
        return app

    def allows(self, tenant: str, mailbox: Mailbox) -> bool:
        """Say whether a person may come through a tenant's door."""
        doors = {
            "common": True,
            "organizations": not mailbox.personal,
            "consumers": mailbox.personal,
        }
        return doors.get(tenant, tenant == mailbox.tenant)

    def new_code(self, grant: Grant) -> str:
        """Give out an authorization code."""
        code = f"0.A{secrets.token_urlsafe(60)}"
        self.codes[code] = grant
        return code

    def redeem(self, code: str) -> Grant:
        """Take a code back, once."""
        if code in self.used_codes:
            raise SignInRefused(54005)
        grant = self.codes.pop(code, None)
        if grant is None:
            raise SignInRefused(70000)
        self.used_codes.add(code)
        if grant.expires < self.clock.now():
            raise SignInRefused(70008)
        return grant

    def new_access(self, grant: Grant, scopes: Iterable[str]) -> str:
        """Give out an access token: opaque to everybody but Graph."""
        token = f"EwB{secrets.token_urlsafe(180)}"
        expires = self.clock.now() + ACCESS_LIFE
        self.access[token] = Grant(
            grant.client_id, grant.address, tuple(scopes), expires, grant.tenant
        )
        return token

    def new_refresh(self, grant: Grant) -> str:
        """Give out a refresh token."""
        token = f"1.A{secrets.token_urlsafe(150)}"
        expires = self.clock.now() + REFRESH_LIFE
        self.refresh[token] = Grant(
            grant.client_id, grant.address, grant.scopes, expires, grant.tenant
        )
        return token

    def caller(self, header: str) -> Caller:
        """Return who an Authorization header stands for, or refuse as Graph does (401)."""
        scheme, _, token = header.partition(" ")
        if scheme.casefold() != "bearer" or not token.strip():
            raise _unauthorized("Access token is empty.")
        grant = self.access.get(token.strip())
        if grant is None:
            raise _unauthorized("IDX14100: JWT is not well formed, there are no dots (.).")
        if grant.expires < self.clock.now():
            raise _unauthorized("Lifetime validation failed, the token is expired.")
        return Caller(grant.address, frozenset(grant.scopes), grant.client_id)

    def sign_out(self, address: str, code: int = 50173) -> None:
        """Kill every token of a person, as "revoke sessions" does; a new sign-in helps.

        ``code`` is the AADSTS code that refreshing meets: any of ``errors.KINDS``.
        """
        if code not in KINDS:
            raise ValueError(f"no such code: {code}")
        for token in [one for one, held in self.access.items() if held.address == address]:
            del self.access[token]
        for token in [one for one, held in self.refresh.items() if held.address == address]:
            del self.refresh[token]
            self.revoked[token] = code

    def expire_access(self, address: str) -> None:
        """Let a person's access tokens run out; refresh tokens stay."""
        for token in [one for one, held in self.access.items() if held.address == address]:
            held = self.access[token]
            past = self.clock.now() - timedelta(seconds=1)
            self.access[token] = Grant(held.client_id, held.address, held.scopes, past, held.tenant)


def _unauthorized(message: str) -> Refused:
    challenge = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
        ', client_id="00000003-0000-0000-c000-000000000000"'
    )
    return Refused(
        401,
        "InvalidAuthenticationToken",
        message,
        headers={"WWW-Authenticate": challenge, "request-id": str(uuid.uuid4())},
    )
