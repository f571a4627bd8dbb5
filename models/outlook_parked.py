"""The list *Set aside*: a row for each mailbox and meeting that is not kept in step."""

from typing import Any

from odoo import api, fields, models
from odoo.tools import SQL

from ..bridge import parked


class OutlookParked(models.Model):
    """What people may see of a meeting that was set aside; the meeting itself is for the sync.

    A query, not a table. A row bears the number of the copy that speaks for the meeting, or of
    each guest's where no organizer's mailbox has it.
    """

    _name = "outlook.parked"
    _description = "Meeting set aside by the Outlook sync"
    _auto = False
    _order = "parked_at desc, id desc"
    _rec_name = "title"

    meeting_id = fields.Many2one(
        "outlook.meeting",
        string="Meeting known to the Outlook sync",
        readonly=True,
        groups=fields.NO_ACCESS,
    )
    account_id = fields.Many2one("outlook.account", string="Mailbox", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    event_id = fields.Many2one("calendar.event", string="Meeting", readonly=True)
    parked_at = fields.Datetime(string="Since", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(string="Next Try", readonly=True)
    title = fields.Char(compute="_compute_title")
    reason = fields.Char(compute="_compute_reason")
    web_link = fields.Char(compute="_compute_web_link")
    payload_text = fields.Text(
        string="Payload",
        compute="_compute_payload_text",
        groups="base.group_system",
        help="What Outlook showed, or was asked to write. Of private meetings only when it is.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT copy.id, copy.meeting_id, copy.account_id, account.user_id, meeting.event_id,
                   meeting.parked_at, copy.attempts, copy.next_attempt
              FROM outlook_copy copy
              JOIN outlook_meeting meeting ON meeting.id = copy.meeting_id
              JOIN outlook_account account ON account.id = copy.account_id
             WHERE meeting.state = 'parked'
               AND (copy.role = 'organizer' OR NOT EXISTS (
                    SELECT FROM outlook_copy other
                     WHERE other.meeting_id = copy.meeting_id AND other.role = 'organizer'))
            """
        )

    @api.depends("meeting_id")
    @api.depends_context("lang", "uid")
    def _compute_title(self) -> None:
        for row in self:
            row.title = parked.title(row.sudo().meeting_id, self.env)

    @api.depends("meeting_id")
    @api.depends_context("lang")
    def _compute_reason(self) -> None:
        for row in self:
            row.reason = parked.words(row.sudo().meeting_id, self.env)

    @api.depends("meeting_id")
    @api.depends_context("uid")
    def _compute_web_link(self) -> None:
        """Lead whose mailbox it is to his own copy; an administrator could not open it."""
        for row in self:
            copy = self.env["outlook.copy"].sudo().browse(row.id)
            row.web_link = row.user_id == self.env.user and copy.web_link

    @api.depends("meeting_id")
    def _compute_payload_text(self) -> None:
        for row in self:
            row.payload_text = parked.payload_text(row.sudo().meeting_id)

    def action_retry(self) -> dict[str, Any]:
        """Try these again; see `outlook.meeting`."""
        return self.sudo().meeting_id.with_env(self.env).action_retry()

    def action_open_event(self) -> dict[str, Any]:
        """Open the meeting here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.event_id.id,
            "view_mode": "form",
        }
