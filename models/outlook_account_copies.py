"""What an account knows of the database that it belongs to; see `bridge/copies.py`."""

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..bridge import alarms, copies


class OutlookAccount(models.Model):
    """The half of a connected mailbox that knows its home, and what a copy must not do."""

    _inherit = "outlook.account"

    place = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, help="Where the database was that it belongs to"
    )
    left_alone = fields.Selection(
        [
            ("copied", "This database is a copy"),
            ("restored", "This database is an earlier state"),
            ("other", "Another database keeps the mailbox in step"),
        ],
        readonly=True,
        help="Why nothing is done until an administrator has said which database is in use",
    )
    mark = fields.Char(
        readonly=True, groups=fields.NO_ACCESS, help="What the mailbox bears since this database"
    )
    mark_next = fields.Char(readonly=True, groups=fields.NO_ACCESS, help="What it is about to bear")
    mark_at = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    mark_seen_at = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)

    def _belongs_here(self) -> bool:
        """Tell whether this is the database that the mailbox was connected to, and not its copy.

        In a copy, leave the account alone and say so: the original goes on to keep the mailbox in
        step.
        """
        if copies.is_at_home(self):
            return True
        if self.state == "active":
            user = self.user_id
            own = user.with_context(lang=user.lang).env
            self.last_error = alarms.message(own, "copy", "copied")
            self._leave_alone("copied")
        return False

    def _leave_alone(self, reason: str) -> None:
        """Stop, change nothing else, and let the administrators say which database is in use."""
        self.write({"state": "blocked", "left_alone": reason})
        alarms.note(self.env, "copy", copies.Elsewhere(reason))

    def _signed_in(self, signed_in: Any) -> None:
        """Belong to this database from now on: the person has just said so."""
        done = super()._signed_in(signed_in)
        copies.claim_anew(self.sudo())
        self._settle_copies()
        return done

    def _sign_out(self) -> None:
        done = super()._sign_out()
        self.sudo().left_alone = False
        self._settle_copies()
        return done

    def action_take_over(self) -> None:
        """Go on in this database: it is the one in use. All that the mailbox shows is read anew.

        What links from an earlier state said of it may never have been so here.
        """
        accounts = self._decided().filtered("left_alone")
        accounts._lock()
        for account in accounts:
            copies.claim_anew(account)
        accounts.calendar_ids.write(
            {"delta_link": False, "page_link": False, "listed_until": False}
        )
        accounts.write({"state": "active", "last_error": False, "calendars_read_at": False})
        accounts.action_sync_now()
        self._settle_copies()

    def action_let_go(self) -> None:
        """Sign out here: another database is the one in use. Nothing is touched on either side."""
        self._decided().filtered("left_alone")._sign_out()

    def _decided(self) -> "OutlookAccount":
        """Return the accounts in `sudo`, for administrators only: it concerns two databases."""
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._("Only an administrator can say which database is the one in use.")
            )
        return self.sudo()

    @api.model
    def _all_left_alone(self) -> "OutlookAccount":
        return self.search([("left_alone", "!=", False)])

    def _settle_copies(self) -> None:
        """Take back what the administrators were asked once there is nothing left to say."""
        if not self.sudo()._all_left_alone():
            alarms.silence(self.env, ["copy"])
