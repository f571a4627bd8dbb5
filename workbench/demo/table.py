"""The demo's result as a table that fits a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

Row = Sequence[str]


def table(headings: Row, rows: Iterable[Row], *, widths: Sequence[int]) -> str:
    """Lay out rows in columns of at most these widths; long cells go on in the next line."""
    lines = [_line(headings, widths), _line(["─" * width for width in widths], widths)]
    for row in rows:
        cells = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        height = max(map(len, cells))
        lines += [
            _line([cell[number] if number < len(cell) else "" for cell in cells], widths)
            for number in range(height)
        ]
    return "\n".join(lines)


def _line(cells: Row, widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
