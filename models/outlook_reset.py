"""The reset of a connection: what was asked for, how far it is, what could not be done."""

import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.release import product_name

from ..bridge import reset as reset_work
from ..bridge import words

# The cron's threads are shared with the mail queue: one reset must not hold one for long.
SLICE_SECONDS = 10
# When to look again where a round still holds the account.
ACCOUNT_TAKEN = timedelta(seconds=15)

# Why a meeting stayed where it was to be deleted, or why all of them did.
TROUBLES = [
    ("signin", "The sign-in at Microsoft no longer works"),
    ("secret", "Microsoft does not accept the client ID or the client secret in the settings"),
    ("unconfigured", "Outlook Calendar is not set up in the settings"),
    ("key", "This server does not have the key to the stored sign-in"),
    ("copy", "This database is a copy, or another one keeps the mailbox in step"),
    ("unreachable", "Microsoft could not be reached for a day"),
    ("refused", "Microsoft does not allow it"),
    ("rejected", "Microsoft did not accept the deletion"),
    ("kept", "Another document needs the meeting"),
]


class OutlookReset(models.Model):
    """One reset. While it runs, the account does nothing else; afterwards it is the report."""

    _name = "outlook.reset"
    _description = "Reset of an Outlook account"
    _order = "id desc"
    _rec_name = "mailbox"

    account_id = fields.Many2one("outlook.account", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="User", related="account_id.user_id", store=True, index=True
    )
    mailbox = fields.Char(readonly=True)
    delete_policy = fields.Selection(
        selection="_selection_delete_policy",
        string="User's Existing Events",
        required=True,
        default="keep",
    )
    sync_policy = fields.Selection(
        selection="_selection_sync_policy",
        string="Next Synchronization",
        required=True,
        default="new",
    )
    state = fields.Selection(
        [("running", "Under way"), ("done", "Done")], required=True, default="running"
    )
    total = fields.Integer(string="Meetings to Delete", readonly=True)
    treated = fields.Integer(string="Meetings Treated", readonly=True)
    deleted_remote = fields.Integer(string="Deleted in Outlook", readonly=True)
    deleted_local = fields.Integer(string="Deleted Here", readonly=True)
    progress = fields.Integer(string="Progress (%)", compute="_compute_progress")
    trouble = fields.Selection(
        TROUBLES,
        readonly=True,
        help="Why nothing more is asked of Outlook in this reset",
    )
    failures = fields.Integer(readonly=True, help="Attempts in a row that got no answer")
    failing_since = fields.Datetime(readonly=True, help="When the first of these was")
    stubborn = fields.Json(
        readonly=True, help="Copies that Exchange could not delete by themselves, and how often"
    )
    next_attempt = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    remnant_ids = fields.One2many("outlook.reset.remnant", "reset_id", string="Not Deleted")
    report = fields.Html(compute="_compute_report", sanitize=False)

    _one_at_a_time = models.UniqueIndex(
        "(account_id) WHERE state = 'running'", "This account is being reset already."
    )

    @api.model
    def _selection_delete_policy(self) -> list[tuple[str, str]]:
        """Offer what can happen to the meetings that exist, with the running server's own name."""
        labels = {
            "keep": self.env._("Leave them untouched"),
            "outlook": self.env._("Delete from the current Microsoft Calendar account"),
            "local": self.env._("Delete from %(product)s", product=product_name),
            "both": self.env._("Delete from both"),
        }
        return list(labels.items())

    @api.model
    def _selection_sync_policy(self) -> list[tuple[str, str]]:
        """Offer what the next sign-in may bring together."""
        labels = {
            "new": self.env._("Synchronize only new events"),
            "all": self.env._("Synchronize all existing events"),
        }
        return list(labels.items())

    @api.depends("state", "total", "treated")
    def _compute_progress(self) -> None:
        for reset in self:
            part = 100 * reset.treated // reset.total if reset.total else 0
            reset.progress = 100 if reset.state == "done" else part

    @api.depends("state", "delete_policy", "deleted_remote", "deleted_local", "sync_policy")
    def _compute_report(self) -> None:
        for reset in self:
            reset.report = words.as_list(reset._results()) if reset.state == "done" else False

    def _results(self) -> list[str]:
        """Return what was done, a sentence each, in the reader's language."""
        self.ensure_one()
        env = self.env
        results = []
        if self.delete_policy in ("outlook", "both"):
            count = words.meetings(env, self.deleted_remote)
            results.append(env._("Deleted in Outlook: %(meetings)s.", meetings=count))
        if self.delete_policy in ("local", "both"):
            count = words.meetings(env, self.deleted_local)
            results.append(
                env._("Deleted in %(product)s: %(meetings)s.", product=product_name, meetings=count)
            )
        results.append(env._("The mailbox is signed out."))
        results.append(words.after_next_sign_in(env, self.sync_policy))
        return results

    @api.model
    def _start(self, account, *, delete_policy: str, sync_policy: str):
        """Begin a reset of `account`, which from now on does nothing else; return it."""
        reset = self.create(
            {
                "account_id": account.id,
                "mailbox": account.address or account.user_id.name,
                "delete_policy": delete_policy,
                "sync_policy": sync_policy,
                "total": account._own_meeting_count() if delete_policy != "keep" else 0,
                "trouble": account._why_out_of_reach() if delete_policy != "local" else False,
            }
        )
        account.state = "resetting"
        account._revoke_claim()
        self._wake()
        return reset

    @api.model
    def _cron_run(self) -> None:
        """Go on with every reset that is due, a slice of time each, while the cron has time."""
        now = fields.Datetime.now()
        is_due = Domain("state", "=", "running") & (
            Domain("next_attempt", "=", False) | Domain("next_attempt", "<=", now)
        )
        due = self.search(is_due, order="id")
        for number, reset in enumerate(due, start=1):
            deadline = time.monotonic() + SLICE_SECONDS
            worked = reset_work.run(self.env.registry, reset.account_id.id, deadline=deadline)
            left = self.env["ir.cron"]._commit_progress(1, remaining=len(due) - number)
            if not worked:
                reset.next_attempt = fields.Datetime.now() + ACCOUNT_TAKEN
                self._wake(reset.next_attempt)
            if not left:
                break
        if self.search_count(is_due, limit=1):
            self._wake()

    @api.model
    def _wake(self, at=None) -> None:
        """Let the cron look after the resets, now or later."""
        self.env.ref("outlook_calendar.ir_cron_reset").sudo()._trigger(at)

    def action_show(self) -> dict:
        """Open the progress, and later the report, in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reset Account"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class OutlookResetRemnant(models.Model):
    """One meeting that a reset was to delete and could not; for a person to look after."""

    _name = "outlook.reset.remnant"
    _description = "Meeting that a reset could not delete"
    _order = "start, id"

    reset_id = fields.Many2one("outlook.reset", required=True, index=True, ondelete="cascade")
    side = fields.Selection(selection="_selection_side", string="Still In", required=True)
    subject = fields.Char(help="Empty for a private meeting")
    start = fields.Datetime()
    reason = fields.Selection(TROUBLES, required=True)
    name = fields.Char(string="Meeting", compute="_compute_name")

    @api.model
    def _selection_side(self) -> list[tuple[str, str]]:
        return [("outlook", "Outlook"), ("local", product_name)]

    @api.depends("subject")
    def _compute_name(self) -> None:
        for remnant in self:
            remnant.name = remnant.subject or self.env._("Private meeting")
