"""Invite the guests of a meeting by this side's own mail, each of them once."""

from collections.abc import Iterator
from typing import Any

from odoo import fields

from . import homes, mailing


def send(event) -> None:
    """Mail everybody who is invited to what is to come of a meeting, or of a series.

    Outlook is not to invite them again (`mailing.note_announced`).
    """
    rows = homes.rows(event).filtered(lambda row: row.stop >= fields.Datetime.now())
    for attendees in _once_each(rows):
        mailing.asked_for(attendees)._send_invitation_emails()
    mailing.note_announced(rows)


def _once_each(rows) -> Iterator[Any]:
    """Yield attendees to mail so that everybody gets one mail: of the series, or of his first row.

    Not the organizer, and nobody who has said no.
    """
    known = rows.user_id.partner_id
    rows = rows.sorted(lambda row: (row != row.recurrence_id.base_event_id, row.start))
    for row in rows:
        attendees = row.attendee_ids.filtered(
            lambda one, known=known: one.partner_id not in known and one.state != "declined"
        )
        known |= attendees.partner_id
        if attendees:
            yield attendees.with_context(calendar_template_ignore_recurrence=row != rows[0])
