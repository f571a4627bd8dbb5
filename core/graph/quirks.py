"""What Graph and Entra do that one would not expect: what, who saw it, what is done about it.

`workbench.quirks_page` writes docs/graph-quirks.md from it; a test keeps the two alike and checks
that each named test is there. `seen` is when it was last known to be so, not when it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Standing(Enum):
    """How sure it is."""

    DOCUMENTED = "documented"
    SEEN = "seen"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Quirk:
    """One oddity. `test` names the test that holds our answer to it."""

    area: str
    what: str
    answer: str
    standing: Standing
    source: str
    seen: str
    test: str


_DOC, _SEEN, _GUESS = Standing.DOCUMENTED, Standing.SEEN, Standing.INFERRED

QUIRKS: Final[tuple[Quirk, ...]] = (
    Quirk(
        "Ids",
        "An event's id changes when it moves, unless immutable ids are asked for, and that on "
        "every request and in every part of a batch.",
        'Every request and part carries `Prefer: IdType="ImmutableId"`.',
        _DOC,
        "outlook-immutable-id",
        "2026-10",
        "test_parts_show_the_same_ids_as_requests",
    ),
    Quirk(
        "Ids",
        "A malformed id is 400, an unknown one 404 with ErrorItemNotFound; other 404s say that the "
        "mailbox is not there, or come from a proxy.",
        "Only a code that says so means that an event is gone.",
        _SEEN,
        "evolution-ews; clients' logs",
        "2026-10",
        "test_an_answer_has_one_meaning",
    ),
    Quirk(
        "Time",
        "Times have seven fractional digits, and years 1, 4500 and 9999 occur.",
        "Finer than microseconds is dropped; UTC is read without any table of zones.",
        _SEEN,
        "closeio/sync-engine, parse.py",
        "2026-08",
        "test_the_ends_of_the_calendar_are_read",
    ),
    Quirk(
        "Time",
        "originalStartTimeZone may be a custom zone whose rules are not shown.",
        "The zone is then left out: not compared, not overwritten.",
        _SEEN,
        "closeio/sync-engine, parse.py",
        "2026-08",
        "test_a_custom_zone_says_nothing",
    ),
    Quirk(
        "Time",
        "An IANA zone comes back under a Windows name, which stands for many cities.",
        "Windows names are sent, and any name of the same clock is taken for the same zone.",
        _SEEN,
        "resource dateTimeTimeZone; live probes of others",
        "2026-10",
        "test_a_zone_comes_back_as_one_of_the_same_clock",
    ),
    Quirk(
        "Time",
        "An unknown zone name refuses the whole event (400 TimeZoneNotSupportedException).",
        "A zone that Windows lacks is written as UTC.",
        _SEEN,
        "live probes of others",
        "2026-10",
        "test_a_zone_that_windows_lacks_becomes_utc",
    ),
    Quirk(
        "Time",
        "Nobody knows which coming of a doubled hour is meant, nor how a gap is read.",
        "What would not come back as the same instant is written in UTC.",
        _GUESS,
        "undocumented",
        "-",
        "test_the_second_coming_of_an_hour_is_written_in_utc",
    ),
    Quirk(
        "Time",
        "A time without a zone is taken for UTC.",
        "Start, end, their zones and isAllDay are always written together.",
        _SEEN,
        "event-update; live probes of others",
        "2026-10",
        "test_a_time_is_written_with_its_zone",
    ),
    Quirk(
        "Time",
        "Whole days float: midnight to the exclusive midnight, whatever zone is asked for. Older "
        "reports show them shifted into that zone.",
        "Dates are read; a shifted midnight is brought back with the event's own zone.",
        _SEEN,
        "live probes of others",
        "2026-10",
        "test_whole_days_are_dates_whatever_the_zone",
    ),
    Quirk(
        "Fields",
        "Subject, location, organizer, iCalUId and attendees' addresses may be null or missing.",
        "null is empty; a missing key says nothing.",
        _SEEN,
        "phw198/OutlookGoogleCalendarSync#2374; MicrosoftDocs/msteams-docs#8878",
        "2026-08",
        "test_null_is_empty",
    ),
    Quirk(
        "Fields",
        "Enumerations grow (unknownFutureValue).",
        "An unknown value is left out of the snapshot, and so never overwritten.",
        _DOC,
        "Graph's best practices, evolvable enumerations",
        "2026-10",
        "test_what_is_not_known_is_not_said",
    ),
    Quirk(
        "Fields",
        "Every PATCH that names a shared field mails all guests; there is no switch against it.",
        "A PATCH names only what changed.",
        _SEEN,
        "event-update; widely seen",
        "2026-10",
        "test_an_update_names_only_what_changed",
    ),
    Quirk(
        "Fields",
        "attendees is replaced whole, and some copies list the organizer among them.",
        "The whole list is written with its kinds, the organizer never stands on it.",
        _DOC,
        "event-update",
        "2026-10",
        "test_an_organizer_listed_as_guest_is_none",
    ),
    Quirk(
        "Fields",
        "A body is stored as an HTML document of Exchange's own make, a plain text as well.",
        "Bodies are compared in a normal form (engine), text is read as HTML.",
        _DOC,
        "samples of user-post-events",
        "2026-10",
        "test_a_text_body_becomes_html",
    ),
    Quirk(
        "Delta",
        "$select, $expand, $filter and $top are refused; the page size is a preference that is no "
        "part of the link.",
        "odata.maxpagesize goes with each request.",
        _SEEN,
        "event-delta; clients' logs",
        "2026-10",
        "test_the_page_size_is_asked_for_on_every_page",
    ),
    Quirk(
        "Delta",
        "Items come several times, in any order, over pages that may be empty.",
        "Each id counts once; what changed last wins.",
        _DOC,
        "delta query overview",
        "2026-10",
        "test_duplicates_and_disorder_change_nothing",
    ),
    Quirk(
        "Delta",
        "@removed means deleted, or outside of the window, or moved out of it.",
        "`DeltaPage.removed` is a question, `get_event` the answer.",
        _DOC,
        "event-delta",
        "2026-10",
        "test_an_id_that_is_shown_and_removed_is_to_be_looked_up",
    ),
    Quirk(
        "Delta",
        "Occurrences come as stubs with times only, against the documentation.",
        "Fields that an answer does not carry are missing from the snapshot.",
        _SEEN,
        "microsoft-graph-docs#7632, #1716; keeper.sh",
        "2026-08",
        "test_a_stub_says_its_times_only",
    ),
    Quirk(
        "Delta",
        "An expired link is 410 or 400, under half a dozen codes in two spellings.",
        "All are `DeltaExpired`; so is any refusal of a stored link.",
        _SEEN,
        "delta query overview; evolution-ews",
        "2026-08",
        "test_every_spelling_of_an_expired_delta_is_known",
    ),
    Quirk(
        "Delta",
        "Delta of a named calendar is documented on the beta page only, and works in production.",
        "A refusal is `Unsupported`; `list_view` is the other way.",
        _SEEN,
        "event-delta (beta); keeper.sh",
        "2026-08",
        "test_delta_of_a_named_calendar_may_be_refused",
    ),
    Quirk(
        "Delta",
        "Links carry the host: a planted one would be sent the token.",
        "Only links of the configured origin are followed.",
        _SEEN,
        "evolution-ews",
        "2026-08",
        "test_links_lead_nowhere_else",
    ),
    Quirk(
        "Writes",
        "A repeated transactionId is answered with the first event, or with "
        "ErrorDuplicateTransactionId as 400 or 409, with the event's id or without.",
        "All end in the first event.",
        _SEEN,
        "live probes of others; several clients",
        "2026-10",
        "test_a_repeated_transaction_is_answered_with_its_event",
    ),
    Quirk(
        "Writes",
        "If-Match is heeded by PATCH and ignored by DELETE.",
        "Deletions offer no change key.",
        _SEEN,
        "probe of others on a personal account",
        "2026-08",
        "test_a_stale_change_is_refused",
    ),
    Quirk(
        "Writes",
        "Extended properties are not in delta and not in answers; lists find them.",
        "`find_tagged` and `tagged` ask lists, calendar by calendar.",
        _DOC,
        "extended-properties-overview",
        "2026-10",
        "test_a_tag_is_found_in_its_calendar",
    ),
    Quirk(
        "Writes",
        "A comment with sendResponse false is refused; declining removes the copy.",
        "Passed on as it is: the caller decides.",
        _SEEN,
        "live probes of others",
        "2026-10",
        "test_a_comment_needs_to_be_sent",
    ),
    Quirk(
        "Limits",
        "A mailbox takes four requests at a time, parts of a batch included, and says so as 429 or "
        "503, in the code or only in the words.",
        "The parts of a batch form a chain; a client is one thread.",
        _SEEN,
        "throttling-limits; keeper.sh",
        "2026-08",
        "test_fifty_writes_are_three_requests",
    ),
    Quirk(
        "Limits",
        "Retry-After may be fractional, a date, or missing; calls while throttled count.",
        "All forms are read; the lanes try nothing before, only a person who asks does.",
        _DOC,
        "throttling",
        "2026-10",
        "test_retry_after_is_read_in_every_form",
    ),
    Quirk(
        "Sign-in",
        "The scopes of a token's answer may be spelled with their resource, and msal's cache "
        "compares the text: each call would then refresh.",
        "The cache is searched by names, and asked in the spelling that it holds.",
        _SEEN,
        "msal 1.39.0, token_cache.py",
        "2026-11",
        "test_another_spelling_of_scopes_costs_no_refresh",
    ),
    Quirk(
        "Sign-in",
        "msal plays a refusal (400) back from memory for a minute.",
        "Each attempt has an msal application of its own.",
        _SEEN,
        "msal 1.39.0, throttled_http_client.py",
        "2026-11",
        "test_a_code_is_good_once",
    ),
    Quirk(
        "Sign-in",
        "At DEBUG msal logs authorization codes and verifiers; an answer that is no JSON it logs "
        "whole.",
        "That logger is cut at INFO; what is no JSON object never reaches msal.",
        _SEEN,
        "msal 1.39.0, token_cache.py, oauth2cli/oauth2.py",
        "2026-11",
        "test_nothing_secret_is_logged_or_shown",
    ),
    Quirk(
        "Sign-in",
        "Which of two faults Entra names first, that of the application or that of the token, is "
        "not documented.",
        "The check of a registration presents a token that is none, and takes a verdict on it for "
        "a good registration.",
        _GUESS,
        "undocumented",
        "-",
        "test_a_wrong_registration_is_named",
    ),
    Quirk(
        "Transport",
        "requests puts a login of ~/.netrc in the place of our Authorization header.",
        "A do-nothing `auth` keeps the header.",
        _SEEN,
        "requests 2.34, sessions.py",
        "2026-11",
        "test_netrc_does_not_replace_the_token",
    ),
)
