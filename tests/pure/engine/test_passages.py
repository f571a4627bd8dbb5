"""The lines of a text, and texts without some of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.markup import norm_html
from core.engine.passages import Passages

MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<br/>", "<a href='x'>", "</a>",
         "<table><tr><td>", "</td></tr></table>", "<img src='y'>", "<!-- c -->", "<style>s</style>",
         "one", " two ", "&amp;", "\x00", "é", "\r\n", "<", ">"]
    )
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("one<br>two", ["one", "two"]),
        ("<div>one<div>two</div>three</div>", ["one", "two", "three"]),
        ("one<br><br>two", ["one", "", "two"]),
        ("<p>a <b>b</b>\r\n c&nbsp;d</p>", ["a b c d"]),
        ("<style>p {}</style><p>x</p>", ["x"]),
        ("<ul><li>one<li>two</ul>", ["one", "two"]),
        ("", []),
        (" \r\n ", []),
    ],
)
def test_lines_are_what_a_reader_sees(html: str, lines: list[str]) -> None:
    """Blocks and breaks end them, space is space."""
    assert [line.text for line in Passages(html).lines] == lines


def test_a_line_knows_its_links_and_whether_it_is_bold() -> None:
    """Bold is a line of which every word is."""
    html = "<p><b>all</b></p><p>not <b>all</b></p><p><a href='mailto:x'>x</a></p>"

    whole, some, link = Passages(html).lines

    assert (whole.bold, some.bold, link.links) == (True, False, ["mailto:x"])


@pytest.mark.parametrize(
    ("number", "rest"),
    [(0, "two<br>three<p>four</p>"), (1, "one<br>three<p>four</p>"), (3, "one<br>two<br>three")],
)
def test_a_line_is_cut_with_its_break(number: int, rest: str) -> None:
    """And with what is then empty; the others stay as they are."""
    passages = Passages("<div>one<br><b>two</b><br>three</div><p><span>four</span></p>")

    assert norm_html(passages.without([number])) == norm_html(rest.replace("two", "<b>two</b>"))


def test_lines_alone_keep_their_own_markup() -> None:
    """What is around them goes."""
    html = '<div class="x">one<br><a href="y">two</a></div><p>three</p>'

    assert Passages(html).only([1]) == '<div class="x"><a href="y">two</a></div>'
    assert Passages(html).only([]) == ""


def test_without_any_line_cut_a_text_is_untouched() -> None:
    """Letter by letter."""
    html = "<P>one</p>\r\n<!-- two -->"

    assert Passages(html).without([]) == html


@given(MARKUP, st.data())
def test_what_is_cut_and_what_is_left_are_the_whole(html: str, data: st.DataObject) -> None:
    """However broken: the lines of both parts are the lines, in order, and nothing is lost."""
    passages = Passages(html)
    texts = [line.text for line in passages.lines]
    cut = data.draw(st.sets(st.sampled_from(range(len(texts)))) if texts else st.just(set()))

    left = [line.text for line in Passages(passages.without(cut)).lines if line.text]
    taken = [line.text for line in Passages(passages.only(cut)).lines if line.text]

    assert "".join(left) == "".join(text for n, text in enumerate(texts) if n not in cut)
    assert "".join(taken) == "".join(text for n, text in enumerate(texts) if n in cut)
