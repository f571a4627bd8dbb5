"""Another organizer of a series here: all of it, the rest of it, or one date."""

from datetime import datetime

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .series_case import SeriesCase


@tagged("post_install", "-at_install")
class TestOrganizerChangeOfSeries(SeriesCase):
    def setUp(self):
        super().setUp()
        self.carl = self._user("carl", "carl@contoso.example", "Europe/Brussels")
        self.connect(self.bob, BOB)
        people = self.ann.partner_id | self.bob.partner_id | self.guest
        self.rows = self.board(partner_ids=[(6, 0, people.ids)])
        self._settle()
        self.sandbox.state.mails.clear()
        self.written()

    def test_all_of_it_moves(self):
        """One cancellation and one invitation for each, not one per date."""
        self._give(self.rows[0], "all_events")
        self._settle()

        self.assertEqual(
            [
                ("cancellation", ANN, BOB),
                ("cancellation", ANN, GUEST),
                ("invitation", BOB, ANN),
                ("invitation", BOB, GUEST),
            ],
            self._mails(),
        )
        self.assertFalse(self.mails())
        self.assertEqual(self.rows, self.here("Board"))
        self.assertEqual(self.bob, self.rows.user_id)
        self.assertEqual(self.rows.mapped("start"), self._starts(BOB))
        self.assertEqual([], self._own(ANN))

    def test_what_is_otherwise_on_single_dates_comes_along(self):
        """One date elsewhere, one that is cancelled: they are so in the new mailbox, too."""
        self.move(self.rows[1], days=1)
        self.write(self.rows[2], name="Board, short", scope="self_only")
        self.rows[3].with_user(self.ann).unlink()
        self._settle()
        self._mails()
        rows = self.here()
        self._give(rows[0], "all_events")
        self._settle()

        self.assertEqual(rows.mapped("start"), self._starts(BOB))
        self.assertEqual(1, self._mails().count(("invitation", BOB, GUEST)))
        self.assertEqual(["Board", "Board", "Board, short"], self.here().mapped("name"))

    def test_answers_to_dates_stay(self):
        """Who said no to one date has said so still, and nobody is asked to hear it again."""
        row = self.rows[2]
        guest = row.with_user(self.bob).attendee_ids
        guest.filtered(lambda one: one.partner_id == self.bob.partner_id).do_decline()
        self._settle()
        self._mails()
        self._give(self.rows[0], "all_events")
        self._settle()

        self.assertEqual("declined", self.state(row, self.bob))
        self.assertNotIn("response", {kind for kind, _sender, _to in self._mails()})

    def test_the_rest_of_it_is_a_series_of_the_new_organizer(self):
        """*This and following*: the first part ends there, the rest is invited to anew."""
        self._give(self.rows[2], "future_events")
        self._settle()

        self.assertEqual(2, len(self._starts(ANN)))
        self.assertEqual(2, len(self._starts(BOB)))
        self.assertEqual(1, self._mails().count(("invitation", BOB, GUEST)))

    def test_this_and_following_from_the_first_is_all_of_it(self):
        """Odoo makes another recurrence of it; it is the same meeting."""
        self._give(self.rows[0], "future_events")
        self._settle()

        self.assertEqual([], self._own(ANN))
        self.assertEqual(4, len(self._starts(BOB)))
        self.assertEqual(1, self._mails().count(("cancellation", ANN, GUEST)))

    def test_one_date_stays_where_the_series_is(self):
        """Outlook's occurrences have the organizer of their series: nobody is told anything."""
        self._give(self.rows[1], "self_only")
        self._settle()

        self.assertEqual([], self._mails())
        self.assertEqual(4, len(self._starts(ANN)))
        self.assertIn("one organizer", self.rows[1].with_user(self.ann).outlook_notice)

    def test_to_somebody_without_a_mailbox(self):
        """One mail of this side's for all dates."""
        self.write(self.rows[0], scope="all_events", user_id=self.carl.id)
        self._settle()

        self.assertEqual([("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], self._mails())
        people = self.ann.partner_id | self.bob.partner_id | self.guest
        self.assertEqual(people, self.mails().recipient_ids)
        self.assertEqual(len(people), len(self.mails()))

    def test_nothing_is_left_to_do(self):
        """A further round, and a full one, write on neither side."""
        self._give(self.rows[0], "all_events")
        self._settle()
        self.written()
        self._mails()
        (self.account(self.ann) | self.account(self.bob)).calendar_ids.write({"delta_link": False})
        self._settle()

        self.assertEqual(([], []), (self.written(), self._mails()))
        self.assertEqual(self.rows, self.here("Board"))

    def _give(self, row, scope):
        self.write(row, scope=scope, user_id=self.bob.id)

    def _settle(self):
        for _turn in range(3):
            self.sync(self.ann, self.bob)

    def _mails(self):
        found = [(one.kind, one.sender, to) for one in self.sandbox.mails for to in one.recipients]
        self.sandbox.state.mails.clear()
        return sorted(found)

    def _own(self, address):
        return [one for one in self.sandbox.events(address) if one["isOrganizer"]]

    def _starts(self, address):
        """Return when the occurrences of a person's own series begin, in UTC."""
        [master] = self._own(address)
        own = [one for one in self.there(address) if one["seriesMasterId"] == master["id"]]
        return [datetime.fromisoformat(one["start"]["dateTime"][:19]) for one in own]
