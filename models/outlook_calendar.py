"""A calendar of a connected mailbox, and how far it has been read."""

from odoo import fields, models


class OutlookCalendar(models.Model):
    """One calendar as Outlook lists it. `delta_link` and `page_link` are secrets of the sync."""

    _name = "outlook.calendar"
    _description = "Outlook calendar"
    _order = "is_default desc, id"

    account_id = fields.Many2one("outlook.account", required=True, index=True, ondelete="cascade")
    remote_id = fields.Char(required=True, readonly=True)
    name = fields.Char(readonly=True)
    color = fields.Char(readonly=True)
    is_default = fields.Boolean(string="Default Calendar", readonly=True)
    can_edit = fields.Boolean(readonly=True)
    has_teams = fields.Boolean(readonly=True, help="Meetings in it may be Teams meetings")
    chosen = fields.Boolean(string="Synchronize")
    delta_link = fields.Text(readonly=True, help="Where the next changes are")
    page_link = fields.Text(readonly=True, help="Where a round that was interrupted goes on")
    format = fields.Integer(
        readonly=True, help="What wrote the links; an older one reads all again"
    )
    listed_until = fields.Datetime(
        readonly=True, help="How far a calendar without delta has been listed in this round"
    )
    window_start = fields.Datetime(readonly=True)
    window_end = fields.Datetime(readonly=True)
    full_round = fields.Boolean(readonly=True, help="All is being read again and compared")
    round_number = fields.Integer(readonly=True, help="Counts the full rounds")
    matching = fields.Boolean(
        readonly=True,
        help="Local meetings of the window that nobody linked are still to be looked at",
    )

    _one_row_each = models.UniqueIndex("(account_id, remote_id)")

    def _graph_id(self) -> str | None:
        """Return how requests name this calendar; the default one goes without a name.

        Some of what Graph does is documented for the default calendar only, under its own address.
        """
        return None if self.is_default else self.remote_id
