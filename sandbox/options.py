"""Switches for what Microsoft does not document, or what observers disagree about.

Each default is the likelier or the harsher behaviour; tests of a client run both ways.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass
class Options:
    """How this Microsoft behaves where nobody knows for sure."""

    #: Page size where the client states none. Outlook lists default to 10; delta's is not
    #: documented.
    page_size: int = 10
    #: ``/me/calendars/{id}/calendarView/delta`` is documented only on the beta page, yet works in
    #: production.
    calendar_delta: bool = True
    #: An item outside the window that is added or changed comes as ``@removed`` (event-delta,
    #: "Remarks").
    delta_removed_for_outside: bool = True
    #: A cancelled single occurrence: nothing of its own (seen 2019) or an ``@removed`` (perhaps
    #: newer).
    delta_removed_for_cancelled_occurrence: bool = False
    #: A deleted series: ``@removed`` for the master only, or for each known occurrence too.
    delta_removed_for_occurrences: bool = False
    #: The master is missing from incremental pages that carry only stubs (seen by keeper.sh).
    delta_without_master: bool = False
    #: A series may be cut by a page's end (it was whole in the 2019 experiment).
    delta_splits_series: bool = False
    #: A repeated ``transactionId``: the same event again, 400 with its id, or 409.
    duplicate_transaction: Literal["same", "400", "409"] = "same"
    #: A repeated ``transactionId`` with another body is refused even where "same" is chosen.
    duplicate_transaction_compares_body: bool = True
    #: An IANA zone comes back as its Windows name (inferred, widely seen), as it was sent, or as
    #: the unusable name of a custom zone (seen in production).
    zones_out: Literal["windows", "as_sent", "custom"] = "windows"
    #: Properties whose change sends no mail. Inferred: no list is documented.
    silent_properties: frozenset[str] = frozenset(
        {
            "categories",
            "isReminderOn",
            "reminderMinutesBeforeStart",
            "showAs",
            "sensitivity",
            "responseRequested",
        }
    )
    #: A PATCH that names a shared property with its present value mails all the same.
    mail_unchanged: bool = True
    #: A new time makes everybody's answer void (Outlook does so; inferred for Graph).
    new_time_resets_answers: bool = True
    #: Re-sent ``attendees`` lose their status (one public fake models it so).
    attendees_patch_resets_answers: bool = False
    #: A cancelled copy stays in the attendee's calendar as "Canceled: …", or goes at once.
    cancelled_copy: Literal["stays", "removed"] = "stays"
    #: Declining moves the copy to Deleted Items (seen live); off: it stays, declined.
    decline_removes: bool = True
    #: A master's new pattern or time drops its exceptions and cancelled dates.
    pattern_change_drops_exceptions: bool = True
    #: A series that only ends elsewhere loses them as well (inferred; off: those in range stay).
    new_end_drops_exceptions: bool = True
    #: Sensitivity belongs to the whole series (inferred from MS-OXOCAL): an occurrence's own is
    #: ignored.
    occurrences_share_sensitivity: bool = False
    #: ``$expand=exceptionOccurrences`` works for every event, for masters only, or not at all.
    #: The documentation shows a master, on the beta page.
    expand_exceptions: Literal["everywhere", "masters", "nowhere"] = "everywhere"
    #: An expanded exception shows what the outer ``$select`` names (the documentation's sample), or
    #: all that is shown without ``$select``.
    expanded_exceptions_show: Literal["selected", "unselected"] = "selected"
    #: So many exceptions come with their master, the others behind a link. Not documented.
    expanded_page_size: int = 10
    #: What somebody gets who is invited to one occurrence: an exception without a master, with the
    #: id of one that he cannot read, or a single event (all were seen).
    lone_occurrence: Literal["exception", "orphan", "single"] = "exception"
    #: Read-only properties in a body are refused; off: ignored, as most are.
    refuse_read_only: bool = False
    #: A stale If-Match on DELETE is ignored (probed 2026-08); on: 412.
    delete_checks_etag: bool = False
    #: The change key moves once more shortly after a create (sample in user-post-events).
    create_bumps_change_key: bool = False
    #: Independent parts of one batch beyond the fourth meet the mailbox's concurrency limit.
    batch_throttles_parallel: bool = False
    #: Refresh tokens: the used one dies at once (off: it stays valid beside the new one).
    refresh_token_single_use: bool = False
    #: Exceptions also appear in ``/events`` (seen; the documentation says they do not).
    list_shows_exceptions: bool = False
    #: An exception's id changes when the occurrence becomes one.
    exception_changes_id: bool = False
    #: The organizer is also listed among the attendees on the attendees' copies.
    organizer_among_attendees: bool = False
    #: ``iCalUId`` of an occurrence carries its date (documented) or equals the series'.
    occurrence_ical_uid: Literal["dated", "shared"] = "dated"
    #: The code that goes with 412; only the status is certain.
    stale_code: str = "ErrorIrresolvableConflict"
    #: An all-day event made without ``showAs`` is free (as Outlook does; inferred), or busy.
    all_day_shows_free: bool = False
    #: No organizer, and attendees without an address (seen in production).
    people_without_address: bool = False
    #: ``joinUrl`` and the block in the body come only so many requests of the mailbox later (0: at
    #: once). That it may be late is inferred; clients look again.
    join_url_after: int = 0
    #: The block of an online meeting: between rules (seen in Outlook's invitations), in elements of
    #: a name without rules, or a link that nothing sets apart from the text.
    teams_block: Literal["rules", "named", "bare"] = "rules"
    #: ``iCalUId`` is null (seen by published clients).
    ical_uid_missing: bool = False
    #: So many of the newest changes are not told yet (event-delta: recent changes may be missing).
    delta_lag: int = 0
    #: How many requests per mailbox may run at once (throttling-limits: 4).
    mailbox_concurrency: int = 4

    def set(self, **values: Any) -> None:
        """Set several switches by name; an unknown name or a value of the wrong type raises."""
        known = {entry.name: getattr(Options(), entry.name) for entry in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no such option: {name}")
            if isinstance(known[name], frozenset):
                value = frozenset(value)
            if type(value) is not type(known[name]):
                raise ValueError(f"option {name} takes a {type(known[name]).__name__}")
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        """Return all switches as JSON values."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in values.items()
        }
