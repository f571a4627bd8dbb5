"""A meeting that this side cannot read, write or follow: it is set aside, and the rest goes on."""

import time
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.outlook_calendar.bridge import one_meeting
from odoo.addons.outlook_calendar.bridge import round as rounds
from odoo.addons.outlook_calendar.bridge.fetching import Fetching
from odoo.addons.outlook_calendar.bridge.session import LeaseLost, Session

from .common import ANN, SandboxCase

#: Odoo takes any year; Outlook's calendar ends in 4500.
FAR_OFF = fields.Datetime.to_datetime("5026-11-23 09:00:00")
SERIES = {
    "recurrency": True,
    "rrule_type": "daily",
    "interval": 1,
    "end_type": "count",
    "count": 2,
    "event_tz": "Europe/Brussels",
}


@tagged("post_install", "-at_install")
class TestOneBadMeeting(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def refuse(self, table, condition):
        """Let the database refuse rows, as a constraint of another module may."""
        self.env.flush_all()
        self.env.cr.execute(f"ALTER TABLE {table} ADD CONSTRAINT odd CHECK ({condition}) NOT VALID")

    def take(self, table):
        """Let the database take them again."""
        self.env.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT odd")

    def move(self, series, start):
        """Move all dates of a series, as *All events* does."""
        row = series.recurrence_id.base_event_id
        times = {"start": start, "stop": start + timedelta(hours=1)}
        self.write(row, self.ann, recurrence_update="all_events", **times)

    @contextmanager
    def robbed(self):
        """Have the claim on Ann's mailbox, and lose it."""
        self.env.flush_all()
        account = self.account(self.ann)
        with self.enter_registry_test_mode():
            session = Session(self.env.registry, account.id, account._claim(60))
            account._revoke_claim()
            self.env.flush_all()
            try:
                yield session
            finally:
                session.close()

    def _first(self, name):
        return self.local(name).filtered("active")[:1]

    def meeting_of(self, remote):
        """Return what the sync knows of an event of Ann's mailbox, whatever it hangs on."""
        mailbox = self.sandbox.state.mailbox(ANN)
        remote_id = mailbox.entry_id(mailbox.find(remote["id"]), immutable=True)
        return self.env["outlook.copy"].search([("remote_id", "=", remote_id)]).meeting_id

    def test_a_series_that_cannot_be_read_here_stops_nobody(self):
        """In the year 5026 it is set aside: others go out and come in, gone there it stays here."""
        series, other = self.make(self.ann, name="Far", **SERIES), self.make(self.ann, name="Other")
        self.sync(self.ann)
        remote = self.remote(ANN, "Far")
        meeting = self.meeting_of(remote)
        self.move(series, FAR_OFF)
        self.write(other, self.ann, location="Room 1")
        run = self.sync(self.ann)

        self.assertEqual("done", run.state)
        self.assertEqual("Room 1", self.remote(ANN, "Other")["location"]["displayName"])
        self.assertEqual("parked", meeting.state)
        self.assertIn("outside of the calendar", meeting.reason)
        self.assertEqual(0, self.account(self.ann).pending_count)

        self.move(self._first("Far"), self.soon())
        self.sync(self.ann)
        self.assertEqual(("linked", False), (meeting.state, meeting.reason))

    def test_a_series_that_cannot_be_read_here_may_be_deleted_there(self):
        """The page passes, the series stays here, and is made again once somebody mended it."""
        series = self.make(self.ann, name="Far", **SERIES)
        self.sync(self.ann)
        remote = self.remote(ANN, "Far")
        self.move(series, FAR_OFF)
        self.sandbox.delete_event(ANN, remote["id"])
        self.make_remote(ANN, subject="New")
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertTrue(self.local("New"))
        self.assertTrue(self._first("Far"))
        self.move(self._first("Far"), self.soon(days=9))
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Far"))

    def test_a_new_meeting_that_cannot_be_read_stops_nobody(self):
        """It is set aside before it was ever sent, and goes out once a change has mended it."""
        series = self.make(self.ann, name="Far", **SERIES)
        self.move(series, FAR_OFF)
        self.make(self.ann, name="Other")
        self.assertEqual("done", self.sync(self.ann).state)

        self.assertTrue(self.remote(ANN, "Other"))
        self.assertIsNone(self.remote(ANN, "Far"))
        self.move(self._first("Far"), self.soon())
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Far"))

    def test_occurrences_that_cannot_be_made_stop_nobody(self):
        """A series that time cannot carry on is set aside; *Retry* tries again."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.window_future_days", 30)
        parameters.set_param("outlook_calendar.horizon_days", 60)
        day = self.soon().date().isoformat()
        pattern = {"type": "daily", "interval": 10}
        recurrence = {"pattern": pattern, "range": {"type": "noEnd", "startDate": day}}
        start = {"dateTime": f"{day}T09:00:00", "timeZone": "UTC"}
        stop = {"dateTime": f"{day}T10:00:00", "timeZone": "UTC"}
        remote = self.make_remote(
            ANN, subject="Secret", start=start, end=stop, recurrence=recurrence
        )
        self.sync(self.ann)
        before = len(self.local("Secret"))
        parameters.set_param("outlook_calendar.horizon_days", 200)
        self.refuse("calendar_event", "start < now() + interval '100 days'")
        other = self.make(self.ann, name="Other")
        with mute_logger("odoo.sql_db"):
            self.assertEqual("done", self.sync(self.ann).state)

        meeting = self.meeting_of(remote)
        self.assertTrue(self.remote(ANN, other.name))
        self.assertEqual("parked", meeting.state)
        self.assertNotIn("Secret", meeting.reason)
        self.assertEqual(before, len(self.local("Secret")))
        self.take("calendar_event")
        meeting.with_user(self.ann).action_retry()
        self.sync(self.ann)
        self.assertEqual("linked", meeting.state)
        self.assertLess(before, len(self.local("Secret")))

    def test_an_answer_that_cannot_be_kept_stops_nobody(self):
        """What was written in Outlook is written once; the meeting is set aside till it changes."""
        self.refuse("calendar_event", "outlook_zone IS NULL OR name != 'Odd'")
        odd = self.make(self.ann, name="Odd")
        self.make(self.ann, name="Even")
        with mute_logger("odoo.sql_db"):
            run = self.sync(self.ann)
        self.assertEqual("done", run.state)
        self.assertEqual("parked", odd.outlook_meeting_ids.state)
        self.assertEqual("linked", self.local("Even").outlook_meeting_ids.state)
        self.written()
        with mute_logger("odoo.sql_db"):
            self.sync(self.ann)
        self.assertEqual([], self.written())

        self.take("calendar_event")
        self.write(odd, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertEqual("linked", odd.outlook_meeting_ids.state)
        self.assertEqual("Room 1", self.remote(ANN, "Odd")["location"]["displayName"])

    def test_a_deletion_that_cannot_be_followed_is_set_aside_in_words(self):
        """The database's own words quote the row that they refuse."""
        event = self.make(self.ann, name="Secret")
        self.sync(self.ann)
        self.refuse("calendar_event", "active OR name <> 'Secret'")
        self.sandbox.delete_event(ANN, self.remote(ANN, "Secret")["id"])
        with mute_logger("odoo.sql_db"):
            self.assertEqual("done", self.sync(self.ann).state)

        meeting = self.meeting(event)
        self.assertEqual("parked", meeting.state)
        self.assertNotIn("Secret", meeting.reason)
        self.assertTrue(event.active)

    def test_a_deletion_that_a_look_does_not_settle_rests(self):
        """Outlook shows an older state than was seen: one look, and a later round looks again."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        copy = self.meeting(event).copy_ids
        shown = {"lastModifiedDateTime": "2020-01-01T00:00:00Z"}
        self.sandbox.faults.lie(copy.remote_id, shown)
        event.with_user(self.ann).action_archive()
        self.sandbox.state.requests.clear()
        self.sync(self.ann)
        looks = [one for one in self.sandbox.requests if one.path.endswith(copy.remote_id)]

        self.assertEqual(1, len(looks))
        self.assertEqual(("here", "follow"), (copy.departed, copy.verdict))
        self.sandbox.faults.clear()
        copy.next_attempt = "2020-01-01"
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Plan"))

    def test_who_lost_the_mailbox_stops_at_once(self):
        """Signed out between the claim and the first step, or between two look-ups: no further."""
        account = self.account(self.ann)
        runs = len(account.run_ids)
        with self.robbed() as session:
            outcome = rounds.Round(session, time.monotonic()).run("meeting")
            fetching = Fetching(session, send=list, in_time=lambda: True)
            with self.assertRaises(LeaseLost):
                fetching._ask(["one", "two", "three", "four"])

        self.assertIs(rounds.Outcome.FAULT, outcome)
        self.assertEqual(runs, len(account.run_ids))

    def test_an_alarm_that_somebody_else_raises_at_once_is_no_error(self):
        """Many mailboxes of a copied database are left alone in one moment, by several lanes."""
        account = self.account(self.ann)
        account.database_uuid = "another"
        self.env.flush_all()
        self.env.cr.execute(
            """
            CREATE FUNCTION too_late() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE unique_violation; END $$;
            CREATE TRIGGER too_late BEFORE INSERT ON outlook_alarm
            EXECUTE FUNCTION too_late()
            """
        )
        with mute_logger("odoo.sql_db"):
            outcome = self.run_slice(self.ann)
        self.assertIs(rounds.Outcome.BUSY, outcome)
        self.env.cr.execute("DROP TRIGGER too_late ON outlook_alarm")
        self.run_slice(self.ann)
        self.assertEqual("copied", account.left_alone)

    def test_a_look_that_asks_outlook_nothing_ends_no_trouble(self):
        """A pause and what is known to be wrong stay as they are."""
        account = self.account(self.ann)
        event = self.make(self.bob)
        until = fields.Datetime.now() + timedelta(minutes=9)
        account.write({"failures": 2, "last_error": "Trouble", "backoff_until": until})
        self.env.flush_all()
        with self.enter_registry_test_mode():
            until_now = time.monotonic() + 20
            one_meeting.look(self.env.registry, account.id, event.id, until=until_now)
        self.env.invalidate_all()

        self.assertEqual("done", account.run_ids[:1].state)
        self.assertEqual((2, "Trouble"), (account.failures, account.last_error))
        self.assertTrue(account.backoff_until)
