"""What an administrator and a user do on the first day, on their own screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from conftest import soon, until
from playwright.sync_api import Page, Route, expect

from workbench.stage import CLIENT_ID, CLIENT_SECRET, RETURN_PATH, Person, Stage

BUTTON = ".o_outlook_button"
_EVENTS = "**/web/dataset/call_kw/calendar.event/search_read*"
_START = datetime.now(timezone.utc) + timedelta(days=30)
_FAR_OFF = {"start": f"{_START:%F %T}", "stop": f"{_START + timedelta(hours=1):%F %T}"}


def test_an_administrator_configures_and_a_user_connects(
    scene: Stage, open_as: Callable[..., Page]
) -> None:
    """Two things are pasted and saved once; then a user needs one click and a sign-in."""
    redirect_uri = scene.odoo.url + RETURN_PATH
    scene.control.add_app(client_id=CLIENT_ID, secret=CLIENT_SECRET, redirect_uris=[redirect_uri])
    _configure(open_as("admin", "/odoo/settings", "admin"), redirect_uri)
    first = scene.employ("First User", "first.user@contoso.example", zone="Europe/Brussels")
    scene.control.create_event(first.address, {"subject": "Was there", **soon(hours=1)})
    page = open_as(first.odoo.login, "/odoo/calendar")

    _sign_in(page, first)

    expect(page.locator(f"{BUTTON}[data-state=synced]")).to_be_visible()
    expect(page.locator(BUTTON).locator("..")).to_contain_text(first.address)
    expect(page.locator(".fc-event", has_text="Was there")).to_be_visible()
    assert "code=" not in scene.odoo.text()


def _configure(page: Page, redirect_uri: str) -> None:
    block = page.locator("#outlook_calendar_setting")
    block.locator("input[type=checkbox]").first.check()
    expect(block).to_contain_text("Redirect URI")
    expect(block.locator("[name=outlook_calendar_redirect_uri]")).to_contain_text(redirect_uri)
    block.locator("[name=outlook_calendar_client_id] input").fill(CLIENT_ID)
    block.locator("[name=outlook_calendar_client_secret] input").fill(CLIENT_SECRET)
    page.evaluate("window.isFromBefore = true")
    page.click(".o_form_button_save")
    # The web client writes its address anew, and then reloads.
    page.wait_for_function("!window.isFromBefore && document.readyState === 'complete'")
    expect(block.locator("[name=outlook_calendar_client_id] input")).to_have_value(CLIENT_ID)
    expect(block.locator("[name=outlook_calendar_client_secret] input")).to_have_value("")
    assert CLIENT_SECRET not in page.content()
    block.get_by_role("button", name="Test connection").click()
    expect(page.locator(".o_notification", has_text="accepts")).to_be_visible()


def _sign_in(page: Page, person: Person, *, decision: str = "accept") -> None:
    page.locator(f"{BUTTON}[data-state=connect] button").click()
    page.locator(f"input[name=account][value='{person.address}']").check()
    page.click(f"#{decision}")


def test_a_meeting_appears_in_an_open_calendar(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """The calendar refreshes itself when a round brought something: nobody reloads the page."""
    person = employ(connect=True)
    page = open_as(person.odoo.login, "/odoo/calendar")
    expect(page.locator(f"{BUTTON}[data-state=synced]")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")
    made = configured.control.create_event(
        person.address, {"subject": "Late news", **soon(hours=2)}
    )

    person.odoo.rpc("/outlook_calendar/sync")  # from elsewhere; the open page is left alone

    expect(page.locator(".fc-event", has_text="Late news")).to_be_visible()
    configured.control.change_event(person.address, made["id"], {"subject": "Later news"})
    person.odoo.rpc("/outlook_calendar/sync")
    expect(page.locator(".fc-event", has_text="Later news")).to_be_visible()
    assert page.evaluate("window.isTheSamePage")


def test_a_page_that_hears_no_message_shows_what_came(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """A lost message costs a while: the page asks by itself, and draws what it did not have yet."""
    person = employ()
    configured.control.create_event(person.address, {"subject": "Was there", **soon(hours=1)})
    page = open_as(person.odoo.login, "/odoo/calendar", deaf=True)
    _sign_in(page, person)
    expect(page.locator(".fc-event", has_text="Was there")).to_be_visible()
    expect(page.locator(f"{BUTTON}[data-state=synced]")).to_be_visible()
    configured.control.create_event(person.address, {"subject": "Late news", **soon(hours=2)})
    person.odoo.rpc("/outlook_calendar/sync", wait=True)

    page.clock.fast_forward("00:35")  # as if so long had passed: nobody waits for it here

    expect(page.locator(".fc-event", has_text="Late news")).to_be_visible()


def test_news_that_come_while_the_calendar_is_loading_are_shown(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """What arrives between the first data's departure and its drawing is not lost."""
    person = employ(connect=True)
    page = open_as(person.odoo.login, "/odoo")

    def answer_late(route: Route) -> None:
        empty = route.fetch()
        configured.control.create_event(person.address, {"subject": "Meanwhile", **soon(hours=1)})
        person.odoo.rpc("/outlook_calendar/sync", wait=True)
        assert "Meanwhile" not in empty.text()
        route.fulfill(response=empty)

    page.route(_EVENTS, answer_late, times=1)
    page.goto(configured.odoo.url + "/odoo/calendar")

    expect(page.locator(".fc-event", has_text="Meanwhile")).to_be_visible()


def test_an_open_calendar_shows_that_the_account_was_reset_elsewhere(
    employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """What is learnt is drawn at once: the button offers to connect again, the page stays."""
    person = employ(connect=True)
    page = open_as(person.odoo.login, "/odoo/calendar")
    expect(page.locator(f"{BUTTON}[data-state=synced]")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")

    wizard = person.odoo.call(
        "outlook.account.reset",
        "create",
        {"user_id": person.odoo.uid, "delete_policy": "keep", "sync_policy": "all"},
    )
    person.odoo.call("outlook.account.reset", "action_confirm", [wizard])

    until(lambda: person.odoo.rpc("/outlook_calendar/status")["state"] == "connect")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    # Sooner than the button's own clock, which draws it anew every 30 s.
    expect(page.locator(f"{BUTTON}[data-state=connect]")).to_be_visible(timeout=25_000)
    assert page.evaluate("window.isTheSamePage")


def test_a_meeting_made_in_the_calendar_is_in_outlook(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """Made with two clicks in the week view; a while later Outlook's page shows it too."""
    person = employ(connect=True)
    page = open_as(person.odoo.login, "/odoo/calendar")
    expect(page.locator(f"{BUTTON}[data-state=synced]")).to_be_visible()

    page.locator("td.fc-timegrid-slot-lane[data-time='10:00:00']").click()
    page.locator(".o_calendar_event_form_quick_create [name=name] input").fill("Made with a click")
    page.locator(".modal-footer").get_by_role("button", name="Save").click()

    expect(page.locator(".fc-event", has_text="Made with a click")).to_be_visible()
    outlook = page.context.new_page()
    outlook.goto(f"{configured.outlook_url}{person.address}/list")
    expect(outlook.locator("[data-testid=event][data-subject='Made with a click']")).to_be_visible()


def test_a_cancelled_sign_in_says_so(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """Whoever cancels at Microsoft is back in the calendar, is told, and is not connected."""
    person = employ()
    page = open_as(person.odoo.login, "/odoo/calendar")

    _sign_in(page, person, decision="cancel")

    expect(page.locator(".o_notification")).to_contain_text("cancel")
    expect(page.locator(f"{BUTTON}[data-state=connect]")).to_be_visible()


def test_saving_does_not_wait_for_microsoft(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """While a round of the same mailbox hangs in HTTP a save comes through, and is sent later."""
    person = employ(connect=True)
    control = configured.control
    control.fault("hold", mailbox=person.address, times=None)
    person.odoo.rpc("/outlook_calendar/sync")
    until(lambda: any(fault["hits"] for fault in control.faults()))
    control.clear_requests()

    person.odoo.call("calendar.event", "create", {"name": "Meanwhile", **_FAR_OFF})

    assert control.requests() == []  # the round still hangs
    control.clear_faults()
    until(lambda: len(control.find_events(person.address, "Meanwhile")) == 1)
