"""What Microsoft may do with series that are written, told of and shared: on the sandbox."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from contract.places import SandboxPlace, create
from contract.samples import (
    DAILY,
    GUESTS,
    HOUR,
    INVITED,
    MONDAY,
    MONDAYS,
    NOON,
    disturbed,
    expected_dates,
    occurrence_id,
    snapshot_of,
    whole,
    whole_round,
)

from core.engine.errors import Missing, Rejected
from core.engine.recurrence import Rule
from core.engine.snapshot import EMPTY, Keyed, Person, Snapshot, Timed
from core.graph.operations import DeleteEvent, UpdateEvent
from core.graph.remote import RemoteEvent
from core.graph.transport import RequestsTransport

CARL = "carl@contoso.example"


@pytest.mark.parametrize("changes_id", [False, True])
def test_an_exception_has_the_id_of_the_answer(microsoft: SandboxPlace, changes_id: bool) -> None:
    """It may be another one than the occurrence had."""
    microsoft.sandbox.options.set(exception_changes_id=changes_id)
    series = whole(microsoft.client, create(microsoft, MONDAYS).id)
    before = occurrence_id(microsoft.client, series, "2026-12-14")
    [changed] = microsoft.client.perform([UpdateEvent(before, {"subject": "b"}, {})])
    assert isinstance(changed, RemoteEvent)

    assert (changed.id == before) is not changes_id
    assert occurrence_id(microsoft.client, series, "2026-12-14") == changed.id


@pytest.mark.parametrize("drops", [False, True])
def test_what_a_new_pattern_leaves_is_of_the_new_pattern(
    microsoft: SandboxPlace, drops: bool
) -> None:
    """Kept dates that the new rule does not have are no exceptions of it."""
    microsoft.sandbox.options.set(pattern_change_drops_exceptions=drops)
    series = disturbed(microsoft)
    values: dict[str, Any] = {
        "rule": Rule.settled(kind="daily", interval=2, start=MONDAY, count=10)
    }

    microsoft.client.perform([UpdateEvent(series.id, values, {**snapshot_of(series), **values})])

    kept = {"2026-12-09": Keyed({"subject": "2026-12-09"})}
    kept["2026-12-11"] = Keyed({"subject": "2026-12-11"})
    left = whole(microsoft.client, series.id).shared["occurrences"]
    assert left == (EMPTY if drops else Keyed(kept))


@pytest.mark.parametrize("drops", [False, True])
def test_another_end_may_keep_what_became_of_dates(microsoft: SandboxPlace, drops: bool) -> None:
    """Inferred either way, also on the guests' copies, whose answers to one date are then kept."""
    microsoft.sandbox.options.set(new_end_drops_exceptions=drops)
    series = disturbed(microsoft, values={**DAILY, "people": GUESTS})
    rule = DAILY["rule"].ending(None)
    values: Snapshot = {"rule": rule}

    microsoft.client.perform([UpdateEvent(series.id, values, {**snapshot_of(series), **values})])

    read = whole(microsoft.client, series.id)
    assert (read.shared["rule"], read.shared["occurrences"]) == (
        rule,
        EMPTY if drops else expected_dates(),
    )
    copy = microsoft.guest_client.find_by_ical_uid(series.ical_uid or "")
    assert copy is not None
    theirs = whole(microsoft.guest_client, copy.id).shared["occurrences"]
    assert theirs == (EMPTY if drops else expected_dates())


@pytest.mark.parametrize("cancelled_copy", ["stays", "removed"])
def test_a_guest_sees_what_became_of_dates(microsoft: SandboxPlace, cancelled_copy: str) -> None:
    """A cancelled date stays as such an exception in the copy, or goes: it is cancelled."""
    microsoft.sandbox.options.set(cancelled_copy=cancelled_copy)
    series = disturbed(microsoft, values={**DAILY, "people": GUESTS})
    guest = microsoft.guest_client
    copy = guest.find_by_ical_uid(series.ical_uid or "")
    assert copy is not None

    read = whole(guest, copy.id)

    assert read.shared["occurrences"] == expected_dates()
    assert read.shared["rule"] == series.shared["rule"]
    assert ("2026-12-08" in read.exceptions) is (cancelled_copy == "stays")
    assert not read.is_organizer


@pytest.mark.parametrize("shown", ["exception", "orphan", "single"])
def test_a_guest_of_one_occurrence_has_it_alone(
    microsoft: SandboxPlace, transport: RequestsTransport, shown: str
) -> None:
    """Without a series, or with the id of one that he cannot read; it tells its date."""
    microsoft.sandbox.options.set(lone_occurrence=shown)
    microsoft.sandbox.add_mailbox(CARL)
    series = whole(microsoft.client, create(microsoft, MONDAYS | {"people": GUESTS}).id)
    people = Keyed({**GUESTS, CARL: Person("required", "Carl", CARL)})
    slot = occurrence_id(microsoft.client, series, "2026-12-14")
    microsoft.client.perform([UpdateEvent(slot, {"people": people}, {})])
    carl = microsoft.client_of(CARL, transport)

    [event] = whole_round(carl).events
    assert isinstance(event, RemoteEvent)
    read = carl.get_event(event.id)

    kinds = {"single": "singleInstance"}
    assert event.kind == kinds.get(shown, "exception")
    assert (event.series_id is not None) is (shown == "orphan")
    assert read.original_start == NOON + timedelta(days=7)
    if event.series_id:
        assert isinstance(carl.series([event.series_id])[event.series_id], Missing)

    microsoft.client.perform([UpdateEvent(series.id, {"people": people}, {})])
    assert [one["type"] for one in microsoft.sandbox.events(CARL)] == ["seriesMaster"]


@pytest.mark.parametrize("tells", [False, True])
@pytest.mark.parametrize("without_master", [False, True])
def test_news_of_a_cancelled_date_name_the_series(
    microsoft: SandboxPlace, tells: bool, without_master: bool
) -> None:
    """By its master, or by stubs that name it and carry its change key; the date perhaps too."""
    microsoft.sandbox.options.set(
        delta_removed_for_cancelled_occurrence=tells, delta_without_master=without_master
    )
    series = whole(microsoft.client, create(microsoft, MONDAYS).id)
    link = whole_round(microsoft.client).delta_link
    slot = occurrence_id(microsoft.client, series, "2026-12-14")
    microsoft.client.perform([DeleteEvent(slot)])

    page = whole_round(microsoft.client, link)

    events = [one for one in page.events if isinstance(one, RemoteEvent)]
    assert {one.series_id or one.id for one in events} == {series.id}
    assert any(one.kind == "seriesMaster" for one in events) is not without_master
    assert page.removed == ([slot] if tells else [])
    assert {one.change_key for one in events} == {whole(microsoft.client, series.id).change_key}
    assert len(events) == 5 + (not without_master)


def test_a_series_that_is_cut_by_a_page_adds_up(microsoft: SandboxPlace) -> None:
    """Pages may end anywhere (it was whole in an experiment of 2019)."""
    microsoft.sandbox.options.set(delta_splits_series=True)
    series = create(microsoft, DAILY)

    page = whole_round(microsoft.client)

    parts = [one for one in page.events if isinstance(one, RemoteEvent)]
    assert Counter(one.series_id or one.id for one in parts) == {series.id: 31}


def test_sensitivity_may_belong_to_the_whole_series(microsoft: SandboxPlace) -> None:
    """The answer to the write shows that it had no effect."""
    microsoft.sandbox.options.set(occurrences_share_sensitivity=True)
    series = whole(microsoft.client, create(microsoft, MONDAYS).id)
    slot = occurrence_id(microsoft.client, series, "2026-12-14")

    [changed] = microsoft.client.perform(
        [UpdateEvent(slot, {"sensitivity": "private", "subject": "b"}, {})]
    )

    assert isinstance(changed, RemoteEvent)
    assert (changed.shared["sensitivity"], changed.shared["subject"]) == ("normal", "b")


def test_an_occurrence_s_trouble_keeps_its_code(microsoft: SandboxPlace) -> None:
    """What is refused of one occurrence or of a rule is told apart by it."""
    series = whole(microsoft.client, create(microsoft, MONDAYS).id)
    slot = occurrence_id(microsoft.client, series, "2026-12-14")
    shown = {**snapshot_of(series), "rule": None}
    beyond: Snapshot = {"when": Timed(NOON, NOON + HOUR)}
    longer: Snapshot = {"when": Timed(NOON, NOON + timedelta(days=8))}

    refused = microsoft.client.perform(
        [
            UpdateEvent(slot, beyond, {**shown, **beyond}),
            UpdateEvent(series.id, longer, {**snapshot_of(series), **longer}),
        ]
    )

    codes = [one.code for one in refused if isinstance(one, Rejected)]
    assert codes == ["ErrorOccurrenceCrossingBoundary", "ErrorOccurrenceTimeSpanTooBig"]


def test_the_first_mail_of_a_series_is_one(microsoft: SandboxPlace) -> None:
    """People who are invited when its dates are settled get one invitation."""
    series = disturbed(microsoft)
    people: Snapshot = {"people": INVITED["people"]}

    microsoft.client.perform([UpdateEvent(series.id, people, {})])

    assert [mail.kind for mail in microsoft.sandbox.mails] == ["invitation"]
