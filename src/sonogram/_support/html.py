# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Tables for notebooks."""

from collections.abc import Iterable, Sequence
from html import escape


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return an HTML table; every text is escaped, and cells are aligned to the left."""
    parts = ["<table>", f"<caption>{escape(caption)}</caption>"]
    if head:
        cells = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in head)
        parts.append(f"<thead><tr>{cells}</tr></thead>")
    parts.append("<tbody>")
    for row in rows:
        cells = "".join(f'<td style="text-align:left">{escape(str(cell))}</td>' for cell in row)
        parts.append(f"<tr>{cells}</tr>")
    return "".join([*parts, "</tbody></table>"])
