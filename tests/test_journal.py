"""The journal: each round and each change is told, and nothing of what is private."""

from datetime import date, timedelta

from odoo import SUPERUSER_ID, Command
from odoo.api import Environment
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..bridge import round as rounds
from ..bridge.journal_words import LONGEST, entries
from ..core.engine import fields as table
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import AllDay, Body, Keyed, Person
from .common import ANN, BOB, SandboxCase

_WEEKLY = Rule("weekly", 2, date(2027, 2, 1), date(2027, 3, 1), frozenset({"monday", "friday"}))
_LAST = Rule("relativeMonthly", 1, date(2027, 2, 26), None, frozenset({"friday"}), index="last")
#: Field, what it was, what it is, and both in words.
WORDS = (
    ("subject", "Old", "New", "Old", "New"),
    ("subject", "a\n b\x00", "", "a b", False),
    ("subject", "x" * 500, None, "x" * (LONGEST - 1) + "…", False),
    ("body", Body.of("<p>Secret</p>"), Body.of(""), *["text (not kept here)"] * 2),
    ("when", AllDay(date(2027, 2, 1), date(2027, 2, 1)), None, "2027-02-01, all day", False),
    (
        "when",
        None,
        AllDay(date(2027, 2, 1), date(2027, 2, 3)),
        False,
        "2027-02-01 – 2027-02-03, all day",
    ),
    ("sensitivity", "normal", "personal", "public", "personal"),
    ("show_as", "oof", "busy", "out of office", "busy"),
    ("reminder", 15, None, "15 minutes before", "none"),
    ("categories", frozenset({"a", "b"}), frozenset({"b", "c"}), "a", "c"),
    ("rule", None, _WEEKLY, "once", "every 2 weeks, Monday, Friday, until 2027-03-01"),
    ("rule", _LAST, None, "every month, last Friday", "once"),
    ("online", False, True, "no", "yes"),
    (
        "people",
        Keyed({"a@x": Person("required", "Ann"), "b@x": Person("required", "Bob")}),
        Keyed({"b@x": Person("optional", "Bob"), "c@x": Person("resource", "", "c@x")}),
        "Ann, Bob",
        "Bob (optional), c@x (room)",
    ),
    (("people", "a@x"), None, Person("required", "Ann"), False, "Ann"),
)


class Robbed(rounds.Round):
    """A round whose account somebody signs out as soon as it has begun."""

    def _work(self):
        with self._session._registry.cursor() as cr:
            accounts = Environment(cr, SUPERUSER_ID, {})["outlook.account"]
            accounts.browse(self._session.account_id)._revoke_claim()
        return super()._work()


@tagged("standard", "post_install", "-at_install")
class TestJournal(SandboxCase):
    """Ann and Bob are connected; each change is made on one side and carried over by a round."""

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def changes(self, run):
        """Return what a round wrote down: (kind, direction, field, before, after)."""
        return [
            (one.kind, one.direction, one.field, one.old, one.new)
            for one in run.sudo().change_ids.sorted("id")
        ]

    def shared(self, **values):
        """Return a meeting of Ann that is on both sides."""
        event = self.make(self.ann, **{"name": "Review", "location": "Room 4", **values})
        self.sync(self.ann)
        return event

    def test_a_change_here_is_told_with_what_it_was_and_is(self):
        """One row for each field: what Outlook showed before, and what it was written."""
        event = self.shared()
        start = event.start + timedelta(hours=1)
        self.write(event, self.ann, location="Room 7", start=start, stop=start + timedelta(hours=1))
        self.write(event, self.ann, partner_ids=[Command.link(self.bob.partner_id.id)])

        changes = self.changes(self.sync(self.ann))

        self.assertIn(("change", "out", "location", "Room 4", "Room 7"), changes)
        self.assertIn(("change", "out", "people", False, "Bob"), changes)
        [(before, after)] = [one[3:] for one in changes if one[2] == "when"]
        hour = 3600
        day = event.start.date().isoformat()
        self.assertTrue(before.startswith(day) and before.endswith("(Europe/Brussels)"), before)
        self.assertNotEqual(before, after)
        self.assertEqual(hour, (event.stop - event.start).total_seconds())

    def test_a_change_in_outlook_is_told_with_what_it_was_and_is(self):
        """The values are those of this side: before the round, and after it."""
        event = self.shared()
        self.sandbox.change_event(ANN, self.remote(ANN, "Review")["id"], {"subject": "Second"})

        run = self.sync(self.ann)

        self.assertEqual([("change", "in", "subject", "Review", "Second")], self.changes(run))
        self.assertEqual((event, "Second"), (run.change_ids.event_id, run.change_ids.meeting))

    def test_a_removal_is_told_by_its_title(self):
        """A meeting that is gone can be looked up under no other name."""
        self.shared().with_user(self.ann).unlink()

        run = self.sync(self.ann)

        self.assertEqual([("remove", "out", False, False, False)], self.changes(run))
        self.assertEqual("Review", run.change_ids.meeting)

    def test_a_text_is_never_told(self):
        """That it changed is all."""
        event = self.shared(description="<p>The old plan</p>")
        self.write(event, self.ann, description="<p>The new plan</p>")

        changes = self.changes(self.sync(self.ann))

        self.assertIn("body", [one[2] for one in changes])
        self.assertNotIn("plan", str(changes))

    def test_one_date_of_a_series_is_told_by_its_date(self):
        """The row names the date; what it was is what the series says."""
        start = self.soon()
        day = start.strftime("%a").lower()
        series = {"recurrency": True, "rrule_type": "weekly", "end_type": "count", "count": 3}
        event = self.shared(**series, **{day: True}, start=start, stop=start + timedelta(hours=1))
        second = event.recurrence_id.calendar_event_ids.sorted("start")[1]
        self.write(second, self.ann, location="Garden", recurrence_update="self_only")

        run = self.sync(self.ann)

        self.assertEqual(
            [("change", "out", "location", "as the series", "Garden")], self.changes(run)
        )
        self.assertEqual(second.start.date().isoformat(), run.change_ids.part)
        self.assertTrue(run.change_ids.what.startswith("Place, "), run.change_ids.what)

    def test_of_a_private_date_of_a_public_series_no_value_is_written(self):
        """Exchange has one sensitivity for all; here the date's own counts, then and later."""
        start = self.soon()
        series = {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 3}
        event = self.shared(**series, start=start, stop=start + timedelta(hours=1))
        _first, second, third = event.recurrence_id.calendar_event_ids.sorted("start")
        self.write(second, self.ann, name="Interview", privacy="private")
        self.write(third, self.ann, location="Garden")

        changes = self.sync(self.ann).change_ids.sorted("part")

        self.assertEqual(second | third, changes.event_id)
        told = [(one.field, one.old, one.new) for one in changes.sudo()]
        self.assertEqual([("subject", False, False), ("location", "as the series", "Garden")], told)
        theirs = changes.with_user(new_test_user(self.env, "boss", groups="base.group_system"))
        self.assertEqual([False, "Garden"], theirs.mapped("after"))
        third.privacy = "private"
        self.env.invalidate_all()
        self.assertEqual([False, False], theirs.mapped("after"))

    def test_of_a_private_meeting_nothing_is_written_but_that_it_changed(self):
        """Neither title nor value stands in the table, whoever reads it."""
        event = self.shared(name="Salary", privacy="private")
        self.write(event, self.ann, location="Room 9")

        changes = self.sync(self.ann).sudo().change_ids

        self.assertEqual(["location"], changes.mapped("field"))
        self.assertFalse(changes.title or changes.old or changes.new)

    def test_what_is_made_public_leaves_no_word_of_what_it_was(self):
        """The change that ends the privacy is still a private meeting's."""
        event = self.shared(name="Salary", privacy="private")
        self.write(event, self.ann, privacy="public", name="Lunch")

        changes = self.sync(self.ann).sudo().change_ids

        self.assertEqual({"sensitivity", "subject"}, set(changes.mapped("field")))
        self.assertEqual({False}, {*changes.mapped("old"), *changes.mapped("new")})

    def test_what_becomes_private_is_hidden_from_others_from_then_on(self):
        """What was written while it was public is shown to those who may see it now."""
        boss = new_test_user(self.env, login="boss", groups="base.group_system")
        event = self.shared()
        self.write(event, self.ann, location="Room 7")
        change = self.sync(self.ann).change_ids
        shown = change.with_user(boss)
        self.assertEqual(("Review", "Room 4", "Room 7"), (shown.meeting, shown.before, shown.after))

        self.write(event, self.ann, privacy="private")
        self.env.invalidate_all()

        self.assertEqual((False, False), (shown.before, shown.after))
        self.assertNotIn("Review", f"{shown.meeting} {shown.event_id.display_name}")
        self.assertEqual("Room 7", change.with_user(self.ann).after)

        event.with_user(self.ann).unlink()
        self.env.invalidate_all()
        self.assertEqual(
            ("Private meeting", False, False), (shown.meeting, shown.before, shown.after)
        )

    def test_everybody_reads_what_rounds_of_his_own_mailbox_did(self):
        """Changes of others do not exist for a user; raw values are nobody's."""
        self.connect(self.bob, BOB)
        event = self.shared()
        self.write(event, self.ann, location="Room 7")
        self.sync(self.ann)
        changes = self.env["outlook.sync.change"]

        self.assertTrue(changes.with_user(self.ann).search([]))
        self.assertFalse(changes.with_user(self.bob).search([]))
        with mute_logger("odoo.orm.models"), self.assertRaises(AccessError):
            changes.with_user(self.ann).search([]).read(["old"])

    def test_a_round_says_why_it_began_and_what_it_cost(self):
        """Trigger, time, requests and Microsoft's own ids of them."""
        self.account(self.ann).action_sync_now()
        self.run_lane()
        run = self.account(self.ann).run_ids[:1]

        self.assertEqual(("button", "done", False), (run.trigger, run.state, run.is_quiet))
        self.assertGreater(run.duration, 0)
        self.assertEqual(run.requests, len(run.request_list.split()))
        self.assertTrue(run.finished_at)

    def test_a_round_on_schedule_without_news_is_quiet(self):
        """Only these are ever made one row."""
        self.account(self.ann).write({"next_round_at": False, "is_awaited": False})
        self.run_lane()
        quiet = self.account(self.ann).run_ids[:1]
        self.make_remote(ANN)
        self.account(self.ann).next_round_at = False
        self.run_lane()
        busy = self.account(self.ann).run_ids[:1]

        self.assertEqual(("cron", True), (quiet.trigger, quiet.is_quiet))
        self.assertEqual(("cron", False), (busy.trigger, busy.is_quiet))
        self.assertEqual(1, busy.created_local)

    def test_a_round_that_was_killed_is_closed_by_the_next(self):
        """It stays as interrupted, and says so; only one can be under way."""
        account = self.account(self.ann)
        killed = account.run_ids.create({"account_id": account.id, "trigger": "cron"})

        run = self.sync(self.ann)

        self.assertEqual(("interrupted", "done"), (killed.state, run.state))
        self.assertTrue(killed.error)

    def test_a_round_whose_account_is_taken_says_so(self):
        """Signed out in the middle: it writes nothing more but how it ended."""
        account = self.account(self.ann)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            rounds.run_once(self.env.registry, account.id, deadline=0, reason="cron", kind=Robbed)
        self.env.invalidate_all()

        self.assertEqual("taken_over", account.run_ids[:1].state)

    def test_a_preview_and_a_reset_are_rounds_too(self):
        """All that asks Microsoft is journalled, with its requests."""
        self.env.flush_all()
        account = self.account(self.ann)
        with self.enter_registry_test_mode():
            account.with_user(self.ann).action_preview()
        self.env.invalidate_all()
        seen = account.run_ids[:1]
        self.shared()
        account._start_reset(delete_policy="outlook", sync_policy="new")
        run = self.sync(self.ann)

        self.assertEqual(("preview", "done"), (seen.trigger, seen.state))
        self.assertGreater(seen.requests, 0)
        self.assertEqual(("reset", "done", 1), (run.trigger, run.state, run.removed_remote))
        self.assertEqual("Review", run.change_ids.meeting)

    def test_values_are_told_in_few_words(self):
        """Each kind of value; lists tell who left and who joined."""
        for name, old, new, before, after in WORDS:
            with self.subTest(field=name, before=before):
                [entry] = entries(self.env, {name: (old, new)}, zone="UTC")
                self.assertEqual((before, after), (entry.old, entry.new))

    def test_each_field_that_is_kept_in_step_has_a_name_in_the_journal(self):
        """A field without one could not be written down."""
        known = {
            name for name, _label in self.env["outlook.sync.change"]._fields["field"].selection
        }
        self.assertLessEqual({*table.FIELDS, "online"}, known)
