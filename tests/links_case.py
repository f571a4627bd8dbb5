"""What tests of meeting links share."""

from .common import ANN, SandboxCase


class LinksCase(SandboxCase):
    """Ann has Teams; what she makes is without it unless a choice says otherwise."""

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def choose_for_mailbox(self, choice):
        """Let Ann's mailbox make Teams meetings: never, always or of meetings with guests."""
        self.account(self.ann).teams = choice

    def sent(self, name="Meeting", **values):
        """Make a meeting here, let it arrive and forget what that took."""
        event = self.make(self.ann, name=name, **values)
        self.sync(self.ann)
        self.written()
        self.told()
        return event

    def there(self, name="Meeting"):
        """Return the event in Ann's mailbox."""
        return self.remote(ANN, name)

    def join_url(self, name="Meeting"):
        """Return where Outlook says that a meeting is joined; None where it is no Teams meeting."""
        meeting = self.there(name)["onlineMeeting"]
        return meeting and meeting["joinUrl"]

    def change_there(self, name="Meeting", **values):
        """Change a meeting as Ann in Outlook, and bring it over."""
        self.sandbox.change_event(ANN, self.there(name)["id"], values)
        self.told()
        self.sync(self.ann)

    def assertStill(self):
        """No further round writes anything on either side, or mails anybody."""
        self.sync(self.ann)
        self.account(self.ann).calendar_ids.write({"delta_link": False})
        self.written()
        self.told()
        run = self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertEqual(0, run.changed_local + run.created_local)

    def assertOnline(self, event):
        """A Teams meeting there, whose link is the meeting URL here."""
        self.assertTrue(self.join_url(event.name))
        self.assertEqual(self.join_url(event.name), event.videocall_location)
