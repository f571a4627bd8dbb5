"""The server's log says whose round it is about, and nothing of what people wrote."""

import ast
import logging
from pathlib import Path

import psycopg2

from odoo.tests import tagged

from .. import bridge
from ..bridge import logs
from ..core.engine.errors import Refused
from .common import ANN, GUEST, SandboxCase, attendee

OWN = "odoo.addons.outlook_calendar"


@tagged("standard", "post_install", "-at_install")
class TestJournalLogs(SandboxCase):
    """Ann is connected; what is logged while she is in step is read."""

    def setUp(self):
        super().setUp()
        self.account_id = self.connect(self.ann, ANN).id

    def sync_and_read(self):
        """Run a round; return it and what this addon and the database wrote about it."""
        with self.assertLogs("odoo", logging.INFO) as log:
            run = self.sync(self.ann)
        lines = [
            record.getMessage()
            for record in log.records
            if record.name.startswith((OWN, "odoo.sql_db"))
        ]
        return run, lines

    def test_each_round_is_one_line_with_its_ids_and_counts(self):
        """Account, round, why, how it ended, how much it was."""
        self.make_remote(ANN, subject="Secret plan")

        run, lines = self.sync_and_read()

        [line] = lines
        self.assertTrue(line.endswith(f"[account={self.account_id} run={run.id}]"), line)
        for word in ("trigger=wait", "state=done", "requests=", "duration=", "created_local=1"):
            self.assertIn(word, line)

    def test_a_busy_round_writes_nothing_of_what_people_wrote(self):
        """No subject, place, text, name or address; no token; also where meetings are refused."""
        secrets = ("Secret", ANN, GUEST, "Bearer", "eyJ")
        event = self.make(self.ann, name="Secret plan", location="Secret place")
        self.make_remote(ANN, subject="Secret there", attendees=[attendee(GUEST, "Secret guest")])
        self.sandbox.faults.server_error(400, path=r"/me/calendar/events$")
        _run, first = self.sync_and_read()
        self.write(event, self.ann, description="<p>Secret text</p>")
        self.sandbox.faults.server_error(503, times=None)
        _run, second = self.sync_and_read()

        lines = first + second
        self.assertGreaterEqual(len(lines), 3)  # with why the second one ended
        for line in lines:
            self.assertIn(f"[account={self.account_id} run=", line)
            self.assertFalse([one for one in secrets if one in line], line)

    def test_a_query_that_fails_in_a_round_is_told_without_its_values(self):
        """Odoo's own line quotes the whole statement, and PostgreSQL the row."""
        query = "UPDATE calendar_event SET name = %s, user_id = %s"
        entered = logs.About(self.account_id, 7).enter()
        try:
            with (
                self.assertLogs("odoo.sql_db", logging.ERROR) as log,
                self.assertRaises(psycopg2.Error),
                self.cr.savepoint(),
            ):
                self.cr.execute(query, ("Secret", "nobody"))
        finally:
            logs.leave(entered)

        [line] = [record.getMessage() for record in log.records]
        self.assertIn("UPDATE calendar_event", line)
        self.assertIn(f"[account={self.account_id} run=7]", line)
        self.assertNotIn("Secret", line)

    def test_our_own_bug_is_told_by_kind_and_place(self):
        """Messages of exceptions quote what they choked on."""
        try:
            try:
                raise ValueError("Secret")
            except ValueError as error:
                raise Refused(status=403, code="Denied", message="Secret") from error
        except Refused as error:
            told = logs.describe(error)

        self.assertNotIn("Secret", told)
        for word in ("Refused 403 Denied", "ValueError", "test_journal_logs.py"):
            self.assertIn(word, told)

    def test_all_lines_of_rounds_bear_the_ids(self):
        """No module of the bridge has a logger of its own."""
        for path in sorted(Path(bridge.__file__).parent.glob("*.py")):
            if path.name == "logs.py":
                continue
            with self.subTest(module=path.name):
                calls = [
                    ast.unparse(node.func)
                    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                    if isinstance(node, ast.Call)
                ]
                self.assertNotIn("logging.getLogger", calls)
