"""A meeting of Ann's that gets another organizer, and what became of it in all mailboxes."""

from .common import ANN, BOB, SandboxCase

CARL = "carl@contoso.example"


class OrganizerCase(SandboxCase):
    """Ann's meeting *Plan* with Bob, Carl and somebody outside; Ann and Bob have mailboxes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls._user("carl", CARL, "Europe/Brussels")

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)

    def plan(self, *users, name="Plan", **values):
        """Make a meeting of Ann's with these users and the guest, known to all mailboxes."""
        guests = self.ann.partner_id | self.guest
        for user in users:
            guests |= user.partner_id
        event = self.make(self.ann, name=name, partner_ids=[(6, 0, guests.ids)], **values)
        self.settle()
        self.told()
        self.written()
        return event

    def settle(self):
        """Let everybody's rounds run until nothing is left to do."""
        connected = self.env["outlook.account"].search([("state", "=", "active")]).user_id
        for _turn in range(3):
            self.sync(*connected.sorted("id"))

    def give(self, event, user, by=None, **values):
        """Make `user` the organizer."""
        self.write(event, by or self.ann, user_id=user.id, **values)

    def kinds(self):
        """Return what Exchange mailed since, in the order in which it did: (kind, from, to)."""
        mails = [(one.kind, one.sender, to) for one in self.sandbox.mails for to in one.recipients]
        self.sandbox.state.mails.clear()
        return mails

    def carl_with_mailbox(self):
        """Return Carl, who has a mailbox in the organization."""
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="Europe/Brussels")
        return self.carl

    def answer(self, event, user, how):
        """Let a user answer here."""
        rows = event.with_user(user).attendee_ids
        getattr(rows.filtered(lambda one: one.partner_id == user.partner_id), how)()

    def current(self, address, subject):
        """Return the one event of that subject in a mailbox that is not cancelled, if any."""
        found = [
            one
            for one in self.sandbox.events(address)
            if one["subject"] == subject and not one["isCancelled"]
        ]
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def tombstones(self):
        """Return the rows of what was in Outlook once."""
        return self.env["outlook.meeting"].search([("event_id", "=", False)])
