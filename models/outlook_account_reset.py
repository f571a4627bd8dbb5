"""What a reset needs of the account: a state while it runs, its turn under the claim, numbers."""

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bridge import reset, reset_records


class OutlookAccount(models.Model):
    """The reset's half of a connected mailbox."""

    _inherit = "outlook.account"

    state = fields.Selection(
        selection_add=[("resetting", "Being reset")], ondelete={"resetting": "set default"}
    )
    reset_ids = fields.One2many("outlook.reset", "account_id", string="Resets")

    @api.model
    def _to_reset_for(self, user):
        """Return the account of `user` in sudo, if the acting user may reset it."""
        own = user == self.env.user
        if not own and not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator can reset the Outlook account of somebody else.")
            )
        return self.sudo().search([("user_id", "=", user.id)], limit=1)

    def _start_reset(self, *, delete_policy: str, sync_policy: str):
        """Begin a reset, or return the one under way; from now on the account does nothing else."""
        self.ensure_one()
        return self._running_reset() or self.env["outlook.reset"]._start(
            self, delete_policy=delete_policy, sync_policy=sync_policy
        )

    def _running_reset(self):
        """Return the reset that was asked for and is not finished yet."""
        return self.reset_ids.filtered(lambda reset: reset.state == "running")

    def _run_rounds(self, *, deadline: float, reason: str = "wait") -> None:
        """Go on with the reset where one was asked for; the account does nothing else then."""
        if self.state == "resetting":
            reset.run(self.env.registry, self.id, deadline=deadline)
            return None
        return super()._run_rounds(deadline=deadline, reason=reason)

    def _signed_in(self, signed_in: Any):
        """Refuse a sign-in that would come in the middle of a reset."""
        if self._running_reset():
            raise UserError(
                self.env._("Your Outlook account is being reset. Sign in again in a moment.")
            )
        return super()._signed_in(signed_in)

    def action_disconnect(self) -> None:
        """Refuse it in the middle of a reset, which signs out itself when it is done."""
        if self.sudo()._running_reset():
            raise UserError(self.env._("This Outlook account is being reset, and then signed out."))
        return super().action_disconnect()

    def _button_state(self) -> str:
        state = super()._button_state()
        return "syncing" if self.state == "resetting" and state == "paused" else state

    def _why_out_of_reach(self) -> str:
        """Return the trouble (see `outlook.reset`) that keeps Outlook from being asked; or empty.

        Told from what is known without asking Microsoft.
        """
        if not self.token_cache or self.state == "reconnect":
            return "signin"
        if self.left_alone or not self._belongs_here():
            return "copy"
        return ""

    def _own_meeting_count(self) -> int:
        """Return how many meetings the user organizes on both sides."""
        return len(reset_records.own_copies(self)) if self else 0

    def _own_guest_count(self) -> int:
        """Return how many people Outlook would tell if it deleted these meetings."""
        return len(reset_records.guests(self)) if self else 0
