"""The journal's second half: one row per field that a round changed on one side."""

from odoo import api, fields, models
from odoo.tools import format_date

from ..core.engine.fields import PRIVATE

FIELDS = [
    ("subject", "Title"),
    ("body", "Text"),
    ("when", "Time"),
    ("zone", "Time zone"),
    ("location", "Place"),
    ("sensitivity", "Privacy"),
    ("people", "Guests"),
    ("rule", "Recurrence"),
    ("occurrences", "Single date"),
    ("show_as", "Shown as"),
    ("reminder", "Reminder"),
    ("categories", "Categories"),
    ("online", "Teams meeting"),
]


class OutlookSyncChange(models.Model):
    """One change on one side. Values are short words, and none for private meetings.

    A meeting may become private later, or be another's by now: so what was written is closed, and
    `meeting`, `before` and `after` show it to those who may see the meeting at this moment. What a
    mailbox keeps for itself (reminder, tags, show as) they show to its owner alone.
    """

    _name = "outlook.sync.change"
    _description = "Change made by a round"
    _order = "id desc"

    run_id = fields.Many2one(
        "outlook.sync.run",
        string="Round",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(
        "outlook.account", string="Mailbox", readonly=True, index=True, ondelete="cascade"
    )
    meeting_id = fields.Many2one(
        "outlook.meeting",
        string="Meeting known to the Outlook sync",
        readonly=True,
        index=True,
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", readonly=True, index=True, ondelete="set null"
    )
    title = fields.Char(string="Subject", readonly=True, groups=fields.NO_ACCESS)
    direction = fields.Selection([("in", "From Outlook"), ("out", "To Outlook")], readonly=True)
    kind = fields.Selection(
        [
            ("create", "Created"),
            ("change", "Changed"),
            ("remove", "Removed"),
            ("answer", "Answered"),
            ("overruled", "Overruled"),
        ],
        required=True,
        readonly=True,
    )
    field = fields.Selection(FIELDS, readonly=True)
    part = fields.Char(
        string="Date", readonly=True, help="The one date of a series that it is about"
    )
    old = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    new = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    winner = fields.Selection(
        [("local", "This calendar"), ("remote", "Outlook")],
        readonly=True,
        help="Whose value stayed where both had changed it",
    )
    _removals = models.Index("(account_id, create_date) WHERE kind = 'remove'")

    meeting = fields.Char(string="Title", compute="_compute_shown")
    before = fields.Char(compute="_compute_shown")
    after = fields.Char(compute="_compute_shown")
    what = fields.Char(compute="_compute_what")

    @api.depends_context("uid")
    @api.depends("event_id", "title", "old", "new")
    def _compute_shown(self) -> None:
        """Show what was written to those who may see the meeting now."""
        for change, closed in zip(self, self.sudo(), strict=True):
            event = change.event_id.with_user(self.env.user)
            is_hidden = bool(event) and event._check_private_event_conditions()
            # Of his own private meeting nothing is written; its name is the event's.
            known = not is_hidden and (closed.title or event.display_name)
            change.meeting = known or self.env._("Private meeting")
            is_others = closed.account_id.user_id != self.env.user and change.field in PRIVATE
            change.before = False if is_hidden or is_others else closed.old
            change.after = False if is_hidden or is_others else closed.new

    @api.depends("meeting", "what")
    @api.depends_context("uid")
    def _compute_display_name(self) -> None:
        for change in self:
            names = (change.meeting, change.what)
            change.display_name = " – ".join(name for name in names if name)

    @api.depends("field", "part")
    def _compute_what(self) -> None:
        """Name the field, with the date where it is about one of a series."""
        names = dict(self._fields["field"]._description_selection(self.env))
        for change in self:
            name = names.get(change.field, "")
            day = change.part and format_date(self.env, change.part)
            change.what = f"{name}, {day}" if name and day else name
