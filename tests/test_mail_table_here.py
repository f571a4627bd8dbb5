"""Who is mailed about what is done here to a single meeting. docs/sync-rules.md, *Who mails*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .mail_case import DORA, VISITOR, MailCase, everybody


class TableCase(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()


@tagged("post_install", "-at_install")
class TestMailTableMade(TableCase):
    def test_a_new_meeting_is_announced_by_outlook_to_its_guests(self):
        """Whoever makes it, for an organizer with a mailbox: one invitation each, from there."""
        for number, actor in enumerate((self.ann, self.dora, self.env.ref("base.user_root"))):
            self.board(user=actor, user_id=self.ann.id, name=f"Board {number}")
            self.assertMailed(outlook=everybody("invitation"))

    def test_a_booking_of_a_visitor_is_announced_by_outlook(self):
        """A portal user books: code acts for him in sudo, the organizer's mailbox invites."""
        people = self.ann.partner_id | self.visitor.partner_id
        self.env["calendar.event"].with_user(self.visitor).sudo().create(
            {
                "name": "Booking",
                "user_id": self.ann.id,
                "start": self.soon(),
                "stop": self.soon(hour=10),
                "partner_ids": [(6, 0, people.ids)],
            }
        )
        self.assertMailed(outlook=everybody("invitation", VISITOR))

    def test_a_meeting_of_somebody_without_a_mailbox_is_announced_by_odoo(self):
        """Guests with mailboxes do not change that: theirs are not written."""
        self.board(user=self.dora)

        self.assertMailed(here=everybody("invitation"))

    def test_a_meeting_made_for_a_colleague_without_a_mailbox_is_announced_by_odoo(self):
        """The organizer counts, not who makes it; Odoo tells the organizer, too."""
        self.board(user=self.ann, user_id=self.dora.id)

        self.assertMailed(here=everybody("invitation", BOB, DORA, GUEST))

    def test_a_duplicate_is_announced_by_outlook(self):
        """Odoo makes it without guests and adds them: one invitation each all the same."""
        self.known_board().with_user(self.ann).copy({"name": "Second board"})

        self.assertMailed(outlook=everybody("invitation"))

    def test_what_is_over_is_announced_by_nobody(self):
        """Made afterwards, for the record: neither side invites to what is over."""
        self.board(start=self.soon(days=-3), stop=self.soon(days=-3, hour=10))

        self.assertMailed()

    def test_a_guest_added_to_what_is_over_hears_from_odoo_alone(self):
        """It is left alone, so it stays as it is in Odoo without the sync."""
        event = self.known_board(start=self.soon(days=-3), stop=self.soon(days=-3, hour=10))
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])

        self.assertMailed(here=everybody("invitation", DORA))


@tagged("post_install", "-at_install")
class TestMailTableChanged(TableCase):
    def setUp(self):
        super().setUp()
        self.event = self.known_board()

    def test_what_exchange_announces_is_announced_by_outlook(self):
        """Subject, place, text or time: one update for each guest, none from Odoo."""
        for values in (
            {"name": "Board 2"},
            {"location": "Room 2"},
            {"description": "<p>Bring the plans</p>"},
            self.later(self.event),
        ):
            self.write(self.event, self.ann, **values)
            self.assertMailed(outlook=everybody("update"))

    def test_what_exchange_keeps_to_itself_is_announced_by_nobody(self):
        """Reminder, tags, status and privacy."""
        alarm = self.env.ref("calendar.alarm_notif_1")
        tag = self.env["calendar.event.type"].create({"name": "Inner circle"})
        for values in (
            {"alarm_ids": [(6, 0, alarm.ids)]},
            {"categ_ids": [(6, 0, tag.ids)]},
            {"show_as": "free"},
            {"privacy": "private"},
        ):
            self.write(self.event, self.ann, **values)
            self.assertMailed()

    def test_both_at_once_are_one_mail(self):
        """A new place and a new status: one update, for the place."""
        self.write(self.event, self.ann, location="Room 2", show_as="free")

        self.assertMailed(outlook=everybody("update"))

    def test_whoever_edits_outlook_tells(self):
        """A guest, a colleague, OdooBot, code that acts for a portal user."""
        acting = self.event.with_user
        actors = (acting(self.bob), acting(self.dora), acting(self.env.ref("base.user_root")))
        for number, event in enumerate((*actors, acting(self.visitor).sudo())):
            event.write({"location": f"Room {number}"})
            self.assertMailed(outlook=everybody("update"))

    def test_whoever_moves_it_outlook_tells(self):
        """A new time is what Odoo mails about, too: it keeps quiet."""
        for actor in (self.bob, self.dora):
            self.write(self.event, actor, **self.later(self.event))
            self.assertMailed(outlook=everybody("update"))

    def test_several_edits_before_a_round_are_one_mail(self):
        """Name, place and time, one after the other."""
        for values in ({"name": "Board 2"}, {"location": "Room 2"}, self.later(self.event)):
            self.write(self.event, self.ann, **values)

        self.assertMailed(outlook=everybody("update"))

    def test_an_edit_that_is_taken_back_is_announced_by_nobody(self):
        """There and back before a round."""
        self.write(self.event, self.ann, location="Room 2")
        self.write(self.event, self.ann, location=False)

        self.assertMailed()


@tagged("post_install", "-at_install")
class TestMailTableGuests(TableCase):
    def setUp(self):
        super().setUp()
        self.event = self.known_board()

    def _write(self, *commands, **values):
        self.write(self.event, self.ann, partner_ids=list(commands), **values)

    def test_who_is_added_is_told_alone(self):
        """One invitation, to that person."""
        self._write((4, self.dora.partner_id.id))

        self.assertMailed(outlook=everybody("invitation", DORA))

    def test_who_is_removed_is_told_alone(self):
        """One cancellation, to that person."""
        self._write((3, self.guest.id))

        self.assertMailed(outlook=everybody("cancellation", GUEST))

    def test_one_for_another_is_told_to_these_two(self):
        """Removed and added in one save."""
        self._write((3, self.guest.id), (4, self.dora.partner_id.id))

        self.assertMailed(outlook=[("cancellation", GUEST), ("invitation", DORA)])

    def test_added_and_moved_is_one_mail_each(self):
        """A guest more and a new time in one save: an invitation, and an update for the others."""
        self._write((4, self.dora.partner_id.id), **self.later(self.event))

        self.assertMailed(outlook=[("invitation", DORA), *everybody("update")])

    def test_added_with_what_exchange_keeps_to_itself(self):
        """A guest more and another status: that guest alone."""
        self._write((4, self.dora.partner_id.id), show_as="free")

        self.assertMailed(outlook=everybody("invitation", DORA))

    def test_added_and_removed_before_a_round_is_told_nobody(self):
        """Nobody heard of it, so there is nothing to cancel."""
        self._write((4, self.dora.partner_id.id))
        self._write((3, self.dora.partner_id.id))

        self.assertMailed()

    def test_a_colleague_adds_a_guest(self):
        """Dora adds herself: Outlook invites her."""
        self.write(self.event, self.dora, partner_ids=[(4, self.dora.partner_id.id)])

        self.assertMailed(outlook=everybody("invitation", DORA))


@tagged("post_install", "-at_install")
class TestMailTableRemoved(TableCase):
    def setUp(self):
        super().setUp()
        self.event = self.known_board()

    def _dialog(self):
        wizard = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        template = self.env.ref("calendar.calendar_template_delete_event")
        return wizard.create({"calendar_event_id": self.event.id, "template_id": template.id})

    def test_archived_is_cancelled_by_outlook(self):
        """From the form's menu, by anybody."""
        self.event.with_user(self.dora).action_archive()

        self.assertMailed(outlook=everybody("cancellation"))

    def test_unarchived_is_announced_anew_by_outlook(self):
        """Graph restores nothing: a new meeting, a new invitation."""
        self.event.with_user(self.ann).action_archive()
        self.settle()
        self.forget_mails()
        self.event.with_user(self.ann).action_unarchive()

        self.assertMailed(outlook=everybody("invitation"))

    def test_archived_and_back_before_a_round_is_told_nobody(self):
        """Nothing happened, as far as Outlook can tell."""
        self.event.with_user(self.ann).action_archive()
        self.event.with_user(self.ann).action_unarchive()

        self.assertMailed()

    def test_deleted_is_cancelled_by_outlook(self):
        """From a list, by the organizer."""
        self.event.with_user(self.ann).unlink()

        self.assertMailed(outlook=everybody("cancellation"))

    def test_the_dialog_that_tells_tells_through_outlook(self):
        """*Send and delete*: one cancellation each."""
        self._dialog().action_send_mail_and_delete()

        self.assertMailed(outlook=everybody("cancellation"))

    def test_the_dialog_that_does_not_tell_cannot_keep_outlook_quiet(self):
        """*Delete*: Exchange cancels all the same, and the dialog says so."""
        dialog = self._dialog()
        self.assertIn("Outlook tells the guests", dialog.outlook_notice)
        dialog.action_delete()

        self.assertMailed(outlook=everybody("cancellation"))

    def test_made_and_deleted_before_a_round_is_told_nobody(self):
        """Nobody heard of it: the dialog says that, and nobody does."""
        self.event = self.board(name="Second thoughts")
        dialog = self._dialog()
        self.assertIn("nobody is mailed", dialog.outlook_notice)
        dialog.action_send_mail_and_delete()

        self.assertMailed()

    def test_without_a_mailbox_the_dialog_is_odoos(self):
        """Dora's meeting: Odoo tells, and to whom is Odoo's choice."""
        self.event = self.known_board(user=self.dora)
        dialog = self._dialog()
        self.assertFalse(dialog.outlook_notice)
        dialog.action_send_mail_and_delete()

        self.assertMailed(here=everybody("cancellation", BOB, DORA, GUEST))


@tagged("post_install", "-at_install")
class TestMailTableAskedFor(TableCase):
    def test_the_email_button_mails_whom_a_person_wants(self):
        """*Send Invitations*: somebody's wish, whoever invites otherwise; nobody but these."""
        event = self.known_board()
        event.with_user(self.ann).action_sendmail()

        self.assertMailed(here=everybody("invitation"))

    def test_reminders_by_mail_go_out(self):
        """Outlook sends none: everybody who comes gets one, by whatever template is chosen."""
        for kind in ("reminder", "invitation"):
            template = self.env.ref(f"calendar.calendar_template_meeting_{kind}")
            alarm = self.env["calendar.alarm"].create(
                {
                    "name": kind,
                    "alarm_type": "email",
                    "interval": "hours",
                    "duration": 1,
                    "mail_template_id": template.id,
                }
            )
            start = self.env.cr.now() + timedelta(minutes=50)
            times = {"start": start, "stop": start + timedelta(hours=1)}
            event = self.known_board(name=kind, alarm_ids=[(6, 0, alarm.ids)], **times)
            self.env["calendar.alarm_manager"]._send_reminder()
            self.assertMailed(here=everybody(kind, ANN, BOB, GUEST))
            event.unlink()
