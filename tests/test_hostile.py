"""Answers that lie, through whole rounds: what comes in, what is set aside, and what goes on."""

import logging
from contextlib import contextmanager, suppress
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import faults
from odoo.addons.outlook_calendar.bridge.session import Session
from odoo.addons.outlook_calendar.core.engine.errors import InvariantBroken

from .common import ANN, SandboxCase

STAMP = "%Y-%m-%dT%H:%M:%S"
ARABIC = "\u202eاجتماع\u202c"
#: What Outlook shows of an event beside a good name -> the name that it has here; False: set aside.
SHOWN = {
    "emoji": (
        {"subject": "Party \U0001f389\U0001f469\u200d\U0001f4bb"},
        "Party \U0001f389\U0001f469\u200d\U0001f4bb",
    ),
    "right to left": ({"subject": ARABIC}, ARABIC),
    "NUL": ({"subject": "Nu\0ll"}, "Null"),
    "half a character": ({"subject": "Half\ud83c"}, "Half"),
    "long subject": ({"subject": "Long " * 2000}, "Long " * 2000),
    "no text": (
        {"subject": None, "body": None, "location": None, "attendees": None},
        "(No subject)",
    ),
    "unknown words": (
        {"subject": "Words", "showAs": "meditating", "sensitivity": "cosmic", "importance": "x"},
        "Words",
    ),
    "unknown zone": ({"subject": "Mars", "originalStartTimeZone": "Mars Standard Time"}, "Mars"),
    "null objects": (
        {"subject": "Nulls", "organizer": None, "responseStatus": None, "onlineMeeting": None},
        "Nulls",
    ),
    "a number for a text": ({"subject": 5}, False),
    "a text for a list": ({"subject": "List", "attendees": "all of them"}, False),
    "no such time": ({"subject": "When", "start": {"dateTime": "2026-13-45T99:00:00"}}, False),
    "an endless reminder": ({"subject": "Alarm", "reminderMinutesBeforeStart": 10**12}, "Alarm"),
    "deep": ({"subject": "Deep", "body": {"content": "<div>" * 5000 + "x"}}, "Deep"),
}


@tagged("post_install", "-at_install")
class TestHostile(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def _spoil(self, name, **shown):
        """Make an event in Outlook that shows this."""
        made = self.make_remote(ANN, subject=name)
        return self._show(made["id"], **shown)

    def _show(self, event_id, **shown):
        """Let Outlook show this of an event; return the id by which it is known here."""
        mailbox = self.sandbox.state.mailbox(ANN)
        remote_id = mailbox.entry_id(mailbox.find(event_id), immutable=True)
        self.sandbox.faults.lie(remote_id, shown)
        return remote_id

    def _copy(self, remote_id):
        return self.env["outlook.copy"].search([("remote_id", "=", remote_id)])

    def test_what_makes_no_sense_is_set_aside_and_the_rest_comes_in(self):
        """Each by itself: the page goes on, nothing is written, and the next round is quiet."""
        ids = {kind: self._spoil(kind, **shown) for kind, (shown, _name) in SHOWN.items()}
        self.make_remote(ANN, subject="Good")
        self.written()
        run = self.sync(self.ann)
        self.assertEqual("done", run.state)

        self.assertTrue(self.local("Good"))
        for kind, (_shown, name) in SHOWN.items():
            with self.subTest(kind):
                meeting = self._copy(ids[kind]).meeting_id
                self.assertEqual("linked" if name else "parked", meeting.state, meeting.reason)
                self.assertEqual(name, meeting.event_id.name)
                self.assertEqual(not name, bool(meeting.reason))
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_times_at_the_edge_of_the_calendar_stop_nobody(self):
        """The years 1, 4500 and 9999: it comes in, or is set aside."""
        edges = ("0001-01-01T00:00:00", "4500-09-01T10:00:00", "9999-12-31T23:00:00")
        ids = []
        for number, stamp in enumerate(edges):
            for all_day in (False, True):
                time = {"dateTime": stamp[:10] + "T00:00:00" if all_day else stamp}
                time["timeZone"] = "UTC"
                shown = {"start": time, "end": time, "isAllDay": all_day}
                zone = {"originalStartTimeZone": "Line Islands Standard Time"}
                ids.append(self._spoil(f"Edge {number} {all_day}", **shown, **zone))
        self.make_remote(ANN, subject="Good")
        run = self.sync(self.ann)

        self.assertEqual("done", run.state, run.error)
        self.assertTrue(self.local("Good"))
        self.assertFalse(self._copy(ids[0]).meeting_id.filtered(lambda one: one.state == "new"))

    def test_a_body_with_scripts_is_harmless_here(self):
        """What runs is cut out; the text stays."""
        html = "<p>Text</p><script>alert(1)</script><img src=x onerror=alert(2)>"
        html += "<a href='javascript:alert(3)'>link</a><iframe src='https://evil.example'></iframe>"
        self._spoil("Scripts", subject="Scripts", body={"contentType": "html", "content": html})
        self.sync(self.ann)

        kept = self.local("Scripts").description
        self.assertIn("Text", kept)
        for evil in ("<script", "onerror", "javascript:", "<iframe"):
            self.assertNotIn(evil, kept)

    def test_a_body_of_five_megabytes_comes_in(self):
        """It is work, not trouble; and it is no news the next time."""
        html = "<p>" + "0123456789 " * 32 + "</p>"
        html *= 5 * 1024 * 1024 // len(html)
        self._spoil("Huge", subject="Huge", body={"contentType": "html", "content": html})
        self.written()
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertIn(self.meeting(self.local("Huge")).state, ("linked", "parked"))
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_hostile_texts_go_out(self):
        """Emoji, right to left and ten thousand characters: sent, or set aside with a reason."""
        names = ("Party \U0001f389", ARABIC, "Long " * 2000)
        events = [self.make(self.ann, name=name) for name in names]
        good = self.make(self.ann, name="Good")
        self.assertEqual("done", self.sync(self.ann).state)

        self.assertTrue(self.remote(ANN, good.name))
        for event in events:
            meeting = self.meeting(event)
            self.assertIn(meeting.state, ("linked", "parked"))
            self.assertEqual(meeting.state == "parked", bool(meeting.reason))

    def test_a_full_mailbox_keeps_what_is_to_be_sent(self):
        """507 and its codes: nothing is set aside, and all goes out once there is room."""
        for status, code in ((507, "QuotaLimitReached"), (403, "ErrorQuotaExceeded")):
            with self.subTest(code):
                fault = {"status": status, "code": code, "method": "POST", "times": None}
                self.sandbox.faults.add("server_error", path="/events$", **fault)
                event = self.make(self.ann, name=code)
                run = self.sync(self.ann)
                account = self.account(self.ann)
                self.assertEqual(("failed", "active"), (run.state, account.state))
                self.assertTrue(account.backoff_until)
                self.assertIn("full", account.last_error)
                self.assertNotEqual("parked", self.meeting(event).state)
                self.sandbox.faults.clear()
                account.backoff_until = False
                self.sync(self.ann)
                self.assertEqual("linked", self.meeting(event).state)

    def test_what_nobody_may_touch_rests_by_itself(self):
        """403 to one write: set aside with the reason, tried again by itself, nothing dropped."""
        event, other = self.make(self.ann, name="Kept"), self.make(self.ann, name="Other")
        self.sync(self.ann)
        self.sync(self.ann)  # the delta shows once more what was just made
        copy = self.meeting(event).copy_ids
        path = f"/me/events/{copy.remote_id}$"
        self.sandbox.faults.add(
            "server_error", status=403, code="ErrorAccessDenied", method="PATCH", path=path
        )
        self.write(event, self.ann, location="Room 1")
        self.write(other, self.ann, location="Room 2")
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertEqual(
            ["parked", "linked"], (self.meeting(event) | self.meeting(other)).mapped("state")
        )
        self.assertEqual("active", self.account(self.ann).state)
        self.assertEqual(1, self.account(self.ann).pending_count)

        copy.next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.sync(self.ann)
        self.assertEqual("Room 1", self.remote(ANN, "Kept")["location"]["displayName"])
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual(0, self.account(self.ann).pending_count)

    def test_a_closed_mailbox_stops_the_account(self):
        """No mailbox: a person has to see to it, and what is to be sent is kept."""
        fault = {
            "status": 404,
            "code": "MailboxNotEnabledForRESTAPI",
            "path": "/me/",
            "times": None,
        }
        self.make(self.ann, name="Kept")
        self.sandbox.faults.add("server_error", **fault)
        self.sync(self.ann)
        self.assertEqual("blocked", self.account(self.ann).state)
        self.assertTrue(self.account(self.ann).pending_count)

        self.sandbox.faults.clear()
        self.account(self.ann).with_user(self.ann).action_resume()
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Kept"))

    def test_a_refused_detail_holds_up_no_new_time(self):
        """What nobody is told of goes first; refused, the rest goes all the same."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sync(self.ann)
        path = f"/me/events/{self.meeting(event).copy_ids.remote_id}$"
        refusal = {"status": 400, "code": "ErrorInvalidRequest", "method": "PATCH", "path": path}
        self.sandbox.faults.add("server_error", **refusal)
        self.sandbox.faults.add("server_error", skip=1, times=None, **refusal)
        moved = event.start + timedelta(hours=2)
        later = {"start": moved, "stop": moved + timedelta(hours=1)}
        self.write(event, self.ann, show_as="free", **later)
        self.sync(self.ann)

        there = self.remote(ANN, "Plan")
        self.assertEqual(moved.strftime(STAMP), there["start"]["dateTime"][:19])
        self.assertEqual("busy", there["showAs"])
        self.assertEqual("parked", self.meeting(event).state)
        self.sandbox.faults.clear()
        self.meeting(event).with_user(self.ann).action_retry()
        self.sync(self.ann)
        self.assertEqual("free", self.remote(ANN, "Plan")["showAs"])
        self.assertEqual("linked", self.meeting(event).state)

    def test_the_timeouts_of_the_settings_hold(self):
        """How long a connection may take, and how long Microsoft may be silent."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.connect_timeout", "2")
        parameters.set_param("outlook_calendar.read_timeout", "7")
        with self._session() as session:
            session.client.calendars()
            self.assertEqual((2, 7), session._transport.timeouts)

    def test_a_creation_whose_answer_makes_no_sense_doubles_nothing(self):
        """It was made; what Outlook shows of it cannot be read: it is set aside, not made again."""
        event = self.make(self.ann, name="Odd")
        held = self.sandbox.faults.add("truncate", method="POST", path="/events$")
        self.sync(self.ann)
        self.assertTrue(held.hits)
        [made] = self.sandbox.find_events(ANN, "Odd")
        self._show(made["id"], showAs=5)
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)
        self.assertEqual(["parked"], self.meeting(event).mapped("state"))
        self.sandbox.faults.clear()
        self.meeting(event).with_user(self.ann).action_retry()
        self.sync(self.ann)

        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual(event, self.local("Odd"))
        self.assertEqual(made["id"], self.remote(ANN, "Odd")["id"])

    def test_an_expired_token_in_the_middle_is_renewed(self):
        """401 between two requests of a round: nobody notices."""
        self.make(self.ann, name="Plan")
        self.sandbox.state.directory.expire_access(ANN)
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertTrue(self.remote(ANN, "Plan"))

    def test_a_link_that_nobody_knows_deletes_nothing(self):
        """A delta that is gone, by whatever name, or a page of a proxy in its place."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        for status, code in (
            (410, "SyncStateNotFound"), (410, "resyncRequired"), (410, "gone"),
            (404, "NotFound"), (400, "ErrorInvalidIdMalformed"), (404, "ErrorItemNotFound"),
        ):  # fmt: skip
            with self.subTest(status=status, code=code):
                fault = {"status": status, "code": code, "path": "/calendarView/delta"}
                self.sandbox.faults.add("server_error", **fault)
                self.account(self.ann).backoff_until = False
                self.sync(self.ann)
                self.assertTrue(event.active)
                self.assertEqual("linked", self.meeting(event).state)

    def test_our_own_bug_is_loud(self):
        """A broken invariant is an error in the log, and the account backs off and says so."""

        def broken():
            raise InvariantBroken("a test's own")

        logged = self.assertLogs(faults.__name__, logging.ERROR)
        with self._session() as session, logged, suppress(InvariantBroken):
            faults.guarded(session, broken)
        self.env.invalidate_all()
        self.assertTrue(self.account(self.ann).backoff_until)
        self.assertTrue(self.account(self.ann).last_error)

    @contextmanager
    def _session(self):
        """Hold the claim on ann's mailbox, as a round does."""
        self.env.flush_all()
        account = self.account(self.ann)
        with self.enter_registry_test_mode():
            session = Session(self.env.registry, account.id, account._claim(60))
            try:
                yield session
            finally:
                session.close()
