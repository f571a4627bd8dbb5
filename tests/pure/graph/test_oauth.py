"""Signing in at the sandbox over HTTPS, and keeping tokens."""

from __future__ import annotations

import json
import logging
import warnings
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from microsoft import ANNA, BERT, REDIRECT, SECRET, an_app, browse
from scripted import ScriptedTransport, answer

from core.engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    NotSent,
    SignInDeclined,
    SignInUnavailable,
)
from core.graph.oauth import (
    SCOPES,
    Certificate,
    SignedIn,
    SignIn,
    TokenSource,
    check_app,
)
from core.graph.transport import RequestsTransport, Response
from sandbox import Sandbox


def _signed_in(
    microsoft: Sandbox, transport: RequestsTransport, account: str = ANNA, **app: Any
) -> SignedIn:
    sign_in = SignIn(an_app(microsoft, **app), transport)
    flow = json.loads(json.dumps(sign_in.begin(REDIRECT)))
    return sign_in.finish(flow, browse(flow, account=account))


def _token_requests(microsoft: Sandbox) -> int:
    return sum(record.path.endswith("/token") for record in microsoft.requests)


def test_the_browser_is_sent_with_pkce(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """Code flow by query, S256, a nonce, the account to be chosen, and no warning of msal's."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flow = SignIn(an_app(microsoft), transport).begin(REDIRECT, login_hint=ANNA)

    query = {name: value[0] for name, value in parse_qs(urlsplit(flow["auth_uri"]).query).items()}
    assert {
        "response_type": "code",
        "response_mode": "query",
        "prompt": "select_account",
        "code_challenge_method": "S256",
        "redirect_uri": REDIRECT,
        "login_hint": ANNA,
        "state": flow["state"],
    }.items() <= query.items()
    assert query["nonce"]
    assert set(query["scope"].split()) == {*SCOPES, "openid", "profile", "offline_access"}


def test_who_signed_in_is_known(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """Directory and object id are the identity; address and name are for people."""
    signed_in = _signed_in(microsoft, transport, BERT)

    mailbox = microsoft.state.mailbox(BERT)
    assert (signed_in.tenant_id, signed_in.object_id) == (mailbox.tenant, mailbox.id)
    assert (signed_in.address, signed_in.name) == (BERT, "Bert Bakker")


def test_a_cancelled_sign_in_is_declined(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """The person pressed Cancel: the reason is kept, nothing else happens."""
    sign_in = SignIn(an_app(microsoft), transport)
    flow = sign_in.begin(REDIRECT)

    with pytest.raises(SignInDeclined) as caught:
        sign_in.finish(flow, browse(flow, decision="cancel"))

    assert caught.value.code in {"access_denied.cancel", "AADSTS65004"}


@pytest.mark.parametrize("spoil", ["state", "code", "nothing"])
def test_an_answer_of_another_flow_is_refused(
    microsoft: Sandbox, transport: RequestsTransport, spoil: str
) -> None:
    """A foreign or missing state, or neither code nor error: no request is made of it."""
    sign_in = SignIn(an_app(microsoft), transport)
    flow = sign_in.begin(REDIRECT)
    params = browse(flow)
    spoiled = {
        "state": {**params, "state": "foreign"},
        "code": {"state": params["state"]},
        "nothing": {},
    }[spoil]

    with pytest.raises(SignInDeclined) as caught:
        sign_in.finish(flow, spoiled)

    assert caught.value.code == ("answer" if spoil == "code" else "state")
    assert not _token_requests(microsoft)


def test_an_empty_flow_is_never_finished(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """A session that lost its flow matches no answer, an empty state neither."""
    for params in ({}, {"code": "x"}, {"code": "x", "state": ""}):
        with pytest.raises(SignInDeclined):
            SignIn(an_app(microsoft), transport).finish({}, params)
    assert not microsoft.requests


def test_a_code_is_good_once(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """A second redemption is refused by Entra, and asked of Entra: nothing is played back."""
    sign_in = SignIn(an_app(microsoft), transport)
    flow = sign_in.begin(REDIRECT)
    params = browse(flow)
    sign_in.finish(flow, params)

    for _ in range(2):
        with pytest.raises(ConsentNeeded) as caught:
            sign_in.finish(flow, params)
        assert caught.value.code == "AADSTS54005"
    assert _token_requests(microsoft) == 3


def test_a_held_token_costs_no_request(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """While the token is good nobody is asked, the endpoints neither."""
    signed_in = _signed_in(microsoft, transport)
    before = len(microsoft.requests)

    tokens = TokenSource(an_app(microsoft), signed_in.cache, transport)

    assert tokens() == tokens()
    assert not tokens.changed
    assert len(microsoft.requests) == before


def test_a_forced_token_is_a_new_one(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """After a 401 the old token is worthless; the new refresh token is there to be stored."""
    microsoft.options.set(refresh_token_single_use=True)
    tokens = TokenSource(an_app(microsoft), _signed_in(microsoft, transport).cache, transport)
    old = tokens()

    new = tokens(force=True)

    assert new not in {old, ""}
    changed = [tokens.changed]
    stored = tokens.cache
    changed.append(tokens.changed)
    assert changed == [True, False]
    later = TokenSource(an_app(microsoft), stored, transport)
    assert later() == new
    assert later(force=True) != new


def test_a_token_near_its_end_is_renewed(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """Five minutes are msal's measure, too."""
    signed_in = _signed_in(microsoft, transport)
    cache = json.loads(signed_in.cache)
    soon = datetime.now(timezone.utc) + timedelta(minutes=4)
    for entry in cache["AccessToken"].values():
        entry["expires_on"] = str(int(soon.timestamp()))

    TokenSource(an_app(microsoft), json.dumps(cache), transport)()

    assert _token_requests(microsoft) == 2


def test_another_spelling_of_scopes_costs_no_refresh(
    microsoft: Sandbox, transport: RequestsTransport
) -> None:
    """Entra may answer scopes with their resource before them; msal's cache compares text."""
    cache = json.loads(_signed_in(microsoft, transport).cache)
    for entry in cache["AccessToken"].values():
        entry["target"] = " ".join(f"https://graph.microsoft.com/{name}" for name in SCOPES)
    before = len(microsoft.requests)

    tokens = TokenSource(an_app(microsoft), json.dumps(cache), transport)
    tokens()
    assert len(microsoft.requests) == before

    tokens(force=True)
    new = json.loads(tokens.cache)["AccessToken"].values()
    assert {True} == {"https://graph.microsoft.com/User.Read" in entry["target"] for entry in new}


@pytest.mark.parametrize("code", [50173, 70000, 700082, 65001, 50076, 53003])
def test_a_dead_sign_in_asks_for_the_person(
    microsoft: Sandbox, transport: RequestsTransport, code: int
) -> None:
    """Whatever Entra has against a stored sign-in, only the person can settle it."""
    tokens = TokenSource(an_app(microsoft), _signed_in(microsoft, transport).cache, transport)
    microsoft.state.directory.sign_out(ANNA, code=code)

    for _ in range(2):
        with pytest.raises(ConsentNeeded) as caught:
            tokens(force=True)
        assert caught.value.code == f"AADSTS{code}"


def test_an_expired_secret_touches_no_user(
    microsoft: Sandbox, transport: RequestsTransport
) -> None:
    """It is the administrator's problem; with a new secret the same tokens go on."""
    tokens = TokenSource(an_app(microsoft), _signed_in(microsoft, transport).cache, transport)
    app = microsoft.state.directory.apps["client-1"]
    app.secret_expired = True

    with pytest.raises(AppMisconfigured) as caught:
        tokens(force=True)
    assert caught.value.code == "AADSTS7000222"

    app.secret_expired = False
    assert tokens(force=True)


@pytest.mark.parametrize("cache", ["", "{}", '{"AccessToken": {}}', '{"RefreshToken": {}}'])
def test_no_tokens_means_signing_in(
    microsoft: Sandbox, transport: RequestsTransport, cache: str
) -> None:
    """An empty cache is a person who has not signed in."""
    with pytest.raises(ConsentNeeded):
        TokenSource(an_app(microsoft), cache, transport)()


def test_a_damaged_cache_means_signing_in(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """What cannot be read cannot be repaired."""
    with pytest.raises(ConsentNeeded):
        TokenSource(an_app(microsoft), "not JSON", transport)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "html_page", "server_error"])
@pytest.mark.parametrize("path", ["oauth2/v2.0/token", "openid-configuration"])
def test_a_bad_day_at_sign_in_keeps_everything(
    microsoft: Sandbox, transport: RequestsTransport, fault: str, path: str
) -> None:
    """Losses, pages of a proxy and 5xx are no verdict: the same tokens are good later."""
    tokens = TokenSource(an_app(microsoft), _signed_in(microsoft, transport).cache, transport)
    microsoft.faults.add(fault, path=path, status=503)

    with pytest.raises(SignInUnavailable):
        tokens(force=True)
    assert tokens(force=True)


@pytest.mark.parametrize(
    "step",
    [
        NotSent("x"),
        answer(429, {"error": "invalid_request"}),
        answer(200, []),
        answer(200, {}),
        Response(200, {}, b"<html>"),
    ],
)
def test_what_is_no_directory_is_unavailable(microsoft: Sandbox, step: Response | NotSent) -> None:
    """The endpoints' document must be one."""
    with pytest.raises(SignInUnavailable):
        SignIn(an_app(microsoft), ScriptedTransport(step)).begin(REDIRECT)


def test_a_good_registration_passes(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """Client, secret and directory are known: nothing is wrong."""
    check_app(an_app(microsoft), transport)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "nobody"}, "AADSTS700016"),
        ({"secret": "wrong"}, "AADSTS7000215"),
        ({"tenant": "nowhere.example"}, "AADSTS90002"),
        ({"secret": None}, "no_credential"),
        ({"authority_url": "http://login.example"}, "authority_url"),
        ({"authority_url": "http://127.0.0.1:1"}, "authority_url"),
    ],
)
def test_a_wrong_registration_is_named(
    microsoft: Sandbox, transport: RequestsTransport, changes: dict[str, Any], code: str
) -> None:
    """The administrator learns which of the values is wrong."""
    with pytest.raises(AppMisconfigured) as caught:
        check_app(an_app(microsoft, **changes), transport)

    assert caught.value.code == code


def test_an_expired_secret_is_found(microsoft: Sandbox, transport: RequestsTransport) -> None:
    """Before the first person runs into it."""
    microsoft.state.directory.apps["client-1"].secret_expired = True

    with pytest.raises(AppMisconfigured) as caught:
        check_app(an_app(microsoft), transport)
    assert caught.value.code == "AADSTS7000222"


def _certificate(passphrase: str | None = None) -> Certificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "outlook_calendar")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption)
    return Certificate(private.decode(), certificate.public_bytes(pem).decode(), passphrase)


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_a_certificate_stands_for_the_secret(
    microsoft: Sandbox, transport: RequestsTransport, passphrase: str | None
) -> None:
    """The application proves itself by a signature; no secret is sent."""
    certificate = _certificate(passphrase)
    [registered] = [microsoft.state.directory.apps["client-1"]]
    registered.secrets.clear()
    registered.certificates.append(certificate.public_certificate.encode())

    signed_in = _signed_in(microsoft, transport, secret=None, certificate=certificate)

    app = an_app(microsoft, secret=None, certificate=certificate)
    assert TokenSource(app, signed_in.cache, transport)(force=True)


@pytest.mark.parametrize(
    "certificate",
    [
        Certificate("nonsense", "nonsense"),
        Certificate(_certificate().private_key, "nonsense"),
        Certificate(*[_certificate("x").private_key] * 2),
        Certificate(_certificate("x").private_key, _certificate().public_certificate, "wrong"),
    ],
)
def test_a_broken_certificate_is_named(
    microsoft: Sandbox, transport: RequestsTransport, certificate: Certificate
) -> None:
    """Before it is used, and without a word of it."""
    with pytest.raises(AppMisconfigured) as caught:
        check_app(an_app(microsoft, secret=None, certificate=certificate), transport)
    assert caught.value.code == "certificate"


def test_nothing_secret_is_logged_or_shown(
    microsoft: Sandbox, transport: RequestsTransport, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs at their most talkative, nor any repr or error, hold a secret or a token."""
    caplog.set_level(logging.DEBUG)
    app = an_app(microsoft)
    sign_in = SignIn(app, transport)
    flow = sign_in.begin(REDIRECT)
    params = browse(flow)
    signed_in = sign_in.finish(flow, params)
    tokens = TokenSource(app, signed_in.cache, transport)
    access = tokens(force=True)
    errors = [_error(lambda: sign_in.finish(flow, params))]
    microsoft.faults.truncate(path="oauth2/v2.0/token")
    errors.append(_error(lambda: tokens(force=True)))
    microsoft.state.directory.sign_out(ANNA)
    errors.append(_error(lambda: tokens(force=True)))

    shown = [caplog.text, repr(app), repr(sign_in), repr(tokens), repr(signed_in)]
    shown += [repr(_certificate())]
    shown += [f"{error} {error!r}" for error in errors]
    held = [entry for kind in json.loads(tokens.cache).values() for entry in kind.values()]
    secrets = [SECRET, access, params["code"], flow["code_verifier"], "PRIVATE KEY"]
    secrets += [entry["secret"] for entry in held if "secret" in entry]
    assert len(secrets) > 6
    assert not [secret for secret in secrets for text in shown if secret in text]


def _error(act: Any) -> AuthError:
    with pytest.raises(AuthError) as caught:
        act()
    return caught.value
