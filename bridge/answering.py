"""Send the answers that guests gave here, through their own mailboxes.

One request answers a meeting or a whole series; dates that are otherwise take one each, by their
ids. Declining takes the copy, or that date of it, out of the guest's calendar there; here the
meeting stays.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ..core.engine.errors import GraphError, Missing, SyncError, Unmappable
from ..core.engine.snapshot import EMPTY
from ..core.graph.client import GraphClient
from ..core.graph.operations import Respond
from .answers import Answers, Rows
from .asking import NO_ANSWERS
from .desk import Desk
from .facts import write_changed
from .people import ANSWERS, STATES
from .reader import is_present
from .responses import Answered, Responses, States
from .series_sending import Effect, Results, failed
from .wishes import DateAnswers, Wish


class Answering:
    """The answers of one mailbox's owner."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers = Answers(desk)

    def wish(self, copy, outbox_rows: tuple[int, ...]) -> Wish | None:
        """Return what was answered here and Outlook does not know yet."""
        meeting = copy.meeting_id
        if not is_present(meeting.event_id):
            return None
        rows, last = self._answers.rows(meeting, copy), Responses.of(copy)
        states = rows.states(copy.account_id.user_id.partner_id)
        news = {
            slot: state
            for slot, state in states.items()
            if state in ANSWERS and not last.knows(slot, state)
        }
        if not news:
            return None
        state = _of_all(rows, states, news)
        if state is None or state == STATES[last.remote]:
            return self._single(copy, news, outbox_rows)
        return self._whole(copy, state, states, {*news, *rows.coming()}, outbox_rows)

    def _whole(self, copy, state: str, states: States, slots, outbox_rows) -> Wish:
        """Return the answer to all, then those to the dates that are otherwise.

        The first voids what Outlook knew of these.
        """
        others = {
            slot: one
            for slot, one in states.items()
            if slot in slots and one != state and one in ANSWERS
        }
        operation = Respond(copy.remote_id, ANSWERS[state], send_response=copy.wants_response)
        decided = Answered(state, {**states, **dict.fromkeys(others, state)})
        after = self._single(copy, others, outbox_rows) if others else None
        return Wish(
            "answer", operation, copy.meeting_id.id, copy.id, decided, outbox_rows, then=after
        )

    def _single(self, copy, states: States, outbox_rows) -> Wish:
        meeting = copy.meeting_id
        base = self._desk.shared_base(meeting)
        shown = (base and base.remote) or EMPTY
        series = shown if shown.get("rule") else self._desk.read(meeting, copy)
        operation = DateAnswers(copy.remote_id, series, states, copy.wants_response)
        return Wish("date answers", operation, meeting.id, copy.id, rows=outbox_rows)

    def sent(self, copy, decided: Answered) -> None:
        """Note that Outlook knows the answer to all now."""
        last = Responses.of(copy)
        # What he removed there nobody can answer any more.
        gone = {slot: one for slot, one in last.single.items() if one == "declined"}
        now = replace(last, remote=_RESPONSES[decided.state], single=gone)
        now.showing(decided.states).keep(copy)
        self._desk.note(copy.meeting_id, direction="out", kind="answer")

    def refused(self, copy, wish: Wish) -> list[Wish]:
        """Return what is tried where Outlook does not take an answer to all.

        Perhaps the organizer wants none any more: then it is noted in silence (seen live). An
        answer that is refused in that way, too, stays here: it is one person's, so the meeting is
        not set aside, and it is not sent again.
        """
        operation = wish.operation
        if operation.send_response:
            return [replace(wish, operation=replace(operation, send_response=False))]
        Responses.of(copy).showing(wish.local.states).keep(copy)
        self._desk.done(wish.rows)
        return []


def send(client: GraphClient, asked: DateAnswers) -> Results:
    """Answer single dates; one that is not there any more is `Missing`."""
    try:
        ids = client.occurrence_ids(asked.remote_id, asked.series, asked.states)
    except (GraphError, Unmappable) as error:
        return error
    results: Results = dict.fromkeys(asked.states, Missing(status=404, code="OccurrenceNotFound"))
    results |= _respond(client, asked, ids, send_response=asked.send_response)
    refused = {slot: ids[slot] for slot in ids if isinstance(results[slot], NO_ANSWERS)}
    if refused and asked.send_response:
        results |= _respond(client, asked, refused, send_response=False)
    return results


def _respond(
    client: GraphClient, asked: DateAnswers, ids: Mapping[str, str], *, send_response: bool
) -> Results:
    operations = [
        Respond(remote_id, ANSWERS[asked.states[slot]], send_response=send_response)
        for slot, remote_id in sorted(ids.items())
    ]
    return dict(zip(sorted(ids), client.perform(operations), strict=True))


def record(desk: Desk, copy, wish: Wish, results: Results) -> Effect:
    """Record what became of each answer; one that cannot be given there any more is dropped."""
    if isinstance(results, SyncError):
        return failed(desk, copy, results)
    now, asked = Responses.of(copy), wish.operation
    errors: list[SyncError] = []
    for slot, result in results.items():
        state = asked.states[slot]
        if isinstance(result, (Missing, *NO_ANSWERS)):
            now = now.answered(slot, state, None)
        elif isinstance(result, SyncError):
            errors.append(result)
        else:
            now = now.answered(slot, state, _RESPONSES[state])
            desk.tally["changed_remote"] += 1
    now.keep(copy)
    if any(result is None for result in results.values()):
        desk.note(copy.meeting_id, direction="out", kind="answer")
    if errors:
        return failed(desk, copy, errors[0])
    write_changed(copy, attempts=0, next_attempt=False)
    return Effect.DONE


def _of_all(rows: Rows, states: States, news: Mapping[str, str]) -> str | None:
    """Return the answer that the series gets as a whole; None: single dates are answered.

    It is the one of all dates, or, where several are answered, of all that are to come; of these
    some may be otherwise. But an answer is never taken back, and what is declined is gone.
    """
    if len({*states.values()}) == 1:
        return next(iter(states.values()))
    [(state, number)] = Counter(news.values()).most_common(1)
    others = [states[slot] for slot in rows.coming() if states.get(slot, state) != state]
    may_differ = state != "declined" and all(one in ANSWERS for one in others)
    is_meant = not others or (may_differ and number > len(others))
    return state if number > 1 and is_meant else None


#: How Graph calls the states that are answers.
_RESPONSES = {
    state: next(name for name, one in reversed(STATES.items()) if one == state) for state in ANSWERS
}
