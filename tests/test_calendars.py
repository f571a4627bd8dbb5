"""A second calendar that was chosen, with delta and, as documented, without."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import round as rounds

from .common import ANN, SandboxCase, graph_time


class SecondCalendarCase(SandboxCase):
    """Ann chose a calendar of hers besides the default one."""

    allow_inherited_tests_method = True  # Odoo runs a class's own tests only, unless told so

    def setUp(self):
        super().setUp()
        self.mailbox = self.sandbox.state.mailbox(ANN)
        self.folder = self.mailbox.add_calendar("Projects")
        self.calendar_id = self.mailbox.calendar_id(self.folder)
        self.connect(self.ann, ANN)
        self.second = self.account(self.ann).calendar_ids.filtered(lambda one: not one.is_default)
        self.assertFalse(self.second.chosen)
        self.second.sudo().chosen = True

    def add(self, subject, start=None, **values):
        """Make an event in the second calendar."""
        start = start or self.soon()
        event = {
            "subject": subject,
            "start": graph_time(start),
            "end": graph_time(start + timedelta(hours=1)),
            **values,
        }
        return self.sandbox.create_event(ANN, event, self.calendar_id)

    def there(self, subject):
        """Return the one event of that subject in the second calendar."""
        events = self.sandbox.events(ANN, self.calendar_id)
        found = [event for event in events if event["subject"] == subject]
        self.assertEqual(1, len(found))
        return found[0]

    def move(self, remote_id):
        """Drag an event of the default calendar into the second one."""
        self.mailbox.move(self.mailbox.find(remote_id).item, self.folder)


class TestsOfSecondCalendar:
    """What holds whichever way the calendar is read."""

    def test_what_is_in_a_chosen_calendar_arrives(self):
        """Events of the second calendar are made here, series with all their occurrences."""
        self.add("Kick-off")
        pattern = {"type": "daily", "interval": 1}
        length = {"type": "numbered", "numberOfOccurrences": 3}
        length["startDate"] = self.soon().date().isoformat()
        self.add("Daily", recurrence={"pattern": pattern, "range": length})
        self.assertEqual("done", self.sync(self.ann).state)

        self.assertEqual(self.ann, self.local("Kick-off").user_id)
        self.assertEqual(3, len(self.local("Daily")))
        self.sync(self.ann)
        self.assertEqual(3, len(self.local("Daily")))

    def test_a_change_in_a_chosen_calendar_travels_both_ways(self):
        """Changed there, changed here; in step, nothing is written."""
        remote = self.add("Kick-off")
        self.sync(self.ann)
        self.sandbox.change_event(ANN, remote["id"], {"subject": "Launch"})
        self.written()
        self.sync(self.ann)
        self.assertTrue(self.local("Launch"))
        self.assertEqual([], self.written())
        event = self.local("Launch")
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertEqual("Room 1", self.there("Launch")["location"]["displayName"])
        self.sync(self.ann)
        self.written()
        run = self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual(0, run.received)

    def test_what_is_deleted_in_a_chosen_calendar_is_archived(self):
        """Missing there, looked up, and then believed."""
        kept, gone = self.add("Kept"), self.add("Gone")
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, gone["id"])
        self.sync(self.ann)

        self.assertFalse(self.local("Gone").active)
        self.assertTrue(self.local(kept["subject"]).active)

    def test_what_leaves_the_window_of_a_chosen_calendar_is_not_deleted(self):
        """Not met any more, looked up once, and found elsewhen."""
        remote = self.add("Far")
        self.sync(self.ann)
        start = self.soon(days=1500)
        times = {"start": graph_time(start), "end": graph_time(start + timedelta(hours=1))}
        self.sandbox.change_event(ANN, remote["id"], times)
        self.sync(self.ann)
        self.assertEqual((True, start), (self.local("Far").active, self.local("Far").start))
        self.sandbox.state.requests.clear()
        self.sync(self.ann)
        looks = [one for one in self.sandbox.requests if one.path.startswith("/me/events/")]
        self.assertEqual([], looks)

    def test_what_is_made_here_goes_to_the_default_calendar(self):
        """A chosen calendar takes nothing that nobody put there."""
        self.make(self.ann, name="Plan")
        self.sync(self.ann)

        self.assertTrue(self.sandbox.events(ANN, self.mailbox.calendar_id(self._default())))
        self.assertFalse(self.sandbox.events(ANN, self.calendar_id))

    def test_dragged_to_a_chosen_calendar_it_stays_one_meeting(self):
        """It keeps its id, and its copy comes along; deleted there, it is archived here."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.move(self.remote(ANN, "Plan")["id"])
        self.sync(self.ann)
        self.sync(self.ann)

        self.assertEqual(1, len(self.local("Plan")))
        self.assertTrue(event.active)
        self.assertEqual(self.second, self.meeting(event).copy_ids.calendar_id)
        self.sandbox.delete_event(ANN, self.there("Plan")["id"])
        self.sync(self.ann)
        self.assertFalse(event.active)

    def test_links_lost_are_found_by_the_mark_in_a_chosen_calendar(self):
        """Our mark is searched in the calendar where the event is now."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        remote = self.remote(ANN, "Plan")
        self.move(remote["id"])
        self.sync(self.ann)
        meeting = self.meeting(event)
        meeting.copy_ids.unlink()
        meeting.write({"ical_uid": False, "base": False})
        self.sandbox.change_event(ANN, self.there("Plan")["id"], {"subject": "Renamed"})
        self.second.delta_link = False
        self.sync(self.ann)

        self.assertFalse(self.local("Renamed"))
        self.assertEqual(self.second, meeting.copy_ids.calendar_id)

    def test_trouble_of_a_chosen_calendar_is_its_own(self):
        """Refused, broken or deleted: the default calendar goes on, the account stays active."""
        self.add("Kick-off")
        self.sync(self.ann)
        for status in (403, 500):
            with self.subTest(status):
                self.sandbox.faults.server_error(status, path=r"/me/calendars/.", times=None)
                self.make_remote(ANN, subject=f"Lunch {status}")
                self.assertEqual("done", self.sync(self.ann).state)
                self.assertTrue(self.local(f"Lunch {status}"))
                self.assertEqual("active", self.account(self.ann).state)
                self.sandbox.faults.clear()
        self.sandbox.graph(ANN, "DELETE", f"/me/calendars/{self.calendar_id}")
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertFalse(self.second.chosen)

    def _default(self):
        return self.mailbox.default_calendar

    def _fill(self, count):
        for number in range(count):
            self.add(f"N{number}", self.soon() + timedelta(hours=number))

    def test_a_long_calendar_is_read_in_slices(self):
        """Out of time after each page, round after round: all arrives, and nothing twice."""
        self._fill(70)
        for _slice in range(4):
            if self.run_slice(self.ann) is rounds.Outcome.DONE:
                break
        self.assertEqual(70, self.env["calendar.event"].search_count([("name", "=like", "N%")]))
        self.sync(self.ann)
        self.assertFalse(self.second.full_round or self.second.listed_until)


@tagged("post_install", "-at_install")
class TestCalendarWithDelta(TestsOfSecondCalendar, SecondCalendarCase):
    """Seen in production, documented in beta only."""


@tagged("post_install", "-at_install")
class TestCalendarWithoutDelta(TestsOfSecondCalendar, SecondCalendarCase):
    """As documented: only the default calendar has one."""

    def setUp(self):
        super().setUp()
        self.sandbox.state.options.set(calendar_delta=False)

    def test_a_calendar_that_loses_its_delta_is_listed(self):
        """Links that Graph gave before are no obstacle."""
        self.sandbox.state.options.set(calendar_delta=True)
        self.add("Kick-off")
        self.sync(self.ann)
        self.sandbox.state.options.set(calendar_delta=False)
        self.add("Launch")
        self.assertEqual("done", self.sync(self.ann).state)

        self.assertEqual(1, len(self.local("Kick-off")))
        self.assertEqual(1, len(self.local("Launch")))
