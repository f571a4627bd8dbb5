"""Tell the web client what it must know before it draws the Outlook button."""

from typing import Any

from odoo import models, release
from odoo.http import request

from ..bridge import settings
from ..bridge.pending import take_notice


class IrHttp(models.AbstractModel):
    """Add one key of our own to the session's information."""

    _inherit = "ir.http"

    def session_info(self) -> dict[str, Any]:
        """Extend it with `outlook_calendar`.

        Its `button` tells whether there is one, `product` how this system calls itself, `notice`
        (once) what to tell about a sign-in that just ended. `news` is the number of
        `outlook.news`: what this page loads from now on shows at least that.
        """
        info = super().session_info()
        if self.env.user._is_internal():
            info["outlook_calendar"] = {
                "button": not settings.is_switched_off(self.env),
                "product": release.product_name,
                "news": self.env["outlook.news"]._of_current_user(),
                "notice": take_notice(request.session),
            }
        return info
