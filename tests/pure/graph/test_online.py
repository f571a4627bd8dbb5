"""The block of an online meeting: told from the text in all its shapes, cut, and put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.snapshot import Body
from core.graph.online import with_block, without_block
from core.graph.remote import Json

URL = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_YWI%40thread.v2/0?context=%7b%22T%22%7d"
)
SAFE = (
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fl"
    "%2Fmeetup-join%2F19%253ameeting_YWI%2540thread.v2%2F0%3Fcontext%3D%257b%2522T%2522%257d&amp;x=1"
)
SHORT = "https://teams.live.com/meet/9312345?p=x"
RULE = "_" * 80
RULED = f"""
<div style="width:100%; height:20px"><span style="white-space:nowrap">{RULE}</span></div>
<div class="me-email-text" lang="de-DE"><div><span>Microsoft Teams-Besprechung</span></div>
<div><a class="me-email-headline" href="{{url}}">Hier klicken</a></div>
<div>Besprechungs-ID: <span>1 2 3</span><br>Kennung: x</div></div>
<div style="width:100%; height:20px"><span>{RULE}</span></div>
"""
PLAIN = f"<div>{RULE}<br>\r\nMicrosoft Teams<br>\r\n<a href='{{url}}'>Join</a><br>\r\n{RULE}</div>"
NAMED = """
<div class="me-email-text"><div><b>Réunion Microsoft Teams</b></div>
<div><a id="meet_invite_block.action.join_link" href="{url}">Participer</a></div><hr></div>
"""
OLD = f"<p>{'.' * 90}<br><a href='{{url}}'>Join online</a><br>{'.' * 90}</p>"
SHAPES = [RULED, PLAIN, NAMED, OLD]


def online(url: str | None = URL) -> Json:
    """Return an online meeting as Graph says it."""
    return {"isOnlineMeeting": True, "onlineMeeting": {"joinUrl": url}}


def page(inside: str) -> str:
    """Return a document around a body, as Exchange stores it."""
    return (
        f'<html>\r\n<head>\r\n<meta charset="utf-8">\r\n</head>\r\n<body>\r\n{inside}</body></html>'
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("url", [URL, SAFE])
def test_the_block_is_no_part_of_the_text(shape: str, url: str) -> None:
    """Whatever is above and below it stays, and is all that stays."""
    there = page(f"<p>Hello &amp; <b>all</b></p>{shape.format(url=url)}<p>PS: bye</p>")

    text = without_block(there, online())

    assert Body.of("<p>Hello &amp; <b>all</b></p><p>PS: bye</p>") == Body.of(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_link_that_is_not_told_is_known_by_its_kind(shape: str) -> None:
    """Graph tells `joinUrl` late; the links of Teams are known by their addresses."""
    there = page(f"<p>Hello</p>{shape.format(url=SHORT)}")

    assert Body.of("Hello") == Body.of(without_block(there, online(None)))


@pytest.mark.parametrize(
    "there",
    [
        f"<p>Join: <a href='{URL}'>here</a></p>",
        f"<p>{RULE}</p><p>Join: <a href='{URL}'>here</a></p><p>Agenda</p>",
        f"<p>Agenda</p><p>{URL}</p>",
        "<p>no link at all</p>",
        f"<p>{RULE}</p><p>a form to fill in</p><p>{RULE}</p>",
        "",
    ],
)
def test_a_text_without_a_clear_block_stays_as_it_is(there: str) -> None:
    """Better a link too many in a text than a text too few."""
    assert there == without_block(there, online())


def test_who_is_no_online_meeting_has_no_block() -> None:
    """A forwarded invitation in a text is text."""
    there = page(RULED.format(url=URL))

    assert there == without_block(there, {"isOnlineMeeting": False, "onlineMeeting": None})
    assert there == without_block(there, {})


def test_a_link_in_the_text_leaves_the_text_around_it() -> None:
    """Somebody may write the link above the block, too."""
    there = f"<p>Late? Join: {URL}</p>{RULED.format(url=URL)}<p>{RULE}</p><p>Minutes</p>"

    text = without_block(there, online())

    assert Body.of(f"<p>Late? Join: {URL}</p><p>{RULE}</p><p>Minutes</p>") == Body.of(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_new_text_is_written_with_the_block_as_it_is_there(shape: str) -> None:
    """Read again, it is the new text; its words and links are all there, once."""
    there = page(f"<p>Old</p>{shape.format(url=URL)}<p>more</p>")

    written = with_block("<p>New</p>", there, online())

    assert Body.of("New") == Body.of(without_block(written, online()))
    assert "Old" not in written
    assert "more" not in written
    assert Body.of(f"<p>New</p>{shape.format(url=URL)}") == Body.of(written)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_that_has_the_block_in_it_gets_it_once(shape: str) -> None:
    """An older version had it in the text here, without what an editor dropped."""
    there = page(f"<p>Old</p>{shape.format(url=URL)}")

    written = with_block(f"<p>New</p>{shape.format(url=URL)}", there, online())

    assert Body.of(f"<p>New</p>{shape.format(url=URL)}") == Body.of(written)


def test_a_link_that_nothing_sets_apart_stays_in_what_is_written() -> None:
    """A text that has it is written as it is; to any other its paragraph is added."""
    there = page(f"<p>Old</p><p>Join: <a href='{URL}'>here</a></p>")
    has_it = f"<p>New</p><p>Join: <a href='{URL}'>here</a></p>"

    assert has_it == with_block(has_it, there, online())
    assert Body.of(has_it) == Body.of(with_block("<p>New</p>", there, online()))


def test_where_there_is_no_block_none_is_added() -> None:
    """Nothing is online, or the room is still to be opened."""
    assert with_block("<p>New</p>", page("<p>Old</p>"), online(None)) == "<p>New</p>"
    assert with_block("<p>New</p>", page("<p>Old</p>"), {"isOnlineMeeting": False}) == "<p>New</p>"


@given(
    above=st.text("ab <>&;\"'/_\n\x00é", max_size=40),
    shape=st.sampled_from(SHAPES),
    tags=st.lists(st.sampled_from(["<p>", "</p>", "<div>", "<b>", "<br>", "</b>", "<td>"])),
)
def test_the_link_survives_whatever_is_written(above: str, shape: str, tags: list[str]) -> None:
    """However broken the texts are, a body is written with the link, and read without it."""
    there = page(f"{''.join(tags)}Old{shape.format(url=URL)}")

    written = with_block(f"{above}{''.join(tags)}", there, online())

    assert URL in written.replace("&amp;", "&")
    assert URL not in without_block(written, online())
