"""Another organizer here: the meeting moves to his mailbox. docs/sync-rules.md."""

from datetime import timedelta

from odoo.tests import Form, tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time

CARL = "carl@contoso.example"


class OrganizerCase(SandboxCase):
    """Ann's meeting *Plan* with Bob, Carl and somebody outside; Ann and Bob have mailboxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._user("carl", CARL, "Europe/Brussels")

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def plan(self, *users, name="Plan", **values):
        """Make a meeting of Ann's with these users and the guest, known to all mailboxes."""
        guests = self.ann.partner_id | self.guest
        for user in users:
            guests |= user.partner_id
        event = self.make(self.ann, name=name, partner_ids=[(6, 0, guests.ids)], **values)
        self.settle()
        self.told()
        self.written()
        return event

    def settle(self):
        """Let everybody's rounds run until nothing is left to do."""
        connected = self.env["outlook.account"].search([("state", "=", "active")]).user_id
        for _turn in range(3):
            self.sync(*connected.sorted("id"))

    def give(self, event, user, by=None, **values):
        """Make `user` the organizer."""
        self.write(event, by or self.ann, user_id=user.id, **values)

    def kinds(self):
        """Return what Exchange mailed since, in the order in which it did: (kind, from, to)."""
        mails = [(one.kind, one.sender, to) for one in self.sandbox.mails for to in one.recipients]
        self.sandbox.state.mails.clear()
        return mails

    def carl_with_mailbox(self):
        """Return Carl, who has a mailbox in the organization."""
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="Europe/Brussels")
        return self.carl

    def answer(self, event, user, how):
        """Let a user answer here."""
        rows = event.with_user(user).attendee_ids
        getattr(rows.filtered(lambda one: one.partner_id == user.partner_id), how)()

    def current(self, address, subject):
        """Return the one event of that subject in a mailbox that is not cancelled, if any."""
        found = [
            one
            for one in self.sandbox.events(address)
            if one["subject"] == subject and not one["isCancelled"]
        ]
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def tombstones(self):
        """Return the rows of what was in Outlook once."""
        return self.env["outlook.meeting"].search([("event_id", "=", False)])


@tagged("post_install", "-at_install")
class TestOrganizerChange(OrganizerCase):
    def test_it_moves_to_the_new_organizers_mailbox(self):
        """Cancelled in one mailbox, then begun in the other; one mail of each kind a person."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(
            [
                ("cancellation", ANN, BOB),
                ("cancellation", ANN, GUEST),
                ("invitation", BOB, ANN),
                ("invitation", BOB, GUEST),
            ],
            sorted(self.kinds()),
        )
        self.assertFalse(self.mails())
        self.assertTrue(self._organized_by(BOB, "Plan"))
        self.assertEqual(event, self.local("Plan"))
        self.assertEqual(self.bob, event.user_id)
        self.assertTrue(event.active)

    def test_first_it_is_cancelled_and_then_begun(self):
        """The people's calendars are free again before they are asked anew."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        kinds = [kind for kind, _sender, _to in self.kinds()]
        self.assertEqual(sorted(kinds), kinds)

    def test_answers_and_messages_stay(self):
        """What people answered stays here and is not sent again; Outlook asks them anew."""
        self.connect(self.carl_with_mailbox(), CARL)
        event = self.plan(self.bob, self.carl)
        self.answer(event, self.carl, "do_accept")
        event.message_post(body="Bring the plans")
        self.settle()
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual("accepted", self.state(event, self.carl))
        self.assertEqual("accepted", self.state(event, self.ann))
        self.assertNotIn("response", {kind for kind, _sender, _to in self.kinds()})
        self.assertIn("Bring the plans", "".join(event.message_ids.mapped("body")))
        response = self.current(CARL, "Plan")["responseStatus"]["response"]
        self.assertEqual("notResponded", response)

    def test_an_edit_in_outlook_comes_along(self):
        """What the former organizer changed in Outlook meanwhile is not lost with her event."""
        event = self.plan(self.bob)
        remote = self.remote(ANN, "Plan")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Room 1"}})
        self.kinds()
        self.give(event, self.bob, name="Plan B")
        self.settle()

        moved = self.current(BOB, "Plan B")
        self.assertEqual("Room 1", moved["location"]["displayName"])
        self.assertEqual("Room 1", event.location)
        self.assertNotIn("update", {kind for kind, _sender, _to in self.kinds()})

    def test_to_somebody_without_a_mailbox(self):
        """Outlook cancels, and this side invites by its own mail."""
        event = self.plan(self.bob)
        self.give(event, self.carl)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )
        people = self.ann.partner_id | self.bob.partner_id | self.guest
        self.assertEqual(people, self.mails().recipient_ids)
        self.assertEqual(len(people), len(self.mails()))
        self.assertIsNone(self.current(ANN, "Plan"))
        self.assertTrue(event.active)

    def test_to_nobody(self):
        """The same without any organizer."""
        event = self.plan(self.bob)
        self.write(event, self.ann, user_id=False)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )
        self.assertIn(self.guest, self.mails().recipient_ids)
        self.assertEqual(3, len(self.mails()))
        self.assertTrue(event.active)

    def test_and_back_after_a_round(self):
        """Each change is a cancellation and an invitation; there is one event for all of it."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.kinds()
        self.give(event, self.ann, by=self.bob)
        self.settle()

        self.assertEqual(
            [
                ("cancellation", BOB, ANN),
                ("cancellation", BOB, GUEST),
                ("invitation", ANN, BOB),
                ("invitation", ANN, GUEST),
            ],
            sorted(self.kinds()),
        )
        self.assertEqual(event, self.local("Plan"))
        self.assertEqual(2, len(self.tombstones().filtered("ical_uid")))

    def test_and_back_before_a_round_is_nothing(self):
        """Several changes before a round are one, or none."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.give(event, self.ann, by=self.bob)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertEqual([], self.written())

    def test_several_changes_before_a_round_are_one(self):
        """Given to one and then to another: one cancellation, one invitation."""
        event = self.plan(self.bob)
        self.give(event, self.carl)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(2, len([kind for kind, *_ in self.kinds() if kind == "invitation"]))
        self.assertFalse(self.mails())

    def test_given_away_before_it_was_ever_sent(self):
        """Nobody heard of it yet: the new organizer's mailbox invites, and that is all."""
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.give(event, self.bob)
        self.settle()

        self.assertEqual([("invitation", BOB, GUEST)], self._to(GUEST))
        self.assertFalse(self.mails())

    def test_given_to_nobody_before_it_was_ever_sent(self):
        """Outlook was to invite and never will: this side does, once."""
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.give(event, self.carl)
        self.assertFalse(self.mails())
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertIn(self.guest, self.mails().recipient_ids)
        mailed = len(self.mails())
        self.write(event, self.carl, location="Room 1")
        self.settle()
        self.assertEqual(mailed, len(self.mails()))

    def test_whom_this_side_invited_outlook_does_not_invite_again(self):
        """From one without a mailbox: its guests know of it, so a person decides."""
        guests = [(4, self.guest.id)]
        event = self.make(self.carl, name="Plan", partner_ids=guests)
        self.assertIn(self.guest, self.mails().recipient_ids)
        self.give(event, self.bob, by=self.carl)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertEqual("left_alone", self.meeting(event).state)

    def test_what_has_no_guests_goes_out(self):
        """From one without a mailbox, and nobody was told of it: sent."""
        event = self.make(self.carl, name="Plan", partner_ids=[(6, 0, self.carl.partner_id.ids)])
        self.give(event, self.bob, by=self.carl, partner_ids=[(6, 0, self.bob.partner_id.ids)])
        self.settle()

        self.assertIsNotNone(self.remote(BOB, "Plan"))
        self.assertEqual([], self.kinds())

    def test_what_is_over_stays_where_it_is(self):
        """Nobody is invited to what has been; the form says why both sides differ."""
        start = self.soon(days=-3)
        self.make_remote(
            ANN,
            subject="Plan",
            attendees=[attendee(GUEST)],
            start=graph_time(start),
            end=graph_time(start + timedelta(hours=1)),
        )
        self.settle()
        event = self.local("Plan")
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertEqual("parked", self.meeting(event).state)

    def test_where_owner_and_organizer_merely_differ_nothing_moves(self):
        """The mailbox was never in step with it, so nobody here gave it away: it is set aside."""
        event = self.plan(self.bob)
        self.meeting(event).copy_ids.write({"base": False})
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertEqual("parked", self.meeting(event).state)

    def test_deleted_before_it_moved(self):
        """One cancellation, and no invitation."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.write(event, self.bob, active=False)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )

    def test_edited_after_it_moved(self):
        """The new organizer's mailbox has it: an edit is an update from there alone."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.kinds()
        start = self.soon(days=9)
        self.write(event, self.bob, start=start, stop=start + timedelta(hours=1))
        self.settle()

        self.assertEqual([("update", BOB, ANN), ("update", BOB, GUEST)], sorted(self.kinds()))
        self.assertFalse(self.mails())

    def test_edited_while_it_moves(self):
        """An edit before the round is in the invitation: no mail of its own from either side."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        start = self.soon(days=9)
        self.write(event, self.bob, start=start, stop=start + timedelta(hours=1))
        self.settle()

        self.assertFalse(self.mails())
        self.assertEqual(4, len(self.kinds()))

    def test_a_further_round_finds_nothing(self):
        """Moved is moved."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.written()
        self.kinds()
        self.account(self.ann).calendar_ids.write({"delta_link": False})
        self.account(self.bob).calendar_ids.write({"delta_link": False})
        self.settle()

        self.assertEqual(([], []), (self.written(), self.kinds()))
        self.assertEqual(event, self.local("Plan"))

    def _organized_by(self, address, subject):
        return self.current(address, subject)["isOrganizer"]

    def _to(self, address):
        return [mail for mail in self.kinds() if mail[2] == address]


@tagged("post_install", "-at_install")
class TestOrganizerChangeWaits(OrganizerCase):
    """A move needs both mailboxes: nobody is told of half of it."""

    def _moving(self, user=None):
        event = self.plan(self.bob)
        self.give(event, user or self.bob)
        return event

    def test_nobody_is_told_while_the_old_mailbox_cannot_cancel(self):
        """Its sign-in is dead: the guests would have the meeting twice."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertFalse(self.mails())
        self.assertIn("Ann", event.with_user(self.bob).outlook_move_notice)

        account.state = "active"
        self.settle()
        self.assertEqual(4, len(self.kinds()))
        self.assertFalse(event.with_user(self.bob).outlook_move_notice)

    def test_nobody_is_told_while_the_new_mailbox_cannot_invite(self):
        """It is paused: a cancellation now and an invitation some day would be half of it."""
        event = self.plan(self.bob)
        account = self.account(self.bob)
        account.with_user(self.bob).action_pause()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertIn("Bob", event.with_user(self.ann).outlook_move_notice)
        self.assertFalse(event.outlook_can_move_now)

        account.with_user(self.bob).action_resume()
        self.settle()
        self.assertEqual(4, len(self.kinds()))

    def test_what_is_edited_in_outlook_meanwhile_comes_in(self):
        """Until it moves, the former organizer's Outlook is where it is."""
        event = self.plan(self.bob)
        self.account(self.bob).with_user(self.bob).action_pause()
        self.give(event, self.bob)
        remote = self.remote(ANN, "Plan")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Room 1"}})
        self.settle()

        self.assertEqual("Room 1", event.location)
        self.assertEqual([], self.written())

    def test_a_person_may_go_on_without_the_old_mailbox(self):
        """Invited anew at once; the old mailbox cancels what it has when it is back."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        self.assertTrue(event.with_user(self.bob).outlook_can_move_now)
        event.with_user(self.bob).action_outlook_move_now()
        self.settle()
        self.assertEqual([("invitation", BOB, ANN), ("invitation", BOB, GUEST)], self.kinds())

        account.state = "active"
        self.settle()
        self.assertEqual([("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], self.kinds())
        self.assertEqual(event, self.local("Plan"))
        self.assertTrue(event.active)

    def test_what_was_left_behind_is_cancelled_although_it_was_edited(self):
        """The meeting went on elsewhere: an edit of the old one does not bring a second here."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        event.with_user(self.bob).action_outlook_move_now()
        self.settle()
        old = next(one for one in self.sandbox.events(ANN) if one["isOrganizer"])
        self.sandbox.change_event(ANN, old["id"], {"subject": "Old plan"})
        account.state = "active"
        self.settle()

        self.assertFalse(self.local("Old plan"))
        self.assertFalse([one for one in self.sandbox.events(ANN) if one["isOrganizer"]])

    def test_the_old_mailbox_is_signed_out(self):
        """It says so, and a person may go on; what is edited meanwhile this side mails."""
        event = self.plan(self.bob)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.give(event, self.bob, by=self.bob)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertIn("signed out", event.with_user(self.bob).outlook_move_notice)
        self.assertTrue(event.with_user(self.bob).outlook_can_move_now)

    def test_the_cancellation_gets_no_answer(self):
        """It arrived: the next round looks, finds it gone, and goes on."""
        event = self._moving()
        self.sandbox.faults.drop_after(method="DELETE", path=r"/me/events/")
        self.sync(self.ann)
        self.account(self.ann).backoff_until = False
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertTrue(event.active)
        self.assertTrue(self.current(BOB, "Plan")["isOrganizer"])

    def test_the_invitation_gets_no_answer(self):
        """It arrived: it is found by its mark, and nobody is invited twice."""
        self._moving()
        self.sandbox.faults.drop_after(method="POST", path=r"/me/calendar/events$")
        self.settle()
        self.account(self.bob).backoff_until = False
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(1, len(self.local("Plan")))

    def test_the_former_organizer_deletes_it_in_outlook_meanwhile(self):
        """Somebody gave it to Bob here: that edit beats the deletion, and it goes on with him."""
        event = self.plan(self.bob)
        self.sandbox.delete_event(ANN, self.remote(ANN, "Plan")["id"])
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertTrue(event.active)
        self.assertEqual([("invitation", BOB, ANN), ("invitation", BOB, GUEST)], self.kinds())

    def test_whichever_mailbox_comes_first(self):
        """The new organizer's rounds wait for the old one's, and see the old copy meanwhile."""
        event = self._moving()
        self.sync(self.bob)
        self.assertEqual([], self.written())
        self.sync(self.ann, self.bob)

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(event, self.local("Plan"))

    def test_an_old_copy_that_arrives_late_makes_nothing(self):
        """A guest's mailbox shows the meeting after it moved, not yet cancelled: it is known."""
        event = self.plan()
        bob = [(4, self.bob.partner_id.id)]
        self.write(event, self.ann, partner_ids=bob)
        self.sync(self.ann)
        self.sandbox.options.set(delta_lag=1)
        self.give(event, self.carl)
        self.sync(self.ann)
        for _round in range(3):
            self.sync(self.bob)
            self.assertEqual(event, self.local("Plan"))

    def test_where_outlook_tells_no_icaluid(self):
        """Nothing names the old copies but what they are: the meeting moves all the same."""
        self.sandbox.options.set(ical_uid_missing=True)
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(event, self.local("Plan"))
        self.written()
        self.settle()
        self.assertEqual([], self.written())

    def test_his_answer_is_not_sent_to_himself(self):
        """The new organizer's own answer here is no answer to the one before."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.answer(event, self.bob, "do_accept")
        self.sync(self.bob)
        self.settle()

        self.assertNotIn("response", {kind for kind, _sender, _to in self.kinds()})

    def test_unarchived_is_another_meeting_in_outlook(self):
        """The old one stays known by its iCalUId: its late copies bring nothing."""
        event = self.plan(self.bob)
        old = self.meeting(event)
        uid = old.ical_uid
        self.write(event, self.ann, active=False)
        self.settle()
        self.write(event, self.ann, active=True)
        self.settle()

        self.assertEqual(uid, old.ical_uid)
        self.assertEqual("gone", old.state)
        self.assertFalse(old.event_id)
        self.assertNotEqual(uid, self.meeting(event).ical_uid)
        self.assertTrue(self.meeting(event).ical_uid)
        self.assertEqual(event, self.local("Plan"))


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
