"""What clients need to take the sandbox for Microsoft: a person at the sign-in page, and a detour.

Nobody here wrote the clients, and some of them pin Microsoft's hosts. Their requests are led to the
sandbox below their own code, at the transport; what they send and what they make of the answers is
theirs.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

import httpx
import requests
from requests.adapters import HTTPAdapter

#: Hosts that the clients pin.
MICROSOFT = frozenset({"login.microsoftonline.com", "graph.microsoft.com"})
TIMEOUT = 10
ANNA = "anna@contoso.example"
BRAM = "bram@contoso.example"
#: What a person does at the sign-in page: address of the page, account, decision → where it leads.
SignIn = Callable[..., str]
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@dataclass(frozen=True)
class Registration:
    """What an administrator copies from Entra."""

    client_id: str = "a1b2c3d4-0000-4000-8000-00000000f0e1"
    secret: str = "the~value.of-a_secret"
    redirect: str = "http://localhost:8400/callback"


def led_to(sandbox_url: str, url: str) -> str:
    """Return an address at the sandbox for one at Microsoft; others stay."""
    parts = urlsplit(url)
    if parts.hostname not in MICROSOFT:
        return url
    return urlunsplit(parts._replace(scheme="https", netloc=urlsplit(sandbox_url).netloc))


class Detour(HTTPAdapter):
    """A transport of requests that leads Microsoft's hosts to the sandbox."""

    def __init__(self, sandbox_url: str, ca_file: str) -> None:
        super().__init__()
        self._sandbox_url = sandbox_url
        self._ca_file = ca_file

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request, to the sandbox and nowhere else."""
        assert request.url is not None
        request.url = led_to(self._sandbox_url, request.url)
        kwargs["verify"] = self._ca_file
        return super().send(request, *args, **kwargs)


class AsyncDetour(httpx.AsyncHTTPTransport):
    """The same for httpx."""

    def __init__(self, sandbox_url: str, ca_file: str) -> None:
        super().__init__(verify=httpx.create_ssl_context(verify=ca_file))
        self._sandbox_url = sandbox_url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, to the sandbox and nowhere else."""
        request.url = httpx.URL(led_to(self._sandbox_url, str(request.url)))
        request.headers["Host"] = request.url.netloc.decode()
        return await super().handle_async_request(request)


def at_the_sign_in_page(
    sandbox_url: str, authorization_url: str, account: str, decision: str = "accept"
) -> str:
    """Choose an account on the page that a client sent the person to; return where that leads."""
    start = led_to(sandbox_url, authorization_url)
    # What is wrong with the request is shown here, instead of going back.
    page = requests.get(start, timeout=TIMEOUT)
    page.raise_for_status()
    fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
    answer = requests.post(
        urljoin(page.url, urlsplit(page.url).path),
        {**fields, "account": account, "decision": decision},
        timeout=TIMEOUT,
        allow_redirects=False,
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def query_of(url: str) -> Mapping[str, str]:
    """Return the parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))
