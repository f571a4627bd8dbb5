"""Sign-in trouble goes to whoever can help, once, and is over by itself once it is mended."""

import json
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.tests import new_test_user, tagged

from ..bridge import sealing, settings
from .common import ANN, BOB, SandboxCase

WRONG_SECRET = 7000215
EXPIRED_SECRET = 7000222
UNKNOWN_TENANT = 90002
REVOKED = 50173
SIGN_IN_DOWN = 90033


class TroubleCase(SandboxCase):
    """Ann is connected, and there are two administrators."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bosses = cls.env["res.users"]
        for login in ("boss", "deputy"):
            cls.bosses |= new_test_user(cls.env, f"{login}-outlook", groups="base.group_system")

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def refuse(self, code, times=None):
        """Let Microsoft's sign-in answer with an error until it is mended; tokens are too old."""
        for user in (self.ann, self.bob):
            self.age_tokens(user)
        return self.sandbox.faults.entra_error(code, times=times, path="/token")

    def age_tokens(self, user):
        """Let an hour have passed since the last access token."""
        account = self.account(user)
        if not account.token_cache:
            return
        cache = json.loads(sealing.unseal(self.env, account.token_cache))
        for token in cache.get("AccessToken", {}).values():
            token["expires_on"] = "1"
        account.token_cache = sealing.seal(self.env, json.dumps(cache))

    def mend(self):
        """Let Microsoft accept everybody again."""
        self.sandbox.faults.clear()

    def run_watch(self):
        """Let the watch look, as the cron does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            self.env(cr=cr, user=SUPERUSER_ID)["outlook.account"]._cron_watch()
        self.env.invalidate_all()

    def told_administrators(self):
        """Return how many open activities each of the two administrators has, by alarm."""
        alarms = self.env["outlook.alarm"].search([])
        self.env.invalidate_all()
        return {
            alarm.kind: [
                len(alarm.activity_ids.filtered(lambda one, boss=boss: one.user_id == boss))
                for boss in self.bosses
            ]
            for alarm in alarms
        }

    def kept(self, user):
        """Return what trouble must not touch."""
        account = self.account(user)
        return account.state, account.token_cache, account.object_id, account.calendar_ids.ids


@tagged("post_install", "-at_install")
class TestSignInTrouble(TroubleCase):
    def test_a_revoked_sign_in_is_told_to_its_user_once(self):
        """State reconnect and one activity of his; administrators hear nothing."""
        self.refuse(REVOKED)
        self.sync(self.ann)
        self.sync(self.ann)

        account = self.account(self.ann)
        self.assertEqual("reconnect", account.state)
        self.assertEqual(self.ann, account.activity_ids.user_id)
        self.assertEqual(1, len(account.activity_ids))
        self.assertEqual({}, self.told_administrators())
        self.assertFalse(self.mails())

    def test_what_is_changed_meanwhile_goes_out_after_the_sign_in(self):
        """Once each; nothing of what was linked is touched, and the notice is taken back."""
        before = self.make(self.ann, name="Before")
        self.sync(self.ann)
        self.refuse(REVOKED)
        self.sync(self.ann)
        self.write(before, self.ann, location="Room 1")
        self.make(self.ann, name="Meanwhile")
        self.mend()
        self.written()
        self.connect(self.ann, ANN)

        self.assertEqual("Room 1", self.remote(ANN, "Before")["location"]["displayName"])
        self.assertTrue(self.remote(ANN, "Meanwhile"))
        self.assertEqual(["PATCH", "POST"], sorted(method for method, _path in self.written()))
        self.assertFalse(self.account(self.ann).activity_ids)

    def test_a_damaged_sign_in_is_renewed_by_its_user(self):
        """With the right key only a new sign-in helps: no administrator can."""
        self.account(self.ann).token_cache = "damaged"
        self.sync(self.ann)

        self.assertEqual("reconnect", self.account(self.ann).state)
        self.assertEqual({}, self.told_administrators())

    def test_a_wrong_secret_is_told_to_administrators_once(self):
        """One activity each, whatever the number of mailboxes and rounds."""
        self.connect(self.bob, BOB)
        self.refuse(WRONG_SECRET)
        kept = self.kept(self.ann), self.kept(self.bob)
        self.sync(self.ann, self.bob, self.ann)

        self.assertEqual({"app": [1, 1]}, self.told_administrators())
        self.assertEqual(kept, (self.kept(self.ann), self.kept(self.bob)))
        self.assertFalse(self.account(self.ann).activity_ids)
        self.assertFalse(self.mails())

    def test_all_go_on_by_themselves_once_it_is_mended(self):
        """The first mailbox that is let in ends the pauses of the others, and the notice."""
        self.connect(self.bob, BOB)
        self.refuse(WRONG_SECRET)
        self.sync(self.ann, self.bob)
        self.assertEqual([], self.due())
        self.mend()
        self.sync(self.ann)
        self.assertIn(self.account(self.bob).id, self.due())
        self.assertEqual({"app": [1, 1]}, self.told_administrators())
        self.run_lane()

        self.assertEqual({}, self.told_administrators())
        self.assertFalse(self.account(self.bob).last_error or self.account(self.bob).trouble)

    def test_one_mailbox_alone_tries_again_within_minutes(self):
        """Whatever the number of failures: nobody saves the settings where Microsoft mends it."""
        self.account(self.ann).failures = 20
        self.refuse(WRONG_SECRET)
        self.sync(self.ann)

        pause = self.account(self.ann).backoff_until - fields.Datetime.now()
        self.assertLessEqual(pause, timedelta(minutes=10))

    def test_saving_the_settings_lets_all_try_again_at_once(self):
        """The pauses end; where something else is saved than before, so does the notice.

        It comes again where it is wrong still.
        """
        self.refuse(WRONG_SECRET)
        self.sync(self.ann)
        told = self.env["outlook.alarm"].search([])
        self.env["res.config.settings"].create({}).execute()
        self.assertIn(self.account(self.ann).id, self.due())
        self.assertEqual(told, self.env["outlook.alarm"].search([]))

        self.env["res.config.settings"].create(
            {"outlook_calendar_client_secret": "another"}
        ).execute()
        self.assertEqual({}, self.told_administrators())
        self.run_lane()
        self.assertEqual({"app": [1, 1]}, self.told_administrators())

    def test_an_expired_secret_tells_its_end(self):
        """The error names no day: the day on which it was met stands for it."""
        settings.store_secret_expires_on(self.env, fields.Date.today() + timedelta(days=100))
        self.refuse(EXPIRED_SECRET)
        self.sync(self.ann)

        self.assertEqual(fields.Date.today(), settings.secret_expires_on(self.env))
        self.run_watch()
        self.assertEqual({"app": [1, 1]}, self.told_administrators())

    def test_a_secret_that_cannot_be_opened_is_an_administrators_matter(self):
        """It is the application's, so nobody has to sign in again."""
        settings.store_secret(self.env, "damaged")
        self.sync(self.ann)

        self.assertEqual("active", self.account(self.ann).state)
        self.assertEqual({"settings": [1, 1]}, self.told_administrators())

    def test_a_lost_key_is_told_to_administrators(self):
        """Nothing that was sealed is touched: the right key may come back."""
        self.env["ir.config_parameter"].set_param(sealing.FINGERPRINT, "of another key")
        kept = self.kept(self.ann)
        self.sync(self.ann)

        self.assertEqual({"key": [1, 1]}, self.told_administrators())
        self.assertEqual(kept, self.kept(self.ann))

    def test_a_new_key_is_told_to_everybody_who_must_sign_in_again(self):
        """One activity each, as for any sign-in that ended."""
        self.env["res.config.settings"].create({}).action_outlook_calendar_new_key()

        account = self.account(self.ann)
        self.assertEqual("reconnect", account.state)
        self.assertEqual(self.ann, account.activity_ids.user_id)

    def test_a_bad_day_of_the_sign_in_is_waited_out(self):
        """Nobody is told; the next attempt has a pause before it."""
        self.refuse(SIGN_IN_DOWN)
        self.sync(self.ann)

        account = self.account(self.ann)
        self.assertEqual("active", account.state)
        self.assertTrue(account.backoff_until)
        self.assertFalse(account.activity_ids)
        self.assertEqual({}, self.told_administrators())

    def test_a_trouble_goes_with_the_user_who_had_it(self):
        """Where nobody in use has it any more, the watch takes the notice back."""
        self.refuse(WRONG_SECRET)
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.run_watch()

        self.assertEqual({}, self.told_administrators())

    def test_an_unknown_directory_is_told_in_words(self):
        """To administrators, with Microsoft's code and a way to the settings; users just wait."""
        self.refuse(UNKNOWN_TENANT)
        self.sync(self.ann)

        self.assertEqual({"app": [1, 1]}, self.told_administrators())
        self.assertEqual("active", self.account(self.ann).state)
        self.assertIn("administrator", self.account(self.ann).last_error)
        alarm = self.env["outlook.alarm"].with_user(self.bosses[0]).search([])
        self.assertIn("AADSTS90002", alarm.message)
        self.assertIn("AADSTS90002", alarm.activity_ids[0].note)
        self.assertEqual("res.config.settings", alarm.action_open_settings()["res_model"])
