"""Meetings that were set aside: since when, what Outlook showed or was asked, and *Retry*."""

from typing import Any

from odoo import fields, models
from odoo.exceptions import AccessError

from ..bridge import mailers, parked, words


class OutlookMeeting(models.Model):
    """One meeting that cannot be kept in step rests; all others go on."""

    _inherit = "outlook.meeting"

    parked_at = fields.Datetime(readonly=True, help="Since when it is set aside")
    # Of a private meeting it holds times and ids only; what an administrator reads is cut again.
    payload = fields.Json(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What Outlook showed, or was asked to write, when it was set aside",
    )

    def action_retry(self) -> dict[str, Any]:
        """Try again what was set aside, in the next moments. For whose mailbox it is in."""
        meetings = self.sudo()
        may_retry_all = self.env.su or self.env.user.has_group("base.group_system")
        if not may_retry_all and any(
            self.env.user not in one._mailbox_owners() for one in meetings
        ):
            raise AccessError(self.env._("You can retry meetings of your own mailbox only."))
        parked.retry(meetings)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self._outlook_delay()
                or self.env._("It is tried again in the next moments."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _outlook_delay(self) -> str:
        """Return when these are tried again where no mailbox that has one is asked at present."""
        accounts = self.sudo().copy_ids.account_id
        now = fields.Datetime.now()
        for account in accounts:
            is_resting = account.backoff_until and account.backoff_until > now
            if not is_resting and not mailers.halted(self.env, account):
                return ""
        if halt := mailers.halted(self.env, accounts[:1]):
            return self.env._("It waits to be tried again: %(reason)s", reason=halt)
        moment = min(accounts.filtered("backoff_until").mapped("backoff_until"))
        return self.env._(
            "It is tried again after %(moment)s: until then Outlook is not asked.",
            moment=words.moment(self.env, moment),
        )

    def _mailbox_owners(self):
        """Return the users in whose mailboxes a meeting is."""
        return self.copy_ids.account_id.user_id
