"""What people do with a weekly meeting on either side's screens, seen on the other's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from workbench.stage import Person, Stage

TIMES = 4
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)
_COLUMN = ".fc-timegrid-col[data-date]"
_TURNED = f"before => document.querySelector('{_COLUMN}').dataset.date !== before"


class SoOn:
    """The calendar's own screens, in the week view."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def next_week(self) -> date:
        """Return the day amid the next week, whatever day weeks begin with."""
        return self._days()[3] + A_WEEK

    def shows(self, wanted: Mapping[date, str]) -> None:
        """Turn the pages and see that each week has that meeting on that day, and no other."""
        for day, subject in wanted.items():
            expect(self._on(day)).to_contain_text(subject)
            expect(self._page.locator(f"{_COLUMN} .fc-event")).to_have_count(1)

    def lacks(self, day: date) -> None:
        """See that the week of a day is empty."""
        self._go_to(day)
        expect(self._page.locator(f"{_COLUMN} .fc-event")).to_have_count(0)

    def make_weekly(self, day: date, subject: str) -> None:
        """Click at ten, choose *More Options*, and say there how often it takes place."""
        self._go_to(day)
        self._page.locator("td.fc-timegrid-slot-lane[data-time='10:00:00']").click()
        dialog = self._page.locator(".modal")
        dialog.locator("[name=name] input").fill(subject)
        dialog.get_by_role("button", name="More Options").click()
        form = self._page.locator(".o_form_view")
        form.get_by_role("tab", name="Options").click()
        form.locator("[name=recurrency] input").check()
        form.locator("[name=count] input").fill(str(TIMES))
        self._save()

    def drag(self, day: date, to: date) -> None:
        """Take hold of a meeting and let it go on another day: only that one moves."""
        block = self._on(day).bounding_box()
        target = self._page.locator(f".fc-timegrid-col[data-date='{to}']").bounding_box()
        assert block, day
        assert target, to
        mouse, height = self._page.mouse, block["y"] + 10
        mouse.move(block["x"] + 20, height)
        mouse.down()
        mouse.move(target["x"] + target["width"] / 2, height, steps=10)
        mouse.up()
        dialog = self._page.locator(".modal")
        dialog.get_by_label("This event", exact=True).check()
        dialog.get_by_role("button", name="Confirm").click()
        expect(dialog).to_have_count(0)

    def rename_from(self, day: date, subject: str) -> None:
        """Open a meeting and rename it with all that follow."""
        self._on(day).click()
        self._page.locator(".o_cw_popover_edit").click()
        form = self._page.locator(".o_form_view")
        form.locator("[name=name] :is(input, textarea)").first.fill(subject)
        form.locator("[name=recurrence_update]").get_by_label("This and following").check()
        self._save()

    def delete_one(self, day: date) -> None:
        """Delete one meeting of a series."""
        self._on(day).click()
        self._page.locator(".o_cw_popover_delete").click()
        dialog = self._page.locator(".modal")
        dialog.get_by_label("Delete this event").check()
        dialog.get_by_role("button", name="Submit").click()
        expect(dialog).to_have_count(0)

    def _save(self) -> None:
        """Save the form; its breadcrumb leads back to the calendar."""
        with self._page.expect_response("**/calendar.event/web_save*"):
            self._page.locator(".o_form_button_save").click()
        self._page.locator(".o_control_panel .breadcrumb-item a").last.click()
        self._page.locator(_COLUMN).first.wait_for()

    def _on(self, day: date) -> Locator:
        self._go_to(day)
        return self._page.locator(f".fc-timegrid-col[data-date='{day}'] .fc-event")

    def _go_to(self, day: date) -> None:
        while day not in (days := self._days()):
            way = "next" if day > days[-1] else "prev"
            self._page.locator(f".o_calendar_button_{way}").click()
            self._page.wait_for_function(_TURNED, arg=days[0].isoformat())

    def _days(self) -> list[date]:
        columns = self._page.locator(_COLUMN)
        columns.first.wait_for()
        found: list[str] = columns.evaluate_all("all => all.map(one => one.dataset.date)")
        return [date.fromisoformat(day) for day in found]


class Outlook:
    """The local Microsoft's page: four weeks as a list, and the form."""

    def __init__(self, page: Page, url: str, first: date) -> None:
        self._page, self._url = page, url
        self._list = f"{url}/list?day={first - A_DAY}"

    def shows(self, wanted: Mapping[date, str]) -> None:
        """See that these days have these events, and no other day has any; it reloads itself."""
        self._page.goto(self._list)
        for day, subject in wanted.items():
            expect(self._on(day)).to_contain_text(subject)
        expect(self._page.get_by_test_id("event")).to_have_count(len(wanted))

    def make_weekly(self, day: date, subject: str) -> None:
        """Make a series with the form."""
        self._page.goto(f"{self._url}/new?start={day}T10:00")
        self._fill(
            subject=subject, repeat="weekly", repeat_ends="numbered", repeat_times=str(TIMES)
        )

    def change_one(self, day: date, **fields: str) -> None:
        """Change one date of a series."""
        self._open(day)
        self._page.get_by_test_id("edit").click()
        self._fill(**fields)

    def delete_one(self, day: date) -> None:
        """Delete one date of a series."""
        self._open(day)
        self._page.get_by_test_id("delete").click()

    def move_all(self, day: date, *, to: date) -> None:
        """Move the whole series from one weekday to another."""
        self._open(day)
        self._page.get_by_test_id("open-series").click()
        self._page.get_by_test_id("edit").click()
        for weekday in (day, to):
            self._page.get_by_test_id(f"field-repeat_{weekday:%A}".lower()).click()
        self._page.get_by_test_id("save").click()
        self._page.get_by_test_id("notice").wait_for()

    def _fill(self, **fields: str) -> None:
        """Fill in the form in this order, as some fields show only after others, and save."""
        for name, value in fields.items():
            field = self._page.get_by_test_id(f"field-{name}")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self._page.get_by_test_id("save").click()
        self._page.get_by_test_id("notice").wait_for()

    def _open(self, day: date) -> None:
        self._page.goto(self._list)
        self._on(day).click()

    def _on(self, day: date) -> Locator:
        return self._page.locator(f"section[data-date='{day}'] [data-testid=event]")


def _both(
    configured: Stage, person: Person, open_as: Callable[..., Page]
) -> tuple[SoOn, Outlook, list[date]]:
    """Open both sides; return them with the days of a weekly meeting that begins next week."""
    page = open_as(person.odoo.login, "/odoo/calendar")
    soon = SoOn(page)
    first = soon.next_week()
    url = f"{configured.outlook_url}{person.address}"
    outlook = Outlook(page.context.new_page(), url, first)
    return soon, outlook, [first + number * A_WEEK for number in range(TIMES)]


def test_a_series_edited_in_the_calendar_is_so_in_outlook(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """Made weekly, one dragged to another day, this and following renamed, one deleted."""
    soon, outlook, days = _both(configured, employ(connect=True), open_as)
    first, second, third, fourth = days

    soon.make_weekly(first, "Team")
    outlook.shows(dict.fromkeys(days, "Team"))
    soon.drag(second, second + A_DAY)
    outlook.shows({first: "Team", second + A_DAY: "Team", third: "Team", fourth: "Team"})
    soon.rename_from(third, "Review")
    outlook.shows({first: "Team", second + A_DAY: "Team", third: "Review", fourth: "Review"})
    soon.delete_one(fourth)
    outlook.shows({first: "Team", second + A_DAY: "Team", third: "Review"})
    soon.shows({first: "Team", second + A_DAY: "Team", third: "Review"})
    soon.lacks(fourth)


def test_a_series_edited_in_outlook_is_so_in_the_calendar(
    configured: Stage, employ: Callable[..., Person], open_as: Callable[..., Page]
) -> None:
    """Made weekly, one moved, one renamed, one deleted, all of it moved to another day."""
    person = employ(connect=True)
    soon, outlook, days = _both(configured, person, open_as)
    first, second, third, fourth = days

    def news() -> None:
        person.odoo.rpc("/outlook_calendar/sync", wait=True)  # from elsewhere, as the clock does

    outlook.make_weekly(first, "Call")
    news()
    soon.shows(dict.fromkeys(days, "Call"))
    outlook.change_one(second, start_date=f"{second + A_DAY}")
    outlook.change_one(third, subject="Long call")
    outlook.delete_one(fourth)
    news()
    soon.shows({first: "Call", second + A_DAY: "Call", third: "Long call"})
    soon.lacks(fourth)
    outlook.move_all(first, to=first + A_DAY)
    news()
    moved = {day + A_DAY: "Call" for day in days}
    soon.shows(moved)
    outlook.shows(moved)
