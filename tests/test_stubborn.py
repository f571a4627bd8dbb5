"""One meeting that Outlook cannot cope with: it rests, is tried again, and holds up nothing."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ANN, SandboxCase, graph_time


@tagged("post_install", "-at_install")
class TestStubborn(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.good = self.make(self.ann, name="Good")
        self.bad = self.make(self.ann, name="Bad")
        self.sync(self.ann)
        self.sync(self.ann)  # the delta shows once more what was just made
        self.remote_id = self.remote(ANN, "Bad")["id"]
        self.path = "/me/events/" + self._copy().remote_id + "$"

    def _copy(self):
        return self.meeting(self.bad).copy_ids

    def _later(self):
        """Let the time pass that the meeting rests."""
        self._copy().next_attempt = fields.Datetime.now() - timedelta(seconds=1)

    def _spoil(self):
        """Let Outlook show something that nobody can read."""
        item = self.sandbox.state.mailbox(ANN).find(self.remote_id).item
        item.content["subject"] = 5
        return item

    def _move_away(self):
        """Move it out of the window: delta calls it removed, so it is looked up."""
        start = self.soon(days=1500)
        times = {"start": graph_time(start), "end": graph_time(start + timedelta(hours=1))}
        self.sandbox.change_event(ANN, self.remote_id, times)

    def _assert_the_rest_goes_on(self):
        """Another meeting's change is sent in the same round, which ends well."""
        self.write(self.good, self.ann, location=f"Room of {self.good.location}")
        run = self.sync(self.ann)
        self.assertEqual("done", run.state)
        there = self.remote(ANN, "Good")["location"]["displayName"]
        self.assertEqual(self.good.location, there)
        self.assertFalse(self.account(self.ann).last_error)

    def test_what_cannot_be_read_when_looked_up_is_set_aside(self):
        """An unreadable event ends no round, and is not believed gone."""
        self._move_away()
        item = self._spoil()
        self._assert_the_rest_goes_on()
        self.assertEqual("parked", self.meeting(self.bad).state)
        self.assertTrue(self.bad.active)

        item.content["subject"] = "Cured"
        self.write(self.bad, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertEqual("linked", self.meeting(self.bad).state)

    def test_what_cannot_be_read_before_a_deletion_is_set_aside(self):
        """Deleted here: the look in Outlook that comes first fails for this one only."""
        self._spoil()
        self.bad.with_user(self.ann).action_archive()
        self._assert_the_rest_goes_on()

        self.assertEqual("parked", self.meeting(self.bad).state)
        self.assertTrue(self.meeting(self.bad).reason)

    def test_a_change_that_outlook_cannot_cope_with_rests(self):
        """500 to one PATCH for ever: tried ever more seldom, the reason shown, nothing lost."""
        trouble = self.sandbox.faults.server_error(500, method="PATCH", path=self.path, times=None)
        self.write(self.bad, self.ann, name="Worse")
        self._assert_the_rest_goes_on()
        rest, hits = self._copy().next_attempt, trouble.hits
        self._assert_the_rest_goes_on()
        self.assertEqual(hits, trouble.hits)
        self._later()
        self._assert_the_rest_goes_on()

        self.assertGreater(trouble.hits, hits)
        self.assertGreater(self._copy().next_attempt, rest + timedelta(minutes=1))
        self.assertEqual("parked", self.meeting(self.bad).state)
        self.assertEqual(1, self.account(self.ann).pending_count)
        self.sandbox.faults.clear()
        self._later()
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Worse"))
        self.assertEqual("linked", self.meeting(self.bad).state)
        self.assertEqual(0, self.account(self.ann).pending_count)
        self.assertFalse(self._copy().next_attempt or self._copy().attempts)

    def test_a_fresh_edit_is_tried_at_once(self):
        """Whoever changes a meeting that rests does not wait for its turn."""
        self.sandbox.faults.server_error(500, method="PATCH", path=self.path)
        self.write(self.bad, self.ann, name="Worse")
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Worse"))
        self.write(self.bad, self.ann, name="Better than that")
        self.sync(self.ann)

        self.assertTrue(self.remote(ANN, "Better than that"))

    def test_a_removal_that_cannot_be_looked_up_is_not_forgotten(self):
        """500 to the look: not believed yet, and looked up again later."""
        self.sandbox.delete_event(ANN, self.remote_id)
        self.sandbox.faults.server_error(500, method="GET", path=r"/me/events/")
        self._assert_the_rest_goes_on()
        self.assertTrue(self.bad.active)
        self._later()
        self.sync(self.ann)

        self.assertFalse(self.bad.active)

    def test_a_creation_with_a_broken_answer_doubles_nothing(self):
        """The event was made, the answer is unreadable: it is looked up by its mark."""
        self.sandbox.faults.add("truncate", method="POST", path=r"/me/calendar/events$")
        self.bad = self.make(self.ann, name="Fresh")
        self.assertEqual("done", self.sync(self.ann).state)
        self._later()
        self.write(self.bad, self.ann, location="Room 1")
        self.sync(self.ann)

        self.assertEqual("Room 1", self.remote(ANN, "Fresh")["location"]["displayName"])
        self.assertEqual("linked", self.meeting(self.bad).state)
