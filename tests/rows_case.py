"""Series written as rows and read back as one meeting, without Outlook: the ORM alone.

All begin on Monday, 1 February 2027, at ten in Brussels unless told otherwise: the clock changes
there on 28 March and 31 October.
"""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from odoo.tests import TransactionCase, new_test_user

from ..bridge.people import People
from ..bridge.reader import Reader
from ..bridge.writer import Writer
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, Body, Keyed, Person, Timed
from ..core.engine.timezones import local_to_utc

BRUSSELS = "Europe/Brussels"
MONDAY = date(2027, 2, 1)
GUEST = "guest@outside.example"
WEEK = timedelta(days=7)


class RowsCase(TransactionCase):
    """Ann, her contacts, and no mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env,
            "ann-rows",
            name="Ann",
            email="ann@contoso.example",
            tz=BRUSSELS,
            groups="base.group_user,base.group_partner_manager",
        )
        cls.guest = cls.env["res.partner"].create({"name": "Guest", "email": GUEST})

    def setUp(self):
        super().setUp()
        people = People(self.env, self.ann)
        self.reader = Reader(self.env, people)
        self.writer = Writer(self.env, people)
        self.horizon = self.since = None
        self.first_mail = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0

    # What a side shows --------------------------------------------------------------------------

    def weekly(self, **parts):
        """Return the rule of four Mondays, or what of it is otherwise."""
        given = {"kind": "weekly", "interval": 1, "start": MONDAY, "weekdays": {"monday"}, **parts}
        if not {"end", "count"} & given.keys():
            given["count"] = 4
        return Rule.settled(**given)

    def span(self, day, hour=10, minute=0, hours=1, zone=BRUSSELS):
        """Return a span of whole hours by the clock of the zone."""
        wall = datetime.combine(day, time(hour, minute))
        return Timed(local_to_utc(wall, zone), local_to_utc(wall + timedelta(hours=hours), zone))

    def series(self, rule=None, *, hour=10, **values):
        """Return the snapshot of a series at ten in Brussels, four Mondays unless told."""
        rule = rule or self.weekly()
        return Keyed(
            {
                "subject": "Board",
                "body": Body.of("<p>Agenda</p>"),
                "when": self.span(rule.start, hour),
                "zone": BRUSSELS,
                "location": "Room 1",
                "sensitivity": "normal",
                "people": Keyed({GUEST: Person("required", "Guest", GUEST)}),
                "show_as": "busy",
                "reminder": 15,
                "categories": frozenset({"Red"}),
                "rule": rule,
                "occurrences": EMPTY,
                **values,
            }
        )

    def single(self, **values):
        """Return the snapshot of a single meeting."""
        return Keyed({**self.series(), "rule": None, **values})

    # This side ----------------------------------------------------------------------------------

    def create(self, target):
        """Write a meeting that is new here; return what it hangs on, and keep its horizon."""
        written = self.writer.create(
            target, organizer=self.ann, host=self.env["res.partner"], states={GUEST: "accepted"}
        )
        self.env.flush_all()
        self.horizon, self.since = written.horizon, written.since
        return written.event

    def change(self, event, local=None, **values):
        """Write what is new of a meeting, and return what it hangs on now."""
        written = self.writer.change(
            event,
            Keyed(values),
            organizers=self.ann.partner_id,
            local=local or self.read(event),
            horizon=self.horizon,
            since=self.since,
        )
        self.env.flush_all()
        self.horizon, self.since = written.horizon, written.since
        return written.event

    def read(self, event, **knowing):
        """Read a meeting as a round does: afresh."""
        self.env.invalidate_all()
        knowing = {"horizon": self.horizon, "since": self.since, **knowing}
        return self.reader.read(event, organizers=self.ann.partner_id, **knowing)

    def slots(self, event):
        """Return slot → id of the row."""
        shown = self.reader.series(event, organizers=self.ann.partner_id)
        return {slot: row.id for slot, row in shown.slots.items()}

    def rows(self, event):
        """Return the active rows by start."""
        return event.recurrence_id.calendar_event_ids.sorted("start")

    def days(self, event):
        """Return the days of the rows, counted from the first Monday."""
        return [(row.start.date() - MONDAY).days for row in self.rows(event)]

    def written(self):
        """Return how many rows of the calendar this transaction has written so far."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE 'calendar%'"
        )
        return self.env.cr.fetchone()[0]

    @contextmanager
    def assertWrites(self, number):
        """Assert that so many rows of the calendar's tables are written inside."""
        before = self.written()
        yield
        self.assertEqual(number, self.written() - before)

    def mails(self):
        """Return what was mailed since the test began."""
        return self.env["mail.mail"].search([("id", ">", self.first_mail)])
