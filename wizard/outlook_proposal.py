"""Choose one of several new times that guests proposed."""

from odoo import api, fields, models

from ..bridge import proposals


class OutlookProposal(models.TransientModel):
    """One time for one event; the choices are those that its guests proposed."""

    _name = "outlook.proposal"
    _description = "Choice of a proposed time"

    event_id = fields.Many2one("calendar.event", required=True, readonly=True)
    address = fields.Selection("_choices", string="Proposals", required=True)

    @api.model
    def _choices(self) -> list[tuple[str, str]]:
        """Return address and sentence of each proposal for the event that the dialog is about."""
        event = self.env["calendar.event"].browse(self.env.context.get("default_event_id", ()))
        event = event.exists()
        if not event:
            return []
        return [(one.address, proposals.in_words(self.env, one)) for one in proposals.of(event)]

    def action_accept(self) -> dict[str, str]:
        """Move the meeting and close."""
        self.event_id._outlook_accept(self.address)
        return {"type": "ir.actions.act_window_close"}
