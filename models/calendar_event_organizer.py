"""Changing the organizer: said before it happens, seen while it waits. See `bridge.moving`."""

from odoo import api, fields, models

from ..bridge import homes, mailing, moving, notices, strangers, unsent


class CalendarEvent(models.Model):
    """A meeting moves to its new organizer's mailbox by a cancellation and an invitation."""

    _inherit = "calendar.event"

    outlook_move_notice = fields.Char(compute="_compute_outlook_move_notice")
    outlook_can_move_now = fields.Boolean(compute="_compute_outlook_move_notice")

    @api.depends("user_id", "active", "start", "stop", "recurrence_id", "privacy")
    @api.depends_context("lang", "uid")
    def _compute_outlook_move_notice(self):
        for event in self:
            copy = notices.visible_meeting(event._origin)._organizer_copy()
            if not moving.is_moving(copy):
                event.update({"outlook_move_notice": False, "outlook_can_move_now": False})
                continue
            awaited = moving.awaited(copy)
            event.outlook_move_notice = self._outlook_move_notice(copy, awaited)
            event.outlook_can_move_now = awaited == copy.account_id

    @api.onchange("user_id")
    def _onchange_outlook_user(self):
        """Say what another organizer means for the people in Outlook, before it is saved."""
        copy = notices.visible_meeting(self._origin)._organizer_copy()
        meeting, account = copy.meeting_id, copy.account_id
        invited = unsent.addresses(meeting.env, account, self._origin.sudo())
        number = len(invited) + len(strangers.names_of(meeting, self._origin))
        if not number or not copy.base or self.user_id == account.user_id:
            return None
        if homes.is_series(self._origin) and self.recurrence_update == "self_only":
            return None  # the form says on that row what Outlook does not let it be
        if homes.is_over(self._origin):
            return None
        return {
            "warning": {
                "title": self.env._("Outlook will tell the guests"),
                "message": self._outlook_move_warning(number),
            }
        }

    def action_outlook_move_now(self):
        """Invite anew from the new organizer's mailbox without waiting for the old one."""
        self.ensure_one()
        self.check_access("write")
        copy = notices.visible_meeting(self)._organizer_copy()
        if moving.is_moving(copy) and moving.awaited(copy) == copy.account_id:
            moving.leave_behind(copy)

    def _outlook_move_notice(self, copy, awaited) -> str:
        """Return what is going to happen to a meeting that got another organizer, and when."""
        if not awaited:
            return self.env._(
                "This meeting has another organizer now: in the next moments Outlook cancels it in"
                " the calendar of %(former)s, and everybody is invited anew. Answers stay here.",
                former=copy.account_id.user_id.sudo().name,
            )
        if not mailing.is_connected(awaited):
            return self.env._(
                "The meeting is still in the Outlook calendar of %(former)s, who is signed out:"
                " only from there Outlook can cancel it. It moves when that Outlook is connected"
                " again.",
                former=awaited.user_id.sudo().name,
            )
        return self.env._(
            "The guests have not been told yet that this meeting has another organizer: Outlook"
            " cancels it and invites anew as soon as the Outlook of %(awaited)s can be written."
            " Until then the meeting stays in Outlook as it is.",
            awaited=awaited.user_id.sudo().name,
        )

    def _outlook_move_warning(self, number: int) -> str:
        """Return what becomes of the meeting in Outlook, with the number of people concerned."""
        if moving.destination(self):
            return self.env._(
                "Outlook cannot hand a meeting over: it cancels this one and invites everybody"
                " anew in the name of %(organizer)s. That is a cancellation and an invitation for"
                " %(number)s people. What they answered stays here.",
                organizer=self.user_id.name,
                number=number,
            )
        return self.env._(
            "The new organizer has no Outlook here: Outlook cancels this meeting, and the guests"
            " are invited anew by e-mail from here. That is a cancellation and an invitation for"
            " %(number)s people. What they answered stays here.",
            number=number,
        )
