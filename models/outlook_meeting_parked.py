"""Meetings that were set aside: since when, what Outlook showed or was asked, and *Retry*."""

from typing import Any

from odoo import fields, models
from odoo.exceptions import AccessError

from ..bridge import parked


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
                "message": self.env._("It is tried again in the next moments."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _mailbox_owners(self):
        """Return the users in whose mailboxes a meeting is."""
        return self.copy_ids.account_id.user_id
