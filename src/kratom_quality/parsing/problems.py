"""What a reader of the record must know before trusting it: what was not read, and what does not agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from kratom_quality.parsing.confidence import SURE, figure_sureness
from kratom_quality.parsing.document import Understood
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.sections import title_panel
from kratom_quality.records import Problem, ProblemKind, Result, ValueState

_CERTIFICATE_WORDS = re.compile(
    r"certificate of analysis|laborator|analy[st]|test (?:report|result)|\bcoa\b", re.IGNORECASE
)
_USE_OCR = "OCR reads it once `pip install 'kratom-quality[ocr]'` was run, or ask the laboratory for its original PDF"
_FAULTS = {
    ProblemKind.NO_TEXT: "holds too little text for what it shows: it is probably a scan",
    ProblemKind.GARBLED_TEXT: "has a text layer that does not say what it shows: its fonts carry no character map",
}


def find_problems(
    understood: Understood, results: Sequence[Result], faults: Mapping[int, str] = MappingProxyType({})
) -> Iterator[Problem]:
    """Say what is wrong with the document or with what was read from it.

    Parameters
    ----------
    understood
        What its pages say.
    results
        Its results; none where it is no certificate.
    faults
        Those of pages left unread.
    """
    for number, fault in sorted(faults.items()):
        kind = ProblemKind(fault)
        yield Problem(kind=kind, message=f"page {number} {_FAULTS[kind]}; {_USE_OCR}", page=number)
    if not is_certificate(understood.sheets, results):
        yield Problem(
            kind=ProblemKind.NOT_A_CERTIFICATE,
            message="nothing on the pages speaks of a laboratory's analysis: this is probably no certificate",
        )
    elif not results:
        yield Problem(
            kind=ProblemKind.NO_RESULTS, message="no results were found; look at the pages and report the layout"
        )
    if results:
        yield from _problems_of_rows(understood)


def _problems_of_rows(understood: Understood) -> Iterator[Problem]:
    results = understood.findings.results
    by_ocr = {page.number: page for page in understood.pages if page.reader == "ocr"}
    for place, result in enumerate(results):
        if result.value.state is ValueState.UNREADABLE:
            why = f"has a result that cannot be understood: {result.printed.result!r}; check it on the page"
            yield _problem_of(result, ProblemKind.UNREADABLE_VALUE, why)
        if result.page in by_ocr and figure_sureness(result, by_ocr[result.page]) < SURE:
            shown = result.printed.result
            why = f"has a figure that OCR could not read for certain; compare {shown!r} with the page"
            yield _problem_of(result, ProblemKind.UNSURE_FIGURE, why)
        if place in understood.differing:
            other = understood.differing[place].value
            why = f"is {result.value}, and {other} as another engine reads the file; compare both with the page"
            yield _problem_of(result, ProblemKind.ENGINES_DIFFER, why)
    for one in understood.checked.contradictions:
        yield _problem_of(results[one.places[0]], one.kind, one.message)


def _problem_of(result: Result, kind: ProblemKind, why: str) -> Problem:
    message = f"page {result.page}: {result.printed.analyte!r} {why}"
    return Problem(kind=kind, message=message, page=result.page, analyte=result.analyte, bbox=result.bbox)


def is_certificate(sheets: Sequence[Sheet], results: Sequence[Result]) -> bool:
    """Whether a document reports a laboratory's analysis: it names an analyte with a result, or speaks of one."""
    if any(result.analyte for result in results):
        return True
    lines = [line.text for sheet in sheets for line in sheet.lines]
    return any(_CERTIFICATE_WORDS.search(line) or title_panel(line) for line in lines)
