"""What goes in which request: nobody is mailed about what Exchange keeps to itself, or twice."""

from odoo.tests import tagged

from .common import ANN, GUEST
from .series_case import SeriesCase

CARL = "carl@outside.example"
ONE_PATCH = r"/me/events/"


@tagged("post_install", "-at_install")
class TestSending(SeriesCase):
    """Ann's single meeting *Plan* and her series *Board*, both with the guest."""

    def setUp(self):
        super().setUp()
        self.carl = self.env["res.partner"].create({"name": "Carl", "email": CARL})
        self.tag = self.env["calendar.event.type"].create({"name": "Red"})
        partners = self.ann.partner_id + self.guest
        self.plan = self.make(self.ann, name="Plan", partner_ids=[(6, 0, partners.ids)])
        self.rows = self.board()

    def _acts_of(self, *users):
        """Run a round; return the methods that were written, and what was mailed."""
        self.sync(*(users or (self.ann,)))
        return [method for method, _path in self.written()], self.told()

    # What is silent -----------------------------------------------------------------------------

    def _silent(self):
        return (
            {"show_as": "free"},
            {"categ_ids": [(4, self.tag.id)]},
            {"alarm_ids": [(4, self.popup(45).id)]},
            {"privacy": "private"},
        )

    def test_what_is_silent_mails_nobody(self):
        """Status, tags, reminder, privacy: one PATCH, and no mail."""
        for values in self._silent():
            with self.subTest(values):
                self.write(self.plan, self.ann, **values)

                self.assertEqual((["PATCH"], []), self._acts_of())

    def test_a_guest_who_comes_with_something_silent_is_mailed_alone(self):
        """Two requests: in one, Exchange would mail everybody about a change of the meeting."""
        for number, values in enumerate(self._silent()):
            with self.subTest(values):
                address = f"n{number}@outside.example"
                partner = self.env["res.partner"].create({"name": address, "email": address})
                self.write(self.plan, self.ann, partner_ids=[(4, partner.id)], **values)

                wrote = ["PATCH", "PATCH"], [("invitation", address)]
                self.assertEqual(wrote, self._acts_of())

    def test_a_guest_of_all_dates_who_comes_with_something_silent_is_mailed_alone(self):
        """The same of a whole series: its master is written twice."""
        values = {"partner_ids": [(4, self.carl.id)], "show_as": "free"}
        self.write(self.rows[0], scope="all_events", **values)

        self.assertArrives({"Board": ["PATCH"] * 2}, {"Board": [("invitation", CARL)]})

    def test_a_guest_of_one_date_who_comes_with_something_silent_is_mailed_alone(self):
        """The same of a single date: its occurrence is written twice."""
        values = {"partner_ids": [(4, self.carl.id)], "show_as": "free"}
        self.write(self.rows[1], scope="self_only", **values)

        wrote = {"Board": ["PATCH day 7"] * 2}
        self.assertArrives(wrote, {"Board": [("invitation", CARL)]})

    def test_an_occurrence_that_gets_a_new_id_by_its_first_change_gets_the_second(self):
        """The id of an occurrence is asked for anew before what is announced is written."""
        self.sandbox.options.set(exception_changes_id=True)
        self.write(self.rows[1], scope="self_only", name="Special", show_as="free")

        self.sync(self.ann)

        self.assertEqual([("update", GUEST)], self.told())
        self.assertInStep("Special")

    def test_a_new_time_of_all_dates_and_something_silent_go_apart(self):
        """What a new time leaves of the dates is looked at; each request has its own kind."""
        self.write(self.rows[1], scope="self_only", name="Special")
        self.bring_over()
        start = self.rows[0].start.replace(hour=12)
        self.rows[0].with_user(self.ann).write(
            {
                "recurrence_update": "all_events",
                "start": start,
                "stop": start.replace(hour=13),
                "show_as": "free",
            }
        )

        self.sync(self.ann)

        self.assertEqual(["PATCH", "PATCH"], [method for method, _path in self.written()])
        self.assertEqual([("update", GUEST)], self.told())

    def test_people_alone_are_written_alone(self):
        """Added, removed: who is concerned is mailed, and nobody else."""
        self.write(self.plan, self.ann, partner_ids=[(4, self.carl.id)])
        self.assertEqual((["PATCH"], [("invitation", CARL)]), self._acts_of())

        self.write(self.plan, self.ann, partner_ids=[(3, self.guest.id)])
        self.assertEqual((["PATCH"], [("cancellation", GUEST)]), self._acts_of())

    def test_what_is_announced_goes_as_one(self):
        """Subject, place, time and a guest: one PATCH, one mail for each."""
        self.write(
            self.plan,
            self.ann,
            name="Plan B",
            location="Room 1",
            start=self.soon(hour=14),
            stop=self.soon(hour=15),
            partner_ids=[(4, self.carl.id)],
        )

        mails = [("invitation", CARL), ("update", GUEST)]
        self.assertEqual((["PATCH"], mails), self._acts_of())

    # Between the two ----------------------------------------------------------------------------

    def _rename(self):
        self.write(self.plan, self.ann, name="Plan B", show_as="free")

    def _assert_in_step(self):
        there = self.remote(ANN, "Plan B")
        self.assertEqual("free", there["showAs"])
        self.assertEqual(([], []), self._acts_of())
        self.assertFalse(self.env["outlook.outbox"].search([]))

    def test_what_is_silent_goes_first_and_the_rest_follows_in_the_next_round(self):
        """The round ends between the two: the mail, once it goes, tells of the meeting as it is."""
        self._rename()
        self.sandbox.faults.server_error(503, method="PATCH", path=ONE_PATCH, skip=1, times=None)
        self.sync(self.ann)
        self.assertEqual("free", self.remote(ANN, "Plan")["showAs"])
        self.assertEqual([], self.told())
        self.written()

        self.sandbox.faults.clear()
        self.account(self.ann).backoff_until = False

        self.assertEqual((["PATCH"], [("update", GUEST)]), self._acts_of())
        self._assert_in_step()

    def test_a_lost_answer_to_either_repeats_no_mail(self):
        """It arrived, nobody knows: the next round sees it, and writes what is missing only."""
        for skip in (0, 1):
            with self.subTest(lost=skip):
                self.write(self.plan, self.ann, name="Plan", show_as="busy")
                self._acts_of()
                self._rename()
                self.sandbox.faults.drop_after(method="PATCH", path=ONE_PATCH, skip=skip)
                self.sync(self.ann)
                self.account(self.ann).backoff_until = False
                self.sync(self.ann)

                self.assertEqual([("update", GUEST)], self.told())
                self.written()
                self._assert_in_step()

    def test_a_lost_answer_that_delta_does_not_tell_of_yet_repeats_no_mail(self):
        """If-Match refuses the write of what was seen before: a look shows that it is there."""
        self.write(self.plan, self.ann, name="Plan B")
        self.sandbox.faults.drop_after(method="PATCH", path=ONE_PATCH)
        self.sandbox.options.set(delta_lag=5)
        self.sync(self.ann)
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)

        self.assertEqual([("update", GUEST)], self.told())
        self.assertEqual("linked", self.meeting(self.plan).state)
        self.assertFalse(self.env["outlook.outbox"].search([]))

    def test_an_edit_there_between_the_two_is_taken_in(self):
        """412 to the second: looked at, merged, and written; one mail."""
        self._rename()
        self.sandbox.faults.server_error(412, method="PATCH", path=ONE_PATCH, skip=1)

        self.assertEqual((["PATCH"] * 3, [("update", GUEST)]), self._acts_of())
        self._assert_in_step()

    def test_the_second_expects_the_state_that_the_first_left(self):
        """An edit there after the first is refused, not overwritten."""
        self._rename()
        held = self.sandbox.faults.server_error(503, method="PATCH", path=ONE_PATCH, skip=1)
        self.sync(self.ann)
        held_key = self.meeting(self.plan).copy_ids.change_key

        self.assertEqual(self.remote(ANN, "Plan")["changeKey"], held_key)
        self.assertEqual(1, held.hits)

    def test_a_date_between_its_two_requests_is_finished_by_the_next_round(self):
        """Of a single date, too, what was written is known and what was not is still to do."""
        self.write(self.rows[1], scope="self_only", name="Special", show_as="free")
        self.sandbox.faults.server_error(503, method="PATCH", path=ONE_PATCH, skip=1, times=None)
        self.sync(self.ann)
        self.assertEqual([], self.told())
        self.assertEqual("free", self.occurrence(7)["showAs"])
        self.sandbox.faults.clear()
        self.account(self.ann).backoff_until = False
        self._remember()

        self.sync(self.ann)

        self.assertEqual([("update", GUEST)], self.told())
        self.assertInStep("Special")

    def test_a_lost_answer_of_a_date_repeats_no_mail(self):
        """Delta names the series; what was written is seen there."""
        for skip in (0, 1):
            with self.subTest(lost=skip):
                name = f"Special {skip}"
                self.write(self.rows[1 + skip], scope="self_only", name=name, show_as="free")
                self.sandbox.faults.drop_after(method="PATCH", path=ONE_PATCH, skip=skip)
                self.sync(self.ann)
                self.account(self.ann).backoff_until = False
                self.sync(self.ann)

                self.assertEqual([("update", GUEST)], self.told())
                self.assertInStep(name)

    def test_guests_invited_last_are_so_when_the_first_was_cut_off(self):
        """A series with a special date that gets a guest and a status: one mail, whatever stops."""
        self.write(self.rows[1], scope="self_only", location="Room 1")
        values = {"partner_ids": [(4, self.carl.id)], "show_as": "free"}
        self.write(self.rows[0], scope="all_events", **values)
        self.sandbox.faults.drop_after(method="PATCH", path=ONE_PATCH)
        self.sync(self.ann)
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)

        invited = [mail for mail in self.told() if mail[1] == CARL]
        self.assertEqual([("invitation", CARL)], invited)
        self.assertInStep("Board")
