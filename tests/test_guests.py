"""Guests whom one side cannot say, and guests by the hundred. docs/sync-rules.md, *Who owns what*.

Outlook's people: a room, a list, somebody of the directory, somebody without an address.
"""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee

ROOM = "room4@contoso.example"
LIST = "sales@contoso.example"
NEW = "new.face@outside.example"
PATH = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF)/cn=Recipients/cn=42-Old"


class GuestCase(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def invite_there(self, *people, **values):
        """Let Ann make *Board* in Outlook, and forget what that took."""
        self.make_remote(ANN, subject="Board", attendees=list(people), **values)
        self.sync(self.ann)
        self.forget()
        return self.local("Board")

    def forget(self):
        self.written()
        self.told()

    def change_people_there(self, *people):
        self.sandbox.change_event(ANN, self.remote(ANN, "Board")["id"], {"attendees": list(people)})
        self.sync(self.ann)

    def addresses_there(self):
        """Return who is invited in Outlook."""
        people = self.remote(ANN, "Board")["attendees"]
        return {one["emailAddress"].get("address", one["emailAddress"]["name"]) for one in people}

    def contacts(self, *addresses):
        """Return the contacts of these addresses, archived ones too."""
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("email_normalized", "in", addresses)])

    def notice(self, event, user=None):
        """Return what somebody reads of people on the form."""
        self.env.invalidate_all()
        return event.with_user(user or self.ann).outlook_people_notice

    def assertQuiet(self, *users):
        """Run rounds twice: nothing is written there or mailed by anybody."""
        self.forget()
        self.sync(*(users or (self.ann,)) * 2)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())


@tagged("post_install", "-at_install")
class TestGuests(GuestCase):
    def test_a_plus_address_in_outlook_is_the_contact_with_the_plain_one(self):
        """No second guest, no write, no mail; removed on either side he is gone on both."""
        tagged_address = GUEST.replace("@", "+news@")
        event = self.invite_there(attendee(tagged_address), attendee(BOB))
        everybody = self.ann.partner_id | self.bob.partner_id | self.guest
        self.assertEqual(everybody, event.partner_ids)
        self.assertQuiet()
        self.write(event, self.ann, partner_ids=[Command.unlink(self.guest.id)])
        self.sync(self.ann)
        self.assertEqual({BOB}, self.addresses_there())
        self.assertEqual([("cancellation", tagged_address)], self.told())
        self.change_people_there(attendee(BOB), attendee(tagged_address))
        self.assertEqual(everybody, event.partner_ids)
        self.change_people_there(attendee(BOB))
        self.assertEqual(everybody - self.guest, event.partner_ids)
        self.assertQuiet()

    def test_who_is_invited_there_under_two_addresses_is_one_guest(self):
        """Taken off here he is taken off there with both; taken off with one there he stays."""
        twice = [attendee(GUEST), attendee(GUEST.replace("@", "+b@"))]
        event = self.invite_there(*twice)
        self.assertEqual(self.ann.partner_id | self.guest, event.partner_ids)
        self.change_people_there(twice[1])
        self.assertIn(self.guest, event.partner_ids)
        self.assertQuiet()
        self.change_people_there(*twice)
        self.write(event, self.ann, partner_ids=[Command.unlink(self.guest.id)])
        self.sync(self.ann)

        self.assertEqual(set(), self.addresses_there())
        self.assertQuiet()

    def test_unknown_people_become_contacts_and_rooms_and_lists_do_not(self):
        """A thing, the place's own address, a path of the directory; each is named on the form."""
        event = self.invite_there(
            attendee(NEW, "New Face"),
            attendee(ROOM, "Room 4"),
            attendee("beamer@contoso.example", "Beamer", "resource"),
            attendee(PATH, "Old Hand"),
            location={"displayName": "Room 4", "locationEmailAddress": ROOM},
        )

        self.assertEqual(self.ann.partner_id | self.contacts(NEW), event.partner_ids)
        self.assertEqual("New Face", self.contacts(NEW).name)
        self.assertFalse(self.contacts(ROOM, "beamer@contoso.example"))
        notice = self.notice(event)
        self.assertEqual("Also invited in Outlook: Beamer, Old Hand, Room 4.", notice)

    def test_whom_nobody_here_knows_is_kept_by_name_where_that_is_set(self):
        """No contact is made; he is still invited there after edits here, and heard of by name."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.unknown_guests", "names")
        event = self.invite_there(attendee(NEW, "New Face"), attendee(GUEST))
        self.assertEqual(self.ann.partner_id | self.guest, event.partner_ids)
        self.assertFalse(self.contacts(NEW))
        self.assertEqual("Also invited in Outlook: New Face.", self.notice(event))
        self.write(event, self.ann, name="Board", location="Here")
        self.write(event, self.ann, partner_ids=[Command.link(self.bob.partner_id.id)])
        self.write(event, self.ann, partner_ids=[Command.unlink(self.guest.id)])
        self.sync(self.ann)

        self.assertEqual({NEW, BOB}, self.addresses_there())
        self.assertQuiet()

    def test_an_organizer_whom_nobody_knows_is_kept_by_address_where_that_is_set(self):
        """The meeting is here without a host, and says who it is."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.unknown_guests", "names")
        self.sandbox.add_mailbox(NEW, name="New Face")
        self.make_remote(NEW, subject="Pitch", attendees=[attendee(ANN)])
        self.sync(self.ann)
        event = self.local("Pitch")

        self.assertEqual(
            (False, self.ann.partner_id), (event.user_id.id or False, event.partner_ids)
        )
        self.assertFalse(self.contacts(NEW))
        self.assertIn(NEW, self.notice(event))

    def test_who_is_known_later_is_a_guest_once_somebody_invites_him(self):
        """Inviting the contact here invites nobody twice there; taking him off takes him off."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.unknown_guests", "names")
        event = self.invite_there(attendee(NEW, "New Face"))
        contact = self.env["res.partner"].create({"name": "New Face", "email": NEW})
        self.write(event, self.ann, partner_ids=[Command.link(contact.id)])
        self.sync(self.ann)
        self.assertEqual([], self.told())
        self.assertFalse(self.notice(event))
        self.write(event, self.ann, partner_ids=[Command.unlink(contact.id)])
        self.sync(self.ann)

        self.assertEqual(set(), self.addresses_there())
        self.assertEqual([("cancellation", NEW)], self.told())

    def test_a_list_that_invites_an_owner_makes_no_contacts(self):
        """He is not named himself: the other addresses may be lists as well."""
        self.sandbox.add_mailbox(GUEST, name="Guest")
        self.sandbox.add_mailbox("carl@contoso.example", name="Carl", alias=LIST)
        carl = self._user("carl", "carl@contoso.example", "UTC")
        people = [attendee(LIST, "Sales"), attendee(NEW, "New Face"), attendee(BOB)]
        self.make_remote(GUEST, subject="Fair", attendees=people)
        self.connect(carl, "carl@contoso.example")
        event = self.local("Fair")

        known = self.guest | carl.partner_id | self.bob.partner_id
        self.assertEqual(known, event.partner_ids)
        self.assertFalse(self.contacts(LIST, NEW))
        self.assertEqual("Also invited in Outlook: New Face, Sales.", self.notice(event, carl))

    def test_paths_and_names_survive_edits_of_the_guests_here(self):
        """Whoever cannot be said here is written back as he was, and hears nothing."""
        event = self.invite_there(attendee(PATH, "Old Hand"), attendee(GUEST, "Guest"))
        self.sandbox.options.set(people_without_address=False)
        self.write(event, self.ann, partner_ids=[Command.link(self.bob.partner_id.id)])
        self.sync(self.ann)

        self.assertEqual({PATH, GUEST, BOB}, self.addresses_there())
        self.assertEqual([("invitation", BOB)], self.told())

    def test_guests_who_are_shown_by_name_only_survive_edits_here(self):
        """Outlook may show people without an address; they stay, and no contact is made."""
        self.sandbox.options.set(people_without_address=True)
        event = self.invite_there(attendee(NEW, "New Face"))
        self.assertEqual(self.ann.partner_id, event.partner_ids)
        self.write(event, self.ann, partner_ids=[Command.link(self.guest.id)])
        self.sync(self.ann)
        self.sandbox.options.set(people_without_address=False)

        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual({NEW, GUEST}, self.addresses_there())
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_who_has_neither_name_nor_address_is_nobody(self):
        """He stops no invitation."""
        event = self.invite_there(attendee(NEW, "New Face"))
        [item] = self.sandbox.state.mailboxes[0].items.values()
        item.content["attendees"].append(
            {
                "type": "required",
                "status": {"response": "none"},
                "emailAddress": {"name": "", "address": ""},
            }
        )
        self.sandbox.change_event(ANN, self.remote(ANN, "Board")["id"], {"subject": "Board 2"})
        self.sync(self.ann)
        self.assertEqual("Board 2", event.name)
        self.assertFalse(self.notice(event))

    def test_a_guest_without_an_address_is_left_out_and_named(self):
        """All others are invited."""
        nameless = self.env["res.partner"].create({"name": "Walter", "email": False})
        guests = [Command.link(nameless.id), Command.link(self.guest.id)]
        event = self.make(self.ann, name="Board", partner_ids=guests)
        self.sync(self.ann)
        self.assertEqual({GUEST}, self.addresses_there())
        self.assertEqual(
            "Not invited through Outlook, as Walter has no e-mail address.", self.notice(event)
        )
        another = self.env["res.partner"].create({"name": "Zoe"})
        self.write(event, self.ann, partner_ids=[Command.link(another.id)])
        self.assertIn("Walter and Zoe", self.notice(event))
        nameless.email = another.email = "both@x.example"

        self.assertFalse(self.notice(event))

    def test_who_may_not_see_a_private_meeting_reads_no_names(self):
        """Not on the form, whoever he is; the guests do."""
        event = self.invite_there(
            attendee(ROOM, "Room 4", "resource"), attendee(GUEST), sensitivity="private"
        )
        stranger = new_test_user(self.env, "stranger-outlook", groups="base.group_system")

        self.assertEqual("Also invited in Outlook: Room 4.", self.notice(event, self.ann))
        self.assertFalse(self.notice(event, stranger))

    def test_one_date_of_a_series_names_its_own_people(self):
        """A room that is booked for one date is named on that row alone."""
        start = self.soon()
        weekly = {"type": "daily", "interval": 7}
        ends = {"type": "numbered", "numberOfOccurrences": 3, "startDate": f"{start:%Y-%m-%d}"}
        self.invite_there(attendee(GUEST), recurrence={"pattern": weekly, "range": ends})
        shown = self.sandbox.view(
            ANN, *(f"{self.soon(day):%Y-%m-%dT%H:%M:%SZ}" for day in (10, 30))
        )
        room = attendee(ROOM, "Room 4", "resource")
        self.sandbox.change_event(ANN, shown[0]["id"], {"attendees": [attendee(GUEST), room]})
        self.sync(self.ann)
        rows = self.local("Board").sorted("start")
        names = "Also invited in Outlook: Room 4."

        self.assertEqual([False, names, False], [self.notice(row) for row in rows])

    def test_a_user_without_rights_on_contacts_brings_in_unknown_people(self):
        """The sync makes the contact; the user could not."""
        dora = new_test_user(self.env, "dora-outlook", email="dora@contoso.example")
        self.sandbox.add_mailbox("dora@contoso.example", name="Dora")
        self.make_remote("dora@contoso.example", subject="Board", attendees=[attendee(NEW)])
        self.connect(dora, "dora@contoso.example")

        self.assertEqual(dora.partner_id | self.contacts(NEW), self.local("Board").partner_ids)
        self.assertFalse(self.account(dora).last_error)


@tagged("post_install", "-at_install")
class TestAliases(SandboxCase):
    """Ann has a personal account: Outlook shows her under another address."""

    MINE = "ann@outlook.example"
    ALIAS = "outlook_1A2B@outlook.com"

    def setUp(self):
        super().setUp()
        self.sandbox.add_mailbox(self.MINE, name="Ann", personal=True, alias=self.ALIAS)

    def _meet(self):
        self.make_remote(self.MINE, subject="Board", attendees=[attendee(BOB)])

    def assertAnns(self):
        event = self.local("Board")
        self.assertEqual(1, len(event))
        self.assertEqual(self.ann, event.user_id)
        self.assertEqual(self.ann.partner_id | self.bob.partner_id, event.partner_ids)
        self.assertEqual("accepted", self.state(event, self.ann))
        self.assertEqual("linked", self.meeting(event).state)
        self.written()
        self.sync(self.ann, self.bob, self.ann)
        self.assertEqual([], self.written())
        self.assertFalse(self.mails())

    def test_a_guests_mailbox_before_the_organizers(self):
        """Nobody knows the alias yet: the meeting is Ann's as soon as her mailbox shows it."""
        self._meet()
        self.connect(self.bob, BOB)
        self.assertFalse(self.local("Board").user_id)
        self.connect(self.ann, self.MINE)

        self.assertAnns()

    def test_the_organizers_mailbox_before_a_guests(self):
        """The alias is known then."""
        self._meet()
        self.connect(self.ann, self.MINE)
        self.connect(self.bob, BOB)

        self.assertAnns()
        self.assertEqual([self.ALIAS.lower()], self.account(self.ann).aliases)

    def test_an_invitation_to_the_alias_is_an_invitation_to_her(self):
        """Although her mailbox shows none of her own meetings yet."""
        self.make_remote(BOB, subject="Board", attendees=[attendee(self.ALIAS, "Ann")])
        self.connect(self.ann, self.MINE)
        self.connect(self.bob, BOB)
        event = self.local("Board")

        self.assertEqual(self.ann.partner_id | self.bob.partner_id, event.partner_ids)
        self.assertEqual(self.bob, event.user_id)

    def test_who_was_outside_has_his_meeting_when_he_connects(self):
        """A contact hosted it; nothing is written, nobody is mailed, and edits here arrive."""
        host = self.env["res.partner"].create({"name": "Carl", "email": "carl@contoso.example"})
        self.sandbox.add_mailbox(host.email, name="Carl")
        self.make_remote(host.email, subject="Board", attendees=[attendee(BOB)])
        self.connect(self.bob, BOB)
        event = self.local("Board")
        self.assertEqual(host | self.bob.partner_id, event.partner_ids)
        carl = self._user("carl", "carl.private@x.example", "UTC")
        self.written()
        self.told()
        self.connect(carl, host.email)
        self.assertEqual(carl, event.user_id)
        self.assertEqual(carl.partner_id | self.bob.partner_id, event.partner_ids)
        self.sync(self.bob, carl)
        self.assertEqual(([], []), (self.written(), self.told()))
        self.write(event, self.bob, location="Room 4")
        self.sync(carl)

        self.assertEqual("Room 4", self.remote(host.email, "Board")["location"]["displayName"])

    def test_another_mailbox_has_none_of_the_former_ones_aliases(self):
        """They are the mailbox's."""
        self.connect(self.ann, self.MINE)
        self.connect(self.ann, ANN)

        self.assertFalse(self.account(self.ann).aliases)


@tagged("post_install", "-at_install")
class TestManyGuests(GuestCase):
    """Exchange takes 500."""

    def _guests(self, number):
        return self.env["res.partner"].create(
            [{"name": f"Guest {n}", "email": f"guest{n}@x.example"} for n in range(number)]
        )

    def test_five_hundred_guests_come_and_one_goes(self):
        """Invited once each; one is taken off on either side, and he alone hears of it."""
        guests = self._guests(500)
        event = self.make(self.ann, name="Board", partner_ids=[Command.set(guests.ids)])
        self.sync(self.ann)
        self.assertEqual(500, len(self.addresses_there()))
        self.assertEqual(500, len(self.told()))
        self.write(event, self.ann, partner_ids=[Command.unlink(guests[0].id)])
        self.sync(self.ann)
        self.assertEqual([("cancellation", guests[0].email)], self.told())
        left = self.remote(ANN, "Board")["attendees"][1:]
        self.change_people_there(*left)

        self.assertEqual(498, len(event.partner_ids & guests))
        self.assertQuiet()

    def test_one_more_than_outlook_takes_is_said_and_holds_up_nothing(self):
        """Outlook is not even asked; another meeting goes out; one guest less, and it arrives."""
        guests = self._guests(501)
        event = self.make(self.ann, name="Board", partner_ids=[Command.set(guests.ids)])
        self.make(self.ann, name="Other")
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Board"))
        self.assertIsNotNone(self.remote(ANN, "Other"))
        self.assertEqual("parked", self.meeting(event).state)
        self.assertIn("500", event.with_user(self.ann).outlook_notice)
        self.assertNotIn("Unmappable", event.with_user(self.ann).outlook_notice)
        self.write(event, self.ann, partner_ids=[Command.unlink(guests[0].id)])
        self.sync(self.ann)

        self.assertEqual(500, len(self.addresses_there()))
