"""Choose one of several new times that guests proposed."""

from odoo import fields, models


class OutlookProposal(models.TransientModel):
    """The new times that were proposed for one event, each in a row of its own."""

    _name = "outlook.proposal"
    _description = "Choice of a proposed time"

    event_id = fields.Many2one("calendar.event", required=True, readonly=True)
    choice_ids = fields.One2many("outlook.proposal.choice", "dialog_id", readonly=True)


class OutlookProposalChoice(models.TransientModel):
    """One guest's proposal."""

    _name = "outlook.proposal.choice"
    _description = "Proposed time"

    dialog_id = fields.Many2one("outlook.proposal", required=True, ondelete="cascade")
    address = fields.Char(required=True, readonly=True)
    words = fields.Char(string="Proposal", readonly=True)

    def action_accept(self) -> dict[str, str]:
        """Move the meeting and close."""
        self.ensure_one()
        self.dialog_id.event_id._outlook_accept(self.address)
        return {"type": "ir.actions.act_window_close"}
