"""`make odoo`: a lasting development database, a server on it, and the sandbox beside it."""

from __future__ import annotations

from . import odoo_process, server
from .cache import ADDON, checkout_key
from .console import Failure, say, step
from .database import PREFIX, Databases

CLIENT_ID = "00000000-0000-4000-8000-00000000d0d0"
CLIENT_SECRET = "development only"
MAILBOXES = (
    {"address": "an@contoso.example", "name": "An Nguyễn", "time_zone": "Asia/Ho_Chi_Minh"},
    {"address": "bo@contoso.example", "name": "Bo Peeters", "time_zone": "Europe/Brussels"},
)
# The same model that the settings screen fills in.
CONFIGURE = f"""
env['res.config.settings'].create({{
    'outlook_calendar_enabled': True,
    'outlook_calendar_client_id': {CLIENT_ID!r},
    'outlook_calendar_client_secret': {CLIENT_SECRET!r},
    'outlook_calendar_tenant': 'common',
}}).execute()
env.cr.commit()
"""


def check_port(port: int) -> None:
    """Refuse a port that is taken, before anything is installed or started."""
    if not odoo_process.is_free(port):
        raise Failure(
            f"Port {port} is taken: stop what listens there, or run `make odoo PORT={port + 1}`."
        )


def run(found: Databases, *, port: int) -> int:
    """Serve until interrupted; the database stays for the next time."""
    url = f"http://127.0.0.1:{port}"
    with server.running_sandbox(found.cache, seed(url)) as sandbox:
        name = _database(found, url, sandbox)
        process = server.odoo(
            found.cache,
            found.pg,
            name,
            port=port,
            env=sandbox.client_environment,
            options=("-u", ADDON, "--dev=reload,qweb,xml"),
        )
        with server.running(process) as odoo:
            say(f"Odoo     {odoo.url}  (admin / admin; log {odoo.log})")
            say(f"Outlook  {sandbox.http_url}  ({', '.join(box['address'] for box in MAILBOXES)})")
            say("Ctrl-C stops both.")
            return odoo.wait()


def seed(odoo_url: str) -> dict[str, object]:
    """Return what the sandbox begins with: one application and two mailboxes."""
    callback = f"{odoo_url}/microsoft_account/authentication"
    app = {"client_id": CLIENT_ID, "secret": CLIENT_SECRET, "redirect_uris": [callback]}
    return {"apps": [app], "mailboxes": list(MAILBOXES)}


def _database(found: Databases, url: str, sandbox: server.Sandbox) -> str:
    name = f"{PREFIX}_dev_{checkout_key()}"
    is_new = name not in found.names(name)
    if is_new:
        found.make_clone(name=name)
    endpoints = ("outlook_calendar.authority_url", "outlook_calendar.graph_url")
    found.set_parameters(name, {"web.base.url": url, **dict.fromkeys(endpoints, sandbox.https_url)})
    if is_new:
        with step("Development database"):
            found.script(name, CONFIGURE)
    return name
