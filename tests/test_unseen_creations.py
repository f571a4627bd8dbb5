"""A meeting that was made in Outlook while the answer was lost, and is edited there before anybody
looks: what was typed there comes here.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, SandboxCase, attendee


@tagged("post_install", "-at_install")
class TestUnseenCreations(SandboxCase):
    def test_an_edit_there_before_the_first_look_comes_here(self):
        """The subject and the guest of Outlook are here, and nothing is written there."""
        event = self._made_unseen()
        [made] = self.sandbox.events(ANN)
        self.sandbox.change_event(
            ANN, made["id"], {"subject": "Plan B", "attendees": [attendee(BOB)]}
        )
        self._look()

        self.assertEqual("Plan B", event.name)
        self.assertIn(self.bob.partner_id, event.partner_ids)
        self.assertEqual([], self.written())

    def test_an_edit_there_and_one_here_before_the_first_look_both_arrive(self):
        """Each side gets what the other one changed."""
        event = self._made_unseen()
        [made] = self.sandbox.events(ANN)
        self.sandbox.change_event(ANN, made["id"], {"subject": "Plan B"})
        self.write(event, self.ann, location="Room 1")
        self._look()

        self.assertEqual("Plan B", event.name)
        [shown] = self.sandbox.events(ANN)
        self.assertEqual(("Plan B", "Room 1"), (shown["subject"], shown["location"]["displayName"]))

    def test_deleted_here_and_edited_there_before_the_first_look_it_stays(self):
        """An edit beats a deletion, also where nobody had seen the meeting there."""
        event = self._made_unseen()
        [made] = self.sandbox.events(ANN)
        self.sandbox.change_event(ANN, made["id"], {"subject": "Plan B"})
        event.with_user(self.ann).action_archive()
        self._look()

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertTrue(self.local("Plan B").active)

    def test_deleted_here_before_the_first_look_it_goes(self):
        """Where nobody edited it there, the deletion is carried over."""
        event = self._made_unseen()
        event.with_user(self.ann).action_archive()
        self._look()

        self.assertEqual([], self.sandbox.events(ANN))

    def _made_unseen(self):
        """Return a meeting that Outlook has; its answer to the creation was lost."""
        self._account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sandbox.faults.drop_after(method="POST", path=r"/events$")
        self.sync(self.ann)
        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.sandbox.clock.advance(timedelta(minutes=1))
        return event

    def _look(self):
        self.written()
        self._account.backoff_until = False
        self.sync(self.ann)
