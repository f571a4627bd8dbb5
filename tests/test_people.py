"""Who owns what: organizer and guests. docs/sync-rules.md, *Who owns what*."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee

CARL = "carl@contoso.example"
TEAM = "team@contoso.example"


@tagged("post_install", "-at_install")
class TestPeople(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def _board(self, **values):
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB, "Bob")], **values)
        self.sync(self.ann, self.bob)
        return self.local("Board")

    def test_what_is_private_to_a_guest_stays_in_his_mailbox(self):
        """A guest's reminder, tags and way to be busy never reach the shared meeting."""
        event = self._board()
        before = (event.show_as, event.categ_ids, event.alarm_ids)
        self.sandbox.change_event(
            BOB,
            self.remote(BOB, "Board")["id"],
            {"showAs": "free", "categories": ["Boring"], "reminderMinutesBeforeStart": 90},
        )
        self.sync(self.bob)

        self.assertEqual(before, (event.show_as, event.categ_ids, event.alarm_ids))

    def test_a_guests_edit_of_his_copy_changes_nothing_here(self):
        """A guest may rename his own copy in Outlook; the meeting is the organizer's."""
        event = self._board()
        self.sandbox.change_event(BOB, self.remote(BOB, "Board")["id"], {"subject": "Bored"})
        self.sync(self.bob, self.ann)

        self.assertEqual("Board", event.name)
        self.assertIsNotNone(self.remote(ANN, "Board"))

    def test_an_answer_there_arrives_here(self):
        """A guest who accepts in Outlook has accepted here."""
        event = self._board()
        self.sandbox.answer_event(BOB, self.remote(BOB, "Board")["id"], "accept")
        self.sync(self.bob)

        self.assertEqual("accepted", self.state(event, self.bob))

    def test_an_answer_here_arrives_there_through_the_guests_own_mailbox(self):
        """A guest who answers here answers in Outlook, once."""
        event = self._board()
        event.with_user(self.bob).attendee_ids.filtered(
            lambda one: one.partner_id == self.bob.partner_id
        ).do_tentative()
        self.told()
        self.sync(self.bob)

        response = self.remote(BOB, "Board")["responseStatus"]["response"]
        self.assertEqual("tentativelyAccepted", response)
        self.assertEqual([("response", ANN)], self.told())
        self.sync(self.bob, self.ann)
        self.assertEqual([], self.told())
        self.assertEqual("tentative", self.state(event, self.bob))

    def test_where_no_answer_is_wanted_none_is_mailed(self):
        """The organizer asked for no answers: it is noted in the guest's mailbox, in silence."""
        event = self._board(responseRequested=False)
        event.with_user(self.bob).attendee_ids.filtered(
            lambda one: one.partner_id == self.bob.partner_id
        ).do_accept()
        self.told()
        self.sync(self.bob)

        self.assertEqual("accepted", self.remote(BOB, "Board")["responseStatus"]["response"])
        self.assertEqual([], self.told())

    def test_declining_here_removes_his_copy_and_nothing_else(self):
        """A guest who declines here loses his copy in Outlook; the meeting stays for the others."""
        event = self._board()
        event.with_user(self.bob).attendee_ids.filtered(
            lambda one: one.partner_id == self.bob.partner_id
        ).do_decline()
        self.sync(self.bob, self.ann, self.bob)

        self.assertTrue(event.active)
        self.assertEqual("declined", self.state(event, self.bob))
        self.assertIsNone(self.remote(BOB, "Board"))
        self.assertIsNotNone(self.remote(ANN, "Board"))

    def test_a_guest_who_removes_his_copy_has_declined(self):
        """Removing one's copy is one's answer; nobody else's calendar changes."""
        event = self._board()
        self.sandbox.delete_event(BOB, self.remote(BOB, "Board")["id"])
        self.sync(self.bob, self.ann)

        self.assertTrue(event.active)
        self.assertEqual("declined", self.state(event, self.bob))
        self.assertIsNotNone(self.remote(ANN, "Board"))

    def test_an_answer_of_somebody_outside_arrives_through_the_organizer(self):
        """Guests without a connection here answer in Outlook; the organizer's copy tells."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.make_remote(ANN, subject="Call", attendees=[attendee(GUEST)])
        self.sync(self.ann)
        self.sandbox.answer_event(GUEST, self.remote(GUEST, "Call")["id"], "decline")
        self.sync(self.ann)

        attendees = self.local("Call").attendee_ids
        self.assertEqual(
            "declined", attendees.filtered(lambda one: one.partner_id == self.guest).state
        )

    def test_an_organizer_outside_is_kept_as_a_contact(self):
        """Organized by somebody who is no user: nobody's meeting here, with the organizer in it."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.make_remote(GUEST, subject="Pitch", attendees=[attendee(ANN, "Ann")])
        self.sync(self.ann)
        event = self.local("Pitch")

        self.assertFalse(event.user_id)
        self.assertEqual(self.guest | self.ann.partner_id, event.partner_ids)
        self.sandbox.change_event(GUEST, self.remote(GUEST, "Pitch")["id"], {"subject": "Pitch 2"})
        self.sync(self.ann)
        self.assertEqual("Pitch 2", event.name)

    def test_editing_a_meeting_of_somebody_outside_writes_in_no_mailbox(self):
        """Only the organizer's mailbox could be written, and it is not connected."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.make_remote(GUEST, subject="Pitch", attendees=[attendee(ANN, "Ann")])
        self.sync(self.ann)
        self.written()
        self.write(self.local("Pitch"), self.ann, location="Here")
        self.sync(self.ann)

        self.assertEqual([], self.written())

    def test_the_organizers_mailbox_is_written_whoever_edits(self):
        """A guest who edits here edits the organizer's meeting, through the organizer's mailbox."""
        event = self._board()
        self.written()
        self.write(event, self.bob, location="Room 9")
        self.sync(self.ann)

        self.assertEqual("Room 9", self.remote(ANN, "Board")["location"]["displayName"])
        self.assertEqual("accepted", self.state(event, self.ann))

    def test_a_cancelled_meeting_is_archived_once_for_all(self):
        """The organizer deletes in Outlook: archived here, whichever guest syncs then."""
        event = self._board()
        self.sandbox.delete_event(ANN, self.remote(ANN, "Board")["id"])
        self.sync(self.ann, self.bob)

        self.assertFalse(event.active)
        self.assertEqual(1, len(self.local("Board")))

    def test_a_guest_by_alias_is_one_person(self):
        """Capitals in an address make nobody a second guest."""
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB.upper(), "Bob")])
        self.sync(self.ann)

        self.assertEqual(self.ann.partner_id | self.bob.partner_id, self.local("Board").partner_ids)

    def test_a_guest_removed_here_stays_removed_whichever_mailbox_comes_first(self):
        """His mailbox still has the meeting: that invites nobody whom somebody here took off."""
        event = self._board()
        self.write(event, self.ann, partner_ids=[(3, self.bob.partner_id.id)])
        for minutes in (40, 50):
            self.sandbox.change_event(
                BOB, self.remote(BOB, "Board")["id"], {"reminderMinutesBeforeStart": minutes}
            )
            self.sync(self.bob)
            self.assertEqual(self.ann.partner_id, event.partner_ids)
        self.sync(self.ann, self.bob)

        self.assertEqual(self.ann.partner_id, event.partner_ids)
        self.assertEqual([], self.remote(ANN, "Board")["attendees"])

    def test_a_guest_removed_before_his_mailbox_was_first_read_stays_removed(self):
        """What the organizer's mailbox told of him counts, too."""
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB, "Bob")])
        self.sync(self.ann)
        event = self.local("Board")
        self.write(event, self.ann, partner_ids=[(3, self.bob.partner_id.id)])
        self.sync(self.bob, self.ann, self.bob)

        self.assertEqual(self.ann.partner_id, event.partner_ids)
        self.assertEqual([], self.remote(ANN, "Board")["attendees"])

    def test_an_archived_contact_is_nobody_while_an_active_one_has_the_address(self):
        """Archived contacts are invisible here: a guest is one only where there is no other."""
        self.guest.active = False
        twin = self.env["res.partner"].create({"name": "Twin", "email": GUEST})
        self.make_remote(ANN, subject="Call", attendees=[attendee(GUEST)])
        self.sync(self.ann)
        self.assertEqual(self.ann.partner_id | twin, self.local("Call").partner_ids)
        twin.active = False
        self.make_remote(ANN, subject="Another", attendees=[attendee(GUEST)])
        self.sync(self.ann)

        self.assertEqual(
            self.ann.partner_id | self.guest, self.local("Another").attendee_ids.partner_id
        )

    def test_who_left_is_nobody_while_somebody_active_has_the_address(self):
        """A user who was archived gives way to an active user, and to an active contact."""
        address = "post@contoso.example"
        left = self._user("left", address, "UTC")
        contact = self.env["res.partner"].create({"name": "Post", "email": address})
        left.active = False
        left.partner_id.active = False
        self.make_remote(ANN, subject="One", attendees=[attendee(address)])
        self.sync(self.ann)
        self.assertEqual(self.ann.partner_id | contact, self.local("One").partner_ids)
        successor = self._user("successor", address, "UTC")
        self.make_remote(ANN, subject="Two", attendees=[attendee(address)])
        self.sync(self.ann)

        self.assertEqual(self.ann.partner_id | successor.partner_id, self.local("Two").partner_ids)

    def test_two_contacts_with_one_address_both_stay(self):
        """Outlook knows them as one person: who is added or answers there drops neither."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        twin = self.env["res.partner"].create({"name": "Twin", "email": GUEST})
        event = self.make(self.ann, name="Call", partner_ids=[(4, self.guest.id), (4, twin.id)])
        self.sync(self.ann)
        guests = [attendee(GUEST), attendee(BOB, "Bob")]
        self.sandbox.change_event(ANN, self.remote(ANN, "Call")["id"], {"attendees": guests})
        self.sync(self.ann)
        self.assertEqual(self.guest | twin | self.bob.partner_id, event.partner_ids)
        self.sandbox.answer_event(GUEST, self.remote(GUEST, "Call")["id"], "accept")
        self.sync(self.ann)
        states = {one.partner_id: one.state for one in event.attendee_ids}
        self.assertEqual(("accepted", "accepted"), (states[self.guest], states[twin]))
        self.sandbox.change_event(ANN, self.remote(ANN, "Call")["id"], {"attendees": guests[1:]})
        self.sync(self.ann)

        self.assertEqual(self.bob.partner_id, event.partner_ids)

    def test_the_invited_one_of_two_contacts_with_one_address_is_meant(self):
        """The younger one was invited here: he stays, he answers, and nobody is put beside him."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        twin = self.env["res.partner"].create({"name": "Twin", "email": GUEST})
        event = self.make(self.ann, name="Call", partner_ids=[(4, twin.id)])
        self.sync(self.ann)
        guests = [attendee(GUEST), attendee(BOB, "Bob")]
        self.sandbox.change_event(ANN, self.remote(ANN, "Call")["id"], {"attendees": guests})
        self.sandbox.answer_event(GUEST, self.remote(GUEST, "Call")["id"], "decline")
        self.sync(self.ann)

        self.assertEqual(twin | self.bob.partner_id, event.partner_ids)
        declined = event.attendee_ids.filtered(lambda one: one.state == "declined")
        self.assertEqual(twin, declined.partner_id)

    def _invite_through_a_list(self):
        """Let ann invite a list of which carl is a member: no copy names him."""
        carl = self._user("carl", CARL, "UTC")
        self.sandbox.add_mailbox(CARL, name="Carl", alias=TEAM)
        self.connect(carl, CARL)
        self.make_remote(ANN, subject="Retreat", attendees=[attendee(TEAM, "Team")])
        self.sync(self.ann, carl)
        return carl, self.local("Retreat")

    def test_who_is_invited_through_a_list_is_a_guest_until_he_is_removed(self):
        """His own mailbox tells that he is invited; once removed here he is not put back."""
        carl, event = self._invite_through_a_list()
        self.assertIn(carl.partner_id, event.partner_ids)
        self.written()
        self.sync(self.ann, carl)
        self.assertEqual([], self.written())
        self.write(event, self.ann, partner_ids=[(3, carl.partner_id.id)])
        self.sync(self.ann)
        self.sandbox.change_event(CARL, self.remote(CARL, "Retreat")["id"], {"showAs": "free"})
        self.sync(carl)

        self.assertNotIn(carl.partner_id, event.partner_ids)

    def test_a_meeting_that_is_made_again_has_whom_a_list_invites(self):
        """Deleted here and edited in Outlook: it comes back with everybody who was in it."""
        carl, event = self._invite_through_a_list()
        event.with_user(self.ann).unlink()
        self.sandbox.change_event(
            ANN, self.remote(ANN, "Retreat")["id"], {"location": {"displayName": "Lake"}}
        )
        self.sync(self.ann, carl)

        self.assertEqual("Lake", self.local("Retreat").location)
        self.assertIn(carl.partner_id, self.local("Retreat").partner_ids)

    def test_a_guest_whose_address_is_none_stops_no_invitation(self):
        """What was typed as an e-mail may be none, or several: all the others are invited."""
        contacts = self.env["res.partner"].create(
            [
                {"name": "Typo", "email": "not an address"},
                {"name": "Two", "email": "Two <two@x.example>, too@x.example"},
            ]
        )
        guests = contacts | self.guest
        event = self.make(self.ann, name="Call", partner_ids=[(4, one.id) for one in guests])
        self.sync(self.ann)

        self.assertEqual("linked", self.meeting(event).state)
        attendees = self.remote(ANN, "Call")["attendees"]
        self.assertEqual(
            {GUEST, "two@x.example"}, {one["emailAddress"]["address"] for one in attendees}
        )
        self.written()
        self.sandbox.change_event(
            ANN,
            self.remote(ANN, "Call")["id"],
            {"attendees": [*attendees, attendee(BOB, "Bob")]},
        )
        self.sync(self.ann)
        self.assertEqual(guests | self.bob.partner_id, event.partner_ids)
        self.assertEqual([], self.written())

    def test_a_contact_of_a_company_that_the_user_cannot_see_is_nobody(self):
        """Companies keep their contacts to themselves: the guest is somebody else in each."""
        other = self.env["res.company"].create({"name": "Other"})
        own = self.ann.company_id
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "email": "di@x.example", "company_id": other.id}
        )
        visible = self.env["res.partner"].create(
            {"name": "Visible", "email": "ed@x.example", "company_id": own.id}
        )
        guests = [attendee("di@x.example", "Di"), attendee("ed@x.example", "Ed")]
        self.make_remote(ANN, subject="Call", attendees=guests)
        self.sync(self.ann)

        partners = self.local("Call").attendee_ids.partner_id
        self.assertNotIn(hidden, partners)
        self.assertIn(visible, partners)
        self.assertIn("Di", partners.mapped("name"))
