"""A meeting as one mailbox has it."""

from odoo import fields, models


class OutlookCopy(models.Model):
    """In Exchange each attendee has a copy with an id of its own; its private fields are in `base`.

    A row with a `transaction_id` and no `remote_id` is a creation whose outcome is not known yet.
    """

    _name = "outlook.copy"
    _description = "Copy of a meeting in a mailbox"

    meeting_id = fields.Many2one(
        "outlook.meeting", required=True, readonly=True, index=True, ondelete="cascade"
    )
    calendar_id = fields.Many2one(
        "outlook.calendar", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "outlook.account", related="calendar_id.account_id", store=True, index=True
    )
    role = fields.Selection(
        [("organizer", "Organizer"), ("attendee", "Attendee")], required=True, readonly=True
    )
    remote_id = fields.Char(readonly=True)
    change_key = fields.Char(readonly=True)
    modified_at = fields.Datetime(
        readonly=True,
        help="Of the newest state seen; a replay of an older one is no change",
    )
    wants_response = fields.Boolean(default=True, readonly=True)
    web_link = fields.Char(string="Open in Outlook", readonly=True)
    slot = fields.Date(
        readonly=True, help="The original day of the one occurrence that this mailbox has"
    )
    transaction_id = fields.Char(readonly=True, index="btree_not_null")
    base = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    sent = fields.Json(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What is about to be written, until its effect is recorded (see `unseen`)",
    )
    response = fields.Json(readonly=True, help="The owner's answer as both sides last showed it")
    seen_round = fields.Integer(readonly=True, help="The last full round that met it")
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True)

    _one_row_each = models.UniqueIndex("(calendar_id, remote_id) WHERE remote_id IS NOT NULL")
    _once_per_mailbox = models.Index("(account_id, meeting_id)")
