"""What happens here when an event is gone from a mailbox, or cancelled in it."""

from ..core.engine.reconcile import Create, reconcile
from ..core.engine.snapshot import Side
from . import moving
from .answers import Answers
from .desk import Desk
from .reader import is_present


class Departures:
    """The organizer's deletion archives with a note; a guest's is his answer and nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._answers = Answers(desk)

    def removed(self, copy) -> None:
        """Deal with a copy that the mailbox no longer has (it was looked up)."""
        meeting = copy.meeting_id
        if meeting.state == "left_alone":
            copy.unlink()
        elif copy.role == "attendee":
            self._answers.left(copy)
        elif moving.is_moving(copy) or not meeting.base:
            moving.leave(self._desk, copy)
        else:
            self._organizer_removed(copy)

    def cancelled(self, copy) -> None:
        """Follow a cancellation; guests keep a cancelled copy until they remove it."""
        meeting = copy.meeting_id
        if meeting.state == "left_alone":
            copy.unlink()
        elif copy.role == "attendee" and meeting._organizer_copy():
            copy.unlink()  # taken off the list, or not: the organizer's own mailbox will say
        elif copy.role == "attendee" and (copy.slot or self._goes_on(copy)):
            self._answers.left(copy)
        else:
            self._archive(meeting)

    def _goes_on(self, copy) -> bool:
        """Tell whether a meeting may be more than this guest's, who was perhaps only taken off.

        His copy looks the same either way. So it is archived only where nobody else would miss it.
        """
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        people = event.partner_ids.user_ids - event.user_id - copy.account_id.user_id
        return meeting.made_here or bool(meeting.copy_ids - copy or people)

    def _organizer_removed(self, copy) -> None:
        """Archive, unless the event was edited here since: an edit beats a deletion."""
        meeting = copy.meeting_id
        base = self._desk.base(meeting, copy)
        local = self._desk.read(meeting, copy)
        if isinstance(reconcile(base, local, None, winner=Side.REMOTE), Create):
            self._desk.forget(meeting)
            self._desk.look_again(meeting.event_id)
        else:
            self._archive(meeting)

    def _archive(self, meeting) -> None:
        event = meeting.event_id.exists()
        if is_present(event):
            self._desk.note_readers(event)
            self._desk.writer.archive(
                event, self._desk.env._("The organizer deleted this meeting in Outlook.")
            )
            self._desk.tally["removed_local"] += 1
            self._desk.note(meeting, direction="in", kind="remove")
        self._desk.forget(meeting)
