"""What only an administrator can put right, as a row that his activities hang on."""

from typing import Any

from odoo import api, fields, models

from ..bridge import alarms

KINDS = [
    ("app", "Application at Microsoft"),
    ("settings", "Settings of Outlook Calendar"),
    ("key", "Key of the sign-ins"),
    ("secret", "End of the client secret"),
    ("crons", "Scheduled actions"),
    ("copy", "Copy of the database"),
]


class OutlookAlarm(models.Model):
    """One trouble of all mailboxes; there is no row of its kind while all is well.

    Only `bridge.alarms` makes and removes rows. `code` says which trouble of that kind it is; the
    words are made when somebody reads them, in his language.
    """

    _name = "outlook.alarm"
    _description = "Outlook Trouble"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "since, id"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    code = fields.Char(readonly=True)
    since = fields.Datetime(default=fields.Datetime.now, required=True, readonly=True)
    message = fields.Text(compute="_compute_message")

    _one_of_a_kind = models.UniqueIndex("(kind)")

    @api.depends("kind", "code")
    @api.depends_context("lang")
    def _compute_message(self) -> None:
        for alarm in self:
            alarm.message = alarms.message(self.env, alarm.kind, alarm.code or "")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self) -> None:
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for alarm in self:
            alarm.display_name = labels.get(alarm.kind)

    def action_open_settings(self) -> dict[str, Any]:
        """Open the settings where Outlook Calendar is."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settings"),
            "res_model": "res.config.settings",
            "view_mode": "form",
            "target": "current",
            "context": {"module": "general_settings", "bin_size": False},
        }

    def action_take_over(self) -> dict[str, Any]:
        """Say that this is the database in use: all mailboxes that it left alone go on here."""
        self.env["outlook.account"]._all_left_alone().action_take_over()
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_let_go(self) -> dict[str, Any]:
        """Say that another database is the one in use: sign all these mailboxes out here."""
        self.env["outlook.account"]._all_left_alone().action_let_go()
        return {"type": "ir.actions.client", "tag": "reload"}
