"""Keep, in a person's web session, the sign-ins that Microsoft has not answered yet.

The session's content stays on the server; only its id is in a cookie, and that id may rotate
meanwhile. Each sign-in can be taken once, for ten minutes, by the user who started it: that, with
the unguessable `state`, is what makes an answer from elsewhere worthless (RFC 9700, 4.7).
"""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

Session = MutableMapping[str, Any]

SIGN_INS = "outlook_calendar_sign_ins"
NOTICE = "outlook_calendar_notice"
LIFETIME_SECONDS = 600
# Somebody may have several tabs; somebody who clicks on and on only needs the last ones.
MOST_AT_ONCE = 5
DEFAULT_RETURN_PATH = "/odoo/calendar"


def remember(
    session: Session, flow: dict[str, Any], *, uid: int, return_path: str | None, now: float
) -> None:
    """Keep `flow` under its `state`; `now` is in seconds since the epoch."""
    waiting = _waiting(session, now)
    waiting[flow["state"]] = {
        "flow": flow,
        "uid": uid,
        "return_path": local_path(return_path),
        "until": now + LIFETIME_SECONDS,
    }
    newest = sorted(waiting.items(), key=lambda item: item[1]["until"])[-MOST_AT_ONCE:]
    session[SIGN_INS] = dict(newest)


def take(session: Session, state: str, *, uid: int | None, now: float) -> dict[str, Any] | None:
    """Return and forget the sign-in with that `state`, if it is still good for that user.

    Whoever asks for it, it is gone afterwards.
    """
    waiting = _waiting(session, now)
    sign_in = waiting.pop(state, None)
    session[SIGN_INS] = waiting
    return sign_in if sign_in and sign_in["uid"] == uid else None


def leave_notice(session: Session, *, kind: str, message: str) -> None:
    """Leave a word for the page that the person comes back to.

    In the session, not in the address: nobody can make a link that puts words in our mouth.
    """
    session[NOTICE] = {"kind": kind, "message": message}


def take_notice(session: Session) -> dict[str, str] | None:
    """Return the word that was left, once."""
    return session.pop(NOTICE, None)


def local_path(path: str | None) -> str:
    """Return `path` if it stays on this site and in this database, else the calendar's."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return DEFAULT_RETURN_PATH
    # Browsers take a backslash for a slash and drop line breaks and tabs inside an address.
    if "\\" in path or any(ord(letter) < 32 for letter in path):
        return DEFAULT_RETURN_PATH
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or "db" in parse_qs(parts.query, keep_blank_values=True):
        return DEFAULT_RETURN_PATH
    return path


def _waiting(session: Session, now: float) -> dict[str, Any]:
    """Return a copy of what is still good: a session notices only what is assigned to it."""
    waiting = session.get(SIGN_INS) or {}
    return {state: sign_in for state, sign_in in waiting.items() if sign_in["until"] > now}
