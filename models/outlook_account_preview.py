"""What a mailbox's owner sees and chooses before anything is written, and sees at any time."""

import time
from typing import Any

from odoo import SUPERUSER_ID, fields, models, tools
from odoo.exceptions import UserError

from ..bridge import forecast, lanes, survey, unsent

#: How long somebody waits for a preview; of a long mailbox it shows what was read so far.
LONGEST_LOOK_SECONDS = 20


class OutlookAccount(models.Model):
    """The half of a connected mailbox that waits for a choice."""

    _inherit = "outlook.account"

    def action_preview(self) -> dict[str, Any]:
        """Look at both sides, write on neither, and open what the next round would do.

        Raises AccessError for somebody else's account, UserError with what went wrong.
        """
        self.ensure_one()
        account = self._allowed()
        is_kept = account.state == "preview" and (survey.is_fresh(account) or self._must_rest())
        if not is_kept:
            self._look()
        # Made here and not by the page: buttons of its rows need records.
        dialogs = self.env["outlook.account.preview"].with_context(default_account_id=self.id)
        dialog = dialogs.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "outlook.account.preview",
            "res_id": dialog.id,
            "view_mode": "form",
            "views": [(False, "form")],  # complete, for whoever gets it by `call`
            "target": "new",
            "context": {"default_account_id": self.id, "outlook_preview_of": self.id},
        }

    def _look(self) -> None:
        """Make the preview now, in transactions of its own. Raises UserError where it fails."""
        self._check_may_ask()
        deadline = time.monotonic() + LONGEST_LOOK_SECONDS
        outcome = forecast.run(self.env.registry, self.id, deadline=deadline)
        if outcome is forecast.Outcome.BUSY:
            raise UserError(
                self.env._("This calendar is being synchronized. Try again in a moment.")
            )
        if outcome is forecast.Outcome.OUT_OF_REACH:
            raise UserError(self.env._("Connect the calendar to Outlook first."))
        if outcome is forecast.Outcome.FAULT:
            with self.env.registry.cursor() as cr:
                trouble = self.with_env(self.env(cr=cr)).sudo().last_error
            raise UserError(trouble or self.env._("Outlook does not answer now."))

    def _check_may_ask(self) -> None:
        """Leave alone a mailbox that is to be left alone for a while: Microsoft may count it."""
        if self._must_rest():
            raise UserError(
                self.env._(
                    "Outlook is not asked before %(time)s: it did not answer, or asks to wait.",
                    time=tools.format_datetime(self.env, self.sudo().backoff_until),
                )
            )

    def _must_rest(self) -> bool:
        """Tell whether the mailbox is not to be asked now."""
        until = self.sudo().backoff_until
        return bool(until) and until > fields.Datetime.now()

    def _preview(self) -> dict[str, Any]:
        """Return what is known of the next round; numbers and ids, as `survey.numbers` has them.

        Counted as the system, and nothing of that stays in the cache: whoever looks at the events
        themselves does so under his own rights.
        """
        self.ensure_one()
        account = self._allowed().with_user(SUPERUSER_ID).with_context(active_test=False)
        events = self.env["calendar.event"]
        events.invalidate_model()
        try:
            if survey.is_due(account) or account.state == "preview":
                return {**forecast.NOTHING, **survey.numbers(account)}
            known = {**survey.NOTHING, **forecast.NOTHING}
            return {name: (account.preview or known).get(name, known[name]) for name in known}
        finally:
            events.invalidate_model()

    def _choose(self, existing_policy: str) -> None:
        """Settle what is to become of what exists, and let the first round begin.

        `existing_policy`: leave, send or new (see the field). Raises AccessError for somebody
        else's account, UserError where there is nothing to choose (any more).
        """
        self.ensure_one()
        account = self._steered()
        if account.state != "preview":
            raise UserError(self.env._("This was decided already."))
        if existing_policy == "send":
            numbers = self._preview()
            events = account.env["calendar.event"].with_user(SUPERUSER_ID)
            unsent.request(events.browse(numbers["with_guests"]))
        elif existing_policy == "new":
            account.sync_policy = "new"
        account.write(
            {
                "existing_policy": existing_policy,
                "state": "active",
                "preview": False,
                "preview_at": False,
                "next_round_at": fields.Datetime.now(),
                "is_awaited": True,
            }
        )
        lanes.wake(self.env, account.ids)
