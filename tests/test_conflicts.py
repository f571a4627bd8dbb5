"""Where both sides changed one thing: both values are kept, and a person may use the other one."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

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
        privacy = found.filtered(lambda one: one.field == "sensitivity")
        self.assertIn("Private (Outlook)", privacy.kept_words)
        self.assertIn("Only internal users (", privacy.lost_words)  # as the form's field has it
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

    def test_a_later_edit_settles_it(self):
        """Here or in Outlook; one of another field does not."""
        event = self.begin(location="Room 1", name="One")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        self.write(event, self.ann, name="Another")
        self.sync(self.ann)
        self.assertEqual(conflict, self.conflicts(event))
        self.write(event, self.ann, location="Room 4")
        self.sync(self.ann)
        self.assertEqual("settled", conflict.state)
        self.assertFalse(self.conflicts(event))
        with self.assertRaises(UserError):
            conflict.with_user(self.ann).action_use()

        again = self.differ(event, {"location": {"displayName": "Room 5"}}, location="Room 6")
        shown = self.remote(ANN, "Another")
        self.sandbox.change_event(ANN, shown["id"], {"location": {"displayName": "Room 7"}})
        self.sync(self.ann)
        self.sync(self.ann)
        self.assertEqual("Room 7", event.location)
        self.assertEqual("settled", again.state)

    def test_keep_settles_it(self):
        """Nothing is written anywhere."""
        event = self.begin(location="Room 1")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        self.written()
        conflict.with_user(self.ann).action_keep()
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual(("settled", "Room 2"), (conflict.state, event.location))

    def test_who_may_not_edit_the_meeting_settles_nothing(self):
        """A colleague is shown nothing of it, and is refused; a guest may."""
        event = self.begin(location="Room 1")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        self.assertFalse(event.with_user(self.bob).outlook_conflict_ids)
        self.assertFalse(self.env["outlook.conflict"].with_user(self.bob).search([]))
        for button in ("action_use", "action_keep"):
            with self.assertRaises(AccessError):
                getattr(conflict.with_user(self.bob), button)()
        event.partner_ids |= self.bob.partner_id
        self.env.invalidate_all()
        self.assertEqual(conflict, event.with_user(self.bob).outlook_conflict_ids)
        conflict.with_user(self.bob).action_use()
        self.assertEqual("Room 3", event.location)

    def test_an_administrator_learns_nothing_of_a_private_meeting(self):
        """He sees that there is a conflict, and in what; neither subject nor values."""
        admin = new_test_user(self.env, "admin-outlook", groups="base.group_system")
        event = self.begin(name="Surgery", privacy="private")
        conflict = self.differ(event, {"subject": "Doctor"}, name="Hospital")
        seen = self.env["outlook.conflict"].with_user(admin).search([])
        self.assertEqual(conflict, seen)
        names = ["title", "field_label", "kept_words", "lost_words", "display_name"]
        (row,) = seen.read(names)
        self.assertEqual(("Busy", "Subject", False, False), tuple(row[name] for name in names[:4]))
        self.assertEqual("Busy", row["display_name"])
        for name in ("kept", "lost", "here", "path"):
            with self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.action_use()

    def test_what_a_mailbox_keeps_for_itself_is_its_owners(self):
        """A guest of the meeting sees no reminder of Ann's that lost."""
        event = self.begin(partner_ids=[(6, 0, (self.ann | self.bob).partner_id.ids)])
        alarm = self.env["calendar.alarm"].create(
            {"name": "Ten", "alarm_type": "notification", "duration": 10, "interval": "minutes"}
        )
        there = {"isReminderOn": True, "reminderMinutesBeforeStart": 5}
        conflict = self.differ(event, there, alarm_ids=[(6, 0, alarm.ids)])
        self.assertEqual("10 minutes before", conflict.lost_words.partition(" (")[0])
        self.assertFalse(event.with_user(self.bob).outlook_conflict_ids)
        self.assertFalse(conflict.with_user(self.bob).lost_words)

    def test_an_edit_beats_a_deletion_either_way(self):
        """Deleted here and edited there, it comes back; deleted there and edited here, it stays."""
        event = self.begin(name="Here")
        there = self.begin(name="There")
        self.sandbox.change_event(ANN, self.remote(ANN, "Here")["id"], {"subject": "Edited"})
        self.sandbox.delete_event(ANN, self.remote(ANN, "There")["id"])
        event.with_user(self.ann).action_archive()
        self.write(there, self.ann, location="Room 9")
        self.sync(self.ann)
        self.sync(self.ann)
        self.assertEqual((True, "Edited"), (event.active, event.name))
        self.assertTrue(self.remote(ANN, "Edited"))
        self.assertTrue(there.active)
        self.assertEqual("Room 9", self.remote(ANN, "There")["location"]["displayName"])

    def test_settled_ones_expire_and_open_ones_do_not(self):
        """Whoever cleans up asks for those that were settled before a moment."""
        event = self.begin(location="Room 1", name="One")
        conflict = self.differ(event, {"location": {"displayName": "Room 2"}}, location="Room 3")
        later = self.env.cr.now() + timedelta(days=1)
        conflicts = self.env["outlook.conflict"]
        self.assertFalse(conflicts._expired(later))
        conflict.with_user(self.ann).action_keep()
        self.assertEqual(conflict, conflicts._expired(later))
        self.assertFalse(conflicts._expired(later - timedelta(days=2)))
