"""Who comes to a series, and to single dates of it. docs/sync-rules.md, *Answers to series*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee, graph_time
from .series_case import SeriesCase


class AnswerCase(SeriesCase):
    """Bob is connected, too, and invited to Ann's four Mondays."""

    def setUp(self):
        super().setUp()
        self.connect(self.bob, BOB)

    def invited(self, **values):
        """Let Ann make the series in Outlook; both have it here, and what that took is forgotten.

        The rows are returned.
        """
        self.make_series_there(attendees=[attendee(BOB), attendee(GUEST)], **values)
        self.bring_over(self.ann, self.bob)
        return self.here()

    def answer(self, row, status, scope):
        """Answer as the buttons of the calendar do."""
        row.with_user(self.bob).change_attendee_status(status, scope)

    def states(self, user=None):
        """Return what somebody answered to each row here."""
        return [self.state(row, user or self.bob) for row in self.here()]

    def responses(self):
        """Return what Bob's mailbox says on each of its dates: day → answer."""
        return {
            (day, shown["responseStatus"]["response"])
            for shown in self.there(BOB)
            for day in range(0, 28, 7)
            if shown["start"]["dateTime"][:10] == f"{self.at(day):%Y-%m-%d}"
        }

    def assertAnswers(self, writes, mails):
        """Run Bob's round: it asks this and no more, and nothing comes of it afterwards."""
        before = self.states()
        self.sync(self.bob)
        wrote, mailed = self.acts()
        self.assertEqual(sorted(writes), sorted(wrote.get("Board", [])))
        self.assertEqual(mails, len(mailed.get("Board", [])))
        self.assertEqual(before, self.states())
        self.assertQuiet()
        self.assertEqual(before, self.states())

    def acts(self):
        """Return ({subject: writes}, {subject: mails}), and forget them."""
        acts = self._acts()
        self.told()
        return acts

    def assertQuiet(self):
        """Run everybody's rounds twice: nothing is written or mailed, by whomever."""
        self.sync(self.ann, self.bob, self.ann, self.bob)
        self.assertEqual(({}, {}), self.acts())
        self.assertFalse(self.mails())


@tagged("post_install", "-at_install")
class TestSeriesAnswers(AnswerCase):
    def test_one_answer_to_all_is_one_request(self):
        """Yes, perhaps: to the series as a whole, once, and the organizer gets one mail."""
        self.invited()
        for status, action in (("accepted", "accept"), ("tentative", "tentativelyAccept")):
            with self.subTest(status):
                self.answer(self.here()[1], status, "all_events")
                self.assertAnswers([action], 1)
                self.assertEqual([status] * 4, self.states())
        self.assertEqual(4, len(self.there(BOB)))

    def test_the_outbox_holds_one_row_for_all_dates(self):
        """However many dates a series has."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        pending = self.env["outlook.outbox"].search(
            [("account_id", "=", self.account(self.bob).id)]
        )

        self.assertEqual(("answer", rows.recurrence_id.id), (pending.kind, pending.recurrence_id))

    def test_declining_all_takes_the_series_out_of_his_calendar(self):
        """His rows say *No*; the meeting stays for all others, on both sides."""
        rows = self.invited()
        self.answer(rows[1], "declined", "all_events")
        self.assertAnswers(["decline"], 1)

        self.assertEqual(["declined"] * 4, self.states())
        self.assertEqual([], self.there(BOB))
        self.assertEqual(4, len(self.there(ANN)))
        self.assertEqual(rows, self.here())

    def test_an_answer_to_one_date_is_that_dates(self):
        """The others stay open."""
        rows = self.invited()
        self.answer(rows[1], "accepted", "self_only")
        self.assertAnswers(["accept day 7"], 1)

        self.assertEqual(
            {(0, "notResponded"), (7, "accepted"), (14, "notResponded"), (21, "notResponded")},
            self.responses(),
        )

    def test_declining_one_date_takes_that_one_out_of_his_calendar(self):
        """That row says *No*, for him alone."""
        rows = self.invited()
        self.answer(rows[1], "declined", "self_only")
        self.assertAnswers(["decline day 7"], 1)

        self.assertEqual(["needsAction", "declined", "needsAction", "needsAction"], self.states())
        self.assertEqual(3, len(self.there(BOB)))
        self.assertEqual(4, len(self.there(ANN)))
        self.assertEqual(rows, self.here())

    def test_this_and_following_answers_each_date(self):
        """Of four dates the last two: one request each, in one batch."""
        rows = self.invited()
        self.answer(rows[2], "accepted", "future_events")
        self.assertAnswers(["accept day 14", "accept day 21"], 2)
        self.assertEqual(["needsAction", "needsAction", "accepted", "accepted"], self.states())

    def test_this_and_following_from_the_first_is_one_request(self):
        """All dates share the answer then."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "future_events")
        self.assertAnswers(["accept"], 1)

    def test_all_but_one(self):
        """Yes to all and no to one before the round: the series, then that date."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        self.answer(rows[1], "declined", "self_only")
        self.assertAnswers(["accept", "decline day 7"], 2)

        self.assertEqual(["accepted", "declined", "accepted", "accepted"], self.states())
        self.assertEqual({(0, "accepted"), (14, "accepted"), (21, "accepted")}, self.responses())

    def test_another_answer_to_one_date_later(self):
        """Of a series that was accepted: that date alone is asked for."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        self.bring_over(self.bob, self.ann)
        self.answer(rows[1], "tentative", "self_only")
        self.assertAnswers(["tentativelyAccept day 7"], 1)
        self.answer(rows[1], "accepted", "self_only")
        self.assertAnswers(["accept day 7"], 1)

    def test_where_no_answer_is_wanted_none_is_mailed(self):
        """To the series and to one date: noted in his mailbox, in silence."""
        rows = self.invited(responseRequested=False)
        self.answer(rows[0], "accepted", "all_events")
        self.assertAnswers(["accept"], 0)
        self.answer(rows[1], "tentative", "self_only")
        self.assertAnswers(["tentativelyAccept day 7"], 0)

    def test_an_edit_that_leaves_the_time_leaves_the_answers(self):
        """Another place, here or there, of all or one: the answers stay and are not sent again."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        self.answer(rows[1], "tentative", "self_only")
        self.bring_over(self.bob, self.ann)
        before = self.states()
        self.write(rows[2], scope="all_events", location="Room 4")
        self.write(rows[3], scope="self_only", name="Special")
        self.sync(self.ann, self.bob)
        self.sandbox.change_event(ANN, self.master()["id"], {"subject": "Council"})
        self.sync(self.ann, self.bob)

        self.assertEqual(before, self.states())
        self.assertFalse(
            [path for _method, path in self.written() if path.endswith(("accept", "Accept"))]
        )

    def test_a_new_time_asks_again(self):
        """Ann moves the series in Outlook: everybody is asked again, and answers again."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        self.answer(rows[1], "declined", "self_only")
        self.bring_over(self.bob, self.ann)
        monday = self.monday.isoformat()
        recurrence = {**self.master()["recurrence"]}
        self.assertEqual(monday, recurrence["range"]["startDate"])
        self.sandbox.change_event(ANN, self.master()["id"], {**self.span(0, 15)})
        self.bring_over(self.ann, self.bob)
        self.assertEqual(["needsAction"] * 4, self.states())
        self.answer(self.here()[0], "accepted", "all_events")
        self.assertAnswers(["accept"], 1)

    def test_an_answer_to_a_date_that_is_gone_there_is_dropped(self):
        """Removed in his mailbox before the round: nobody is asked, and not again."""
        rows = self.invited()
        self.delete_there(7, BOB)
        self.answer(rows[1], "accepted", "self_only")
        self.sync(self.bob)
        self.assertEqual(({}, {}), self.acts())
        self.assertFalse(self.account(self.bob).pending_count)
        self.assertQuiet()

    def test_a_lost_answer_to_an_answer_is_not_repeated(self):
        """It arrived, and nobody here knows: the next round sees it."""
        for scope, status in (("all_events", "accepted"), ("self_only", "declined")):
            with self.subTest(scope):
                self.sandbox.faults.drop_after(method="POST", path=r"/(accept|decline)$")
                rows = self.here() if self.here() else self.invited()
                self.answer(rows[1], status, scope)
                self.sync(self.bob)
                self.assertEqual(1, len(self.acts()[1].get("Board", [])))
                self.account(self.bob).backoff_until = False
                before = self.states()
                self.assertQuiet()
                self.assertEqual(before, self.states())
                self.assertFalse(self.account(self.bob).pending_count)

    def test_an_answer_that_never_arrived_is_sent_by_the_next_round(self):
        """503 to the answer of the series, and then to that of a date."""
        rows = self.invited()
        self.sandbox.faults.server_error(503, method="POST", path=r"/accept$", times=1)
        self.answer(rows[0], "accepted", "all_events")
        self.answer(rows[1], "declined", "self_only")
        self.sync(self.bob)
        self.account(self.bob).backoff_until = False
        self.sandbox.faults.server_error(503, method="POST", path=r"/decline$", times=1)
        self.sync(self.bob)
        self.account(self.bob).backoff_until = False
        self.sync(self.bob)

        self.assertEqual({(0, "accepted"), (14, "accepted"), (21, "accepted")}, self.responses())
        self.assertEqual(["accepted", "declined", "accepted", "accepted"], self.states())
        self.assertFalse(self.account(self.bob).pending_count)

    def _running(self):
        """Return the rows of a series of which two dates are over and three to come."""
        start = self.soon(-10)
        begins = {"type": "numbered", "numberOfOccurrences": 5}
        self.invited(
            pattern={"type": "daily", "interval": 7},
            ends=begins,
            start=graph_time(start),
            end=graph_time(start + timedelta(hours=1)),
        )
        return self.here()

    def test_what_is_over_keeps_its_answer(self):
        """All that are to come are answered by one request; what is over says what it said."""
        rows = self._running()
        self.answer(rows[2], "accepted", "future_events")
        self.assertAnswers(["accept"], 1)
        self.sandbox.delete_event(BOB, self.master(address=BOB)["id"])
        self.sync(self.bob)

        over, coming = ["needsAction"] * 2, ["declined"] * 3
        self.assertEqual(over + coming, self.states())

    def test_the_last_date_to_come_is_one_date(self):
        """Declined by itself: what is over stays in his calendar."""
        rows = self._running()
        self.sandbox.change_event(ANN, self.master()["id"], {"location": {"displayName": "Room 4"}})
        for row in rows[3:]:
            self.answer(row, "declined", "self_only")
            self.bring_over(self.bob, self.ann)
        self.answer(rows[2], "declined", "self_only")
        self.sync(self.bob, self.ann)

        self.assertEqual(2, len(self.there(BOB)))

    def test_a_new_time_given_here_asks_again(self):
        """Ann moves all dates here: both sides ask anew, and the new answer arrives."""
        rows = self.invited()
        self.answer(rows[0], "accepted", "all_events")
        self.bring_over(self.bob, self.ann)
        self.move(rows[0], hours=2, scope="all_events")
        self.bring_over(self.ann, self.bob, self.ann)
        self.assertEqual(["needsAction"] * 4, self.states())
        self.assertEqual({"notResponded"}, {answer for _day, answer in self.responses()})
        self.answer(self.here()[1], "tentative", "all_events")
        self.assertAnswers(["tentativelyAccept"], 1)

    def test_an_answer_to_a_date_that_moves_meanwhile_arrives(self):
        """Ann moves the date here that he answers, before any round: both happen."""
        rows = self.invited()
        self.answer(rows[1], "accepted", "self_only")
        self.move(rows[1], hours=2)
        self.bring_over(self.ann, self.bob)
        self.assertQuiet()

        self.assertEqual("accepted", self.states()[1])
        self.assertIn((7, "accepted"), self.responses())
