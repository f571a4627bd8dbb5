"""Where both sides changed one thing the newer edit is kept: when people edited, by one clock."""

from datetime import datetime, timedelta, timezone

from odoo.tests import tagged

from .common import ANN, SandboxCase
from .series_case import SeriesCase

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Edits:
    """Edits whose times the test says: all rows of a test bear the time of its transaction."""

    def edited(self, events, moment):
        """Let what was just changed here have been so at that moment (aware)."""
        self.env.flush_all()
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        self.env.cr.execute(
            "UPDATE outlook_outbox SET create_date = %s WHERE id > %s", (moment, self._last_row())
        )
        self.written_at(events, moment)
        self._noted = self._newest()

    def written_at(self, events, moment):
        """Let these rows have been written then, by whomever."""
        query = "UPDATE calendar_event SET write_date = %s WHERE id = ANY(%s)"
        self.env.cr.execute(query, (moment, events.ids))
        events.invalidate_recordset(["write_date"])

    def _last_row(self):
        return getattr(self, "_noted", 0)

    def _newest(self):
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM outlook_outbox")
        return self.env.cr.fetchone()[0]

    @staticmethod
    def modified(shown):
        """Return when Outlook says that an event was changed last, aware."""
        stamp = shown["lastModifiedDateTime"][:19]
        return datetime.fromisoformat(stamp).replace(tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestWinners(Edits, SandboxCase):
    def begin(self):
        """Bring a meeting in step; change its place in Outlook, then here; return both."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, location="Room 1")
        self.sync(self.ann)
        shown = self.remote(ANN, "Meeting")
        self.sandbox.change_event(ANN, shown["id"], {"location": {"displayName": "Theirs"}})
        self.write(event, self.ann, location="Ours")
        return event, self.modified(self.remote(ANN, "Meeting"))

    def assertKept(self, event, place):
        """Both sides show it after a round."""
        self.sync(self.ann)
        self.assertEqual(place, event.location)
        self.assertEqual(place, self.remote(ANN, "Meeting")["location"]["displayName"])

    def test_the_newer_edit_is_kept(self):
        """A minute later here."""
        event, there = self.begin()
        self.edited(event, there + MINUTE)
        self.assertKept(event, "Ours")

    def test_what_a_round_writes_makes_no_edit_newer(self):
        """Edited a minute before Outlook was; the row was written since, and not by a person."""
        event, there = self.begin()
        self.edited(event, there - MINUTE)
        self.written_at(event, there.replace(tzinfo=None) + MINUTE)
        self.assertKept(event, "Theirs")

    def test_edits_at_once_are_outlooks(self):
        """Nobody can tell: it is the same whichever was seen first."""
        event, there = self.begin()
        self.edited(event, there + SECOND)
        self.assertKept(event, "Theirs")

    def test_outlooks_clock_may_be_wrong(self):
        """An hour ahead there: an edit here half a minute after Outlook's is the newer one."""
        self.sandbox.clock.advance(timedelta(hours=1))
        event, there = self.begin()
        self.assertAlmostEqual(3600, self.account(self.ann).clock_skew, delta=2)
        self.edited(event, there - timedelta(hours=1) + MINUTE / 2)
        self.assertKept(event, "Ours")

    def test_an_edit_that_a_round_has_met_is_the_older_one(self):
        """It was refused there, say, and no row of the outbox tells of it any more."""
        event, there = self.begin()
        self.edited(event, there - MINUTE)
        self.env["outlook.outbox"].search([]).unlink()
        self.written_at(event, there.replace(tzinfo=None) + MINUTE)
        self.assertKept(event, "Theirs")


@tagged("post_install", "-at_install")
class TestWinnersOfDates(Edits, SeriesCase):
    def test_each_date_has_the_time_of_its_own_edit(self):
        """All dates renamed here long ago, one just now; Outlook renamed both in between."""
        rows = self.series()
        self.bring_over()
        self.sandbox.change_event(ANN, self.master()["id"], {"subject": "Their board"})
        self.change_there(7, subject="Their special")
        there = self.modified(self.master("Their board"))
        self.write(rows[0], scope="all_events", name="Our board")
        rows = self.env["calendar.event"].search([("recurrence_id", "=", rows[0].recurrence_id.id)])
        rows = rows.sorted("start")
        self.edited(rows, there - MINUTE)
        self.write(rows[1], scope="self_only", name="Our special")
        self.edited(rows[1], there + MINUTE)
        self.sync(self.ann)

        self.assertEqual(
            ["Their board", "Our special", "Their board", "Their board"], rows.mapped("name")
        )
        self.assertEqual(
            {("subject", "remote"), ("subject", "local")},
            {(one.field, one.winner) for one in self.env["outlook.conflict"].search([])},
        )
