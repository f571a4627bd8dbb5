"""What can be done: make, change, answer, delete and cancel.

Each act goes through the same operation as a request to Graph does, so the copies, mails, change
keys and deltas that follow are the same too.
"""

from __future__ import annotations

from werkzeug import Response
from werkzeug.utils import redirect

from ..errors import Refused, access_denied
from ..exchange import answers, scheduling
from ..exchange.items import Entry, itself
from . import form, pages
from .card import card
from .visit import Visit


def create(visit: Visit) -> Response:
    """Make an event; its guests are invited."""
    values = visit.request.form
    opened = form.opened(values) or form.blank(visit.mailbox, visit.now, all_day=False)
    fields = form.posted(values, opened)
    mails = _mail_count(visit)
    exchange, mailbox = visit.state.exchange, visit.mailbox
    try:
        chosen = values.get("calendar")
        calendar = mailbox.calendar(chosen) if chosen else mailbox.default_calendar
        if not calendar.can_edit:
            raise access_denied()
        item = scheduling.create(exchange, mailbox, calendar, form.creation(fields, exchange))
    except (Refused, form.Unusable) as err:
        return pages.form_page(visit, fields, opened, problem=form.complaint(err))
    return _to_week(visit, itself(item), "made", mails)


def update(visit: Visit) -> Response:
    """Change what the person changed, and nothing else."""
    entry, values, mails = _editable(visit), visit.request.form, _mail_count(visit)
    opened = form.opened(values) or form.shown(entry)
    fields = form.posted(values, opened)
    try:
        sent = form.changes(opened, fields, visit.state.exchange)
        if not sent:
            return _to_event(visit, entry, "unchanged", mails)
        entry = scheduling.update(visit.state.exchange, visit.mailbox, entry, sent)
    except (Refused, form.Unusable) as err:
        return pages.form_page(visit, fields, opened, entry=entry, problem=form.complaint(err))
    return _to_event(visit, entry, "changed", mails)


def delete(visit: Visit) -> Response:
    """Delete an event, an occurrence or a whole series."""
    entry, mails = _editable(visit), _mail_count(visit)
    answers.remove(visit.state.exchange, visit.mailbox, entry)
    return _to_week(visit, entry, "deleted", mails)


def cancel(visit: Visit) -> Response:
    """Cancel a meeting with a word to its people."""
    entry, mails = _editable(visit), _mail_count(visit)
    comment = visit.request.form.get("comment") or None
    answers.cancel(visit.state.exchange, visit.mailbox, entry, comment)
    return _to_week(visit, entry, "canceled", mails)


def answer(visit: Visit) -> Response:
    """Answer an invitation, with a word to the organizer or without telling him."""
    entry, mails, values = _editable(visit), _mail_count(visit), visit.request.form
    send = bool(values.get("send"))
    given = answers.Answer(
        action=values["answer"],
        comment=values.get("comment") or None if send else None,
        send=send,
    )
    answers.respond(visit.state.exchange, visit.mailbox, entry, given)
    return _to_week(visit, entry, "answered", mails)


def move(visit: Visit) -> Response:
    """Drag an event, or the whole series it is of, to another calendar of the mailbox."""
    entry, mails = _editable(visit), _mail_count(visit)
    calendar = visit.mailbox.calendar(visit.request.form["calendar"])
    if not calendar.can_edit:
        raise access_denied()
    visit.mailbox.move(entry.item, calendar)
    return _to_event(visit, entry, "moved", mails)


def _editable(visit: Visit) -> Entry:
    entry = visit.entry
    if not entry.item.calendar.can_edit:
        raise access_denied()
    return entry


def _mail_count(visit: Visit) -> int:
    return len(visit.state.exchange.mails)


def _told(visit: Visit, done: str, mails_before: int) -> dict[str, str]:
    """Say what was done and how many mails came of it."""
    sent = _mail_count(visit) - mails_before
    return {"done": done} | ({"mailed": str(sent)} if sent else {})


def _to_week(visit: Visit, entry: Entry, done: str, mails_before: int) -> Response:
    day = card(visit.mailbox, entry).first.isoformat()
    return redirect(visit.link("week", day=day, **_told(visit, done, mails_before)), code=303)


def _to_event(visit: Visit, entry: Entry, done: str, mails_before: int) -> Response:
    event_id = visit.mailbox.entry_id(entry, immutable=True)
    told = _told(visit, done, mails_before)
    return redirect(visit.link("events", event_id, **told), code=303)
