"""Write docs/graph-quirks.md from the list in `core/graph/quirks.py`.

python3 -m workbench python -m workbench.quirks_page
"""

from __future__ import annotations

from core.graph.quirks import QUIRKS

from .cache import CHECKOUT
from .console import say

PAGE = CHECKOUT / "docs" / "graph-quirks.md"


def as_markdown() -> str:
    """Return the page."""
    lines = [
        "# Quirks of Microsoft Graph and Entra, and what is done about them",
        "",
        "Made from `core/graph/quirks.py` with",
        "`python3 -m workbench python -m workbench.quirks_page`; edit it there.",
        "*Documented*: Microsoft says so. *Seen*: published clients met it; the source names one.",
        "*Inferred*: nobody knows; ours is the harmless choice, and the sandbox has a switch where",
        "that makes sense.",
    ]
    area = ""
    for quirk in QUIRKS:
        if quirk.area != area:
            area = quirk.area
            lines += ["", f"## {area}", "", "| what happens | what is done | how sure | test |"]
            lines.append("|---|---|---|---|")
        sure = f"{quirk.standing.value}: {quirk.source} ({quirk.seen})"
        lines.append(f"| {quirk.what} | {quirk.answer} | {sure} | `{quirk.test}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(as_markdown())
    say(f"{PAGE.relative_to(CHECKOUT)} is written.")
