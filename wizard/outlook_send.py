"""Send meetings through Outlook that it does not have; say first how many people it will mail."""

from typing import Any

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..bridge import mailing, preview_words, requests, words

_lt = LazyTranslate(__name__)

#: Why meetings are not sent, by `requests.REASONS`.
SKIPPED = {
    "forbidden": _lt("%(meetings)s: not yours to change."),
    "known": _lt("%(meetings)s: in Outlook already, or on the way there."),
    "archived": _lt("%(meetings)s: archived."),
    "over": _lt("%(meetings)s: over. Nobody is invited to the past."),
    "far": _lt("%(meetings)s: outside of the time that is kept in step with Outlook."),
    "organizer": _lt("%(meetings)s: without an organizer."),
    "mailbox": _lt("%(meetings)s: the organizer has not connected Outlook (%(people)s)."),
}


class OutlookSend(models.TransientModel):
    """The question before meetings go out, in numbers."""

    _name = "outlook.send"
    _description = "Send through Outlook"

    event_ids = fields.Many2many("calendar.event", string="Meetings", required=True)
    meeting_count = fields.Integer(compute="_compute_selection")
    people_count = fields.Integer(compute="_compute_selection")
    over_count = fields.Integer(compute="_compute_selection")
    skipped_count = fields.Integer(compute="_compute_selection")
    sendable_ids = fields.Many2many("calendar.event", compute="_compute_selection")
    sent_note = fields.Char(compute="_compute_selection")
    mail_note = fields.Char(compute="_compute_selection")
    waiting_note = fields.Char(compute="_compute_selection")
    skipped = fields.Html(string="Not Sent", compute="_compute_selection", sanitize=False)

    @api.depends("event_ids")
    @api.depends_context("uid", "lang")
    def _compute_selection(self) -> None:
        for wizard in self:
            chosen = requests.judge(wizard.event_ids._origin)
            wizard.sendable_ids = chosen.sendable.sorted("start")
            wizard.meeting_count = len(chosen.sendable)
            wizard.people_count = len(chosen.people)
            wizard.over_count = len(chosen.skipped.get("over", ()))
            wizard.skipped_count = sum(map(len, chosen.skipped.values()))
            wizard.sent_note = self.env._(
                "Outlook gets %s.", words.meetings(self.env, wizard.meeting_count)
            )
            wizard.mail_note = preview_words.say_mailed(self.env, wizard.people_count)
            wizard.waiting_note = wizard._say_waiting(chosen)
            wizard.skipped = words.as_list(wizard._say_skipped(chosen))

    def action_send(self) -> dict[str, Any]:
        """Let the rounds send what can be sent, and tell that they will."""
        self.ensure_one()
        sent = requests.send(self.event_ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Sent to Outlook in a moment: %s.", words.meetings(self.env, len(sent))
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _say_skipped(self, chosen: requests.Selection) -> list[str]:
        return [
            self._say_reason(reason, chosen.skipped[reason])
            for reason in requests.REASONS
            if reason in chosen.skipped
        ]

    def _say_reason(self, reason: str, events) -> str:
        return words.filled(
            self.env,
            SKIPPED[reason],
            meetings=words.meetings(self.env, len(events)),
            people=", ".join(sorted(events.sudo().user_id.mapped("name"))),
        )

    def _say_waiting(self, chosen: requests.Selection) -> str | bool:
        """Tell whose mailboxes take nothing at present; False where all do."""
        owners = [mailing.account_of(user) for user in chosen.sendable.sudo().user_id]
        resting = [one for one in owners if one.state != "active"]
        if not resting:
            return False
        return self.env._(
            "They go out as soon as the connection to Outlook works again, or goes on: %s.",
            ", ".join(sorted(one.user_id.name for one in resting)),
        )
