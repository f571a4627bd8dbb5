"""How much the mailboxes' rounds brought to each person's calendar."""

from odoo import api, fields, models


class OutlookNews(models.Model):
    """How often the work of one account changed what one user sees in his calendar.

    One row per account and user, so that two mailboxes which are at work at the same time never
    wait for each other's row. Only `bridge.news` writes here.
    """

    _name = "outlook.news"
    _description = "What came from Outlook for a user"
    _log_access = False

    account_id = fields.Many2one(
        "outlook.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    count = fields.Integer(required=True, readonly=True)

    _one_row_each = models.UniqueIndex("(user_id, account_id)")

    @api.model
    def _of_current_user(self) -> int:
        """Return a number that differs after each transaction that changed the user's calendar.

        A sum of counters and not the highest id of some journal: a transaction that began earlier
        and commits later has lower ids, and would go unseen.
        """
        self.env.cr.execute(
            "SELECT COALESCE(SUM(count), 0) FROM outlook_news WHERE user_id = %s", [self.env.uid]
        )
        return int(self.env.cr.fetchone()[0])
