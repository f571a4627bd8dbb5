"""Take people back from Microsoft's sign-in page."""

import json
import logging
import re
import time
from typing import Any

from werkzeug.exceptions import BadRequest, Forbidden

from odoo import http
from odoo.exceptions import UserError
from odoo.http import Response, request

from ..bridge import pending, wording
from ..bridge.sign_in import RETURN_PATH
from ..core.engine.errors import SignInDeclined, SyncError

_logger = logging.getLogger(__name__)

# Where the answer of Microsoft is kept while Odoo runs one request again (see `_redeemed`).
_REDEEMED = "outlook_calendar.redeemed"


class HideAnswers(logging.Filter):
    """Cut what Microsoft adds to the return address off the server's access log.

    An authorization code is worth little (one use, with a secret and a verifier that stay here),
    and a log is no place for it all the same.
    """

    _QUERY = re.compile(re.escape(RETURN_PATH) + r"\?\S*")

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the request line, which werkzeug passes as an argument; keep every record."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(self._hidden, record.args))
        record.msg = self._hidden(record.msg)
        return True

    def _hidden(self, text: Any) -> Any:
        if isinstance(text, str) and RETURN_PATH in text:
            return self._QUERY.sub(RETURN_PATH, text)
        return text


logging.getLogger("werkzeug").addFilter(HideAnswers())


class OutlookSignIn(http.Controller):
    """The return address, where Odoo's own module `microsoft_account` is not installed."""

    # Public, so that someone whose session ended is told so: with `auth="user"` Odoo would send
    # him to the login page with the code in the address.
    @http.route(RETURN_PATH, type="http", auth="public", methods=["GET"], sitemap=False)
    def outlook_calendar_return(self, **answer: str) -> Response:
        """Finish the sign-in that this session started, and go back to where it was started."""
        if is_foreign(answer):
            raise BadRequest
        return come_back(answer)


def is_foreign(answer: dict[str, str]) -> bool:
    """Tell whether the sign-in was started by `microsoft_account`: its `state` is a JSON object."""
    try:
        return isinstance(json.loads(answer.get("state") or "{}"), dict)
    except ValueError:
        return False


def come_back(answer: dict[str, str]) -> Response:
    """Connect the mailbox, or say in words why not; either way lead back to the page."""
    user = request.env.user
    if request.session.uid and not user._is_internal():
        raise Forbidden
    sign_in = _taken(answer)
    if sign_in is None:
        _leave_warning(wording.in_words(request.env, SignInDeclined("state")))
        return request.redirect(pending.DEFAULT_RETURN_PATH)
    try:
        signed_in = _redeemed(sign_in["flow"], answer)
        with request.env.cr.savepoint():
            account = request.env["outlook.account"]._connect_current_user(signed_in)
        _leave_success(account.address)
    except UserError as error:
        _leave_warning(str(error))
    except SyncError as error:
        _logger.info("The sign-in of user %s at Microsoft ended with %s", user.id, error)
        _leave_warning(
            wording.in_words(request.env, error),
            kind="info" if isinstance(error, SignInDeclined) else "danger",
        )
    return request.redirect(sign_in["return_path"])


def _taken(answer: dict[str, str]) -> dict[str, Any] | None:
    return pending.take(
        request.session, answer.get("state") or "", uid=request.session.uid, now=time.time()
    )


def _redeemed(flow: dict[str, Any], answer: dict[str, str]) -> Any:
    """Return who signed in, asking Microsoft once however often Odoo runs this request.

    Odoo starts a request again when another transaction got in its way; a code can be redeemed only
    once, so the first answer is kept beside the request.
    """
    environ = request.httprequest.environ
    if _REDEEMED not in environ:
        environ[_REDEEMED] = request.env["outlook.account"]._finish_sign_in(flow, answer)
    return environ[_REDEEMED]


def _leave_success(address: str) -> None:
    pending.leave_notice(
        request.session,
        kind="success",
        message=request.env._("Connected to %s. Your meetings are on their way.", address),
    )


def _leave_warning(message: str, *, kind: str = "warning") -> None:
    pending.leave_notice(request.session, kind=kind, message=message)
