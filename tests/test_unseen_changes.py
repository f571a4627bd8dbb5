"""A change that was written in Outlook while the answer was lost, and is taken back here before
anybody looks: what was written there is our own, and the going back is what counts.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, GUEST, SandboxCase


@tagged("post_install", "-at_install")
class TestUnseenChanges(SandboxCase):
    def setUp(self):
        super().setUp()
        self._account = self.connect(self.ann, ANN)

    def test_a_change_taken_back_after_a_lost_answer_is_taken_back_there(self):
        """The old value stands on both sides; the guest hears of either change, once."""
        event = self._plan()
        self._lose_answer_to(lambda: self.write(event, self.ann, name="Plan B"))
        self.assertTrue(self.meeting(event).copy_ids.sent)
        self.write(event, self.ann, name="Plan")
        self._go_on()

        self._assert_taken_back(event)
        self.assertEqual([("update", GUEST)] * 2, self.told())

    def test_it_is_so_where_delta_does_not_tell_of_it_yet(self):
        """What is taken back is looked at: the write may be there, and no page shows it."""
        event = self._plan()
        self._lose_answer_to(lambda: self.write(event, self.ann, name="Plan B"))
        self.sandbox.options.set(delta_lag=5)
        self.write(event, self.ann, name="Plan")
        self._go_on()

        self._assert_taken_back(event)

    def test_a_change_that_never_arrived_and_is_taken_back_leaves_nothing(self):
        """Nothing is written, nobody is mailed, and nothing is noted any more."""
        event = self._plan()
        self.sandbox.faults.drop_before(method="PATCH", path="/events/", times=None)
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)
        self.sandbox.faults.clear()
        self.written()
        self.write(event, self.ann, name="Plan")
        self._go_on()

        self._assert_taken_back(event)
        self.assertEqual(([], []), (self.written(), self.told()))

    def test_deleted_here_after_a_lost_answer_it_goes(self):
        """What Outlook shows is our own change: it brings nothing back."""
        event = self._plan()
        self._lose_answer_to(lambda: self.write(event, self.ann, name="Plan B"))
        event.with_user(self.ann).action_archive()
        self._go_on()

        self.assertEqual([], self.sandbox.events(ANN))
        self.assertFalse(event.active)

    def test_a_date_of_a_series_is_taken_back_there_as_well(self):
        """The round looks at the series right after the lost answer, so both are in step."""
        start = self.soon()
        event = self.make(
            self.ann,
            name="Plan",
            start=start,
            stop=start + timedelta(hours=1),
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=3,
        )
        self.sync(self.ann)
        row = event.recurrence_id.calendar_event_ids.sorted("start")[1]
        alone = {"recurrence_update": "self_only"}
        self._lose_answer_to(lambda: self.write(row, self.ann, name="Plan B", **alone))
        self.write(row, self.ann, name="Plan", **alone)
        self._go_on()

        self.assertEqual("Plan", row.name)
        self.assertIsNone(self.remote(ANN, "Plan B"))
        self.assertFalse(self.env["outlook.conflict"].search([]))
        self.assertFalse(self.meeting(event).copy_ids.sent)

    def _plan(self):
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.told()
        self.written()
        return event

    def _lose_answer_to(self, act):
        act()
        # All of them: the first repetition would be refused by If-Match, and looked at right then.
        self.sandbox.faults.drop_after(method="PATCH", path="/events/", times=None)
        self.sync(self.ann)
        self.sandbox.faults.clear()

    def _go_on(self):
        self._account.backoff_until = False
        self.sync(self.ann)

    def _assert_taken_back(self, event):
        self.assertEqual("Plan", event.name)
        self.assertIsNotNone(self.remote(ANN, "Plan"))
        self.assertFalse(self.env["outlook.conflict"].search([]))
        self.assertFalse(self.env["outlook.outbox"].search([]))
        self.assertFalse(self.meeting(event).copy_ids.sent)
