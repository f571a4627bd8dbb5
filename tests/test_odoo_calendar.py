"""Odoo's own tests of its calendar, run with this addon's hooks in place.

The originals run at install, before this addon is loaded, and prove nothing about it. Here they are
run as subclasses after everything is installed, in two worlds: nobody has an account, and everybody
has one that looks signed in. No round ever runs, so nobody is asked anything.

Run one world:  workbench odoo-test --tags odoo_calendar_with_accounts
"""

import sys
from collections import Counter

from odoo.tests import TransactionCase, tagged
from odoo.tests.loader import get_module_test_cases

from odoo.addons.calendar.tests import (
    test_access_rights,
    test_attendees,
    test_calendar,
    test_calendar_activity,
    test_calendar_recurrent_event_case2,
    test_event_notifications,
    test_event_recurrence,
    test_mail_activity_mixin,
    test_recurrence_rule,
    test_res_partner,
    test_res_users,
)


class WithoutAccounts:
    """Nobody is connected: this addon is there and has nothing to do."""

    allow_inherited_tests_method = True  # Odoo skips inherited tests otherwise


class WithAccounts:
    """Everybody is connected, OdooBot too: it organizes most meetings of Odoo's tests."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "True")
        cls._connect_everybody()

    def setUp(self):
        super().setUp()
        self._connect_everybody()

    @classmethod
    def _connect_everybody(cls):
        accounts = cls.env["outlook.account"].with_context(active_test=False)
        users = accounts.user_id.search([]) - accounts.search([]).user_id
        accounts.create(
            [
                {
                    "user_id": user.id,
                    "state": "active",
                    "address": user.email,
                    "tenant_id": "contoso",
                    "object_id": f"user-{user.id}",
                    "since": "2000-01-01",
                }
                for user in users
            ]
        )


SUITES = {
    "AccessRights": test_access_rights.TestAccessRights,
    "Attendees": test_attendees.TestEventNotifications,
    "Calendar": test_calendar.TestCalendar,
    "Activities": test_calendar_activity.TestCalendarActivity,
    "RecurrentEvent": test_calendar_recurrent_event_case2.TestRecurrentEvent,
    "Mail": test_event_notifications.TestCalendarMail,
    "Notifications": test_event_notifications.TestEventNotifications,
    "CreateSeries": test_event_recurrence.TestCreateRecurrentEvents,
    "UpdateSeries": test_event_recurrence.TestUpdateRecurrentEvents,
    "UpdateSeveralDays": test_event_recurrence.TestUpdateMultiDayWeeklyRecurrentEvents,
    "UpdateMonthlyByDay": test_event_recurrence.TestUpdateMonthlyByDay,
    "UpdateMonthlyByDate": test_event_recurrence.TestUpdateMonthlyByDate,
    "ActivityMixin": test_mail_activity_mixin.TestMailActivityMixin,
    "RecurrenceRule": test_recurrence_rule.TestRecurrenceRule,
    "Partner": test_res_partner.TestResPartner,
    "Users": test_res_users.TestResUsers,
}
#: Tests of Odoo's that are not run again, and why.
LEFT_OUT = {
    "test_event_activity": "fails on Debian's Odoo without this addon, too: <span> for <p>",
    "test_message_invite_email_notif_mass_queued": "15 seconds about the mail queue's limits",
    "test_same_calendar_default_privacy_as_user_template": "about user templates, 3 seconds",
}


def _run_again(name, suite, world, tag):
    """Make this module's own class of a suite of Odoo's, in one of the worlds."""
    left_out = {test: None for test in LEFT_OUT if hasattr(suite, test)}
    body = {"__module__": __name__, "__doc__": suite.__doc__, **left_out}
    made = type(f"TestOdoo{name}{world.__name__}", (world, suite), body)
    globals()[made.__name__] = tagged("post_install", "-at_install", tag)(made)


for _name, _suite in SUITES.items():
    _run_again(_name, _suite, WithoutAccounts, "odoo_calendar_without_accounts")
    _run_again(_name, _suite, WithAccounts, "odoo_calendar_with_accounts")


@tagged("post_install", "-at_install")
class TestTheyRunWithOurHooks(WithAccounts, TransactionCase):
    """Odoo's tests as subclasses are worth something only where they meet this addon."""

    def test_the_hooks_are_in_the_way_of_every_write(self):
        """In the registry in which the subclasses run, the methods are this addon's."""
        for model, names in {
            "calendar.event": ("create", "write", "unlink"),
            "calendar.recurrence": ("write", "unlink", "_get_rrule"),
            "calendar.attendee": ("create", "write", "unlink", "_notify_attendees"),
        }.items():
            for name in names:
                method = getattr(type(self.env[model]), name)
                self.assertIn(".outlook_calendar.models.", method.__module__, name)

    def test_the_tests_of_odoo_are_picked_up(self):
        """Odoo's loader finds the inherited tests of each class, in both worlds."""
        found = Counter(type(case) for case in get_module_test_cases(sys.modules[__name__]))
        for name, suite in SUITES.items():
            own = [
                one
                for one in dir(suite)
                if one.startswith("test_") and callable(getattr(suite, one)) and one not in LEFT_OUT
            ]
            for world in (WithoutAccounts, WithAccounts):
                made = globals()[f"TestOdoo{name}{world.__name__}"]
                self.assertEqual(len(own), found[made], made.__name__)
                self.assertIn("post_install", made.test_tags)
                self.assertNotIn("at_install", made.test_tags)

    def test_an_edit_is_noticed_in_the_world_with_accounts(self):
        """What the tests with accounts do leaves rows in the outbox: they are no tests of air."""
        self.env["calendar.event"].create({"name": "Noticed"})

        self.assertTrue(self.env["outlook.outbox"].search([]))
