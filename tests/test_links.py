"""How a Teams meeting is asked for, joined and left: docs/sync-rules.md, *Meeting links*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, GUEST, attendee
from .links_case import LinksCase

DAILY = {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 4}
CUSTOM = "https://meet.example.com/plan"


@tagged("post_install", "-at_install")
class TestTeams(LinksCase):
    def test_a_meeting_is_no_teams_meeting_unless_somebody_chose_so(self):
        """The default is never, with guests and without."""
        event = self.sent(partner_ids=[(4, self.guest.id)])
        self.assertFalse(self.there()["isOnlineMeeting"])
        self.assertFalse(event.videocall_location)

    def test_always_makes_a_teams_meeting_of_each(self):
        """The mailbox's choice holds for what is made from then on; one request makes all."""
        self.choose_for_mailbox("always")
        event = self.make(self.ann)
        self.sync(self.ann)
        self.assertEqual([("POST", "/me/calendar/events")], self.written())
        self.assertOnline(event)
        self.assertFalse(event.location)
        self.assertNotIn("Teams", event.description or "")
        self.assertStill()

    def test_with_guests_only_counts_guests(self):
        """The organizer alone is nobody to meet."""
        self.choose_for_mailbox("guests")
        alone = self.sent("Alone")
        invited = self.sent("Invited", partner_ids=[(4, self.guest.id)])
        self.assertFalse(alone.videocall_location)
        self.assertOnline(invited)

    def test_a_meetings_own_choice_beats_the_mailboxs(self):
        """Either way."""
        self.choose_for_mailbox("always")
        never = self.sent("Never", outlook_teams="never")
        self.choose_for_mailbox("never")
        always = self.sent("Always", outlook_teams="always")
        self.assertFalse(never.videocall_location)
        self.assertOnline(always)

    def test_a_personal_mailbox_has_no_teams_and_no_error(self):
        """It is not even asked for; the meeting arrives like any other."""
        self.sandbox.add_mailbox("cleo@home.example", name="Cleo", personal=True)
        cleo = self._user("cleo", "cleo@home.example", "Europe/Paris")
        self.connect(cleo, "cleo@home.example")
        self.account(cleo).teams = "always"
        event = self.make(cleo, outlook_teams="always")
        self.sync(cleo)
        self.assertEqual("linked", self.meeting(event).state)
        self.assertFalse(self.remote("cleo@home.example", "Meeting")["isOnlineMeeting"])
        self.assertFalse(event.videocall_location)
        self.assertFalse(event.outlook_has_teams)

    def test_a_link_that_comes_late_is_looked_for(self):
        """The answer to the creation has none; a look moments later finds it."""
        self.sandbox.options.set(join_url_after=3)
        self.choose_for_mailbox("always")
        event = self.sent()
        copy = self.meeting(event).copy_ids
        self.assertFalse(event.videocall_location)
        self.assertTrue(copy.next_attempt)
        for _look in range(4):
            copy.next_attempt = copy.next_attempt and copy.next_attempt - timedelta(hours=1)
            self.sync(self.ann)
        self.assertOnline(event)
        self.assertFalse(copy.next_attempt)
        self.assertNotIn("teams", event.description)
        self.assertStill()

    def test_another_choice_for_the_mailbox_touches_no_meeting_that_is_there(self):
        """Not even when such a meeting is edited: that would mail all guests of all meetings."""
        event = self.sent(partner_ids=[(4, self.guest.id)])
        self.choose_for_mailbox("always")
        self.write(event, self.ann, name="Plan")
        self.sync(self.ann)
        self.assertFalse(self.there("Plan")["isOnlineMeeting"])
        self.choose_for_mailbox("guests")
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertFalse(self.there("Plan")["isOnlineMeeting"])

    def test_the_first_guest_makes_a_teams_meeting_where_guests_do(self):
        """First the link, then the guest: one invitation, with the link in it."""
        self.choose_for_mailbox("guests")
        event = self.sent()
        self.write(event, self.ann, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.assertEqual(2, len(self.written()))
        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertOnline(event)
        self.assertStill()

    def test_a_guest_added_in_outlook_asks_for_nothing(self):
        """Whoever adds the guest there has Teams at hand, and chose."""
        self.choose_for_mailbox("guests")
        self.sent()
        self.change_there(attendees=[attendee(GUEST)])
        self.assertEqual([], self.written())
        self.assertFalse(self.there()["isOnlineMeeting"])

    def test_a_meeting_that_is_there_becomes_a_teams_meeting_by_its_own_choice(self):
        """One request that names nothing else, once; another edit does not repeat it."""
        event = self.sent()
        self.write(event, self.ann, outlook_teams="always")
        self.sync(self.ann)
        self.assertEqual(1, len(self.written()))
        self.assertOnline(event)
        self.write(event, self.ann, name="Plan")
        self.sync(self.ann)
        self.assertEqual(1, len(self.written()))
        self.assertOnline(event)
        self.assertStill()

    def test_a_choice_and_an_edit_go_together(self):
        """Both arrive, whichever is written first."""
        event = self.sent()
        self.write(event, self.ann, outlook_teams="always", name="Plan", location="Room 1")
        self.sync(self.ann)
        self.assertOnline(event)
        self.assertEqual("Room 1", self.there("Plan")["location"]["displayName"])
        self.assertStill()

    def test_an_edit_there_and_a_choice_here_both_arrive(self):
        """The request names the state that was seen: what changed there is looked at first."""
        event = self.sent()
        self.sandbox.change_event(ANN, self.there()["id"], {"subject": "Plan"})
        self.write(event, self.ann, outlook_teams="always")
        self.sync(self.ann)
        self.assertEqual("Plan", event.name)
        self.assertOnline(event)

    def test_never_takes_no_teams_meeting_back(self):
        """Exchange cannot: it stays one, with its link, and nothing is written."""
        event = self.sent(outlook_teams="always")
        self.write(event, self.ann, outlook_teams="never")
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertOnline(event)

    def test_a_series_is_one_teams_meeting(self):
        """Every row has the link, and none is an exception because of it."""
        self.choose_for_mailbox("guests")
        event = self.make(self.ann, **DAILY, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        rows = event.recurrence_id.calendar_event_ids
        self.assertEqual(4, len(rows))
        self.assertEqual({self.join_url()}, set(rows.mapped("videocall_location")))
        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertStill()

    def test_what_goes_on_apart_from_a_series_has_a_room_of_its_own(self):
        """The room stays with the first half, and is neither place nor text of the second."""
        event = self.make(self.ann, **DAILY, outlook_teams="always")
        self.sync(self.ann)
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        room = self.join_url()
        self.write(rows[2], self.ann, name="Plan", recurrence_update="future_events")
        self.sync(self.ann)
        self.assertEqual({room}, set(rows[:2].mapped("videocall_location")))
        others = rows[2].recurrence_id.calendar_event_ids
        self.assertEqual({self.join_url("Plan")}, set(others.mapped("videocall_location")))
        self.assertTrue(self.there("Plan")["isOnlineMeeting"])
        self.assertNotIn(self.join_url("Plan"), (None, room))
        self.assertFalse(self.there("Plan")["location"]["displayName"])
        self.assertStill()

    def test_made_in_outlook_with_teams_it_has_its_button_here(self):
        """The link is the meeting URL; its block of text is no description."""
        online = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
        body = {"contentType": "html", "content": "<p>Agenda</p>"}
        self.make_remote(ANN, subject="Plan", body=body, **online)
        self.sync(self.ann)
        event = self.local("Plan")
        self.assertOnline(event)
        self.assertIn("Agenda", event.description)
        self.assertNotIn("teams", event.description.lower())
        self.assertStill()

    def test_switched_on_in_outlook_it_is_joined_here(self):
        """Later, too; the description stays as it was."""
        event = self.sent(description="<p>Agenda</p>")
        before = event.description
        self.change_there(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
        self.assertOnline(event)
        self.assertEqual(before, event.description)
        self.assertEqual([], self.written())

    def test_taken_away_in_outlook_it_is_taken_away_here(self):
        """And not asked for again, although the meeting's choice still stands."""
        event = self.sent(outlook_teams="always")
        self.change_there(body={"contentType": "html", "content": "<p>no room</p>"})
        self.assertFalse(event.videocall_location)
        self.write(event, self.ann, name="Plan")
        self.sync(self.ann)
        self.assertFalse(self.there("Plan")["isOnlineMeeting"])
        self.assertFalse(event.videocall_location)

    def test_who_asks_anew_gets_a_teams_meeting_again(self):
        """Never, and then always: that is another wish."""
        event = self.sent(outlook_teams="always")
        self.change_there(body={"contentType": "html", "content": "<p>no room</p>"})
        for choice in ("never", "always"):
            self.write(event, self.ann, outlook_teams=choice)
            self.sync(self.ann)
        self.assertOnline(event)

    def test_a_link_removed_here_stays_removed(self):
        """Outlook's link fills the place once, when it is news."""
        event = self.sent(outlook_teams="always")
        self.write(event, self.ann, videocall_location=False)
        self.sync(self.ann)
        self.change_there(subject="Plan")
        self.assertEqual("Plan", event.name)
        self.assertFalse(event.videocall_location)
        self.assertEqual([], self.written())

    def test_a_copy_has_no_part_in_the_room(self):
        """Duplicated here, it has a Teams meeting of its own, or none."""
        event = self.sent(outlook_teams="always")
        copy = event.with_user(self.ann).copy({"name": "Copy"}).sudo()
        self.assertFalse(copy.videocall_location)
        self.sync(self.ann)
        self.assertOnline(copy)
        self.assertNotEqual(event.videocall_location, copy.videocall_location)

    def test_unarchived_it_has_the_room_of_its_new_meeting(self):
        """The old room is no more."""
        event = self.sent(outlook_teams="always")
        old = event.videocall_location
        event.with_user(self.ann).active = False
        self.sync(self.ann)
        self.assertFalse(event.videocall_location)
        event.with_user(self.ann).active = True
        self.sync(self.ann)
        self.assertOnline(event)
        self.assertNotEqual(old, event.videocall_location)
