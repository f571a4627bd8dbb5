"""Who is asked about many deletions, who decides, and what each may see."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ANN, BOB
from .safety_case import SafetyCase


@tagged("post_install", "-at_install")
class TestSafetyPeople(SafetyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "admin-safety", groups="base.group_system")

    def setUp(self):
        super().setUp()
        self.events = self.fill(3)
        self.events[0].privacy = "private"
        self.sync(self.ann)

    def _wait(self):
        self.delete_there(self.events)
        self.sync(self.ann)
        return self.waiting()

    def _status(self, user):
        return self.env["outlook.account"].with_user(user)._status_of_current_user()

    def test_its_owner_is_asked_once(self):
        """One activity, and the Outlook button says so until it is decided."""
        self.assertFalse(self._status(self.ann)["waiting"])
        stop = self._wait()
        self.sync(self.ann)

        self.assertEqual(self.ann, self.account_of_ann.activity_ids.user_id)
        self.assertEqual(1, len(self.account_of_ann.activity_ids))
        self.assertTrue(self._status(self.ann)["waiting"])
        self.assertIn("Say what is to become of them", self._status(self.ann)["message"])
        self.assertTrue(self.account_of_ann.with_user(self.ann).waiting_stop)
        found = self.env["outlook.account"].search([("waiting_stop", "=", True)])
        self.assertEqual(self.account_of_ann, found)
        shown = self.account_of_ann.with_user(self.ann).action_show_stop()
        self.assertEqual(stop.id, shown["res_id"])
        self.keep_them()
        self.assertFalse(self._status(self.ann)["waiting"])
        self.assertFalse(self.account_of_ann.activity_ids)

    def test_the_owner_or_an_administrator_decides(self):
        """Nobody else sees it or decides, and it is decided once."""
        stop = self._wait()
        with self.assertRaises(AccessError):
            stop.with_user(self.bob).action_delete()
        with self.assertRaises(AccessError):
            stop.with_user(self.bob).read(["count"])
        self.assertFalse(self.env["outlook.stop.line"].with_user(self.bob).search([]))
        stop.with_user(self.admin).action_restore()

        self.assertEqual(self.admin, stop.decided_by)
        with self.assertRaises(UserError):
            stop.with_user(self.ann).action_delete()

    def test_what_is_private_has_no_title_for_others(self):
        """The owner reads all titles, an administrator *Busy*."""
        lines = self._wait().line_ids
        mine = {line.title for line in lines.with_user(self.ann)}
        self.assertEqual(set(self.events.mapped("name")), mine)
        lines.invalidate_recordset()
        theirs = {line.title for line in lines.with_user(self.admin)}
        self.assertEqual({"Busy", *self.events[1:].mapped("name")}, theirs)
        with self.assertRaises(AccessError):
            lines.with_user(self.admin).read(["subject"])

    def test_what_is_private_and_deleted_has_none_either(self):
        """Also where the record is gone, and only the base knows what it was."""
        self.events.with_user(self.ann).unlink()
        self.sync(self.ann)
        lines = self.waiting().line_ids

        self.assertEqual(1, lines.with_user(self.admin).mapped("title").count("Busy"))
        lines.invalidate_recordset()
        self.assertEqual(0, lines.with_user(self.ann).mapped("title").count("Busy"))

    def test_another_mailbox_has_nothing_waiting(self):
        """Whoever signs in to another mailbox is not asked about the old one's meetings."""
        stop = self._wait()
        self.account_of_ann.with_user(self.ann).action_disconnect()
        self.assertFalse(self._status(self.ann)["waiting"])
        self.connect(self.ann, BOB)

        self.assertEqual("obsolete", stop.state)
        self.assertFalse(self.account_of_ann.activity_ids)
        self.assertEqual(self.events, self.here(self.events))

    def test_who_signs_in_again_is_still_asked(self):
        """A break changes nothing: what waits, waits."""
        stop = self._wait()
        self.account_of_ann.with_user(self.ann).action_disconnect()
        self.connect(self.ann, ANN)

        self.assertEqual("open", stop.state)
        self.assertEqual(3, stop.count)
        self.assertEqual(self.events, self.here(self.events))

    def test_a_reset_is_not_asked_about(self):
        """Who resets has said what is to be deleted; nothing waits any more."""
        stop = self._wait()
        wizard = self.env["outlook.account.reset"].with_user(self.ann)
        wizard.create({"user_id": self.ann.id, "delete_policy": "local"}).action_confirm()
        self.sync(self.ann)

        self.assertEqual("obsolete", stop.state)
        self.assertFalse(self.here(self.events))
