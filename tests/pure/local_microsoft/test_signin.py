"""Entra: the sign-in page and the token endpoint, driven by msal and by hand."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from wire import ANNA, BOB

from sandbox import Sandbox
from sandbox.clock import system_now
from sandbox.entra.directory import CONSUMERS, WORK

BACK = "http://localhost:8069/back"
SCOPES = ["Calendars.ReadWrite", "User.Read"]


@pytest.fixture
def browser(microsoft: Sandbox) -> Iterator[requests.Session]:
    """Give something that follows no redirects and trusts the sandbox."""
    microsoft.add_app(client_id="app", secret="s3cret", redirect_uris=[BACK])
    with requests.Session() as session:
        session.trust_env = False
        session.verify = microsoft.ca_file
        yield session


def client(
    microsoft: Sandbox,
    browser: requests.Session,
    tenant: str = "common",
    credential: Any = "s3cret",
) -> msal.ConfidentialClientApplication:
    """Make msal's client."""
    return msal.ConfidentialClientApplication(
        "app",
        client_credential=credential,
        authority=f"{microsoft.https_url}/{tenant}",
        instance_discovery=False,
        http_client=browser,
    )


def begin(app: msal.ConfidentialClientApplication, **values: Any) -> dict[str, Any]:
    """Begin a code flow whose answer comes back by GET."""
    values = {"response_mode": "query", "redirect_uri": BACK} | values
    with pytest.warns(UserWarning, match="form_post"):
        flow: dict[str, Any] = app.initiate_auth_code_flow(SCOPES, **values)
    return flow


def choose(
    browser: requests.Session, uri: str, decision: str = "accept", who: str = ANNA
) -> dict[str, str]:
    """Fill in the sign-in page and return what the browser brings back."""
    page = browser.get(uri)
    assert 200 == page.status_code, page.text
    pairs = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    form = {html.unescape(name): html.unescape(value) for name, value in pairs}
    form |= {"account": who, "decision": decision}
    answer = browser.post(uri.partition("?")[0], data=form, allow_redirects=False)
    assert 302 == answer.status_code, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def signed_in(microsoft: Sandbox, browser: requests.Session) -> tuple[Any, dict[str, Any]]:
    """Sign Anna in."""
    app = client(microsoft, browser)
    flow = begin(app)
    return app, app.acquire_token_by_auth_code_flow(flow, choose(browser, flow["auth_uri"]))


def token(
    microsoft: Sandbox, browser: requests.Session, tenant: str = "common", **form: str
) -> tuple[int, Any]:
    """Post to the token endpoint; return status and the first error code, or the answer."""
    form = {"client_id": "app", "client_secret": "s3cret"} | form
    answer = browser.post(f"{microsoft.https_url}/{tenant}/oauth2/v2.0/token", data=form)
    body = answer.json()
    return answer.status_code, body["error_codes"][0] if "error" in body else body


def test_a_whole_sign_in(microsoft: Sandbox, browser: requests.Session) -> None:
    """Tokens, who signed in, and scopes in the spelling of the request."""
    _, result = signed_in(microsoft, browser)
    claims = result["id_token_claims"]
    mailbox = microsoft.state.mailbox(ANNA)

    assert {"access_token", "refresh_token", "id_token", "client_info"} <= set(result)
    assert set(SCOPES) <= set(result["scope"].split())
    assert (mailbox.id, WORK, ANNA) == (claims["oid"], claims["tid"], claims["preferred_username"])
    assert f"{microsoft.https_url}/{WORK}/v2.0" == claims["iss"]
    me = browser.get(
        f"{microsoft.https_url}/v1.0/me",
        headers={"Authorization": f"Bearer {result['access_token']}"},
    )
    assert ANNA == me.json()["mail"]


def test_the_authorization_endpoint_is_plain_http(
    microsoft: Sandbox, browser: requests.Session
) -> None:
    """A browser need not trust our authority; tokens are given on https only."""
    url = f"{microsoft.https_url}/common/v2.0/.well-known/openid-configuration"
    document = browser.get(url).json()

    assert document["authorization_endpoint"].startswith("http://127.0.0.1:")
    assert document["token_endpoint"].startswith("https://127.0.0.1:")
    plain = document["token_endpoint"].replace(microsoft.https_url, microsoft.http_url)
    assert 404 == browser.post(plain).status_code
    assert 404 == browser.get(f"{microsoft.http_url}/v1.0/me").status_code


def test_id_tokens_verify_with_the_published_key(
    microsoft: Sandbox, browser: requests.Session
) -> None:
    """RS256."""
    _, result = signed_in(microsoft, browser)
    keys = browser.get(f"{microsoft.https_url}/common/discovery/v2.0/keys").json()["keys"]
    key = jwt.PyJWK(keys[0])

    claims = jwt.decode(result["id_token"], key, algorithms=["RS256"], audience="app")
    assert ANNA == claims["preferred_username"]


def test_cancelling_comes_back_with_a_reason(microsoft: Sandbox, browser: requests.Session) -> None:
    """access_denied, cancel."""
    flow = begin(client(microsoft, browser))
    back = choose(browser, flow["auth_uri"], "cancel")

    assert ("access_denied", "cancel") == (back["error"], back["error_subcode"])
    assert flow["state"] == back["state"]


@pytest.mark.parametrize(
    ("changes", "tenant", "code"),
    [
        ({"client_id": "other"}, "common", "AADSTS700016"),
        ({"redirect_uri": "http://localhost:8069/elsewhere"}, "common", "AADSTS50011"),
        ({}, "nowhere.example", "AADSTS90002"),
    ],
)
def test_a_wrong_request_ends_at_microsoft(
    microsoft: Sandbox, browser: requests.Session, changes: dict[str, str], tenant: str, code: str
) -> None:
    """A page with the code, and no way back."""
    query = {
        "client_id": "app",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "User.Read",
    }
    page = browser.get(
        f"{microsoft.http_url}/{tenant}/oauth2/v2.0/authorize",
        params=query | changes,
        allow_redirects=False,
    )

    assert 400 == page.status_code
    assert f'data-code="{code}"' in page.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "Mail.Everything"}, "invalid_scope"),
        ({"response_mode": "smoke"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_faults_come_back(
    microsoft: Sandbox, browser: requests.Session, changes: dict[str, str], error: str
) -> None:
    """With the state."""
    query = {
        "client_id": "app",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "User.Read",
    }
    answer = browser.get(
        f"{microsoft.http_url}/common/oauth2/v2.0/authorize",
        params=query | {"state": "x"} | changes,
        allow_redirects=False,
    )

    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert (error, "x") == (back["error"], back["state"])


def test_the_hinted_account_is_chosen(microsoft: Sandbox, browser: requests.Session) -> None:
    """login_hint."""
    page = browser.get(begin(client(microsoft, browser), login_hint=BOB)["auth_uri"])

    assert re.search(rf'data-account="{BOB}" checked', page.text)
    assert not re.search(rf'data-account="{ANNA}" checked', page.text)


def test_a_door_admits_its_own_people(microsoft: Sandbox, browser: requests.Session) -> None:
    """common all, organizations work accounts, consumers personal ones, a tenant its own."""
    microsoft.add_mailbox("me@outlook.example", personal=True)
    seen = {}
    for door in ("common", "organizations", "consumers", WORK, CONSUMERS):
        page = browser.get(begin(client(microsoft, browser, door))["auth_uri"])
        seen[door] = len(re.findall("data-account=", page.text))

    assert {"common": 3, "organizations": 2, "consumers": 1, WORK: 2, CONSUMERS: 1} == seen


def test_a_single_tenant_app_refuses_common(microsoft: Sandbox, browser: requests.Session) -> None:
    """AADSTS50194."""
    microsoft.add_app(client_id="app", secret="s3cret", redirect_uris=[BACK], tenant_only=WORK)
    page = browser.get(begin(client(microsoft, browser))["auth_uri"])

    assert 'data-code="AADSTS50194"' in page.text
    assert 200 == browser.get(begin(client(microsoft, browser, WORK))["auth_uri"]).status_code


def test_form_post_is_a_page_that_posts(microsoft: Sandbox, browser: requests.Session) -> None:
    """The answer in hidden fields."""
    app = client(microsoft, browser)
    flow = app.initiate_auth_code_flow(SCOPES, redirect_uri=BACK, response_mode="form_post")
    uri = flow["auth_uri"]
    form = dict(parse_qsl(urlsplit(uri).query)) | {"account": ANNA, "decision": "accept"}
    page = browser.post(uri.partition("?")[0], data=form)

    assert f'action="{BACK}"' in page.text
    assert 'name="code"' in page.text


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


def test_an_app_may_need_the_administrator(microsoft: Sandbox, browser: requests.Session) -> None:
    """Accepting is not enough: the person is told at Microsoft."""
    microsoft.state.directory.apps["app"].needs_admin = True
    uri = begin(client(microsoft, browser))["auth_uri"]
    form = dict(parse_qsl(urlsplit(uri).query)) | {"account": ANNA, "decision": "accept"}
    page = browser.post(uri.partition("?")[0], data=form, allow_redirects=False)

    assert 400 == page.status_code
    assert 'data-code="AADSTS90094"' in page.text


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


def test_the_page_has_stable_names(microsoft: Sandbox, browser: requests.Session) -> None:
    """For tours and people alike."""
    page = browser.get(begin(client(microsoft, browser))["auth_uri"]).text

    for name in ('id="accept"', 'id="cancel"', 'id="account-0"', f'data-account="{ANNA}"'):
        assert name in page
    assert "Have full access to your calendars" in page


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
