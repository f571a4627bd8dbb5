"""Entra's sign-in page: who is admitted, what comes back, what ends at Microsoft."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests
from local_microsoft.visitor import BACK, SCOPES, begin, choose, client, signed_in
from wire import ANNA, BOB

from sandbox import Sandbox
from sandbox.entra.directory import CONSUMERS, WORK

QUERY = {"client_id": "app", "redirect_uri": BACK, "response_type": "code", "scope": "User.Read"}


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
    page = browser.get(
        f"{microsoft.http_url}/{tenant}/oauth2/v2.0/authorize",
        params=QUERY | changes,
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
    answer = browser.get(
        f"{microsoft.http_url}/common/oauth2/v2.0/authorize",
        params=QUERY | {"state": "x"} | changes,
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


def test_an_app_may_need_the_administrator(microsoft: Sandbox, browser: requests.Session) -> None:
    """Accepting is not enough: the person is told at Microsoft."""
    microsoft.state.directory.apps["app"].needs_admin = True
    uri = begin(client(microsoft, browser))["auth_uri"]
    form = dict(parse_qsl(urlsplit(uri).query)) | {"account": ANNA, "decision": "accept"}
    page = browser.post(uri.partition("?")[0], data=form, allow_redirects=False)

    assert 400 == page.status_code
    assert 'data-code="AADSTS90094"' in page.text


def test_the_page_has_stable_names(microsoft: Sandbox, browser: requests.Session) -> None:
    """For tours and people alike."""
    page = browser.get(begin(client(microsoft, browser))["auth_uri"]).text

    for name in ('id="accept"', 'id="cancel"', 'id="account-0"', f'data-account="{ANNA}"'):
        assert name in page
    assert "Have full access to your calendars" in page
