"""What the page shows: days and hours of the mailbox's zone, marks, people, mails."""

from __future__ import annotations

from sandbox_web.browser import Browser
from sandbox_web.outlook import LINH, MARIE, Outlook


def test_the_root_leads_to_the_first_mailbox(browser: Browser) -> None:
    """Whoever opens the plain address sees a week, and what this page is."""
    page = browser.open("/")

    assert page.url.endswith(f"/outlook/{LINH}/week")
    assert "local imitation of Microsoft Outlook" in page.text("banner")


def test_a_week_is_that_of_the_mailboxs_zone(outlook: Outlook) -> None:
    """One instant is on Monday for one person and still on Sunday for the other."""
    event = {
        "subject": "Midnight",
        "start": {"dateTime": "2026-11-22T20:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-22T21:00:00", "timeZone": "UTC"},
    }
    for address in (LINH, MARIE):
        outlook.sandbox.create_event(address, event)

    assert outlook.week(LINH, "2026-11-23").subjects() == ["Midnight"]
    assert outlook.week(MARIE, "2026-11-23").subjects() == []
    assert outlook.week(MARIE, "2026-11-22").subjects() == ["Midnight"]


def test_an_all_day_event_stays_on_its_date_in_every_zone(outlook: Outlook) -> None:
    """Dates float: a day is that day wherever it was made."""
    day = {
        "subject": "Holiday",
        "isAllDay": True,
        "start": {"dateTime": "2026-11-29T00:00:00", "timeZone": "Pacific Standard Time"},
        "end": {"dateTime": "2026-11-30T00:00:00", "timeZone": "Pacific Standard Time"},
    }
    outlook.sandbox.create_event(LINH, day)

    assert outlook.week(LINH, "2026-11-29").subjects() == ["Holiday"]
    assert outlook.week(LINH, "2026-11-30").subjects() == []


def test_overlapping_events_share_the_width(outlook: Outlook) -> None:
    """Two at once get a lane each; one that begins later has the width for itself."""
    outlook.make(subject="One", start_time="09:00", end_time="11:00")
    outlook.make(subject="Two", start_time="10:00", end_time="12:00")
    outlook.make(subject="Alone", start_time="12:00", end_time="13:00")

    week = outlook.week()
    styles = {one.get("data-subject"): one.get("style") for one in week.all("event")}
    assert "--lane:0;--lanes:2" in styles["One"]
    assert "--lane:1;--lanes:2" in styles["Two"]
    assert "--lane:0;--lanes:1" in styles["Alone"]


def test_an_event_over_midnight_is_on_both_days(outlook: Outlook) -> None:
    """Less than 24 hours are drawn among the hours, cut at midnight."""
    outlook.make(subject="Night", start_time="23:00", end_date="2026-11-27", end_time="02:00")

    styles = [one.get("style") for one in outlook.week().events("Night")]
    assert [style.split(";")[:2] for style in styles] == [
        ["--top:1380", "--height:60"],
        ["--top:0", "--height:120"],
    ]


def test_an_event_of_a_day_and_more_is_a_bar(outlook: Outlook) -> None:
    """Timed or not, 24 hours go above the hours, once."""
    outlook.make(subject="Shift", start_time="20:00", end_date="2026-11-28", end_time="06:00")

    (bar,) = outlook.week().events("Shift")
    assert bar.getparent().get("data-testid") == "all-day"
    assert "grid-column:5 / span 3" in bar.get("style")


def test_the_list_names_days_once(outlook: Outlook) -> None:
    """The list has the same events in order of time, each on its day."""
    outlook.make(subject="Later", start_time="16:00", end_time="17:00")
    outlook.make(subject="Sooner", start_time="08:00", end_time="09:00")
    outlook.make(subject="Next month", start_date="2026-12-01", end_date="2026-12-01")

    page = outlook.browser.open(f"/outlook/{LINH}/list?day=2026-11-23")
    headings = [one.text_content() for one in page.one("list").xpath(".//h2")]
    assert page.subjects() == ["Sooner", "Later", "Next month"]
    assert headings == ["Thursday 26 November 2026", "Tuesday 1 December 2026"]


def test_an_event_says_when_it_is_here_and_where_it_was_made(outlook: Outlook) -> None:
    """The reader's own zone comes first, the maker's zone is named."""
    outlook.make(subject="Review", required=MARIE)

    event = outlook.week(MARIE).open_event("Review")

    when = event.text("when")
    assert "Thursday 26 November 2026, 09:00 – 09:30 Romance Standard Time" in when
    assert "15:00 – 15:30 in SE Asia Standard Time" in when
    assert event.text("own-answer") == "Not answered yet"


def test_a_body_cannot_leave_its_frame(outlook: Outlook) -> None:
    """Bodies come from strangers: they are shown in a frame without scripts, under a policy."""
    html = {"contentType": "html", "content": "<p>Hi</p><img src=x onerror=alert(1)>"}
    event = {
        "subject": "<b>Bold</b>",
        "body": html,
        "start": {"dateTime": "2026-11-26T08:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-26T09:00:00", "timeZone": "UTC"},
    }
    outlook.sandbox.create_event(LINH, event)

    page = outlook.week().open_event("<b>Bold</b>")

    assert page.text("subject") == "<b>Bold</b>"
    assert page.one("body").get("sandbox") == ""
    assert "<p>Hi</p>" in page.one("body").get("srcdoc")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_mails_of_a_mailbox_are_those_to_and_from_it(outlook: Outlook) -> None:
    """Newest first, with the reason; everybody's are one click away."""
    outlook.sandbox.state.add_mailbox("sam@contoso.example")
    outlook.make(subject="With Marie", required=MARIE)
    outlook.make(subject="With Sam", required="sam@contoso.example")

    page = outlook.browser.open(f"/outlook/{MARIE}/mails")
    everybody = page.click("all-mails")

    assert [mail.xpath(".//h2")[0].text_content() for mail in page.all("mail")] == ["With Marie"]
    assert [mail.xpath(".//h2")[0].text_content() for mail in everybody.all("mail")] == [
        "With Sam",
        "With Marie",
    ]
    assert "created with attendees" in page.text("mails")


def test_the_version_moves_with_the_mailbox(outlook: Outlook) -> None:
    """The page watches a text that changes when something arrives, and only then."""
    before = outlook.week(MARIE).version()
    assert outlook.week(MARIE).version() == before

    outlook.make(subject="Review", required=MARIE)

    assert outlook.week(MARIE).version() != before


def test_what_does_not_exist_is_not_found(outlook: Outlook) -> None:
    """Unknown people and events are 404; a deleted one is said in words."""
    outlook.make(subject="Gone")
    url = outlook.week().open_event("Gone").url
    outlook.week().open_event("Gone").send("delete-form")

    assert outlook.browser.open("/outlook/nobody@x.example/week").status == 404
    gone = outlook.browser.open(url)
    assert gone.status == 404
    assert "not found" in gone.text("problem")
