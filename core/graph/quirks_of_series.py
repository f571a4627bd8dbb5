"""What Graph does with series that one would not expect; see `quirks`."""

from __future__ import annotations

from typing import Final

from .quirk import Quirk, Standing

_DOC, _SEEN, _GUESS = Standing.DOCUMENTED, Standing.SEEN, Standing.INFERRED

QUIRKS_OF_SERIES: Final[tuple[Quirk, ...]] = (
    Quirk(
        "Series",
        "What became of single dates is in no page and in no list: cancelled dates and "
        "exceptions are shown on request only, for one series at a time.",
        "A page says a series' rule and leaves its occurrences out; `series` reads each whole "
        "by one request, in batches.",
        _SEEN,
        "event-get (beta); OutlookGoogleCalendarSync",
        "2026-11",
        "test_a_series_is_read_by_one_request",
    ),
    Quirk(
        "Series",
        "The documentation shows that request on the beta page only; v1.0 has the properties. "
        "Nobody says what a single event, or an older server, answers.",
        "Where the expansion is refused, `/instances` shows what is there, and what the rule "
        "has beside it is cancelled.",
        _GUESS,
        "metadata of v1.0; undocumented",
        "-",
        "test_a_refused_expansion_is_made_up_for",
    ),
    Quirk(
        "Series",
        "originalStart is shown only where `$select` names it, and nobody says whether an "
        "expansion heeds that.",
        "The date is taken from occurrenceId or iCalUId as well, at last from `/instances`.",
        _SEEN,
        "OutlookGoogleCalendarSync",
        "2026-08",
        "test_an_expansion_without_original_starts_is_enough_or_made_up_for",
    ),
    Quirk(
        "Series",
        "Expanded lists may come in pages, with links of their own.",
        "They are followed to the end, on our own origin only.",
        _DOC,
        "paging",
        "2026-10",
        "test_a_long_list_of_exceptions_is_followed",
    ),
    Quirk(
        "Series",
        "A cancelled date is `OID.<master>.<date>`; masters' ids hold dots as well.",
        "The date is what stands behind the last dot.",
        _SEEN,
        "event-get (beta); public clients",
        "2026-08",
        "test_a_cancelled_date_that_is_none_is_left_out",
    ),
    Quirk(
        "Series",
        "Originals are told in UTC, the dates of a pattern are those of its zone; whole days "
        "float.",
        "Dates are counted on the calendar of the series' zone; midnights in UTC are dates.",
        _SEEN,
        "resource recurrenceRange; live probes of others",
        "2026-10",
        "test_dates_are_those_of_the_series_own_calendar",
    ),
    Quirk(
        "Series",
        "recurrenceTimeZone may be a custom zone whose rules are not shown.",
        "The zones of start and end are tried next, then the clock of the mailbox's owner, if it "
        "has the first occurrence on its date; otherwise the series is parked.",
        _SEEN,
        "closeio/sync-engine, parse.py",
        "2026-08",
        "test_a_series_without_a_known_clock_goes_by_its_owners",
    ),
    Quirk(
        "Series",
        "Every field of a pattern is shown, zeros and 0001-01-01 included; what is sent beyond "
        "need is checked all the same.",
        "Only what the kind of pattern needs is read and sent.",
        _DOC,
        "schedule repeating appointments; samples",
        "2026-10",
        "test_each_pattern_is_read_and_written",
    ),
    Quirk(
        "Series",
        "A series without end may say that it ends in the year 4500.",
        "That is no end.",
        _SEEN,
        "OutlookGoogleCalendarSync",
        "2026-08",
        "test_each_range_is_read_and_written",
    ),
    Quirk(
        "Series",
        "A day that a month lacks is that month's last; several weekdays name one day, the "
        "first or last of them.",
        "Rules are Exchange's own; RFC 5545 says them with BYSETPOS.",
        _DOC,
        "MS-OXOCAL; schedule repeating appointments",
        "2026-10",
        "test_a_day_that_a_month_lacks_is_its_last",
    ),
    Quirk(
        "Series",
        "startDate must be the date of the event's start; a start that the pattern misses is "
        "moved.",
        "Start, end and rule are written together; a rule begins on a date of its own.",
        _DOC,
        "resource recurrenceRange; live probes of others",
        "2026-10",
        "test_the_time_and_the_rule_of_a_series_go_together",
    ),
    Quirk(
        "Series",
        "Nobody says whether a new time or rule drops a series' exceptions and cancelled dates,"
        " nor whether a new end does.",
        "Dates that the rule does not have are left out; after such a write the series is "
        "looked at again.",
        _GUESS,
        "undocumented; Outlook warns that they are lost",
        "-",
        "test_what_a_new_pattern_leaves_is_of_the_new_pattern",
    ),
    Quirk(
        "Series",
        "An occurrence cannot pass its neighbours' days (ErrorOccurrenceCrossingBoundary), nor "
        "be longer than its interval (ErrorOccurrenceTimeSpanTooBig).",
        "`Rejected`, with the code: it is the trouble of one occurrence, or of one rule.",
        _DOC,
        "event-update; EWS response codes",
        "2026-10",
        "test_an_occurrence_s_trouble_keeps_its_code",
    ),
    Quirk(
        "Series",
        "A changed occurrence may get another id.",
        "Ids of occurrences are asked for when they are needed, and never kept.",
        _SEEN,
        "public clients",
        "2026-08",
        "test_an_exception_has_the_id_of_the_answer",
    ),
    Quirk(
        "Series",
        "A cancelled date brings no `@removed`, or does; its series may come as stubs without "
        "the master.",
        "Whatever comes names the series; a stub's ETag holds its change key.",
        _SEEN,
        "microsoft-graph-docs#4501, #5951; keeper.sh",
        "2026-08",
        "test_news_of_a_cancelled_date_name_the_series",
    ),
    Quirk(
        "Series",
        "Who is invited to one occurrence has an exception without a master, or with one that "
        "he cannot read, or a single event.",
        "`original_start` tells its date, `series` says `Missing`.",
        _SEEN,
        "keeper.sh",
        "2026-08",
        "test_a_guest_of_one_occurrence_has_it_alone",
    ),
    Quirk(
        "Series",
        "On a guest's copy a cancelled date stays as an exception that is cancelled.",
        "It is a cancelled date there as well.",
        _GUESS,
        "Outlook's own behaviour",
        "-",
        "test_a_guest_sees_what_became_of_dates",
    ),
)
