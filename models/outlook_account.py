"""A mailbox that a user connected: who it is, how the connection stands, whose turn it is."""

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bridge import lanes, sealing, settings
from ..bridge import round as rounds
from ..core.engine.normalize import norm_address

STATES = [
    ("new", "Not signed in"),
    ("active", "In step"),
    ("preview", "Waiting for a choice"),
    ("paused", "Paused"),
    ("reconnect", "Sign in again"),
    ("blocked", "Stopped"),
]


class OutlookAccount(models.Model):
    """One mailbox of one user. Nobody writes it by RPC: buttons check whose it is."""

    _name = "outlook.account"
    _description = "Outlook account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "address"
    _order = "id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(STATES, default="new", required=True, readonly=True, index=True)
    address = fields.Char(string="Mailbox", readonly=True)
    name = fields.Char(string="Mailbox Owner", readonly=True)
    tenant_id = fields.Char(string="Directory", readonly=True, groups="base.group_system")
    object_id = fields.Char(string="Object ID", readonly=True, groups="base.group_system")
    # Read for itself: each step of a round reads the account, and needs little of it.
    token_cache = fields.Text(
        prefetch=False, readonly=True, groups=fields.NO_ACCESS, help="Sealed; see bridge/sealing.py"
    )
    database_uuid = fields.Char(readonly=True, groups="base.group_system")
    since = fields.Datetime(
        string="Connected Since",
        readonly=True,
        help="What was there before is matched; what appears later is new.",
    )
    sync_policy = fields.Selection(
        [("all", "All existing events"), ("new", "Only new events")], default="all", required=True
    )
    existing_policy = fields.Selection(
        [
            ("leave", "Leave those with guests alone"),
            ("send", "Send the upcoming ones, inviting their guests"),
            ("new", "Only new meetings from now on"),
        ],
        readonly=True,
        help="What was chosen for what was here before the connection; empty: nothing yet",
    )
    preview = fields.Json(
        prefetch=False,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What the next round would do; numbers and ids",
    )
    preview_at = fields.Datetime(readonly=True)
    teams = fields.Selection(
        [
            ("never", "Never"),
            ("always", "For every meeting"),
            ("guests", "For meetings with guests"),
        ],
        string="Teams Meetings",
        default="never",
        required=True,
    )
    aliases = fields.Json(
        readonly=True, help="Other addresses under which Outlook shows this mailbox's owner"
    )
    next_round_at = fields.Datetime(readonly=True)
    is_awaited = fields.Boolean(readonly=True, help="Somebody looks out for the next round's end")
    backoff_until = fields.Datetime(readonly=True)
    failures = fields.Integer(readonly=True, help="Failed rounds in a row")
    calendars_read_at = fields.Datetime(readonly=True)
    last_round_at = fields.Datetime(string="Last Round", readonly=True)
    last_success_at = fields.Datetime(string="Last Synchronized", readonly=True)
    last_error = fields.Char(readonly=True)
    attention = fields.Boolean(compute="_compute_attention")
    calendar_ids = fields.One2many("outlook.calendar", "account_id", string="Calendars")
    run_ids = fields.One2many("outlook.sync.run", "account_id", string="Rounds")
    pending_count = fields.Integer(
        string="Changes Not Sent Yet", compute="_compute_pending_count", compute_sudo=True
    )

    _one_per_user = models.UniqueIndex("(user_id)", "This user has an Outlook account already.")
    _one_per_mailbox = models.UniqueIndex(
        "(tenant_id, object_id) WHERE object_id IS NOT NULL",
        "This mailbox is connected by another user.",
    )

    @api.depends("state", "last_error")
    def _compute_attention(self) -> None:
        for account in self:
            account.attention = account.state in ("reconnect", "blocked") or bool(
                account.last_error
            )

    def _compute_pending_count(self) -> None:
        counts = self.env["outlook.outbox"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        by_account = {account.id: count for account, count in counts}
        for account in self:
            account.pending_count = by_account.get(account.id, 0)

    # Buttons ----------------------------------------------------------------------------------

    def action_sync_now(self) -> None:
        """Let a round begin as soon as a lane is free, whatever back-off was agreed on."""
        accounts = self._steered().filtered(lambda account: account.state == "active")
        accounts.write(
            {"next_round_at": fields.Datetime.now(), "backoff_until": False, "is_awaited": True}
        )
        lanes.wake(self.env, accounts.ids)

    def action_pause(self) -> None:
        """Stop syncing; what changes here meanwhile is kept for later."""
        accounts = self._steered()
        accounts.filtered(lambda one: one.state in ("active", "preview")).state = "paused"

    def action_resume(self) -> dict[str, Any] | None:
        """Go on where the pause began, or try again what Microsoft did not allow.

        While an administrator has paused everybody, nothing goes on: say so.
        """
        accounts = self._steered().filtered(lambda one: one._may_resume())
        accounts.state = "active"
        accounts.action_sync_now()
        return self._say_paused() if settings.is_paused(self.env) else None

    def _may_resume(self) -> bool:
        """Tell whether its user may let it go on; whose a copied database is others say."""
        return self.state in ("paused", "blocked") and not self.left_alone

    def _say_paused(self) -> dict[str, Any]:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "An administrator paused the synchronization of everybody. This calendar goes"
                    " on with the others."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_disconnect(self) -> None:
        """Sign out; meetings stay on both sides, and what is linked stays known."""
        self._steered()._sign_out()

    def _steered(self) -> "OutlookAccount":
        """Return the accounts in `sudo` and locked, or refuse, as `_allowed` does."""
        accounts = self._allowed()
        accounts._lock()
        return accounts

    def _allowed(self) -> "OutlookAccount":
        """Return the accounts in `sudo`, or refuse: one's own only, administrators any."""
        accounts = self.sudo()
        may_steer_all = self.env.su or self.env.user.has_group("base.group_system")
        if not may_steer_all and accounts.user_id != self.env.user:
            raise AccessError(self.env._("You can steer your own Outlook account only."))
        return accounts

    # Sign-in ----------------------------------------------------------------------------------

    @api.model
    def _for_user(self, user) -> "OutlookAccount":
        """Return the user's account in `sudo`, made where there is none."""
        account = self.sudo().search([("user_id", "=", user.id)], limit=1)
        return account or self.sudo().create({"user_id": user.id})

    def _may_run(self) -> bool:
        """Tell whether a round may begin: user here, nothing paused, and this is no copy."""
        if not self or self.state != "active" or not settings.is_enabled(self.env):
            return False
        if not self.user_id.active or self.user_id.share:
            return False  # he left: nobody would see what comes, and nobody be asked to sign in
        return not settings.is_paused(self.env) and self._belongs_here()

    def _signed_in(self, signed_in: Any) -> None:
        """Keep a fresh sign-in and let the first round begin. Raises UserError, KeyMissing.

        `signed_in` is what `core.graph.oauth.SignIn.finish` returned. Another mailbox than the one
        before begins anew: nothing that was linked to the old one is touched.
        """
        self.ensure_one()
        account = self.sudo()
        account._take_over(signed_in)
        identity = {"tenant_id": signed_in.tenant_id, "object_id": signed_in.object_id}
        if account.object_id != signed_in.object_id:
            account._forget_mailbox()
        account.write(
            {
                **identity,
                "address": norm_address(signed_in.address) or signed_in.address,
                "name": signed_in.name,
                "token_cache": sealing.seal(self.env, signed_in.cache),
                "state": "active",
                "since": account.since or fields.Datetime.now(),
                "next_round_at": fields.Datetime.now(),
                "is_awaited": True,
                "preview": False,
                "preview_at": False,
                "calendars_read_at": False,
                "backoff_until": False,
                "failures": 0,
                "last_error": False,
            }
        )
        account._revoke_claim()
        account.activity_unlink(["mail.mail_activity_data_warning"])
        lanes.wake(self.env, account.ids)

    def _forget_mailbox(self) -> None:
        """Begin anew, with another mailbox: nothing that is in the old one is touched."""
        meetings = self.env["outlook.meeting"]
        known = self.env["outlook.copy"].search([("account_id", "=", self.id)]).meeting_id
        # What was in a mailbox that he gave up, and that nobody met there since.
        known |= meetings.search(
            [
                ("event_id.user_id", "=", self.user_id.id),
                ("copy_ids", "=", False),
                ("state", "not in", ("new", "gone")),
            ]
        )
        self.calendar_ids.unlink()
        known.filtered(lambda meeting: not meeting.copy_ids).unlink()
        self.since = False
        if self.existing_policy == "new":
            self.sync_policy = "all"  # that was said of the other mailbox
        self.write({"existing_policy": False, "aliases": False})

    def _give_up_mailbox(self) -> None:
        """Let somebody else have the mailbox of an account that is signed out.

        What is known of its meetings stays, so that they are recognised in the other's hands; a
        round that is still at it loses its claim.
        """
        self._lock()
        self.calendar_ids.unlink()
        self.write(
            {
                "tenant_id": False,
                "object_id": False,
                "address": False,
                "aliases": False,
                "name": False,
                "since": False,
            }
        )
        self._revoke_claim()
        self.flush_recordset()  # before the other's row takes what must be unique

    def _take_over(self, signed_in: Any) -> None:
        """See to it that nobody else has the mailbox; raises UserError where it is in use."""
        holder = self.search(
            [
                ("tenant_id", "=", signed_in.tenant_id),
                ("object_id", "=", signed_in.object_id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if holder.state == "new":
            holder._give_up_mailbox()
        elif holder:
            raise UserError(
                self.env._(
                    "The mailbox %(mailbox)s is connected by another user, %(user)s.",
                    mailbox=signed_in.address or signed_in.name,
                    user=holder.user_id.name,
                )
            )

    def _sign_out(self) -> None:
        """Forget the sign-in; what is linked stays linked. A round in flight loses its claim."""
        self.sudo()._revoke_claim()
        self.sudo().write(
            {
                "state": "new",
                "token_cache": False,
                "backoff_until": False,
                "failures": 0,
                "last_error": False,
            }
        )

    @api.model
    def _this_database(self) -> str:
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    # Turns ------------------------------------------------------------------------------------

    def _run_rounds(self, *, deadline: float, reason: str = "wait") -> None:
        """Run rounds of this account until nothing is pending, a fault says to wait, or `deadline`.

        `deadline` is in the seconds of `time.monotonic()`. Every step has a cursor of its own: the
        caller's transaction sees nothing of it.
        """
        self.ensure_one()
        rounds.run(self.env.registry, self.id, deadline=deadline, reason=reason)

    @api.model
    def _cron_sync(self) -> None:
        """Serve the accounts whose turn it is, for a slice of time; several lanes do at once."""
        lanes.serve(self.env)
