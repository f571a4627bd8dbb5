"""Sign people in at Microsoft, and keep access tokens coming: msal's code flow with PKCE.

All that msal can answer or raise becomes an `AuthError` of `engine.errors`.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msal

from ..engine.errors import (
    ConsentNeeded,
    SignInDeclined,
    SignInUnavailable,
)
from . import signin_errors
from .entra import App, Certificate, msal_client
from .transport import Transport

__all__ = ["App", "Certificate", "SCOPES", "SignIn", "SignedIn", "TokenSource", "check_app"]

#: What people are asked to allow. openid, profile and offline_access are added by msal, and refused
#: by it when passed.
SCOPES = ("Calendars.ReadWrite", "MailboxSettings.Read", "User.Read")

#: A token that dies within this many seconds is renewed first; msal's own measure.
_SPARE_SECONDS = 300

_AccessToken = msal.TokenCache.CredentialType.ACCESS_TOKEN


@dataclass(frozen=True)
class SignedIn:
    """Who signed in. `tenant_id` and `object_id` together are the identity; the address may change.

    `cache` holds tokens in plain text: seal it before storing it.
    """

    cache: str = field(repr=False)
    tenant_id: str
    object_id: str
    address: str = field(repr=False)
    name: str = field(repr=False)


class SignIn:
    """The redirect to Microsoft and back."""

    def __init__(self, app: App, transport: Transport) -> None:
        self._app = app
        self._transport = transport

    def begin(self, redirect_uri: str, *, login_hint: str | None = None) -> dict[str, Any]:
        """Return a flow to keep for this person, for one use; send the browser to its `auth_uri`.

        Raises `AuthError`.
        """
        client = msal_client(self._app, self._transport)
        with warnings.catch_warnings():
            # msal recommends response_mode=form_post. Its cross-site POST would come without the
            # session's cookie (SameSite=Lax); PKCE, state and nonce protect the code in the query.
            warnings.filterwarnings("ignore", message="response_mode='form_post'")
            flow: dict[str, Any] = client.initiate_auth_code_flow(
                list(SCOPES),
                redirect_uri=redirect_uri,
                prompt="select_account",
                login_hint=login_hint,
                response_mode="query",
            )
        return flow

    def finish(self, flow: Mapping[str, Any], params: Mapping[str, str]) -> SignedIn:
        """Redeem what the browser brought back. Raises `AuthError`.

        Code `state` or `answer` means that this is no answer to this flow.
        """
        if not flow.get("state") or flow["state"] != params.get("state"):
            raise SignInDeclined("state")
        cache = msal.SerializableTokenCache()
        client = msal_client(self._app, self._transport, cache)
        try:
            # A copy: msal takes things out of it.
            answer = client.acquire_token_by_auth_code_flow(dict(flow), dict(params))
        except (ValueError, RuntimeError) as err:  # neither code nor error; another nonce
            raise SignInDeclined("answer") from err
        if "error" in answer:
            raise signin_errors.error_of({**params, **answer})
        return _signed_in(answer, cache.serialize())


class TokenSource:
    """Give access tokens for one signed-in person; fit for `GraphClient`'s `token`.

    Each refresh brings a new refresh token: store `cache` (sealed) whenever `changed`.
    """

    def __init__(self, app: App, cache: str, transport: Transport) -> None:
        self._app = app
        self._transport = transport
        self._cache = msal.SerializableTokenCache()
        try:
            self._cache.deserialize(cache)
        except ValueError as err:
            raise ConsentNeeded("unreadable_cache") from err

    def __repr__(self) -> str:
        return f"<TokenSource of {self._app.client_id}>"

    def __call__(self, force: bool = False) -> str:
        """Return a token that is good for some minutes; when forced, a newer one than the last.

        Raises `ConsentNeeded` where only a new sign-in helps, `SignInUnavailable` where a later
        attempt may, `AppMisconfigured` where an administrator must act.
        """
        held = None if force else self._held()
        return held or self._renewed()

    @property
    def cache(self) -> str:
        """The tokens, serialized, in plain text."""
        return str(self._cache.serialize())

    @property
    def changed(self) -> bool:
        """Tell whether `cache` differs from what was last serialized or loaded."""
        return bool(self._cache.has_state_changed)

    def _held(self) -> str | None:
        """Return a token of the cache. Asks nobody; msal would first ask for endpoints."""
        good_until = time.time() + _SPARE_SECONDS
        for entry in self._entries():
            if _short(SCOPES) <= _short(_targets(entry)) and int(entry["expires_on"]) > good_until:
                return str(entry["secret"])
        return None

    def _renewed(self) -> str:
        client = msal_client(self._app, self._transport, self._cache)
        accounts = client.get_accounts()
        if not accounts:
            raise ConsentNeeded("no_account")
        answer = client.acquire_token_silent_with_error(
            self._scopes(), account=accounts[0], force_refresh=True
        )
        if answer is None:
            raise ConsentNeeded("no_refresh_token")
        if "error" in answer:
            error = signin_errors.error_of(answer)
            if isinstance(error, SignInDeclined):
                # Said of a stored sign-in, "no" is for the person to settle, at a new one.
                raise ConsentNeeded(error.code, error.description)
            raise error
        return str(answer["access_token"])

    def _scopes(self) -> list[str]:
        """Return the scopes as the server spells them: the cache is searched by that spelling.

        Entra answers `https://graph.microsoft.com/User.Read` to some and `User.Read` to others.
        """
        spelled = {_last(scope): scope for entry in self._entries() for scope in _targets(entry)}
        return [spelled.get(_last(scope), scope) for scope in SCOPES]

    def _entries(self) -> list[dict[str, Any]]:
        """Return the access tokens of this application at this authority."""
        host = (urlsplit(self._app.authority_url).hostname or "").lower()
        query = {"client_id": self._app.client_id, "environment": host}
        return list(self._cache.search(_AccessToken, query=query))


def check_app(app: App, transport: Transport) -> None:
    """Ask Entra whether it knows this application by these credentials. Raises `AuthError`.

    Presents a refresh token that is none: only who it is gets judged. Entra refuses a wrong client
    id, secret or tenant as such, and else the token, which is then the expected answer.
    """
    client = msal_client(app, transport)
    answer = client.acquire_token_by_refresh_token("none", list(SCOPES))
    if "error" not in answer:
        return
    error = signin_errors.error_of(answer)
    if not isinstance(error, ConsentNeeded):
        raise error


def _signed_in(answer: Mapping[str, Any], cache: str) -> SignedIn:
    claims = answer.get("id_token_claims") or {}
    if not claims.get("tid") or not claims.get("oid"):
        raise SignInUnavailable("no_identity")
    address = str(claims.get("preferred_username") or claims.get("email") or "")
    name = str(claims.get("name") or address)
    return SignedIn(cache, str(claims["tid"]), str(claims["oid"]), address, name)


def _targets(entry: Mapping[str, Any]) -> list[str]:
    return str(entry.get("target") or "").split()


def _last(scope: str) -> str:
    """Return a scope's name without the resource before it."""
    return scope.rpartition("/")[2].casefold()


def _short(scopes: Iterable[str]) -> frozenset[str]:
    return frozenset(_last(scope) for scope in scopes)
