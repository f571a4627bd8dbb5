"""Any series, disturbed on both sides, ends the same on both: drawn by Hypothesis.

Always the same few lives, unless ``HYPOTHESIS_PROFILE`` is ``dev`` (new ones each time) or ``ci``
(many). Without Hypothesis, as on a server that merely runs its tests, this one is skipped.
"""

from datetime import datetime, timedelta
from importlib.util import find_spec
from unittest import skipUnless

from odoo.tests import tagged

from . import hypothesis_profiles
from .common import ANN
from .series_case import SeriesCase
from .series_shown import instant, on_day

SCOPES = {"one": "self_only", "rest": "future_events", "all": "all_events"}


@tagged("post_install", "-at_install")
@skipUnless(find_spec("hypothesis"), "needs Hypothesis")
class TestSeriesProperty(SeriesCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self._lives = 0

    def test_both_sides_of_any_series_end_the_same(self):
        """The same occurrences after the round, nothing written in the next; expansions agree."""
        from .series_draws import lives  # only here: it needs Hypothesis

        hypothesis_profiles.run(lives(), self._live, few=15, dev=30, ci=100)

    def _live(self, life):
        self._lives += 1
        name = f"Life {self._lives}:"
        self.ann.lang = life.language
        (self._begin_here if life.is_made_here else self._begin_there)(life, name)
        self.sync(self.ann)
        self._hold_together(name)
        self._hold_expansion(self._rows(name))
        for act in life.acts:
            if act.is_here:
                self._act_here(act, name)
            else:
                self._act_there(act, name, life.zone)
        self.sync(self.ann)
        self._hold_together(name)
        self.forget()
        run = self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual(0, run.changed_local)

    def _hold_together(self, name):
        """Hold both sides of one life against each other: those before it may have failed.

        Where every occurrence was moved by itself the series has moved: its slots keep their dates
        on both sides, and their hours in Outlook alone.
        """
        self.env.invalidate_all()
        here, there = (
            [
                one._replace(original=bool(one.original))
                for one in shown
                if one.subject.startswith(name)
            ]
            for shown in (self.shown_here(), self.shown_there())
        )
        self.assertEqual(there, here)

    # How it begins ------------------------------------------------------------------------------

    def _begin_here(self, life, name):
        day = self.monday + timedelta(days=life.day)
        start = instant(on_day(day, life.hour), life.zone)
        rule = dict(life.rule)
        days = rule.pop("days", ())
        by = rule.pop("by", None)
        if by == "date":
            rule |= {"month_by": "date", "day": day.day}
        elif by == "day":
            weekday = day.strftime("%a").upper()
            byday = str((day.day - 1) // 7 + 1) if day.day < 29 else "-1"
            rule |= {"month_by": "day", "weekday": weekday, "byday": byday}
        self.series(
            name,
            start=start,
            stop=start + timedelta(hours=1),
            event_tz=life.zone,
            **{"mon": False, **dict.fromkeys(days, True)},
            **rule,
        )

    def _begin_there(self, life, name):
        self.make_series_there(
            subject=name,
            pattern=life.rule["pattern"],
            ends={"type": "numbered", "numberOfOccurrences": life.rule["count"]},
            **self.span(life.day, life.hour, zone=life.zone),
        )

    def _hold_expansion(self, rows):
        """Where Odoo's own rule says the series, Odoo's own expansion gives its rows."""
        recurrence = rows.recurrence_id
        if recurrence.outlook_rule or not recurrence:
            return
        length = rows[0].stop - rows[0].start
        expanded = recurrence.with_user(self.ann)._range_calculation(rows[0], length)
        self.assertEqual({start for start, _stop in expanded}, set(rows.mapped("start")))

    # What happens to it -------------------------------------------------------------------------

    def _rows(self, name):
        return self.here().filtered(lambda row: row.name.startswith(name))

    def _act_here(self, act, name):
        rows = self._rows(name).filtered("recurrence_id")
        if not rows:
            return
        row = rows[act.index % len(rows)]
        what, which = act.what.split()
        scope = SCOPES[which]
        if act.what == "cancel one":
            row.with_user(self.ann).unlink()
        elif what == "cancel":
            row.with_user(self.ann).action_mass_deletion(scope)
        elif what == "move":
            self.move(row, hours=act.value, scope=scope)
        elif what == "rename":
            self.write(row, scope=scope, name=f"{name} here {act.value}")
        else:
            self.write(row, scope=scope, location=f"Room {act.value}")

    def _act_there(self, act, name, zone):
        shown = [one for one in self.there() if one["subject"].startswith(name)]
        parts = [one for one in shown if one["seriesMasterId"]]
        if not parts:
            return
        part = parts[act.index % len(parts)]
        what, which = act.what.split()
        if which == "rest":
            return  # nothing that Graph has
        if what == "cancel":
            if len(parts) == 1:
                return  # that is a deletion of the series: `test_deleted_one_by_one`
            self.sandbox.delete_event(ANN, part["id"])
            return
        target = part["seriesMasterId"] if which == "all" else part["id"]
        prefer = {"Prefer": f'outlook.timezone="{zone}"'}
        shown = self.sandbox.graph(ANN, "GET", f"/me/events/{target}", headers=prefer)
        self.sandbox.change_event(ANN, target, self._change(what, name, act.value, shown))

    def _change(self, what, name, value, shown):
        if what == "rename":
            return {"subject": f"{name} there {value}"}
        if what == "place":
            return {"location": {"displayName": f"Hall {value}"}}
        return {side: self._later(shown[side], value) for side in ("start", "end")}

    def _later(self, moment, hours):
        later = datetime.fromisoformat(moment["dateTime"][:19]) + timedelta(hours=hours)
        return {"dateTime": later.isoformat(), "timeZone": moment["timeZone"]}
