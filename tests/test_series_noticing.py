"""What an edit of a series leaves behind: outbox rows, original starts, former recurrences."""

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.outlook_calendar.bridge import noticing

LENGTH = 30


class SeriesCase(TransactionCase):
    """One user with a mailbox that nobody contacts, one without; a daily series of 30 of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "True")
        cls.ann = new_test_user(cls.env, "ann-series", groups="base.group_user", tz="UTC")
        cls.carl = new_test_user(cls.env, "carl-series", groups="base.group_user", tz="UTC")
        cls.account = cls.env["outlook.account"].create(
            {"user_id": cls.ann.id, "state": "active", "object_id": "ann", "since": "2000-01-01"}
        )

    def make(self, user, **values):
        """Make a daily series as `user` and return its rows."""
        base = (
            self.env["calendar.event"]
            .with_user(user)
            .create(
                {
                    "name": "Stand-up",
                    "start": "2031-03-03 09:00:00",
                    "stop": "2031-03-03 09:30:00",
                    "recurrency": True,
                    "rrule_type": "daily",
                    "end_type": "count",
                    "count": LENGTH,
                    "event_tz": "UTC",
                    **values,
                }
            )
        )
        return base.recurrence_id.calendar_event_ids.sorted("start")

    def known(self, rows):
        """Let the sync know the series of these rows, and nothing be noted yet."""
        meeting = self.env["outlook.meeting"].create(
            {
                "event_id": rows[0].id,
                "recurrence_ref": rows.recurrence_id.id,
                "state": "linked",
            }
        )
        self.noted()
        return meeting

    def noted(self):
        """Return (series, event, kind) of what is in the outbox, without repeats; empty it.

        The event of a row that names a series is any of it, so it is left out.
        """
        self.env.flush_all()
        rows = self.env["outlook.outbox"].search([])
        self.assertLess(len(rows), LENGTH / 2, "rows per occurrence")
        found = {
            (row.recurrence_id, row.event_id if not row.recurrence_id else 0, row.kind)
            for row in rows
        }
        rows.unlink()
        return found


@tagged("post_install", "-at_install")
class TestSeriesNoticing(SeriesCase):
    def test_a_new_series_is_noted_as_one(self):
        """However many occurrences it has: its number, and that of the event it began with."""
        rows = self.make(self.ann)

        noted = self.noted()
        self.assertIn((rows.recurrence_id.id, 0, "create"), noted)
        self.assertEqual({0, rows[0].id}, {event for _series, event, _kind in noted})

    def test_an_edit_of_all_is_noted_as_one(self):
        """A new name for all 30 occurrences: one row of the outbox."""
        rows = self.make(self.ann)
        meeting = self.known(rows)
        rows[3].write({"name": "Other", "recurrence_update": "all_events"})

        self.env.flush_all()
        outbox = self.env["outlook.outbox"].search([])
        self.assertEqual({meeting}, set(outbox.meeting_id))
        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

    def test_an_edit_of_one_is_noted_for_its_series(self):
        """An occurrence is part of one meeting."""
        rows = self.make(self.ann)
        self.known(rows)
        rows[3].write({"name": "Other"})

        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

    def test_this_and_following_is_noted_for_both_series(self):
        """The series that ends and the one that begins; no row per archived occurrence."""
        rows = self.make(self.ann)
        old = rows.recurrence_id
        self.known(rows)
        rows[10].write({"name": "Other", "recurrence_update": "future_events"})

        new = rows[10].recurrence_id
        self.assertNotEqual(old, new)
        noted = self.noted()
        self.assertLessEqual({(old.id, 0, "write"), (new.id, 0, "create")}, noted)
        self.assertLessEqual({event for _series, event, _kind in noted}, {0, rows[10].id})

    def test_another_time_for_all_is_noted_for_the_new_recurrence(self):
        """Odoo makes a new recurrence around the base event; the old one's end is noted, too."""
        rows = self.make(self.ann)
        old, base = rows.recurrence_id.id, rows[0]
        self.known(rows)
        rows[3].write(
            {
                "start": "2031-03-06 11:00:00",
                "stop": "2031-03-06 11:30:00",
                "recurrence_update": "all_events",
            }
        )

        noted = self.noted()
        self.assertLessEqual({(old, 0, "unlink"), (base.recurrence_id.id, 0, "create")}, noted)

    def test_a_deletion_of_all_is_noted_with_its_meeting(self):
        """Odoo deletes the recurrence first: the outbox knows which meeting that was."""
        rows = self.make(self.ann)
        ref = rows.recurrence_id.id
        meeting = self.known(rows)
        rows[3].action_mass_deletion("all_events")

        self.env.flush_all()
        outbox = self.env["outlook.outbox"].search([])
        self.assertEqual({meeting}, set(outbox.meeting_id))
        self.assertIn((ref, 0, "unlink"), self.noted())

    def test_a_deletion_of_the_rest_is_noted_as_one(self):
        """This and following: the series that gets shorter."""
        rows = self.make(self.ann)
        self.known(rows)
        rows[3].action_mass_deletion("future_events")

        self.assertEqual({(rows[0].recurrence_id.id, 0, "unlink")}, self.noted())

    def test_an_archived_and_an_unarchived_row_is_noted_for_its_series(self):
        """One occurrence goes and comes back."""
        rows = self.make(self.ann)
        self.known(rows)
        rows[3].action_archive()
        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

        rows[3].action_unarchive()
        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

    def test_a_detached_row_is_noted_by_itself_and_for_its_series(self):
        """A meeting of its own from now on, and one occurrence less."""
        rows = self.make(self.ann)
        self.known(rows)
        rows[3].action_outlook_detach()

        noted = self.noted()
        self.assertEqual({(rows[0].recurrence_id.id, 0, "write"), (0, rows[3].id, "write")}, noted)
        self.assertEqual("UTC", rows[3].outlook_zone)
        self.assertFalse(rows[3].recurrency)

    def test_the_row_that_stays_of_a_series_is_noted_by_itself(self):
        """A series that stops recurring: its one row is a meeting to look at."""
        rows = self.make(self.ann)
        self.known(rows)
        kept = rows[3]
        kept.write({"recurrency": False, "recurrence_update": "all_events"})

        self.assertIn((0, kept.id, "write"), self.noted())

    def test_unarchived_rows_of_a_split_are_noted_by_themselves(self):
        """What *this and following* archived belongs to no series any more."""
        rows = self.make(self.ann)
        self.known(rows)
        rows[28].write({"name": "Other", "recurrence_update": "future_events"})
        self.noted()
        rows[29].action_unarchive()

        self.assertEqual({(0, rows[29].id, "write")}, self.noted())

    def test_a_person_without_an_account_leaves_nothing(self):
        """No outbox row for whatever happens to the series."""
        rows = self.make(self.carl)
        rows[10].write({"name": "Other", "recurrence_update": "future_events"})
        rows[0].action_mass_deletion("all_events")

        self.assertEqual(set(), self.noted())

    def test_a_person_without_an_account_pays_one_query(self):
        """For 30 rows as for one, and for the recurrence."""
        rows = self.make(self.carl)
        ids, series = rows.ids, rows.recurrence_id.ids
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            noticing.note_events(self.env, ids, "write")
        with self.assertQueryCount(1):
            noticing.note_series(self.env, series, "write")

    def _many_writes(self, rows, *, hour=11):
        for row in rows:
            row.write({"start": row.start.replace(hour=hour), "stop": row.stop.replace(hour=hour)})

    def test_many_writes_together_are_noted_once(self):
        """A round retimes the rows of a series one by one: one row of the outbox."""
        rows = self.make(self.ann)
        self.known(rows)
        with noticing.together(self.env):
            self._many_writes(rows)
            with noticing.together(self.env):
                rows[0].write({"name": "Other"})
            self.assertEqual(set(), self.noted())

        self.assertEqual(1, self.env["outlook.outbox"].search_count([]))
        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())
        rows[0].write({"name": "At once"})
        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

    def test_what_was_undone_is_not_noted(self):
        """An exception ends it: nothing of it was written, and the next write is noted at once."""
        rows = self.make(self.ann)
        self.known(rows)
        with self.assertRaises(ZeroDivisionError), noticing.together(self.env):
            rows[0].write({"name": "Other"})
            raise ZeroDivisionError
        self.assertEqual(set(), self.noted())
        rows[3].write({"name": "Other"})

        self.assertEqual({(rows.recurrence_id.id, 0, "write")}, self.noted())

    def test_what_a_row_leaves_cannot_wait(self):
        """A row changes hands while many are written: both mailboxes hear of it."""
        rows = self.make(self.ann)
        self.known(rows)
        other = self.env["outlook.account"].create(
            {"user_id": self.carl.id, "state": "active", "object_id": "carl"}
        )
        with noticing.together(self.env):
            rows[3].write({"user_id": self.carl.id})

        outbox = self.env["outlook.outbox"].search([])
        self.assertEqual(self.account + other, outbox.account_id)


@tagged("post_install", "-at_install")
class TestOrigins(SeriesCase):
    def _start(self, event):
        return str(event.outlook_original_start or "")

    def test_the_first_move_is_from_the_original_start(self):
        """Moved twice: the start that the rule gave it is remembered."""
        row = self.make(self.ann)[3]
        row.write({"start": "2031-03-06 11:00:00", "stop": "2031-03-06 11:30:00"})
        row.write({"start": "2031-03-06 12:00:00", "stop": "2031-03-06 12:30:00"})

        self.assertEqual("2031-03-06 09:00:00", self._start(row))
        self.assertFalse(row.copy().outlook_original_start)

    def test_an_edit_without_a_move_has_no_original_start(self):
        """A new name, a new end, and the old start once more."""
        row = self.make(self.ann)[3]
        row.write({"name": "Other", "start": row.start, "stop": "2031-03-06 10:00:00"})

        self.assertEqual("", self._start(row))

    def test_an_all_day_row_remembers_its_day(self):
        """Moved by its dates: the day it was on."""
        row = self.make(self.ann, allday=True, start_date="2031-03-03", stop_date="2031-03-03")[3]
        row.write({"start_date": "2031-03-20", "stop_date": "2031-03-20"})

        self.assertEqual("2031-03-06", self._start(row)[:10])

    def test_the_same_recurrence_once_more_changes_nothing(self):
        """Odoo writes it again with every expansion."""
        row = self.make(self.ann)[3]
        row.write({"start": "2031-03-06 11:00:00", "stop": "2031-03-06 11:30:00"})
        row.recurrence_id.calendar_event_ids |= row
        row.write({"recurrence_id": row.recurrence_id.id})

        self.assertEqual("2031-03-06 09:00:00", self._start(row))
        self.assertFalse(row.outlook_former_recurrence)

    def test_another_recurrence_voids_the_original_start(self):
        """*This and following* at a moved row: it begins another series."""
        rows = self.make(self.ann)
        old = rows.recurrence_id.id
        rows[3].write({"start": "2031-03-06 11:00:00", "stop": "2031-03-06 11:30:00"})
        rows[3].write({"name": "Other", "recurrence_update": "future_events"})

        self.assertEqual("", self._start(rows[3]))
        self.assertEqual(old, rows[3].outlook_former_recurrence)

    def test_the_rows_of_a_deleted_recurrence_remember_it(self):
        """The database empties the reference by itself: it is stored before."""
        rows = self.make(self.ann)
        old = rows.recurrence_id
        rows[3].write({"start": "2031-03-06 11:00:00", "stop": "2031-03-06 11:30:00"})
        ref = old.id
        old.unlink()

        self.assertEqual({ref}, set(rows.mapped("outlook_former_recurrence")))
        self.assertEqual("", self._start(rows[3]))
        self.assertFalse(rows.recurrence_id)
