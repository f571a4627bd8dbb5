"""Seal what must not be read in the database: sign-in caches and the client secret.

A sealed text is a Fernet token (AES-128-CBC with HMAC-SHA256), opened with one key per server. The
key never lives in the database, so that a dump or a copy of it holds nothing that can be used. It
comes from the first of

1. the environment variable ``OUTLOOK_CALENDAR_KEY``,
2. ``outlook_calendar_key`` in the server's configuration file,
3. the file ``outlook_calendar.key`` in the server's data folder, made with mode 0600 when needed.

The database keeps the key's fingerprint (a hash that tells nothing about the key): a server with
another key, or without the one that was in use, is recognized before it opens or seals anything,
and a new key file is only made where nothing was ever sealed.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo.api import Environment
from odoo.tools import config

from ..core.engine.errors import ConsentNeeded, SyncError

KEY_VARIABLE = "OUTLOOK_CALENDAR_KEY"
KEY_OPTION = "outlook_calendar_key"
KEY_FILE = "outlook_calendar.key"
FINGERPRINT = "outlook_calendar.key_fingerprint"


class KeyMissing(SyncError):
    """This server cannot open what was sealed: whoever runs it must bring the right key.

    `reason` is one of: ``absent`` (something was sealed, and this server has no key), ``other`` (it
    has a key, but not the one in use), ``malformed`` (what is given is no key), ``damaged`` (the
    sealed text itself was not made with this key or was altered), ``unwritable`` (no key is given
    and none can be made in the data folder).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def seal(env: Environment, text: str) -> str:
    """Return `text` sealed; the first use remembers the key's fingerprint. Raises KeyMissing."""
    return Fernet(_key(env)).encrypt(text.encode()).decode()


def unseal(env: Environment, text: str) -> str:
    """Return what `seal` was given. Raises KeyMissing."""
    try:
        return Fernet(_key(env)).decrypt(text.encode()).decode()
    except InvalidToken as err:
        raise KeyMissing("damaged") from err


def unseal_sign_in(env: Environment, text: str | None) -> str:
    """Return the sign-in that was sealed. Raises KeyMissing; ConsentNeeded where it is damaged.

    With the right key, only signing in anew helps: the user can, and no administrator.
    """
    try:
        return unseal(env, text or "")
    except KeyMissing as error:
        if error.reason != "damaged":
            raise
        raise ConsentNeeded("damaged") from error


def check_key(env: Environment) -> None:
    """Raise KeyMissing where this server could not open what the database holds; make nothing."""
    known = _known_fingerprint(env)
    if known:
        _verified(_given_key(), known)


def forget_key(env: Environment) -> None:
    """Let the next `seal` start with the key this server has, and give up what the lost one sealed.

    The caller removes what was sealed: without its key nobody can open it.
    """
    env["ir.config_parameter"].sudo().set_param(FINGERPRINT, False)


def _key(env: Environment) -> bytes:
    """Return the key in use, made and remembered where nothing was ever sealed."""
    known = _known_fingerprint(env)
    if known:
        return _verified(_given_key(), known)
    key = _given_key() or _make_key_file()
    env["ir.config_parameter"].sudo().set_param(FINGERPRINT, _fingerprint(key))
    return key


def _known_fingerprint(env: Environment) -> str:
    return env["ir.config_parameter"].sudo().get_param(FINGERPRINT) or ""


def _verified(key: bytes | None, known: str) -> bytes:
    """Return `key` if it is the one with the fingerprint `known`."""
    if key is None:
        raise KeyMissing("absent")
    if _fingerprint(key) != known:
        raise KeyMissing("other")
    return key


def _given_key() -> bytes | None:
    """Return the key this server was given, or None."""
    text = os.environ.get(KEY_VARIABLE) or config.get(KEY_OPTION) or ""
    if not text:
        with contextlib.suppress(FileNotFoundError):
            text = _key_path().read_text(encoding="ascii")
    return _checked(text.strip()) if text else None


def _checked(text: str) -> bytes:
    """Return `text` as a key; Fernet takes 32 bytes in URL-safe base 64 and nothing else."""
    try:
        Fernet(text)
    except ValueError as err:
        raise KeyMissing("malformed") from err
    return text.encode()


def _make_key_file() -> bytes:
    """Make the key file, or read the one that another process made in the same moment.

    The file appears whole or not at all: it is written under another name (`mkstemp` gives mode
    0600) and then linked, which fails where the name is taken.
    """
    path = _key_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{KEY_FILE}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(Fernet.generate_key())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            os.unlink(draft)
        return _checked(path.read_text(encoding="ascii").strip())
    except OSError as err:
        raise KeyMissing("unwritable") from err


def _key_path() -> Path:
    return Path(config["data_dir"]) / KEY_FILE


def _fingerprint(key: bytes) -> str:
    """Return 32 hexadecimal digits that name `key`; its 256 random bits cannot be guessed back."""
    return hashlib.sha256(b"outlook_calendar key:" + key).hexdigest()[:32]
