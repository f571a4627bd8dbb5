"""What was set aside: who sees it and what of it, and *Retry*."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ANN, BOB, SandboxCase, attendee

PRIVATE = ("Doctor", "Clinic", "body of it", BOB)


@tagged("post_install", "-at_install")
class TestParked(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "admin-parked", groups="base.group_system")

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def _unreadable(self, **values):
        """Make an event in Outlook that cannot be read, and let a round meet it."""
        mailbox = self.sandbox.state.mailbox(ANN)
        made = self.make_remote(ANN, **values)
        self.remote_id = mailbox.entry_id(mailbox.find(made["id"]), immutable=True)
        self.sandbox.faults.lie(self.remote_id, {"attendees": "everybody"})
        self.sync(self.ann)
        return made

    def _refused(self, **values):
        """Make a meeting here that Outlook refuses."""
        refusal = {"status": 400, "code": "ErrorInvalidRequest", "method": "POST"}
        self.sandbox.faults.add("server_error", path="/events$", times=None, **refusal)
        event = self.make(self.ann, **values)
        self.sync(self.ann)
        self.assertEqual("parked", self.meeting(event).state)
        return event

    def _rows(self, user):
        return self.env["outlook.parked"].with_user(user).search([])

    def test_each_sees_what_is_set_aside_in_his_mailbox(self):
        """The reason and a name for whose it is, the payload for administrators, nobody else."""
        self._unreadable(subject="Plan", location={"displayName": "Room 1"})
        mine = self._rows(self.ann)

        self.assertEqual(["Plan"], mine.mapped("title"))
        self.assertIn("attendees", mine.reason)
        self.assertTrue(mine.parked_at)
        self.assertTrue(mine.web_link)
        with mute_logger("odoo.orm.models"), self.assertRaises(AccessError):
            mine.read(["payload_text"])
        self.assertFalse(self._rows(self.bob))
        [theirs] = self._rows(self.admin)
        self.assertIn("everybody", theirs.payload_text)
        self.assertIn("Room 1", theirs.payload_text)
        self.assertFalse(theirs.web_link)

    def test_of_a_private_one_the_payload_says_when_and_no_more(self):
        """From Outlook and from here, and where it became private only afterwards."""
        guests = [attendee(BOB)]
        body = {"contentType": "html", "content": "body of it"}
        place = {"displayName": "Clinic"}
        self._unreadable(
            subject="Doctor", location=place, body=body, attendees=guests, sensitivity="private"
        )
        values = {"location": "Clinic", "description": "body of it", "name": "Doctor"}
        self._refused(**values, privacy="private")
        self.write(self._refused(**values), self.ann, privacy="private")
        rows = self._rows(self.admin)

        self.assertEqual(3, len(rows))
        for row in rows:
            self.assertIn("dateTime", row.payload_text)
            for secret in PRIVATE:
                self.assertNotIn(secret, f"{row.payload_text} {row.title} {row.reason}")

    def test_what_became_private_and_is_deleted_leaves_no_word_in_the_payload(self):
        """Once it is gone nothing tells any more that it was not for everybody."""
        event = self._refused(name="Doctor", location="Clinic", description="body of it")
        meeting = self.meeting(event)
        self.assertIn("Clinic", str(meeting.payload))
        event.privacy = "private"
        event.unlink()

        self.assertIn("dateTime", str(meeting.payload))
        for secret in PRIVATE:
            self.assertNotIn(secret, str(meeting.payload))

    def test_a_change_in_outlook_tries_again(self):
        """What never came in comes in as soon as it can be read and is news."""
        made = self._unreadable(subject="Plan")
        self.sandbox.faults.clear()
        self.sandbox.change_event(ANN, made["id"], {"subject": "Better"})
        self.sync(self.ann)

        self.assertEqual("linked", self.meeting(self.local("Better")).state)
        self.assertFalse(self._rows(self.admin))

    def test_a_change_here_tries_again(self):
        """What was refused goes out with the next edit, and leaves nothing behind."""
        event = self._refused(name="Plan")
        self.sandbox.faults.clear()
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Plan"))
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann)

        self.assertTrue(self.remote(ANN, "Plan"))
        meeting = self.meeting(event)
        self.assertEqual(("linked", False), (meeting.state, meeting.reason))
        self.assertFalse(meeting.payload or meeting.parked_at)

    def test_retry_tries_again_with_no_change(self):
        """Whoever has it in his mailbox may, and administrators; both ways."""
        self._unreadable(subject="There")
        event = self._refused(name="Here")
        self.sandbox.faults.clear()
        self.sync(self.ann)
        self.assertEqual(2, len(self._rows(self.ann)))
        self._rows(self.ann).filtered(lambda row: not row.event_id).action_retry()
        self.env["outlook.meeting"].with_user(self.admin).browse(
            self.meeting(event).id
        ).action_retry()
        self.sync(self.ann)

        self.assertEqual("linked", self.meeting(self.local("There")).state)
        self.assertTrue(self.remote(ANN, "Here"))
        self.assertFalse(self._rows(self.ann))

    def test_retry_says_when_where_no_round_comes_at_once(self):
        """While the mailbox is paused, or left alone for a while, nothing is promised."""
        event = self._refused(name="Plan")
        account = self.account(self.ann)

        def told():
            action = event.with_user(self.ann).action_outlook_retry()
            return action["params"]["message"]

        self.assertIn("in the next moments", told())
        account.backoff_until = self.soon()
        self.assertIn("It is tried again after", told())
        account.state = "paused"
        self.assertIn("mailbox is paused", told())

    def test_retry_is_for_those_whose_mailbox_it_is(self):
        """On the form, in the list and by number."""
        event = self._refused(name="Plan", partner_ids=[(4, self.bob.partner_id.id)])
        self.assertTrue(event.with_user(self.ann).outlook_can_retry)
        self.assertTrue(event.with_user(self.admin).outlook_can_retry)
        self.assertFalse(event.with_user(self.bob).outlook_can_retry)
        with self.assertRaises(AccessError):
            event.with_user(self.bob).action_outlook_retry()
        with self.assertRaises(AccessError):
            self.meeting(event).with_user(self.bob).action_retry()

        self.sandbox.faults.clear()
        event.with_user(self.ann).action_outlook_retry()
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Plan"))
