"""Show a user's connection to Outlook on the user's form and in the preferences."""

from odoo import api, fields, models

# Odoo lets people read these of themselves; what they show to whom says `_compute_outlook`.
READABLE = (
    "outlook_mailbox",
    "outlook_state",
    "outlook_last_round_at",
    "outlook_last_error",
    "outlook_reset_id",
    "outlook_reset_progress",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    outlook_account_ids = fields.One2many("outlook.account", "user_id", groups="base.group_system")
    outlook_mailbox = fields.Char("Mailbox", compute="_compute_outlook")
    outlook_state = fields.Selection(
        lambda self: self.env["outlook.account"]._fields["state"]._description_selection(self.env),
        compute="_compute_outlook",
    )
    outlook_last_round_at = fields.Datetime("Last Synchronized", compute="_compute_outlook")
    outlook_last_error = fields.Char("Trouble", compute="_compute_outlook")
    outlook_reset_id = fields.Many2one(
        "outlook.reset", string="Last Reset", compute="_compute_outlook"
    )
    outlook_reset_progress = fields.Integer("Reset", compute="_compute_outlook")

    @property
    def SELF_READABLE_FIELDS(self) -> list[str]:
        return [*super().SELF_READABLE_FIELDS, *READABLE]

    @api.depends(
        "outlook_account_ids.address",
        "outlook_account_ids.state",
        "outlook_account_ids.last_success_at",
        "outlook_account_ids.last_error",
        "outlook_account_ids.reset_ids.progress",
    )
    @api.depends_context("uid")
    def _compute_outlook(self) -> None:
        """Show the connection to its user and to administrators; to others there is none."""
        sees_all = self.env.user.has_group("base.group_system")
        for user in self:
            shown = user.sudo() if sees_all or user == self.env.user else user.sudo().browse()
            account = shown.outlook_account_ids
            reset = account.reset_ids[:1]
            user.outlook_mailbox = account.address
            user.outlook_state = account.state
            user.outlook_last_round_at = account.last_success_at
            user.outlook_last_error = account.last_error
            user.outlook_reset_id = reset.id
            user.outlook_reset_progress = reset.progress

    def action_outlook_reset(self) -> dict:
        """Ask how to reset the connection to Outlook, or show the reset that is under way."""
        self.ensure_one()
        account = self.env["outlook.account"]._to_reset_for(self)
        if account.state == "resetting":
            return self.action_outlook_last_reset()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reset Account"),
            "res_model": "outlook.account.reset",
            "view_mode": "form",
            "target": "new",
            "context": {"default_user_id": self.id},
        }

    def action_outlook_last_reset(self) -> dict:
        """Show how far the last reset is, or what came of it."""
        self.ensure_one()
        account = self.env["outlook.account"]._to_reset_for(self)
        return account.reset_ids[:1].with_env(self.env).action_show()
