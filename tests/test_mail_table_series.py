"""Who is mailed about what is done here to a series. docs/sync-rules.md, *Who mails*."""

from odoo.tests import tagged

from .common import GUEST
from .mail_case import DORA, MailCase, everybody


@tagged("post_install", "-at_install")
class TestMailTableSeries(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()

    def _edit(self, row, scope, **values):
        self.write(row, self.ann, recurrence_update=scope, **values)

    def test_a_new_series_is_announced_once(self):
        """One invitation each, whatever the number of occurrences."""
        self.weekly()

        self.assertMailed(outlook=everybody("invitation"))

    def test_a_series_of_somebody_without_a_mailbox_is_announced_by_odoo(self):
        """Once, too."""
        self.weekly(user=self.dora)

        self.assertMailed(here=everybody("invitation"))

    def test_one_occurrence_moved_is_one_update(self):
        """*This event*, by whomever."""
        rows = self.known_weekly()
        for number, actor in enumerate((self.ann, self.dora)):
            self.write(rows[1 + number], actor, **self.later(rows[1 + number]))
            self.assertMailed(outlook=everybody("update"))

    def test_all_renamed_is_one_update(self):
        """*All events*."""
        rows = self.known_weekly()
        self._edit(rows[1], "all_events", name="Board 2")

        self.assertMailed(outlook=everybody("update"))

    def test_all_moved_is_one_update(self):
        """*All events* to another time: Odoo makes other rows, and keeps quiet about them."""
        rows = self.known_weekly()
        self._edit(rows[1], "all_events", **self.later(rows[1]))

        self.assertMailed(outlook=everybody("update"))

    def test_this_and_following_is_an_update_and_an_invitation(self):
        """The old series ends, a new one begins: Exchange knows no other way."""
        rows = self.known_weekly()
        self._edit(rows[2], "future_events", name="Board 2")

        self.assertMailed(outlook=[*everybody("update"), *everybody("invitation")])

    def test_what_exchange_keeps_to_itself_is_announced_by_nobody(self):
        """Tags and reminders of one or all."""
        rows = self.known_weekly()
        alarm = self.env.ref("calendar.alarm_notif_1")
        self._edit(rows[1], "self_only", alarm_ids=[(6, 0, alarm.ids)])
        self.assertMailed()
        self._edit(rows[0], "all_events", show_as="free")
        self.assertMailed()

    def test_a_guest_added_to_all_is_told_alone(self):
        """One invitation, to the series."""
        rows = self.known_weekly()
        dora = [(4, self.dora.partner_id.id)]
        self._edit(rows[0], "all_events", partner_ids=dora)

        self.assertMailed(outlook=everybody("invitation", DORA))

    def test_a_guest_added_to_one_is_told_alone(self):
        """One invitation, to that date."""
        rows = self.known_weekly()
        self._edit(rows[1], "self_only", partner_ids=[(4, self.dora.partner_id.id)])

        self.assertMailed(outlook=everybody("invitation", DORA))

    def test_a_guest_removed_from_one_is_told_alone(self):
        """One cancellation, of that date."""
        rows = self.known_weekly()
        self._edit(rows[1], "self_only", partner_ids=[(3, self.guest.id)])

        self.assertMailed(outlook=everybody("cancellation", GUEST))

    def test_one_occurrence_deleted_is_one_cancellation(self):
        """Archived, or deleted in the dialog, with or without telling."""
        rows = self.known_weekly()
        rows[1].with_user(self.ann).action_mass_archive("self_only")
        self.assertMailed(outlook=everybody("cancellation"))
        self._dialog(rows[2], "one").action_send_mail_and_delete()
        self.assertMailed(outlook=everybody("cancellation"))
        self._dialog(rows[3], "one").action_delete()
        self.assertMailed(outlook=everybody("cancellation"))

    def test_this_and_following_deleted_is_one_update(self):
        """The series ends earlier."""
        rows = self.known_weekly()
        self._dialog(rows[2], "next").action_send_mail_and_delete()

        self.assertMailed(outlook=everybody("update"))

    def test_all_deleted_is_one_cancellation(self):
        """In the dialog that tells, from any row."""
        rows = self.known_weekly()
        self._dialog(rows[2], "all").action_send_mail_and_delete()

        self.assertMailed(outlook=everybody("cancellation"))

    def test_an_occurrence_that_leaves_is_cancelled_and_announced_anew(self):
        """*Detach from the series*."""
        rows = self.known_weekly()
        rows[1].with_user(self.ann).action_outlook_detach()

        self.assertMailed(outlook=[*everybody("cancellation"), *everybody("invitation")])

    def test_an_occurrence_of_a_colleague_is_announced_by_odoo(self):
        """One row with another organizer stays in Outlook as it was: Odoo tells what is new."""
        rows = self.known_weekly()
        self.write(rows[1], self.ann, user_id=self.dora.id)
        self.assertMailed()
        self.write(rows[1], self.dora, **self.later(rows[1]))

        self.assertMailed(here=[("update", "ann@contoso.example"), *everybody("update")])

    def test_single_and_then_recurring_is_one_update(self):
        """The same meeting, with a rule from now on."""
        event = self.known_board()
        day = event.start.strftime("%a").lower()
        rule = {"rrule_type": "weekly", day: True, "end_type": "count", "count": 3}
        self.write(event, self.ann, recurrency=True, event_tz="UTC", **rule)

        self.assertMailed(outlook=everybody("update"))

    def _dialog(self, row, scope):
        template = self.env.ref("calendar.calendar_template_delete_event")
        wizards = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        wizards = wizards.with_context(default_recurrence=scope)
        return wizards.create({"calendar_event_id": row.id, "template_id": template.id})
