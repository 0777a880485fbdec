"""A document's pages read, laid out and understood; where that contradicts itself, once more by another engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.parsing.confidence import Doubt, Doubts, weigh
from kratom_quality.parsing.layout import Sheet, lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import Findings, read_results
from kratom_quality.parsing.second_reading import NOTHING_READ, find_differences, pages_in_doubt, standing_by_page
from kratom_quality.parsing.self_checks import Checked, check_results
from kratom_quality.reading.page import Page
from kratom_quality.reading.pages import Reading, read_document
from kratom_quality.reading.plumber import read_again
from kratom_quality.records import Result


class Understood(NamedTuple):
    """What the pages say.

    Parameters
    ----------
    pages, sheets
        As read, and laid out.
    findings
        Their results, each with its confidence, and what nobody understood.
    checked
        What their arithmetic says of the results.
    differing
        Results that a second engine read otherwise, by their place, with what it read.
    """

    pages: Sequence[Page]
    sheets: Sequence[Sheet]
    findings: Findings
    checked: Checked
    differing: dict[int, Result]


class Parsed(NamedTuple):
    """A document as read, and as understood."""

    reading: Reading
    understood: Understood


def parse(
    data: bytes,
    names: Names,
    password: str | None = None,
    limits: ReadingLimits = DEFAULT_LIMITS,
    *,
    by_ocr: bool = True,
) -> Parsed:
    """Read a document's pages, and the tables and results on them.

    Parameters
    ----------
    data, password, limits, by_ocr
        As for :func:`kratom_quality.reading.pages.read_document`.
    names
        The analytes to recognise.

    Raises
    ------
    NotAPdfError, DamagedPdfError, EncryptedPdfError, LimitExceededError
        Each says what to do.
    """
    reading = read_document(data, password, limits, by_ocr=by_ocr)
    first = understand(reading.pages, names)
    doubtful = pages_in_doubt(first.findings.results, first.findings.unread, first.checked, first.pages)
    if doubtful and reading.pdf is not None and (again := read_again(data, doubtful, password)):
        return Parsed(reading, choose_better(first, again, names))
    return Parsed(reading, first)


def understand(pages: Sequence[Page], names: Names) -> Understood:
    """Understand pages that were read, without asking a second engine."""
    sheets = [lay_out(page) for page in pages]
    findings = read_results(sheets, names)
    checked = check_results(findings.results)
    results = weigh(findings.results, pages, checked.doubts, checked.confirmed)
    return Understood(pages, sheets, findings._replace(results=results), checked, {})


def choose_better(first: Understood, again: dict[int, Page], names: Names) -> Understood:
    """Keep each page's better reading, and name the results that the two engines read differently."""
    second = understand([again.get(page.number, page) for page in first.pages], names)
    before = standing_by_page(first.findings.results, first.checked)
    after = standing_by_page(second.findings.results, second.checked)
    better = {page for page in again if page in after and after[page].is_better_than(before.get(page, NOTHING_READ))}
    kept = first if not better else second if better == set(again) else _mixed(first, again, better, names)
    differing: dict[int, Result] = {}
    for other in (first, second):
        differing.update(find_differences(kept.findings.results, other.findings.results, again.keys()))
    doubts: dict[int, Doubts] = dict.fromkeys(differing, frozenset({Doubt.ENGINES_DIFFER}))
    results = weigh(kept.findings.results, (), doubts, ())
    return kept._replace(findings=kept.findings._replace(results=results), differing=differing)


def _mixed(first: Understood, again: dict[int, Page], better: set[int], names: Names) -> Understood:
    return understand([again[page.number] if page.number in better else page for page in first.pages], names)
