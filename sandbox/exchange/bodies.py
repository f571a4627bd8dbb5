"""What Exchange does to a body: everything becomes an HTML document, and scripts go.

Sources: sample answers of user-post-events (a text body comes back as ``<html>``); event-get for
``Prefer: outlook.body-content-type``; bodyPreview is the first 255 characters as text.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_HEAD = (
    '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
)
_TEXT_HEAD = (
    '<meta name="Generator" content="Microsoft Exchange Server">\r\n<!-- converted from text -->'
    "<style><!-- .EmailQuote { margin-left: 1pt; padding-left: 4pt; "
    "border-left: #800000 2px solid; } --></style>"
)
_DROPPED = {"script", "iframe", "object", "embed", "applet", "form", "base", "link"}
_DOCUMENT = {"html", "head", "body", "meta", "title"}
_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}
_UNSAFE_URL = re.compile(r"^\s*(?:javascript|vbscript|data):", re.IGNORECASE)


def stored(content: str, content_type: str) -> str:
    """Return the HTML document Exchange keeps for a body as sent ("text" or "html")."""
    if not content:
        return ""
    if content_type == "text":
        lines = html.escape(content, quote=False).replace("\r\n", "\n").split("\n")
        inner = _plain(lines)
        return f"{_HEAD}{_TEXT_HEAD}\r\n</head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n"
    cleaner = _Cleaner()
    cleaner.feed(content)
    cleaner.close()
    return f"{_HEAD}</head>\r\n<body>\r\n{cleaner.result}\r\n</body>\r\n</html>\r\n"


def text_of(document: str) -> str:
    """Return a body as text, lines ended by CRLF, as Graph gives it on request."""
    reader = _TextReader()
    reader.feed(document)
    reader.close()
    return reader.result


def preview(document: str) -> str:
    """Return ``bodyPreview``: the first 255 characters of the text."""
    return text_of(document)[:255]


class _Cleaner(HTMLParser):
    """Copy the inside of a document without what can run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._parts: list[str] = []
        self._skipped: list[str] = []

    @property
    def result(self) -> str:
        return "".join(self._parts).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED or tag == "title":
            if tag not in {"base", "link", "embed"}:
                self._skipped.append(tag)
            return
        if self._skipped or tag in _DOCUMENT:
            return
        kept = "".join(_attribute(name, value) for name, value in attrs if _is_safe(name, value))
        self._parts.append(f"<{tag}{kept}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
        elif tag not in _DOCUMENT and tag not in _DROPPED:
            self._parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


class _TextReader(HTMLParser):
    """Collect the text of a document, one line per block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._skipped = 0

    @property
    def result(self) -> str:
        lines = [re.sub(r"[ \t\r\n]+", " ", line).strip() for line in self._lines]
        return "\r\n".join(lines).strip("\r\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script", "title"}:
            self._skipped += 1
        elif tag == "br" or (tag in _BLOCKS and self._lines[-1].strip()):
            self._lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script", "title"}:
            self._skipped = max(0, self._skipped - 1)
        elif tag in _BLOCKS and self._lines[-1].strip():
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._lines[-1] += data


def _plain(lines: list[str]) -> str:
    joined = "<br>\r\n".join(lines)
    return f'<div class="PlainText">{joined}</div>'


def _attribute(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{html.escape(value)}"'


def _is_safe(name: str, value: str | None) -> bool:
    if name.startswith("on"):
        return False
    return name not in {"href", "src", "action"} or not _UNSAFE_URL.match(value or "")
