"""What a meeting hangs on when Odoo replaces a series. docs/sync-rules.md, *Series*."""

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.outlook_calendar.bridge import homes


@tagged("post_install", "-at_install")
class TestHomes(TransactionCase):
    def setUp(self):
        super().setUp()
        self.base = self.env["calendar.event"].create(
            {
                "name": "Stand-up",
                "start": "2031-03-03 09:00:00",
                "stop": "2031-03-03 10:00:00",
                "recurrency": True,
                "rrule_type": "weekly",
                "mon": True,
                "count": 4,
                "end_type": "count",
                "event_tz": "UTC",
            }
        )
        self.recurrence = self.base.recurrence_id
        self.meeting = self.env["outlook.meeting"].create(
            {"event_id": self.base.id, "recurrence_ref": self.recurrence.id}
        )

    def _series(self, event=None):
        return homes.rows(event or self.base)

    def _after(self):
        self.env.invalidate_all()
        homes.hand_over(self.meeting)
        return self.meeting.event_id

    def test_the_rows_of_a_series_come_by_start_and_without_archived_ones(self):
        """One row is archived: the others are the series."""
        second = self._series()[1]
        second.active = False

        self.assertEqual(3, len(self._series()))
        self.assertEqual(self.base, self._series()[0])
        self.assertEqual(sorted(self._series().mapped("start")), self._series().mapped("start"))

    def test_a_single_event_is_its_own_rows(self):
        """Also when it is archived: it is what it is."""
        event = self.env["calendar.event"].create({"name": "One", "active": False})

        self.assertFalse(homes.is_series(event))
        self.assertEqual(event, homes.rows(event))

    def test_the_meeting_is_found_from_every_row(self):
        """Any row of the series leads to the one meeting."""
        for event in self._series():
            self.assertEqual(self.meeting, homes.meeting_of(self.env, event))

    def test_all_events_with_another_time_keeps_the_meeting(self):
        """Odoo makes a new recurrence around the base event: the meeting goes there."""
        self.base.write(
            {
                "recurrence_update": "all_events",
                "start": "2031-03-03 11:00:00",
                "stop": "2031-03-03 12:00:00",
            }
        )

        self.assertFalse(self.recurrence.exists())
        self.assertEqual(self.meeting, homes.meeting_of(self.env, self.base))
        self.assertEqual(self.base, self._after())
        self.assertEqual(self.base.recurrence_id.id, self.meeting.recurrence_ref)

    def test_the_meeting_stays_with_the_old_series_at_this_and_following(self):
        """The series that begins at the third occurrence is another meeting."""
        third = self._series()[2]
        third.write({"recurrence_update": "future_events", "name": "Other"})

        self.assertEqual(self.base, self._after())
        self.assertNotEqual(self.recurrence, third.recurrence_id)
        self.assertFalse(homes.meeting_of(self.env, third))

    def test_the_meeting_goes_along_where_this_and_following_takes_all(self):
        """From the first occurrence, which is not the base event: all of the series moved on."""
        self.recurrence.base_event_id = self._series()[1]
        self.base.write({"recurrence_update": "future_events", "name": "Other"})

        self.assertFalse(self.recurrence.exists())
        self.assertEqual(self.meeting, homes.meeting_of(self.env, self.base))
        self.assertEqual(self.base, self._after())

    def test_the_next_row_takes_over_where_the_base_event_is_deleted(self):
        """The first occurrence is gone: the meeting hangs on the second."""
        second = self._series()[1]
        self.base.unlink()

        self.assertEqual(second, self._after())
        self.assertEqual(self.recurrence.id, self.meeting.recurrence_ref)

    def test_the_row_that_stays_takes_over_where_a_series_stops_recurring(self):
        """The third row stays as a single meeting, the others are gone."""
        third = self._series()[2]
        third.write({"recurrence_update": "all_events", "recurrency": False})

        self.assertTrue(third.exists().active)
        self.assertEqual(third, self._after())
        self.assertFalse(self.meeting.recurrence_ref)

    def test_a_row_that_left_is_no_part_of_the_meeting(self):
        """Its base event was taken out of the series: the meeting stays with the rows."""
        second = self._series()[1]
        self.base.action_outlook_detach()

        self.assertFalse(homes.meeting_of(self.env, self.base))
        self.assertEqual(self.base, homes.left(self.env, self.recurrence.id))
        self.assertEqual(self.meeting, homes.claim(self.env, second))
        self.assertEqual(second, self.meeting.event_id)

    def test_a_single_meeting_that_becomes_recurring_keeps_its_meeting(self):
        """The event got a recurrence: the meeting is that series now."""
        event = self.env["calendar.event"].create(
            {
                "name": "One",
                "start": "2031-03-03 09:00:00",
                "stop": "2031-03-03 10:00:00",
            }
        )
        meeting = self.env["outlook.meeting"].create({"event_id": event.id})
        event.write({"recurrency": True, "rrule_type": "daily", "count": 3, "end_type": "count"})

        self.assertEqual(meeting, homes.meeting_of(self.env, homes.rows(event)[2]))
        homes.hand_over(meeting)
        self.assertEqual(event.recurrence_id.id, meeting.recurrence_ref)

    def _horizon_after(self, **rule):
        """Let the rows be those of a new recurrence, as *all events* makes one."""
        self.recurrence.write(rule)
        self.meeting.write({"recurrence_ref": self.recurrence.id + 1000, "horizon": "2032-03-03"})
        self.assertEqual(self.base, self._after())
        return str(self.meeting.horizon or "")

    def test_a_new_recurrence_does_not_owe_the_rows_of_the_old_one(self):
        """Odoo makes as many as it likes: without end, or all of them, its own rows tell."""
        self.assertEqual("", self._horizon_after(end_type="forever"))
        self.assertEqual("", self._horizon_after(end_type="count", count=4))
        self.assertEqual("", self._horizon_after(end_type="end_date", until="2031-03-24"))

    def test_a_new_recurrence_that_ends_far_ahead_is_not_shorter(self):
        """It ends where it says, though Odoo makes no more rows at once: the last is 24 March."""
        horizon = self._horizon_after(end_type="end_date", until="2045-01-02")

        self.assertEqual("2031-03-23", horizon)

    def test_a_meeting_that_stays_keeps_its_horizon(self):
        """One row is renamed and the base event deleted: it is the same recurrence."""
        self.meeting.horizon = "2031-03-24"
        self._series()[1].name = "Other"
        self.base.unlink()

        self.assertNotEqual(self.base, self._after())
        self.assertEqual("2031-03-24", str(self.meeting.horizon))

    def test_the_rest_that_left_before_is_another_meeting(self):
        """The third and the fourth went to a colleague, later the first two are deleted."""
        third = self._series()[2]
        colleague = new_test_user(self.env, "colleague-homes")
        third.write({"recurrence_update": "future_events", "user_id": colleague.id})
        self.base.action_mass_deletion("all_events")

        self.assertTrue(third.exists().active)
        self.assertFalse(self._after())
        self.assertFalse(homes.meeting_of(self.env, third))

    def test_an_occurrence_that_left_before_is_another_meeting(self):
        """The second was detached, later all others are deleted: it does not stand for them."""
        second = self._series()[1]
        second.action_outlook_detach()
        self.base.action_mass_deletion("all_events")

        self.assertFalse(self._after())
        self.assertTrue(second.exists().active)

    def test_what_another_meeting_stands_for_is_not_taken(self):
        """The second half of a split has a meeting of its own when the first half is deleted."""
        third = self._series()[2]
        third.write({"recurrence_update": "future_events", "name": "Other"})
        other = self.env["outlook.meeting"].create(
            {"event_id": third.id, "recurrence_ref": third.recurrence_id.id}
        )
        self.base.action_mass_deletion("all_events")

        self.assertFalse(self._after())
        self.assertEqual(other, homes.meeting_of(self.env, third))
