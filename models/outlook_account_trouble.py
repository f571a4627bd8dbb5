"""What is wrong with a connected mailbox, and who can help: its user, an administrator, nobody."""

from typing import Any

from odoo import api, fields, models

from ..bridge import alarms, watch


class OutlookAccount(models.Model):
    """The half of a connected mailbox that trouble is written on."""

    _inherit = "outlook.account"

    trouble = fields.Selection(
        [
            ("app", "Microsoft does not accept the application"),
            ("settings", "The settings are not complete"),
            ("key", "The key of the sign-ins is missing"),
        ],
        readonly=True,
        help="Ended the last round, and only an administrator can put it right",
    )

    crons_trouble = fields.Char(compute="_compute_crons_trouble")

    @api.depends("state")
    def _compute_crons_trouble(self) -> None:
        """Say on the form what keeps every mailbox from its turn; one lane is enough for all."""
        trouble = alarms.crons_trouble(self.env) if alarms.lanes_stopped(self.env) else False
        for account in self:
            account.crons_trouble = trouble if account.state == "active" else False

    def _ask_to_sign_in(self) -> None:
        """Tell the user, once, that only he can go on; nothing else of his is touched."""
        for account in self:
            user = account.user_id
            env = user.with_context(lang=user.lang).env
            said = env._("Your calendar and Outlook are no longer kept in step: the sign-in ended.")
            account.activity_unlink(["mail.mail_activity_data_warning"])
            account.with_user(user).sudo().with_context(lang=user.lang).activity_schedule(
                "mail.mail_activity_data_warning",
                summary=env._("Sign in to Outlook again"),
                note=said,
                user_id=user.id,
            )

    @api.model
    def _give_up_sign_ins(self) -> None:
        sealed = self.sudo().search([("token_cache", "!=", False)])
        done = super()._give_up_sign_ins()
        sealed._ask_to_sign_in()
        return done

    def _signed_in(self, signed_in: Any) -> None:
        done = super()._signed_in(signed_in)
        self.sudo().trouble = False
        return done

    @api.model
    def _cron_watch(self) -> None:
        """See once an hour what no round sees: crons that are off, a secret's end, old rows."""
        watch.keep(self.env)
