"""What the tests of the preview share: what was here before, and a mailbox that waits."""

from datetime import timedelta

from .common import ANN, SandboxCase


class PreviewCase(SandboxCase):
    """Ann has meetings here, and connects her mailbox."""

    def existing(self, name="Board", *, guests=True, **values):
        """Make a meeting of Ann's that was here before, with the guest unless told otherwise."""
        partners = self.ann.partner_id + (self.guest if guests else self.guest.browse())
        values.setdefault("partner_ids", [(6, 0, partners.ids)])
        event = self.make(self.ann, name=name, **values)
        rows = event.recurrence_id.calendar_event_ids or event
        for row in rows:
            self.made_before(row)
        return event

    def weekly(self, name="Weekly", *, count=4, days=7, **values):
        """Make a series of Ann's that was here before; return the row that it hangs on."""
        start = self.soon(days)
        rule = {"recurrency": True, "rrule_type": "weekly", "end_type": "count", "count": count}
        weekday = start.strftime("%a").lower()
        return self.existing(
            name,
            start=start,
            stop=start + timedelta(hours=1),
            event_tz="UTC",
            **{**rule, weekday: True, **values},
        )

    def past(self, days=-30):
        """Return the times of a meeting that is over."""
        start = self.soon(days)
        return {"start": start, "stop": start + timedelta(hours=1)}

    def numbers(self, user=None):
        """Return what the preview shows the user."""
        user = user or self.ann
        return self.account(user).with_user(user)._preview()

    def status(self, user=None):
        """Return what the route tells the user."""
        return self.env["outlook.account"].with_user(user or self.ann)._status_of_current_user()

    def look(self):
        """Press *Preview* as Ann."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = self.account(self.ann).with_user(self.ann).action_preview()
        self.env.invalidate_all()
        return action

    def wait(self):
        """Connect Ann's mailbox up to the question, and forget what that took."""
        account = self.connect(self.ann, ANN, choice=None)
        self.assertEqual("preview", account.state)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        return account
