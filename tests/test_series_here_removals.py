"""Series deleted, archived and brought back here. docs/sync-rules.md, *Recurring meetings: acts
here*."""

from odoo.tests import tagged

from .common import ANN, GUEST
from .series_case import SeriesCase

UPDATE = ("update", GUEST)
INVITATION = ("invitation", GUEST)
CANCELLATION = ("cancellation", GUEST)


@tagged("post_install", "-at_install")
class TestSeriesHereRemovals(SeriesCase):
    def _boards(self, *names):
        partners = [(6, 0, (self.ann.partner_id + self.guest).ids)]
        rows = {name: self.series(name, partner_ids=partners) for name in names}
        self.bring_over()
        return rows

    def test_one_event_deleted_is_one_occurrence_cancelled(self):
        """The first (Odoo's base event), one in the middle, the last: one cancellation each."""
        rows = self._boards("first", "middle", "last")
        for name, index in (("first", 0), ("middle", 1), ("last", 3)):
            rows[name][index].with_user(self.ann).unlink()
        self.assertArrives(
            {"first": ["DELETE day 0"], "middle": ["DELETE day 7"], "last": ["DELETE day 21"]},
            {name: [CANCELLATION] for name in rows},
        )
        self.assertEqual(9, len(self.there()))

    def test_the_dialog_that_deletes_and_tells(self):
        """One, this and following, all, through the calendar's dialogs: Outlook alone tells."""
        rows = self._boards("one", "next", "all")
        for name in rows:
            self.delete(rows[name][1], name)
        self.assertArrives(
            {"one": ["DELETE day 7"], "next": ["PATCH"], "all": ["DELETE"]},
            {"one": [CANCELLATION], "next": [UPDATE], "all": [CANCELLATION]},
        )
        self.assertEqual(3, len(self.there(subject="one")))
        self.assertEqual(1, len(self.there(subject="next")))
        self.assertEqual([], self.there(subject="all"))

    def test_this_and_following_deleted(self):
        """From the middle on a new end; from the last on that one date; from the first on all."""
        rows = self._boards("middle", "last", "first")
        for name, index in (("middle", 2), ("last", 3), ("first", 0)):
            rows[name][index].with_user(self.ann).action_mass_deletion("future_events")
        self.assertArrives(
            {"middle": ["PATCH"], "last": ["DELETE day 21"], "first": ["DELETE"]},
            {"middle": [UPDATE], "last": [CANCELLATION], "first": [CANCELLATION]},
        )
        self.assertEqual(5, len(self.there()))

    def test_every_scope_of_archiving(self):
        """Archiving tells Outlook what deleting tells it."""
        rows = self._boards("self_only", "future_events", "all_events")
        for name in rows:
            rows[name][1].with_user(self.ann).action_mass_archive(name)
        self.assertArrives(
            {"self_only": ["DELETE day 7"], "future_events": ["PATCH"], "all_events": ["DELETE"]},
            {"self_only": [CANCELLATION], "future_events": [UPDATE], "all_events": [CANCELLATION]},
        )

    def test_the_base_event_archived_alone(self):
        """Odoo chooses another base event: the series stays one meeting."""
        rows = self.board()
        rows[0].with_user(self.ann).action_mass_archive("self_only")
        self.assertArrives({"Board": ["DELETE day 0"]}, {"Board": [CANCELLATION]})
        self.write(self.here()[0], scope="all_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE]})

    def test_the_only_one_left_takes_the_series_along(self):
        """One by one: with the last occurrence the series is deleted in Outlook."""
        rows = self.board(count=2)
        rows[0].with_user(self.ann).unlink()
        self.assertArrives({"Board": ["DELETE day 0"]}, {"Board": [CANCELLATION]})
        rows[1].with_user(self.ann).unlink()
        self.assertArrives({"Board": ["DELETE"]}, {"Board": [CANCELLATION]})

        self.assertEqual([], self.there())

    def test_archived_and_brought_back_before_the_round_is_nothing(self):
        """A change of mind costs nothing: not one request, not one mail."""
        rows = self.board()
        rows[1].with_user(self.ann).action_archive()
        rows[1].with_user(self.ann).action_unarchive()
        self.assertArrives({}, {})

    def test_an_occurrence_brought_back_is_a_meeting_of_its_own(self):
        """Exchange restores no cancelled date: it goes out as a single meeting, with a note."""
        rows = self.board()
        rows[1].with_user(self.ann).action_mass_archive("self_only")
        self.bring_over()
        rows[1].with_user(self.ann).action_unarchive()
        self.assertArrives({"Board": ["POST"]}, {"Board": [INVITATION]})

        self.assertEqual(rows, self.here())
        self.assertFalse(rows[1].recurrence_id)
        self.assertTrue(rows[1].message_ids[:1].body)

    def test_a_series_brought_back_is_a_new_series(self):
        """All archived, all unarchived: made anew in Outlook, with the records kept here."""
        rows = self.board()
        before = self.master()["iCalUId"]
        rows[0].with_user(self.ann).action_mass_archive("all_events")
        self.bring_over()
        rows.with_user(self.ann).action_unarchive()
        self.assertArrives({"Board": ["POST"]}, {"Board": [INVITATION]})

        self.assertNotEqual(before, self.master()["iCalUId"])
        self.assertEqual(rows, self.here())

    def test_this_and_following_brought_back(self):
        """Odoo takes archived rows out of their recurrence: each is a meeting of its own."""
        rows = self.board()
        rows[2].with_user(self.ann).action_mass_archive("future_events")
        self.bring_over()
        rows[2:].with_user(self.ann).action_unarchive()
        self.assertArrives({"Board": ["POST", "POST"]}, {"Board": [INVITATION] * 2})

        self.assertEqual(4, len(self.there()))

    def test_deleted_here_and_edited_there(self):
        """An occurrence deleted here and edited in Outlook before the round comes back."""
        rows = self.board(guests=False)
        rows[1].with_user(self.ann).unlink()
        self.change_there(7, subject="Special")
        self.forget()
        self.assertArrives({})

        self.assertEqual(["Board", "Special", "Board", "Board"], self.here().mapped("name"))

    def test_a_series_deleted_here_and_edited_there(self):
        """A series deleted here and edited in Outlook before the round comes back whole."""
        rows = self.board(guests=False)
        rows[0].with_user(self.ann).action_mass_archive("all_events")
        self.sandbox.change_event(ANN, self.master()["id"], {"subject": "Other"})
        self.forget()
        self.assertArrives({})

        self.assertEqual(["Other"] * 4, self.here().mapped("name"))

    def test_a_series_deleted_before_the_first_round_was_never_there(self):
        """Made and deleted between two rounds: nobody hears of it."""
        rows = self.series(partner_ids=[(6, 0, (self.ann.partner_id + self.guest).ids)])
        rows[0].with_user(self.ann).action_mass_deletion("all_events")
        self.assertArrives({}, {})
