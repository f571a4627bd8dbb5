"""A real Odoo over HTTP beside a local Microsoft, for tests of what people and browsers do.

One test: ``python3 -m workbench odoo-test --tags /outlook_calendar:TestSignIn.test_cancelled``. The
sandbox runs in this process on 127.0.0.1; nothing of the addon is replaced.
"""

import os
import re
from html import unescape
from unittest.mock import patch
from urllib.parse import urljoin

from cryptography.fernet import Fernet

from odoo.tests import HttpCase, new_test_user

from ..bridge.sign_in import RETURN_PATH
from ..sandbox import Sandbox
from .common import PairOfTimeouts

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
SECRET = "sandbox~secret"
ANNA = "anna@contoso.example"
BRAM = "bram@contoso.example"

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class OutlookHttpCase(PairOfTimeouts, HttpCase):
    """Two mailboxes, and the users anna, bram (internal), boss (administrator), guest (portal)."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.sandbox = cls.enterClassContext(Sandbox())
        cls.startClassPatcher(
            patch.dict(
                os.environ,
                {
                    "REQUESTS_CA_BUNDLE": str(cls.sandbox.ca_file),
                    "OUTLOOK_CALENDAR_KEY": Fernet.generate_key().decode(),
                },
            )
        )
        for login, group in (
            ("anna", "base.group_user"),
            ("bram", "base.group_user"),
            ("boss", "base.group_system"),
            ("guest", "base.group_portal"),
        ):
            new_test_user(cls.env, login=login, password=login, groups=group)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.key_fingerprint", False)
        parameters.set_param("outlook_calendar.authority_url", cls.sandbox.https_url)
        parameters.set_param("outlook_calendar.graph_url", cls.sandbox.https_url)
        cls.configure()

    def setUp(self) -> None:
        super().setUp()
        self.sandbox.reset()
        self.sandbox.add_app(
            client_id=CLIENT_ID, secret=SECRET, redirect_uris=[self.base_url() + RETURN_PATH]
        )
        self.sandbox.add_mailbox(ANNA, name="Anna Peeters", time_zone="Europe/Brussels")
        self.sandbox.add_mailbox(BRAM, name="Bram Claes", time_zone="Europe/Brussels")

    @classmethod
    def configure(cls, **values) -> None:
        """Save the settings as an administrator does."""
        values = {
            "outlook_calendar_enabled": True,
            "outlook_calendar_client_id": CLIENT_ID,
            "outlook_calendar_client_secret": SECRET,
            **values,
        }
        cls.env["res.config.settings"].create(values).execute()

    def account(self, login: str):
        """Return the account of that user as it is now."""
        self.env.invalidate_all()
        return self.env["outlook.account"].search([("user_id.login", "=", login)])

    def sync(self, **parameters):
        """Ask the route, as the user who is logged in."""
        return self.make_jsonrpc_request("/outlook_calendar/sync", parameters, timeout=70)

    def decide(self, url: str, mailbox: str, decision: str = "accept"):
        """Do on Microsoft's page what a person does; return its answer, a redirect not followed."""
        page = self.opener.get(url)
        fields = {unescape(name): unescape(value) for name, value in _HIDDEN.findall(page.text)}
        fields |= {"account": mailbox, "decision": decision}
        return self.opener.post(urljoin(url, page.url), data=fields, allow_redirects=False)

    def sign_in(self, login: str, mailbox: str, decision: str = "accept", **parameters):
        """Connect a user to a mailbox; return Odoo's redirect back to the page."""
        self.authenticate(login, login)
        answer = self.decide(self.sync(**parameters)["url"], mailbox, decision)
        return self.opener.get(answer.headers["Location"], allow_redirects=False)

    def notice(self):
        """Return what the page tells on loading, once."""
        info = self.make_jsonrpc_request("/web/session/get_session_info")
        return info["outlook_calendar"]["notice"]
