"""Connect a user to his mailbox, and say how the connection stands."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from odoo import api, fields, models

from ..bridge import alarms, sealing, settings, sign_in, wording
from ..core.engine.errors import SyncError

Status = dict[str, Any]
JUST_NOW = timedelta(minutes=1)


class OutlookAccount(models.Model):
    """The sign-in half of a connected mailbox; the sync half is in `outlook_account.py`."""

    _inherit = "outlook.account"

    @api.model
    def _begin_sign_in(self) -> dict[str, Any]:
        """Return a new flow for the current user (see `bridge.sign_in.begin`). Raises SyncError.

        Someone who signs in again is offered the account he had; he may still choose another.
        """
        known = self._of_current_user()
        return sign_in.begin(self.env, login_hint=known.address or None)

    @api.model
    def _finish_sign_in(self, flow: dict[str, Any], answer: Mapping[str, str]) -> Any:
        """Return who signed in, without keeping it. Raises SyncError."""
        return sign_in.finish(self.env, flow, answer)

    @api.model
    def _connect_current_user(self, signed_in: Any) -> "OutlookAccount":
        """Keep the sign-in of the current user. Raises UserError where the mailbox is taken."""
        account = self._for_user(self.env.user)
        account._signed_in(signed_in)
        return account

    @api.model
    def _give_up_sign_ins(self) -> None:
        """Drop what a lost key sealed: everybody signs in again, all else stays."""
        sealed = self.sudo().search([("token_cache", "!=", False)])
        sealed.write({"token_cache": False, "state": "reconnect"})

    @api.model
    def _of_current_user(self) -> "OutlookAccount":
        """Return the current user's account, empty where he never connected one; in `sudo`."""
        return self.sudo().search([("user_id", "=", self.env.uid)], limit=1)

    @api.model
    def _status_of_current_user(self) -> Status:
        """Return what the Outlook button shows; asks nobody but the database.

        `state` is one of unconfigured, connect, reconnect, preview, paused, syncing, synced;
        `account_id` a number or False; `last_sync` a UTC time as text or False; `pending` counts
        own changes not sent yet; `message` says in words what needs attention, or is False; `news`
        differs from the number of an earlier answer where something came from Outlook since that
        this user's calendar shows.
        """
        account = self._of_current_user()
        message = self._obstacle() or account._complaint()
        return {
            "state": account._button_state(),
            "account_id": account.id or False,
            "mailbox": account.address or False,
            "last_sync": fields.Datetime.to_string(account.last_success_at) or False,
            "pending": account.pending_count if account else 0,
            "message": message or False,
            "news": self.env["outlook.news"]._of_current_user(),
        }

    @api.model
    def _obstacle(self) -> str:
        """Return what only an administrator can put right, in words; empty where nothing is wrong.

        That nobody set it up yet is a state of its own and needs no words.
        """
        if not settings.is_configured(self.env):
            return ""
        try:
            settings.load_app(self.env)
            settings.graph_url(self.env)
        except SyncError as error:
            return wording.in_words(self.env, error)
        return ""

    def _complaint(self) -> str:
        """Return what this account's owner should know, in words; empty where all is well."""
        if self.state == "active" and settings.is_paused(self.env):
            return self.env._("An administrator paused the synchronization of everybody.")
        if self.state == "active" and alarms.lanes_stopped(self.env) == "off":
            return self.env._(
                "The scheduled actions that keep calendars in step are switched off. Ask an"
                " administrator."
            )
        return self.last_error or ""

    def _button_state(self) -> str:
        """Return the first state that applies: what must be done first comes first."""
        if not settings.is_configured(self.env) or self._key_is_lost():
            return "unconfigured"
        if not self or self.state == "new":
            return "connect"
        if self.state == "reconnect":
            return "reconnect"
        if self.state == "preview":
            return "preview"
        if self.state != "active" or settings.is_paused(self.env):
            return "paused"
        return "syncing" if self._is_at_work() else "synced"

    def _key_is_lost(self) -> bool:
        try:
            sealing.check_key(self.env)
        except sealing.KeyMissing:
            return True
        return False

    def _is_at_work(self) -> bool:
        """Tell whether a round holds the account, was just asked for, or is the first one.

        One that has been due for longer says that no lane comes for it; then the time of the last
        synchronization tells more than a turning wheel.
        """
        now = fields.Datetime.now()
        if self._is_claimed():
            return True
        due = self.next_round_at
        return not self.last_round_at or bool(due and now - JUST_NOW < due <= now)
