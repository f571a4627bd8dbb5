"""The administrator's part that is not needed to begin: limits, and what needs attention."""

from typing import Any

from odoo import api, fields, models
from odoo.release import product_name

from ..bridge import alarms, settings, waking, watch

#: Whole numbers that may be nought, which a field bound to a parameter could not keep.
NUMBERS = ("stop_deletions", "stop_percent", "stop_least", "journal_days")
PREFIX = "outlook_calendar_"


class ResConfigSettings(models.TransientModel):
    """Settings of Outlook Calendar, continued."""

    _inherit = "res.config.settings"

    outlook_calendar_trouble = fields.Text(compute="_compute_outlook_calendar_trouble")
    outlook_calendar_is_left_alone = fields.Boolean(compute="_compute_outlook_calendar_trouble")
    outlook_calendar_secret_ends_on = fields.Date(
        "Client Secret ends on",
        help="Microsoft Entra shows it under “Certificates & secrets”. Administrators are reminded"
        " 60, 30 and 7 days before.",
    )
    outlook_calendar_conflict_winner = fields.Selection(
        "_outlook_calendar_winners",
        string="If both sides change the same thing",
        config_parameter="outlook_calendar.conflict_winner",
        default=settings.WINNERS[0],
        help="The other value is kept with the meeting.",
    )
    outlook_calendar_stop_deletions = fields.Integer("More deletions than")
    outlook_calendar_stop_percent = fields.Integer("or more than this share (%)")
    outlook_calendar_stop_least = fields.Integer("where it is at least")
    outlook_calendar_journal_days = fields.Integer(
        "Days to keep the journal",
        help="What was synchronized, and what lost where both sides had changed.",
    )

    @api.model
    def _outlook_calendar_winners(self) -> list[tuple[str, str]]:
        names = {
            "newer": self.env._("The newer change stays"),
            "outlook": self.env._("What Outlook shows stays"),
            "local": self.env._("What %s shows stays", product_name),
        }
        return [(winner, names[winner]) for winner in settings.WINNERS]

    def _compute_outlook_calendar_trouble(self) -> None:
        """Say all that administrators were told and that lasts, and whether the crons run now."""
        told = self.env["outlook.alarm"].sudo().search([("kind", "!=", "crons")])
        said = [*told.mapped("message"), alarms.crons_trouble(self.env)]
        self.outlook_calendar_trouble = "\n".join(filter(None, said))
        self.outlook_calendar_is_left_alone = "copy" in told.mapped("kind")

    @api.model
    def get_values(self) -> dict[str, Any]:
        """Extend it with what is not bound to a parameter."""
        numbers = {PREFIX + name: settings.number(self.env, name) for name in NUMBERS}
        ends_on = settings.secret_expires_on(self.env)
        return {**super().get_values(), **numbers, f"{PREFIX}secret_ends_on": ends_on or False}

    def set_values(self) -> None:
        """Extend it: whatever was mended, here or at Microsoft, is tried at once by everybody."""
        self._outlook_calendar_keep_end_of_secret()
        before = settings.application(self.env)
        for name in NUMBERS:
            settings.store_number(self.env, name, max(self[PREFIX + name], 0))
        done = super().set_values()
        alarms.retry(self.env, is_mended=settings.application(self.env) != before)
        watch.look_at_secret(self.env)
        active = self.env["outlook.account"].sudo().search([("state", "=", "active")])
        waking.wake(self.env, active.ids)
        return done

    def _outlook_calendar_keep_end_of_secret(self) -> None:
        """Keep the day that was entered; that of the secret before says nothing of a new one."""
        day = self.outlook_calendar_secret_ends_on or None
        is_new = bool(self.sudo().outlook_calendar_sealed_secret)
        if is_new and day == settings.secret_expires_on(self.env):
            day = None
        settings.store_secret_expires_on(self.env, day)

    def action_outlook_calendar_take_over(self) -> dict[str, Any]:
        """Say that this is the database in use: all mailboxes that it left alone go on here."""
        self.env["outlook.account"]._all_left_alone().action_take_over()
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_outlook_calendar_let_go(self) -> dict[str, Any]:
        """Say that another database is the one in use: sign all these mailboxes out here."""
        self.env["outlook.account"]._all_left_alone().action_let_go()
        return {"type": "ir.actions.client", "tag": "reload"}
