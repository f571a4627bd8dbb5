"""Real servers and a real browser: Odoo with cron and bus, the local Microsoft, Chromium.

One stage (about 10 s to set) serves all tests of a run; each test brings people of its own. Watch
one with `python3 -m workbench pytest -c tests/live/pytest.ini tests/live -k name`; a browser test
that fails leaves a picture and Odoo's log in the cache folder's `logs`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from workbench.cache import Cache
from workbench.commands import databases
from workbench.stage import PASSWORD, Person, Stage, stage

WINDOW = {"width": 1400, "height": 900}
# An assertion waits so long at most, on the slowest machine; what is right is there at once.
PATIENCE_SECONDS = 120
PATIENCE_MS = PATIENCE_SECONDS * 1000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def scene() -> Iterator[Stage]:
    """Give a running Odoo and a local Microsoft; the addon is installed and not configured."""
    with databases(Cache.locate()) as found, stage(found) as ready:
        yield ready


@pytest.fixture(scope="session")
def configured(scene: Stage) -> Stage:
    """Give the stage with the application registered and entered in the settings."""
    scene.configure()
    return scene


@pytest.fixture(scope="session")
def _names() -> Iterator[str]:
    return (f"person{number}" for number in itertools.count(1))


@pytest.fixture
def employ(configured: Stage, _names: Iterator[str]) -> Callable[..., Person]:
    """Return a function that gives somebody new a user and a mailbox."""

    def make(zone: str = "Europe/Brussels", *, connect: bool = False) -> Person:
        name = next(_names)
        person = configured.employ(name.title(), f"{name}@contoso.example", zone=zone)
        if connect:
            person.odoo.connect_mailbox(person.address)
            person.odoo.rpc("/outlook_calendar/sync", wait=True)
        return person

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the cache's Chromium."""
    program = Cache.locate().chromium / "bin" / "chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(program))
        yield chromium
        chromium.close()


@pytest.fixture
def open_as(
    scene: Stage, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Return a function that logs somebody in and opens a path of the web client.

    `deaf`: no message of Odoo's bus ever reaches these pages, and `page.clock` can be moved.
    """
    contexts = []

    def open_page(login: str, path: str, password: str = PASSWORD, *, deaf: bool = False) -> Page:
        context = browser.new_context(viewport=WINDOW)
        contexts.append(context)
        if deaf:
            _lose_the_bus(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{scene.odoo.url}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        page.goto(scene.odoo.url + path)
        return page

    yield open_page
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(_FAILED, False):
        logs = Cache.locate().logs
        for number, page in enumerate(pages):
            page.screenshot(path=logs / f"{request.node.name}-{number}.png")
    for context in contexts:
        context.close()


def _lose_the_bus(context: BrowserContext) -> None:
    """Let the worker that holds the websocket fail to load, as behind a proxy that refuses it.

    Without shared workers: what those load passes by the routes of a page.
    """
    context.clock.install()
    context.add_init_script("delete window.SharedWorker")
    context.route("**/bus/websocket_worker_bundle*", lambda route: route.abort())


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Any:
    """Note on a test that it failed, so that its pages are kept as pictures."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[_FAILED] = True
    return report


def until(is_done: Callable[[], bool]) -> None:
    """Wait for work in the background; what never comes true ends the test."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        assert time.monotonic() < deadline, "the background work is not done"
        time.sleep(0.1)


def soon(*, hours: int) -> dict[str, Any]:
    """Return an hour of today that the calendar's week view shows, as Graph writes it.

    It begins so many hours after 08:00 UTC, whatever the time is now.
    """
    morning = datetime.now(timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
    start = morning + timedelta(hours=hours)
    end = start + timedelta(hours=1)
    return {
        "start": {"dateTime": f"{start:%FT%T}", "timeZone": "UTC"},
        "end": {"dateTime": f"{end:%FT%T}", "timeZone": "UTC"},
    }
