"""Share the return address with Odoo's own module `microsoft_account`.

That module may stay behind when Odoo's built-in Outlook sync is uninstalled, and other modules use
it. It claims the same address, and the people of both come back there. Where it is installed this
class is taken into its controller; where it is not, Odoo leaves this class out, and the address
belongs to `OutlookSignIn`. Which module is installed may differ between the databases of a server.
"""

from odoo import http
from odoo.http import Response

from odoo.addons.microsoft_account.controllers.main import MicrosoftAuth

from .oauth import come_back, is_foreign


class SharedReturn(MicrosoftAuth):
    """Take what is ours, pass on the rest."""

    @http.route()
    def oauth2callback(self, **kw: str) -> Response:
        """Finish our own sign-ins; `microsoft_account` gets its own."""
        if is_foreign(kw):
            return super().oauth2callback(**kw)
        return come_back(kw)
