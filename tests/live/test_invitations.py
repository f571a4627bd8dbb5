"""Somebody is invited, and answers on one side: the other side's open page shows it by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from playwright.sync_api import Page, expect

from workbench.stage import Person, Stage

A_WEEK = timedelta(weeks=1)
_SAME_PAGE = "window.isTheSamePage"


def _invite(organizer: Person, guest: Person, subject: str) -> None:
    """Let `organizer` invite `guest`, a week ahead; both mailboxes have the meeting afterwards."""
    day = datetime.now(timezone.utc) + A_WEEK
    start = day.replace(hour=11, minute=0, second=0)
    values = {
        "name": subject,
        "start": f"{start:%F %T}",
        "stop": f"{start + timedelta(hours=1):%F %T}",
        "partner_ids": [[4, _contact(organizer)], [4, _contact(guest)]],
    }
    organizer.odoo.call("calendar.event", "create", [values])
    for person in (organizer, guest):
        person.odoo.rpc("/outlook_calendar/sync", wait=True)


def _contact(person: Person) -> Any:
    users = person.odoo.call(
        "res.users", "search_read", [["login", "=", person.odoo.login]], ["partner_id"]
    )
    return users[0]["partner_id"][0]


def _meeting(page: Page, subject: str, answer: str) -> Any:
    """Return a meeting of the open calendar that is drawn with this answer of the reader."""
    return page.locator(f".fc-event.o_attendee_status_{answer}", has_text=subject)


def test_an_invitation_accepted_in_outlook_shows_in_the_open_calendar(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """*Accept* on Outlook's page: the guest's open calendar shows it, and so does the organizer."""
    organizer, guest = employ(connect=True), employ(connect=True)
    _invite(organizer, guest, "Planning")
    page = open_as(guest.odoo.login, "/odoo/calendar")
    page.locator(".o_calendar_button_next").click()
    expect(_meeting(page, "Planning", "needsAction")).to_be_visible()
    page.evaluate(f"{_SAME_PAGE} = true")
    outlook = page.context.new_page()
    outlook.goto(f"{configured.outlook_url}{guest.address}/list")
    outlook.get_by_test_id("event").click()
    outlook.get_by_test_id("accept").click()
    outlook.get_by_test_id("notice").wait_for()

    guest.odoo.rpc("/outlook_calendar/sync")  # from elsewhere, as the clock does

    expect(_meeting(page, "Planning", "accepted")).to_be_visible()
    assert page.evaluate(_SAME_PAGE)


def test_an_invitation_accepted_in_the_calendar_shows_on_the_open_outlook_page(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """*Yes* in the calendar: Outlook's open page shows the answer, and the organizer's copy too."""
    organizer, guest = employ(connect=True), employ(connect=True)
    _invite(organizer, guest, "Retreat")
    page = open_as(guest.odoo.login, "/odoo/calendar")
    page.locator(".o_calendar_button_next").click()
    outlook = page.context.new_page()
    outlook.goto(f"{configured.outlook_url}{guest.address}/list")
    unanswered = outlook.get_by_label("not answered yet")
    expect(unanswered).to_have_count(1)

    _meeting(page, "Retreat", "needsAction").click()
    page.locator(".o_cw_popover").get_by_role("button", name="Yes").click()

    expect(_meeting(page, "Retreat", "accepted")).to_be_visible()
    expect(unanswered).to_have_count(0)  # that page looks for news by itself
    outlook.get_by_test_id("event").click()
    expect(outlook.get_by_test_id("own-answer")).to_have_text("Accepted")
    outlook.goto(f"{configured.outlook_url}{organizer.address}/list")
    outlook.get_by_test_id("event").click()
    expect(outlook.get_by_test_id("attendees")).to_contain_text("Accepted")
