"""Who acts, and whose mailbox is written. docs/sync-rules.md, *Who acts*."""

import random

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user, tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee

CARL = "carl@contoso.example"
#: So many people with mailboxes in one meeting, whoever of them syncs first.
CROWD = 10


class RolesCase(SandboxCase):
    def written_in(self):
        """Return in whose mailboxes meetings were written since, and forget all requests so far."""
        found = {
            one.mailbox
            for one in self.sandbox.requests
            if one.method != "GET" and one.path.startswith("/me/") and one.path != "/me/calendar"
        }
        self.sandbox.state.requests.clear()
        return found

    def mailed(self):
        """Return (kind, from, to) of what Exchange mailed, sorted, and forget it."""
        found = [(one.kind, one.sender, to) for one in self.sandbox.mails for to in one.recipients]
        self.sandbox.state.mails.clear()
        return sorted(found)

    def settle(self):
        """Let everybody's rounds run until nothing is left to do."""
        connected = self.env["outlook.account"].search([("state", "=", "active")]).user_id
        for _turn in range(2):
            self.sync(*connected.sorted("id"))

    def forget(self):
        """Forget what was written and mailed so far."""
        self.written_in()
        self.mailed()


@tagged("post_install", "-at_install")
class TestWhoActs(RolesCase):
    """Ann and Bob have mailboxes; whoever else acts here has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        internal = "base.group_user"
        cls.manager = new_test_user(cls.env, "manager-outlook", groups=internal)
        cls.plain = new_test_user(cls.env, "plain-outlook", groups=internal)
        cls.stranger = new_test_user(
            cls.env, "stranger-outlook", groups=internal, company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        cls.visitor = new_test_user(
            cls.env, "visitor-outlook", email="visitor@outside.example", groups="base.group_portal"
        )
        cls.other = other
        cls.both = [(6, 0, (cls.ann.partner_id | cls.guest).ids)]

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def _actors(self):
        """Return environments in which somebody edits a meeting of Ann's, by who that is."""
        user = self.env["calendar.event"].with_user
        return {
            "manager": user(self.manager),
            "assistant with a mailbox": user(self.bob),
            "another company": user(self.stranger),
            "without rights on contacts": user(self.plain),
            "portal": user(self.visitor).sudo(),
            "public": user(self.env.ref("base.public_user")).sudo(),
            "OdooBot": user(SUPERUSER_ID),
        }

    def test_whoever_edits_the_organizers_mailbox_is_written(self):
        """A name, a time, a guest: through Ann's mailbox alone, and Outlook tells the guests."""
        event = self.make(self.ann, name="Plan", partner_ids=self.both)
        self.settle()
        for number, (who, events) in enumerate(self._actors().items()):
            with self.subTest(who):
                self.forget()
                events.browse(event.id).write({"location": f"Room {number}"})
                self.settle()

                self.assertEqual({ANN}, self.written_in())
                self.assertEqual([("update", ANN, GUEST)], self.mailed())
                self.assertEqual(
                    f"Room {number}", self.remote(ANN, "Plan")["location"]["displayName"]
                )
                self.assertEqual("accepted", self.state(event, self.ann))
        self.assertFalse(self.mails())

    def test_whoever_books_it_is_in_the_organizers_mailbox(self):
        """As a controller does: in sudo, in the name of somebody else, for a visitor."""
        for number, (who, events) in enumerate(self._actors().items()):
            with self.subTest(who):
                self.forget()
                start = self.soon(days=20 + number)
                events.sudo().create(
                    {
                        "name": f"Booked {number}",
                        "start": start,
                        "stop": start.replace(hour=10),
                        "user_id": self.ann.id,
                        "partner_ids": self.both,
                    }
                )
                self.settle()

                self.assertEqual({ANN}, self.written_in())
                self.assertEqual([("invitation", ANN, GUEST)], self.mailed())
                self.assertIsNotNone(self.remote(ANN, f"Booked {number}"))
        self.assertFalse(self.mails())

    def test_an_answer_by_link_stays(self):
        """A guest without a mailbox answers by the link of a mail: no organizer can write that."""
        event = self.make(self.ann, name="Plan", partner_ids=self.both)
        self.settle()
        self.forget()
        answer = event.attendee_ids.filtered(lambda one: one.partner_id == self.guest)
        answer.with_user(self.env.ref("base.public_user")).sudo().do_accept()
        self.settle()
        self.assertEqual(set(), self.written_in())
        self.write(event, self.ann, location="Room 1")
        self.settle()

        self.assertEqual("accepted", answer.state)
        self.assertEqual([("update", ANN, GUEST)], self.mailed())

    def test_a_contact_of_another_company_breaks_no_round(self):
        """Somebody invited there whom Ann may not see: he is invited, and stays one person."""
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "email": "hidden@outside.example", "company_id": self.other.id}
        )
        event = self.make(self.ann, name="Plan", partner_ids=self.both)
        event.with_user(self.stranger).write({"partner_ids": [(4, hidden.id)]})
        self.settle()
        remote = self.remote(ANN, "Plan")
        self.assertEqual(2, len(remote["attendees"]))
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "There"}})
        self.settle()

        self.assertEqual("There", event.location)
        self.assertEqual(self.ann.partner_id | self.guest | hidden, event.partner_ids)

    def test_the_mailbox_of_somebody_without_rights_on_contacts(self):
        """Unknown people in his Outlook are brought in all the same: the round is not he."""
        self.sandbox.add_mailbox(CARL, name="Plain")
        self.connect(self.plain, CARL)
        self.make_remote(CARL, subject="Call", attendees=[attendee("new@outside.example", "New")])
        self.settle()

        self.assertIn("New", self.local("Call").partner_ids.mapped("name"))
        self.assertFalse(self.account(self.plain).last_error)

    def test_an_organizer_who_connects_later_has_his_meeting(self):
        """Brought in by a guest; nobody else's mailbox is written; then it is adopted."""
        self.sandbox.add_mailbox(CARL, name="Carl")
        carl = self._user("carl", CARL, "Europe/Brussels")
        self.make_remote(CARL, subject="Board", attendees=[attendee(ANN), attendee(GUEST)])
        self.settle()
        event = self.local("Board")
        self.assertEqual(carl, event.user_id)
        self.forget()
        self.write(event, self.ann, location="Room 1")
        self.settle()
        self.assertEqual(set(), self.written_in())

        self.connect(carl, CARL)
        self.assertEqual((set(), []), (self.written_in(), self.mailed()))
        self.write(event, self.ann, location="Room 2")
        self.settle()
        self.assertEqual({CARL}, self.written_in())
        self.assertEqual("Room 2", self.remote(CARL, "Board")["location"]["displayName"])
        self.assertEqual(event, self.local("Board"))


@tagged("post_install", "-at_install")
class TestOneMeetingForAll(RolesCase):
    """Two, three, ten mailboxes in one meeting share one event, whoever syncs first."""

    def _people(self, number):
        people = {ANN: self.ann, BOB: self.bob}
        for index in range(number - len(people)):
            address = f"p{index}@contoso.example"
            self.sandbox.add_mailbox(address, name=f"P{index}")
            people[address] = self._user(f"p{index}", address, "Europe/Brussels")
        for address, user in people.items():
            self.connect(user, address)
        return people

    def _hold_one(self, number, *, made_here):
        people = self._people(number)
        guests = [one for one in people if one != ANN]
        if made_here:
            partners = [(4, people[one].partner_id.id) for one in guests]
            self.make(self.ann, name="Board", partner_ids=partners)
        else:
            self.make_remote(ANN, subject="Board", attendees=[attendee(one) for one in guests])
        order = list(people.values())
        random.Random(number).shuffle(order)
        for _turn in range(2):
            self.sync(*order)

        [event] = self.local("Board")
        meeting = self.meeting(event)
        self.assertEqual(number, len(meeting.copy_ids))
        self.assertEqual(1, len(meeting._organizer_copy()))
        self.assertEqual(self.ann, event.user_id)
        self.assertEqual([("invitation", ANN, one) for one in sorted(guests)], self.mailed())
        self.assertFalse(self.mails())
        self.forget()
        self.sync(*order)
        self.assertEqual((set(), []), (self.written_in(), self.mailed()))

    def test_three_made_in_outlook(self):
        """Read from three mailboxes, whichever comes first."""
        self._hold_one(3, made_here=False)

    def test_ten_made_in_outlook(self):
        """The same with a crowd."""
        self._hold_one(CROWD, made_here=False)

    def test_ten_made_here(self):
        """The organizer's mailbox is written once; the others find what is known."""
        self._hold_one(CROWD, made_here=True)


@tagged("post_install", "-at_install")
class TestPrivateMeetings(RolesCase):
    """Two accounts in one worker; Bob may not read Ann's private meetings."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        self.event = self.make(
            self.ann, name="Doctor", location="Clinic", privacy="private",
            partner_ids=[(4, self.guest.id)],
        )  # fmt: skip

    def _read_by_all(self):
        """Let others read the meeting, whose eyes are what poisons the cache of everybody."""
        for user in (self.bob, self.admin):
            self.event.invalidate_recordset()
            self.assertEqual("Busy", self.event.with_user(user).name)

    def test_nothing_turns_into_busy(self):
        """Read by others, synced by two accounts, edited on both sides: it is what it was."""
        self._read_by_all()
        self.settle()
        self._read_by_all()
        remote = self.remote(ANN, "Doctor")
        self.assertEqual("Clinic", remote["location"]["displayName"])
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Hospital"}})
        self._read_by_all()
        self.settle()
        self.env.invalidate_all()
        self.assertEqual(("Doctor", "Hospital"), (self.event.name, self.event.location))
        self.write(self.event, self.ann, description="<p>Bring the card</p>")
        self._read_by_all()
        self.settle()

        self.assertEqual("Hospital", self.remote(ANN, "Doctor")["location"]["displayName"])
        self.assertEqual([], self.sandbox.find_events(ANN, "Busy"))

    def test_one_worker_serves_both(self):
        """A lane that goes from one account to the next keeps them apart."""
        self.run_lane()
        self._read_by_all()
        self.write(self.event, self.ann, location="Hospital")
        self.make_remote(BOB, subject="Secret", sensitivity="private")
        self.account(self.bob).next_round_at = self.env.cr.now()
        self.run_lane()

        self.assertEqual("Hospital", self.remote(ANN, "Doctor")["location"]["displayName"])
        self.assertEqual("Busy", self.local("Secret").with_user(self.ann).name)
        self.env.invalidate_all()
        self.assertEqual("Secret", self.local("Secret").name)

    def test_moving_shows_nobody_what_it_is(self):
        """Given to Bob while others look: what moves is the meeting, not its mask."""
        self.settle()
        self._read_by_all()
        self.env.invalidate_all()
        self.write(self.event, self.ann, user_id=self.bob.id)
        self.settle()

        self.assertEqual(1, len(self.sandbox.find_events(BOB, "Doctor")))
        self.assertEqual([], self.sandbox.find_events(BOB, "Busy"))

    def test_administrators_lists_hide_it(self):
        """Nothing that an administrator may read of the sync tells what or where it is."""
        self.settle()
        remote = self.remote(ANN, "Doctor")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Hospital"}})
        self.write(self.event, self.ann, location="Clinic 2")
        self.settle()
        self.env.invalidate_all()
        for model in (
            "outlook.meeting", "outlook.copy", "outlook.outbox", "outlook.account",
            "outlook.sync.run", "outlook.sync.change",
        ):  # fmt: skip
            with self.subTest(model):
                rows = self.env[model].with_user(self.admin).search([])
                shown = str(rows.read()) + str(rows.mapped("display_name"))
                for word in ("Doctor", "Clinic", "Hospital"):
                    self.assertNotIn(word, shown)
