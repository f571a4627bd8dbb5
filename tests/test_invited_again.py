"""Whom only Outlook has, where a meeting is cancelled and begins anew. docs/sync-rules.md."""

from odoo.tests import tagged

from .common import ANN, BOB, attendee
from .organizer_case import CARL, OrganizerCase

ROOM = "room1@contoso.example"
STRANGER = "stranger@far.example"


@tagged("post_install", "-at_install")
class TestInvitedAgain(OrganizerCase):
    """*Plan* with Bob, who need not come, a room, and somebody whom nobody here knows."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("outlook_calendar.unknown_guests", "names")

    def _shared(self, **values):
        people = [
            attendee(BOB, kind="optional"),
            attendee(ROOM, "Room 1", "resource"),
            attendee(STRANGER, "Stranger"),
        ]
        self.make_remote(ANN, subject="Plan", attendees=people, **values)
        self.settle()
        self.kinds()
        return self.local("Plan")

    def _kinds_in(self, address):
        """Return the kinds of the guests of the event that a mailbox organizes, by address."""
        (found,) = [one for one in self.sandbox.find_events(address, "Plan") if _is_own(one)]
        return {one["emailAddress"]["address"]: one["type"] for one in found["attendees"]}

    def test_a_move_invites_whom_only_outlook_has(self):
        """Rooms and people kept by name are cancelled by one mailbox and invited by the other."""
        event = self._shared()
        self.give(event, self.bob)
        self.settle()

        invited = {to for kind, sender, to in self.kinds() if (kind, sender) == ("invitation", BOB)}
        self.assertEqual({ANN, ROOM, STRANGER}, invited)
        self.assertEqual("resource", self._kinds_in(BOB)[ROOM])
        self.assertIn("Stranger", event.with_user(self.bob).outlook_people_notice)
        self.assertFalse(self.meeting(event).invited)

    def test_unarchived_it_invites_them_as_they_were(self):
        """Who need not come still need not, the room is booked again."""
        event = self._shared()
        self.write(event, self.ann, active=False)
        self.settle()
        self.write(event, self.ann, active=True)
        self.settle()

        self.assertEqual(
            {BOB: "optional", ROOM: "resource", STRANGER: "required"}, self._kinds_in(ANN)
        )

    def test_edited_here_and_deleted_there_it_invites_them_again(self):
        """An edit beats a deletion, for everybody who was invited."""
        event = self._shared()
        self.write(event, self.ann, location="Elsewhere")
        self.sandbox.delete_event(ANN, self.remote(ANN, "Plan")["id"])
        self.settle()

        self.assertEqual(
            {BOB: "optional", ROOM: "resource", STRANGER: "required"}, self._kinds_in(ANN)
        )

    def test_who_is_taken_off_meanwhile_is_not_invited_again(self):
        """What is kept are no orders: a guest who was taken off here stays off."""
        event = self._shared()
        self.write(event, self.ann, active=False)
        self.settle()
        self.write(event, self.ann, active=True, partner_ids=[(3, self.bob.partner_id.id)])
        self.settle()

        self.assertEqual({ROOM: "resource", STRANGER: "required"}, self._kinds_in(ANN))

    def test_left_behind_it_invites_them_anew(self):
        """Who does not wait for the former mailbox takes the whole list along."""
        event = self._shared()
        self.account(self.ann).with_user(self.ann).action_pause()
        self.give(event, self.bob)
        event.with_user(self.bob).action_outlook_move_now()
        self.settle()

        self.assertLessEqual({ROOM, STRANGER}, self._kinds_in(BOB).keys())

    def test_a_series_with_dates_of_its_own_invites_them_with_its_guests(self):
        """Where the people come last, they come all at once."""
        start = self.soon()
        length = {"startDate": f"{start:%Y-%m-%d}", "type": "numbered", "numberOfOccurrences": 4}
        pattern = {"type": "weekly", "interval": 1, "daysOfWeek": [start.strftime("%A").lower()]}
        self._shared(recurrence={"pattern": pattern, "range": length})
        rows = self.local("Plan").sorted("start")
        self.write(rows[1], self.ann, recurrence_update="self_only", location="Elsewhere")
        self.settle()
        self.kinds()
        self.give(rows[0], self.bob, recurrence_update="all_events")
        self.settle()

        self.assertLessEqual({ROOM, STRANGER}, self._kinds_in(BOB).keys())
        mails = [to for kind, _sender, to in self.kinds() if kind == "invitation"]
        self.assertEqual(sorted({*mails}), sorted(mails))

    def test_without_a_mailbox_it_says_who_is_not_invited_any_more(self):
        """This side cannot mail whom it does not know: the meeting's log names them."""
        event = self._shared()
        self.give(event, self.carl)
        self.settle()

        self.assertIn("Stranger", "".join(event.message_ids.mapped("body")))

    def test_the_warning_counts_them(self):
        """Who changes the organizer learns of everybody who will be told."""
        event = self._shared()
        draft = event.with_user(self.ann).new({"user_id": self.bob.id}, origin=event)
        message = draft._onchange_outlook_user()["warning"]["message"]

        self.assertIn("3 people", message)

    def test_a_guest_who_is_taken_off_and_invited_again_has_it_again(self):
        """Nobody with a mailbox here organizes it: its only guest's copy says what it is."""
        self.carl_with_mailbox()
        guests = {"attendees": [attendee(BOB)]}
        remote = self.make_remote(CARL, subject="Outside", **guests)
        self.settle()
        event = self.local("Outside")
        self.sandbox.change_event(CARL, remote["id"], {"attendees": []})
        self.settle()
        self.assertFalse(event.active)
        self.sandbox.change_event(CARL, remote["id"], guests)
        self.settle()

        self.assertTrue(event.active)
        self.assertEqual(event, self.local("Outside"))


def _is_own(remote):
    return remote["isOrganizer"] and not remote["isCancelled"]
