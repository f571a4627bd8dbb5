"""Who is mailed, by name: Exchange's log of mails, and what Odoo hands to its mail server.

`assertMailed` is what each row of the table *Who mails* ends with: everything that was mailed since
the last time, by either side, as (kind, address); nothing else may have been.
"""

import re
from datetime import timedelta

from odoo.tests import new_test_user

from odoo.addons.mail.tests.common import MockEmail

from .common import ANN, BOB, GUEST, SandboxCase

DORA = "dora@contoso.example"
VISITOR = "visitor@else.example"
#: What Odoo's mails about meetings are, by their subjects.
_KINDS = (
    (re.compile(r"^Invitation to "), "invitation"),
    (re.compile(r": Date updated$"), "update"),
    (re.compile(r"^Deleted event: "), "cancellation"),
    (re.compile(r" - Reminder$"), "reminder"),
)


def everybody(kind, *addresses):
    """Return the same mail to each of these people, the guests of *Board* unless told others."""
    return [(kind, address) for address in addresses or (BOB, GUEST)]


class MailCase(MockEmail, SandboxCase):
    """Ann has a mailbox and organizes *Board* with Bob, who has one, and somebody outside.

    *Dora* is a colleague without a mailbox, the visitor a user of the portal.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora = cls._user("dora", DORA, "Europe/Brussels")
        cls.visitor = new_test_user(
            cls.env, "visitor-outlook", email=VISITOR, groups="base.group_portal"
        )

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def connect_both(self):
        """Let Ann and Bob connect their mailboxes."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def board(self, *, user=None, **values):
        """Make *Board*, and let nobody have heard of it so far."""
        guests = self.bob.partner_id | self.guest
        organizer = values.get("user_id") and self.env["res.users"].browse(values["user_id"])
        people = guests | (organizer or user or self.ann).partner_id
        values = {"name": "Board", "partner_ids": [(6, 0, people.ids)], **values}
        return self.make(user or self.ann, **values)

    def known_board(self, **values):
        """Make *Board* and let all mailboxes have it."""
        event = self.board(**values)
        self.settle()
        self.forget_mails()
        return event

    def weekly(self, **values):
        """Make *Board* a series of four weeks, and return its rows."""
        rule = {"recurrency": True, "rrule_type": "weekly", "interval": 1, "event_tz": "UTC"}
        day = self.soon().strftime("%a").lower()
        rule |= {day: True, "end_type": "count", "count": 4}
        return self.board(**{**rule, **values}).recurrence_id.calendar_event_ids.sorted("start")

    def known_weekly(self, **values):
        """Make the series and let all mailboxes have it."""
        rows = self.weekly(**values)
        self.settle()
        self.forget_mails()
        return rows

    def settle(self):
        """Let everybody's rounds run until nothing is left to do."""
        active = self.env["outlook.account"].search([("state", "=", "active")])
        for _turn in range(2 if active else 0):
            self.sync(*active.user_id.sorted("id"))

    def later(self, event, hours=2):
        """Return the times of an event, some hours later."""
        return {
            "start": event.start + timedelta(hours=hours),
            "stop": event.stop + timedelta(hours=hours),
        }

    def here(self):
        """Return (kind, recipient) of what Odoo mailed, sent or queued, and forget it."""
        self.mails().filtered(lambda mail: mail.state == "outgoing").send()
        found = [
            (_kind(one["subject"]), address.rpartition("<")[2].rstrip(">"))
            for one in self._mails
            for address in one["email_to"]
        ]
        self._mails.clear()
        self._new_mails = self.env["mail.mail"].sudo()
        self._first_mail = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        return sorted(found)

    def forget_mails(self):
        """Let what was mailed so far be of no interest."""
        self.told()
        self.here()

    def assertMailed(self, *, outlook=(), here=()):
        """Check what each side mailed since the last time, after all rounds."""
        self.settle()
        self.assertEqual(
            {"outlook": sorted(outlook), "here": sorted(here)},
            {"outlook": self.told(), "here": self.here()},
        )


def _kind(subject):
    return next((kind for pattern, kind in _KINDS if pattern.search(subject)), subject)
