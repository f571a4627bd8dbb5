"""Write a series: a row per occurrence, and the recurrence record over them.

Odoo's own expansion is never called: which rows there are says the snapshot. Rows keep their
records wherever possible, because messages, activities and documents hang on them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from odoo.api import Environment

from ..core.engine.occurrences import date_of
from ..core.engine.recurrence import Rule
from ..core.engine.series import unfold
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot, Value
from . import homes, horizon, noticing, patterns, series_reader
from .people import keys
from .reader import Reader
from .series_reader import Series
from .series_rows import NOT_OF_ROWS, Maker, Template, membership, position, times

#: More rows than any series has: a day says where they end, and never a number.
ALL = 1_000_000
#: Fields after whose change Odoo must reckon its reminders anew.
_REMINDING = frozenset({"start", "stop", "alarm_ids", "partner_ids", "active"})


class Present(NamedTuple):
    """A row as it is: the record and what it shows."""

    row: Any
    shown: Snapshot


class SeriesWriter:
    """Write series as their organizer. `writer` knows the fields and the organizer's context."""

    def __init__(self, env: Environment, reader: Reader, writer) -> None:
        self.env = env
        self._reader = reader
        self._writer = writer
        self._maker = Maker(writer)

    def create(self, target: Snapshot, template: Template) -> tuple[Any, date | None, date | None]:
        """Make a series; return the event that it hangs on, and the bounds of its rows.

        Those are its horizon (None: it ends before) and the day since when there are rows (None:
        it began after).
        """
        since, until = horizon.span(self.env, target)
        wanted = unfold(target, since=since, until=until, limit=ALL)
        recurrence = self._recurrence(self.env["calendar.recurrence"], template.user, target, None)
        rows = self._maker.make(target, wanted, recurrence, template)
        self._settle(recurrence, target, rows)
        return recurrence.base_event_id, _within(target, until), since

    def change(
        self,
        event,
        target: Snapshot,
        *,
        organizers,
        local: Snapshot | None,
        since: date | None,
        reached: date | None,
        until: date | None,
    ) -> tuple[Any, date | None, date | None]:
        """Let the meeting of `event` be the series that `target` says; return as `create`.

        It has rows from `since` up to `reached`, and gets them up to `until`, or as far as it has
        them: what is otherwise on days that were not reached is not known here word for word. A
        new pattern begins and reaches as a series does that is made now.
        """
        target = {"zone": homes.zone(event), **target}
        series = self._series(event, organizers, local, since, reached)
        if series and series.snapshot["rule"].same_pattern(target["rule"]):
            until = until or reached or horizon.reach(self.env, target)
            since, until = horizon.widened(target, since, until)
            wanted = self._continued(target, series, since, until)
        else:
            since, until = horizon.span(self.env, target)
            wanted = unfold(target, since=since, until=until, limit=ALL)
        present = self._present(event, series, target, wanted, since, organizers, local)
        recurrence = self._recurrence(event.recurrence_id, event.user_id, target, series)
        touched = set()
        with noticing.together(self.env):
            for rows, vals in self._changes(target, wanted, present, recurrence, organizers):
                self._as_organizer(rows).write(vals)
                touched.update(vals)
        missing = {slot: fields for slot, fields in wanted.items() if slot not in present}
        rows = {slot: one.row for slot, one in present.items()}
        if missing:
            template = self._template(event, target, wanted, present, organizers)
            rows |= self._maker.make(target, missing, recurrence, template)
            touched.add("start")
        self._settle(recurrence, target, rows, is_reckoned=touched.isdisjoint(_REMINDING))
        self._leave_out(series, rows)
        return recurrence.base_event_id, _within(target, until), since

    def stop(self, event, target: Snapshot, *, organizers, local: Snapshot | None) -> Any:
        """Let one row of the series of `event` be a single meeting, and archive the others.

        It is the row that takes place then; where there is none, the one the series hung on.
        """
        series = self._series(event, organizers, local, None, None)
        rows = homes.rows(event) or event
        stays = event if event in rows else rows[:1]
        if series:
            day = date_of(target["when"], series.snapshot["zone"])
            stays = series.slots.get(day, stays)
        (shown,) = self._reader.shown(stays, organizers=organizers, known=keys(local), past=local)
        news = {
            name: value
            for name, value in target.items()
            if name not in ("rule", "occurrences") and value != shown.get(name)
        }
        vals = self._values(news, stays, organizers)
        recurrence = stays.recurrence_id
        self._as_organizer(stays).write(
            {
                **vals,
                "recurrency": False,
                "recurrence_id": False,
                "follow_recurrence": False,
                "outlook_original_start": False,
                "active": True,
            }
        )
        self._as_organizer(recurrence, stays.user_id).unlink()
        self.archive(rows - stays, self._gone())
        return stays

    def archive(self, rows, note: str) -> None:
        """Take rows out of the calendars; they keep their messages, and say why."""
        rows = self._as_organizer(rows)
        if rows:
            rows.write({"active": False})
            rows._message_log_batch(dict.fromkeys(rows.ids, note))

    # What is to be -------------------------------------------------------------------------------

    def _continued(
        self, target: Snapshot, series: Series, since: date | None, until: date
    ) -> dict[date, Snapshot]:
        """Return slot → fields of the rows to be, where the dates of the series stay what they are.

        Rows outside of both bounds stay, wherever they came from.
        """
        before = [slot for slot in series.slots if since and slot < since]
        fields = unfold(
            target,
            since=min(before, default=since),
            until=max([until, *series.slots]),
            limit=ALL,
        )
        return {
            slot: one
            for slot, one in fields.items()
            if since is None or slot >= since or slot in series.slots
        }

    # What is -------------------------------------------------------------------------------------

    def _series(self, event, organizers, local, since, reached) -> Series | None:
        if not homes.is_series(event) or not homes.rows(event):
            return None
        return self._reader.series(
            event,
            organizers=organizers,
            known=keys(local),
            past=local,
            horizon=reached,
            since=since,
        )

    def _present(
        self, event, series, target: Snapshot, wanted, since, organizers, local
    ) -> dict[date, Present]:
        """Return the rows that stay, by the slot they are to have: their own where it goes on.

        Rows whose day the new pattern does not know take the free slots in order, but for those of
        long ago. Those of a day that is cancelled now go: they are another meeting than the one
        that is missing.
        """
        if series is None:
            return self._archived(event, target, wanted, organizers, local)
        shown = unfold(series.snapshot, since=min(series.slots), until=max(series.slots), limit=ALL)
        own = {slot: Present(row, shown[slot]) for slot, row in series.slots.items()}
        present = {slot: one for slot, one in own.items() if slot in wanted}
        free = [slot for slot in wanted if slot not in present]
        rows = [slot for slot in sorted(own) if since is None or slot >= since]
        without = [own[slot] for slot in rows if not target["rule"].hits(slot)]
        taken = dict(zip(free, without, strict=False))
        back = {slot: fields for slot, fields in wanted.items() if slot in {*free} - {*taken}}
        return present | taken | self._archived(event, target, back, organizers, local)

    def _archived(self, event, target: Snapshot, wanted, organizers, local) -> dict[date, Present]:
        """Return the archived rows of these slots, which come back, or the event that becomes one.

        An event that was a meeting by itself is the first.
        """
        recurrence = event.recurrence_id
        if not recurrence:
            (shown,) = self._reader.shown(
                event, organizers=organizers, known=keys(local), past=local
            )
            return {min(wanted): Present(event, shown)}
        if not wanted:
            return {}
        rows = event.search([("recurrence_id", "=", recurrence.id), ("active", "=", False)])
        whole, zone = series_reader.is_whole_days(rows), homes.zone(event)
        by_slot = {
            series_reader.original(row, zone, whole) or series_reader.own_day(row, zone): row
            for row in rows
        }
        slots = sorted(by_slot.keys() & wanted.keys())
        found = event.browse(by_slot[slot].id for slot in slots)
        shown = self._reader.shown(found, organizers=organizers, known=keys(local), past=local)
        return {slot: Present(row, one) for slot, row, one in zip(slots, found, shown, strict=True)}

    # The writes ----------------------------------------------------------------------------------

    def _recurrence(self, recurrence, user, target: Snapshot, series: Series | None):
        """Return the recurrence record, made where there is none.

        It is written only where the rule is another: there are many words for one.
        """
        names = ("rule", "zone")
        if series and all(series.snapshot.get(name) == target[name] for name in names):
            return recurrence
        rule: Rule = target["rule"]
        vals = patterns.values(rule, target["zone"], patterns.first_day(self.env, user))
        if not recurrence:
            return self._as_organizer(recurrence, user).create(vals).with_env(self.env)
        vals = {name: value for name, value in vals.items() if recurrence[name] != value}
        if vals:
            self._as_organizer(recurrence, user).write(vals)
        return recurrence

    def _changes(
        self, target: Snapshot, wanted, present: Mapping[date, Present], recurrence, organizers
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield rows and what to write in them: all rows together to which the same happens."""
        groups: dict[tuple, list[int]] = {}
        for slot, (row, shown) in present.items():
            fields = wanted[slot]
            news = tuple(
                (name, value)
                for name, value in fields.items()
                if name not in NOT_OF_ROWS and value != shown.get(name)
            )
            place = self._place(target, slot, fields["when"], row, shown["when"], recurrence)
            if news or place:
                # What a change of guests or reminders comes to depends on those who are there.
                there = (row.partner_ids._ids, row.alarm_ids._ids) if news else ()
                groups.setdefault((news, tuple(place.items()), there), []).append(row.id)
        # Each write asks for the row's guests: of all rows at once.
        everywhere = [number for ids in groups.values() for number in ids]
        for (news, place, _there), ids in groups.items():
            rows = self.env["calendar.event"].browse(ids).with_prefetch(everywhere)
            yield rows, {**self._values(dict(news), rows[:1], organizers), **dict(place)}

    def _place(self, target, slot: date, when: Value, row, was: Value, recurrence) -> dict:
        """Return what puts a row in its place in time and in the series; {} where it is there."""
        belongs = row.active and row.recurrency and row.recurrence_id == recurrence
        where = position(target, slot)
        stands = all(row[name] == value for name, value in where.items())
        if belongs and stands and when == was:
            return {}
        place = where if belongs else {**where, **membership(recurrence), "active": True}
        return place if when == was else {**place, **times(when)}

    def _values(self, values: Snapshot, event, organizers) -> dict[str, Any]:
        vals = self._writer.values(values, event)
        if "people" in values:
            vals["partner_ids"] = self._writer.guest_commands(event, values["people"], organizers)
        return vals

    def _settle(
        self, recurrence, target: Snapshot, rows: Mapping[date, Any], *, is_reckoned: bool = False
    ) -> None:
        """Let the recurrence hang on a row that is like the series, and reckon its reminders."""
        base = recurrence.base_event_id
        exceptions = target.get("occurrences", EMPTY)
        plain = [slot for slot in sorted(rows) if slot.isoformat() not in exceptions]
        if base not in [rows[slot] for slot in plain]:
            base = rows[plain[0] if plain else min(rows)]
        if recurrence.base_event_id != base:
            self._as_organizer(recurrence, base.user_id).base_event_id = base
        if not is_reckoned:
            recurrence._setup_alarms(recurrence_update=True)

    def _leave_out(self, series: Series | None, rows: Mapping[date, Any]) -> None:
        """Archive the rows of the series that have no slot any more; strays were never ours."""
        if series:
            stay = {row.id for row in rows.values()}
            gone = [row.id for row in series.slots.values() if row.id not in stay]
            self.archive(self.env["calendar.event"].browse(gone), self._gone())

    def _gone(self) -> str:
        return self.env._("This occurrence is no longer in Outlook.")

    def _template(self, event, target: Snapshot, wanted, present, organizers) -> Template:
        """Let new rows be like one that stays, if possible one that is like the series.

        It was written already: it shows what it is to show.
        """
        exceptions = target.get("occurrences", EMPTY)
        slot = min(present, key=lambda one: (one.isoformat() in exceptions, one), default=None)
        row, shown = (event, EMPTY) if slot is None else (present[slot].row, wanted[slot])
        states = {one.partner_id.id: one.state for one in row.attendee_ids}

        def attendees(people: Keyed) -> Mapping[int, str]:
            invited = self._writer.guests(row, people, organizers)
            return {partner.id: states.get(partner.id, "needsAction") for partner in invited}

        return Template(row, row.user_id, attendees, shown)

    def _as_organizer(self, records, user=None):
        user = records[:1].user_id if user is None else user
        return self._writer.as_organizer(user, records).with_context(dont_notify=True)


def _within(target: Snapshot, until: date) -> date | None:
    """Return `until` where the series goes on after it."""
    end = target["rule"].end
    return until if end is None or end > until else None
