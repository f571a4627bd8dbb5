"""The overview of administrators: how the sync stands, and a button for each trouble."""

from typing import Any

from odoo import Command, api, fields, models

from ..bridge import alarms, health, overview

#: Where a trouble is seen: the model, and which of its records.
PLACES: dict[str, tuple[str, list]] = {
    "running": ("outlook.account", [("state", "=", "active")]),
    "failing": ("outlook.account", [("state", "=", "active"), ("failures", ">", 0)]),
    "reconnect": ("outlook.account", [("state", "=", "reconnect")]),
    "blocked": ("outlook.account", [("state", "=", "blocked")]),
    "preview": ("outlook.account", [("state", "=", "preview")]),
    "set_aside": ("outlook.parked", []),
    "open_stops": ("outlook.stop", [("state", "=", "open")]),
    "open_conflicts": ("outlook.conflict", [("state", "=", "open")]),
}


class OutlookOverview(models.TransientModel):
    """The figures of one moment: measured whenever a screen reads them.

    One record for all administrators and never swept away, so that a bookmark and a link that one
    sends another keep their address. Its rows are records, since their buttons need one; a trouble
    that lasts keeps its row, so that the buttons of another open screen go on working.
    """

    _name = "outlook.overview"
    _description = "Overview of the Outlook sync"
    _transient_max_hours = 0
    _transient_max_count = 0

    measured_at = fields.Datetime(readonly=True)
    is_healthy = fields.Boolean(readonly=True)
    accounts = fields.Char(string="Mailboxes", readonly=True)
    unsent = fields.Char(string="To Be Sent", readonly=True)
    waiting = fields.Char(
        string="Waiting on Purpose",
        readonly=True,
        help="Changes in mailboxes that are paused or that wait for somebody, or that rest",
    )
    latest_success = fields.Char(string="Last Success", readonly=True)
    oldest_success = fields.Char(string="Longest Without Success", readonly=True)
    set_aside = fields.Integer(readonly=True)
    open_stops = fields.Integer(string="Waiting for a Decision", readonly=True)
    open_conflicts = fields.Integer(string="Conflicts", readonly=True)
    rounds = fields.Integer(readonly=True)
    failed_rounds = fields.Integer(string="Failed", readonly=True)
    requests = fields.Integer(readonly=True)
    throttled_share = fields.Float(string="Throttled", readonly=True)
    crons_off = fields.Char(string="Switched Off", readonly=True)
    secret_ends = fields.Char(string="Client Secret Ends", readonly=True)
    trouble_ids = fields.One2many("outlook.overview.trouble", "overview_id", readonly=True)

    @api.depends()
    def _compute_display_name(self) -> None:
        self.display_name = self.env._("Overview of Outlook")

    @api.model
    def action_open(self) -> dict[str, Any]:
        """Show the figures; reading them measures them."""
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overview"),
            "res_model": self._name,
            "res_id": (self.search([], order="id", limit=1) or self.create({})).id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def web_read(self, specification: dict[str, dict]) -> list[dict]:
        """Measure what is about to be shown: opened, reloaded or by its address, it is never old.

        Without `api.readonly`, unlike the method it extends: it writes.
        """
        self._measure()
        return super().web_read(specification)

    def action_refresh(self) -> dict[str, Any]:
        """Let the screen read anew."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_rounds(self) -> dict[str, Any]:
        """Show the rounds of the mailboxes."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "outlook_calendar.outlook_sync_run_action"
        )

    def _measure(self) -> None:
        """Take the figures and the troubles of this moment."""
        found = health.measure(self.env)
        listed = overview.troubles(self.env, found)
        for shown in self:
            figures = overview.figures(self.env, found)
            shown.write({**figures, "trouble_ids": shown._rows(listed)})

    def _rows(self, listed: list[overview.Trouble]) -> list[Command]:
        """Return what makes the rows those of `listed`; what is listed already keeps its row."""
        left = {(row.kind, row.alarm_id.id): row for row in self.trouble_ids}
        commands = []
        for sequence, one in enumerate(listed):
            values = {**one._asdict(), "sequence": sequence}
            row = left.pop((one.kind, one.alarm_id), None)
            commands.append(Command.update(row.id, values) if row else Command.create(values))
        return [*(Command.delete(row.id) for row in left.values()), *commands]


class OutlookOverviewTrouble(models.TransientModel):
    """One trouble of an overview."""

    _name = "outlook.overview.trouble"
    _description = "Trouble in the overview of the Outlook sync"
    _order = "sequence, id"
    _transient_max_hours = 0
    _transient_max_count = 0

    overview_id = fields.Many2one("outlook.overview", required=True, ondelete="cascade")
    sequence = fields.Integer()
    kind = fields.Char(required=True)
    words = fields.Char()
    mend = fields.Selection(
        [("sync", "Sync now"), ("retry", "Retry all"), ("switch_on", "Switch on")]
    )
    alarm_id = fields.Many2one("outlook.alarm")

    def action_look(self) -> dict[str, Any]:
        """Lead to where this trouble is seen."""
        self.ensure_one()
        if self.kind == "settings":
            return self.env["outlook.alarm"].action_open_settings()
        if self.kind == "alarm":
            return self._window("outlook.alarm", res_id=self.alarm_id.id, views=[(False, "form")])
        model, domain = self._place()
        return self._window(model, domain=domain, views=[(False, "list"), (False, "form")])

    def action_mend(self) -> dict[str, Any]:
        """Do what helps, and measure anew; where no button helps, lead there."""
        self.ensure_one()
        if not self.mend:
            return self.action_look()
        shown = self.overview_id
        _MENDS[self.mend](self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("Under way. Refresh in a moment to see what came of it."),
                "next": shown.action_refresh(),
            },
        }

    def _place(self) -> tuple[str, list]:
        if self.kind == "crons":
            ours = alarms.crons(self.env).ids
            return "ir.cron", [("id", "in", ours), ("active", "in", (True, False))]
        if self.kind != "unsent":
            return PLACES[self.kind]
        unread = self.env["outlook.outbox"]._read_group([("is_read", "=", False)], ["account_id"])
        ids = [account.id for (account,) in unread if account.state == "active"]
        return "outlook.account", [("id", "in", ids)]

    def _window(self, model: str, **values: Any) -> dict[str, Any]:
        return {
            "type": "ir.actions.act_window",
            "name": self.words,
            "res_model": model,
            "view_mode": ",".join(kind for _view, kind in values["views"]),
            "target": "current",
            **values,
        }

    def _sync(self) -> None:
        model, domain = self._place()
        self.env[model].search(domain).action_sync_now()

    def _retry(self) -> None:
        self.env["outlook.meeting"].search([("state", "=", "parked")]).action_retry()

    def _switch_on(self) -> None:
        alarms.crons(self.env).with_env(self.env).active = True


_MENDS = {
    "sync": OutlookOverviewTrouble._sync,
    "retry": OutlookOverviewTrouble._retry,
    "switch_on": OutlookOverviewTrouble._switch_on,
}
