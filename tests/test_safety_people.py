"""Who is asked about many deletions, who decides, and what each may see."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..bridge import merging, safety
from ..bridge.desk import Desk
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

    def test_what_becomes_private_meanwhile_has_none_from_then_on(self):
        """Made private while the list is open, and when it is deleted after that."""
        lines = self._wait().line_ids
        self.events[1].with_user(self.ann).privacy = "private"
        self.env.invalidate_all()
        self.assertEqual(2, lines.with_user(self.admin).mapped("title").count("Busy"))
        self.assertEqual(0, lines.with_user(self.ann).mapped("title").count("Busy"))
        self.events[1].with_user(self.ann).unlink()
        self.env.invalidate_all()
        self.assertEqual(2, lines.with_user(self.admin).mapped("title").count("Busy"))

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

    def test_a_long_list_is_shown_when_it_is_complete(self):
        """It is made in pieces: nobody decides about a part, and nobody is told of each."""
        copies = self._gone(2 * safety.PIECE + 1)
        desk = self._desk()
        more = []
        for _piece in range(3):
            self.assertFalse(self.waiting())
            self.assertFalse(self.account_of_ann.activity_ids)
            more.append(safety.judge(desk, "in"))
        stop = self.waiting()

        self.assertEqual([True, True, False], more)
        self.assertEqual((len(copies), copies), (stop.counted, stop.line_ids.copy_id))
        self.assertEqual(1, len(self.account_of_ann.activity_ids))
        self.assertFalse(safety.judge(desk, "in"))
        self._gone(safety.PIECE + 1)
        safety.judge(desk, "in")
        self.assertFalse(self.waiting())
        safety.judge(desk, "in")
        self.assertEqual(stop, self.waiting())
        self.assertEqual(3 * safety.PIECE + 2, stop.count)
        self.assertEqual(1, len(self.account_of_ann.activity_ids))

    def test_what_waits_follows_a_meeting_that_turns_out_to_be_another(self):
        """Its copies come together with the other's, and so does the question about them."""
        self.limit(deletions=0)
        copy = self._gone(1)
        desk = self._desk()
        safety.judge(desk, "in")
        into = self.env["outlook.meeting"].create({})
        merging.absorb(desk, copy, into)

        self.assertEqual(into, self.waiting().line_ids.meeting_id)

    def _desk(self):
        return Desk(self.env(su=True, context={"active_test": False}), self.account_of_ann.id)

    def _gone(self, count):
        """Return copies of so many meetings, noted as gone from Ann's mailbox."""
        meetings = self.env["outlook.meeting"].create([{} for _ in range(count)])
        return self.env["outlook.copy"].create(
            [
                {
                    "meeting_id": meeting.id,
                    "calendar_id": self.account_of_ann.calendar_ids[0].id,
                    "role": "organizer",
                    "remote_id": f"gone {meeting.id}",
                    "departed": "missing",
                }
                for meeting in meetings
            ]
        )
