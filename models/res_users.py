"""Show a user's connection to Outlook on the user's form and in the preferences."""

from odoo import api, fields, models

# Everything here is for the user and for administrators; Odoo lets people read these of themselves.
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

    outlook_account_ids = fields.One2many(
        "outlook.account", "user_id", string="Outlook Account", groups="base.group_system"
    )
    outlook_mailbox = fields.Char(
        string="Mailbox", related="outlook_account_ids.address", groups="base.group_system"
    )
    outlook_state = fields.Selection(
        string="State", related="outlook_account_ids.state", groups="base.group_system"
    )
    outlook_last_round_at = fields.Datetime(
        string="Last Synchronized",
        related="outlook_account_ids.last_success_at",
        groups="base.group_system",
    )
    outlook_last_error = fields.Char(
        string="Trouble", related="outlook_account_ids.last_error", groups="base.group_system"
    )
    outlook_reset_id = fields.Many2one(
        "outlook.reset",
        string="Last Reset",
        compute="_compute_outlook_reset",
        compute_sudo=True,
        groups="base.group_system",
    )
    outlook_reset_progress = fields.Integer(
        string="Reset",
        compute="_compute_outlook_reset",
        compute_sudo=True,
        groups="base.group_system",
    )

    @property
    def SELF_READABLE_FIELDS(self) -> list[str]:
        return [*super().SELF_READABLE_FIELDS, *READABLE]

    @api.depends("outlook_account_ids.reset_ids.progress")
    def _compute_outlook_reset(self) -> None:
        for user in self:
            reset = user.outlook_account_ids.reset_ids[:1]
            user.outlook_reset_id = reset
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
