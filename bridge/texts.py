"""What of a meeting's text goes to Outlook, and what stays here.

Odoo writes the organizer's and a guest's name, address and telephone under the text of a meeting
that is made. Exchange would mail them to all guests. So they stay here, unless a setting says
otherwise. A meeting's own link goes along where the place does not say it.
"""

import html as escapes
import re
from collections.abc import Collection, Sequence
from urllib.parse import unquote

from odoo.api import Environment
from odoo.tools.translate import code_translations

from ..core.engine.fields import CANCELLED
from ..core.engine.passages import Line, Passages
from ..core.engine.snapshot import EMPTY, Body, Snapshot
from . import settings

#: What Odoo writes above the details, in the language of whoever makes the meeting.
_HEADINGS = ("Organized by", "Contact Details")
#: Whoever corrects a number may leave the link as it was.
_TELEPHONE = re.compile(r"[-+()./\d\s]+")


class Texts:
    """The texts of one step; what the setting and the languages say is asked once."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._known: frozenset[str] | None = None
        self._sends: bool | None = None

    def shown(self, description: str | None, link: str, past: Collection[str]) -> Body:
        """Return what Outlook is to have of a description, with `link` below it.

        With or without contact details: as it was shown last, where that is still so (`past` holds
        the digests), or else as the setting says. So neither a new setting nor what older versions
        sent makes a change of a text that nobody touched.
        """
        text = description or ""
        plain = self._without_details(text)
        forms = [text, plain] if self._sends_details() else [plain, text]
        bodies = [Body.of(with_link(form, link)) for form in dict.fromkeys(forms)]
        return next((one for one in bodies if one.digest in past), bodies[0])

    def received(self, html: str, description: str | None, link: str) -> str:
        """Return the description for a text of Outlook: without `link`, with the details here."""
        html = without_link(html, link) if link not in (description or "") else html
        here = Passages(description or "")
        kept = here.only(self._details(here.lines))
        there = Passages(html)
        if not kept or self._details(there.lines):
            return html
        return f"<div>{there.inner()}<br/>{kept}</div>" if there.lines else f"<div>{kept}</div>"

    def _without_details(self, text: str) -> str:
        plain = escapes.unescape(text)
        if not any(heading in plain for heading in self._headings()):
            return text
        passages = Passages(text)
        return passages.without(self._details(passages.lines))

    def _details(self, lines: Sequence[Line]) -> list[int]:
        """Return which lines are contact details.

        Each part is one of Odoo's headings in bold, perhaps a name, and links to an address or a
        telephone that are all of their line. What people write above, below and between stays text.
        """
        found: list[int] = []
        for number, line in enumerate(lines):
            if line.bold and line.text in self._headings():
                part = _part(lines, number)
                if part and found and not any(one.text for one in lines[found[-1] + 1 : number]):
                    part = [*range(found[-1] + 1, number), *part]
                found += part
        return found

    def _headings(self) -> frozenset[str]:
        if self._known is None:
            words = set(_HEADINGS)
            for code, _name in self._env["res.lang"].get_installed():
                translated = code_translations.get_python_translations("calendar", code)
                words.update(translated.get(heading) or heading for heading in _HEADINGS)
            self._known = frozenset(words)
        return self._known

    def _sends_details(self) -> bool:
        if self._sends is None:
            self._sends = settings.sends_contact_details(self._env)
        return self._sends


def digests(past: Snapshot | None) -> frozenset[str]:
    """Return the digests of the texts that a side showed last, of single occurrences too."""
    shown = past or EMPTY
    states = shown.get("occurrences") or EMPTY
    bodies = [shown.get("body"), *(one.get("body") for one in states.values() if one != CANCELLED)]
    return frozenset(body.digest for body in bodies if body is not None)


def with_link(html: str, link: str) -> str:
    """Return a text with a link as its last line, unless it names it already."""
    if not link or link in escapes.unescape(html):
        return html
    shown = escapes.escape(link)
    return f'{html}<p><a href="{shown}">{shown}</a></p>'


def without_link(html: str, link: str) -> str:
    """Return a text without the last line that is a link and nothing else."""
    if not link or link not in escapes.unescape(html):
        return html
    passages = Passages(html)
    found = [number for number, line in enumerate(passages.lines) if line.text == link]
    return passages.without(found[-1:])


def _part(lines: Sequence[Line], heading: int) -> list[int]:
    """Return the lines of the details below a heading, with it; none where there are no links."""
    last = heading
    following = lines[heading + 1 : heading + 4]
    if following and not following[0].links and following[0].text:
        last += 1
    first_link = last + 1
    while last - heading < 3 and last + 1 < len(lines) and _is_contact(lines[last + 1]):
        last += 1
    return list(range(heading, last + 1)) if last >= first_link else []


def _is_contact(line: Line) -> bool:
    """Tell whether a line is an address or a telephone, linked and nothing else."""
    if len(line.links) != 1:
        return False
    scheme, _colon, target = unquote(line.links[0]).partition(":")
    if scheme == "mailto":
        return target == line.text
    return scheme == "tel" and bool(_TELEPHONE.fullmatch(line.text))
