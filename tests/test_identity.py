"""One meeting here, whatever Outlook tells of its name, and when (docs/sync-rules.md).

Without iCalUIds, with late ones, after a mailbox or this database was restored.
"""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee

#: Shuffled by it, two items change places.
FLIPS_TWO = 1


@tagged("post_install", "-at_install")
class TestIdentity(SandboxCase):
    def setUp(self):
        super().setUp()
        self.bobs = [(4, self.bob.partner_id.id)]

    def _nameless(self, nameless=True):
        self.sandbox.options.set(ical_uid_missing=nameless)

    def _one(self, *names):
        """Return the one event that goes by one of these names, archived ones aside."""
        found = self.env["calendar.event"].search([("name", "in", names)])
        self.assertEqual(1, len(found), found.mapped("name"))
        return found

    def _roles(self, event):
        return sorted(self.meeting(event).copy_ids.mapped("role"))

    # Without an iCalUId -------------------------------------------------------------------------

    def test_without_an_icaluid_two_mailboxes_share_one_meeting(self):
        """Whichever comes first: a meeting is known by who, when and what."""
        self._nameless()
        for first, second in ((self.ann, self.bob), (self.bob, self.ann)):
            with self.subTest(first=first.name):
                name = f"Shared by {first.name}"
                self.make_remote(ANN, subject=name, attendees=[attendee(BOB, "Bob")])
                for user in (first, second):
                    address = ANN if user == self.ann else BOB
                    if self.account(user):
                        self.sync(user)
                    else:
                        self.connect(user, address)

                event = self._one(name)
                self.assertEqual(self.ann, event.user_id)
                self.assertEqual(["attendee", "organizer"], self._roles(event))

    def test_without_an_icaluid_equal_meetings_stay_apart(self):
        """Two of one mailbox are two, and a guest's two copies find one each."""
        self._nameless()
        for _time in range(2):
            self.make_remote(ANN, subject="Shift", attendees=[attendee(BOB, "Bob")])
        self.connect(self.bob, BOB)
        self.connect(self.ann, ANN)

        events = self.local("Shift")
        self.assertEqual(2, len(events))
        for event in events:
            self.assertEqual(["attendee", "organizer"], self._roles(event))

    def test_without_an_icaluid_a_meeting_goes_by_what_it_is_now(self):
        """Renamed and moved since it was met first; then a guest connects, and an equal is made."""
        self._nameless()
        made = self.make_remote(ANN, subject="Plan", attendees=[attendee(BOB, "Bob")])
        self.connect(self.ann, ANN)
        self.sandbox.change_event(ANN, made["id"], {"subject": "Plan B"})
        self.sync(self.ann)
        self.make_remote(ANN, subject="Plan", attendees=[attendee(BOB, "Bob")])
        self.sync(self.ann)
        self.connect(self.bob, BOB)

        for name in ("Plan", "Plan B"):
            self.assertEqual(["attendee", "organizer"], self._roles(self._one(name)))

    def test_without_an_icaluid_what_is_made_here_is_recognised(self):
        """Made and changed here, found in the guest's mailbox."""
        self._nameless()
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan", partner_ids=self.bobs)
        self.sync(self.ann)
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)
        self.connect(self.bob, BOB)

        self.assertEqual(["attendee", "organizer"], self._roles(self._one("Plan", "Plan B")))

    # Between the organizer's request and its record ---------------------------------------------

    def test_a_guest_who_comes_before_the_answer_finds_the_meeting(self):
        """Outlook has delivered it, nobody here knows its name, and it is another one by now."""
        for nameless in (False, True):
            with self.subTest(nameless=nameless):
                self._nameless(nameless)
                name = f"Plan {nameless}"
                self.connect(self.ann, ANN)
                event = self.make(self.ann, name=name, partner_ids=self.bobs)
                self.sandbox.faults.drop_after(method="POST", path=r"/me/calendar/events$")
                self.sync(self.ann)
                self.assertFalse(self.meeting(event).ical_uid)
                self.write(event, self.ann, name=f"{name} B")
                self.connect(self.bob, BOB)
                self.account(self.ann).backoff_until = False
                self.sync(self.ann)

                self.assertEqual(event, self._one(name, f"{name} B"))
                self.assertEqual(["attendee", "organizer"], self._roles(event))
                self.assertTrue(self.remote(ANN, f"{name} B"))
                self.assertEqual([], [kind for kind, _to in self.told() if kind == "cancellation"])
                self.account(self.bob).with_user(self.bob).action_disconnect()

    def test_a_meeting_taken_for_another_one_is_put_right(self):
        """A guest's mailbox shows an equal one first, before the creation is answered."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Shift", partner_ids=self.bobs)
        self.sandbox.faults.drop_after(method="POST", path=r"/me/calendar/events$")
        self.sync(self.ann)
        self.make_remote(ANN, subject="Shift", attendees=[attendee(BOB, "Bob")])
        self.sandbox.faults.reorder_delta(seed=FLIPS_TWO, mailbox=BOB)
        self.connect(self.bob, BOB)
        taken_for = self.meeting(event).ical_uid
        self.account(self.ann).backoff_until = False
        for user in (self.ann, self.bob, self.ann):
            self.sync(user)

        shifts = self.env["calendar.event"].search([("name", "=", "Shift")])
        self.assertEqual(2, len(shifts))
        self.assertIn(event, shifts)
        self.assertNotEqual(taken_for, self.meeting(event).ical_uid)
        for one in shifts:
            self.assertEqual(["attendee", "organizer"], self._roles(one))

    # A late iCalUId -----------------------------------------------------------------------------

    def _two_of_one(self):
        """Let each mailbox bring in a meeting of its own: the two looked different then."""
        self._nameless()
        made = self.make_remote(ANN, subject="Plan", attendees=[attendee(BOB, "Bob")])
        self.connect(self.bob, BOB)
        self.sandbox.change_event(ANN, made["id"], {"subject": "Plan B"})
        self.connect(self.ann, ANN)
        self.assertEqual(2, len(self.local("Plan") + self.local("Plan B")))
        self._nameless(False)
        self.told()
        self.written()
        return self.local("Plan"), self.local("Plan B"), made["id"]

    def _told_late(self, remote_id):
        self.sandbox.change_event(ANN, remote_id, {"location": {"displayName": "Room 2"}})
        self.told()
        for user in (self.ann, self.bob, self.ann):
            self.sync(user)

    def test_a_late_icaluid_makes_one_meeting_of_two(self):
        """The copies come together, the younger event is archived with a note, none is mailed."""
        older, younger, remote_id = self._two_of_one()
        self._told_late(remote_id)

        self.assertTrue(older.active)
        self.assertFalse(younger.active)
        self.assertIn("same meeting", younger.message_ids[0].body)
        self.assertEqual(["attendee", "organizer"], self._roles(older))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())

    def test_of_two_events_that_are_one_the_richer_stays(self):
        """What people wrote there is not to be lost."""
        older, younger, remote_id = self._two_of_one()
        younger.message_post(body="Bring the figures", message_type="comment")
        self._told_late(remote_id)

        self.assertTrue(younger.active)
        self.assertFalse(older.active)
        self.assertEqual(["attendee", "organizer"], self._roles(younger))

    def test_what_became_one_meeting_is_kept_in_step(self):
        """An edit here reaches the organizer's mailbox, one there comes in."""
        older, _younger, remote_id = self._two_of_one()
        self._told_late(remote_id)
        self.assertEqual(("Plan B", "Room 2"), (older.name, older.location))
        self.write(older, self.ann, location="Room 3")
        self.sync(self.ann)
        self.assertEqual("Room 3", self.remote(ANN, "Plan B")["location"]["displayName"])
        self.sandbox.change_event(ANN, remote_id, {"subject": "Plan C"})
        self.sync(self.ann)

        self.assertEqual("Plan C", older.name)

    # Restored -----------------------------------------------------------------------------------

    def _restorable(self):
        """Make meetings of all kinds that are in step, in two mailboxes."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        guests = [(4, self.guest.id), *self.bobs]
        made = self.make(self.ann, name="Here", partner_ids=guests)
        self.make_remote(ANN, subject="There", attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann, self.bob, self.ann)
        self.written()
        self.told()
        return made | self.local("There")

    def test_a_restored_mailbox_is_recognised(self):
        """Other ids, the same iCalUIds: nothing is archived, made, written or mailed."""
        events = self._restorable()
        meetings = self.env["outlook.meeting"].search([])
        for expired in (False, True):
            for address in (ANN, BOB):
                self.sandbox.restore_mailbox(address)
                if expired:
                    self.sandbox.state.expire_delta(address)
            self.sync(self.ann, self.bob, self.ann)

            self.assertTrue(all(event.active for event in events))
            self.assertEqual(2, len(self.local("Here") + self.local("There")))
            self.assertEqual(meetings, self.env["outlook.meeting"].search([]))
            self.assertEqual(4, len(meetings.copy_ids))
            self.assertEqual([], self.written())
            self.assertEqual([], self.told())
            self.assertFalse(self.mails())

    def test_an_older_state_of_a_restored_mailbox_changes_nothing_here(self):
        """What differs is listed; later changes travel as ever."""
        events = self._restorable()
        for item in self.sandbox.state.mailbox(ANN).items.values():
            item.content["location"] = {"displayName": "Yesterday's room"}
        self.sandbox.restore_mailbox(ANN)
        self.sync(self.ann)

        self.assertEqual([False, False], events.mapped("location"))
        for event in events:
            self.assertIn("location", self.meeting(event).differences)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.write(events[0], self.ann, name="Here again")
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Here again"))

    def test_the_same_icaluid_twice_in_a_mailbox_is_one_meeting(self):
        """Imported into a second calendar: the one that was known goes on to be it."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        mailbox = self.sandbox.state.mailbox(ANN)
        item = next(iter(mailbox.items.values()))
        again = self.make_remote(ANN, subject="Plan")
        mailbox.find(again["id"]).item.ical_uid = item.ical_uid
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual(event, self.local("Plan"))
        self.assertEqual(1, len(self.meeting(event).copy_ids))
        self.assertTrue(event.active)

    def test_a_restored_database_catches_up(self):
        """Links, bases and the outbox are yesterday's, Outlook is today's: nothing is doubled."""
        self.connect(self.ann, ANN)
        guests = [(4, self.guest.id)]
        edited, gone = (
            self.make(self.ann, name=name, partner_ids=guests) for name in ("Edited", "Gone")
        )
        self.make_remote(ANN, subject="There", attendees=[attendee(GUEST)])
        self.sync(self.ann)
        waiting = self.make(self.ann, name="Waiting", partner_ids=guests)
        self.env.flush_all()
        yesterday = self.env.cr.savepoint()

        self.write(edited, self.ann, name="Edited here")
        gone.with_user(self.ann).unlink()
        self.make(self.ann, name="Fresh", partner_ids=guests)
        self.sync(self.ann)
        there = self.remote(ANN, "There")["id"]
        self.sandbox.change_event(ANN, there, {"subject": "Edited there"})
        self.sync(self.ann)
        yesterday.rollback()
        self.env.invalidate_all()
        self.told()
        self.written()
        self.sync(self.ann)
        self.sync(self.ann)

        for name in ("Edited here", "Edited there", "Fresh", "Waiting"):
            self._one(name)
            self.assertTrue(self.remote(ANN, name))
        self.assertFalse(gone.active)
        self.assertEqual("linked", self.meeting(waiting).state)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())
