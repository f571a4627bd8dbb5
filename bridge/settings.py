"""What the administrator configured, as values; the only reader of the addon's system parameters.

Parameters (`ir.config_parameter`, all optional):

======================================= ===========================================================
``outlook_calendar.enabled``            ``True`` while the tick is set, ``False`` once taken away
``outlook_calendar.client_id``          the application (client) ID at Microsoft Entra
``outlook_calendar.client_secret``      its secret, sealed (see `sealing`)
``outlook_calendar.tenant``             directory: ``common``, ``organizations``, an id or a domain
``outlook_calendar.paused``             ``True`` while nothing is synced for anybody
``outlook_calendar.authority_url``      where people sign in; for national clouds and the sandbox
``outlook_calendar.graph_url``          where calendars are; likewise
``outlook_calendar.window_past_days``   how far back meetings are kept in step (365)
``outlook_calendar.window_future_days`` how far ahead (730); see `window_days` for their limits
``outlook_calendar.horizon_days``       how far ahead a series without end has its occurrences here
                                        (730); not below the window's future
``outlook_calendar.conflict_winner``    ``newer`` (default), ``outlook`` or ``local``
``outlook_calendar.unknown_guests``     whom no contact here has the address of: ``contacts`` (made;
                                        default) or ``names`` (kept with the meeting by name)
``outlook_calendar.contact_details``    ``True`` where contact details that Odoo puts under texts go
                                        to all guests, too
``outlook_calendar.untold_hours``       after so many hours (4) this side offers to tell guests whom
                                        Outlook could not
``outlook_calendar.quiet_seconds``      how long (5) a meeting rests before its edits go out as one
``outlook_calendar.connect_timeout``    seconds (5) until a connection to Microsoft must stand
``outlook_calendar.read_timeout``       seconds (30) that Microsoft may be silent
``outlook_calendar.stop_deletions``     more deletions in one round than these (25) ask a person
``outlook_calendar.stop_percent``       so do more than this share (20) of the linked meetings, ...
``outlook_calendar.stop_least``         ... where it is at least so many (5)
``outlook_calendar.journal_days``       how long (90) rounds and their changes are kept
``outlook_calendar.unsent_minutes``     after so many (15) a change that is not sent is an alarm for
                                        monitoring
``outlook_calendar.secret_expires_on``  the day (ISO) on which the client secret ends, if known
======================================= ===========================================================
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.api import Environment

from ..core.engine.errors import SyncError
from ..core.graph.oauth import App
from ..core.graph.transport import is_safe_endpoint
from .sealing import KeyMissing, unseal

PREFIX = "outlook_calendar."
DEFAULT_AUTHORITY_URL = "https://login.microsoftonline.com"
DEFAULT_GRAPH_URL = "https://graph.microsoft.com"
DEFAULT_TENANT = "common"
DEFAULT_WINDOW_PAST_DAYS = 365
DEFAULT_WINDOW_FUTURE_DAYS = 730
DEFAULT_HORIZON_DAYS = 730
#: Graph refuses to show a longer span (calendarView), and with it every round.
LONGEST_WINDOW_DAYS = 1825
DEFAULT_QUIET_SECONDS = 5
DEFAULT_CONNECT_TIMEOUT = 5
DEFAULT_READ_TIMEOUT = 30
#: A request that waits longer outlives the claim on its mailbox (`session.LEASE_SECONDS`).
LONGEST_TIMEOUT = 60
#: Whatever is edited on and on: after so many seconds it goes out.
LONGEST_QUIET_SECONDS = 45
#: Numbers that the settings show; each may be nought, which is kept, too.
NUMBERS: Mapping[str, int] = {
    "untold_hours": 4,
    "stop_deletions": 25,
    "stop_percent": 20,
    "stop_least": 5,
    "journal_days": 90,
}
DEFAULT_UNSENT_MINUTES = 15
WINNERS = ("newer", "outlook", "local")
UNKNOWN_GUESTS = ("contacts", "names")

# A directory is a GUID, a verified domain or one of Microsoft's words: nothing that could change
# the path of the URL it is put in.
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class NotConfigured(SyncError):
    """The administrator's part is missing or unusable.

    `reason` is one of: ``disabled``, ``client_id``, ``client_secret``, ``damaged_secret`` (what is
    saved cannot be opened), ``tenant``, ``authority_url``, ``graph_url``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_enabled(env: Environment) -> bool:
    """Tell whether the tick is set: without it there are no rounds."""
    return _parameter(env, "enabled") == "True"


def is_switched_off(env: Environment) -> bool:
    """Tell whether the tick was taken away: then the calendar shows no button.

    Where nobody ever decided, there is no parameter and the button leads to the settings.
    """
    return _parameter(env, "enabled") == "False"


def switch(env: Environment, *, enabled: bool) -> None:
    """Keep the tick; a `False` is kept too, see `is_switched_off`."""
    env["ir.config_parameter"].sudo().set_param(f"{PREFIX}enabled", str(enabled))


def is_paused(env: Environment) -> bool:
    """Tell whether an administrator paused the synchronization of everybody."""
    return _parameter(env, "paused") == "True"


def is_configured(env: Environment) -> bool:
    """Tell whether people can sign in, as far as can be known without asking Microsoft."""
    return is_enabled(env) and bool(
        _parameter(env, "client_id") and _parameter(env, "client_secret")
    )


def has_secret(env: Environment) -> bool:
    """Tell whether a client secret is saved, without opening it."""
    return bool(_parameter(env, "client_secret"))


def load_app(env: Environment) -> App:
    """Return the application that people sign in to. Raises NotConfigured, KeyMissing."""
    if not is_enabled(env):
        raise NotConfigured("disabled")
    return make_app(
        env,
        client_id=_parameter(env, "client_id"),
        sealed_secret=None,
        tenant=_parameter(env, "tenant"),
    )


def make_app(env: Environment, *, client_id: str, sealed_secret: str | None, tenant: str) -> App:
    """Return an application of these values; None and "" take what is saved or usual.

    Raises NotConfigured, KeyMissing.
    """
    if not client_id:
        raise NotConfigured("client_id")
    sealed_secret = sealed_secret or _parameter(env, "client_secret")
    if not sealed_secret:
        raise NotConfigured("client_secret")
    tenant = tenant or DEFAULT_TENANT
    if not is_tenant(tenant):
        raise NotConfigured("tenant")
    return App(
        client_id=client_id,
        secret=_opened(env, sealed_secret),
        tenant=tenant,
        authority_url=_endpoint(env, "authority_url", DEFAULT_AUTHORITY_URL),
    )


def application(env: Environment) -> tuple[str, ...]:
    """Return all that decides whether Microsoft accepts the application, as it is stored."""
    names = ("client_id", "client_secret", "tenant", "authority_url", "graph_url")
    stored = {name: _parameter(env, name) for name in names}
    return tuple({**stored, "tenant": stored["tenant"] or DEFAULT_TENANT}.values())


def graph_url(env: Environment) -> str:
    """Return Graph's origin without a slash at the end. Raises NotConfigured."""
    return _endpoint(env, "graph_url", DEFAULT_GRAPH_URL)


def window_days(env: Environment) -> tuple[int, int]:
    """Return how many days back and ahead of now meetings are kept in step.

    What is no whole number of days counts as not set. What is longer than Graph shows is cut from
    the future; a day ahead always remains.
    """
    past = _whole(env, "window_past_days", DEFAULT_WINDOW_PAST_DAYS)
    future = _whole(env, "window_future_days", DEFAULT_WINDOW_FUTURE_DAYS)
    past = min(past, LONGEST_WINDOW_DAYS - 1)
    return past, min(max(future, 1), LONGEST_WINDOW_DAYS - past)


def window(env: Environment) -> tuple[datetime, datetime]:
    """Return from when to when meetings are kept in step now; in UTC without a zone."""
    past, future = window_days(env)
    now = fields.Datetime.now()
    return now - timedelta(days=past), now + timedelta(days=future)


def horizon_days(env: Environment) -> int:
    """Return how many days ahead of now a series without end has its occurrences here.

    At least as far as meetings are kept in step: beyond its occurrences nothing can be edited.
    """
    return max(_whole(env, "horizon_days", DEFAULT_HORIZON_DAYS), window_days(env)[1])


def conflict_winner(env: Environment) -> str:
    """Return whose value stays where both sides changed the same field: one of `WINNERS`."""
    winner = _parameter(env, "conflict_winner")
    return winner if winner in WINNERS else WINNERS[0]


def unknown_guests(env: Environment) -> str:
    """Return what becomes of guests whom nobody here has as a contact: one of `UNKNOWN_GUESTS`."""
    policy = _parameter(env, "unknown_guests")
    return policy if policy in UNKNOWN_GUESTS else UNKNOWN_GUESTS[0]


def sends_contact_details(env: Environment) -> bool:
    """Tell whether the contact details that Odoo adds to a text go to Outlook, and so to all."""
    return _parameter(env, "contact_details") == "True"


def untold_hours(env: Environment) -> int:
    """Return after how many hours this side offers to tell guests whom Outlook could not."""
    return number(env, "untold_hours")


def quiet_seconds(env: Environment) -> int:
    """Return how long a meeting is left to rest before its edits go out together."""
    return min(_whole(env, "quiet_seconds", DEFAULT_QUIET_SECONDS), LONGEST_QUIET_SECONDS)


def timeouts(env: Environment) -> tuple[int, int]:
    """Return the seconds until a connection must stand, and those that Microsoft may be silent."""
    connect = _whole(env, "connect_timeout", DEFAULT_CONNECT_TIMEOUT)
    read = _whole(env, "read_timeout", DEFAULT_READ_TIMEOUT)
    return min(max(connect, 1), LONGEST_TIMEOUT), min(max(read, 1), LONGEST_TIMEOUT)


@dataclass(frozen=True)
class DeletionLimits:
    """How many meetings one round may delete on one side before it asks; a series counts once."""

    count: int
    percent: int
    least: int

    def exceeded(self, deletions: int, *, linked: int) -> bool:
        """Tell whether so many deletions, out of so many linked meetings, wait for a person."""
        share = deletions >= self.least and 100 * deletions > self.percent * linked
        return deletions > self.count or share


def deletion_limits(env: Environment) -> DeletionLimits:
    """Return what counts as too many deletions in one round."""
    return DeletionLimits(
        count=number(env, "stop_deletions"),
        percent=number(env, "stop_percent"),
        least=number(env, "stop_least"),
    )


def journal_days(env: Environment) -> int:
    """Return for how many days rounds and what they changed are kept."""
    return max(number(env, "journal_days"), 1)


def unsent_minutes(env: Environment) -> int:
    """Return for how many minutes a change may wait for its round before somebody is called."""
    return _whole(env, "unsent_minutes", DEFAULT_UNSENT_MINUTES)


def secret_expires_on(env: Environment) -> date | None:
    """Return the day on which the client secret ends; None where nobody said it."""
    try:
        return date.fromisoformat(_parameter(env, "secret_expires_on"))
    except ValueError:
        return None


def number(env: Environment, name: str) -> int:
    """Return one of `NUMBERS`; what is no whole number counts as not set."""
    return _whole(env, name, NUMBERS[name])


def store_number(env: Environment, name: str, value: int) -> None:
    """Keep one of `NUMBERS`; nought is kept, too."""
    env["ir.config_parameter"].sudo().set_param(f"{PREFIX}{name}", str(value))


def store_secret_expires_on(env: Environment, day: date | None) -> None:
    """Keep the day on which the client secret ends; None: it is not known."""
    value = day.isoformat() if day else False
    env["ir.config_parameter"].sudo().set_param(f"{PREFIX}secret_expires_on", value)


def store_secret(env: Environment, sealed: str) -> None:
    """Keep the client secret, as `sealing.seal` gave it."""
    env["ir.config_parameter"].sudo().set_param(f"{PREFIX}client_secret", sealed)


def forget_secret(env: Environment) -> None:
    """Remove the client secret."""
    env["ir.config_parameter"].sudo().set_param(f"{PREFIX}client_secret", False)


def is_tenant(name: str) -> bool:
    """Tell whether `name` can be the name of a directory."""
    return bool(_TENANT.fullmatch(name))


def _opened(env: Environment, sealed_secret: str) -> str:
    try:
        return unseal(env, sealed_secret)
    except KeyMissing as error:
        if error.reason != "damaged":
            raise
        raise NotConfigured("damaged_secret") from error


def _endpoint(env: Environment, name: str, default: str) -> str:
    """Return a URL that tokens may be sent to: https, or a service of this machine."""
    url = (_parameter(env, name) or default).rstrip("/")
    if not is_safe_endpoint(url):
        raise NotConfigured(name)
    return url


def _whole(env: Environment, name: str, default: int) -> int:
    text = _parameter(env, name)
    return int(text) if text.isdecimal() else default


def _parameter(env: Environment, name: str) -> str:
    return (env["ir.config_parameter"].sudo().get_param(PREFIX + name) or "").strip()
