"""Answer the Outlook button, and scripts that steer the sync."""

import time
from typing import Any

from werkzeug.exceptions import Forbidden

from odoo import api, http
from odoo.http import request

from ..bridge import pending, wording
from ..core.engine.errors import SyncError

LONGEST_WAIT_SECONDS = 60


class OutlookSync(http.Controller):
    """Both routes answer with the same status, see `outlook.account._status_of_current_user`."""

    @http.route("/outlook_calendar/status", type="jsonrpc", auth="user", readonly=True)
    def status(self) -> dict[str, Any]:
        """Return how the connection of the current user stands; change nothing, ask nobody."""
        _require_internal_user()
        return request.env["outlook.account"]._status_of_current_user()

    @http.route("/outlook_calendar/sync", type="jsonrpc", auth="user")
    def sync(self, return_path: str | None = None, wait: bool = False) -> dict[str, Any]:
        """Go one step on: to the sign-in where it is needed, else to a round.

        The status gets one more key, `url`: in the states *connect* and *reconnect* the address of
        Microsoft's sign-in page, from where people come back to `return_path`; else False.

        Without `wait` the round runs in the background and the answer comes at once. With it the
        answer comes when nothing of this user's is pending any more, or a fault says to wait; after
        60 s at the latest. While the owner has something to choose (state *preview*) no round
        begins, and the answer comes at once.
        """
        _require_internal_user()
        accounts = request.env["outlook.account"]
        status = accounts._status_of_current_user()
        if status["state"] in ("connect", "reconnect"):
            return self._with_sign_in(status, return_path)
        if status["state"] in ("syncing", "synced"):
            status = self._waited() if wait else self._started(status)
        return {**status, "url": False}

    def _with_sign_in(self, status: dict[str, Any], return_path: str | None) -> dict[str, Any]:
        """Return `status` with the address of a new sign-in, or the reason why there is none."""
        try:
            flow = request.env["outlook.account"]._begin_sign_in()
        except SyncError as error:
            return {**status, "url": False, "message": wording.in_words(request.env, error)}
        pending.remember(
            request.session,
            flow,
            uid=request.env.uid,
            return_path=return_path,
            now=time.time(),
        )
        return {**status, "url": flow["auth_uri"]}

    def _started(self, status: dict[str, Any]) -> dict[str, Any]:
        request.env["outlook.account"]._of_current_user().action_sync_now()
        return {**status, "state": "syncing"}

    def _waited(self) -> dict[str, Any]:
        """Run rounds here and now, and look anew: they ran in transactions of their own."""
        account = request.env["outlook.account"]._of_current_user()
        account._run_rounds(deadline=time.monotonic() + LONGEST_WAIT_SECONDS, reason="wait")
        with request.env.registry.cursor() as cr:
            env = api.Environment(cr, request.env.uid, dict(request.env.context))
            return env["outlook.account"]._status_of_current_user()


def _require_internal_user() -> None:
    """Portal users have a calendar of nobody: they are refused (HTTP 403)."""
    if not request.env.user._is_internal():
        raise Forbidden
