"""What a reader of the record must know before trusting it: pages without text, text that is no text, nothing found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.sections import title_panel
from kratom_quality.records import Problem, ProblemKind, Result, ValueState

_FEWEST_WORDS = 25
_PLAIN_WORD = re.compile(r"[A-Za-z]{3,}")
_GARBLED_BELOW = 0.12
_CERTIFICATE_WORDS = re.compile(
    r"certificate of analysis|laborator|analy[st]|test (?:report|result)|\bcoa\b", re.IGNORECASE
)
_USE_OCR = (
    "an OCR program such as ocrmypdf adds a text layer that can be read, or ask the laboratory for its original PDF"
)


def find_problems(sheets: Sequence[Sheet], results: Sequence[Result]) -> Iterator[Problem]:
    """Say what is wrong with the document or with what was read from it."""
    for sheet in sheets:
        yield from _text_problems(sheet)
    if not is_certificate(sheets, results):
        yield Problem(
            kind=ProblemKind.NOT_A_CERTIFICATE,
            message="nothing on the pages speaks of a laboratory's analysis: this is probably no certificate",
        )
    elif not results:
        yield Problem(
            kind=ProblemKind.NO_RESULTS, message="no results were found; look at the pages and report the layout"
        )
    for result in results:
        if result.value.state is ValueState.UNREADABLE:
            yield Problem(
                kind=ProblemKind.UNREADABLE_VALUE,
                message=f"page {result.page}: {result.printed.analyte!r} has a result that cannot be understood: "
                f"{result.printed.result!r}; check it on the page",
                page=result.page,
                analyte=result.analyte,
            )


def is_certificate(sheets: Sequence[Sheet], results: Sequence[Result]) -> bool:
    """Whether a document reports a laboratory's analysis: it names an analyte with a result, or speaks of one."""
    if any(result.analyte for result in results):
        return True
    lines = [line.text for sheet in sheets for line in sheet.lines]
    return any(_CERTIFICATE_WORDS.search(line) or title_panel(line) for line in lines)


def _text_problems(sheet: Sheet) -> Iterator[Problem]:
    words = [word.text for line in sheet.lines for cell in line.cells for word in cell.words]
    if len(words) < _FEWEST_WORDS:
        found = f"only {len(words)} words" if words else "no text"
        yield Problem(
            kind=ProblemKind.NO_TEXT,
            message=f"page {sheet.number} holds {found}: it is probably a scan; {_USE_OCR}",
            page=sheet.number,
        )
    elif sum(_PLAIN_WORD.search(word) is not None for word in words) < _GARBLED_BELOW * len(words):
        yield Problem(
            kind=ProblemKind.GARBLED_TEXT,
            message=f"page {sheet.number} has a text layer that does not say what the page shows (its fonts carry no "
            f"character map); {_USE_OCR}",
            page=sheet.number,
        )
