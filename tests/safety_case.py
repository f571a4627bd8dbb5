"""Many meetings on both sides, and what becomes of them when many are deleted at once."""

from .common import ANN, SandboxCase


class SafetyCase(SandboxCase):
    """Ann is connected. Three deletions are asked about where the settings' five would be."""

    def setUp(self):
        super().setUp()
        self.limit(least=3)
        self.account_of_ann = self.connect(self.ann, ANN)

    def limit(self, **limits):
        """Set `deletions`, `percent` or `least` (see `settings.deletion_limits`)."""
        for name, value in limits.items():
            self.env["ir.config_parameter"].set_param(f"outlook_calendar.stop_{name}", str(value))

    def fill(self, count, *, guests=(), user=None, name="Meeting"):
        """Make so many meetings here, bring them to Outlook, and forget what that took."""
        values = [
            {
                "name": f"{name} {number}",
                "start": self.soon(days=1 + number // 20, hour=number % 20),
                "stop": self.soon(days=1 + number // 20, hour=number % 20 + 1),
                "partner_ids": [(4, partner.id) for partner in guests],
            }
            for number in range(count)
        ]
        events = self.env["calendar.event"].with_user(user or self.ann).create(values).sudo()
        self.sync(user or self.ann)
        self.told()
        self.written()
        return events

    def delete_there(self, events, *, address=ANN):
        """Delete these in Outlook, as their owner does: their guests are told."""
        for event in events:
            self.sandbox.delete_event(address, self.remote(address, event.name)["id"])

    def lose_there(self, *, address=ANN):
        """Let a mailbox lose all its meetings without a word to anybody; return them."""
        mailbox = self.sandbox.state.mailbox(address)
        lost = list(mailbox.items.values())
        for item in lost:
            mailbox.discard(item)
        return lost

    def put_back(self, items, *, address=ANN):
        """Let a mailbox have meetings again that it lost."""
        mailbox = self.sandbox.state.mailbox(address)
        for item in items:
            mailbox.items[item.uid] = item
            mailbox.touch(item)

    def waiting(self, user=None):
        """Return what waits for a user."""
        stops = self.env["outlook.stop"].search([("state", "=", "open")])
        return stops.filtered(lambda stop: stop.user_id == (user or self.ann))

    def delete_them(self, user=None):
        """Press the button, and let a round run."""
        self.waiting(user).with_user(user or self.ann).action_delete()
        self.sync(user or self.ann)

    def keep_them(self, user=None):
        """Press the other button, and let a round run."""
        self.waiting(user).with_user(user or self.ann).action_restore()
        self.sync(user or self.ann)

    def there(self, address=ANN):
        """Return the subjects in a mailbox."""
        items = self.sandbox.state.mailbox(address).items.values()
        return sorted(item.content["subject"] for item in items)

    def here(self, events):
        """Return those that are in the calendar here."""
        return events.exists().filtered("active")

    def assertQuiet(self, *users):
        """A further round changes nothing, anywhere."""
        self.written()
        self.told()
        here = self.env["calendar.event"].with_context(active_test=False).search([])
        before = [(event, event.active, event.name) for event in here]
        self.sync(*(users or [self.ann]))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        now = self.env["calendar.event"].with_context(active_test=False).search([])
        self.assertEqual(before, [(event, event.active, event.name) for event in now])
