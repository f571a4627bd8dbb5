"""The journal's first half: one row per round."""

from odoo import fields, models


class OutlookSyncRun(models.Model):
    """What one round of one account did, and how it ended."""

    _name = "outlook.sync.run"
    _description = "Round of an Outlook account"
    _order = "id desc"
    _rec_name = "started_at"

    account_id = fields.Many2one(
        "outlook.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", related="account_id.user_id", store=True, index=True)
    trigger = fields.Selection(
        [
            ("cron", "On schedule"),
            ("change", "A change here"),
            ("first", "First round"),
            ("wait", "Somebody waits"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("running", "Under way"), ("done", "Done"), ("failed", "Failed")],
        default="running",
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    finished_at = fields.Datetime(readonly=True)
    requests = fields.Integer(readonly=True)
    throttled = fields.Integer(readonly=True)
    request_ids = fields.Json(readonly=True, help="Microsoft's support asks for them")
    received = fields.Integer(readonly=True, help="Events that Outlook reported as changed")
    created_local = fields.Integer(readonly=True)
    changed_local = fields.Integer(readonly=True)
    removed_local = fields.Integer(readonly=True)
    created_remote = fields.Integer(readonly=True)
    changed_remote = fields.Integer(readonly=True)
    removed_remote = fields.Integer(readonly=True)
    joined = fields.Integer(readonly=True, help="Meetings that were on both sides already")
    parked = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)
    change_ids = fields.One2many("outlook.sync.change", "run_id", string="Changes")
