"""Carry fresh texts over into `i18n/`: `python -m workbench.translations FRESH.pot TARGET.pot`.

Needs the environment's Python (polib comes with Odoo's needs). What Odoo exports besides the texts,
dates and versions, is left out, so that a file changes only when a text does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

from .console import say

HEADER = {
    "Project-Id-Version": "outlook_calendar",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
KEPT = ("Language", "Plural-Forms")
WIDTH = 78


def main(fresh: Path, target: Path) -> int:
    """Write the template, merge it into each translation beside it, and list what is missing."""
    template = polib.pofile(str(fresh), wrapwidth=WIDTH)
    for entry in template:
        entry.msgstr = ""
    _save(template, target)
    missing = 0
    for path in sorted(target.parent.glob("*.po")):
        translation = polib.pofile(str(path), wrapwidth=WIDTH)
        translation.merge(template)
        for entry in translation.obsolete_entries():
            translation.remove(entry)
        _save(translation, path)
        untranslated = translation.untranslated_entries() + translation.fuzzy_entries()
        missing += len(untranslated)
        for entry in untranslated:
            say(f"{path.name}: {entry.msgid!r} is not translated")
    say(f"{len(template)} texts are in {target.name}; {missing} translations are missing.")
    return 0


def _save(catalogue: polib.POFile, path: Path) -> None:
    kept = {name: catalogue.metadata[name] for name in KEPT if name in catalogue.metadata}
    catalogue.metadata = {**HEADER, **kept}
    catalogue.header = "Texts of outlook_calendar."
    catalogue.save(str(path))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
