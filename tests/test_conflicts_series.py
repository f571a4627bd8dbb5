"""Conflicts about series: when they take place is one thing, and each date has its own."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..bridge import conflicts
from ..core.engine.fields import CANCELLED
from .common import ANN
from .series_case import SeriesCase


@tagged("post_install", "-at_install")
class TestConflictsOfSeries(SeriesCase):
    def configure(self):
        """Let Outlook's value be kept, whoever was later."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.conflict_winner", "outlook")

    def conflicts(self, row):
        """Return what Ann is shown on the form of a row."""
        self.env.invalidate_all()
        return row.with_user(self.ann).outlook_conflict_ids

    def rows(self, name=None):
        """Return the rows that are there now, by start."""
        return self.here(name).sorted("start")

    def test_what_one_date_lost_is_shown_on_it_and_can_be_used(self):
        """Both rename the second date and write about it: two conflicts, on that row alone."""
        rows = self.series()
        self.bring_over()
        there = {"contentType": "html", "content": "<p>their agenda</p>"}
        self.change_there(7, subject="Theirs", body=there)
        self.write(rows[1], scope="self_only", name="Ours", description="<p>our agenda</p>")
        self.sync(self.ann)
        found = self.conflicts(rows[1])
        self.assertEqual({"subject", "body"}, set(found.mapped("field")))
        self.assertFalse(self.conflicts(rows[0]))
        self.assertEqual("Theirs", rows[1].name)
        about = found.filtered(lambda one: one.field == "body")
        self.assertTrue(about.lost_words.startswith("our agenda ("))

        found.with_user(self.ann).action_use()
        self.sync(self.ann)
        self.assertEqual("Ours", rows[1].name)
        shown = self.occurrence(7)
        self.assertEqual("Ours", shown["subject"])
        self.assertIn("our agenda", shown["body"]["content"])
        self.assertEqual(["Board", "Ours", "Board", "Board"], self.rows().mapped("name"))
        self.assertFalse(self.conflicts(rows[1]))
        self.assertInStep()

    def test_when_a_series_takes_place_is_used_as_a_whole(self):
        """Moved to Tuesdays here, to the afternoon there: one conflict; used, all of it comes."""
        self.series()
        self.bring_over()
        self.sandbox.change_event(ANN, self.master()["id"], self.span(hour=15))
        self.move(self.rows()[0], days=1, scope="all_events")
        self.sync(self.ann)
        row = self.rows()[0]
        self.assertEqual(self.at(hour=15), row.start)
        found = self.conflicts(row)
        self.assertEqual(["when"], found.mapped("field"))

        found.with_user(self.ann).action_use()
        self.sync(self.ann)
        self.sync(self.ann)
        wanted = [self.at(day) for day in (1, 8, 15, 22)]
        self.assertEqual(wanted, self.rows().mapped("start"))
        self.assertInStep()

    def test_what_was_typed_for_a_date_that_is_gone_is_told(self):
        """The last date was renamed here, and cut off there: what it was can be read, not used."""
        rows = self.series()
        self.bring_over()
        pattern = self.master()["recurrence"]
        end = (self.monday + timedelta(days=14)).isoformat()
        ends = {**pattern["range"], "type": "endDate", "endDate": end}
        self.sandbox.change_event(
            ANN, self.master()["id"], {"recurrence": {**pattern, "range": ends}}
        )
        self.write(rows[3], scope="self_only", name="Farewell")
        self.sync(self.ann)
        self.assertEqual(3, len(self.rows()))
        conflict = self.env["outlook.conflict"].search([])
        self.assertIn("Farewell", conflict.with_user(self.ann).lost_words)
        with self.assertRaises(UserError):
            conflict.with_user(self.ann).action_use()
        self.assertEqual("open", conflict.state)

    def test_a_date_beyond_the_horizon_is_told(self):
        """Of a series without end: the date takes place, and has no row to be cancelled."""
        rows = self.series(end_type="forever")
        self.bring_over()
        beyond = max(self.here().mapped("start")).date() + timedelta(days=7)
        meeting = self.env["outlook.meeting"].search(
            [("recurrence_ref", "=", rows[0].recurrence_id.id)]
        )
        conflict = self.env["outlook.conflict"].create(
            {
                "account_id": self.account(self.ann).id,
                "meeting_id": meeting.id,
                "event_id": rows[0].id,
                "slot": beyond,
                "field": "occurrences",
                "path": ["occurrences", beyond.isoformat()],
                "winner": "local",
                "lost": conflicts.stored(CANCELLED),
            }
        )
        with self.assertRaisesRegex(UserError, "not in the calendar yet"):
            conflict.with_user(self.ann).action_use()

    def test_a_field_of_all_dates_is_used_for_those_that_follow_it(self):
        """A date of its own keeps what is otherwise there."""
        rows = self.series()
        self.write(rows[2], scope="self_only", location="Room 9")
        self.bring_over()
        place = {"location": {"displayName": "Theirs"}}
        self.sandbox.change_event(ANN, self.master()["id"], place)
        for row in rows - rows[2]:
            row.with_user(self.ann).write({"location": "Ours"})
        self.sync(self.ann)
        found = self.conflicts(self.rows()[0])
        self.assertEqual(["location"], found.mapped("field"))
        found.with_user(self.ann).action_use()
        self.sync(self.ann)
        self.assertEqual(["Ours", "Ours", "Room 9", "Ours"], self.rows().mapped("location"))
        self.assertInStep()
