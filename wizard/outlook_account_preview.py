"""Say what a round will do before it does anything, and let a person choose what it may send."""

from collections.abc import Iterable
from typing import Any

from odoo import Command, api, fields, models

from ..bridge import preview_words

_LISTS = ("with_guests", "without_guests", "doubles_here", "to_send")


class OutlookAccountPreview(models.TransientModel):
    """What waits on both sides of one mailbox, in sentences, numbers and lists.

    Before the first round that writes anything it asks; at other times it only shows. The numbers
    are those of `outlook.account._preview`: this dialog reads no mailbox and writes none.
    """

    _name = "outlook.account.preview"
    _description = "Outlook Preview"

    account_id = fields.Many2one(
        "outlook.account",
        required=True,
        default=lambda self: self.env["outlook.account"]._of_current_user().id,
    )
    mailbox = fields.Char(related="account_id.address")
    is_choice = fields.Boolean(compute="_compute_counts")
    is_partial = fields.Boolean(compute="_compute_counts")
    counts = fields.Json(compute="_compute_counts")
    existing_policy = fields.Selection(
        [
            ("leave", "Leave them here"),
            ("send", "Send them, inviting their guests"),
            ("new", "Only new meetings from now on"),
        ],
        string="Upcoming Meetings with Guests",
        required=True,
        default="leave",
    )
    policy_hints = fields.Json(compute="_compute_counts")
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    mail_note = fields.Char(compute="_compute_summary")
    mails_people = fields.Boolean(compute="_compute_summary")
    with_guests_ids = fields.Many2many("calendar.event", compute="_compute_lists")
    without_guests_ids = fields.Many2many("calendar.event", compute="_compute_lists")
    to_send_ids = fields.Many2many("calendar.event", compute="_compute_lists")
    differing_ids = fields.Many2many("calendar.event", compute="_compute_lists")
    doubles_here_ids = fields.Many2many("calendar.event", compute="_compute_lists")
    hides_some = fields.Boolean(compute="_compute_lists")
    double_ids = fields.One2many("outlook.account.preview.double", "preview_id")

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """List what looks like a double in Outlook: the links behind it are not for users."""
        values = super().default_get(fields)
        if "double_ids" in fields and values.get("account_id"):
            account = self.env["outlook.account"].browse(values["account_id"])
            values["double_ids"] = [
                Command.create({"meeting_ref": one.id, "title": one.title})
                for one in account._allowed().double_ids
            ]
        return values

    @api.depends("account_id")
    def _compute_counts(self) -> None:
        for wizard in self:
            account = wizard._account()
            numbers = account._preview()
            wizard.counts = numbers
            wizard.is_choice = account.state == "preview"
            wizard.is_partial = not numbers.get("done", True)
            wizard.policy_hints = preview_words.policy_hints(self.env, numbers)

    @api.depends("counts", "existing_policy")
    def _compute_summary(self) -> None:
        for wizard in self:
            policy = wizard.existing_policy if wizard.is_choice else None
            people = preview_words.mailed(wizard.counts, policy)
            wizard.summary = (
                preview_words.first_round(self.env, wizard.counts, policy)
                if policy
                else preview_words.next_round(self.env, wizard.counts)
            )
            wizard.mails_people = bool(people)
            wizard.mail_note = preview_words.say_mailed(self.env, people)

    @api.depends("counts")
    def _compute_lists(self) -> None:
        for wizard in self:
            ids = {name: wizard.counts.get(name) or [] for name in _LISTS}
            ids["differing"] = [one["event_id"] for one in wizard.counts.get("differing", ())]
            for name, listed in ids.items():
                wizard[f"{name}_ids"] = wizard._visible(listed)
            everything = {one for listed in ids.values() for one in listed}
            wizard.hides_some = len(wizard._visible(everything)) < len(everything)

    def action_confirm(self) -> dict[str, Any]:
        """Keep the choice; the first round begins."""
        self.ensure_one()
        self._account()._choose(self.existing_policy)
        return {"type": "ir.actions.act_window_close"}

    def action_refresh(self) -> dict[str, Any]:
        """Read on, or anew, and show what came of it."""
        self.ensure_one()
        return self.account_id.action_preview()

    def action_disconnect(self) -> dict[str, Any]:
        """Rather not: sign out before anything was written."""
        self.ensure_one()
        self.account_id.action_disconnect()
        return {"type": "ir.actions.act_window_close"}

    def _account(self):
        """Return the account in `sudo`. Raises AccessError for somebody else's."""
        return self.account_id._allowed()

    def _visible(self, ids: Iterable[int]):
        """Return those of these meetings whose content is not hidden from who is looking."""
        events = self.env["calendar.event"].browse(ids).exists()
        shown = events.filtered(lambda event: not event._check_private_event_conditions())
        return shown.sorted("start")


class OutlookAccountPreviewDouble(models.TransientModel):
    """One meeting in Outlook that looks like another one that is here already."""

    _name = "outlook.account.preview.double"
    _description = "Possible double in Outlook"

    preview_id = fields.Many2one("outlook.account.preview", required=True, ondelete="cascade")
    meeting_ref = fields.Integer()
    title = fields.Char()

    def action_bring_in(self) -> dict[str, Any]:
        """Let it be a meeting of its own here, too."""
        self.ensure_one()
        self.env["outlook.meeting"].browse(self.meeting_ref).action_bring_in()
        return self.preview_id.action_refresh()
