"""Troubles that only an administrator can put right: told once, taken back when they are over.

Each kind of trouble has one row of `outlook.alarm` while it lasts, whatever the number of mailboxes
that meet it, and each administrator one activity on it. Rounds raise alarms of what they meet,
`watch` those of what no round sees.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from odoo import fields
from odoo.api import Environment
from odoo.tools import format_date
from odoo.tools.translate import LazyGettext, LazyTranslate

from ..core.engine.errors import AppMisconfigured, SyncError
from . import settings, waking, wording
from .copies import Elsewhere
from .sealing import KeyMissing
from .settings import NotConfigured

_lt = LazyTranslate(__name__)

ACTIVITY = "mail.mail_activity_data_warning"
#: Errors of rounds that no user can help, by the kind of their alarm. Each is made from its code.
ERRORS: dict[str, type[SyncError]] = {
    "app": AppMisconfigured,
    "settings": NotConfigured,
    "key": KeyMissing,
    "copy": Elsewhere,
}
#: What rounds fail of until it is mended, each also a value of `outlook.account.trouble`.
TROUBLES = ("app", "settings", "key")
CRONS = (*waking.LANES, "outlook_calendar.ir_cron_reset", "outlook_calendar.ir_cron_watch")
#: A lane is due every three minutes; so long after that nobody seems to run it.
LATE = timedelta(minutes=15)

SUMMARIES: dict[str, LazyGettext] = {
    "app": _lt("Outlook Calendar: Microsoft does not accept the application"),
    "settings": _lt("Outlook Calendar: the settings are not complete"),
    "key": _lt("Outlook Calendar: the key of the sign-ins is missing"),
    "secret": _lt("Outlook Calendar: renew the client secret"),
    "crons": _lt("Outlook Calendar: scheduled actions do not run"),
    "copy": _lt("Outlook Calendar: is this the database in use?"),
}


def is_sounding(env: Environment, kind: str) -> bool:
    """Tell whether the administrators were told of a trouble that lasts."""
    return bool(_find(env, kind))


def kind_of(error: SyncError) -> str | None:
    """Return the kind of alarm that an error of a round calls for; None where a user can help."""
    return next((kind for kind, cls in ERRORS.items() if isinstance(error, cls)), None)


def note(env: Environment, kind: str, error: SyncError) -> None:
    """Let the administrators know of an error of a round, unless they were told of its kind."""
    if not _find(env, kind):
        sound(env, kind, str(error.args[0]) if error.args else "")


def sound(env: Environment, kind: str, code: str) -> None:
    """Tell every administrator of a trouble: once, and once more where its code has changed."""
    alarm = _find(env, kind)
    if alarm and alarm.code == code:
        return
    if alarm:
        alarm.activity_unlink([ACTIVITY])
        alarm.code = code
    else:
        alarm = env["outlook.alarm"].sudo().create({"kind": kind, "code": code})
    for user in _administrators(env):
        own = user.with_context(lang=user.lang).env
        # As himself: what one gives oneself to do is not mailed.
        alarm.with_user(user).sudo().with_context(lang=user.lang).activity_schedule(
            ACTIVITY,
            summary=own._(SUMMARIES[kind]),
            note=message(own, kind, code),
            user_id=user.id,
        )


def silence(env: Environment, kinds: Iterable[str]) -> None:
    """Take back what administrators were told of these kinds: it is over."""
    over = env["outlook.alarm"].sudo().search([("kind", "in", list(kinds))])
    if over:
        over.activity_unlink([ACTIVITY])
        over.unlink()


def settled(account) -> None:
    """Note that a round went well: a trouble that no other mailbox has any more is over.

    The others need not wait out their pause: what was wrong concerned all of them.
    """
    kind, env = account.trouble, account.env
    if not kind:
        return
    account.trouble = False
    if not _wake_troubled(env, [kind]):
        silence(env, [kind])


def retry(env: Environment, *, is_mended: bool) -> None:
    """Let every mailbox try again what failed for reasons that an administrator can mend.

    What administrators were told is over if it `is_mended`, and if no mailbox has it any more;
    until then they are not told again.
    """
    if not _wake_troubled(env, TROUBLES) or is_mended:
        silence(env, TROUBLES)


def _wake_troubled(env: Environment, kinds: Iterable[str]) -> bool:
    """End the pauses of mailboxes with such a trouble; tell whether there are any.

    One that a round holds now is passed over: nobody who saves the settings waits for a round.
    """
    accounts = env["outlook.account"].sudo()
    accounts.flush_model(["trouble", "state", "backoff_until", "next_round_at"])
    env.cr.execute(
        """
        UPDATE outlook_account SET backoff_until = NULL, next_round_at = %s
         WHERE id IN (SELECT id FROM outlook_account
                       WHERE trouble = ANY(%s) AND state = 'active'
                         FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id
        """,
        (fields.Datetime.now(), list(kinds)),
    )
    ids = [row[0] for row in env.cr.fetchall()]
    accounts.browse(ids).invalidate_recordset(["backoff_until", "next_round_at"], flush=False)
    waking.wake(env, ids)
    return bool(accounts.search_count([("trouble", "in", list(kinds)), ("state", "=", "active")]))


def message(env: Environment, kind: str, code: str) -> str:
    """Return what is wrong and what to do, in the language of `env`."""
    if kind in ERRORS:
        return wording.in_words(env, ERRORS[kind](code))
    return _WORDS[kind](env, code)


def crons(env: Environment):
    """Return our scheduled actions, whatever they are called by now, in `sudo`; off ones too."""
    found = env["ir.cron"].sudo()
    for name in CRONS:
        found |= env.ref(name, raise_if_not_found=False) or found.browse()
    return found.sudo()


def crons_off(env: Environment) -> list[str]:
    """Return the names of our scheduled actions that somebody, or a series of failures, stopped."""
    return [cron.name for cron in crons(env) if not cron.active]


def crons_late(env: Environment) -> bool:
    """Tell whether lanes are on and due for long: then nothing runs them on this server."""
    due = min(waking.find(env).filtered("active").mapped("nextcall"), default=None)
    return due is not None and due < fields.Datetime.now() - LATE


def lanes_stopped(env: Environment) -> str:
    """Return why nobody's turn comes: ``off`` or ``late``; empty where turns come, or need not."""
    if not settings.is_enabled(env):
        return ""
    if not waking.find(env).filtered("active"):
        return "off"
    return "late" if crons_late(env) else ""


def crons_trouble(env: Environment) -> str:
    """Return in words what keeps scheduled actions from running; empty where they do, or need not.

    A lane or two may be off on purpose, to have fewer mailboxes at work at once: that is shown,
    too.
    """
    if not settings.is_enabled(env):
        return ""
    if off := crons_off(env):
        return env._(
            "Scheduled actions are switched off: %s. Switch them on again in Settings ‣ Technical ‣"
            " Scheduled Actions.",
            ", ".join(off),
        )
    if crons_late(env):
        return env._(
            "No scheduled action of Outlook Calendar has run for a while: this server seems to run"
            " none at all. Whoever runs it can see to it (max_cron_threads)."
        )
    return ""


def _secret(env: Environment, _code: str) -> str:
    day = settings.secret_expires_on(env)
    if day is None:
        return env._("The Client Secret ends soon.")
    return env._(
        "The last day of the Client Secret of Outlook Calendar is %s: nobody's calendar is kept in"
        " step after that. Make a new one in Microsoft Entra under “Certificates & secrets”, and"
        " save it in the settings with its end. Nobody needs to sign in again.",
        format_date(env, day),
    )


def _crons_words(env: Environment, _code: str) -> str:
    return crons_trouble(env)


_WORDS: dict[str, Callable[[Environment, str], str]] = {
    "secret": _secret,
    "crons": _crons_words,
}


def _find(env: Environment, kind: str):
    return env["outlook.alarm"].sudo().search([("kind", "=", kind)])


def _administrators(env: Environment):
    users = env.ref("base.group_system").sudo().all_user_ids
    return users.filtered(lambda user: user.active and not user.share)
