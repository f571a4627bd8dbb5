"""The page of switches, and that other sites cannot use the page."""

from __future__ import annotations

from sandbox_web.outlook import LINH, Outlook

SWITCHES = f"/outlook/{LINH}/switches"


def test_an_armed_fault_is_listed_and_cleared(outlook: Outlook) -> None:
    """A person sees what goes wrong from now on, and can end it."""
    page = outlook.browser.open(SWITCHES)
    page = page.send(
        "arm-form", button="arm", kind="throttle", times="", retry_after="7", path="/events"
    )

    (fault,) = outlook.sandbox.state.faults
    assert (fault.kind, fault.times, fault.path) == ("throttle", None, "/events")
    assert fault.values["retry_after"] == "7"
    assert "until cleared" in page.text("fault")

    page.send("armed", button="clear")
    assert list(outlook.sandbox.state.faults) == []


def test_only_the_options_that_differ_are_set(outlook: Outlook) -> None:
    """Switches of every type can be set, and the rest stays."""
    before = outlook.sandbox.state.options.as_json()

    page = outlook.browser.open(SWITCHES).send(
        "options-form",
        page_size="3",
        cancelled_copy="removed",
        calendar_delta="off",
        silent_properties="categories",
    )

    after = outlook.sandbox.state.options.as_json()
    changed = {name: value for name, value in after.items() if value != before[name]}
    assert changed == {
        "page_size": 3,
        "cancelled_copy": "removed",
        "calendar_delta": False,
        "silent_properties": ["categories"],
    }
    assert page.text("notice") == "The switches were set."


def test_every_option_says_what_it_means(outlook: Outlook) -> None:
    """The meaning of each option stands beside it."""
    page = outlook.browser.open(SWITCHES)

    helps = page.one("options-form").xpath(".//*[starts-with(@id, 'help-')]")
    assert len(helps) == len(outlook.sandbox.state.options.as_json())
    texts = [one.text_content().strip() for one in helps]
    assert all(texts)
    assert "``" not in "".join(texts)


def test_nonsense_is_refused_in_words(outlook: Outlook) -> None:
    """A value that cannot be sets nothing."""
    page = outlook.browser.open(SWITCHES).send("options-form", page_size="many")

    assert page.status == 400
    assert "page_size takes a number" in page.text("problem")
    assert outlook.sandbox.state.options.page_size == 10


def test_another_sites_form_is_refused(outlook: Outlook) -> None:
    """A page elsewhere cannot act here through the visitor's browser."""
    outlook.make(subject="Mine")
    url = outlook.week().open_event("Mine").url

    page = outlook.browser.post(f"{url}/delete", {}, Origin="https://elsewhere.example")

    assert page.status == 403
    assert outlook.stored("Mine")
