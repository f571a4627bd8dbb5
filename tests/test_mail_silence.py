"""Who mails: for what Outlook sends, Odoo keeps quiet. docs/sync-rules.md, *Who mails*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee


@tagged("post_install", "-at_install")
class TestMailSilence(SandboxCase):
    def _board(self, **values):
        guests = [(4, self.guest.id)]
        return self.make(self.ann, name="Board", partner_ids=guests, **values)

    def test_without_an_account_odoo_mails_as_always(self):
        """Nothing changes for people who did not connect."""
        self._board()

        self.assertEqual(self.guest, self.mails().recipient_ids)

    def test_an_invitation_comes_from_outlook_alone(self):
        """A new meeting of a connected organizer: Outlook invites, Odoo does not."""
        self.connect(self.ann, ANN)
        self._board()
        self.sync(self.ann)

        self.assertFalse(self.mails())
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_a_change_comes_from_outlook_alone(self):
        """A new time: one update from Outlook, none from Odoo."""
        self.connect(self.ann, ANN)
        event = self._board()
        self.sync(self.ann)
        self.told()
        start = self.soon(days=9)
        self.write(event, self.ann, start=start, stop=start + timedelta(hours=1))
        self.sync(self.ann)

        self.assertFalse(self.mails())
        self.assertEqual([("update", GUEST)], self.told())

    def test_a_guest_who_is_added_hears_from_outlook_alone(self):
        """One guest more: Outlook invites that guest."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Board")
        self.sync(self.ann)
        self.write(event, self.ann, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)

        self.assertFalse(self.mails())
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_a_meeting_handed_to_somebody_else_is_announced_by_outlook(self):
        """Cancelled in one mailbox and invited to from the other: Odoo says nothing about it."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        event = self._board()
        self.sync(self.ann)
        self.told()
        self.write(event, self.ann, user_id=self.bob.id)
        start = self.soon(days=9)
        self.write(event, self.bob, start=start, stop=start + timedelta(hours=1))
        self.sync(self.ann, self.bob)

        self.assertFalse(self.mails())
        self.assertEqual([("cancellation", GUEST), ("invitation", GUEST)], self.told())

    def test_a_cancellation_comes_from_outlook_alone(self):
        """Deleted with the dialog that tells the guests: Outlook tells them."""
        self.connect(self.ann, ANN)
        event = self._board()
        self.sync(self.ann)
        self.told()
        wizard = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        wizard.create({"calendar_event_id": event.id}).action_send_mail_and_delete()
        self.sync(self.ann)

        self.assertFalse(self.mails())
        self.assertEqual([("cancellation", GUEST)], self.told())

    def test_what_comes_from_outlook_is_not_announced_again(self):
        """Meetings, changes and cancellations that a round brings in mail nobody."""
        self.connect(self.ann, ANN)
        remote = self.make_remote(ANN, subject="Board", attendees=[attendee(GUEST)])
        self.sync(self.ann)
        self.sandbox.change_event(ANN, remote["id"], {"subject": "Board 2"})
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, remote["id"])
        self.sync(self.ann)

        self.assertFalse(self.local("Board 2").active)
        self.assertFalse(self.mails())

    def test_what_is_left_alone_is_mailed_by_odoo(self):
        """A meeting from before the connection is not in Outlook: Odoo tells its guests."""
        event = self.made_before(self._board())
        self.connect(self.ann, ANN)
        before = self.mails()
        start = self.soon(days=9)
        self.write(event, self.ann, start=start, stop=start + timedelta(hours=1))
        self.sync(self.ann)

        self.assertEqual(self.guest, (self.mails() - before).recipient_ids)
        self.assertEqual([], self.told())

    def test_a_persons_own_mail_goes_out(self):
        """The Email button of a meeting is somebody's wish, whoever invites otherwise."""
        self.connect(self.ann, ANN)
        event = self._board()
        self.sync(self.ann)
        event.with_user(self.ann).action_sendmail()

        self.assertEqual(self.guest, self.mails().recipient_ids)

    def test_reminders_go_out(self):
        """Reminders by mail are Odoo's own."""
        self.connect(self.ann, ANN)
        event = self._board()
        self.sync(self.ann)
        event.attendee_ids._notify_attendees(
            self.env.ref("calendar.calendar_template_meeting_reminder"), notify_author=True
        )

        self.assertIn(self.guest, self.mails().recipient_ids)

    def test_nobody_is_mailed_twice_after_a_pause(self):
        """What Outlook will send when the pause is over, Odoo does not send before."""
        account = self.connect(self.ann, ANN)
        account.with_user(self.ann).action_pause()
        event = self._board()
        self.assertFalse(self.mails())

        account.with_user(self.ann).action_resume()
        self.sync(self.ann)
        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertEqual("outlook", self.meeting(event).mailer)


@tagged("post_install", "-at_install")
class TestMailSilenceOfSeries(SandboxCase):
    def _board(self, **values):
        """Make a daily series of ten with a guest, and return its rows."""
        series = {
            "recurrency": True,
            "rrule_type": "daily",
            "end_type": "count",
            "count": 10,
            "event_tz": "Europe/Brussels",
        }
        guests = [(4, self.guest.id)]
        base = self.make(self.ann, name="Board", partner_ids=guests, **series, **values)
        return base.recurrence_id.calendar_event_ids.sorted("start")

    def _linked(self, rows, **values):
        """Let Outlook have the series, as after a round."""
        account = self.account(self.ann)
        self.env["outlook.outbox"].search([]).unlink()
        meeting = self.env["outlook.meeting"].create(
            {
                "event_id": rows[0].id,
                "recurrence_ref": rows.recurrence_id.id,
                "state": "linked",
                "mailer": "outlook",
                **values,
            }
        )
        self.env["outlook.copy"].create(
            {
                "meeting_id": meeting.id,
                "calendar_id": account.calendar_ids.filtered("is_default").id,
                "role": "organizer",
                "remote_id": "series",
            }
        )
        return meeting

    def _move(self, row, scope):
        start = row.start + timedelta(hours=2)
        self.write(
            row, self.ann, start=start, stop=start + timedelta(hours=1), recurrence_update=scope
        )

    def test_without_an_account_odoo_mails_a_series(self):
        """Once, for all of it."""
        self._board()

        self.assertEqual(self.guest, self.mails().recipient_ids)
        self.assertEqual(1, len(self.mails()))

    def test_a_new_series_is_announced_by_outlook(self):
        """Odoo invites nobody to a series of a connected organizer."""
        self.connect(self.ann, ANN)
        self._board()

        self.assertFalse(self.mails())

    def test_no_edit_of_a_series_is_announced_by_odoo(self):
        """One, the rest, all: moved, and with a guest more."""
        self.connect(self.ann, ANN)
        rows = self._board()
        self._linked(rows)
        self._move(rows[2], "self_only")
        self._move(rows[5], "future_events")
        self._move(rows[1], "all_events")
        bob = [(4, self.bob.partner_id.id)]
        self.write(rows[0], self.ann, partner_ids=bob, recurrence_update="all_events")

        self.assertFalse(self.mails())

    def test_what_left_a_series_is_announced_as_the_series_was(self):
        """The detached row of a series in Outlook by Outlook; of one left alone by Odoo."""
        account = self.connect(self.ann, ANN)
        account.since = self.soon(days=1)  # all is from before the connection
        rows = self._board()
        mailed = self.mails()
        meeting = self._linked(rows)
        rows[3].with_user(self.ann).action_outlook_detach()
        self._move(rows[3], "self_only")
        self.assertEqual(mailed, self.mails())

        meeting.state = "left_alone"
        self._move(rows[3], "self_only")
        self.assertEqual(self.guest, (self.mails() - mailed).recipient_ids)

    def test_a_deleted_series_is_announced_by_outlook(self):
        """Deleted with the dialog that tells the guests, all of it."""
        self.connect(self.ann, ANN)
        rows = self._board()
        self._linked(rows)
        wizard = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        wizard = wizard.with_context(default_recurrence="all")
        wizard.create({"calendar_event_id": rows[3].id}).action_send_mail_and_delete()

        self.assertFalse(rows.exists())
        self.assertFalse(self.mails())

    def test_a_series_that_goes_on_into_the_window_is_announced_by_outlook(self):
        """It began years ago; one of its occurrences is still to come."""
        self.connect(self.ann, ANN)
        rows = self._board(start=self.soon(days=-1500), stop=self.soon(days=-1500, hour=10))
        self.assertFalse(rows._outlook_mails())

        last = rows[-1]
        last.write({"start": self.soon(), "stop": self.soon(hour=10)})
        self.assertEqual(rows, rows._outlook_mails())

    def test_ten_rows_cost_as_many_queries_as_one(self):
        """Who tells is asked of all rows at once."""
        self.connect(self.ann, ANN)
        rows = self._board()
        self._linked(rows)

        self.assertEqual(self._cost(rows[:1]), self._cost(rows))

    def _cost(self, rows):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(rows, rows._outlook_mails())
        return self.env.cr.sql_log_count - before
