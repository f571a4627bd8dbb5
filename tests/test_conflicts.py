"""Where both sides changed one thing: both values are kept, and a person may use the other one."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, SandboxCase, graph_time

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestConflicts(SandboxCase):
    """Ann's meeting is in step; then both sides change it before the next round."""

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def begin(self, **values):
        """Make a meeting here and bring it in step."""
        event = self.make(self.ann, **values)
        self.sync(self.ann)
        return event

    def differ(self, event, there, **here):
        """Change both sides, and let Outlook's edit be the newer one."""
        self.sandbox.change_event(ANN, self.remote(ANN, event.name)["id"], there)
        self.write(event, self.ann, **here)
        self.sync(self.ann)
        return self.conflicts(event)

    def conflicts(self, event):
        """Return what Ann is shown on the form of an event."""
        self.env.invalidate_all()
        return event.with_user(self.ann).outlook_conflict_ids

    def assertStill(self):
        """A further round writes nothing and opens no conflict."""
        self.written()
        before = self.env["outlook.conflict"].search_count([])
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual(before, self.env["outlook.conflict"].search_count([]))

    def test_both_values_are_shown_on_the_meeting(self):
        """What was kept, on which side it was, and what the other side said."""
        event = self.begin(location="Room 1")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        self.assertEqual("Room 2", event.location)
        self.assertEqual("Location", conflict.field_label)
        self.assertEqual("Room 2 (Outlook)", conflict.kept_words)
        self.assertIn("Room 3 (", conflict.lost_words)
        self.assertIn("Outlook", event.with_user(self.ann).outlook_conflict_notice)
        self.assertStill()

    def test_use_the_other_one_is_an_ordinary_edit(self):
        """It goes out as one PATCH of that field, and the conflict is over."""
        event = self.begin(location="Room 1")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        conflict.with_user(self.ann).action_use()
        self.assertEqual("Room 3", event.location)
        self.written()
        self.sync(self.ann)
        self.assertEqual("Room 3", self.remote(ANN, "Meeting")["location"]["displayName"])
        self.assertEqual(["PATCH"], [method for method, _path in self.written()])
        self.assertEqual("used", conflict.state)
        self.assertFalse(self.conflicts(event))
        self.assertStill()

    def test_outlooks_value_can_be_used_where_this_sides_was_kept(self):
        """By the setting this side wins; the other one is there all the same."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.conflict_winner", "local")
        event = self.begin(location="Room 1")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        self.assertEqual("Room 3", self.remote(ANN, "Meeting")["location"]["displayName"])
        conflict.with_user(self.ann).action_use()
        self.sync(self.ann)
        self.assertEqual("Room 2", self.remote(ANN, "Meeting")["location"]["displayName"])
        self.assertEqual("Room 2", event.location)
        self.assertStill()

    def test_every_kind_of_field_can_be_used(self):
        """Subject, text, time, privacy, reminder, tags and how busy one is, each by itself."""
        event = self.begin(description="<p>one</p>")
        later = self.soon(hour=12)
        there = {
            "subject": "Theirs",
            "body": {"contentType": "html", "content": "<p>theirs</p>"},
            "start": graph_time(later),
            "end": graph_time(later + HOUR),
            "sensitivity": "private",
            "isReminderOn": True,
            "reminderMinutesBeforeStart": 5,
            "showAs": "free",
        }
        alarm = self.env["calendar.alarm"].create(
            {"name": "Ten", "alarm_type": "notification", "duration": 10, "interval": "minutes"}
        )
        start = self.soon(hour=15)
        found = self.differ(
            event,
            there,
            name="Ours",
            description="<p>ours</p>",
            start=start,
            stop=start + HOUR,
            privacy="confidential",
            alarm_ids=[(6, 0, alarm.ids)],
            show_as="busy",
        )
        self.assertEqual("Theirs", event.name)
        self.assertEqual(
            {"subject", "body", "when", "sensitivity", "reminder"}, set(found.mapped("field"))
        )
        found.with_user(self.ann).action_use()
        self.sync(self.ann)
        self.assertEqual(("Ours", start, "confidential"), (event.name, event.start, event.privacy))
        self.assertEqual(alarm, event.alarm_ids)
        self.assertIn("ours", event.description)
        shown = self.remote(ANN, "Ours")
        self.assertIn("ours", shown["body"]["content"])
        self.assertEqual("confidential", shown["sensitivity"])
        self.assertEqual(10, shown["reminderMinutesBeforeStart"])
        self.assertStill()
