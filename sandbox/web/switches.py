"""The switches: what goes wrong from now on, and how this Microsoft behaves where nobody knows."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from werkzeug import Response
from werkzeug.utils import redirect

from ..errors import invalid_parameter
from ..faults import KINDS
from ..options import Options
from .visit import Visit

if TYPE_CHECKING:
    from ..state import State

FAULTS = {
    "latency": "Answer late",
    "throttle": "Say “too many requests” (429)",
    "server_error": "Fail with a server error",
    "drop_before": "Hang up before doing anything",
    "drop_after": "Do it, then hang up without an answer",
    "truncate": "Do it, then answer only half",
    "html_page": "Answer with a page, as a proxy does",
    "hold": "Keep requests waiting",
    "hold_after": "Do it, then keep the answer waiting",
    "duplicate_delta": "Tell changes twice",
    "reorder_delta": "Tell changes in another order",
}


def _seconds(text: str) -> str:
    """Read a number of seconds and keep its spelling: Retry-After may be whole or not."""
    return str(int(text)) if text.isdecimal() else str(float(text))


#: What a kind of fault needs besides its match, and how it is read.
_VALUES: dict[str, dict[str, Callable[[str], Any]]] = {
    "latency": {"seconds": float},
    "throttle": {"retry_after": _seconds},
    "server_error": {"status": int},
}
_COMMENT = re.compile(r"^    #: (.*)$")
_FIELD = re.compile(r"^    (\w+): ")
_STARTS = {"seconds": "1", "retry_after": "5", "status": "503"}


@dataclass(frozen=True)
class Switch:
    """One option as the page shows it."""

    name: str
    value: str
    #: The values there are; empty where any text or number will do.
    choices: tuple[str, ...]
    is_default: bool
    meaning: str

    @property
    def label(self) -> str:
        """Say its name in words."""
        return self.name.replace("_", " ").capitalize()


def show(visit: Visit) -> Response:
    """Show all switches and the faults that are armed."""
    return visit.page(
        "switches.html",
        kinds={kind: FAULTS.get(kind, kind) for kind in sorted(KINDS - {"lie"}, key=_order)},
        armed=[fault.as_json() for fault in visit.state.faults],
        options=_switches(visit.state.options),
        apps=list(visit.state.directory.apps.values()),
    )


def set_options(visit: Visit) -> Response:
    """Set the options that differ; a value that cannot be is refused."""
    given = visit.request.form
    changed = {
        one.name: _value(one.name, given[one.name])
        for one in _switches(visit.state.options)
        if given.get(one.name, one.value) != one.value
    }
    try:
        visit.state.options.set(**changed)
    except ValueError as err:
        raise invalid_parameter(str(err)) from err
    return _back(visit)


def set_faults(visit: Visit) -> Response:
    """Do what the pressed button says: arm, clear, or break something at once."""
    given = visit.request.form
    act = _ACTS.get(given.get("act", ""))
    if act is None:
        raise invalid_parameter("There is no such switch.")
    try:
        act(visit.state, given)
    except (KeyError, ValueError) as err:
        raise invalid_parameter(f"That cannot be: {err}") from err
    return _back(visit)


def _arm(state: State, given: Mapping[str, str]) -> None:
    kind, times = given["kind"], given.get("times", "1")
    values = {
        name: read(given.get(name) or _STARTS[name]) for name, read in _VALUES.get(kind, {}).items()
    }
    match: dict[str, Any] = {
        "times": int(times) if times else None,
        **{name: given.get(name) or None for name in ("method", "path", "mailbox")},
    }
    # Throttling has an own way to write its header.
    if kind == "throttle":
        state.faults.throttle(values["retry_after"], **match)
    else:
        state.faults.add(kind, **match, **values)


def _spoil_secrets(state: State, given: Mapping[str, str]) -> None:
    for app in state.directory.apps.values():
        app.secret_expired = not app.secret_expired


_ACTS: dict[str, Callable[[State, Mapping[str, str]], None]] = {
    "arm": _arm,
    "clear": lambda state, given: state.faults.clear(),
    "release": lambda state, given: state.faults.release_all(),
    "expire_delta": lambda state, given: state.expire_delta(given["address"]),
    "sign_out": lambda state, given: state.directory.sign_out(
        state.mailbox(given["address"]).address
    ),
    "expire_access": lambda state, given: state.directory.expire_access(
        state.mailbox(given["address"]).address
    ),
    "expire_secret": _spoil_secrets,
}


def _switches(options: Options) -> list[Switch]:
    fresh = Options().as_json()
    hints, meanings = get_type_hints(Options), _meanings()
    found = []
    for name, value in options.as_json().items():
        default = value == fresh[name]
        found.append(Switch(name, _text(value), _choices(hints[name]), default, meanings[name]))
    return found


@cache
def _meanings() -> dict[str, str]:
    """Read what each option means from the comment above it, so that it is said in one place."""
    found: dict[str, str] = {}
    said: list[str] = []
    for line in inspect.getsource(Options).splitlines():
        comment, field = _COMMENT.match(line), _FIELD.match(line)
        if comment:
            said.append(comment[1])
        elif field:
            found[field[1]] = " ".join(said).replace("``", "")
            said = []
    return found


def _choices(hint: Any) -> tuple[str, ...]:
    if hint is bool:
        return ("on", "off")
    return get_args(hint) if get_origin(hint) is Literal else ()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _value(name: str, text: str) -> Any:
    """Read an option's text as the type that the option has."""
    kind = type(getattr(Options(), name))
    if kind is bool:
        return text == "on"
    if kind is frozenset:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is int and not text.isdecimal():
        raise invalid_parameter(f"{name} takes a number.")
    return kind(text)


def _order(kind: str) -> int:
    names = list(FAULTS)
    return names.index(kind) if kind in names else len(names)


def _back(visit: Visit) -> Response:
    return redirect(visit.link("switches", done="switched"), code=303)
