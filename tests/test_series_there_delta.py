"""How Outlook's news of a series come in: in whatever pages, order and completeness.

docs/sync-rules.md, *Recurring meetings: acts in Outlook*.
"""

import re

from odoo.tests import tagged

from odoo.addons.outlook_calendar.sandbox.options import Options

from .common import ANN, GUEST, attendee
from .series_case import SeriesCase

#: What observers of Graph disagree about; every set of them must do.
SWITCHES = (
    {},
    {"delta_without_master": True},
    {"delta_removed_for_cancelled_occurrence": True},
    {"delta_removed_for_occurrences": True},
    {"delta_splits_series": True, "page_size": 2},
    {"exception_changes_id": True},
    {"list_shows_exceptions": True},
    {"occurrence_ical_uid": "shared"},
    {"pattern_change_drops_exceptions": False},
    {"new_end_drops_exceptions": False},
    {"expand_exceptions": "nowhere"},
    {"expanded_exceptions_show": "unselected"},
    {"occurrences_share_sensitivity": True},
    {"zones_out": "as_sent"},
    {"zones_out": "custom"},
)


@tagged("post_install", "-at_install")
class TestSeriesThereDelta(SeriesCase):
    def test_whatever_microsoft_does_the_outcome_is_the_same(self):
        """One life of a series, with every switch of what nobody knows for sure."""
        for number, switches in enumerate(SWITCHES):
            with self.subTest(**switches):
                usual = {name: getattr(Options(), name) for name in switches}
                self.sandbox.options.set(**switches)
                self._live(f"Life {number}")
                self.sandbox.options.set(**usual)

    def _live(self, name):
        """Make a series there; edit, cancel and move there and here; delete it there."""
        master = self.make_series_there(subject=name, attendees=[attendee(GUEST)])
        self._change(7, name, subject=f"{name} special")
        self._change(14, name, **self.span(15, 12))
        self.sync(self.ann)
        self.assertInStep()
        self.sandbox.delete_event(ANN, self.occurrence(0, subject=name)["id"])
        self._change(7, f"{name} special", **self.span(8))
        self.assertTaken()
        rows = self.here().filtered(lambda row: row.name.startswith(name))
        self.assertEqual(3, len(rows))
        self.write(rows[1], scope="self_only", location="Room 4")
        rows[2].with_user(self.ann).unlink()
        self.sync(self.ann)
        self.assertInStep()
        self.sandbox.change_event(ANN, master["id"], self.span(0, 16))
        self.assertTaken()
        self.sandbox.delete_event(ANN, master["id"])
        self.sync(self.ann)
        self.assertFalse(self.here().filtered(lambda row: row.name.startswith(name)))

    def _change(self, day, name, **changes):
        self.sandbox.change_event(ANN, self.occurrence(day, subject=name)["id"], changes)

    def test_everything_in_one_delta(self):
        """Made, changed, one cancelled, another moved before the first look at it."""
        self.make_series_there()
        self.change_there(7, subject="Special")
        self.delete_there(14)
        self.change_there(21, **self.span(22))
        self.assertTaken()

        self.assertEqual(["Board", "Special", "Board"], self.here().mapped("name"))
        self.assertEqual(1, len(self.here().recurrence_id))

    def test_pages_that_repeat_and_shuffle_what_they_tell(self):
        """Duplicates and any order make no difference."""
        for number in range(3):
            with self.subTest(number):
                self.sandbox.faults.duplicate_delta(times=None)
                self.sandbox.faults.reorder_delta(seed=number, times=None)
                name = f"Board {number}"
                self.make_series_there(subject=name)
                occurrence = self.occurrence(7, subject=name)
                self.sandbox.change_event(ANN, occurrence["id"], {"subject": f"{name} special"})
                self.assertTaken()
                self.assertEqual(3, len(self.here(name)))

    def test_an_exception_whose_master_cannot_be_read_is_a_single_meeting(self):
        """It is there, at its time; when the master can be read it is that series' row."""
        self.sandbox.options.set(delta_without_master=True)
        master = self.make_series_there()
        self.change_there(7, subject="Special", **self.span(8))
        self.sandbox.faults.server_error(
            404, code="ErrorItemNotFound", path=self._path(master), method="GET", times=None
        )
        self.sync(self.ann)
        [special] = self.here()
        self.assertEqual(("Special", self.at(8)), (special.name, special.start))
        self.assertFalse(special.recurrence_id)

        self.sandbox.faults.clear()
        self.sandbox.change_event(ANN, master["id"], {"location": {"displayName": "Room 2"}})
        self.assertTaken()
        self.assertEqual(4, len(self.here()))
        self.assertEqual(1, len(self.here("Special")))
        self.assertEqual(1, len(self.here().recurrence_id))

    def test_a_lost_series_is_not_mixed_up_with_what_is_left_of_it(self):
        """Its master is gone, edited here: it is made again; its exception is another meeting.

        Nothing that is edited afterwards goes from the one to the other.
        """
        self.sandbox.options.set(delta_without_master=True)
        master = self.make_series_there()
        self.change_there(7, subject="Special", **self.span(8))
        self.bring_over()
        rows = self.here()
        self.write(rows[0], scope="all_events", location="Room 4")
        self.change_there(7, **self.span(8, 12))
        self.sandbox.faults.server_error(
            404, code="ErrorItemNotFound", path=self._path(master), times=None
        )
        self.sync(self.ann)
        [alone] = self.here("Special").filtered(lambda row: row.start == self.at(8, 12))
        self.assertFalse(alone.recurrence_id)
        self.assertEqual(4, len(self.here().filtered("recurrence_id")))
        self.forget()
        self.write(rows[0], scope="all_events", name="Other")
        self.sync(self.ann)

        self.assertEqual("Special", alone.name)
        self.assertIn("Other", {one["subject"] for one in self.there()})
        self.assertIn("Special", {one["subject"] for one in self.there()})

    def _path(self, event):
        """Return the path by which an app that wants immutable ids reads an event."""
        prefer = {"Prefer": 'IdType="ImmutableId"'}
        shown = self.sandbox.graph(ANN, "GET", f"/me/events/{event['id']}", headers=prefer)
        return f"^/me/events/{re.escape(shown['id'])}"

    def test_series_that_did_not_change_are_not_read_again(self):
        """A change of one of two series costs one look at that one."""
        for name in ("one", "two"):
            self.make_series_there(subject=name)
        self.sync(self.ann)
        self.sandbox.change_event(ANN, self.master("one")["id"], {"subject": "three"})
        self.forget()
        self.sync(self.ann)
        reads = [
            one.path
            for one in self.sandbox.requests
            if one.method == "GET" and one.path.startswith("/me/events/")
        ]

        self.assertEqual(1, len(reads))
        self.assertInStep()

    def test_a_first_import_costs_one_request_per_series_at_most(self):
        """Twelve series of three: one look each on top of the pages, in few calls."""
        account = self.account(self.ann)
        account.with_user(self.ann).action_disconnect()
        ends = {"type": "numbered", "numberOfOccurrences": 3}
        for number in range(12):
            self.make_series_there(subject=f"Board {number}", ends=ends)
        self.forget()
        self.connect(self.ann, ANN)
        looks = [one for one in self.sandbox.requests if one.path.startswith("/me/events/")]

        self.assertLessEqual(len(looks), 12)
        self.assertTrue(all(one.in_batch for one in looks))
        self.assertInStep()

    def test_instances_are_listed_where_the_whole_cannot_be_had_at_once(self):
        """Where $expand is refused, exceptions come from the list of instances."""
        self.make_series_there()
        self.change_there(7, subject="Special")
        self.delete_there(14)
        self.sandbox.options.set(expand_exceptions="nowhere")
        self.assertTaken()

        self.assertEqual(3, len(self.here()))
