"""Nothing bounces: after a round both sides are as they were recorded."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time


@tagged("post_install", "-at_install")
class TestEcho(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def test_a_second_round_writes_nowhere(self):
        """No POST, PATCH or DELETE, and no write on a calendar record, for whatever was synced."""
        self._fill_both_sides()
        self.sync(self.ann, self.bob, self.ann)
        self.written()
        before = self._rows()
        self.sync(self.ann, self.bob)

        self.assertEqual([], self.written())
        self.assertEqual(before, self._rows())

    def test_a_full_round_writes_nowhere(self):
        """Reading everything again, as after an expired delta, changes nothing either."""
        self._fill_both_sides()
        self.sync(self.ann, self.bob, self.ann)
        self.written()
        before = self._rows()
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertEqual(before, self._rows())

    def test_saving_the_same_values_sends_nothing(self):
        """A save that changes nothing leaves a row in the outbox and nothing else."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.written()
        self.write(event, self.ann, name="Plan", location=False)
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertFalse(self.env["outlook.outbox"].search([]))

    def test_a_round_leaves_no_row_of_its_own(self):
        """What a round writes here is not a change that a person made."""
        self.make_remote(ANN, subject="Lunch", attendees=[attendee(GUEST)])
        self.sync(self.ann)

        self.assertFalse(self.env["outlook.outbox"].search([]))

    def _fill_both_sides(self):
        day = self.soon().date()
        self.make(
            self.ann,
            name="Plan  with   spaces",
            description="<p>Agenda</p><p>Mail <a href='https://x.example'>us</a></p>",
            location="Room 1",
            partner_ids=[(4, self.guest.id), (4, self.bob.partner_id.id)],
            alarm_ids=[(6, 0, self.env["calendar.alarm"].search([], limit=3).ids)],
        )
        self.make(
            self.bob, name="Fair", allday=True, start=day, stop=day + timedelta(days=1),
            start_date=day, stop_date=day + timedelta(days=1),
        )  # fmt: skip
        start = self.soon(days=8)
        self.make_remote(
            BOB,
            subject="Oddities",
            body={"contentType": "text", "content": "one\ntwo <three>"},
            start=graph_time(start, "Tokyo Standard Time"),
            end=graph_time(start + timedelta(hours=1), "Tokyo Standard Time"),
            showAs="workingElsewhere",
            sensitivity="personal",
            categories=["Red category", "red Category"],
            attendees=[attendee(ANN), attendee("room@x.example", "Room", "resource")],
        )
        self.make_remote(ANN, subject="", isReminderOn=True, reminderMinutesBeforeStart=7)

    def _rows(self):
        """Return what would betray a write: every calendar record with its last change."""
        self.env.flush_all()
        rows = {}
        for table in ("calendar_event", "calendar_attendee", "calendar_recurrence"):
            self.env.cr.execute(f"SELECT id, xmin::text, write_date FROM {table} ORDER BY id")
            rows[table] = self.env.cr.fetchall()
        return rows
