"""A mailbox of which deletions wait for a person, and what of its copies that is."""

from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

from ..bridge import safety


class OutlookCopy(models.Model):
    """A deletion is noted first and carried out when all is read: see `bridge/safety.py`."""

    _inherit = "outlook.copy"

    departed = fields.Selection(
        [
            ("removed", "Removed from the mailbox"),
            ("missing", "Not met by a full round"),
            ("cancelled", "Cancelled in Outlook"),
            ("here", "Deleted here"),
        ],
        readonly=True,
        help="A deletion that was noted and is not carried out yet",
    )
    verdict = fields.Selection(
        [("follow", "To be carried out"), ("restore", "To be undone")],
        readonly=True,
        help="What becomes of the deletion; empty: not decided yet",
    )

    stop_line_ids = fields.One2many("outlook.stop.line", "copy_id", readonly=True)

    _departed = models.Index("(account_id) WHERE departed IS NOT NULL")

    def unlink(self) -> bool:
        """Take them off the lists of what waits."""
        safety.settled(self)
        return super().unlink()


class OutlookCalendar(models.Model):
    """Its copies go with it, in the database alone."""

    _inherit = "outlook.calendar"

    def unlink(self) -> bool:
        """Take its meetings off the lists of what waits."""
        safety.settled(self.env["outlook.copy"].search([("calendar_id", "in", self.ids)]))
        return super().unlink()


class OutlookAccount(models.Model):
    """The account of which deletions wait for its owner."""

    _inherit = "outlook.account"

    stop_ids = fields.One2many(
        "outlook.stop", "account_id", string="Waiting for You", domain=[("state", "=", "open")]
    )
    waiting_stop = fields.Boolean(
        string="Waits for a Decision",
        compute="_compute_waiting_stop",
        search="_search_waiting_stop",
    )

    @api.model
    def _status_of_current_user(self) -> dict[str, Any]:
        """Add `waiting`: whether what `message` says is that deletions wait for this user."""
        status = super()._status_of_current_user()
        account = self._of_current_user()
        message = account._question() if not status["message"] else ""
        return {
            **status,
            "message": status["message"] or message or False,
            "waiting": bool(message),
        }

    def _question(self) -> str:
        """Return in words that something waits for the owner; empty where nothing does."""
        if not self.stop_ids or self.state == "new":
            return ""
        return self.env._("Many meetings were deleted. Say what is to become of them.")

    def action_show_stop(self) -> dict[str, Any]:
        """Open what waits; the list of lists where there are several."""
        self._allowed()
        if len(self.stop_ids) == 1:
            return self.stop_ids.action_show()
        return self.env["ir.actions.act_window"]._for_xml_id("outlook_calendar.outlook_stop_action")

    @api.depends("stop_ids.state")
    def _compute_waiting_stop(self) -> None:
        for account in self:
            account.waiting_stop = bool(account.stop_ids)

    @api.model
    def _search_waiting_stop(self, operator: str, value: Any) -> Domain:
        if operator != "in":
            return NotImplemented
        waiting = self.env["outlook.stop"].sudo().search([("state", "=", "open")]).account_id
        return Domain("id", "in", waiting.ids) if True in value else Domain.FALSE
