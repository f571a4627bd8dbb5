"""Guests of single dates whom this database cannot tell apart: who is optional, which rooms.

docs/sync-rules.md, *Series*.
"""

from odoo.tests import tagged

from .common import BOB, GUEST, attendee
from .series_case import SeriesCase

ROOM = "room1@contoso.example"
LATE = "late@outside.example"


@tagged("post_install", "-at_install")
class TestSeriesKinds(SeriesCase):
    def setUp(self):
        super().setUp()
        self.late = self.env["res.partner"].create({"name": "Late", "email": LATE})
        self.usual = {GUEST: "required", BOB: "optional", ROOM: "resource"}
        self.make_series_there(attendees=self._guests(self.usual))
        self.bring_over()
        self.rows = self.here()

    def _guests(self, kinds):
        return [attendee(address, kind=kind) for address, kind in kinds.items()]

    def _kinds(self, day):
        shown = self.occurrence(day)["attendees"]
        return {one["emailAddress"]["address"]: one["type"] for one in shown}

    def _invite(self, row, *commands):
        """Change the guests of one date; the round after the next one has nothing to do."""
        self.write(row, scope="self_only", partner_ids=list(commands))
        self.sync(self.ann)
        self.forget()
        self.assertEqual(0, self.sync(self.ann).changed_local)
        self.assertEqual([], self.written())

    def test_a_guest_more_on_one_date(self):
        """The others stay what they are on that date, and the room stays booked."""
        self._invite(self.rows[1], (4, self.late.id))

        self.assertEqual({**self.usual, LATE: "required"}, self._kinds(7))
        self.assertEqual(self.usual, self._kinds(14))

    def test_a_guest_less_on_one_date_and_then_another_more(self):
        """Who was not touched stays what he is, at the first change of that date and the next."""
        self._invite(self.rows[1], (3, self.guest.id))
        self.assertEqual({BOB: "optional", ROOM: "resource"}, self._kinds(7))

        self._invite(self.rows[1], (4, self.late.id))
        self.assertEqual({BOB: "optional", ROOM: "resource", LATE: "required"}, self._kinds(7))

    def test_a_date_that_has_kinds_of_its_own_in_outlook(self):
        """Optional there on one date only: here that shows nowhere, and is kept."""
        kinds = {GUEST: "optional", BOB: "required", ROOM: "resource"}
        self.change_there(7, attendees=self._guests(kinds))
        self.bring_over()
        self._invite(self.rows[1], (4, self.late.id))

        self.assertEqual({**kinds, LATE: "required"}, self._kinds(7))

    def test_a_guest_more_on_all_dates(self):
        """The list of the series itself is merged person by person."""
        self.write(self.rows[0], scope="all_events", partner_ids=[(4, self.late.id)])
        self.sync(self.ann)

        self.assertEqual({**self.usual, LATE: "required"}, self._kinds(14))
