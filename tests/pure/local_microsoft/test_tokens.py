"""Entra's token endpoint: codes, refreshing, secrets and certificates, refusals."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from local_microsoft.visitor import BACK, SCOPES, begin, choose, client, signed_in, token
from wire import ANNA

from sandbox import Sandbox
from sandbox.clock import system_now


def test_a_code_works_once_for_ten_minutes(microsoft: Sandbox, browser: requests.Session) -> None:
    """With the right verifier and redirect URI only."""

    def code() -> dict[str, str]:
        digest = hashlib.sha256(b"verifier").digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        uri = (
            f"{microsoft.http_url}/common/oauth2/v2.0/authorize?client_id=app&redirect_uri={BACK}"
            f"&response_type=code&scope=User.Read&code_challenge={challenge}"
            "&code_challenge_method=S256"
        )
        given = choose(browser, uri)["code"]
        return {
            "grant_type": "authorization_code",
            "code": given,
            "redirect_uri": BACK,
            "code_verifier": "verifier",
        }

    good = code()
    assert 200 == token(microsoft, browser, **good)[0]
    assert (400, 54005) == token(microsoft, browser, **good)
    assert (400, 501481) == token(microsoft, browser, **(code() | {"code_verifier": "wrong"}))
    assert (400, 50011) == token(microsoft, browser, **(code() | {"redirect_uri": "http://x"}))
    late = code()
    microsoft.clock.advance(timedelta(minutes=11))
    assert (400, 70008) == token(microsoft, browser, **late)


def test_refresh_tokens_rotate(microsoft: Sandbox, browser: requests.Session) -> None:
    """A new one each time; the old one lives on unless the switch says so."""
    _, result = signed_in(microsoft, browser)
    form = {"grant_type": "refresh_token", "scope": "User.Read openid offline_access"}
    first = result["refresh_token"]
    _, second = token(microsoft, browser, refresh_token=first, **form)
    microsoft.options.set(refresh_token_single_use=True)

    assert first != second["refresh_token"]
    assert 200 == token(microsoft, browser, refresh_token=first, **form)[0]
    assert (400, 70000) == token(microsoft, browser, refresh_token=first, **form)


def test_more_than_was_consented_needs_consent(
    microsoft: Sandbox, browser: requests.Session
) -> None:
    """AADSTS65001."""
    _, result = signed_in(microsoft, browser)
    form = {"grant_type": "refresh_token", "refresh_token": result["refresh_token"]}

    assert (400, 65001) == token(microsoft, browser, scope="MailboxSettings.Read", **form)
    assert (400, 70011) == token(microsoft, browser, scope="Nonsense", **form)


def test_a_revoked_sign_in_needs_the_person(microsoft: Sandbox, browser: requests.Session) -> None:
    """Access tokens are dead at once, refreshing says invalid_grant, signing in again helps."""
    _, result = signed_in(microsoft, browser)
    microsoft.state.directory.sign_out(ANNA)
    form = {"grant_type": "refresh_token", "refresh_token": result["refresh_token"]}
    bearer = {"Authorization": f"Bearer {result['access_token']}"}

    assert 401 == browser.get(f"{microsoft.https_url}/v1.0/me", headers=bearer).status_code
    assert (400, 50173) == token(microsoft, browser, **form)
    assert "access_token" in signed_in(microsoft, browser)[1]


def test_an_access_token_runs_out(microsoft: Sandbox, browser: requests.Session) -> None:
    """After an hour; msal then refreshes."""
    app, result = signed_in(microsoft, browser)
    microsoft.state.directory.expire_access(ANNA)
    bearer = {"Authorization": f"Bearer {result['access_token']}"}
    answer = browser.get(f"{microsoft.https_url}/v1.0/me", headers=bearer)
    again = app.acquire_token_silent(SCOPES, app.get_accounts()[0], force_refresh=True)

    assert "Lifetime validation failed" in answer.json()["error"]["message"]
    assert result["access_token"] != again["access_token"]


def test_silent_calls_use_the_cache(microsoft: Sandbox, browser: requests.Session) -> None:
    """Because scopes come back as they were asked."""
    app, result = signed_in(microsoft, browser)
    microsoft.state.requests.clear()
    silent = app.acquire_token_silent(SCOPES, app.get_accounts()[0])

    assert result["access_token"] == silent["access_token"]
    assert [] == microsoft.requests


def test_client_faults_are_the_operators(microsoft: Sandbox, browser: requests.Session) -> None:
    """Wrong, missing and expired secret; unknown and disabled app; unknown tenant."""
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    app = microsoft.state.directory.apps["app"]

    assert (401, 7000215) == token(microsoft, browser, **form, client_secret="wrong")
    assert (401, 7000218) == token(microsoft, browser, **form, client_secret="")
    assert (400, 700016) == token(microsoft, browser, **form, client_id="other")
    assert (400, 90002) == token(microsoft, browser, "nowhere.example", **form)
    assert (400, 70003) == token(microsoft, browser, grant_type="password")
    app.secret_expired = True
    assert (401, 7000222) == token(microsoft, browser, **form)
    app.disabled = True
    assert (400, 70001) == token(microsoft, browser, **form)


def test_the_secret_may_come_as_basic(microsoft: Sandbox, browser: requests.Session) -> None:
    """URL-encoded, as RFC 6749 wants."""
    url = f"{microsoft.https_url}/common/oauth2/v2.0/token"
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    good = browser.post(url, data=form, auth=("app", "s3cret"))
    bad = browser.post(url, data=form, auth=("app", "wrong"))

    assert ([70000], [7000215]) == (good.json()["error_codes"], bad.json()["error_codes"])


def test_a_certificate_signs_in_place_of_a_secret(
    microsoft: Sandbox, browser: requests.Session
) -> None:
    """Only the registered one."""
    (good_key, good), (other_key, other) = certificate(), certificate()
    microsoft.add_app(client_id="app", certificate=good, redirect_uris=[BACK])

    def result(key: str, public: bytes) -> dict[str, Any]:
        credential = {"private_key": key, "public_certificate": public.decode()}
        app = client(microsoft, browser, credential=credential)
        flow = begin(app)
        answer: dict[str, Any] = app.acquire_token_by_auth_code_flow(
            flow, choose(browser, flow["auth_uri"])
        )
        return answer

    assert "access_token" in result(good_key, good)
    assert "AADSTS700027" in result(other_key, other)["error_description"]


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [(50076, 400, "interaction_required"), (90033, 503, "temporarily_unavailable")],
)
def test_refreshing_may_meet_any_code(
    microsoft: Sandbox, browser: requests.Session, code: int, status: int, error: str
) -> None:
    """By fault, once."""
    microsoft.faults.entra_error(code)
    url = f"{microsoft.https_url}/common/oauth2/v2.0/token"
    answer = browser.post(url, data={"client_id": "app"})

    assert (status, error) == (answer.status_code, answer.json()["error"])
    assert [7000218] == browser.post(url, data={"client_id": "app"}).json()["error_codes"]


def test_errors_have_entras_shape(microsoft: Sandbox, browser: requests.Session) -> None:
    """Code, description, trace."""
    url = f"{microsoft.https_url}/common/oauth2/v2.0/token"
    body = browser.post(url, data={"client_id": "other"}).json()

    assert body["error_description"].startswith("AADSTS700016: ")
    assert {"error", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"} <= set(
        body
    )


def certificate() -> tuple[str, bytes]:
    """Make a key (PEM) and its certificate (PEM)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    now = system_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), made.public_bytes(serialization.Encoding.PEM)
