"""The journal's second half: one row per change that a round made."""

from odoo import fields, models


class OutlookSyncChange(models.Model):
    """One change on one side. Values are kept short, and not at all for private meetings."""

    _name = "outlook.sync.change"
    _description = "Change made by a round"
    _order = "id desc"

    run_id = fields.Many2one(
        "outlook.sync.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    meeting_id = fields.Many2one("outlook.meeting", readonly=True, index=True, ondelete="set null")
    event_id = fields.Many2one("calendar.event", readonly=True, ondelete="set null")
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
    field = fields.Char(readonly=True)
    old = fields.Char(readonly=True)
    new = fields.Char(readonly=True)
    winner = fields.Selection([("local", "This calendar"), ("remote", "Outlook")], readonly=True)
