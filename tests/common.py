"""Odoo against a local Microsoft: real HTTP, real sign-in pages, real rounds; nothing replaced.

Run one test:   workbench odoo-test --tags /outlook_calendar:TestSingleMeetings.test_move
Look at it:     a breakpoint after `self.sync(...)`, and `self.sandbox.http_url + "/outlook/"`

`SandboxCase` starts one sandbox per class and empties it before each test. People are ordinary
internal users: *ann* and *bob* have mailboxes in the same organization, *guest@outside.example* has
none. `connect` signs somebody in through the sandbox's own page; `sync` runs rounds until nothing
is pending. Rounds open cursors of their own; the registry's test mode puts them all into the
test's transaction, so there is no concurrency here: that is for the live layer.
"""

import os
import re
import time
from datetime import datetime, timedelta, timezone
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import requests

from odoo import SUPERUSER_ID, fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.outlook_calendar.bridge import lanes, sealing, settings, waking
from odoo.addons.outlook_calendar.bridge import round as rounds
from odoo.addons.outlook_calendar.sandbox import Sandbox

ANN = "ann@contoso.example"
BOB = "bob@contoso.example"
GUEST = "guest@outside.example"
REDIRECT = "/microsoft_account/authentication"
WAIT_SECONDS = 60
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class PairOfTimeouts:
    """Odoo's guard of requests in tests takes a timeout for a number; ours are (connect, read)."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        timeout = options.get("timeout")
        if isinstance(timeout, tuple):
            options["timeout"] = max(timeout)
        return super()._request_handler(session, request, **options)


class SandboxCase(PairOfTimeouts, TransactionCase):
    """Two users with mailboxes at a Microsoft of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = cls.enterClassContext(Sandbox())
        cls.enterClassContext(patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": cls.sandbox.ca_file}))
        cls.ann = cls._user("ann", ANN, "Europe/Brussels")
        cls.bob = cls._user("bob", BOB, "America/New_York")
        cls.guest = cls.env["res.partner"].create({"name": "Guest", "email": GUEST})
        # No cron runs here: after a quarter of an hour the lanes would count as late.
        waking.find(cls.env).nextcall = fields.Datetime.now()

    @classmethod
    def _user(cls, login, address, zone):
        return new_test_user(
            cls.env,
            f"{login}-outlook",
            name=login.capitalize(),
            email=address,
            tz=zone,
            groups="base.group_user,base.group_partner_manager",
        )

    def setUp(self):
        super().setUp()
        self.begin_microsoft()
        parameters = self.env["ir.config_parameter"]
        for name, value in {
            "enabled": "True",
            "client_id": "cid",
            "tenant": "common",
            "authority_url": self.sandbox.https_url,
            "graph_url": self.sandbox.https_url,
            "quiet_seconds": "0",
        }.items():
            parameters.set_param(f"outlook_calendar.{name}", value)
        settings.store_secret(self.env, sealing.seal(self.env, "secret"))
        self._first_mail = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0

    def begin_microsoft(self):
        """Let there be an application and two empty mailboxes, and nothing else."""
        self.sandbox.reset()
        base_url = self.env["ir.config_parameter"].get_param("web.base.url")
        self.sandbox.add_app(client_id="cid", secret="secret", redirect_uris=[base_url + REDIRECT])
        self.sandbox.add_mailbox(ANN, name="Ann", time_zone="Europe/Brussels")
        self.sandbox.add_mailbox(BOB, name="Bob", time_zone="America/New_York")

    # People and their rounds --------------------------------------------------------------------

    def connect(self, user, address, *, sync=True, choice="leave"):
        """Sign `user` in to the mailbox `address` as he would: page, account, Accept.

        Where he has to say what becomes of his meetings, he takes `choice`; None: he waits.
        """
        accounts = self.env["outlook.account"].with_user(user)
        flow = accounts._begin_sign_in()
        account = accounts._connect_current_user(
            accounts._finish_sign_in(flow, self.sign_in(flow["auth_uri"], address))
        )
        # All rows of a test bear the time at which its transaction began: so does the connection.
        account.since = self.env.cr.now().replace(microsecond=0)
        if sync:
            self.sync(user)
        if choice and account.state == "preview":
            self.choose(user, choice)
        return account

    def choose(self, user, choice):
        """Let `user` choose what becomes of what exists, and let the first round run."""
        self.account(user).with_user(user)._choose(choice)
        self.sync(user)

    def sign_in(self, auth_uri, address, decision="accept"):
        """Return what Microsoft puts in the address that it sends the person back to."""
        page = requests.get(auth_uri, timeout=10)
        fields = [dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(page.text)]
        form = {one["name"]: one.get("value", "") for one in fields}
        answer = requests.post(
            auth_uri.partition("?")[0],
            data={**form, "account": address, "decision": decision},
            allow_redirects=False,
            timeout=10,
        )
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def account(self, user):
        """Return the account of `user`."""
        return self.env["outlook.account"].search([("user_id", "=", user.id)])

    def sync(self, *users):
        """Run rounds of these users, one after the other, until nothing of theirs is pending."""
        self.env.flush_all()
        for user in users:
            account = self.account(user)
            with self.enter_registry_test_mode():
                account._run_rounds(deadline=time.monotonic() + WAIT_SECONDS, reason="wait")
        self.env.invalidate_all()
        return self.account(users[-1]).run_ids[:1]

    def run_slice(self, user):
        """Run one round of a user whose time is over after its first page; return its outcome."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            outcome = rounds.run_once(
                self.env.registry,
                self.account(user).id,
                deadline=time.monotonic(),
                reason="cron",
            )
        self.env.invalidate_all()
        return outcome

    def run_lane(self):
        """Let one lane serve whoever is due, as the cron does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            self.env(cr=cr, user=SUPERUSER_ID)["outlook.account"]._cron_sync()
        self.env.invalidate_all()

    def due(self):
        """Return the ids of the accounts whose turn it is now, the longest waiting first."""
        return [turn.account_id for turn in lanes.turns(self.env) if turn.seconds <= 0]

    # This side ----------------------------------------------------------------------------------

    def make(self, user, **values):
        """Make a meeting as `user`, an hour long and a week ahead unless told otherwise."""
        start = self.soon()
        values = {"name": "Meeting", "start": start, "stop": start + timedelta(hours=1), **values}
        return self.env["calendar.event"].with_user(user).create(values).sudo()

    def write(self, event, user, **values):
        """Change a meeting as `user`."""
        event.with_user(user).write(values)

    def made_before(self, event):
        """Let a meeting have been here before anybody connected."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET create_date = create_date - interval '1 day' WHERE id = %s",
            (event.id,),
        )
        event.invalidate_recordset()
        return event

    def local(self, name):
        """Return the meetings of that name, archived ones too."""
        events = self.env["calendar.event"].with_context(active_test=False)
        return events.search([("name", "=", name)])

    def meeting(self, event):
        """Return what the sync knows of an event."""
        return self.env["outlook.meeting"].search([("event_id", "=", event.id)])

    def state(self, event, user):
        """Return the answer of `user` as it stands here."""
        return event.attendee_ids.filtered(lambda one: one.partner_id == user.partner_id).state

    def mails(self):
        """Return what Odoo mailed since the test began."""
        return self.env["mail.mail"].search([("id", ">", self._first_mail)])

    # The other side -----------------------------------------------------------------------------

    def remote(self, address, subject):
        """Return the one event of that subject in a mailbox; None where there is none."""
        found = self.sandbox.find_events(address, subject)
        self.assertLessEqual(len(found), 1, f"{subject} is there more than once")
        return found[0] if found else None

    def make_remote(self, address, **values):
        """Make an event as the person would in Outlook; `values` in Graph's words."""
        start = self.soon()
        event = {
            "subject": "Meeting",
            "start": graph_time(start),
            "end": graph_time(start + timedelta(hours=1)),
            **values,
        }
        return self.sandbox.create_event(address, event)

    def written(self):
        """Return the writes that a mailbox was asked for, and forget all requests so far.

        But for the mark of whose mailbox it is, which tells nobody anything of meetings.
        """
        writes = [
            (one.method, one.path)
            for one in self.sandbox.requests
            if one.method != "GET" and one.path.startswith("/me/") and one.path != "/me/calendar"
        ]
        self.sandbox.state.requests.clear()
        return writes

    def told(self):
        """Return (kind, recipient) of what Exchange mailed, and forget it."""
        mails = [(mail.kind, to) for mail in self.sandbox.mails for to in mail.recipients]
        self.sandbox.state.mails.clear()
        return sorted(mails)

    @staticmethod
    def soon(days=7, hour=9):
        """Return a time some days ahead, in UTC as Odoo keeps it."""
        day = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=days)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def graph_time(moment, zone="UTC"):
    """Return a time as Graph takes it."""
    return {"dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": zone}


def attendee(address, name="", kind="required"):
    """Return a guest as Graph takes him."""
    return {"type": kind, "emailAddress": {"address": address, "name": name or address}}
