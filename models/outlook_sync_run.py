"""The journal's first half: one row per round."""

from odoo import api, fields, models

from ..bridge import words


class OutlookSyncRun(models.Model):
    """What one round of one account did, and how it ended.

    Rounds on schedule that had nothing to do become one row per mailbox and day after a while
    (`bridge.retention`); `rounds` says how many a row stands for.
    """

    _name = "outlook.sync.run"
    _description = "Round of an Outlook account"
    _order = "id desc"
    _rec_name = "started_at"

    account_id = fields.Many2one(
        "outlook.account",
        string="Mailbox",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", related="account_id.user_id", store=True, index=True)
    trigger = fields.Selection(
        [
            ("cron", "On schedule"),
            ("change", "A change here"),
            ("first", "First round"),
            ("wait", "Somebody waits"),
            ("button", "Sync now"),
            ("meeting", "Sync this meeting now"),
            ("preview", "Preview"),
            ("reset", "Reset"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Under way"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("interrupted", "Interrupted"),
            ("taken_over", "Taken over"),
        ],
        string="Outcome",
        default="running",
        required=True,
        readonly=True,
        help="Interrupted: the server stopped in the middle. Taken over: somebody signed out or in,"
        " or another server went on. Either way the next round finishes what was begun.",
    )
    started_at = fields.Datetime(string="Begun", readonly=True, default=fields.Datetime.now)
    finished_at = fields.Datetime(string="Ended", readonly=True)
    duration = fields.Float(string="Seconds", readonly=True, digits=(12, 1))
    rounds = fields.Integer(
        readonly=True, default=1, help="Older rounds without news are one row for each day"
    )
    is_quiet = fields.Boolean(
        string="Nothing to Do", readonly=True, help="On schedule, and there was no news"
    )
    is_folded = fields.Boolean(readonly=True, help="Stands for the rounds without news of its day")
    requests = fields.Integer(readonly=True, help="Requests to Microsoft Graph; a batch is one")
    throttled = fields.Integer(
        readonly=True, help="Answers by which Microsoft asked to wait before the next request"
    )
    request_ids = fields.Json(readonly=True, help="Microsoft's support asks for them")
    request_list = fields.Text(
        string="Request IDs",
        compute="_compute_request_list",
        help="Microsoft's own ids of the last requests; its support asks for them",
    )
    received = fields.Integer(readonly=True, help="Events that Outlook reported as changed")
    created_local = fields.Integer(string="Made Here", readonly=True)
    changed_local = fields.Integer(string="Changed Here", readonly=True)
    removed_local = fields.Integer(string="Removed Here", readonly=True)
    created_remote = fields.Integer(string="Made in Outlook", readonly=True)
    changed_remote = fields.Integer(string="Changed in Outlook", readonly=True)
    removed_remote = fields.Integer(string="Removed in Outlook", readonly=True)
    joined = fields.Integer(
        string="Recognized", readonly=True, help="Meetings that were on both sides already"
    )
    parked = fields.Integer(string="Set Aside", readonly=True)
    held = fields.Integer(
        string="Waiting for You", readonly=True, help="Deletions that a person is asked about"
    )
    here = fields.Char(compute="_compute_in_words")
    there = fields.Char(string="In Outlook", compute="_compute_in_words")
    error = fields.Char(string="Trouble", readonly=True)
    change_ids = fields.One2many("outlook.sync.change", "run_id", string="Changes")

    _under_way = models.Index("(account_id) WHERE state = 'running'")
    _by_time = models.Index("(started_at)")
    # For `bridge.retention`: the rows to fold, day by day and mailbox by mailbox, and where to.
    _single = models.Index(
        "(date_trunc('day', started_at), account_id) WHERE is_quiet AND is_folded IS NOT TRUE"
    )
    _folded = models.Index("(account_id, date_trunc('day', started_at)) WHERE is_folded")

    @api.depends("request_ids")
    def _compute_request_list(self) -> None:
        for run in self:
            run.request_list = "\n".join(run.request_ids or [])

    @api.depends(*(f"{done}_{side}" for done in words.DONE for side in ("local", "remote")))
    def _compute_in_words(self) -> None:
        """Say what was done on each side; nothing where nothing was."""
        for run in self:
            run.here = words.done(self.env, {one: run[f"{one}_local"] for one in words.DONE})
            run.there = words.done(self.env, {one: run[f"{one}_remote"] for one in words.DONE})

    @api.depends("started_at", "account_id")
    def _compute_display_name(self) -> None:
        for run in self:
            started = fields.Datetime.context_timestamp(run, run.started_at or run.create_date)
            run.display_name = f"{started:%Y-%m-%d %H:%M:%S}"
