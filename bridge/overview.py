"""What administrators see at a glance: the figures of `health` in words, and each trouble.

A trouble is a sentence with what helps: a list or screen to look at, or a button that mends it.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from babel.dates import format_timedelta

from odoo.api import Environment
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse
from odoo.tools.translate import LazyGettext, LazyTranslate

from . import alarms, settings, words
from .health import Health

_lt = LazyTranslate(__name__)


class Trouble(NamedTuple):
    """One thing to look at: `kind` says where it is seen, `mend` which button helps, if any."""

    kind: str
    words: str
    mend: str | bool = False
    #: The `outlook.alarm` that it is, if it is one.
    alarm_id: int | bool = False


#: What waits for people, by the figure of `Health` that counts it, and the button that helps.
_COUNTED: tuple[tuple[str, LazyGettext, str | bool], ...] = (
    ("open_stops", _lt("Mailboxes with deletions that wait for a decision: %s."), False),
    ("set_aside", _lt("Meetings that are set aside, each with its reason: %s."), "retry"),
    ("open_conflicts", _lt("Values that lost against those of the other side: %s."), False),
)
#: Mailboxes that only somebody can bring on, by the state of their account.
_STATES: dict[str, LazyGettext] = {
    "reconnect": _lt("Owners who have to sign in to Outlook again: %s."),
    "blocked": _lt("Mailboxes that were stopped: %s."),
    "preview": _lt("Owners who have not chosen yet what to sync: %s."),
}


def troubles(env: Environment, found: Health) -> list[Trouble]:
    """Return what to look at, the worst first; empty where all is well."""
    return [one for look in _LOOKS for one in look(env, found)]


def figures(env: Environment, found: Health) -> dict[str, Any]:
    """Return the values of an `outlook.overview`, in the reader's language."""
    return {
        "measured_at": found.checked_at,
        "is_healthy": found.is_healthy,
        "accounts": _accounts(env, found),
        "unsent": _unsent(env, found.unsent, found.oldest_unsent_seconds),
        "waiting": _unsent(env, found.waiting, found.oldest_waiting_seconds),
        "latest_success": _ago(env, found.latest_success_seconds),
        "oldest_success": _ago(env, found.oldest_success_seconds),
        "set_aside": found.set_aside,
        "open_stops": found.open_stops,
        "open_conflicts": found.open_conflicts,
        "rounds": found.rounds_last_hour,
        "failed_rounds": found.failed_rounds_last_hour,
        "requests": found.requests_last_hour,
        "throttled_share": found.throttled_share,
        "crons_off": ", ".join(found.scheduled_actions_off) or env._("All are on"),
        "secret_ends": _secret(env),
    }


def _setup(env: Environment, found: Health) -> Iterator[Trouble]:
    if not found.is_enabled:
        yield Trouble("settings", env._("The synchronization with Outlook is switched off."))
    elif found.is_paused:
        yield Trouble("settings", env._("The synchronization of everybody is paused."))


def _alarms(env: Environment, _found: Health) -> Iterator[Trouble]:
    for alarm in env["outlook.alarm"].search([("kind", "!=", "crons")]):
        yield Trouble("alarm", alarm.message, alarm_id=alarm.id)


def _crons(env: Environment, found: Health) -> Iterator[Trouble]:
    if said := alarms.crons_trouble(env):
        yield Trouble("crons", said, "switch_on" if found.scheduled_actions_off else False)


def _delays(env: Environment, found: Health) -> Iterator[Trouble]:
    if "unsent" in found.problems:
        said = env._(
            "Changes wait for a round that should have sent them: %s.",
            _unsent(env, found.unsent, found.oldest_unsent_seconds),
        )
        yield Trouble("unsent", said, "sync")
    if "standstill" in found.problems:
        said = env._(
            "No mailbox was read for long; the last one %s.",
            _ago(env, found.latest_success_seconds),
        )
        yield Trouble("running", said, "sync")
    if found.accounts_failing:
        said = env._("Mailboxes whose last round met trouble: %s.", found.accounts_failing)
        yield Trouble("failing", said, "sync")


def _mailboxes(env: Environment, found: Health) -> Iterator[Trouble]:
    for state, said in _STATES.items():
        if count := found.accounts.get(state):
            told = env._(said)
            yield Trouble(state, told % count)


def _counted(env: Environment, found: Health) -> Iterator[Trouble]:
    for name, said, mend in _COUNTED:
        if count := getattr(found, name):
            told = env._(said)
            yield Trouble(name, told % count, mend)


_LOOKS: tuple[Callable[[Environment, Health], Iterator[Trouble]], ...] = (
    _setup,
    _alarms,
    _crons,
    _delays,
    _mailboxes,
    _counted,
)


def _accounts(env: Environment, found: Health) -> str:
    """Return "3 connected (1 of them in trouble), 1 Paused"."""
    names = dict(env["outlook.account"]._fields["state"]._description_selection(env))
    parts = [_connected(env, found)] if found.accounts.get("active") else []
    others = ((found.accounts.get(key), name) for key, name in names.items() if key != "active")
    parts += [f"{count} {name}" for count, name in others if count]
    return ", ".join(parts) or env._("None")


def _connected(env: Environment, found: Health) -> str:
    """Say how many have rounds: that a mailbox is active says nothing of how its rounds go."""
    count, failing = found.accounts["active"], found.accounts_failing
    if not failing:
        return env._("%s connected", count)
    return env._("%(count)s connected (%(failing)s in trouble)", count=count, failing=failing)


def _unsent(env: Environment, count: int, seconds: int) -> str:
    if not count:
        return env._("None")
    return env._(
        "%(meetings)s, the oldest change %(ago)s",
        meetings=words.meetings(env, count),
        ago=_ago(env, seconds),
    )


def _ago(env: Environment, seconds: int | None) -> str:
    if seconds is None:
        return env._("Never")
    locale = babel_locale_parse(env.context.get("lang") or env.user.lang)
    return format_timedelta(-timedelta(seconds=seconds), add_direction=True, locale=locale)


def _secret(env: Environment) -> str:
    day = settings.secret_expires_on(env)
    return format_date(env, day) if day else env._("Not known; say it in the settings")
