"""Single meetings, both ways: each test is a row of docs/sync-rules.md, *Single meetings*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time


@tagged("post_install", "-at_install")
class TestSingleMeetings(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def test_made_here_appears_there(self):
        """A meeting made here is made in the organizer's mailbox, with all its fields."""
        tag = self.env["calendar.event.type"].create({"name": "Client"})
        event = self.make(
            self.ann,
            name="Plan",
            description="<p>Agenda</p>",
            location="Room 1",
            privacy="private",
            show_as="free",
            categ_ids=[(6, 0, tag.ids)],
        )
        self.sync(self.ann)

        remote = self.remote(ANN, "Plan")
        self.assertEqual("Room 1", remote["location"]["displayName"])
        self.assertEqual("private", remote["sensitivity"])
        self.assertEqual("free", remote["showAs"])
        self.assertEqual(["Client"], remote["categories"])
        self.assertFalse(remote["isReminderOn"])
        self.assertIn("Agenda", remote["body"]["content"])
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual("Europe/Brussels", event.outlook_zone)

    def test_made_there_appears_here(self):
        """A meeting made in Outlook is made here, organized by the mailbox's user."""
        self.make_remote(
            ANN,
            subject="Lunch",
            body={"contentType": "html", "content": "<p>Menu</p>"},
            location={"displayName": "Canteen"},
            showAs="oof",
            sensitivity="private",
            categories=["Food"],
            isReminderOn=True,
            reminderMinutesBeforeStart=20,
        )
        self.sync(self.ann)

        event = self.local("Lunch")
        self.assertEqual(self.ann, event.user_id)
        self.assertEqual(self.soon(), event.start)
        self.assertIn("Menu", event.description)
        self.assertEqual("Canteen", event.location)
        self.assertEqual("busy", event.show_as)
        self.assertEqual("private", event.privacy)
        self.assertEqual(["Food"], event.categ_ids.mapped("name"))
        self.assertEqual([20], event.alarm_ids.mapped("duration_minutes"))
        self.assertEqual(self.ann.partner_id, event.partner_ids)
        self.assertEqual("accepted", self.state(event, self.ann))

    def test_changed_here_changes_there(self):
        """Of a meeting changed here only what changed is written there."""
        event = self.make(self.ann, name="Plan", location="Room 1")
        self.sync(self.ann)
        self.written()
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        remote = self.remote(ANN, "Plan B")
        self.assertEqual("Room 1", remote["location"]["displayName"])
        self.assertEqual([("PATCH", f"/me/events/{self._path(event)}")], self.written())

    def test_changed_there_changes_here(self):
        """What changed in Outlook is written here, and nothing else."""
        remote = self.make_remote(ANN, subject="Lunch")
        self.sync(self.ann)
        event = self.local("Lunch")
        self.sandbox.change_event(ANN, remote["id"], {"subject": "Dinner"})
        self.sync(self.ann)

        self.assertEqual("Dinner", event.name)
        self.assertEqual(1, self.account(self.ann).run_ids[:1].changed_local)

    def test_moved_here_moves_there(self):
        """A new time is written as one, in the organizer's zone."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        start = self.soon(days=9, hour=13)
        self.write(event, self.ann, start=start, stop=start + timedelta(hours=2))
        self.sync(self.ann)

        remote = self.remote(ANN, "Plan")
        self.assertEqual(graph_time(start)["dateTime"], remote["start"]["dateTime"][:19])
        self.assertEqual("Romance Standard Time", remote["originalStartTimeZone"])

    def test_moved_there_moves_here(self):
        """A meeting moved in Outlook moves here; the organizer's zone stays known."""
        remote = self.make_remote(ANN, subject="Lunch")
        self.sync(self.ann)
        start = self.soon(days=10, hour=15)
        self.sandbox.change_event(
            ANN,
            remote["id"],
            {
                "start": graph_time(start, "Asia/Ho_Chi_Minh"),
                "end": graph_time(start + timedelta(hours=1), "Asia/Ho_Chi_Minh"),
            },
        )
        self.sync(self.ann)

        event = self.local("Lunch")
        self.assertEqual(start - timedelta(hours=7), event.start)
        self.assertIn(event.outlook_zone, ("Asia/Bangkok", "Asia/Ho_Chi_Minh"))

    def test_without_a_subject_it_stays_without_one_there(self):
        """Every meeting has a name here: the stand-in is no subject, on no way back."""
        remote = self.make_remote(ANN, subject="")
        self.sync(self.ann)
        event = self.local("(No subject)")
        self.assertEqual(self.ann, event.user_id)
        self.written()
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann, self.ann)
        self.assertEqual(1, len(self.written()))
        self.assertEqual("Room 1", self.remote(ANN, "")["location"]["displayName"])
        self.write(event, self.ann, name="Lunch")
        self.sync(self.ann)
        self.assertEqual(remote["id"], self.remote(ANN, "Lunch")["id"])
        self.sandbox.change_event(ANN, remote["id"], {"subject": ""})
        self.sync(self.ann)
        self.assertEqual("(No subject)", event.name)
        for active in (False, True):
            self.write(event, self.ann, active=active)
            self.sync(self.ann)

        self.assertEqual("Room 1", self.remote(ANN, "")["location"]["displayName"])

    def test_whole_days_stay_dates(self):
        """An all-day meeting over several days covers the same dates on both sides."""
        first = self.soon().date()
        last = first + timedelta(days=2)
        here = self.make(
            self.ann, name="Fair", allday=True, start_date=first, stop_date=last, start=first,
            stop=last,
        )  # fmt: skip
        self.make_remote(
            ANN,
            subject="Trip",
            isAllDay=True,
            start={"dateTime": f"{first}T00:00:00", "timeZone": "Asia/Tokyo"},
            end={"dateTime": f"{last}T00:00:00", "timeZone": "Asia/Tokyo"},
        )
        self.sync(self.ann)

        remote = self.remote(ANN, "Fair")
        self.assertTrue(remote["isAllDay"])
        self.assertEqual(f"{first}T00:00:00", remote["start"]["dateTime"][:19])
        self.assertEqual(f"{last + timedelta(days=1)}T00:00:00", remote["end"]["dateTime"][:19])
        self.assertEqual((first, last), (here.start_date, here.stop_date))
        trip = self.local("Trip")
        self.assertTrue(trip.allday)
        self.assertEqual((first, last - timedelta(days=1)), (trip.start_date, trip.stop_date))

    def test_archived_here_is_deleted_there(self):
        """A meeting archived here is deleted in Outlook, where nobody edited it meanwhile."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.write(event, self.ann, active=False)
        self.sync(self.ann)

        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertEqual("gone", self.meeting(event).state)

    def test_deleted_here_is_deleted_there(self):
        """A meeting deleted here is deleted in Outlook although its record is gone."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        event.with_user(self.ann).unlink()
        self.sync(self.ann)

        self.assertIsNone(self.remote(ANN, "Plan"))

    def test_unarchived_here_is_a_new_meeting_there(self):
        """Graph cannot restore: an unarchived meeting is made anew, with its record kept here."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        before = self.remote(ANN, "Plan")["iCalUId"]
        self.write(event, self.ann, active=False)
        self.sync(self.ann)
        self.write(event, self.ann, active=True)
        self.sync(self.ann)

        self.assertNotEqual(before, self.remote(ANN, "Plan")["iCalUId"])
        self.assertEqual("linked", self.meeting(event).state)

    def test_deleted_there_by_the_organizer_is_archived_here_with_a_note(self):
        """The organizer's deletion archives: record and messages stay, a note says why."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, self.remote(ANN, "Plan")["id"])
        self.sync(self.ann)

        self.assertFalse(event.active)
        self.assertIn("Outlook", event.message_ids[:1].body)

    def test_an_edit_beats_a_deletion(self):
        """Edited here and deleted there: it is made again there."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, self.remote(ANN, "Plan")["id"])
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        self.assertTrue(event.active)
        self.assertIsNotNone(self.remote(ANN, "Plan B"))

    def test_an_edit_there_beats_a_deletion_here(self):
        """Deleted here and edited there before the round: it comes back."""
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sandbox.change_event(ANN, self.remote(ANN, "Plan")["id"], {"subject": "Plan B"})
        self.write(event, self.ann, active=False)
        self.sync(self.ann)

        self.assertTrue(event.active)
        self.assertEqual("Plan B", event.name)
        self.assertIsNotNone(self.remote(ANN, "Plan B"))

    def test_both_sides_changed_other_fields(self):
        """Changes of different fields on both sides both survive."""
        event = self.make(self.ann, name="Plan", location="Room 1")
        self.sync(self.ann)
        self.sandbox.change_event(
            ANN, self.remote(ANN, "Plan")["id"], {"location": {"displayName": "Room 2"}}
        )
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        self.assertEqual("Room 2", event.location)
        self.assertEqual("Room 2", self.remote(ANN, "Plan B")["location"]["displayName"])

    def test_every_way_to_be_busy_survives(self):
        """Outlook's six values of *show as* stay what they are while other fields change here."""
        for value in ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"):
            with self.subTest(value):
                self.make_remote(ANN, subject=value, showAs=value)
                self.sync(self.ann)
                self.write(self.local(value), self.ann, location="Here")
                self.sync(self.ann)
                remote = self.remote(ANN, value)
                self.assertEqual("Here", remote["location"]["displayName"])
                self.assertEqual(value, remote["showAs"])

    def test_every_sensitivity_survives(self):
        """Outlook's four sensitivities stay what they are while other fields change here."""
        for value in ("normal", "personal", "private", "confidential"):
            with self.subTest(value):
                self.make_remote(ANN, subject=value, sensitivity=value)
                self.sync(self.ann)
                self.write(self.local(value), self.ann, location="Here")
                self.sync(self.ann)
                self.assertEqual(value, self.remote(ANN, value)["sensitivity"])

    def test_kinds_of_guests_survive(self):
        """Optional guests and rooms stay such when somebody is added here."""
        self.make_remote(
            ANN,
            subject="Board",
            attendees=[
                attendee(BOB, "Bob", "optional"),
                attendee("room@x.example", "", "resource"),
            ],
        )
        self.sync(self.ann)
        event = self.local("Board")
        self.assertEqual(self.bob.partner_id, event.partner_ids - self.ann.partner_id)
        self.write(event, self.ann, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)

        kinds = {
            one["emailAddress"]["address"]: one["type"]
            for one in self.remote(ANN, "Board")["attendees"]
        }
        self.assertEqual({BOB: "optional", "room@x.example": "resource", GUEST: "required"}, kinds)

    def test_guests_removed_on_either_side_are_gone_on_the_other(self):
        """Somebody removed from the guests is removed on the other side; others stay."""
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann)
        event = self.local("Board")
        self.write(event, self.ann, partner_ids=[(3, self.guest.id)])
        self.sync(self.ann)
        remote = self.remote(ANN, "Board")
        self.assertEqual([BOB], [one["emailAddress"]["address"] for one in remote["attendees"]])
        self.sandbox.change_event(ANN, remote["id"], {"attendees": []})
        self.sync(self.ann)

        self.assertEqual(self.ann.partner_id, event.partner_ids)

    def test_reminders_of_other_kinds_are_left_alone(self):
        """One pop-up is Outlook's reminder; mails that Odoo sends are none of its business."""
        mail = self.env["calendar.alarm"].create(
            {"name": "Mail", "alarm_type": "email", "duration": 3, "interval": "hours"}
        )
        event = self.make(self.ann, name="Plan", alarm_ids=[(6, 0, mail.ids)])
        self.sync(self.ann)
        self.sandbox.change_event(
            ANN,
            self.remote(ANN, "Plan")["id"],
            {"isReminderOn": True, "reminderMinutesBeforeStart": 45},
        )
        self.sync(self.ann)

        self.assertIn(mail, event.alarm_ids)
        self.assertEqual([45], (event.alarm_ids - mail).mapped("duration_minutes"))

    def _path(self, event):
        copy = self.meeting(event).copy_ids
        return copy.remote_id
