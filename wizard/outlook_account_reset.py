"""Ask how to reset the connection to Outlook, and say first what that will do, in numbers."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.release import product_name

from ..bridge import words


class OutlookAccountReset(models.TransientModel):
    """The question before a reset. Confirming starts it in the background."""

    _name = "outlook.account.reset"
    _description = "Reset Outlook Account"

    user_id = fields.Many2one("res.users", required=True, default=lambda self: self.env.user)
    mailbox = fields.Char(compute="_compute_counts")
    delete_policy = fields.Selection(
        selection="_selection_delete_policy",
        string="User's Existing Events",
        required=True,
        default="keep",
    )
    sync_policy = fields.Selection(
        selection="_selection_sync_policy",
        string="Next Synchronization",
        required=True,
        default="new",
    )
    meeting_count = fields.Integer(
        compute="_compute_counts", help="Meetings that the user organizes on both sides"
    )
    guest_count = fields.Integer(
        compute="_compute_counts", help="People whom Outlook tells when it deletes these meetings"
    )
    pending_count = fields.Integer(
        compute="_compute_counts", help="Changes that were not sent to Outlook yet"
    )
    consequences = fields.Html(
        string="What Will Happen", compute="_compute_consequences", sanitize=False
    )
    warning = fields.Char(compute="_compute_warning")

    @api.model
    def _selection_delete_policy(self) -> list[tuple[str, str]]:
        return self.env["outlook.reset"]._selection_delete_policy()

    @api.model
    def _selection_sync_policy(self) -> list[tuple[str, str]]:
        return self.env["outlook.reset"]._selection_sync_policy()

    @api.depends("user_id")
    def _compute_counts(self) -> None:
        for wizard in self:
            account = wizard._account()
            wizard.mailbox = account.address
            wizard.meeting_count = account._own_meeting_count()
            wizard.guest_count = account._own_guest_count()
            wizard.pending_count = account.pending_count

    @api.depends("user_id", "delete_policy", "sync_policy")
    def _compute_consequences(self) -> None:
        for wizard in self:
            wizard.consequences = words.as_list(
                [
                    *wizard._say_outlook(),
                    *wizard._say_local(),
                    *wizard._say_pending(),
                    self.env._("The mailbox is signed out."),
                    words.after_next_sign_in(self.env, wizard.sync_policy),
                ]
            )

    @api.depends("user_id", "delete_policy")
    def _compute_warning(self) -> None:
        for wizard in self:
            asks = wizard._deletes_in_outlook() and wizard.meeting_count
            trouble = asks and wizard._account()._why_out_of_reach()
            wizard.warning = trouble and wizard._say_trouble(trouble)

    def action_confirm(self) -> dict:
        """Start the reset and show its progress."""
        self.ensure_one()
        account = self._account()
        if not account:
            raise UserError(
                self.env._("%(user)s has no Outlook account to reset.", user=self.user_id.name)
            )
        reset = account._start_reset(delete_policy=self.delete_policy, sync_policy=self.sync_policy)
        return reset.with_env(self.env).action_show()

    def _account(self):
        """Return the account in question, which the acting user may reset, in sudo."""
        self.ensure_one()
        return self.env["outlook.account"]._to_reset_for(self.user_id)

    def _deletes_in_outlook(self) -> bool:
        return self.delete_policy in ("outlook", "both")

    def _say_trouble(self, trouble: str) -> str:
        field = self.env["outlook.reset"]._fields["trouble"]
        reasons = dict(field._description_selection(self.env))
        return self.env._(
            "%(reason)s, so the meetings stay in Outlook. If they are to be deleted there too, sign"
            " in again before the reset.",
            reason=reasons[trouble],
        )

    def _say_outlook(self) -> list[str]:
        count = words.meetings(self.env, self.meeting_count)
        if not self._deletes_in_outlook():
            return [self.env._("In Outlook nothing changes (%(meetings)s).", meetings=count)]
        if self.warning:
            return [self.env._("Nothing can be deleted in Outlook (%(meetings)s).", meetings=count)]
        told = (
            self.env._(
                "Outlook tells %(people)s that these meetings are cancelled.",
                people=words.people(self.env, self.guest_count),
            )
            if self.guest_count
            else self.env._("Nobody is mailed.")
        )
        return [self.env._("Deleted in Outlook: %(meetings)s.", meetings=count), told]

    def _say_local(self) -> list[str]:
        count = words.meetings(self.env, self.meeting_count)
        if self.delete_policy in ("local", "both"):
            said = self.env._(
                "Deleted in %(product)s: %(meetings)s.", product=product_name, meetings=count
            )
        else:
            said = self.env._(
                "In %(product)s nothing changes (%(meetings)s).",
                product=product_name,
                meetings=count,
            )
        return [said]

    def _say_pending(self) -> list[str]:
        if not self.pending_count:
            return []
        return [
            self.env._(
                "Changes that were not sent to Outlook yet will not be sent: %(count)s.",
                count=self.pending_count,
            )
        ]
