"""What is old is cleared away in small pieces, and what is still needed stays."""

import time
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged

from ..bridge import retention


@tagged("standard", "post_install", "-at_install")
class TestJournalRetention(TransactionCase):
    """Two mailboxes without rounds of their own; rows are made as rounds leave them."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        accounts = cls.env["outlook.account"]
        cls.anna, cls.bram = (
            accounts.create(
                {
                    "user_id": new_test_user(cls.env, login=login).id,
                    "state": state,
                    "object_id": object_id,
                }
            )
            for login, state, object_id in (("anna", "active", "o"), ("bram", "new", False))
        )
        cls.env["ir.config_parameter"].set_param("outlook_calendar.journal_days", "30")

    def round(self, *, account=None, **values):
        """Make the row of a round that ended."""
        values = {"trigger": "cron", "state": "done", "started_at": self.ago(), **values}
        return self.env["outlook.sync.run"].create(
            {"account_id": (account or self.anna).id, **values}
        )

    def quiet(self, moment, **values):
        """Make a round without news."""
        vals = {"started_at": moment, "finished_at": moment, "requests": 1, "duration": 0.5}
        return self.round(is_quiet=True, **{**vals, **values})

    def wait(self, account, **values):
        """Make a row of the outbox, two days old."""
        vals = {"kind": "write", "event_id": 7, "create_date": self.ago(days=2), **values}
        return self.env["outlook.outbox"].create({"account_id": account.id, **vals})

    def clean(self, seconds=60):
        """Clear away as the watch does; tell whether it came to an end."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            done = retention.clean(self.env, deadline=time.monotonic() + seconds)
        self.env.invalidate_all()
        return done

    def aged(self, records, days):
        """Let rows have been written so many days ago."""
        self.env.flush_all()
        query = f"UPDATE {records._table} SET write_date = %s, create_date = %s WHERE id = ANY(%s)"
        self.env.cr.execute(query, (self.ago(days=days), self.ago(days=days), records.ids))

    @staticmethod
    def ago(*, days=0, hours=0):
        return fields.Datetime.now() - timedelta(days=days, hours=hours)

    @staticmethod
    def noon(days):
        """Return noon so many days ago."""
        day = fields.Datetime.now() - timedelta(days=days)
        return datetime.combine(day.date(), datetime.min.time()) + timedelta(hours=12)

    def test_old_rounds_go_with_their_changes(self) -> None:
        """Older than the setting; those of yesterday stay with theirs."""
        old, young = (
            self.round(started_at=self.ago(days=31)),
            self.round(started_at=self.ago(days=29)),
        )
        changes = self.env["outlook.sync.change"].create(
            [{"run_id": run.id, "kind": "create"} for run in (old, old, young)]
        )

        self.assertTrue(self.clean())

        self.assertEqual(young, (old | young).exists())
        self.assertEqual(changes[2], changes.exists())

    def test_rounds_without_news_of_one_day_become_one_row(self) -> None:
        """One row for each mailbox and day, with the sums; news and today's rounds stay."""
        day = self.noon(3)
        singles = [self.quiet(day + timedelta(minutes=3 * number)) for number in range(5)]
        other_day, other_box = self.quiet(self.noon(4)), self.quiet(day, account=self.bram)
        news, fresh = self.round(started_at=day), [self.quiet(self.ago()) for _ in range(2)]

        self.clean()

        [kept] = [one for one in singles if one.exists()]
        self.assertEqual((5, 5, 2.5), (kept.rounds, kept.requests, kept.duration))
        self.assertEqual((day, day + timedelta(minutes=12)), (kept.started_at, kept.finished_at))
        for run in (other_day, other_box, news, *fresh):
            self.assertEqual(1, run.exists().rounds)

    def test_what_is_folded_later_joins_the_row_of_its_day(self) -> None:
        """A slice may end in the middle of a day."""
        day = self.noon(3)
        first = self.quiet(day) | self.quiet(day + timedelta(minutes=3))
        self.clean()
        late = self.quiet(day + timedelta(minutes=6), requests=4)

        self.clean()
        self.clean()

        [kept] = (first | late).exists()
        self.assertEqual((3, 6, 1.5), (kept.rounds, kept.requests, kept.duration))
        self.assertEqual(day + timedelta(minutes=6), kept.finished_at)

    def test_what_is_nowhere_any_more_is_forgotten(self) -> None:
        """Gone on both sides for long, and nothing waits for it; however short the journal is.

        A guest's cancellation may wait in his inbox: what he still has would be a new meeting.
        """
        meetings = self.env["outlook.meeting"]
        gone, awaited, fresh = meetings.create([{"state": "gone"} for _ in range(3)])
        linked = meetings.create({})
        self.aged(gone | awaited | linked, days=731)
        self.aged(fresh, days=729)
        self.wait(self.anna, meeting_id=awaited.id)

        self.clean()

        every = gone | awaited | linked | fresh
        self.assertEqual(awaited | linked | fresh, every.exists())

    def test_answered_questions_and_settled_conflicts_go(self) -> None:
        """Open ones stay, however old."""
        stops = self.env["outlook.stop"].create(
            [
                {"account_id": self.anna.id, "direction": "in", "reason": "many", "state": state}
                for state in ("open", "deleted")
            ]
        )
        conflict = {"account_id": self.anna.id, "winner": "local", "field": "subject"}
        event = self.env["calendar.event"].create(
            {"name": "x", "start": self.ago(), "stop": self.ago()}
        )
        conflicts = self.env["outlook.conflict"].create(
            [
                {**conflict, "event_id": event.id, "state": "open"},
                {**conflict, "state": "settled", "closed_at": self.ago(days=31)},
            ]
        )
        self.aged(stops, days=31)
        self.aged(conflicts, days=31)

        self.clean()

        self.assertEqual((stops[0], conflicts[0]), (stops.exists(), conflicts.exists()))

    def test_what_waits_for_nobody_s_mailbox_goes(self) -> None:
        """Whoever signs in there next begins anew; a mailbox that is known keeps its own."""
        nobodys, annas = self.wait(self.bram), self.wait(self.anna)

        self.clean()

        self.assertEqual(annas, (nobodys | annas).exists())

    def test_what_waits_for_a_mailbox_without_rounds_does_not_grow(self) -> None:
        """Of equal rows the first and the last stay; no other kind or meeting is equal."""
        self.anna.state = "paused"
        equal = self.env["outlook.outbox"].concat(*(self.wait(self.anna) for _ in range(5)))
        others = self.wait(self.anna, kind="unlink") | self.wait(self.anna, event_id=8)
        fresh = self.wait(self.anna, create_date=self.ago())

        self.clean()

        self.assertEqual(equal[0] | equal[-1], equal.exists())
        self.assertEqual(others | fresh, (others | fresh).exists())

    def test_when_each_date_was_edited_is_kept_while_a_mailbox_rests(self) -> None:
        """Whose edit of a date is the newer one is decided by it when rounds come again."""
        self.anna.state = "paused"
        rows = self.series_of(3)
        edited = [self.ago(days=7 - number) for number in range(5)]
        waiting = [
            self.wait(
                self.anna, event_id=0, recurrence_id=rows.recurrence_id.id, create_date=moment
            )
            for moment in edited
        ]
        self.env.flush_all()
        query = "UPDATE calendar_event SET write_date = %s WHERE id = %s"
        for row, moment in zip(rows, edited[::2], strict=True):
            self.env.cr.execute(query, (moment, row.id))

        self.clean()

        self.assertEqual([0, 2, 4], [n for n, row in enumerate(waiting) if row.exists()])

    def series_of(self, count):
        """Make a daily series of so many dates."""
        start = self.noon(0)
        event = self.env["calendar.event"].create(
            {
                "name": "Daily",
                "start": start,
                "stop": start + timedelta(hours=1),
                "recurrency": True,
                "rrule_type": "daily",
                "end_type": "count",
                "count": count,
            }
        )
        return event.recurrence_id.calendar_event_ids

    def test_a_mailbox_at_work_keeps_every_row(self) -> None:
        """Its own rounds are done with them."""
        rows = self.env["outlook.outbox"].concat(*(self.wait(self.anna) for _ in range(4)))

        self.clean()

        self.assertEqual(rows, rows.exists())

    def test_it_stops_in_time(self) -> None:
        """What is left waits for the next watch."""
        old = self.round(started_at=self.ago(days=31))

        self.assertFalse(self.clean(seconds=-1))
        self.assertTrue(old.exists())
