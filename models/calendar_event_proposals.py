"""New times that guests proposed in Outlook: shown on the form, and accepted there."""

from typing import Any

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bridge import proposals


class CalendarEvent(models.Model):
    """A guest proposes another time; whoever may edit the meeting may accept it."""

    _inherit = "calendar.event"

    outlook_proposals = fields.Text(compute="_compute_outlook_proposals")

    @api.depends("start", "stop", "allday", "privacy")
    @api.depends_context("lang", "tz", "uid")
    def _compute_outlook_proposals(self) -> None:
        for event in self:
            found = proposals.of(event)
            event.outlook_proposals = "\n".join(proposals.in_words(self.env, one) for one in found)

    def action_outlook_accept_proposal(self) -> dict[str, Any] | bool:
        """Move the meeting to the time that was proposed; of several a person chooses one."""
        self.ensure_one()
        found = proposals.of(self)
        if len(found) > 1:
            return self._outlook_ask_which(found)
        self._outlook_accept(found[0].address if found else "")
        return True

    def _outlook_ask_which(self, found: list[proposals.Proposal]) -> dict[str, Any]:
        """Return the dialog; its rows are made here, as buttons of rows need records."""
        rows = [
            Command.create({"address": one.address, "words": proposals.in_words(self.env, one)})
            for one in found
        ]
        dialog = self.env["outlook.proposal"].create({"event_id": self.id, "choice_ids": rows})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept Proposal"),
            "res_model": "outlook.proposal",
            "res_id": dialog.id,
            "view_mode": "form",
            "target": "new",
        }

    def _outlook_accept(self, address: str) -> None:
        """Move the meeting to the time that this guest proposed. Raises UserError, AccessError."""
        if not self.user_can_edit:
            raise AccessError(self.env._("Only who may edit the meeting can accept a proposal."))
        chosen = next((one for one in proposals.of(self) if one.address == address), None)
        if chosen is None:
            raise UserError(
                self.env._("This proposal is no longer there: the meeting or the answer changed.")
            )
        proposals.accept(self, chosen)
