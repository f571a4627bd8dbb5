"""Calendars that somebody, or another program, copied before the mailbox was connected.

What is equal pairs off; what is left over is asked about, and nothing is doubled by guessing.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestCopiedCalendars(SandboxCase):
    def setUp(self):
        super().setUp()
        self.start = self.soon()

    def _here(self, **values):
        return self.made_before(self.make(self.ann, start=self.start, **values))

    def _there(self, address=ANN, **values):
        """Make an event in Outlook as of yesterday: before anybody connects."""
        self.sandbox.clock.advance(-DAY)
        try:
            return self.make_remote(address, **{"start": graph_time(self.start), **values})
        finally:
            self.sandbox.clock.advance(DAY)

    def _asked(self, side):
        return self.env["outlook.meeting"].search([("asked", "=", side)])

    def _nothing_happened(self, mails=()):
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertEqual(len(mails), len(self.mails()))

    def test_what_is_there_twice_and_here_once_is_asked_about(self):
        """One of the two is joined; the other is not brought in until a person says so."""
        self._here(name="Plan")
        for _time in range(2):
            self._there(subject="Plan")
        self.connect(self.ann, ANN)
        self.sync(self.ann)

        self.assertEqual(1, len(self.local("Plan")))
        double = self._asked("there")
        self.assertEqual([("left_alone", "Plan")], [(one.state, one.title) for one in double])
        self._nothing_happened()

    def test_a_double_that_is_private_keeps_its_title_to_itself(self):
        """Administrators see the list of doubles."""
        self._here(name="Doctor", privacy="private")
        for _time in range(2):
            self._there(subject="Doctor", sensitivity="private")
        self.connect(self.ann, ANN)

        self.assertEqual([False], self._asked("there").mapped("title"))

    def test_a_double_in_outlook_stays_as_it_is(self):
        """Edited or deleted there, it changes nothing here."""
        event = self._here(name="Plan")
        for _time in range(2):
            self._there(subject="Plan")
        self.connect(self.ann, ANN)
        double = self._asked("there").copy_ids.remote_id
        self.sandbox.change_event(ANN, double, {"subject": "Plan B"})
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, double)
        self.sync(self.ann)

        self.assertFalse(self.local("Plan B"))
        self.assertTrue(event.active)
        self.assertEqual("Plan", event.name)

    def test_what_is_here_twice_and_there_once_is_asked_about(self):
        """One of the two is joined; the other is not sent, although it has no guests."""
        self._here(name="Plan")
        self._here(name=" plan")
        self._there(subject="Plan")
        self.connect(self.ann, ANN)
        self.sync(self.ann)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual(["left_alone"], self._asked("here").mapped("state"))
        self._nothing_happened()

    def test_a_double_here_stays_left_alone_when_edited(self):
        """A person sends it, or deletes it; an edit decides nothing."""
        events = self._here(name="Plan") + self._here(name="Plan")
        self._there(subject="Plan")
        self.connect(self.ann, ANN)
        for event in events:
            self.write(event, self.ann, location="Room 2")
        self.sync(self.ann)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual("Room 2", self.remote(ANN, "Plan")["location"]["displayName"])

    def test_a_double_here_that_is_edited_before_the_first_round_is_asked_about(self):
        """The outbox has it then; it was here before the connection all the same."""
        first, second = self._here(name="Plan"), self._here(name="Plan")
        self._there(subject="Plan")
        self.connect(self.ann, ANN, sync=False)
        for event in (first, second):
            self.write(event, self.ann, location="Room 2")
        self.connect(self.ann, ANN)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual(1, len(self._asked("here")))

    def test_equal_ones_pair_off_first(self):
        """Three here and three there are three meetings, in whatever order they are met."""
        for _time in range(3):
            self._here(name="Shift")
            self._there(subject="Shift", attendees=[attendee(GUEST)])
        self.told()
        self.connect(self.ann, ANN)

        self.assertEqual(3, len(self.local("Shift").outlook_meeting_ids.copy_ids))
        self.assertFalse(self._asked("here") | self._asked("there"))
        self._nothing_happened()

    def test_what_outlook_alone_has_twice_comes_in_twice(self):
        """Nothing here is doubled by it: these are the person's own two meetings."""
        for _time in range(2):
            self._there(subject="Call")
        self.connect(self.ann, ANN)

        self.assertEqual(2, len(self.local("Call")))

    def test_what_is_copied_after_the_connection_is_meant(self):
        """A copy that a person makes is a meeting of its own, on either side."""
        self._here(name="Plan")
        self._there(subject="Plan")
        self.connect(self.ann, ANN)
        self.make_remote(ANN, subject="Plan", start=graph_time(self.start))
        self.sync(self.ann)
        self.make(self.ann, name="Plan", start=self.start)
        self.sync(self.ann)

        self.assertEqual(3, len(self.local("Plan")))
        self.assertEqual(3, len(self.sandbox.events(ANN)))

    def test_where_all_is_left_alone_nothing_is_asked(self):
        """With the policy *new* what existed is no question, on either side."""
        for _time in range(2):
            self._here(name="Plan")
        for _time in range(3):
            self._there(subject="Plan")
        self.connect(self.ann, ANN, sync=False).sync_policy = "new"
        self.connect(self.ann, ANN)

        self.assertFalse(self._asked("here") | self._asked("there"))
        self.assertEqual(2, len(self.local("Plan")))
        self._nothing_happened()

    def test_series_are_asked_about_as_a_whole(self):
        """Twice there or twice here, a series is one question."""
        rule = {
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "numbered",
                "numberOfOccurrences": 3,
                "startDate": f"{self.start:%Y-%m-%d}",
            },
        }
        daily = {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 3}
        event = self.make(self.ann, name="Course", start=self.start, event_tz="UTC", **daily)
        for row in event.recurrence_id.calendar_event_ids:
            self.made_before(row)
        for _time in range(2):
            self._there(subject="Course", recurrence=rule)
        self.connect(self.ann, ANN)

        self.assertEqual(3, len(self.local("Course")))
        self.assertEqual(1, len(self._asked("there")))
        self._nothing_happened()

    def test_an_invitation_that_is_there_twice_is_asked_about(self):
        """The organizer's calendar was copied, and with it everybody was invited again."""
        self.made_before(
            self.make(
                self.ann, name="Board", start=self.start, partner_ids=[(4, self.bob.partner_id.id)]
            )
        )
        for _time in range(2):
            self._there(subject="Board", attendees=[attendee(BOB, "Bob")])
        self.told()
        invitation = self.mails()
        self.connect(self.bob, BOB)
        self.connect(self.ann, ANN)

        self.assertEqual(1, len(self.local("Board")))
        self.assertEqual(1, len(self._asked("there")))
        self._nothing_happened(invitation)

    def test_a_calendar_that_was_copied_to_another_mailbox_is_recognised(self):
        """Every iCalUId is another one: the meetings are found by what they are."""
        account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan", start=self.start)
        self.sync(self.ann)
        account._start_reset(delete_policy="keep", sync_policy="all")
        self.sync(self.ann)
        self.sandbox.add_mailbox("ann@new.example", name="Ann")
        self._there("ann@new.example", subject="Plan")
        self.written()
        self.made_before(event)
        self.connect(self.ann, "ann@new.example")

        self.assertEqual(event, self.local("Plan"))
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual(1, len(self.sandbox.events("ann@new.example")))
        self._nothing_happened()
