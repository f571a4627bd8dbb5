"""The values of single rows of a series, and new rows made in one go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import Any

from odoo.fields import Command

from ..core.engine.series import slot_when
from ..core.engine.snapshot import EMPTY, AllDay, Keyed, Snapshot, Value

#: Is computed from other fields, belongs to one row only, or is written when the row is there:
#: Odoo would make an activity for every row that is born with a document.
_NOT_COPIED = frozenset(
    {
        "start", "stop", "start_date", "stop_date", "duration", "active", "attendee_ids",
        "partner_ids", "res_id", "res_model", "res_model_id",
    }
)  # fmt: skip
#: Fields of a snapshot that are no business of single rows, or are said by their place.
NOT_OF_ROWS = frozenset({"when", "zone"})
#: The hours that Odoo itself gives whole days.
FIRST_HOUR, LAST_HOUR = time(8), time(18)


@dataclass(frozen=True)
class Template:
    """What new rows are made from: `row`, which may be none, and what it shows.

    `attendees` returns contact ids → answers for the guests of a snapshot.
    """

    row: Any
    user: Any
    attendees: Callable[[Keyed], Mapping[int, str]]
    shown: Snapshot = EMPTY

    def values(self) -> dict[str, Any]:
        """Return what new rows have from the row, as Odoo copies it."""
        (copied,) = self.row.copy_data() if self.row else ({},)
        own = {name: value for name, value in copied.items() if name not in _NOT_COPIED}
        return {**own, "user_id": self.user.id}

    def document(self) -> dict[str, Any]:
        """Return the link to the record that all rows of the series belong to."""
        link = {"res_id": self.row.res_id, "res_model_id": self.row.res_model_id.id}
        return link if all(link.values()) else {}


class Maker:
    """Make rows. `writer` knows the fields and the organizer's context."""

    def __init__(self, writer) -> None:
        self._writer = writer

    def make(
        self, target: Snapshot, wanted: Mapping[date, Snapshot], recurrence, template: Template
    ) -> dict[date, Any]:
        """Make the rows of these slots (slot → all fields) at once and return them by slot."""
        common: dict[Snapshot, dict[str, Any]] = {}
        copied = template.values()
        vals_list = []
        for slot, fields in wanted.items():
            news = Keyed(
                (name, value)
                for name, value in fields.items()
                if name not in NOT_OF_ROWS
                and not (name in template.shown and template.shown[name] == value)
            )
            if news not in common:
                common[news] = self._values(news, fields, template, copied)
            place = {**times(fields["when"]), **position(target, slot)}
            vals_list.append({**common[news], **place, **membership(recurrence)})
        events = self._writer.as_organizer(template.user, template.row.browse())
        made = events.with_context(dont_notify=True).create(vals_list)
        if template.document():
            made.write(template.document())
        rows = dict(zip(wanted, made, strict=True))
        # Odoo lets all that it makes follow the rule.
        made.browse(rows[slot].id for slot in wanted if is_moved(target, slot)).write(
            {"follow_recurrence": False}
        )
        return {slot: row.with_env(recurrence.env) for slot, row in rows.items()}

    def _values(
        self, news: Snapshot, fields: Snapshot, template: Template, copied: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what rows that show the same have in common."""
        guests = fields.get("people", template.shown.get("people", EMPTY))
        attendees = template.attendees(guests)
        vals = self._writer.values(news, template.row)
        if "alarm_ids" in vals:
            vals["alarm_ids"] = [*copied.get("alarm_ids", ()), *vals["alarm_ids"]]
        return {
            **copied,
            **vals,
            **attending(attendees),
        }


def attending(attendees: Mapping[int, str]) -> dict[str, Any]:
    """Return who is in a new event, by contact id, with the answers."""
    return {
        "partner_ids": [Command.set(list(attendees))],
        "attendee_ids": [
            Command.create({"partner_id": partner_id, "state": state})
            for partner_id, state in attendees.items()
        ],
    }


def times(when: Value) -> dict[str, Any]:
    """Return when a row takes place.

    Without the dates of whole days, which Odoo computes: written, it would write each row again.
    """
    if isinstance(when, AllDay):
        first, last = when.first, when.last
        return {
            "allday": True,
            "start": datetime.combine(first, FIRST_HOUR),
            "stop": datetime.combine(last, LAST_HOUR),
        }
    return {"allday": False, "start": naive(when.start), "stop": naive(when.end)}


def position(target: Snapshot, slot: date) -> dict[str, Any]:
    """Return how a row stands to its slot: on it, or moved away from where it was."""
    if not is_moved(target, slot):
        return {"follow_recurrence": True, "outlook_original_start": False}
    return {
        "follow_recurrence": False,
        "outlook_original_start": times(slot_when(target, slot))["start"],
    }


def is_moved(target: Snapshot, slot: date) -> bool:
    """Tell whether an occurrence takes place elsewhere than its series says."""
    own = target.get("occurrences", EMPTY).get(slot.isoformat())
    return isinstance(own, Keyed) and "when" in own


def membership(recurrence) -> dict[str, Any]:
    """Return what makes an event a row of a series, whose zone it shares."""
    return {"recurrency": True, "recurrence_id": recurrence.id, "outlook_zone": False}


def naive(moment: datetime) -> datetime:
    """Return an instant as Odoo stores it."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
