"""The standard a laboratory says it is accredited to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kratom_quality.parsing.layout import Cell, Sheet, overlap

# ISO/IEC 17025 and its national editions; words may part the body and the number: "ISO Accreditation # 17025:2017".
_STANDARD = re.compile(
    r"\b(?P<body>(?:(?:DIN|BS|NF|UNI|NEN|ČSN)[\s-]*)?(?:EN[\s-]*)?ISO(?:\s?/\s?I[A-Z]{2})?)"
    r"(?:[\s:#.,-]|[Aa]ccredit\w*|[Ss]tandard|[Cc]ertificat\w*|No\b)*"
    r"17025(?P<year>\s?[:-]\s?(?:20\d\d|E)\b)?"
)
_NEXT_LINES = 3


def find_accreditation(sheets: Sequence[Sheet]) -> str | None:
    """Return the fullest printed form of the standard, such as ``ISO/IEC 17025:2017``; None where no page names it."""
    for sheet in sheets:
        found = [match for text in _texts(sheet) for match in _STANDARD.finditer(text)]
        if found:
            best = max(found, key=lambda match: (match["year"] is not None, "/" in match["body"]))
            return f"{' '.join(best['body'].split())} 17025{''.join((best['year'] or '').split())}"
    return None


def _texts(sheet: Sheet) -> Iterator[str]:
    """Texts that may name the standard, each with the next line of its column, where it may go on."""
    for number, line in enumerate(sheet.lines):
        for cell in line.cells:
            if "ISO" in cell.text:
                yield f"{cell.text} {_next_line(sheet, number, cell)}"


def _next_line(sheet: Sheet, number: int, cell: Cell) -> str:
    for line in sheet.lines[number + 1 : number + 1 + _NEXT_LINES]:
        for other in line.cells:
            if overlap(other.x0, other.x1, cell.x0, cell.x1) > 0 and other.top < cell.bottom + cell.height:
                return other.text
    return ""
