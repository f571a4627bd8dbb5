"""Whose a mailbox is at a moment: a claim ends with its time, or with the process that has it."""

from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.sql_db import connection_info_for
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.outlook_calendar.bridge import lanes, leases

SECONDS = 60
#: A number of which no process is known.
NOBODY = 7


@tagged("post_install", "-at_install")
class TestClaims(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = new_test_user(cls.env, "claims-outlook")
        cls.account = cls.env["outlook.account"].create({"user_id": user.id, "state": "active"})

    def _held_by(self, number):
        self.account._claim(SECONDS)
        self.env.cr.execute("UPDATE outlook_account SET lease_holder = %s", (number,))
        self.account.invalidate_recordset()

    def _is_due(self):
        return self.account.id in [turn.account_id for turn in lanes.turns(self.env)]

    def _other_process(self, number):
        """Be present under a number, as another process is."""
        connection = psycopg2.connect(**connection_info_for(self.env.cr.dbname)[1])
        self.addCleanup(connection.close)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", (leases.NAMESPACE, number))
        return connection

    def test_a_claim_of_a_living_process_holds(self):
        """Nobody else gets the account, no lane comes for it, and it is shown as at work."""
        self._other_process(NOBODY)

        self._held_by(NOBODY)

        self.assertFalse(self.account._claim(SECONDS))
        self.assertFalse(self._is_due())
        self.assertTrue(self.account._is_claimed())
        self.assertFalse(self.account.browse()._is_claimed())

    def test_a_claim_ends_with_its_process(self):
        """Its connection is gone, so is its claim; the time that is left does not matter."""
        other = self._other_process(NOBODY)
        self._held_by(NOBODY)
        other.close()
        self._await_the_end_of(NOBODY)

        self.assertFalse(self.account._is_claimed())
        self.assertTrue(self._is_due())
        self.assertTrue(self.account._claim(SECONDS))

    def test_a_claim_without_a_process_ends_with_its_time(self):
        """Where there was no connection to show that the process lives, it is taken for alive."""
        self._held_by(None)
        self.assertFalse(self.account._claim(SECONDS))

        self.account.lease_until = fields.Datetime.now() - timedelta(seconds=1)

        self.assertTrue(self.account._claim(SECONDS))

    def test_a_claim_that_looks_dead_is_renewed(self):
        """Whoever has the token has the account: the next step makes the process known anew."""
        claim = self.account._claim(SECONDS)
        self.env.cr.execute("UPDATE outlook_account SET lease_holder = %s", (NOBODY,))

        self.assertTrue(self.account._renew(claim, SECONDS))

        self.assertTrue(self.account._is_claimed())

    def test_a_process_whose_lock_is_lost_gets_another_number(self):
        """The connection may end, or serve somebody else: it is asked each time."""
        database = self.env.cr.dbname
        first = leases.number_of_this_process(database)
        self.assertEqual(first, leases.number_of_this_process(database))
        self.env.cr.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_locks
             WHERE locktype = 'advisory' AND classid = %s AND objid = %s
            """,
            (leases.NAMESPACE, first),
        )
        self._await_the_end_of(first)

        second = leases.number_of_this_process(database)

        self.assertNotEqual(first, second)

    def _await_the_end_of(self, number):
        """Wait until PostgreSQL has noticed, by asking for the lock that is to be free."""
        self.env.cr.execute(
            "SELECT pg_advisory_lock(%(n)s, %(m)s), pg_advisory_unlock(%(n)s, %(m)s)",
            {"n": leases.NAMESPACE, "m": number},
        )
