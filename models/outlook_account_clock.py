"""How far Outlook's clock is from this database's."""

from odoo import fields, models


class OutlookAccount(models.Model):
    """Measured in every round, for who changed a field last."""

    _inherit = "outlook.account"

    clock_skew = fields.Float(
        readonly=True,
        groups="base.group_system",
        help="Seconds by which Outlook's clock is ahead of this database's, measured last",
    )
