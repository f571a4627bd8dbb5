"""Meetings that are here only, because the sync leaves them alone; and sending them anyway."""

from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

from ..bridge import homes, preview_words, requests


class CalendarEvent(models.Model):
    """Say which meetings are not in Outlook, and let a person send them."""

    _inherit = "calendar.event"

    outlook_is_left_alone = fields.Boolean(
        string="Not in Outlook",
        compute="_compute_outlook_is_left_alone",
        search="_search_outlook_is_left_alone",
    )
    outlook_left_alone_note = fields.Char(compute="_compute_outlook_is_left_alone")
    outlook_can_be_sent = fields.Boolean(compute="_compute_outlook_is_left_alone")
    outlook_differs_in = fields.Char(string="Differs In", compute="_compute_outlook_differs_in")

    @api.depends("active", "recurrence_id", "user_id", "privacy", "stop")
    @api.depends_context("uid")
    def _compute_outlook_is_left_alone(self) -> None:
        left_alone = requests.left_alone(self._origin)
        for event in self:
            known = event._origin
            is_shown = known.id in left_alone and not known._check_private_event_conditions()
            event.outlook_is_left_alone = is_shown
            event.outlook_can_be_sent = is_shown and not requests.why_not(known)
            event.outlook_left_alone_note = is_shown and self._say_left_alone(left_alone[known.id])

    def _say_left_alone(self, is_there: bool) -> str:
        if is_there:
            return self.env._("This meeting is not kept in step with Outlook.")
        return self.env._("This meeting is not in Outlook.")

    @api.depends("recurrence_id", "privacy", "user_id")
    @api.depends_context("uid", "lang", "outlook_preview_of")
    def _compute_outlook_differs_in(self) -> None:
        """Name what was otherwise in Outlook: in the preview at hand, or when both were joined."""
        previewed = self._outlook_previewed()
        known = homes.Known(self._origin.sudo())
        for event in self:
            origin = event._origin
            found = previewed.get(origin.id) or known.meeting(origin.sudo()).differences or ()
            if not origin or origin._check_private_event_conditions():
                found = ()
            event.outlook_differs_in = preview_words.field_names(self.env, found) or False

    @api.model
    def _outlook_previewed(self) -> dict[int, list[str]]:
        """Return what differs, by event, in the preview of the account that the context names."""
        account = self.env["outlook.account"].browse(self.env.context.get("outlook_preview_of"))
        if not account:
            return {}
        differing = account._allowed()._preview().get("differing", ())
        return {one["event_id"]: one["fields"] for one in differing}

    @api.model
    def _search_outlook_is_left_alone(self, operator: str, value: Any) -> Any:
        if operator != "in":
            return NotImplemented
        meetings = self.env["outlook.meeting"].sudo()
        single = meetings._search([("state", "=", "left_alone"), ("event_id", "!=", False)])
        series = meetings._search([("state", "=", "left_alone"), ("recurrence_ref", ">", 0)])
        return Domain("id", "in", single.subselect("event_id")) | Domain(
            "recurrence_id", "in", series.subselect("recurrence_ref")
        )

    def action_outlook_send(self) -> dict[str, Any]:
        """Show what would be sent, to how many people, and ask."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send through Outlook"),
            "res_model": "outlook.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_ids": self.ids},
        }
