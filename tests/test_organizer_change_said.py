"""What the form says of another organizer, before and after. docs/sync-rules.md."""

from odoo.tests import Form, tagged

from .organizer_case import OrganizerCase


@tagged("post_install", "-at_install")
class TestOrganizerChangeWarning(OrganizerCase):
    """Said before it is saved, to whoever edits."""

    def _warning(self, event, user, **values):
        draft = event.with_user(self.ann).new({"user_id": user and user.id, **values}, origin=event)
        return (draft._onchange_outlook_user() or {}).get("warning", {}).get("message", "")

    def test_the_number_of_people_is_said(self):
        """Who changes the organizer learns what Outlook does about it, and to how many."""
        event = self.plan(self.bob)

        message = self._warning(event, self.bob)
        self.assertIn("Bob", message)
        self.assertIn("2 people", message)
        nobody = self.env["res.partner"].create({"name": "No address"})
        self.write(event, self.ann, partner_ids=[(4, nobody.id)])
        self.assertIn("2 people", self._warning(event, self.bob))
        self.assertIn("by e-mail from here", self._warning(event, self.carl))
        self.assertIn("by e-mail from here", self._warning(event, None))
        self.assertFalse(self._warning(event, self.ann))

    def test_the_form_warns_and_saves(self):
        """An ordinary user changes the organizer on the form: warned first, told afterwards."""
        event = self.plan(self.bob)
        with (
            self.assertLogs("odoo.tests.form.onchange", "WARNING") as said,
            Form(event.with_user(self.ann), "calendar.view_calendar_event_form") as form,
        ):
            form.user_id = self.bob

        self.assertIn("hand a meeting over", "".join(said.output))
        self.assertEqual(self.bob, event.user_id)
        self.assertIn("another organizer", event.with_user(self.carl).outlook_move_notice)

    def test_another_organizer_can_be_chosen_for_an_archived_series(self):
        """No row of it is left to tell when it ends, which stops nobody on the form."""
        rule = {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 3}
        rows = self.plan(self.bob, event_tz="UTC", **rule).recurrence_id.calendar_event_ids
        self.account(self.ann).with_user(self.ann).action_pause()
        rows.with_user(self.ann).write({"active": False})
        self.env.flush_all(), self.env.invalidate_all()

        self.assertIn("Bob", self._warning(rows[0], self.bob, recurrence_update="all_events"))

    def test_a_new_meeting_and_a_strangers_private_one_say_nothing(self):
        """The form of what is not known yet, and of what one may not read, opens all the same."""
        form = Form(self.env["calendar.event"].with_user(self.carl))
        form.name, form.user_id = "New", self.bob
        form.save()
        event = self.plan(self.bob, privacy="private", name="Secret")
        self.give(event, self.bob)
        self.env.invalidate_all()

        self.assertFalse(event.with_user(self.carl).outlook_move_notice)

    def test_without_guests_there_is_nothing_to_say(self):
        """Nobody is told anything."""
        event = self.plan()
        self.write(event, self.ann, partner_ids=[(3, self.guest.id)])
        self.settle()

        self.assertFalse(self._warning(event, self.bob))

    def test_what_is_not_in_outlook_is_not_talked_about(self):
        """A meeting of somebody without a mailbox."""
        event = self.make(self.carl, name="Plan", partner_ids=[(4, self.guest.id)])

        self.assertFalse(self._warning(event, self.bob))
