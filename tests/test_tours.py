"""What people see and click, in a real browser: settings, sign-in, the button."""

import json
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo import fields
from odoo.tests import tagged
from odoo.tests.common import ChromeBrowser

from ..bridge import settings
from .http_case import ANNA, CLIENT_ID, SECRET, OutlookHttpCase

CALENDAR = "/odoo/calendar"
PERSON = """
    addEventListener("DOMContentLoaded", () => {
        const person = PERSON;
        const form = location.host === person.host && document.querySelector("form#sign-in");
        if (form && !form.dataset.done) {
            form.dataset.done = "yes";
            form.querySelector(person.account).click();
            form.querySelector(person.decision).click();
        }
    });
"""


class TourCase(OutlookHttpCase):
    """Tours run on Odoo's pages only: on Microsoft's page a script clicks for the person."""

    def setUp(self) -> None:
        super().setUp()
        handle = ChromeBrowser._handle_console

        def handle_what_is_ours(browser, **message):
            # Debian's package of Odoo leaves out one file of `mail`: each page complains of it.
            if "selfie_segmentation" not in str(message.get("args")):
                handle(browser, **message)

        self.startPatcher(patch.object(ChromeBrowser, "_handle_console", handle_what_is_ours))

    def at_microsoft(self, decision: str) -> None:
        """Let Anna choose her account on the sign-in page, and accept or cancel."""
        person = {
            "host": urlsplit(self.sandbox.http_url).netloc,
            "account": f'[data-account="{ANNA}"]',
            "decision": f'[data-action="{decision}"]',
        }
        script = PERSON.replace("PERSON", json.dumps(person))
        navigate = ChromeBrowser.navigate_to

        def navigate_with_a_person(browser, *args, **kwargs):
            browser._websocket_request(
                "Page.addScriptToEvaluateOnNewDocument", params={"source": script}
            )
            return navigate(browser, *args, **kwargs)

        self.startPatcher(patch.object(ChromeBrowser, "navigate_to", navigate_with_a_person))

    def connected(self) -> None:
        """Connect Anna without a sign-in."""
        now = fields.Datetime.now()
        anna = self.env["res.users"].search([("login", "=", "anna")])
        self.env["outlook.account"]._for_user(anna).write(
            {
                "state": "active",
                "address": ANNA,
                "last_round_at": now,
                "last_success_at": now,
            }
        )


@tagged("standard", "post_install", "-at_install")
class TestTours(TourCase):
    """A desktop browser."""

    def test_an_administrator_configures(self) -> None:
        """From the button to saved settings that Microsoft accepts."""
        self.env["ir.config_parameter"].search(
            [("key", "in", ("outlook_calendar.enabled", "outlook_calendar.client_id"))]
        ).unlink()

        self.start_tour(CALENDAR, "outlook_calendar_configure", login="boss")

        app = settings.load_app(self.env)
        self.assertEqual((CLIENT_ID, SECRET), (app.client_id, app.secret))

    def test_a_user_is_told_to_ask(self) -> None:
        """Whoever cannot configure is told who can."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.client_id", False)

        self.start_tour(CALENDAR, "outlook_calendar_ask", login="anna")

    def test_a_user_connects(self) -> None:
        """Through Microsoft's page and back; then pause, resume, disconnect."""
        self.at_microsoft("accept")

        self.start_tour(CALENDAR, "outlook_calendar_connect", login="anna")

        account = self.account("anna")
        self.assertEqual(("new", ANNA), (account.state, account.address))
        self.assertFalse(account.token_cache)

    def test_a_user_cancels(self) -> None:
        """Who cancels reads why nothing is connected."""
        self.at_microsoft("cancel")

        self.start_tour(CALENDAR, "outlook_calendar_cancel", login="anna")

    def test_the_button_moves_to_the_header(self) -> None:
        """With the side panel folded the header has the button."""
        self.connected()

        self.start_tour(CALENDAR, "outlook_calendar_folded", login="anna")

    def test_no_button_when_switched_off(self) -> None:
        """Unticked in the settings, the calendar shows no button."""
        self.connected()
        self.configure(outlook_calendar_enabled=False)

        self.browser_js(
            CALENDAR,
            code="""
                document.querySelector(".o_outlook_button")
                    ? console.error("There is a button")
                    : console.log("test successful")
            """,
            ready="!!document.querySelector('.o_calendar_sidebar .o_datetime_picker')",
            login="anna",
        )


@tagged("standard", "post_install", "-at_install")
class TestPhoneTours(TourCase):
    """A phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_the_button_is_in_the_header(self) -> None:
        """Phones show no side panel; the header has the button and its menu."""
        self.connected()

        self.start_tour(CALENDAR, "outlook_calendar_phone", login="anna")
