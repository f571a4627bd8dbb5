"""What waits for a person: deletions that were too many to be carried out without a question."""

from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.release import product_name

from ..bridge import safety


class OutlookStop(models.Model):
    """The deletions of one mailbox, in one direction, that somebody has to decide about.

    There is one open stop for each at most: what is deleted meanwhile joins it, and what comes back
    leaves it. Its meetings stay on both sides until then; all others go on.
    """

    _name = "outlook.stop"
    _description = "Deletions that wait for a person"
    _order = "id desc"

    account_id = fields.Many2one(
        "outlook.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", related="account_id.user_id", store=True, index=True)
    direction = fields.Selection(
        [("in", "In Outlook"), ("out", "Here")], string="Deleted", required=True, readonly=True
    )
    reason = fields.Selection(
        [
            ("many", "Many at once"),
            ("share", "A large part of all meetings"),
            ("empty", "Nothing is left"),
        ],
        required=True,
        readonly=True,
    )
    counted = fields.Integer(
        readonly=True, help="Deletions when it began, with those that went before within an hour"
    )
    linked = fields.Integer(readonly=True, help="Meetings of this mailbox when it began")
    state = fields.Selection(
        [
            ("listing", "Being listed"),
            ("open", "Waiting for you"),
            ("deleted", "Deleted"),
            ("restored", "Kept"),
            ("obsolete", "Settled by itself"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    run_id = fields.Many2one(
        "outlook.sync.run", readonly=True, index="btree_not_null", ondelete="set null"
    )
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("outlook.stop.line", "stop_id", string="Meetings", readonly=True)
    count = fields.Integer(string="Number of Meetings", compute="_compute_numbers")
    guests = fields.Integer(string="Mails to Guests", compute="_compute_numbers")
    summary = fields.Char(string="What Happened", compute="_compute_summary")
    if_deleted = fields.Text(string="If You Delete Them", compute="_compute_consequences")
    if_kept = fields.Text(string="If You Keep Them", compute="_compute_consequences")

    _one_open = models.UniqueIndex(
        "(account_id, direction) WHERE state = 'open'",
        "There is a question about this mailbox already.",
    )

    @api.depends("account_id")
    def _compute_display_name(self) -> None:
        for stop in self:
            stop.display_name = stop.account_id.sudo().address or self.env._("Deletions")

    @api.depends("line_ids.guests", "line_ids.is_mailed", "line_ids.meeting_id")
    def _compute_numbers(self) -> None:
        for stop in self:
            stop.count = len(stop.line_ids.sudo().meeting_id)
            stop.guests = sum(line.guests for line in stop.line_ids if line.is_mailed)

    @api.depends("direction", "reason", "counted", "linked", "line_ids")
    def _compute_summary(self) -> None:
        for stop in self:
            stop.summary = stop._in_words()

    def _in_words(self) -> str:
        numbers = {"count": self.counted, "linked": self.linked, "product": product_name}
        if self.reason == "empty" and self.direction == "in":
            return self.env._(
                "None of the %(linked)s meetings of this calendar is in Outlook any more.",
                **numbers,
            )
        if self.direction == "in":
            return self.env._(
                "%(count)s of %(linked)s meetings were deleted in Outlook within a short time.",
                **numbers,
            )
        return self.env._(
            "%(count)s of %(linked)s meetings were deleted in %(product)s within a short time.",
            **numbers,
        )

    @api.depends("direction", "line_ids.guests", "line_ids.is_mailed")
    def _compute_consequences(self) -> None:
        for stop in self:
            told = {"count": stop.count, "mails": stop.guests, "product": product_name}
            if stop.direction == "in":
                stop.if_deleted = self.env._(
                    "They are archived in %(product)s, too; nobody is mailed. To meetings that"
                    " others organize you answer No.",
                    **told,
                )
                stop.if_kept = self.env._(
                    "They stay in %(product)s, and yours are made again in Outlook, which sends"
                    " %(mails)s invitations to their guests; not what is over and had guests."
                    " Restored by yourself in Outlook, they leave this list without a mail.",
                    **told,
                )
            else:
                stop.if_deleted = self.env._(
                    "They are deleted in Outlook, too, which sends %(mails)s cancellations to their"
                    " guests. What was edited in Outlook meanwhile comes back here instead.",
                    **told,
                )
                stop.if_kept = self.env._(
                    "They come back to %(product)s as they are in Outlook; nobody is mailed. What"
                    " was deleted, not archived, comes back without its messages.",
                    **told,
                )

    # Buttons ----------------------------------------------------------------------------------

    def action_delete(self) -> dict[str, Any]:
        """Let the next round carry the deletions out."""
        return self._decide("deleted")

    def action_restore(self) -> dict[str, Any]:
        """Let the next round bring the meetings back to the side that has lost them."""
        return self._decide("restored")

    def action_show(self) -> dict[str, Any]:
        """Open the list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waiting for You"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],  # complete, for whoever gets it by `call`
        }

    def _decide(self, state: str) -> dict[str, Any]:
        """Keep what was decided, and by whom. Raises AccessError, UserError."""
        for stop in self.sudo():
            account = stop.account_id.with_env(self.env)._allowed()
            account._lock()
            if stop.state != "open":
                raise UserError(self.env._("This was decided already."))
            safety.decide(stop, state, user=self.env.user)
            account.action_sync_now()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class OutlookStopLine(models.Model):
    """One meeting that waits, a whole series once; it is kept with the decision."""

    _name = "outlook.stop.line"
    _description = "Meeting whose deletion waits for a person"
    _order = "start, id"

    stop_id = fields.Many2one(
        "outlook.stop", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="stop_id.state")
    meeting_id = fields.Many2one(
        "outlook.meeting",
        string="Meeting known to the Outlook sync",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    copy_id = fields.Many2one("outlook.copy", readonly=True, index=True, ondelete="set null")
    subject = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    is_private = fields.Boolean(readonly=True)
    is_series = fields.Boolean(string="Series", readonly=True)
    is_mailed = fields.Boolean(
        readonly=True, help="Organized in this mailbox, so that Outlook mails its guests"
    )
    title = fields.Char(string="Meeting", compute="_compute_title")
    start = fields.Datetime(readonly=True)
    guests = fields.Integer(readonly=True)

    @api.depends("subject", "is_private", "meeting_id.event_id.privacy")
    @api.depends_context("uid")
    def _compute_title(self) -> None:
        """Say what it is; what is private, or has become so, only to its owner."""
        for line in self:
            event = line.sudo().meeting_id.event_id.exists().with_env(self.env)
            is_closed = bool(event) and event._check_private_event_conditions()
            is_own = line.sudo().stop_id.user_id == self.env.user
            hidden = is_closed or (line.is_private and not is_own)
            known = line.sudo().subject or self.env._("(No subject)")
            line.title = self.env._("Busy") if hidden else known
