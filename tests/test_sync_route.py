"""The route of the button and of scripts says how things stand, and goes one step on."""

from datetime import timedelta

from odoo import fields
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .http_case import ANNA, OutlookHttpCase

KEYS = {
    *("state", "account_id", "url", "last_sync", "pending", "mailbox", "message", "news"),
    "waiting",
}


@tagged("standard", "post_install", "-at_install")
class TestSyncRoute(OutlookHttpCase):
    """Anna asks."""

    def setUp(self) -> None:
        super().setUp()
        self.authenticate("anna", "anna")

    def connected(self, **values):
        """Return Anna's account in that condition, made without asking Microsoft."""
        now = fields.Datetime.now()
        anna = self.env["res.users"].search([("login", "=", "anna")])
        account = self.env["outlook.account"]._for_user(anna)
        account.write(
            {
                "state": "active",
                "address": ANNA,
                "last_round_at": now,
                "last_success_at": now,
                **values,
            }
        )
        self.env.flush_all()
        return account

    def status(self):
        return self.make_jsonrpc_request("/outlook_calendar/status")

    def test_the_answer_has_all_keys(self) -> None:
        """Scripts can rely on the same keys in every state."""
        self.assertEqual(KEYS, set(self.sync()))
        self.connected()
        self.assertEqual(KEYS, set(self.sync()))

    def test_not_configured(self) -> None:
        """Without credentials, or without the tick, there is nothing to connect to."""
        self.configure(outlook_calendar_enabled=False)

        answer = self.sync()
        self.assertEqual(("unconfigured", False), (answer["state"], answer["url"]))

    def test_never_connected(self) -> None:
        """A user without an account is sent to the sign-in."""
        answer = self.sync()

        self.assertEqual("connect", answer["state"])
        self.assertTrue(answer["url"].startswith(self.sandbox.http_url))

    def test_each_state_of_the_account(self) -> None:
        """The route's word for each condition of the account."""
        now = fields.Datetime.now()
        soon, long_ago = now + timedelta(hours=1), now - timedelta(hours=1)
        for values, state in (
            ({}, "synced"),
            ({"lease_until": soon}, "syncing"),
            ({"lease_until": False, "next_round_at": now}, "syncing"),
            ({"next_round_at": long_ago}, "synced"),
            ({"next_round_at": soon}, "synced"),
            ({"last_round_at": False}, "syncing"),
            ({"state": "paused"}, "paused"),
            ({"state": "blocked"}, "paused"),
            ({"state": "preview"}, "preview"),
            ({"state": "reconnect"}, "reconnect"),
            ({"state": "new"}, "connect"),
        ):
            with self.subTest(values=values):
                self.connected(**values)
                self.assertEqual(state, self.status()["state"])

    def test_paused_for_everybody(self) -> None:
        """The administrator's pause shows on every button, with its reason."""
        self.connected()
        self.configure(outlook_calendar_paused=True)

        answer = self.sync()
        self.assertEqual("paused", answer["state"])
        self.assertIn("administrator", answer["message"])

    def test_asking_starts_a_round(self) -> None:
        """The answer comes at once: the round is asked for, not waited for."""
        self.connected(next_round_at=fields.Datetime.now() + timedelta(hours=1))

        answer = self.sync()

        self.assertEqual("syncing", answer["state"])
        self.assertLessEqual(self.account("anna").next_round_at, fields.Datetime.now())
        self.assertFalse(self.sandbox.requests)

    def test_looking_starts_nothing(self) -> None:
        """The other route only looks: no sign-in, no round, no request."""
        later = fields.Datetime.now() + timedelta(hours=1)
        self.connected(next_round_at=later.replace(microsecond=0))

        self.assertEqual("synced", self.status()["state"])
        self.assertEqual(later.replace(microsecond=0), self.account("anna").next_round_at)

    def test_trouble_is_said(self) -> None:
        """What went wrong last is in the answer, for the mark on the button."""
        self.connected(last_error="Outlook does not answer now.")

        self.assertEqual("Outlook does not answer now.", self.status()["message"])

    def test_the_key_that_is_missing_is_said(self) -> None:
        """A server without the key asks nobody to sign in, and says why."""
        self.connected()
        self.env["ir.config_parameter"].set_param("outlook_calendar.key_fingerprint", "other")

        answer = self.sync()
        self.assertEqual("unconfigured", answer["state"])
        self.assertIn("key", answer["message"])

    def test_waiting_runs_the_rounds(self) -> None:
        """With `wait` the answer comes when everything is sent and fetched."""
        self.sign_in("anna", ANNA)

        answer = self.sync(wait=True)

        self.assertEqual(("synced", 0), (answer["state"], answer["pending"]))
        self.assertTrue(answer["last_sync"])

    def test_waiting_for_a_choice(self) -> None:
        """While its owner has to choose no round begins, whether somebody waits for it or not."""
        account = self.connected(state="preview")
        for wait in (False, True):
            with self.subTest(wait=wait):
                answer = self.sync(wait=wait)
                self.assertEqual(
                    ("preview", account.id, False),
                    (answer["state"], answer["account_id"], answer["url"]),
                )
        self.assertFalse(self.sandbox.requests)
        self.assertFalse(account.run_ids)

    def test_a_first_round_that_must_ask_answers_so(self) -> None:
        """Waiting for the first round of somebody with guests here: the answer is *preview*."""
        anna = self.env["res.users"].search([("login", "=", "anna")])
        guest = self.env["res.partner"].create({"name": "Guest", "email": "g@outside.example"})
        start = fields.Datetime.now() + timedelta(days=2)
        self.env["calendar.event"].with_user(anna).create(
            {
                "name": "Board",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [(6, 0, (guest + anna.partner_id).ids)],
            }
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE calendar_event SET create_date = now() - interval '1 day'")
        self.sign_in("anna", ANNA)

        self.assertEqual("preview", self.sync(wait=True)["state"])

    def test_portal_users_are_refused(self) -> None:
        """Portal users get no answer from either route."""
        self.authenticate("guest", "guest")
        for route in ("/outlook_calendar/sync", "/outlook_calendar/status"):
            with (
                self.subTest(route=route),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self.make_jsonrpc_request(route)

    def test_strangers_are_refused(self) -> None:
        """Without a login there is no answer."""
        self.authenticate(None, None)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.sync()
