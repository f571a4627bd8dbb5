"""New rules, splits, single and recurring. docs/sync-rules.md, *Recurring meetings: acts here*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import GUEST
from .series_case import SeriesCase

UPDATE = ("update", GUEST)
INVITATION = ("invitation", GUEST)
SPLIT = {"Board": ["PATCH", "POST"]}
SPLIT_MAILS = {"Board": [UPDATE, INVITATION]}


@tagged("post_install", "-at_install")
class TestSeriesHereShape(SeriesCase):
    def test_every_change_of_the_rule_is_one_patch(self):
        """More or fewer times, another interval, other days, another kind, an end, a zone."""
        changes = {
            "longer": {"count": 6},
            "shorter": {"count": 2},
            "interval": {"interval": 2},
            "days": {"wed": True},
            "kind": {"rrule_type": "daily"},
            "end": {"end_type": "end_date", "until": self.monday + timedelta(days=8)},
            "monthly": {"rrule_type": "monthly", "month_by": "day", "byday": "1", "weekday": "MON"},
        }
        partners = [(6, 0, (self.ann.partner_id + self.guest).ids)]
        rows = {name: self.series(name, partner_ids=partners) for name in changes}
        self.bring_over()
        for name, values in changes.items():
            self.write(rows[name][0], scope="all_events", **values)
        self.assertArrives(
            {name: ["PATCH"] for name in changes}, {name: [UPDATE] for name in changes}
        )

        self.assertEqual(6, len(self.there(subject="longer")))
        self.assertEqual(2, len(self.there(subject="shorter")))

    def test_a_new_rule_for_this_and_following_is_a_new_series(self):
        """From the third on twice a week: the old one ends before, the new one begins there."""
        rows = self.board()
        self.write(rows[2], scope="future_events", wed=True, count=4)
        self.assertArrives(SPLIT, SPLIT_MAILS)

        self.assertEqual(6, len(self.there()))

    def test_this_and_following_in_the_middle_of_a_week(self):
        """At the second Wednesday of three days a week: Monday stays, whatever the rule says."""
        rows = self.board(wed=True, fri=True, count=9)
        self.write(rows[4], scope="future_events", name="Other")
        self.assertArrives(
            {"Board": ["PATCH"], "Other": ["POST"]},
            {"Board": [UPDATE], "Other": [INVITATION]},
        )

        self.assertEqual(4, len(self.there(subject="Board")))
        self.assertEqual(5, len(self.there(subject="Other")))

    def test_following_a_deleted_first_is_all(self):
        """The first is deleted; from what is first now on means all that is left."""
        rows = self.board()
        rows[0].with_user(self.ann).unlink()
        self.bring_over()
        self.write(self.here()[0], scope="future_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE]})

        self.assertEqual(3, len(self.there(subject="Other")))

    def test_moving_this_and_following(self):
        """From the third on an hour later: two series, no occurrence lost or doubled."""
        rows = self.board()
        self.move(rows[2], hours=1, scope="future_events")
        self.assertArrives(SPLIT, SPLIT_MAILS)

        self.assertEqual(4, len(self.there()))

    def test_what_was_special_before_the_split_stays_special(self):
        """Exceptions and deleted dates of the part that stays are not touched."""
        rows = self.board(count=6)
        self.move(rows[1], hours=3)
        rows[2].with_user(self.ann).unlink()
        self.bring_over()
        self.write(self.here()[3], scope="future_events", name="Other")
        self.sync(self.ann)

        self.assertInStep()
        self.assertEqual("12:00", self.occurrence(7, subject="Board")["start"]["dateTime"][11:16])
        self.assertEqual(3, len(self.there(subject="Board")))

    def test_splitting_twice(self):
        """This and following, and in the new series again: three series."""
        rows = self.board(count=6)
        self.write(rows[2], scope="future_events", name="Second")
        self.bring_over()
        self.write(self.here("Second")[2], scope="future_events", name="Third")
        self.assertArrives({"Second": ["PATCH"], "Third": ["POST"]})

        shown = [len(self.there(subject=name)) for name in ("Board", "Second", "Third")]
        self.assertEqual([2, 2, 2], shown)

    def test_a_single_meeting_becomes_a_series(self):
        """It stays the same meeting in Outlook: one PATCH, one update."""
        event = self.make(
            self.ann, name="Board", start=self.at(), stop=self.at(hour=11),
            partner_ids=[(6, 0, (self.ann.partner_id + self.guest).ids)],
        )  # fmt: skip
        self.bring_over()
        before = self.master()["iCalUId"]
        self.write(
            event, recurrency=True, rrule_type_ui="custom", rrule_type="weekly", interval=1,
            mon=True, end_type="count", count=3,
        )  # fmt: skip
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE]})

        self.assertEqual(3, len(self.there()))
        self.assertEqual(before, self.master()["iCalUId"])

    def test_a_series_becomes_a_single_meeting(self):
        """No longer recurrent, of all events: the edited one stays, the same meeting there."""
        rows = self.board()
        before = self.master()["iCalUId"]
        self.write(rows[1], scope="all_events", recurrency=False)
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE]})

        [left] = self.there()
        self.assertEqual("singleInstance", left["type"])
        self.assertEqual(before, left["iCalUId"])
        self.assertEqual(rows[1], self.here())

    def test_no_longer_recurrent_from_here_on(self):
        """This and following no longer recurrent: the old series ends, this one is single."""
        rows = self.board()
        self.write(rows[2], scope="future_events", recurrency=False)
        self.assertArrives(SPLIT, SPLIT_MAILS)

        self.assertEqual(3, len(self.there()))
        self.assertEqual(rows[:3], self.here())

    def test_single_and_recurring_and_back_before_the_round(self):
        """What is undone before a round is nothing."""
        event = self.make(self.ann, name="Board", start=self.at(), stop=self.at(hour=11))
        self.bring_over()
        self.write(event, recurrency=True, rrule_type="weekly", mon=True, end_type="count", count=3)
        self.write(event, scope="all_events", recurrency=False)
        self.assertArrives({})

    def test_rows_of_a_renamed_series_keep_messages_and_links(self):
        """All events renamed here: each row keeps its id, as Odoo does."""
        rows = self.board()
        rows[2].message_post(body="Bring the plan")
        self.write(rows[0], scope="all_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]})

        self.assertEqual(rows, self.here())
        self.assertIn("Bring the plan", "".join(rows[2].message_ids.mapped("body")))
