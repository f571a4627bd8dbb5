"""Microsoft's own library for signing in, against the sandbox's Entra."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msal
import pytest
import requests
from microsoft import ANNA, BRAM, Registration, SignIn, query_of

from sandbox import Sandbox

SCOPES = ["Calendars.ReadWrite", "User.Read"]


def client(
    sandbox: Sandbox, app: Registration, tenant: str = "common", **values: Any
) -> msal.ConfidentialClientApplication:
    """Make a client as an addon would, with the sandbox as the authority."""
    return msal.ConfidentialClientApplication(
        app.client_id,
        **{"client_credential": app.secret, **values},
        authority=f"{sandbox.https_url}/{tenant}",
        instance_discovery=False,
        verify=sandbox.ca_file,
        timeout=10,
        # Else msal would answer from its own memory of refusals.
        http_cache={},
    )


def signed_in(
    client: msal.ConfidentialClientApplication,
    app: Registration,
    sign_in: SignIn,
    account: str = ANNA,
) -> dict[str, Any]:
    """Sign a person in through the page and return what msal makes of it."""
    flow = client.initiate_auth_code_flow(
        SCOPES, redirect_uri=app.redirect, prompt="select_account", response_mode="query"
    )
    back = sign_in(flow["auth_uri"], account)
    result: dict[str, Any] = client.acquire_token_by_auth_code_flow(flow, dict(query_of(back)))
    return result


pytestmark = pytest.mark.filterwarnings("ignore:.*response_mode.*")


def test_a_person_signs_in_with_pkce(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """The code flow ends with tokens and with who it was."""
    one = client(sandbox, app)

    result = signed_in(one, app, sign_in)

    assert "error" not in result
    assert result["id_token_claims"]["preferred_username"] == ANNA
    assert result["id_token_claims"]["name"] == "Anna Peeters"
    assert set(SCOPES) <= set(result["scope"].split())
    (account,) = one.get_accounts()
    claims = result["id_token_claims"]
    assert account["home_account_id"] == f"{claims['oid']}.{claims['tid']}"


def test_the_token_opens_graph(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """What Entra gave out, Graph takes."""
    token = signed_in(client(sandbox, app), app, sign_in)["access_token"]

    me = requests.get(
        f"{sandbox.https_url}/v1.0/me",
        headers={"Authorization": f"Bearer {token}"},
        verify=sandbox.ca_file,
        timeout=10,
    )

    assert me.json()["mail"] == ANNA


def test_a_fresh_token_comes_from_the_cache(
    sandbox: Sandbox, app: Registration, sign_in: SignIn
) -> None:
    """The scopes are spelled as they were asked for, so msal finds its token again."""
    one = client(sandbox, app)
    first = signed_in(one, app, sign_in)

    again = one.acquire_token_silent(SCOPES, account=one.get_accounts()[0])

    assert again is not None
    assert again["token_source"] == "cache"
    assert again["access_token"] == first["access_token"]


def test_an_old_token_is_refreshed_and_the_refresh_token_replaced(
    sandbox: Sandbox, app: Registration, sign_in: SignIn
) -> None:
    """Refreshing gives a new access token and a new refresh token."""
    one = client(sandbox, app)
    first = signed_in(one, app, sign_in)

    again = one.acquire_token_silent(SCOPES, account=one.get_accounts()[0], force_refresh=True)

    assert again is not None
    assert again["token_source"] == "identity_provider"
    assert again["access_token"] != first["access_token"]
    kept = one.token_cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN)
    assert [token["secret"] for token in kept] != [first["refresh_token"]]


def test_two_people_share_one_client(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """Accounts stay apart by tenant and object id."""
    one = client(sandbox, app)
    signed_in(one, app, sign_in, ANNA)
    signed_in(one, app, sign_in, BRAM)

    names = {account["username"] for account in one.get_accounts()}

    assert names == {ANNA, BRAM}


def test_a_revoked_sign_in_says_so(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """Revoked sessions end in invalid_grant, which means: sign in again."""
    one = client(sandbox, app)
    signed_in(one, app, sign_in)
    sandbox.state.directory.sign_out(ANNA)

    result = one.acquire_token_silent_with_error(
        SCOPES, account=one.get_accounts()[0], force_refresh=True
    )

    assert result is not None
    assert result["error"] == "invalid_grant"
    assert 50173 in result["error_codes"]


def test_a_sign_in_can_be_canceled(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """Cancel comes back as access_denied, with words."""
    one = client(sandbox, app)
    flow = one.initiate_auth_code_flow(SCOPES, redirect_uri=app.redirect)

    back = sign_in(flow["auth_uri"], decision="cancel")
    result = one.acquire_token_by_auth_code_flow(flow, dict(query_of(back)))

    assert result["error"] == "access_denied"
    assert "AADSTS65004" in result["error_description"]


@pytest.mark.parametrize(
    ("expired", "code"), [(False, 7000215), (True, 7000222)], ids=["wrong", "expired"]
)
def test_a_bad_secret_is_the_apps_fault(
    sandbox: Sandbox, app: Registration, sign_in: SignIn, expired: bool, code: int
) -> None:
    """A wrong and an expired secret are told apart, and from what a person can mend."""
    sandbox.state.directory.apps[app.client_id].secret_expired = expired
    one = client(sandbox, app, client_credential=app.secret if expired else "another")

    result = signed_in(one, app, sign_in)

    assert result["error"] == "invalid_client"
    assert result["error_codes"] == [code]


def test_a_code_is_good_once(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """A code that was redeemed is refused."""
    one = client(sandbox, app)
    flow = one.initiate_auth_code_flow(SCOPES, redirect_uri=app.redirect)
    back = dict(query_of(sign_in(flow["auth_uri"])))
    one.acquire_token_by_auth_code_flow(dict(flow), back)

    again = client(sandbox, app).acquire_token_by_auth_code_flow(dict(flow), back)

    assert again["error"] == "invalid_grant"


def test_an_unknown_tenant_is_refused_at_once(sandbox: Sandbox, app: Registration) -> None:
    """msal asks for the tenant's addresses first, and is told there is none."""
    with pytest.raises(ValueError, match="nowhere.example"):
        client(sandbox, app, tenant="nowhere.example").initiate_auth_code_flow(
            SCOPES, redirect_uri=app.redirect
        )


def test_a_token_expires(sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
    """Graph refuses a token past its time with 401, and the refreshed one works."""
    one = client(sandbox, app)
    first = signed_in(one, app, sign_in)
    sandbox.state.clock.advance(timedelta(hours=2))

    def status(token: str) -> int:
        return requests.get(
            f"{sandbox.https_url}/v1.0/me",
            headers={"Authorization": f"Bearer {token}"},
            verify=sandbox.ca_file,
            timeout=10,
        ).status_code

    again = one.acquire_token_silent(SCOPES, account=one.get_accounts()[0], force_refresh=True)
    assert again is not None
    assert [status(first["access_token"]), status(again["access_token"])] == [401, 200]
