"""The application at Entra, and msal's way to the network.

msal is made afresh for each attempt: it asks for the directory's endpoints when it is made, and
repeats a refusal from its memory for a minute.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

import msal
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ..engine.errors import AppMisconfigured, SignInUnavailable, TransportError
from . import signin_errors
from .transport import Request, Response, Transport, is_safe_endpoint

# At DEBUG msal writes down what it sent for a token, authorization code and verifier included.
logging.getLogger("msal.token_cache").setLevel(logging.INFO)

AUTHORITY_URL = "https://login.microsoftonline.com"


@dataclass(frozen=True)
class Certificate:
    """A client certificate: both parts in PEM, the passphrase where the key is encrypted."""

    private_key: str = field(repr=False)
    public_certificate: str = field(repr=False)
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class App:
    """The application as registered at Entra. One of `secret` and `certificate` is given.

    `tenant` is a directory's id or domain, or common, organizations, consumers.
    """

    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate: Certificate | None = field(default=None, repr=False)
    tenant: str = "common"
    authority_url: str = AUTHORITY_URL


def msal_client(
    app: App, transport: Transport, cache: msal.SerializableTokenCache | None = None
) -> msal.ConfidentialClientApplication:
    """Make msal's application; this asks for the directory's endpoints. Raises `AuthError`."""
    if not is_safe_endpoint(app.authority_url):
        raise AppMisconfigured("authority_url")
    credential = _credential(app)
    try:
        return msal.ConfidentialClientApplication(
            app.client_id,
            client_credential=credential,
            authority=f"{app.authority_url.rstrip('/')}/{app.tenant}",
            token_cache=cache,
            http_client=_MsalHttp(transport),
            # Else msal asks login.microsoftonline.com about every other host.
            instance_discovery=False,
        )
    except KeyError as err:
        raise SignInUnavailable("endpoints") from err
    except ValueError as err:  # no https address, or one without a directory
        raise AppMisconfigured("authority_url") from err


def _credential(app: App) -> str | dict[str, str]:
    """Return the secret or the certificate as msal takes it; msal itself finds faults only late."""
    certificate = app.certificate
    if certificate is None:
        if not app.secret:
            raise AppMisconfigured("no_credential")
        return app.secret
    passphrase = certificate.passphrase.encode() if certificate.passphrase else None
    try:
        load_pem_private_key(certificate.private_key.encode(), passphrase)
        x509.load_pem_x509_certificate(certificate.public_certificate.encode())
    except (TypeError, ValueError) as err:  # TypeError: encrypted, and no passphrase
        raise AppMisconfigured("certificate") from err
    credential = {
        "private_key": certificate.private_key,
        "public_certificate": certificate.public_certificate,
    }
    return credential | ({"passphrase": certificate.passphrase} if certificate.passphrase else {})


class _MsalHttp:
    """The `http_client` that msal asks for, over our transport. It closes nothing: it owns nothing.

    What is no answer of an identity provider never reaches msal, which would log the whole text.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> _MsalAnswer:
        """Send a GET as msal wants it."""
        return self._send(Request("GET", url, headers or {}, params))

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> _MsalAnswer:
        """Send a form as msal wants it."""
        return self._send(Request("POST", url, headers or {}, params, form=data))

    def close(self) -> None:
        """Leave the transport to its owner."""

    def _send(self, request: Request) -> _MsalAnswer:
        try:
            response = self._transport.send(request)
        except TransportError as err:
            raise SignInUnavailable(type(err).__name__) from err
        try:
            payload = response.json()
        except ValueError:
            payload = None
        if response.status >= 500 or response.status == 429 or not isinstance(payload, dict):
            raise SignInUnavailable(str(response.status))
        if request.method == "GET" and response.status >= 400:
            # The directory's own document: Entra says here that there is no such tenant.
            raise signin_errors.error_of(payload)
        return _MsalAnswer(response)


class _MsalAnswer:
    """An answer in the shape that msal reads."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        self.headers = dict(response.headers)
        self.text = response.text

    def raise_for_status(self) -> None:
        """Raise for what msal takes for no answer."""
        if self.status_code >= 400:
            raise SignInUnavailable(str(self.status_code))
