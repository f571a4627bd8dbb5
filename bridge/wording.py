"""Say errors to people: what is wrong and who can do what about it.

One table per kind of error, so that each sentence stands beside the case it is for. Sources of the
AADSTS codes: Microsoft's "Microsoft Entra authentication and authorization error codes".
"""

from odoo.api import Environment
from odoo.tools.translate import LazyGettext, LazyTranslate

from ..core.engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    GraphError,
    MailboxFull,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInDeclined,
    SignInUnavailable,
    SyncError,
    Throttled,
    Unavailable,
)
from .copies import Elsewhere
from .sealing import KeyMissing
from .settings import NotConfigured

_lt = LazyTranslate(__name__)

CONFIGURATION: dict[str, LazyGettext] = {
    "disabled": _lt("Outlook Calendar is switched off in the settings."),
    "client_id": _lt("The Client ID is missing in the settings of Outlook Calendar."),
    "client_secret": _lt("The Client Secret is missing in the settings of Outlook Calendar."),
    "damaged_secret": _lt(
        "The Client Secret that was saved cannot be opened. Enter it again in the settings of"
        " Outlook Calendar."
    ),
    "tenant": _lt(
        "The directory (tenant) must be “common”, “organizations”, “consumers”, a domain or the"
        " Directory ID that Microsoft Entra shows."
    ),
    "authority_url": _lt(
        "The system parameter outlook_calendar.authority_url must be an https address."
    ),
    "graph_url": _lt("The system parameter outlook_calendar.graph_url must be an https address."),
}

KEY: dict[str, LazyGettext] = {
    "absent": _lt(
        "This server lacks the key that sealed the Outlook sign-ins, so it touches nothing."
        " An administrator can bring back the key of the old server (the file outlook_calendar.key"
        " of its data folder), or start with a new key in the settings."
    ),
    "other": _lt(
        "This server has another key than the one that sealed the Outlook sign-ins, so it touches"
        " nothing. An administrator can bring back the right key, or start with a new key in the"
        " settings."
    ),
    "malformed": _lt(
        "The key for the Outlook sign-ins is not usable: it must be 32 bytes in URL-safe base 64."
    ),
    "damaged": _lt("What was sealed for the Outlook sign-in cannot be opened. Sign in again."),
    "unwritable": _lt(
        "No key for the Outlook sign-ins is configured, and none can be made in the data folder of"
        " the server."
    ),
}

COPIES: dict[str, LazyGettext] = {
    "copied": _lt(
        "This database looks like a copy: it is not where its mailboxes were connected. So that no"
        " meeting is deleted, made twice or mailed by two databases, it leaves them alone. An"
        " administrator has to say whether this is the database in use."
    ),
    "restored": _lt(
        "A mailbox was last kept in step by a later state of this database, or by a copy of it."
        " Perhaps a backup was restored, or a copied server was started. So that nothing is"
        " deleted or made twice, the mailbox is left alone. An administrator has to say whether"
        " this is the database in use."
    ),
    "other": _lt(
        "Another database keeps a mailbox in step that is connected here, too. So that no meeting"
        " is made twice, this one leaves it alone. An administrator has to say whether this is"
        " the database in use."
    ),
}

SIGN_IN: dict[str, LazyGettext] = {
    "AADSTS700016": _lt(
        "Microsoft does not know this Client ID in this directory. Copy the “Application (client)"
        " ID” of the app registration again, and check the directory (tenant)."
    ),
    "AADSTS70001": _lt(
        "Microsoft does not know this Client ID, or the application was disabled. Copy the"
        " “Application (client) ID” of the app registration again."
    ),
    "AADSTS7000215": _lt(
        "The Client Secret is wrong. Copy the value of the secret, not its ID; Microsoft shows"
        " the value only once, right after the secret was made."
    ),
    "AADSTS7000222": _lt(
        "The Client Secret has expired. Make a new one in Microsoft Entra under “Certificates"
        " & secrets”, and save it in the settings. Nobody needs to sign in again."
    ),
    "AADSTS90002": _lt(
        "Microsoft does not know this directory (tenant). Enter “common”, or copy the “Directory"
        " (tenant) ID” of the app registration."
    ),
    "AADSTS50194": _lt(
        "The application is for one directory only. Enter its “Directory (tenant) ID” in the"
        " settings instead of “common”."
    ),
    "AADSTS7000218": _lt(
        "Microsoft expects a Client Secret. Check that the redirect URI is registered for the"
        " platform “Web”."
    ),
    "AADSTS700025": _lt(
        "The redirect URI is registered for a public client. Register it for the platform “Web”."
    ),
    "AADSTS50011": _lt(
        "The redirect URI is not registered. Copy it from the settings into the app registration."
    ),
    "AADSTS65004": _lt("The sign-in was cancelled, so nothing was connected."),
    "access_denied": _lt("The sign-in was cancelled, so nothing was connected."),
    "access_denied.cancel": _lt("The sign-in was cancelled, so nothing was connected."),
    "state": _lt("This sign-in was used already or took too long. Start again."),
    "NotSent": _lt("Microsoft cannot be reached from this server."),
    "OutcomeUnknown": _lt("Microsoft did not answer in time."),
    "AADSTS65001": _lt(
        "The application may not read and write the calendar yet. Accept the permissions when you"
        " sign in, or ask an administrator of Microsoft 365 to do so."
    ),
    "AADSTS90094": _lt(
        "Your organization lets only an administrator of Microsoft 365 accept the permissions of"
        " the application. Ask that person."
    ),
    "AADSTS50105": _lt(
        "Your Microsoft account is not assigned to the application. Ask an administrator of"
        " Microsoft 365."
    ),
    "AADSTS50020": _lt(
        "This Microsoft account belongs to another organization than the application. Choose"
        " another account."
    ),
    "AADSTS53003": _lt(
        "A rule of your organization does not let this sign-in pass. Ask an administrator of"
        " Microsoft 365."
    ),
    "AADSTS54005": _lt("This sign-in was used already or took too long. Start again."),
    "AADSTS70008": _lt("This sign-in was used already or took too long. Start again."),
}

# The first class that fits says it.
KINDS: tuple[tuple[type[SyncError], LazyGettext], ...] = (
    (
        AppMisconfigured,
        _lt("Microsoft does not accept the application. Check the settings of Outlook Calendar."),
    ),
    (ConsentNeeded, _lt("The sign-in has ended. Sign in to Outlook again.")),
    (SignInDeclined, _lt("Microsoft did not let you in, so nothing was connected.")),
    (SignInUnavailable, _lt("Microsoft's sign-in service does not answer now. Try again later.")),
    (AuthError, _lt("The sign-in at Microsoft failed. Start again.")),
    (NotSent, _lt("Microsoft cannot be reached from this server.")),
    (OutcomeUnknown, _lt("Microsoft did not answer in time.")),
    (Throttled, _lt("Microsoft asks to wait a while. The synchronization goes on by itself.")),
    (Unavailable, _lt("Outlook does not answer now. The synchronization goes on by itself.")),
    (
        MailboxFull,
        _lt(
            "The mailbox is full, so nothing can be written in Outlook. Changes are kept, and go"
            " out by themselves once there is room."
        ),
    ),
    (Refused, _lt("Microsoft does not allow this account to use the calendar.")),
    (GraphError, _lt("Outlook refused the request.")),
)

#: What Outlook does not let a meeting be, by Graph's code: its own words are English.
REFUSALS: dict[str, LazyGettext] = {
    "ErrorOccurrenceCrossingBoundary": _lt(
        "In Outlook, an occurrence can be neither on the day of the one before or after it, nor"
        " beyond that day."
    ),
    "ErrorOccurrenceTimeSpanTooBig": _lt(
        "In Outlook, an occurrence must be over before the next one begins."
    ),
    "Unmappable people: more than 500": _lt(
        "Outlook takes 500 guests at most. Invite fewer, or a mailing list in place of many."
    ),
    "ErrorInvalidRecipients": _lt(
        "Outlook does not take one of the guests' addresses. Check those that were added."
    ),
}

OTHERWISE = _lt("The synchronization met an error. The server's log says more.")


def in_words(env: Environment, error: SyncError) -> str:
    """Return `error` as a sentence in the language of `env`, with Microsoft's code if it helps."""
    return env._(_sentence(error)) + _code(error)


def refusal(env: Environment, code: str | None, otherwise: str) -> str:
    """Return why Outlook does not take something, or what it said itself of a code unknown here."""
    words = REFUSALS.get(code or "") or REFUSALS.get(otherwise)
    return env._(words) if words else otherwise


def parked(env: Environment, reason: str | None) -> str:
    """Return why a meeting was set aside, as it was kept or, where that is known here, in words."""
    return refusal(env, None, reason or env._("The reason is not known."))


def _sentence(error: SyncError) -> LazyGettext:
    if isinstance(error, NotConfigured):
        return CONFIGURATION[error.reason]
    if isinstance(error, KeyMissing):
        return KEY[error.reason]
    if isinstance(error, Elsewhere):
        return COPIES[error.reason]
    if isinstance(error, AuthError) and error.code in SIGN_IN:
        return SIGN_IN[error.code]
    return next((words for kind, words in KINDS if isinstance(error, kind)), OTHERWISE)


def _code(error: SyncError) -> str:
    """Return what an administrator can search for, in brackets; a cancelled sign-in needs none."""
    if isinstance(error, AuthError) and error.code.startswith("AADSTS"):
        return "" if error.code == "AADSTS65004" else f" ({error.code})"
    if isinstance(error, GraphError) and error.code:
        return f" ({error.code})"
    return ""
