"""Changes made here that a round must look at: inserted with them, deleted when dealt with."""

from odoo import fields, models


class OutlookOutbox(models.Model):
    """Look at this meeting for this mailbox. People only insert: nobody waits for a lock."""

    _name = "outlook.outbox"
    _description = "Change to look at"
    _order = "id"
    _log_access = False

    account_id = fields.Many2one(
        "outlook.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # The event may be gone when a round reads this: a number, not a reference.
    event_id = fields.Integer(readonly=True)
    recurrence_id = fields.Integer(
        readonly=True, help="The series that was changed: one row whatever the number of events"
    )
    meeting_id = fields.Many2one("outlook.meeting", readonly=True, index=True, ondelete="set null")
    kind = fields.Selection(
        [
            ("create", "Created"),
            ("write", "Changed"),
            ("unlink", "Deleted"),
            ("answer", "Answered"),
            ("again", "To be looked at again"),
        ],
        required=True,
        readonly=True,
    )
    announced = fields.Boolean(
        readonly=True,
        help="Nobody was connected then, or the addon was switched off: Odoo told the guests",
    )
    is_read = fields.Boolean(
        readonly=True, help="A round has read it and left it for a later one: it is no news"
    )
    user_id = fields.Integer(readonly=True, help="Who changed it")
    create_date = fields.Datetime(default=fields.Datetime.now, readonly=True)
