"""The standard a laboratory says it is accredited to, or its number with the body that accredits it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kratom_quality.parsing.header_words import header_words
from kratom_quality.parsing.layout import Cell, Sheet, overlap

# ISO/IEC 17025 and its national editions; words may part the body and the number: "ISO Accreditation # 17025:2017".
_STANDARD = re.compile(
    r"\b(?P<body>(?:(?:DIN|BS|NF|UNI|NEN|ČSN)[\s-]*)?(?:EN[\s-]*)?ISO(?:\s?/\s?I[A-Z]{2})?)"
    r"(?:[\s:#.,-]|[Aa]ccredit\w*|[Ss]tandard|[Cc]ertificat\w*|No\b)*"
    r"17025(?P<year>\s?[:-]\s?(?:20\d\d|E)\b)?"
)
_NEXT_LINES = 3


def find_accreditation(sheets: Sequence[Sheet]) -> str | None:
    """Return the fullest printed form of the standard, such as ``ISO/IEC 17025:2017``; else ``UKAS 4417`` and the like.

    None where no page names a standard or a body with a number.
    """
    for sheet in sheets:
        found = [match for text in _texts(sheet, ("ISO",)) for match in _STANDARD.finditer(text)]
        if found:
            best = max(found, key=lambda match: (match["year"] is not None, "/" in match["body"]))
            return f"{' '.join(best['body'].split())} 17025{''.join((best['year'] or '').split())}"
    numbers = (
        f"{match['body']} {' '.join(match['number'].split())}"
        for text in _texts(sheets[0], header_words().accreditation.bodies)
        for match in _number().finditer(text)
    )
    return next(numbers, None)


@cache
def _number() -> re.Pattern[str]:
    """A body and a laboratory's number: ``UKAS 4417``, ``RvA L 744``, ``KAN LP-2217-IDN``."""
    bodies = "|".join(map(re.escape, header_words().accreditation.bodies))
    return re.compile(
        rf"\b(?P<body>{bodies})\b(?:[\s:#.,()-]|(?i:accredit\w*|testing|laborator\w*|no|nr|cert\w*|reg\w*)\b)*"
        r"(?P<number>(?:[A-Z]{1,4}[\s-]?){0,2}\d[\w-]*)"
    )


def _texts(sheet: Sheet, named: Sequence[str]) -> Iterator[str]:
    """Texts that hold one of the names, each with what may go on with it: its line, and the next one of its column."""
    for number, line in enumerate(sheet.lines):
        for place, cell in enumerate(line.cells):
            if any(name in cell.text for name in named):
                yield f"{cell.text} {_next_line(sheet, number, cell)}"
                yield " ".join(other.text for other in line.cells[place:])


def _next_line(sheet: Sheet, number: int, cell: Cell) -> str:
    for line in sheet.lines[number + 1 : number + 1 + _NEXT_LINES]:
        for place, other in enumerate(line.cells):
            if overlap(other.x0, other.x1, cell.x0, cell.x1) > 0 and other.top < cell.bottom + cell.height:
                return " ".join(beside.text for beside in line.cells[place : place + 2])
    return ""
