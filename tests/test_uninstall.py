"""An uninstallation leaves Odoo's calendar as it was, and nothing of ours behind."""

from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def test_nothing_that_was_configured_stays_behind(self):
        """Parameters are made at run time, so Odoo would leave them, the secret among them."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.client_secret", "sealed")
        parameters.set_param("outlook_calendar.enabled", "True")
        parameters.set_param("outlook_calendarish.other", "not ours")

        uninstall(self.env)

        left = parameters.search([("key", "like", "outlook_calendar")])
        self.assertEqual(["outlook_calendarish.other"], left.mapped("key"))

    def test_meetings_stay_as_they_are(self):
        """Taking away what the sync knows of a meeting changes nothing of the meeting itself."""
        event = self.env["calendar.event"].create(
            {"name": "Review", "start": "2026-03-02 09:00:00", "stop": "2026-03-02 10:00:00"}
        )
        meeting = self.env["outlook.meeting"].create({"event_id": event.id, "state": "linked"})
        ours = [name for name in event._fields if name.startswith("outlook_")]
        kept = [name for name in event._fields if name not in ours]
        before = event.read(kept)

        uninstall(self.env)
        meeting.unlink()

        self.assertEqual(before, event.read(kept))
