"""Series in several mailboxes. docs/sync-rules.md, *Recurring meetings: acts in Outlook*."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee
from .series_case import SeriesCase

CARL = "carl@contoso.example"


@tagged("post_install", "-at_install")
class TestSeriesTherePeople(SeriesCase):
    def setUp(self):
        super().setUp()
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="Europe/Brussels")
        self.connect(self.bob, BOB)

    def _quiet(self, *users):
        self.forget()
        for user in users:
            run = self.sync(user)
            self.assertEqual(0, run.changed_local)
        self.assertEqual([], self.written())

    def test_a_series_in_two_connected_mailboxes_is_one_here(self):
        """Whichever mailbox comes first: four rows, one series, both people in it."""
        for first, second in ((self.ann, self.bob), (self.bob, self.ann)):
            name = f"By {first.name}"
            self.make_series_there(subject=name, attendees=[attendee(BOB)])
            self.sync(first, second, first)
            with self.subTest(name):
                rows = self.here(name)
                self.assertEqual(4, len(rows))
                self.assertEqual(1, len(rows.recurrence_id))
                self.assertEqual(self.ann, rows.user_id)
                self.assertIn(self.bob.partner_id, rows[3].partner_ids)
                self._quiet(self.ann, self.bob)

    def test_a_series_of_an_organizer_outside(self):
        """Carl has no account here: his series is one here, kept current, without organizer."""
        self.make_series_there(CARL, attendees=[attendee(ANN)])
        self.sync(self.ann)
        rows = self.here()
        self.assertEqual(4, len(rows))
        self.assertFalse(rows.user_id)
        self.change_there(7, CARL, subject="Special", **self.span(8))
        self.sync(self.ann)
        self.assertEqual(["Board", "Special", "Board", "Board"], rows.mapped("name"))
        self.assertEqual(self.at(8), rows[1].start)
        self.sandbox.change_event(CARL, self.master(address=CARL)["id"], {"subject": "Other"})
        self.sync(self.ann)

        self.assertEqual(["Other", "Special", "Other", "Other"], rows.mapped("name"))
        self._quiet(self.ann)

    def test_an_organizer_outside_cancels_one(self):
        """A cancelled occurrence is gone here, where Outlook says so.

        Where it is only gone from her calendar, she may have removed it: her answer is *No*.
        """
        for stays in ("stays", "removed"):
            self.sandbox.options.set(cancelled_copy=stays)
            name = f"It {stays}"
            self.make_series_there(CARL, subject=name, attendees=[attendee(ANN)])
            self.sync(self.ann)
            rows = self.here(name)
            occurrence = self.occurrence(7, CARL, name)
            self.sandbox.delete_event(CARL, occurrence["id"])
            self.sync(self.ann)
            with self.subTest(stays):
                is_told = stays == "stays"
                self.assertEqual([True, not is_told, True, True], rows.mapped("active"))
                answer = "needsAction" if is_told else "declined"
                self.assertEqual(answer, self.state(rows[1], self.ann))
                self._quiet(self.ann)

    def test_invited_to_one_occurrence_only(self):
        """Carl invites Ann to one date of his series: one single meeting here, kept current."""
        for seen_as in ("exception", "orphan", "single"):
            self.sandbox.options.set(lone_occurrence=seen_as)
            name = f"As {seen_as}"
            self.make_series_there(CARL, subject=name)
            self._change(7, name, attendees=[attendee(ANN)])
            self.sync(self.ann)
            with self.subTest(name):
                [event] = self.here(name)
                self.assertEqual(self.at(7), event.start)
                self.assertFalse(event.recurrency)
                self._change(7, name, location={"displayName": "Room 4"}, **self.span(8))
                self.sync(self.ann)
                self.assertEqual(("Room 4", self.at(8)), (event.location, event.start))
                self._quiet(self.ann)

    def _change(self, day, name, **changes):
        occurrence = self.occurrence(day, CARL, name)
        self.sandbox.change_event(CARL, occurrence["id"], changes)

    def test_a_colleague_invited_to_one_occurrence_of_a_known_series(self):
        """Ann's series is here; Bob, whom one date invites, is in that row, and it stays one."""
        for first, second in ((self.ann, self.bob), (self.bob, self.ann)):
            name = f"By {first.name}"
            self.make_series_there(subject=name)
            occurrence = self.occurrence(7, subject=name)
            self.sandbox.change_event(ANN, occurrence["id"], {"attendees": [attendee(BOB)]})
            self.sync(first, second, first, second)
            with self.subTest(name):
                rows = self.here(name)
                self.assertEqual(4, len(rows))
                invited = [self.bob.partner_id in row.partner_ids for row in rows]
                self.assertEqual([False, True, False, False], invited)
                self._quiet(self.ann, self.bob)

    def test_invited_to_two_occurrences_only(self):
        """Two dates of a series that is not here are two single meetings."""
        self.make_series_there(CARL)
        for day in (7, 21):
            self.change_there(day, CARL, attendees=[attendee(ANN)])
        self.sync(self.ann)

        self.assertEqual([self.at(7), self.at(21)], self.here().mapped("start"))
        self._quiet(self.ann)

    def test_a_guests_edit_of_his_copy_stays_his(self):
        """Bob renames his copy of the series, and of one date: the meeting is Ann's."""
        self.make_series_there(attendees=[attendee(BOB)])
        self.sync(self.ann, self.bob)
        rows = self.here()
        self.sandbox.change_event(BOB, self.master(address=BOB)["id"], {"subject": "Bored"})
        self.change_there(7, BOB, location={"displayName": "Home"})
        self.sync(self.bob, self.ann)

        self.assertEqual({"Board"}, set(rows.mapped("name")))
        self.assertFalse(rows[1].location)
        self._quiet(self.ann, self.bob)

    def test_a_colleague_edits_the_organizers_series(self):
        """Bob moves one row of Ann's series here: written once, through Ann's mailbox."""
        rows = self.board(partner_ids=[(6, 0, (self.ann + self.bob).partner_id.ids)])
        self.sync(self.bob)
        self.forget()
        self.write(rows[1], self.bob, scope="self_only", start=self.at(8), stop=self.at(8, 11))
        self.sync(self.bob, self.ann)

        self.assertEqual({"Board": ["PATCH day 7"]}, self._acts()[0])
        shown = self.occurrence(7, BOB)
        self.assertEqual(f"{self.at(8):%Y-%m-%dT%H:%M}", shown["start"]["dateTime"][:16])
        self.sync(self.bob)
        self._quiet(self.ann, self.bob)

    def test_a_guest_of_all_but_one(self):
        """Ann takes Bob off one date: he is in the other rows."""
        self.make_series_there(attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann, self.bob)
        self.change_there(7, attendees=[attendee(GUEST)])
        self.sync(self.ann, self.bob)

        invited = [self.bob.partner_id in row.partner_ids for row in self.here()]
        self.assertEqual([True, False, True, True], invited)
        self._quiet(self.ann, self.bob)
