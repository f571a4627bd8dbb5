"""The lines of an HTML text, as a reader sees them, to find a passage and to cut it out.

What is around a passage keeps its markup: only the text, the breaks and the elements that are then
empty go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from .markup import BREAKING, INVISIBLE, parse

_SPACE: Final = re.compile("[\\s\xa0\u200b\ufeff]+")
_BOLD: Final = frozenset({"b", "strong"})
#: What a reader sees although there is no text in it.
_SEEN: Final = frozenset({"img", "hr", "td", "th"})


@dataclass
class Line:
    """One line: its text, the targets of its links, and where it stands in the tree."""

    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    #: Whether every word of it is bold.
    bold: bool = True
    #: Where its words are: an element and which of its two texts.
    pieces: list[tuple[etree._Element, str]] = field(default_factory=list)
    #: Pictures and rules in it, and the `<br>` that ends it.
    others: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what is read, space made plain; "" for an empty line."""
        return _SPACE.sub(" ", "".join(self.words)).strip()

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing to see in it."""
        return not self.text and all(element.tag == "br" for element in self.others)

    def lies_in(self, condition: Callable[[etree._Element], bool]) -> bool:
        """Tell whether an element around its words, or a break of it, meets a condition."""
        return any(
            condition(around)
            for place in self.places()
            for around in (place, *place.iterancestors())
        )

    def places(self) -> list[etree._Element]:
        """Return the elements that its words and breaks stand in."""
        found = [
            element if attribute == "text" else element.getparent()
            for element, attribute in self.pieces
        ]
        found += [element.getparent() for element in self.others]
        return [element for element in found if element is not None]


class Passages:
    """The lines of one text. `html` may be a document or a part of one, however broken."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._root = parse(html) if html.strip() else None
        self.lines: list[Line] = [] if self._root is None else list(_Lines(self._root))

    def without(self, numbers: Collection[int]) -> str:
        """Return the text without these lines; untouched where there are none."""
        if not numbers or self._root is None:
            return self._html
        fresh = Passages(self._html)  # so that one reading serves several cuts
        fresh._cut(sorted(numbers))
        return fresh._inner()

    def only(self, numbers: Collection[int]) -> str:
        """Return these lines alone, in their own markup; "" where there are none."""
        if not numbers:
            return ""
        return self.without(set(range(len(self.lines))).difference(numbers))

    def inner(self) -> str:
        """Return the text without a document around it."""
        return self._html if self._root is None else self._inner()

    def _cut(self, numbers: Sequence[int]) -> None:
        lines = [self.lines[number] for number in numbers]
        places = [place for line in lines for place in line.places()]
        for line in lines:
            for element, attribute in line.pieces:
                setattr(element, attribute, None)
        for line in lines:
            for element in line.others:
                _remove(element)
        for place in places:
            emptied: etree._Element | None = place
            while emptied is not None and _is_empty(emptied):
                emptied = _remove(emptied)

    def _inner(self) -> str:
        assert self._root is not None
        body = self._root.find("body")
        if body is None:
            return ""
        parts = [etree.tostring(child, method="html", encoding="unicode") for child in body]
        return f"{_escaped(body.text)}{''.join(parts)}"


class _Lines:
    """Walk a tree and break it into lines."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._line = Line()
        self._bold = 0

    def __iter__(self) -> Iterator[Line]:
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            name = element.tag
            if name in INVISIBLE:
                if event == "start":
                    walk.skip_subtree()
                    continue
            elif event == "start":
                yield from self._open(element, name)
            else:
                yield from self._close(element, name)
            if event == "end" and element.tail:
                self._add(element, "tail", element.tail)
        yield from self._ended()

    def _open(self, element: etree._Element, name: str) -> Iterator[Line]:
        if name == "br":
            return
        if name in BREAKING:
            yield from self._ended()
        self._bold += name in _BOLD
        if name == "a" and element.get("href"):
            self._line.links.append(element.get("href").strip())
        elif name in ("img", "hr"):
            self._line.others.append(element)
        if element.text:
            self._add(element, "text", element.text)

    def _close(self, element: etree._Element, name: str) -> Iterator[Line]:
        self._bold -= name in _BOLD
        if name == "br":
            self._line.others.append(element)
            yield self._take()
        elif name in BREAKING:
            yield from self._ended()

    def _add(self, element: etree._Element, attribute: str, text: str) -> None:
        self._line.pieces.append((element, attribute))
        self._line.words.append(text)
        if _SPACE.sub("", text):
            self._line.bold &= self._bold > 0

    def _ended(self) -> Iterator[Line]:
        """End a line at the edge of a block; what has nothing in it is none."""
        if self._line.text or self._line.links or self._line.others:
            yield self._take()
        else:
            self._line = Line()

    def _take(self) -> Line:
        line, self._line = self._line, Line()
        return line


def _is_empty(element: etree._Element) -> bool:
    is_kept = element.tag in ("html", "body") or element.tag in _SEEN
    has_text = bool(element.text and _SPACE.sub("", element.text))
    return not is_kept and not has_text and len(element) == 0


def _remove(element: etree._Element) -> etree._Element | None:
    """Take an element out, but not what stands behind it; return what it was in."""
    parent = element.getparent()
    if parent is None:
        return None
    tail, before = element.tail, element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
    return parent


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
