"""Meetings whose organizer has no mailbox here: what a guest's own copy may do to them."""

from odoo.tests import tagged

from .common import BOB, SandboxCase, attendee, graph_time


@tagged("post_install", "-at_install")
class TestAbsentOrganizer(SandboxCase):
    """Ann organizes and is not connected; Bob is a guest and is."""

    def setUp(self):
        super().setUp()
        self.start = self.soon()

    def _in_anns_outlook(self):
        return self.make_remote(
            "ann@contoso.example",
            subject="Team",
            start=graph_time(self.start),
            end=graph_time(self.start.replace(hour=10)),
            attendees=[attendee(BOB, "Bob")],
        )

    def _made_here_too(self):
        event = self.make(
            self.ann, name="Team", start=self.start, partner_ids=[(4, self.bob.partner_id.id)]
        )
        self._in_anns_outlook()
        self.connect(self.bob, BOB)
        self.assertEqual(1, len(self.local("Team")))
        return event

    def test_a_guests_notes_in_his_copy_stay_his(self):
        """What was made here is its organizer's: nobody reads what a guest wrote for himself."""
        event = self._made_here_too()
        private = {"location": {"displayName": "My desk"}, "sensitivity": "private"}
        self.sandbox.change_event(BOB, self.remote(BOB, "Team")["id"], private)
        self.sync(self.bob)

        self.assertFalse(event.location)
        self.assertFalse(event.privacy)

    def test_a_guest_taken_off_in_outlook_takes_nobody_else_off(self):
        """His cancelled copy is his answer; the organizer's meeting here stays."""
        event = self._made_here_too()
        remote = self.sandbox.find_events("ann@contoso.example", "Team")[0]
        self.sandbox.change_event("ann@contoso.example", remote["id"], {"attendees": []})
        self.sync(self.bob)

        self.assertTrue(event.active)
        self.assertEqual("declined", self.state(event, self.bob))

    def test_what_only_a_guests_mailbox_told_is_archived_when_it_says_cancelled(self):
        """Nobody else here would miss it; the record and its messages stay."""
        remote = self._in_anns_outlook()
        self.connect(self.bob, BOB)
        event = self.local("Team")
        self.assertTrue(event.active)
        self.sandbox.delete_event("ann@contoso.example", remote["id"])
        self.sync(self.bob)

        self.assertFalse(event.active)
