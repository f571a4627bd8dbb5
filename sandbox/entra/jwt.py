"""JSON web tokens, as much as Entra needs: RS256 out, RS256 and PS256 in."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """Return the key that signs the id tokens of this process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_id() -> str:
    """Return the name of the signing key."""
    public = signing_key().public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encode(hashlib.sha1(der, usedforsecurity=False).digest())


def encode(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url without padding; ValueError if it is not that."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def encode_json(value: Any) -> str:
    """Write a JSON value as base64url."""
    return encode(json.dumps(value, separators=(",", ":")).encode())


def sign(claims: dict[str, Any]) -> str:
    """Write and sign a token."""
    head = {"typ": "JWT", "alg": "RS256", "kid": key_id()}
    text = f"{encode_json(head)}.{encode_json(claims)}"
    signature = signing_key().sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{encode(signature)}"


def public_keys() -> dict[str, Any]:
    """Return the JSON web key set."""
    numbers = signing_key().public_key().public_numbers()
    key = {
        "kty": "RSA",
        "use": "sig",
        "kid": key_id(),
        "n": encode(numbers.n.to_bytes(256, "big")),
        "e": encode(numbers.e.to_bytes(3, "big")),
    }
    return {"keys": [key]}


def verified_claims(token: str, certificate_pem: bytes) -> dict[str, Any]:
    """Return a token's claims if the certificate signed it and is named; else ValueError."""
    head_text, claims_text, signature_text = token.split(".")
    head = json.loads(decode(head_text))
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not _names(head, certificate):
        raise ValueError("the assertion names another certificate")
    schemes: dict[str, padding.AsymmetricPadding] = {
        "RS256": padding.PKCS1v15(),
        "PS256": padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH),
    }
    scheme = schemes.get(head.get("alg"))
    if scheme is None:
        raise ValueError("the assertion's algorithm is not allowed")
    text = f"{head_text}.{claims_text}".encode()
    try:
        key.verify(decode(signature_text), text, scheme, hashes.SHA256())
    except InvalidSignature as err:
        raise ValueError("the assertion's signature is wrong") from err
    claims: dict[str, Any] = json.loads(decode(claims_text))
    return claims


def _names(head: dict[str, Any], certificate: x509.Certificate) -> bool:
    """Compare the thumbprint in a token's head with a certificate (either of the two spellings)."""
    short = encode(certificate.fingerprint(hashes.SHA1()))
    long = encode(certificate.fingerprint(hashes.SHA256()))
    return (
        str(head.get("x5t", "")).rstrip("=") == short
        or str(head.get("x5t#S256", "")).rstrip("=") == long
    )
