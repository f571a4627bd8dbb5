"""The preview and *Send through Outlook* in the browser.

Crons do not run in these tests: what the background would do is asked for through the route.
"""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import GUEST, SandboxCase, graph_time
from .http_case import ANNA, BRAM
from .test_tours import CALENDAR, TourCase


@tagged("standard", "post_install", "-at_install")
class TestPreviewTour(TourCase):
    """Anna has meetings here and in Outlook, and connects."""

    def setUp(self) -> None:
        super().setUp()
        self.anna = self.env["res.users"].search([("login", "=", "anna")])
        guests = self.env["res.partner"].create(
            [{"name": "Guest", "email": GUEST}, {"name": "Bram", "email": BRAM}]
        )
        self.board = self.make("Board", guests)
        self.make("Interview", guests[:1])
        self.make("Focus")
        self.make("Past", guests, days=-7)
        begin = self.moment()
        self.sandbox.create_event(
            ANNA,
            {
                "subject": "Lunch",
                "start": graph_time(begin),
                "end": graph_time(begin + timedelta(hours=1)),
            },
        )
        self.sign_in("anna", ANNA)
        self.sync(wait=True)
        self.assertEqual("preview", self.account("anna").state)

    def moment(self, days: int = 0):
        """Return a time that today's calendar shows, or one some days from it."""
        return SandboxCase.soon(days, hour=23)

    def make(self, name: str, guests=(), days: int = 0):
        begin = self.moment(days)
        people = [self.anna.partner_id.id, *(one.id for one in guests)]
        values = {"name": name, "start": begin, "stop": begin + timedelta(hours=1)}
        values["partner_ids"] = [Command.set(people)]
        return self.env["calendar.event"].with_user(self.anna).create(values).sudo()

    def told(self) -> list[str]:
        """Return whom Outlook mailed."""
        return sorted(to for mail in self.sandbox.mails for to in mail.recipients)

    def test_the_preview_asks_by_itself(self) -> None:
        """It opens in the calendar, its numbers follow the choice, and the first round comes."""
        self.start_tour(CALENDAR, "outlook_calendar_preview", login="anna")

        account = self.account("anna")
        self.assertEqual(("active", "leave"), (account.state, account.existing_policy))
        self.assertTrue(self.env["calendar.event"].search([("name", "=", "Lunch")]))
        self.assertEqual([], self.told())

    def test_a_meeting_is_sent_through_outlook(self) -> None:
        """From the note on its form; the number of people comes first."""
        self.account("anna").with_user(self.anna)._choose("leave")
        self.sync(wait=True)

        self.start_tour(
            f"/odoo/calendar.event/{self.board.id}", "outlook_calendar_send", login="anna"
        )

        self.assertEqual(sorted([GUEST, BRAM]), self.told())
        self.assertEqual(1, len(self.sandbox.find_events(ANNA, "Board")))
        self.assertEqual([], self.sandbox.find_events(ANNA, "Interview"))
