"""Say who is invited in Outlook and is no contact here, and who here Outlook cannot invite."""

from odoo import api, fields, models

from ..bridge import strangers


class CalendarEvent(models.Model):
    """Whoever may see a meeting sees who else comes to it."""

    _inherit = "calendar.event"

    outlook_people_notice = fields.Char(compute="_compute_outlook_people_notice")

    @api.depends("partner_ids.email_normalized", "user_id", "recurrence_id", "start")
    @api.depends_context("lang", "uid")
    def _compute_outlook_people_notice(self):
        for event in self:
            said = filter(None, (strangers.invited_there(event), strangers.not_invited(event)))
            event.outlook_people_notice = " ".join(said) or False
