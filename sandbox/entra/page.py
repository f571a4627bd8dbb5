"""The sign-in page, and the page that Entra shows where it does not send the browser back."""

from __future__ import annotations

from html import escape

from ..exchange.mailbox import Mailbox
from .directory import App

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 "Segoe UI", system-ui, sans-serif; margin: 0; min-height: 100vh;
  display: grid; place-items: center; background: #f0f2f5; color: #1b1b1b }
main { background: #fff; padding: 2.5rem; width: min(26rem, calc(100vw - 2rem));
  box-sizing: border-box; box-shadow: 0 2px 12px #0002; border-radius: 4px }
h1 { font-size: 1.4rem; margin: .5rem 0 1rem; font-weight: 600 }
fieldset { border: 0; padding: 0; margin: 0 0 1rem }
legend { font-weight: 600; margin-bottom: .25rem }
label { display: flex; gap: .75rem; align-items: center; padding: .6rem .5rem;
  border-radius: 4px; cursor: pointer }
label:hover, label:focus-within { background: #0067b814 }
small { color: #5a5a5a; display: block }
ul { margin: .25rem 0 1.25rem; padding-left: 1.25rem }
.buttons { display: flex; gap: .75rem; justify-content: flex-end }
button { font: inherit; padding: .45rem 1.4rem; border: 1px solid #8c8c8c; background: #fff;
  color: inherit; cursor: pointer; border-radius: 2px }
button.primary { background: #0067b8; border-color: #0067b8; color: #fff }
button:focus-visible, input:focus-visible { outline: 3px solid #0067b8; outline-offset: 2px }
.brand { color: #0067b8; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  body { background: #1b1b1b; color: #eee }
  main { background: #262626 }
  button { background: #333 }
  small { color: #b5b5b5 }
  .brand { color: #6cb8f6 }
}
"""

_SCOPES = {
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.Read": "Read your calendars",
    "MailboxSettings.Read": "Read your mailbox settings",
    "User.Read": "Sign you in and read your profile",
    "offline_access": "Maintain access to data you have given it access to",
}


def sign_in(
    app: App, people: list[Mailbox], fields: dict[str, str], *, chosen: str, action: str
) -> str:
    """Write the page where a person chooses an account and accepts, or cancels."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    accounts = "".join(_account(person, number, chosen) for number, person in enumerate(people))
    if not accounts:
        accounts = "<p>No account here may use this app.</p>"
    scopes = "".join(
        f"<li>{escape(_SCOPES[scope])}</li>"
        for scope in fields.get("scope", "").split()
        if scope in _SCOPES
    )
    return _document(
        "Sign in to your account",
        f"""<p class="brand">Microsoft (sandbox)</p><h1>Pick an account</h1>
<form method="post" action="{escape(action)}" id="sign-in">{hidden}
<fieldset><legend>Accounts</legend>{accounts}</fieldset>
<p><strong>{escape(app.name)}</strong> would like to:</p><ul>{scopes}</ul>
<div class="buttons">
<button type="submit" id="cancel" name="decision" value="cancel" data-action="cancel"
 formnovalidate>Cancel</button>
<button type="submit" id="accept" name="decision" value="accept" data-action="accept"
 class="primary">Accept</button>
</div></form>""",
    )


def form_post(action: str, fields: dict[str, str]) -> str:
    """Write the page that sends the answer back as a POST (response_mode=form_post)."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return _document(
        "Working…",
        f"""<form method="post" action="{escape(action)}" id="answer">{hidden}
<button type="submit" class="primary">Continue</button></form>
<script>document.getElementById("answer").submit()</script>""",
    )


def refusal(message: str, code: int) -> str:
    """Write the page on which a sign-in ends at Microsoft."""
    return _document(
        "Sign in to your account",
        f"""<p class="brand">Microsoft (sandbox)</p>
<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error" data-code="AADSTS{code}">{escape(message)}</p>""",
    )


def signed_out() -> str:
    """Write the page after signing out."""
    return _document("Signed out", "<h1>You signed out of your account</h1>")


def _account(person: Mailbox, number: int, chosen: str) -> str:
    address = escape(person.address)
    picked = person.address.casefold() == chosen.casefold() or (not chosen and number == 0)
    return (
        f'<label><input type="radio" name="account" required value="{address}" '
        f'id="account-{number}" data-account="{address}"{" checked" if picked else ""}>'
        f"<span>{escape(person.name)}<small>{address}</small></span></label>"
    )


def _document(title: str, inside: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{inside}</main></body></html>"
    )
