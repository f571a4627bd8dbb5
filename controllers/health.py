"""Tell monitoring how the sync stands."""

from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import Response, request

from ..bridge import health


class OutlookHealth(http.Controller):
    """For programs: an administrator's API key, and an answer that needs no reading."""

    @http.route(
        "/outlook_calendar/health",
        type="http",
        auth="bearer",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def outlook_calendar_health(self) -> Response:
        """Answer 200 where all is well, 503 where somebody should be called, 403 to others.

        The body says why; its keys are in docs/operations.md.
        """
        if not request.env.user.has_group("base.group_system"):
            raise Forbidden
        found = health.measure(request.env)
        headers = [("Cache-Control", "no-store")]
        status = 200 if found.is_healthy else 503
        return request.make_json_response(found.as_json(), headers=headers, status=status)
