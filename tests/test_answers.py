"""Answers to single meetings, and what may not happen to them. docs/sync-rules.md, *Who owns what*.

Those to series are in `test_series_answers`.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time

#: The answer there, its state here, what Graph then shows.
ANSWERS = (
    ("accept", "accepted", "accepted"),
    ("tentativelyAccept", "tentative", "tentativelyAccepted"),
    ("decline", "declined", "declined"),
)


@tagged("post_install", "-at_install")
class TestAnswers(SandboxCase):
    def setUp(self):
        super().setUp()
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def invited(self, subject="Board", **values):
        """Let Ann invite Bob and a guest outside; both mailboxes are read."""
        self.make_remote(ANN, subject=subject, attendees=[attendee(BOB), attendee(GUEST)], **values)
        self.sync(self.ann, self.bob)
        self.forget()
        return self.local(subject)

    def forget(self):
        self.written()
        self.told()

    def answer(self, event, state, user=None):
        """Answer here as the buttons do."""
        user = user or self.bob
        event.with_user(user).change_attendee_status(state, "self_only")

    def answer_there(self, address, action, subject="Board"):
        self.sandbox.answer_event(address, self.remote(address, subject)["id"], action)

    def change_there(self, **changes):
        self.sandbox.change_event(ANN, self.remote(ANN, "Board")["id"], changes)
        self.sync(self.ann, self.bob)

    def states(self, event):
        """Return what Bob and the guest outside answered, as it stands here."""
        self.env.invalidate_all()
        by_partner = {one.partner_id: one.state for one in event.attendee_ids}
        return by_partner[self.bob.partner_id], by_partner[self.guest]

    def answers_sent(self):
        """Return the answers that a mailbox was asked to give."""
        actions = [path.rpartition("/")[2] for _method, path in self.written()]
        return [action for action in actions if action in {one for one, *_ in ANSWERS}]

    def _item(self, address):
        """Return the one event in a mailbox as Exchange keeps it, to change it behind its back."""
        [mailbox] = [one for one in self.sandbox.state.mailboxes if one.address == address]
        [item] = mailbox.items.values()
        return item

    def assertQuiet(self):
        self.forget()
        self.sync(self.ann, self.bob, self.ann, self.bob)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())

    def test_every_answer_here_is_given_there_once(self):
        """One request, one mail to the organizer, and his copy shows it."""
        for action, state, shown in ANSWERS:
            with self.subTest(state):
                event = self.invited(state)
                self.answer(event, state)
                self.sync(self.bob)
                self.assertEqual([action], self.answers_sent())
                self.assertEqual([("response", ANN)], self.told())
                self.sync(self.ann, self.bob)
                [bob] = [
                    one["status"]["response"]
                    for one in self.remote(ANN, state)["attendees"]
                    if one["emailAddress"]["address"] == BOB
                ]
                self.assertEqual(shown, bob)
                self.assertQuiet()
                self.assertEqual(state, self.states(event)[0])
                self.assertTrue(event.active)

    def test_every_answer_there_is_shown_here(self):
        """Of a colleague through his mailbox, of somebody outside through the organizer's."""
        for action, state, _shown in ANSWERS:
            with self.subTest(state):
                event = self.invited(state)
                self.answer_there(BOB, action, state)
                self.answer_there(GUEST, action, state)
                self.sync(self.bob, self.ann)
                self.assertEqual((state, state), self.states(event))
                self.assertQuiet()
                self.assertTrue(event.active)

    def test_a_declined_copy_that_stays_is_no_as_well(self):
        """Whether Outlook removes the copy or keeps it."""
        self.sandbox.options.set(decline_removes=False)
        event = self.invited()
        self.answer_there(BOB, "decline")
        self.sync(self.bob)

        self.assertEqual("declined", self.states(event)[0])
        self.assertQuiet()

    def test_the_organizers_own_answer_is_not_sent(self):
        """Outlook takes none of an organizer."""
        event = self.invited()
        for state in ("declined", "tentative", "accepted"):
            self.answer(event, state, self.ann)
            self.sync(self.ann, self.bob)

        self.assertEqual([], self.written())
        self.assertTrue(event.active)
        self.assertEqual("linked", self.meeting(event).state)

    def test_an_answer_that_is_refused_concerns_that_person_alone(self):
        """Asked once more in silence, then never again; the meeting is not set aside."""
        event = self.invited()
        # Exchange says of itself what this side did not know: 400 ErrorInvalidRequest.
        self._item(BOB).is_organizer = True
        self.answer(event, "accepted")
        self.sync(self.bob)
        self.assertEqual(["accept", "accept"], self.answers_sent())
        self.assertEqual("linked", self.meeting(event).state)
        self.assertFalse(self.account(self.bob).pending_count)
        self.assertQuiet()
        self.assertEqual("accepted", self.states(event)[0])
        self._item(BOB).is_organizer = False
        self.answer(event, "tentative")
        self.sync(self.bob)

        self.assertEqual(["tentativelyAccept"], self.answers_sent())

    def test_who_wants_no_answers_any_more_gets_none(self):
        """It is noted in the guest's mailbox, in silence, although he did not know."""
        event = self.invited()
        self.answer(event, "accepted")
        self._item(BOB).content["responseRequested"] = False
        self.sync(self.bob)

        self.assertEqual([], self.told())
        self.assertEqual("accepted", self.remote(BOB, "Board")["responseStatus"]["response"])
        self.assertQuiet()

    def test_an_answer_to_a_copy_that_is_gone_is_not_sent(self):
        """He removed it in Outlook: that is his answer, on both sides."""
        event = self.invited()
        self.sandbox.delete_event(BOB, self.remote(BOB, "Board")["id"])
        self.answer(event, "accepted")
        self.sync(self.bob, self.ann)
        self.assertEqual("declined", self.states(event)[0])
        self.assertTrue(event.active)
        self.answer(event, "accepted")
        self.sync(self.bob, self.ann)

        self.assertEqual([], self.told())
        self.assertFalse(self.account(self.bob).pending_count)
        self.assertQuiet()

    def test_an_answer_to_what_was_cancelled_is_not_sent(self):
        """The organizer called it off before the guest's round."""
        event = self.invited()
        self.answer(event, "accepted")
        self.sandbox.delete_event(ANN, self.remote(ANN, "Board")["id"])
        self.forget()
        self.sync(self.ann, self.bob)

        self.assertFalse(event.active)
        self.assertEqual([], self.answers_sent())
        self.assertFalse(self.account(self.bob).pending_count)

    def test_a_lost_answer_to_an_answer_is_not_repeated(self):
        """It arrived, and nobody here knows: the next round sees it."""
        for state in ("accepted", "declined"):
            with self.subTest(state):
                event = self.invited(state)
                self.sandbox.faults.drop_after(method="POST", path=r"/(accept|decline|tentat\w+)$")
                self.answer(event, state)
                self.sync(self.bob)
                self.account(self.bob).backoff_until = False
                self.sync(self.bob, self.ann)
                self.assertEqual([("response", ANN)], self.told())
                self.assertEqual(state, self.states(event)[0])
                self.assertQuiet()

    def _answered(self):
        """Return a meeting that Bob accepted here, and a guest outside there."""
        event = self.invited()
        self.answer(event, "accepted")
        self.answer_there(GUEST, "tentativelyAccept")
        self.sync(self.bob, self.ann)
        self.forget()
        return event

    def test_edits_that_leave_the_time_leave_the_answers(self):
        """Place, subject or guests, by either side, also where Exchange shows guests anew."""
        self.sandbox.options.set(attendees_patch_resets_answers=True)
        event = self._answered()
        team = [attendee(BOB), attendee(GUEST), attendee("new@x.example")]
        for changes in (
            {"location": {"displayName": "Room 4"}},
            {"attendees": team},
            {"body": {"contentType": "text", "content": "Agenda"}},
        ):
            self.change_there(**changes)
            self.assertEqual(("accepted", "tentative"), self.states(event))
        new = self.env["res.partner"].create({"name": "Zoe", "email": "zoe@x.example"})
        for values in ({"partner_ids": [(4, new.id)]}, {"name": "Board", "location": "Room 5"}):
            self.write(event, self.ann, **values)
            self.sync(self.ann, self.bob)
            self.assertEqual(("accepted", "tentative"), self.states(event))
        self.assertEqual([], self.answers_sent())
        self.assertQuiet()

    def test_a_new_time_asks_everybody_again(self):
        """Whoever gives it; a new answer is sent again."""
        event = self._answered()
        start = self.soon(9)
        when = {"start": graph_time(start), "end": graph_time(start + timedelta(hours=1))}
        self.change_there(**when)
        self.assertEqual(("needsAction", "needsAction"), self.states(event))
        self.answer(event, "accepted")
        self.answer_there(GUEST, "accept")
        self.sync(self.bob, self.ann)
        self.assertEqual(("accepted", "accepted"), self.states(event))
        self.written()
        start = self.soon(10)
        self.write(event, self.ann, start=start, stop=start + timedelta(hours=1))
        self.sync(self.ann, self.bob, self.ann)
        self.assertEqual(("needsAction", "needsAction"), self.states(event))
        self.assertEqual([], self.answers_sent())
        self.answer(event, "accepted")
        self.sync(self.bob)

        self.assertEqual(["accept"], self.answers_sent())

    def test_a_new_time_asks_those_again_whose_no_took_it_out_of_their_mailbox(self):
        """Declined or removed there, whichever mailbox is read first; an edit asks nobody."""
        for act, order in (("decline", "ann first"), ("remove", "bob first")):
            with self.subTest(act=act, order=order):
                subject = f"{act} {order}"
                users = (self.ann, self.bob) if order == "ann first" else (self.bob, self.ann)
                event = self.invited(subject)
                if act == "decline":
                    self.answer_there(BOB, "decline", subject)
                else:
                    self.sandbox.delete_event(BOB, self.remote(BOB, subject)["id"])
                self.sync(self.bob, self.ann)
                self.write(event, self.ann, location="Room 1")
                self.sync(self.ann, *users, *users)
                self.assertEqual("declined", self.states(event)[0])
                start = self.soon(9)
                self.write(event, self.ann, start=start, stop=start + timedelta(hours=1))
                self.sync(self.ann, *users, *users)
                self.assertEqual("needsAction", self.states(event)[0])
                self.assertEqual([], self.answers_sent())
                self.assertQuiet()

    def test_an_answer_by_mail_here_of_somebody_without_a_mailbox_stays(self):
        """Outlook has no way to hear of it; what it shows of him later counts."""
        event = self.invited()
        attendees = event.attendee_ids.filtered(lambda one: one.partner_id == self.guest)
        attendees.do_accept()
        self.change_there(location={"displayName": "Room 4"})
        self.assertEqual("accepted", self.states(event)[1])
        self.answer_there(GUEST, "decline")
        self.sync(self.ann)

        self.assertEqual("declined", self.states(event)[1])
        self.assertEqual([], self.answers_sent())
