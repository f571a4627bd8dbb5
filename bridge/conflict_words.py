"""A conflict in words, for each reader: what it is about, what was kept and what the other said."""

from collections.abc import Mapping
from typing import NamedTuple

from odoo.api import Environment
from odoo.release import product_name
from odoo.tools import format_date

from ..core.engine.markup import text_of_html
from ..core.engine.merge import Absent, Maybe
from ..core.engine.snapshot import AllDay, Body, Keyed, Timed
from ..core.engine.within import Path
from . import conflict_use, conflicts, homes, preview_words
from .journal_words import entries
from .proposals import time_in_words

#: Of choices, how the meeting's own form names them: its field, and the keys with equal meaning.
_CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "sensitivity": (
        "privacy",
        {"normal": "public", "private": "private", "confidential": "confidential"},
    ),
    "show_as": ("show_as", {"free": "free", "busy": "busy"}),
}
#: What Outlook alone has, and what the form shows for it.
_NEAREST = {
    "personal": "public",
    "tentative": "busy",
    "oof": "busy",
    "workingElsewhere": "busy",
    "unknown": "busy",
}
#: As much of a text as is shown, in characters. Here all of it is at hand: it can be used.
LONGEST = 500


class Said(NamedTuple):
    """What a person reads of a conflict; False where it is not his to read."""

    title: str
    label: str
    kept: str | bool = False
    lost: str | bool = False
    can_use: bool = False


def said(conflict) -> Said:
    """Say it to the reader of `conflict`."""
    env, event = conflict.env, conflicts.subject(conflict)
    label = _label(conflict)
    if not conflict_use.may_see(conflict):
        return Said(env._("Busy") if event else "", label)
    kept, lost = (conflicts.loaded(one) for one in (conflict.sudo().kept, conflict.sudo().lost))
    path, zone = tuple(conflict.sudo().path), homes.zone(event)
    return Said(
        event.name or "",
        label,
        _on_side(env, _words(env, path, kept, zone), is_local=conflict.winner == "local"),
        _on_side(env, _words(env, path, lost, zone), is_local=conflict.winner == "remote"),
        conflict_use.may_use(conflict),
    )


def _label(conflict) -> str:
    label = preview_words.field_names(conflict.env, [conflict.field])
    if not conflict.slot:
        return label
    return f"{label}, {format_date(conflict.env, conflict.slot)}"


def _on_side(env: Environment, text: str, *, is_local: bool) -> str:
    """Return a value with the side that showed it."""
    return f"{text} ({product_name if is_local else env._('Outlook')})"


def _words(env: Environment, path: Path, value: Maybe, zone: str) -> str:
    """Return a value in words; of several fields each with its name."""
    parts = _parts(path, value)
    words = {one: _field(env, one, part, zone) for one, part in parts.items()}
    if len(words) < 2:
        return "".join(words.values())
    names = {one: preview_words.field_names(env, one[-1:]) for one in words}
    return "; ".join(f"{names[one]}: {text}" for one, text in words.items())


def _parts(path: Path, value: Maybe) -> Mapping[Path, Maybe]:
    """Return the single fields in a value, by their paths."""
    if path == conflicts.TIMING_PATH and isinstance(value, Keyed):
        return {(name,): value[name] for name in ("rule", "when") if name in value}
    if len(path) == 2 and isinstance(value, Keyed):
        return {(*path, name): one for name, one in value.items()}
    return {path: value}


def _field(env: Environment, path: Path, value: Maybe, zone: str) -> str:
    if isinstance(value, (Timed, AllDay)):
        return time_in_words(env, value)
    if isinstance(value, Body):
        return _beginning(text_of_html(value.html)) or env._("no text")
    name, is_there = path[-2] if len(path) > 1 else "", not isinstance(value, Absent)
    if name == "categories":
        return path[-1] if is_there else env._("without %s", path[-1])
    if name == "people" and not is_there:
        return env._("without %s", path[-1].removeprefix("name:"))
    if name == "occurrences" and not is_there:
        return env._("as the series")
    told = entries(env, {path: (None, value if is_there else None)}, zone=zone)
    outlooks = ", ".join(str(one.new) for one in told if one.new) or env._("none")
    return _as_on_form(env, path[-1], value, outlooks)


def _as_on_form(env: Environment, name: str, value: Maybe, outlooks: str) -> str:
    """Return a choice as the form names it; with Outlook's word where only Outlook has it."""
    field, equals = _CHOICES.get(name, ("", {}))
    if not field or not isinstance(value, str):
        return outlooks
    labels = dict(env["calendar.event"]._fields[field]._description_selection(env))
    if value in equals:
        return labels[equals[value]]
    return f"{labels[_NEAREST[value]]}, {outlooks}" if value in _NEAREST else outlooks


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
