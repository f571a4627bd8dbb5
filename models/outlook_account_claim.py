"""Whose turn a mailbox is: the claim under which everything that talks to it works."""

import secrets
from datetime import datetime, timedelta

from odoo import fields, models

from ..bridge import leases

LEASE = ("lease_token", "lease_until", "lease_holder")


class OutlookAccount(models.Model):
    """The claim on an account. A lease is data: no row lock outlives a transaction."""

    _inherit = "outlook.account"

    lease_token = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    lease_until = fields.Datetime(readonly=True)
    lease_holder = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, help="The process; see bridge/leases.py"
    )

    def _claim(self, seconds: int) -> str | None:
        """Take the account for so many seconds; return the lease's token, None where it is taken.

        Of a process that is no more it is taken over at once. Make this the transaction's first
        query and commit at once; in the same moment as another claim it raises a
        SerializationFailure, which is no more than "taken".
        """
        self.ensure_one()
        token = secrets.token_hex(8)
        self._execute(
            f"""
            UPDATE outlook_account
               SET lease_token = %(token)s, lease_until = %(until)s, lease_holder = %(holder)s
             WHERE id = (SELECT account.id FROM outlook_account account
                          WHERE account.id = %(id)s AND NOT {leases.holds("account")}
                            FOR NO KEY UPDATE SKIP LOCKED)
            """,
            {**self._lease(token, seconds), "now": fields.Datetime.now()},
        )
        return token if self.env.cr.rowcount else None

    def _renew(self, token: str, seconds: int) -> bool:
        """Hold the account for longer where half of the lease is over; False where it was lost.

        Seldom, because a row that changes all the time is in the way of whoever presses a button.
        A lease that looks like a dead process's, because the connection that shows the contrary
        broke, is renewed as well.
        """
        self.env.cr.execute(
            f"""
            SELECT lease_until < %(half)s OR NOT {leases.holds("account")}
              FROM outlook_account account WHERE id = %(id)s AND lease_token = %(token)s
            """,
            {
                "id": self.id,
                "token": token,
                "half": _lease_end(seconds // 2),
                "now": fields.Datetime.now(),
            },
        )
        found = self.env.cr.fetchone()
        if found and found[0]:
            self._execute(
                """
                UPDATE outlook_account SET lease_until = %(until)s, lease_holder = %(holder)s
                 WHERE id = %(id)s AND lease_token = %(token)s
                """,
                self._lease(token, seconds),
            )
        return bool(found)

    def _release(self, token: str) -> None:
        """Give the account back, if it is still ours."""
        self._execute(
            """
            UPDATE outlook_account SET lease_token = NULL, lease_until = NULL, lease_holder = NULL
             WHERE id = %(id)s AND lease_token = %(token)s
            """,
            {"id": self.id, "token": token},
        )

    def _revoke_claim(self) -> None:
        """Let a round in flight find out at its next step that the account changed hands."""
        self.write(dict.fromkeys(LEASE, False))

    def _is_claimed(self) -> bool:
        """Tell whether somebody is at work in one of these mailboxes at this moment."""
        self.flush_recordset(LEASE)
        self.env.cr.execute(
            "SELECT FROM outlook_account account"
            f" WHERE id = ANY(%(ids)s) AND {leases.holds('account')}",
            {"ids": self.ids, "now": fields.Datetime.now()},
        )
        return bool(self.env.cr.rowcount)

    def _lock(self) -> None:
        """Make sure that writing these rows will not fail: whoever is too late begins anew here.

        Waits for another writer's commit and then raises a SerializationFailure, which callers
        (Odoo's own for requests, `Session.step` for rounds) answer by doing all of it again.
        """
        query = "SELECT FROM outlook_account WHERE id = ANY(%(ids)s) FOR NO KEY UPDATE"
        self._execute(query, {"ids": self.ids})

    def _lease(self, token: str, seconds: int) -> dict[str, object]:
        """Return what a row says while this process has it."""
        holder = leases.number_of_this_process(self.env.cr.dbname)
        return {"id": self.id, "token": token, "until": _lease_end(seconds), "holder": holder}

    def _execute(self, query: str, params: dict[str, object]) -> None:
        """Run a query on rows that rounds share; losing a race is no error to write in the log."""
        self.flush_recordset(LEASE)  # what was written by the ORM comes first
        self.env.cr.execute(query, params, log_exceptions=False)
        self.invalidate_recordset(LEASE, flush=False)


def _lease_end(seconds: int) -> datetime:
    return fields.Datetime.now() + timedelta(seconds=seconds)
