"""What lost where both sides changed one thing: kept until somebody settles it."""

from datetime import datetime
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

from ..bridge import conflict_use, conflict_words, conflicts

STATES = [("open", "Open"), ("used", "The other one was used"), ("settled", "Settled")]


class OutlookConflict(models.Model):
    """One value that lost against another, both raw and in words.

    Raw values are nobody's to read. The words are for those who may see the meeting, computed for
    each reader: administrators see of somebody's private meeting only that there is a conflict.
    """

    _name = "outlook.conflict"
    _description = "Conflict with Outlook"
    _order = "id desc"
    _rec_name = "title"

    account_id = fields.Many2one(
        "outlook.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    run_id = fields.Many2one(
        "outlook.sync.run", readonly=True, index="btree_not_null", ondelete="set null"
    )
    meeting_id = fields.Many2one(
        "outlook.meeting", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_id = fields.Many2one(
        "calendar.event",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Of a series the one date, or any of them",
    )
    slot = fields.Date(
        string="Date", readonly=True, help="Original day of the one date of a series"
    )
    field = fields.Char(readonly=True, help="Field of the snapshot, or of the date's")
    winner = fields.Selection(
        [("local", "This calendar"), ("remote", "Outlook")], required=True, readonly=True
    )
    state = fields.Selection(STATES, default="open", required=True, readonly=True)
    closed_at = fields.Datetime(readonly=True)
    path = fields.Json(readonly=True, groups=fields.NO_ACCESS, help="Names and keys")
    kept = fields.Json(string="Value Kept", readonly=True, groups=fields.NO_ACCESS)
    lost = fields.Json(string="Value That Lost", readonly=True, groups=fields.NO_ACCESS)
    here = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, help="What this side showed when it was settled"
    )

    title = fields.Char(string="Subject", compute="_compute_words")
    field_label = fields.Text(string="What", compute="_compute_words")
    kept_words = fields.Text(string="Kept", compute="_compute_words")
    lost_words = fields.Text(string="The Other One", compute="_compute_words")
    can_use = fields.Boolean(compute="_compute_words")

    _open = models.Index("(account_id, meeting_id) WHERE state = 'open'")

    @api.depends("event_id", "state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_words(self) -> None:
        for conflict in self:
            said = conflict_words.said(conflict)
            conflict.title = said.title
            conflict.field_label = said.label
            conflict.kept_words = said.kept
            conflict.lost_words = said.lost
            conflict.can_use = said.can_use

    def action_use(self) -> None:
        """Let the value that lost be the meeting's, as whoever presses it might write it."""
        for conflict in self:
            conflict_use.use(conflict)

    def action_keep(self) -> None:
        """Let the value that was kept be so for good."""
        for conflict in self:
            conflict_use.check(conflict)
            conflicts.close(conflict.sudo(), "settled")

    def action_open_meeting(self) -> dict[str, Any]:
        """Open the meeting that it is about, as far as it may be seen."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": conflicts.subject(self).id,
            "view_mode": "form",
        }

    @api.model
    def _expired(self, before: datetime) -> "OutlookConflict":
        """Return those that nobody needs any more; `before` is naive UTC.

        They were settled before that moment, or are older and their meeting is no more.
        """
        settled = Domain("state", "!=", "open") & Domain("closed_at", "<", before)
        alone = Domain("meeting_id.event_id", "=", False) & Domain("create_date", "<", before)
        return self.search(settled | alone)
