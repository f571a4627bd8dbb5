"""What happens here when an event is gone from a mailbox, or cancelled in it."""

import enum
from collections.abc import Callable, Mapping

from ..core.engine.reconcile import Create, reconcile
from ..core.engine.snapshot import Side
from . import moving, safety
from .answers import Answers
from .desk import Desk
from .reader import is_present


class Effect(enum.Enum):
    """What follows from a copy that is gone."""

    DROP = "nothing here: nobody speaks through this copy"
    REFUSE = "its owner does not come"
    GO_ON = "the meeting goes on in another mailbox, or was never in step with this one"
    MAKE_AGAIN = "it was edited here since: an edit beats a deletion"
    ARCHIVE = "the meeting is over for all"


class Departures:
    """The organizer's deletion archives with a note; a guest's is his answer and nothing else.

    Where that takes something from people here it is only noted, until all was read: then it is
    judged with all else that is gone (see `safety`).
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers = Answers(desk)

    def removed(self, copy, *, is_missing: bool = False) -> None:
        """Deal with a copy that the mailbox no longer has (it was looked up).

        `is_missing`: nobody was told of it; a full round has not met it.
        """
        self._note(copy, "missing" if is_missing else "removed", self._of_removal(copy))

    def cancelled(self, copy) -> None:
        """Deal with a cancellation; guests keep a cancelled copy until they remove it."""
        self._note(copy, "cancelled", self._of_cancellation(copy))

    def follow(self, copy) -> None:
        """Do here what was done in Outlook, as far as it is still to be done."""
        _DOINGS[self._effect(copy)](self, copy)

    def undo(self, copy) -> None:
        """Keep the meeting here; in its organizer's mailbox it is made again.

        A guest cannot make it again: he stays what he answered.
        """
        effect = self._effect(copy)
        if effect is Effect.ARCHIVE:
            self._make_again(copy)
        elif effect is Effect.REFUSE:
            copy.unlink()
        else:
            _DOINGS[effect](self, copy)

    def _note(self, copy, departed: str, effect: Effect) -> None:
        if self._takes_away(copy, effect) and copy.verdict != "follow":
            safety.note(copy, departed)
        else:
            _DOINGS[effect](self, copy)

    def _takes_away(self, copy, effect: Effect) -> bool:
        """Tell whether people here lose something by it."""
        if effect is Effect.ARCHIVE:
            return is_present(copy.meeting_id.event_id)
        return effect is Effect.REFUSE and bool(self._answers.leaving(copy))

    def _effect(self, copy) -> Effect:
        """Return what follows from what was noted, as things are now."""
        if copy.departed == "cancelled":
            return self._of_cancellation(copy)
        return self._of_removal(copy)

    def _of_removal(self, copy) -> Effect:
        meeting = copy.meeting_id
        if meeting.state == "left_alone":
            return Effect.DROP
        if copy.role == "attendee":
            return Effect.REFUSE
        if moving.is_moving(copy) or not meeting.base:
            return Effect.GO_ON
        return Effect.MAKE_AGAIN if self._is_edited(copy) else Effect.ARCHIVE

    def _of_cancellation(self, copy) -> Effect:
        meeting = copy.meeting_id
        if meeting.state == "left_alone":
            return Effect.DROP
        if copy.role == "attendee" and meeting._organizer_copy():
            return Effect.DROP  # taken off the list, or not: the organizer's own mailbox will say
        if copy.role == "attendee" and (copy.slot or self._goes_on(copy)):
            return Effect.REFUSE
        return Effect.ARCHIVE

    def _goes_on(self, copy) -> bool:
        """Tell whether a meeting may be more than this guest's, who was perhaps only taken off.

        His copy looks the same either way. So it is archived only where nobody else would miss it.
        """
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        people = event.partner_ids.user_ids - event.user_id - copy.account_id.user_id
        return meeting.made_here or bool(meeting.copy_ids - copy or people)

    def _is_edited(self, copy) -> bool:
        """Tell whether the event was edited here since both sides were in step."""
        meeting = copy.meeting_id
        base = self._desk.base(meeting, copy)
        local = self._desk.read(meeting, copy)
        return isinstance(reconcile(base, local, None, winner=Side.REMOTE), Create)

    def _make_again(self, copy) -> None:
        """Let the rest of this round make the meeting again, where its organizer's mailbox is."""
        meeting = copy.meeting_id
        self._desk.forget(meeting)
        self._desk.look_again(meeting.event_id)

    def _archive(self, copy) -> None:
        meeting = copy.meeting_id
        event = meeting.event_id.exists()
        if is_present(event):
            self._desk.note_readers(event)
            self._desk.writer.archive(
                event, self._desk.env._("The organizer deleted this meeting in Outlook.")
            )
            self._desk.tally["removed_local"] += 1
            self._desk.note(meeting, direction="in", kind="remove")
        self._desk.forget(meeting)


_DOINGS: Mapping[Effect, Callable[[Departures, object], None]] = {
    Effect.DROP: lambda _self, copy: copy.unlink(),
    Effect.REFUSE: lambda self, copy: self._answers.left(copy),
    Effect.GO_ON: lambda self, copy: moving.leave(self._desk, copy),
    Effect.MAKE_AGAIN: Departures._make_again,
    Effect.ARCHIVE: Departures._archive,
}
