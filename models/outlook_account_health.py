"""How the sync stands, for `odoo shell` in a script."""

import json
import sys

from odoo import api, models

from ..bridge import health


class OutlookAccount(models.Model):
    """The half of the accounts that monitoring asks."""

    _inherit = "outlook.account"

    @api.model
    def _exit_with_health(self) -> None:
        """Print the figures as JSON and end the process: 0 where all is well, 1 where it is not.

        For ``echo 'env["outlook.account"]._exit_with_health()' | odoo shell -d DATABASE``.
        """
        found = health.measure(self.env)
        sys.stdout.write(f"{json.dumps(found.as_json(), indent=2)}\n")
        sys.stdout.flush()
        sys.exit(0 if found.is_healthy else 1)
