"""What lost where both sides changed one thing: kept until somebody settles it."""

from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

STATES = [("open", "Open"), ("used", "The other one was used"), ("settled", "Settled")]


class OutlookConflict(models.Model):
    """One value that lost against another, both raw and in words.

    Raw values are nobody's to read. The words are for those who may see the meeting, computed for
    each reader: administrators see of somebody's private meeting only that there is a conflict.
    """

    _name = "outlook.conflict"
    _description = "Conflict with Outlook"
    _order = "id desc"
    _rec_name = "field"

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
        string="Meeting",
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
    kept = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    lost = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    here = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, help="What this side showed when it was settled"
    )

    _open = models.Index("(account_id, meeting_id) WHERE state = 'open'")

    @api.model
    def _expired(self, before: datetime) -> "OutlookConflict":
        """Return those that nobody needs any more; `before` is naive UTC.

        They were settled before that moment, or are older and their meeting was deleted here.
        """
        settled = Domain("state", "!=", "open") & Domain("closed_at", "<", before)
        alone = Domain("event_id", "=", False) & Domain("meeting_id.event_id", "=", False)
        return self.search(settled | (alone & Domain("create_date", "<", before)))
