"""Dialogs with a row for each of several: proposed times, meetings that look doubled."""

from datetime import timedelta
from urllib.parse import quote

from odoo import Command
from odoo.tests import tagged

from .common import SandboxCase, graph_time
from .http_case import ANNA, BRAM
from .test_tours import CALENDAR, TourCase

CARL = "carl@contoso.example"


@tagged("standard", "post_install", "-at_install")
class TestChoiceTours(TourCase):
    """Anna is connected; Bram and Carl have mailboxes that nobody connected."""

    def setUp(self) -> None:
        super().setUp()
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="UTC")
        self.anna = self.env["res.users"].search([("login", "=", "anna")])
        self.start = SandboxCase.soon(days=7)

    def make(self, name: str, guests=()):
        people = [self.anna.partner_id.id, *(one.id for one in guests)]
        values = {"name": name, "start": self.start, "stop": self.start + timedelta(hours=1)}
        values["partner_ids"] = [Command.set(people)]
        return self.env["calendar.event"].with_user(self.anna).create(values).sudo()

    def make_remote(self, subject: str) -> None:
        span = {
            "start": graph_time(self.start),
            "end": graph_time(self.start + timedelta(hours=1)),
        }
        self.sandbox.create_event(ANNA, {"subject": subject, **span})

    def propose(self, address: str, hours: int) -> None:
        """Answer the invitation with another time, as in Outlook."""
        [event] = self.sandbox.find_events(address, "Plan")
        start = self.start + timedelta(hours=hours)
        span = {"start": graph_time(start), "end": graph_time(start + timedelta(hours=1))}
        path = f"/me/events/{quote(event['id'])}/tentativelyAccept"
        body = {"sendResponse": True, "proposedNewTime": span}
        self.sandbox.graph(address, "POST", path, body)

    def test_one_of_several_proposals_is_accepted(self) -> None:
        """The dialog has a row for each, and a button in it."""
        self.sign_in("anna", ANNA)
        # All rows of a test bear the time at which its transaction began.
        self.account("anna").since = self.env.cr.now().replace(microsecond=0)
        self.sync(wait=True)
        guests = self.env["res.partner"].create(
            [{"name": "Bram", "email": BRAM}, {"name": "Carl", "email": CARL}]
        )
        event = self.make("Plan", guests)
        self.sync(wait=True)
        self.propose(BRAM, 2)
        self.propose(CARL, 4)
        self.sync(wait=True)

        self.start_tour(
            f"/odoo/calendar.event/{event.id}", "outlook_calendar_accept_proposal", login="anna"
        )

        event.invalidate_recordset()
        self.assertEqual(self.start + timedelta(hours=4), event.start)

    def test_what_looks_doubled_in_outlook_is_brought_in(self) -> None:
        """It stays in Outlook until somebody says that it is a meeting of its own."""
        self.make("Copied")
        for _copy in range(2):
            self.make_remote("Copied")
        self.sandbox.clock.advance(timedelta(minutes=1))
        self.sign_in("anna", ANNA)
        self.account("anna").since = self.sandbox.clock.now().replace(tzinfo=None)
        self.sync(wait=True)
        account = self.account("anna")
        if account.state == "preview":
            account.with_user(self.anna)._choose("leave")
            self.sync(wait=True)
        events = self.env["calendar.event"].search([("name", "=", "Copied")])
        self.assertEqual(1, len(events))

        self.start_tour(CALENDAR, "outlook_calendar_bring_in", login="anna")

        self.env.invalidate_all()
        self.assertEqual(2, self.env["calendar.event"].search_count([("name", "=", "Copied")]))
