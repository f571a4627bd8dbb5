"""Meetings in Outlook that look like another one that is here: left there until brought in."""

from odoo import fields, models
from odoo.exceptions import AccessError

from ..bridge import requests


class OutlookMeeting(models.Model):
    """A person may say that it is a meeting of its own."""

    _inherit = "outlook.meeting"

    def action_bring_in(self) -> None:
        """Let the next round make these here; for whose mailbox has them, or administrators."""
        asked = self.sudo().exists().filtered(lambda one: one.asked == "there" and not one.event_id)
        sees_all = self.env.su or self.env.user.has_group("base.group_system")
        for meeting in asked:
            if not sees_all and self.env.user not in meeting.copy_ids.account_id.user_id:
                raise AccessError(self.env._("This meeting is in the mailbox of somebody else."))
        requests.take_up(asked)


class OutlookAccount(models.Model):
    """The doubles that its owner, or an administrator, finds listed."""

    _inherit = "outlook.account"

    double_ids = fields.Many2many(
        "outlook.meeting",
        string="Possible Doubles in Outlook",
        compute="_compute_double_ids",
        groups="base.group_system",
    )

    def _compute_double_ids(self) -> None:
        meetings = self.env["outlook.meeting"].sudo()
        for account in self:
            account.double_ids = meetings.search(
                [("asked", "=", "there"), ("copy_ids.account_id", "=", account.id)]
            )
