r"""The normal form of a meeting's HTML: what makes two bodies "the same text".

Exchange stores a body in its own words: a document around it, ``\r\n``, other attribute orders,
other names for bold. The normal form keeps what a reader sees (text, line breaks, links, lists,
tables, emphasis, images) and drops how it was spelled. It is again HTML and its own normal form.

Total: broken markup, NUL, half surrogates, deep nesting and megabytes all have a normal form.
"""

from __future__ import annotations

import html as escapes
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lxml import etree

# Names that say the same: the left one becomes the right one.
_SYNONYMS: Final = {
    "strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s", "font": "span", "tt": "code",
    "dir": "ul", "menu": "ul",
}  # fmt: skip
INVISIBLE: Final = frozenset({"head", "style", "script", "template", "title", "object", "xml"})
_INLINE: Final = frozenset({"a", "b", "i", "u", "s", "sub", "sup", "code", "span"})
_BLOCKS: Final = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "pre", "blockquote", "table", "tr",
     "td", "th"}
)  # fmt: skip
_PLAIN_BLOCKS: Final = frozenset(
    {"html", "body", "div", "p", "br", "center", "section", "article", "header", "footer", "main",
     "aside", "nav", "figure", "figcaption", "address", "form", "fieldset", "dl", "dt", "dd",
     "tbody", "thead", "tfoot", "caption"}
)  # fmt: skip
#: Names that begin a line, and end it.
BREAKING: Final = _BLOCKS | (_PLAIN_BLOCKS - {"br"}) | {"hr"}
_CELLS: Final = frozenset({"table", "tr", "td", "th"})
_SAYS_NOTHING: Final = frozenset({"<a>", "<span>"})
_SINGLE: Final = frozenset({"img", "hr"})
# What a reader sees of an element. Everything else (class, id, lang, data-…) is bookkeeping.
_ATTRIBUTES: Final = {
    "a": ("href",),
    "img": ("alt", "height", "src", "width"),
    "span": ("color", "face", "size", "style"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start", "type"),
}
_SPACE: Final = re.compile("[\\s\xa0\u200b\ufeff]+")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_NEWLINE: Final = re.compile("\r\n|\r|\n")
_COMMENT: Final = re.compile("<!--.*?(?:-->|$)", re.DOTALL)
_TAG: Final = re.compile("<[^>]*>")
#: Browsers show what stands behind it, the parser drops it.
_DOCUMENT_END: Final = re.compile("</(?:body|html)\\s*>", re.IGNORECASE)
_LINE_END: Final = re.compile("<(?:br|/?(?:li|tr|td|th|h[1-6r]|pre|blockquote|ul|ol|table))[ >]")


def norm_html(html: str | None) -> str:
    """Return the normal form, itself HTML; "" for None and for markup without content."""
    writer = _Writer()
    _read(html or "", writer)
    return writer.finished()


def text_of_html(html: str | None) -> str:
    """Return what is left for a reader without markup: lines of text, no empty ones."""
    lines = _TAG.sub("", _LINE_END.sub("\n", norm_html(html)))
    plain = (escapes.unescape(line).strip() for line in lines.split("\n"))
    return "\n".join(line for line in plain if line)


class _Writer:
    """Write the normal form token by token.

    Space, line breaks and opened inline elements wait until something visible comes. So space at
    the edge of a line and empty elements vanish, and it does not matter on which side of a ``<b>``
    a space or a break stood.
    """

    def __init__(self) -> None:
        self._out: list[tuple[str, bool]] = []  # token, whether it ends a line by itself
        self._opened: list[str] = []  # what each element being open wrote, "" for nothing
        self._waiting: list[str] = []  # opened inline elements not written yet
        self._space = False
        self._break = False
        self._pre = 0

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin an element, whose name is already the common one."""
        token = f"<{name}{_attributes(name, attributes)}>"
        if name in _BLOCKS:
            self._block(token)
            self._pre += name == "pre"
        elif name in _INLINE and token not in _SAYS_NOTHING:
            self._waiting.append(token)
        else:
            self._break |= name in _PLAIN_BLOCKS or name == "hr"
            if name in _SINGLE:
                self._visible(token, ends_line=name == "hr")
            token = ""
        self._opened.append(token)

    def close(self, name: str) -> None:
        """End the element that was begun last."""
        token = self._opened.pop()
        if name in _BLOCKS:
            self._pre -= name == "pre"
            if name not in _CELLS and self._out[-1:] == [(token, True)]:
                self._out.pop()
                self._break = True
            else:
                self._block(f"</{name}>")
        elif token and self._waiting:
            self._waiting.pop()
        elif token:
            self._out.append((f"</{name}>", False))
        self._break |= name in _PLAIN_BLOCKS

    def text(self, text: str) -> None:
        """Add text; in ``pre`` its lines stay, elsewhere space is just space."""
        if self._pre:
            self._preformatted(text)
            return
        words = _SPACE.sub(" ", text)
        seen = words.strip(" ")
        self._space |= words.startswith(" ")
        if seen:
            self._visible(escapes.escape(seen, quote=False))
            self._space = words.endswith(" ")

    def finished(self) -> str:
        """Return all that was written."""
        return "".join(token for token, _ends_line in self._out)

    def _preformatted(self, text: str) -> None:
        lines = _NEWLINE.split(text.replace("\xa0", " "))
        for number, line in enumerate(lines):
            self._break |= number > 0
            if line.strip():
                self._visible(escapes.escape(line, quote=False))
            else:
                self._space |= bool(line)

    def _visible(self, token: str, *, ends_line: bool = False) -> None:
        at_edge = not self._out or self._out[-1][1]
        if self._break and not at_edge and not ends_line:
            self._out.append(("<br>", True))
        elif self._space and not self._break and not at_edge:
            self._out.append((" ", False))
        self._write_waiting()
        self._out.append((token, ends_line))

    def _block(self, token: str) -> None:
        if not token.startswith("</"):
            self._write_waiting()
        self._space = self._break = False
        self._out.append((token, True))

    def _write_waiting(self) -> None:
        self._out.extend((token, False) for token in self._waiting)
        self._waiting.clear()
        self._space = self._break = False


def _read(html: str, writer: _Writer) -> None:
    """Parse as browsers do, more or less, and tell the writer what is seen, in order."""
    clean = _UNWRITABLE.sub("", html)
    root = parse(clean) if clean.strip() else None
    if root is None:
        writer.text(_TAG.sub(" ", _COMMENT.sub(" ", clean)))
        return
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = _SYNONYMS.get(element.tag, element.tag)
        if name in INVISIBLE:
            if event == "start":
                walk.skip_subtree()
        elif event == "start":
            writer.open(name, element.attrib)
            if element.text:
                writer.text(element.text)
        else:
            writer.close(name)
        if event == "end" and element.tail:
            writer.text(element.tail)


def parse(html: str) -> etree._Element | None:
    """Return the tree; None for a mere comment, and where the parser gave up half-way.

    It gives up at some thousands of nested elements, and then drops what follows.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    open_ended = _DOCUMENT_END.sub("", html)
    try:
        root = etree.fromstring(open_ended.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    return None if parser.error_log.filter_from_fatals() else root


def _attributes(name: str, attributes: Mapping[str, str]) -> str:
    """Write the attributes that count, in the order of their names."""
    said = []
    for key in _ATTRIBUTES.get(name, ()):
        value = (attributes.get(key) or "").strip()
        if key == "style":
            value = _style(value)
        if value:
            said.append(f' {key}="{escapes.escape(value)}"')
    return "".join(said)


@lru_cache(maxsize=512)  # one body repeats a handful of styles a thousand times
def _style(style: str) -> str:
    """Sort declarations, and drop those that only Microsoft's own editor understands."""
    declarations = []
    for declaration in style.split(";"):
        key, colon, value = declaration.partition(":")
        key = key.strip().lower()
        if colon and not key.startswith("mso-"):
            declarations.append(f"{key}:{_SPACE.sub(' ', value).strip()}")
    return ";".join(sorted(declarations))
