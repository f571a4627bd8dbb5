"""Whether meetings get a Teams link: a choice of each mailbox's owner."""

from odoo import api, fields, models


class OutlookAccount(models.Model):
    """Accounts are written by nobody directly, so the choice is a button."""

    _inherit = "outlook.account"

    def action_set_teams(self) -> None:
        """Keep the choice that the button's context names."""
        self._steered()._set_teams(self.env.context.get("teams"))

    def _set_teams(self, choice: str | bool) -> None:
        self.teams = choice or "never"


class ResUsers(models.Model):
    """The same choice in the preferences, and on the user's form."""

    _inherit = "res.users"

    outlook_teams = fields.Selection(
        lambda self: self.env["outlook.account"]._fields["teams"]._description_selection(self.env),
        string="Teams Meetings",
        compute="_compute_outlook_teams",
        inverse="_inverse_outlook_teams",
        help="Which meetings get a Teams link when they are sent to Outlook. A meeting can have its"
        " own choice.",
    )

    @property
    def SELF_READABLE_FIELDS(self) -> list[str]:
        return [*super().SELF_READABLE_FIELDS, "outlook_teams"]

    @property
    def SELF_WRITEABLE_FIELDS(self) -> list[str]:
        return [*super().SELF_WRITEABLE_FIELDS, "outlook_teams"]

    @api.depends("outlook_account_ids.teams")
    @api.depends_context("uid")
    def _compute_outlook_teams(self) -> None:
        """Show it to whoever sees the connection; see `_compute_outlook`."""
        sees_all = self.env.user.has_group("base.group_system")
        for user in self:
            shown = user.sudo() if sees_all or user == self.env.user else user.sudo().browse()
            user.outlook_teams = shown.outlook_account_ids.teams

    def _inverse_outlook_teams(self) -> None:
        """Keep the choice; the screens show none where there is no mailbox."""
        for user in self:
            account = self.env["outlook.account"].sudo().search([("user_id", "=", user.id)])
            if account:
                account.with_env(self.env)._steered()._set_teams(user.outlook_teams)
