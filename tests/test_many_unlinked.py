"""A database that had its meetings in Outlook before, and lost all links: the first round."""

from datetime import datetime, timedelta, timezone

from odoo import SUPERUSER_ID
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge.desk import Desk
from odoo.addons.outlook_calendar.bridge.matching import Matching
from odoo.addons.outlook_calendar.bridge.session import Session
from odoo.addons.outlook_calendar.bridge.writer import QUIET

from .common import ANN, GUEST, SandboxCase, attendee, graph_time

COUNT = 1000
PAGE = 40
#: Every such meeting differs in one field.
DIFFERS_EVERY = 20
#: Every such meeting has a guest.
GUEST_EVERY = 4

#: What differs on the two sides, in turn: (values here, values in Outlook, the field).
DIFFERENCES = [
    ({"location": "Room 1"}, {"location": {"displayName": "Room 2"}}, "location"),
    (
        {"description": "<p>Figures</p>"},
        {"body": {"contentType": "html", "content": "<p>Slides</p>"}},
        "body",
    ),
    ({"show_as": "free"}, {"showAs": "busy"}, "show_as"),
    ({}, {"isReminderOn": True, "reminderMinutesBeforeStart": 15}, "reminder"),
    ({}, {"attendees": [attendee("somebody@outside.example")]}, "people"),
]


@tagged("post_install", "-at_install")
class TestManyUnlinked(SandboxCase):
    def _both_sides(self, count):
        """Make meetings here and in Outlook; return those here, and the names of what differs."""
        here, fields = [], []
        for number in range(count):
            start = self.soon(days=1 + number // 8, hour=6 + number % 8)
            values, shown, name = ({}, {}, None)
            if number % DIFFERS_EVERY == 1:
                values, shown, name = DIFFERENCES[number // DIFFERS_EVERY % len(DIFFERENCES)]
            guests = number % GUEST_EVERY == 0
            here.append(
                {
                    "name": f"Meeting {number}",
                    "start": start,
                    "stop": start + timedelta(minutes=30),
                    "partner_ids": [(4, self.guest.id)] if guests else [],
                    **values,
                }
            )
            self.make_remote(
                ANN,
                **{
                    "subject": f"Meeting {number}",
                    "start": graph_time(start),
                    "end": graph_time(start + timedelta(minutes=30)),
                    "isReminderOn": False,
                    "attendees": [attendee(GUEST)] if guests else [],
                    **shown,
                },
            )
            fields += [name] if name else []
        events = self.env["calendar.event"].with_user(self.ann).with_context(**QUIET)
        events = events.create(here).sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET create_date = create_date - interval '1 day'"
            " WHERE id = ANY(%s)",
            (events.ids,),
        )
        return events, fields

    def test_a_thousand_meetings_are_joined_without_a_write(self):
        """None is made, written or mailed; all are joined, and those that differ are listed."""
        events, differing = self._both_sides(COUNT)
        before = self.env["calendar.event"].with_context(active_test=False).search_count([])
        dates = {event.id: event.write_date for event in events}
        self.told()
        self.written()

        account = self.connect(self.ann, ANN)
        while not account.last_success_at:
            self.sync(self.ann)  # a slow machine ran out of time, and goes on

        count = self.env["calendar.event"].with_context(active_test=False).search_count([])
        self.assertEqual(before, count)
        self.assertEqual(dates, {event.id: event.write_date for event in events})
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())
        self.assertEqual(COUNT, sum(account.run_ids.mapped("joined")))
        self.assertEqual(COUNT, len(events.outlook_meeting_ids.copy_ids))
        listed = events.outlook_meeting_ids.filtered("differences")
        self.assertEqual(COUNT // DIFFERS_EVERY, len(listed))
        listed = [name for one in listed for name in one.differences]
        self.assertEqual(sorted(differing), sorted(listed))

    def test_a_page_of_new_events_is_recognised_without_a_query_each(self):
        """What is known of a page is read at once: a first round has thousands of events."""
        events, _differing = self._both_sides(PAGE)
        account = self.connect(self.ann, ANN, sync=False)
        self.env.flush_all()
        session = Session(self.env.registry, account.id, account._claim(60))
        now = datetime.now(timezone.utc)
        with self.enter_registry_test_mode():
            page = list(session.client.list_view(None, (now, now + timedelta(days=100))))
        desk = Desk(self.env(user=SUPERUSER_ID), account.id)
        matching = Matching(desk, self.env["outlook.calendar"], {})
        matching.expect(page)
        matching.find(page[0])  # looks for all of them at once

        with self.assertQueryCount(0):
            found = [matching.find(one).event for one in page]

        self.assertEqual(events, self.env["calendar.event"].concat(*found).sorted("id"))
