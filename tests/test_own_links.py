"""How this side's own links travel: docs/sync-rules.md, *Meeting links and texts*."""

from odoo.tests import tagged

from .links_case import LinksCase

CUSTOM = "https://meet.example.com/plan"


@tagged("post_install", "-at_install")
class TestOwnLinks(LinksCase):
    def place(self, name="Meeting"):
        """Return the place as Outlook has it."""
        return self.there(name)["location"]["displayName"]

    def text(self, name="Meeting"):
        """Return the body as Outlook has it."""
        return self.there(name)["body"]["content"]

    def test_an_own_link_is_the_place_where_there_is_none(self):
        """Guests in Outlook can join; here the place stays empty."""
        event = self.sent(videocall_location=CUSTOM)
        self.assertEqual(CUSTOM, self.place())
        self.assertNotIn(CUSTOM, self.text())
        self.assertFalse(event.location)
        self.assertStill()

    def test_an_own_link_stands_below_the_text_where_there_is_a_place(self):
        """Once, and not here."""
        event = self.sent(videocall_location=CUSTOM, location="Room 1", description="<p>Agenda</p>")
        self.assertEqual("Room 1", self.place())
        self.assertEqual(2, self.text().count(CUSTOM))  # the target and the words of one link
        self.assertNotIn(CUSTOM, event.description)
        self.assertStill()

    def test_a_discuss_link_travels_like_any_other(self):
        """Its address is this server's."""
        link = self.env["calendar.event"].get_discuss_videocall_location()
        event = self.sent(videocall_location=link)
        self.assertEqual("discuss", event.videocall_source)
        self.assertEqual(event.videocall_location, self.place())
        self.assertStill()

    def test_an_own_link_is_not_replaced_by_teams(self):
        """Whatever the mailbox's choice, and the meeting's."""
        self.choose_for_mailbox("always")
        event = self.sent(videocall_location=CUSTOM, outlook_teams="always")
        self.assertFalse(self.there()["isOnlineMeeting"])
        self.assertEqual(CUSTOM, event.videocall_location)

    def test_teams_switched_on_there_leaves_an_own_link_here(self):
        """The meeting has both; here it is joined where it was."""
        event = self.sent(videocall_location=CUSTOM)
        self.change_there(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
        self.assertEqual(CUSTOM, event.videocall_location)
        self.assertEqual([], self.written())

    def test_an_own_link_changed_or_removed_here_follows_there(self):
        """As a change of the place, with one request each."""
        event = self.sent(videocall_location=CUSTOM)
        self.write(event, self.ann, videocall_location=f"{CUSTOM}2")
        self.sync(self.ann)
        self.assertEqual(f"{CUSTOM}2", self.place())
        self.write(event, self.ann, videocall_location=False)
        self.sync(self.ann)
        self.assertEqual("", self.place())
        self.assertEqual(2, len(self.written()))
        self.assertStill()

    def test_a_place_set_here_moves_the_link_below_the_text(self):
        """With the same request."""
        event = self.sent(videocall_location=CUSTOM)
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertEqual(1, len(self.written()))
        self.assertEqual("Room 1", self.place())
        self.assertIn(CUSTOM, self.text())

    def test_a_place_set_there_is_no_reason_to_write_there(self):
        """Whoever put a room in the place of the link wanted it so; the link stays here."""
        event = self.sent(videocall_location=CUSTOM)
        self.change_there(location={"displayName": "Room 1"})
        self.assertEqual("Room 1", event.location)
        self.assertEqual(CUSTOM, event.videocall_location)
        self.assertEqual([], self.written())
        self.assertStill()

    def test_a_text_edited_there_does_not_bring_the_link_into_it(self):
        """Its line is this side's: it is not doubled, neither here nor there."""
        event = self.sent(videocall_location=CUSTOM, location="Room 1", description="<p>Agenda</p>")
        content = self.text().replace("Agenda", "Agenda and minutes")
        self.change_there(body={"contentType": "html", "content": content})
        self.assertIn("minutes", event.description)
        self.assertNotIn(CUSTOM, event.description)
        self.assertEqual([], self.written())
        self.write(event, self.ann, description="<p>New</p>")
        self.sync(self.ann)
        self.assertEqual(2, self.text().count(CUSTOM))
        self.assertStill()

    def test_a_link_that_the_text_names_already_is_not_added(self):
        """Somebody wrote it where he wanted it."""
        text = f'<p>Join <a href="{CUSTOM}">here</a></p>'
        self.sent(videocall_location=CUSTOM, location="Room 1", description=text)
        self.assertEqual(1, self.text().count(CUSTOM))
        self.assertStill()

    def test_the_rooms_of_a_series_are_one_link(self):
        """Odoo's rows may have an address each that leads into one room: no row is an exception."""
        event = self.make(self.ann, recurrency=True, rrule_type="daily", end_type="count", count=3)
        rows = event.recurrence_id.calendar_event_ids
        for row in rows:
            link = self.env["calendar.event"].get_discuss_videocall_location()
            self.write(row, self.ann, videocall_location=link)
        self.sync(self.ann)
        self.assertEqual([("POST", "/me/calendar/events")], self.written())
        self.assertEqual(rows.sorted("id")[0].videocall_location, self.place())
        self.assertStill()

    def test_links_that_were_here_before_links_were_sent_stay_here(self):
        """An older version's meetings are in Outlook without them: an update mails nobody."""
        event = self.sent(partner_ids=[(4, self.guest.id)])
        self.env.cr.execute(
            "UPDATE calendar_event SET videocall_location = %s WHERE id = %s", (CUSTOM, event.id)
        )
        self.env.invalidate_all()
        self.env["outlook.meeting"]._leave_links()
        self.write(event, self.ann, name="Plan")
        self.sync(self.ann)
        self.assertEqual("", self.place("Plan"))
        self.write(event, self.ann, videocall_location=f"{CUSTOM}2")
        self.sync(self.ann)
        self.assertEqual(f"{CUSTOM}2", self.place("Plan"))

    def test_links_of_each_row_from_before_stay_here(self):
        """The rows of a series had different ones: an edit that tells nobody tells of none."""
        event = self.sent(
            partner_ids=[(4, self.guest.id)],
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=3,
        )
        rows = event.recurrence_id.calendar_event_ids
        self.env.cr.execute(
            "UPDATE calendar_event SET videocall_location = %s || id WHERE id = ANY(%s)",
            (CUSTOM, rows.ids),
        )
        self.env.invalidate_all()
        self.env["outlook.meeting"]._leave_links()
        self.write(rows.sorted("start")[1], self.ann, show_as="free")
        self.sync(self.ann)
        self.assertEqual(1, len(self.written()))
        self.assertEqual([], self.told())
