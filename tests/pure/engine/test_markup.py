"""The normal form of HTML: same text, same form; other text, other form; never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.markup import norm_html, text_of_html

words = st.sampled_from(["a", "b c", "é", "😀", "x &lt; y", "&amp;", "1"])
_INLINE = ["<b>{}</b>", "<i>{}</i>", "<u>{}</u>", '<a href="https://e.x/?a=1&amp;b=2">{}</a>']
_BLOCK = [
    "<p>{}</p>",
    "<div>{}</div>",
    "<ul><li>{}</li></ul>",
    "<h1>{}</h1>",
    "<blockquote>{}</blockquote>",
]

phrases = st.recursive(
    words | st.just('<img src="cid:1" alt="x">'),
    lambda inner: (
        st.builds(str.format, st.sampled_from(_INLINE), inner)
        | st.builds(lambda one, two: f"{one} {two}", inner, inner)
    ),
    max_leaves=5,
)
documents = st.lists(st.builds(str.format, st.sampled_from(_BLOCK), phrases), max_size=4).map(
    "".join
)

EXCHANGE = (
    '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
    '<style type="text/css" style="display:none">p {{margin:0}}</style>\r\n</head>\r\n'
    '<body dir="ltr">\r\n{}\r\n</body>\r\n</html>\r\n'
)


@given(documents)
def test_the_document_that_exchange_puts_around_is_no_difference(html: str) -> None:
    """Head, styles, line ends, direction: not what anybody wrote."""
    assert norm_html(html) == norm_html(EXCHANGE.format(html))


@given(documents)
def test_a_normal_form_is_its_own_normal_form(html: str) -> None:
    """Normalising twice is normalising once."""
    assert norm_html(html) == norm_html(norm_html(html))


@given(documents)
def test_spelling_is_no_difference(html: str) -> None:
    """Other names of tags, capitals, comments, space and no-break space between blocks."""
    spelled = (
        html.replace("<b>", "<STRONG class='x'>")
        .replace("</b>", "</STRONG>")
        .replace("<i>", "<em>")
        .replace("</i>", "</em>")
        .replace("<p>", "\r\n<!-- x --><div id='y'> ")
        .replace("</p>", "&nbsp;</div>\n")
    )

    assert norm_html(html) == norm_html(spelled)


@given(documents, documents)
def test_other_text_has_another_form(one: str, other: str) -> None:
    """Where a reader reads something else, the forms differ."""
    if text_of_html(one) != text_of_html(other):
        assert norm_html(one) != norm_html(other)


@given(st.text() | st.text(alphabet="<>/!-bpuliahref ='\"&;#x\x00", max_size=60) | st.none())
def test_nothing_raises(html: str | None) -> None:
    """Broken markup and no markup have a normal form, which can be stored and sent."""
    normal = norm_html(html)

    normal.encode("utf-8")
    text_of_html(html)
    assert "\x00" not in normal


@pytest.mark.parametrize(
    ("html", "normal"),
    [
        (None, ""),
        ("", ""),
        (" \r\n", ""),
        ("<p><br></p>", ""),
        ("<div>&nbsp;</div>", ""),
        ("<!-- only this -->", ""),
        ("<ul><li></li></ul>", ""),
        ("a\x00b", "ab"),
        ("a\ud83db", "ab"),
        ("👍🏽 <b>👩‍👩‍👧</b>", "👍🏽 <b>👩‍👩‍👧</b>"),
        ("plain\ntext", "plain text"),
        ("a < b", "a &lt; b"),
        ("a &lt;b&gt; c", "a &lt;b&gt; c"),
        ("<p>a</p><p>b</p>", "a<br>b"),
        ("a<br>b<br>", "a<br>b"),
        ("<p>a</p>\n<p><br></p>\n<p>b</p>", "a<br>b"),
        ("<p>a <b> b</b></p>", "a <b>b</b>"),
        ("<p>a<b> b </b>c</p>", "a <b>b</b> c"),
        ("a<b></b>b", "ab"),
        ("<strong>a</strong><em>b</em><del>c</del>", "<b>a</b><i>b</i><s>c</s>"),
        ('<a class="x" href=" https://e.x ">l</a>', '<a href="https://e.x">l</a>'),
        ('<a name="top">l</a>', "l"),
        ("<span class='x'>a</span>", "a"),
        (
            "<SPAN STYLE='Color : red; mso-x:1;; font-size: 9pt'>a</SPAN>",
            '<span style="color:red;font-size:9pt">a</span>',
        ),
        ("<font face='Arial' color=red>a</font>", '<span color="red" face="Arial">a</span>'),
        ("<img width=1 src='cid:1' class=x>", '<img src="cid:1" width="1">'),
        ("a<hr>b", "a<hr>b"),
        ("<ol start=3><li>a</li></ol>", '<ol start="3"><li>a</li></ol>'),
        ("a<ul><li>b</li></ul>c", "a<ul><li>b</li></ul>c"),
        ("a<h1></h1>c", "a<br>c"),
        ("<pre>a\r\n  b\n</pre>", "<pre>a<br>  b</pre>"),
        ("<pre>a<b> </b>b</pre>", "<pre>a b</pre>"),
        (
            "<table><tr><td></td><td>a</td></tr></table>",
            "<table><tr><td></td><td>a</td></tr></table>",
        ),
        ("<head><title>t</title></head>a<script>x</script><style>y</style>b", "ab"),
        ("<o:p>a</o:p>", "a"),
        ("a<!-- c -->b", "ab"),
        ("<b><h1>x </h1></b>y", "<b><h1>x</h1></b>y"),
        ("a<xml><o:x>junk</o:x></xml>b", "ab"),
        ("</p></div>a", "a"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
    ],
)
def test_examples(html: str | None, normal: str) -> None:
    """One line per thing seen."""
    assert normal == norm_html(html)


def test_what_a_reader_sees_is_a_difference() -> None:
    """Words, links, emphasis, pictures, lists and colours are edits."""
    seen = """
        a | <b>a</b> | <i>a</i> | <a href='x'>a</a> | <a href='y'>a</a> | <h1>a</h1> | A | a<br>a
        | <ul><li>a</li></ul> | <ol><li>a</li></ol> | a<img src='x'> | a<img src='y'> | a a
        | <span style='color:red'>a</span> | <table><tr><td>a</td></tr></table>
    """
    forms = [form.strip() for form in seen.split("|")]

    assert len(forms) == len({norm_html(form) for form in forms})


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (None, ""),
        ("<p>Hi&nbsp; <b>you</b></p><ul><li>a &lt; b</li><li>c</li></ul>d", "Hi you\na < b\nc\nd"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("a<hr>b<h2>c</h2>", "a\nb\nc"),
        ("<img src='x'>", ""),
    ],
)
def test_text_is_what_is_left_without_markup(html: str | None, text: str) -> None:
    """Lines stay lines, entities become letters."""
    assert text == text_of_html(html)


def test_deep_nesting_loses_no_text() -> None:
    """The parser gives up at some thousands of levels and drops the rest: then markup goes."""
    assert "deep" in norm_html("<div>" * 20000 + "deep")
    assert norm_html("<b>" * 5000 + "one") != norm_html("<b>" * 5000 + "two")


def test_megabytes_are_read_whole() -> None:
    """A picture of 5 MB inside of the text, and text after it."""
    picture = f'<p>a<img src="data:image/png;base64,{"A" * 5_000_000}"></p>'

    assert norm_html(picture + "<p>b</p>").endswith("<br>b")
    assert norm_html(picture + "b") != norm_html(picture + "c")
    assert norm_html(f"<p>{'x' * 11_000_000}</p>") == "x" * 11_000_000
