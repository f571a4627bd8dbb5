"""The mark on a meeting: how it stands with Outlook, what changed last, and a look at it now."""

import time
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..bridge import mailers, marks, notices, one_meeting, words
from ..bridge.round import Outcome
from ..core.engine.fields import PRIVATE

#: How many changes a form lists.
LAST_CHANGES = 5


class CalendarEvent(models.Model):
    """What a person sees of one meeting's sync, in one line."""

    _inherit = "calendar.event"

    outlook_status = fields.Selection(
        [
            (marks.IN_STEP, "In step"),
            (marks.ON_ITS_WAY, "On its way"),
            (marks.ATTENTION, "Needs attention"),
        ],
        string="Outlook",
        compute="_compute_outlook_status",
    )
    outlook_status_reason = fields.Char(compute="_compute_outlook_status")
    outlook_needs_attention = fields.Boolean(
        compute="_compute_outlook_needs_attention", search="_search_outlook_needs_attention"
    )
    outlook_last_changes = fields.Text(compute="_compute_outlook_last_changes")
    outlook_web_link = fields.Char(compute="_compute_outlook_web_link")
    outlook_can_sync = fields.Boolean(compute="_compute_outlook_can_sync")

    @api.depends("active", "user_id", "privacy", "recurrence_id", "start", "stop")
    @api.depends_context("uid", "lang", "tz")
    def _compute_outlook_status(self) -> None:
        found = marks.of(self)
        for event in self:
            mark = found.get(event._origin.id, marks.Mark())
            event.outlook_status = mark.state
            event.outlook_status_reason = mark.reason

    @api.depends("outlook_status")
    @api.depends_context("uid")
    def _compute_outlook_needs_attention(self) -> None:
        for event in self:
            event.outlook_needs_attention = event.outlook_status == marks.ATTENTION

    @api.model
    def _search_outlook_needs_attention(self, operator: str, value: Any) -> Any:
        if operator != "in":
            return NotImplemented
        found = self.search(marks.candidates(self.env)).filtered("outlook_needs_attention")
        return Domain("id", "in", found.ids)

    @api.depends("privacy", "user_id", "recurrence_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_outlook_last_changes(self) -> None:
        meetings = notices.visible_meetings(self._origin)
        for event in self:
            meeting = meetings.get(event._origin.id)
            changes = self.env["outlook.sync.change"].sudo()
            shown = Domain("account_id.user_id", "=", self.env.uid)
            shown |= Domain("field", "not in", list(PRIVATE))  # those are the mailbox owner's
            about = Domain("meeting_id", "=", meeting.id) if meeting else Domain.FALSE
            found = changes.search(about & shown, limit=2 * LAST_CHANGES)
            lines = map(self._outlook_change_line, _told_once(found)[:LAST_CHANGES])
            event.outlook_last_changes = "\n".join(lines) or False

    @api.depends("privacy", "user_id", "recurrence_id")
    @api.depends_context("uid")
    def _compute_outlook_web_link(self) -> None:
        """Link to the reader's own copy: others' mailboxes are closed to him."""
        meetings = notices.visible_meetings(self._origin)
        none = self.env["outlook.meeting"].sudo()
        for event in self:
            copies = meetings.get(event._origin.id, none).copy_ids
            own = copies.filtered(lambda one: one.account_id.user_id.id == self.env.uid)
            link = own.filtered("web_link")[:1].web_link or ""
            event.outlook_web_link = link.startswith(("https://", "http://")) and link

    @api.depends("outlook_status", "user_id", "partner_ids")
    @api.depends_context("uid")
    def _compute_outlook_can_sync(self) -> None:
        """Offer what helps: a mailbox without rounds is not looked in, whoever presses."""
        found = marks.steered(self._origin.filtered("outlook_status"))
        for event in self:
            accounts = found.get(event._origin.id, ())
            event.outlook_can_sync = any(not mailers.halted(self.env, one) for one in accounts)

    # Buttons ----------------------------------------------------------------------------------

    def action_outlook_open(self) -> dict[str, Any]:
        """Show the reader's own copy on Outlook's page. Raises UserError where there is none."""
        self.ensure_one()
        if not self.outlook_web_link:
            raise UserError(self.env._("This meeting is not in your Outlook calendar."))
        return {"type": "ir.actions.act_url", "url": self.outlook_web_link, "target": "new"}

    def action_outlook_sync_meeting(self) -> dict[str, Any]:
        """Bring this meeting in step now, in the mailboxes that the reader may steer; say how.

        The looks have transactions of their own, and this one ends before: it holds no lock and no
        snapshot while Outlook is asked. What takes longer than a person waits, and a mailbox that
        is busy, is left to the round that follows. Raises UserError where there is no mailbox to
        look in.
        """
        self.ensure_one()
        accounts = marks.mailboxes(self) if self.outlook_status else ()
        if not accounts:
            raise UserError(self.env._("Only who may edit this meeting can sync it."))
        account_ids, registry = accounts.ids, self.env.registry
        self.env.cr.commit()  # pylint: disable=invalid-commit
        until = time.monotonic() + one_meeting.PATIENCE_SECONDS
        outcomes = {one_meeting.look(registry, one, self.id, until=until) for one in account_ids}
        return self._outlook_tell(*self._outlook_told(outcomes))

    def _outlook_told(self, outcomes: set[Outcome]) -> tuple[str, str | bool]:
        """Return what kind of news a look at this meeting is, and what to say of it."""
        if Outcome.BUSY in outcomes:
            return "info", self.env._(
                "The mailbox is being synchronized at this moment. This meeting follows."
            )
        mark = marks.of(self)[self.id]
        if Outcome.FAULT in outcomes:
            return "warning", marks.trouble(self) or mark.reason
        if Outcome.MORE in outcomes:
            return "info", self.env._("Outlook takes its time: this goes on in the background.")
        if mark.state == marks.IN_STEP:
            return "success", self.env._("Both sides show the same.")
        return ("info" if mark.state == marks.ON_ITS_WAY else "warning"), mark.reason

    def _outlook_tell(self, kind: str, message: str | bool) -> dict[str, Any]:
        """Return a notification; the form behind it is read again."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message or self.env._("This meeting is not in Outlook any more."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _outlook_change_line(self, change) -> str:
        """Return a change of the journal as a line of text, for the reader's eyes."""
        labels = {
            name: dict(change._fields[name]._description_selection(self.env)).get(change[name])
            for name in ("direction", "kind")
        }
        moment = words.moment(self.env, change.create_date)
        is_plain = change.field and change.kind == "change"
        kind = "" if is_plain else labels["kind"]
        line = " · ".join(filter(None, (moment, labels["direction"], kind, change.what)))
        if not (change.before or change.after):
            return line
        return f"{line}: {change.before or '–'} → {change.after or '–'}"


def _told_once(changes) -> list[Any]:
    """Return the changes (newest first) without those that a conflict tells of, too.

    Whatever won, it was also written on the other side: in that round, or, where it rested, later.
    """
    overruled = {_about(one): one for one in changes if one.kind == "overruled"}

    def is_told(change) -> bool:
        told = overruled.get(_about(change))
        if not told or change.kind != "change":
            return False
        is_later = change.run_id.id > told.run_id.id and change.new and change.new == told.new
        return change.run_id == told.run_id or bool(is_later)

    return [one for one in changes if not is_told(one)]


def _about(change) -> tuple[str, str, str]:
    return change.direction, change.field, change.part
