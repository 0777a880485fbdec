"""A second engine: asked only where the first reading is in doubt, believed only where it agrees better with itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kratom_quality.parsing.document import choose_better, understand
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.problems import find_problems
from kratom_quality.parsing.second_reading import pages_in_doubt
from kratom_quality.reading.page import Page
from kratom_quality.reading.pdfium import read_pages
from kratom_quality.reading.plumber import read_again
from kratom_quality.records import ProblemKind, Result
from kratom_quality.vocabulary import Vocabulary

NAMES = Names(Vocabulary.default())


def said(results: Sequence[Result]) -> set[tuple[object, ...]]:
    return {(row.page, row.analyte or row.printed.analyte, row.value.unit, row.printed.result) for row in results}


def misread(pages: Sequence[Page], printed: str, instead: str) -> list[Page]:
    """The pages as an engine gives them that takes one figure for another."""
    return [
        page._replace(words=tuple(word._replace(text=instead) if word.text == printed else word for word in page.words))
        for page in pages
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("layouts/cards", "layouts/three_blocks", "layouts/transposed", "layouts/european", "layouts/continued"),
        *("traps/rotated_page", "traps/cropbox_offset", "traps/power_of_ten_limits", "traps/touching_cells"),
    ],
)
def test_both_engines_read_alike(fixtures: Path, name: str) -> None:
    """Boxes, turned and cropped pages, raised exponents: what is built on the words does not depend on the engine."""
    data = (fixtures / f"{name}.pdf").read_bytes()
    pages = read_pages(data)
    again = read_again(data, pages)
    assert {page.reader for page in again.values()} == {"pdfplumber"}
    first = understand(pages, NAMES).findings.results
    second = understand([again[page.number] for page in pages], NAMES).findings.results
    assert said(first) == said(second)


@pytest.mark.parametrize("name", ["layouts/cards", "layouts/two_blocks", "layouts/transposed"])
def test_a_figure_that_contradicts_the_page_puts_the_page_in_doubt(fixtures: Path, name: str) -> None:
    """A page that agrees with itself is not read again; one wrong digit, and it is."""
    pages = read_pages((fixtures / f"{name}.pdf").read_bytes())
    first = understand(pages, NAMES)
    assert not pages_in_doubt(first.findings.results, first.findings.unread, first.checked, pages)
    figure = next(row.printed.result for row in first.findings.results if row.analyte == "mitragynine")
    broken = understand(misread(pages, figure or "", f"9{figure}"), NAMES)
    doubtful = pages_in_doubt(broken.findings.results, broken.findings.unread, broken.checked, broken.pages)
    assert [page.number for page in doubtful] == [1]


def test_the_reading_that_agrees_with_itself_is_kept(fixtures: Path) -> None:
    """The second reading replaces the first where that contradicts itself; what the two read differently is named."""
    data = (fixtures / "layouts" / "cards.pdf").read_bytes()
    pages = read_pages(data)
    right = understand(pages, NAMES)
    broken = understand(misread(pages, "1.647", "7.647"), NAMES)
    kept = choose_better(broken, read_again(data, pages), NAMES)
    assert [page.reader for page in kept.pages] == ["pdfplumber"]
    assert said(kept.findings.results) == said(right.findings.results)
    (place,) = kept.differing
    differing = kept.findings.results[place]
    assert differing.printed.result == "1.647"
    assert differing.confidence is not None
    assert differing.confidence < 0.9
    problems = list(find_problems(kept, kept.findings.results))
    assert [problem.kind for problem in problems] == [ProblemKind.ENGINES_DIFFER]
    assert "7.647" in problems[0].message
    assert problems[0].bbox == differing.bbox


def test_a_second_reading_that_is_no_better_is_not_kept(fixtures: Path) -> None:
    """Where the second engine finds less or contradicts itself as much, the first reading stands."""
    data = (fixtures / "layouts" / "cards.pdf").read_bytes()
    pages = read_pages(data)
    first = understand(pages, NAMES)
    worse = {1: misread(pages, "1.647", "7.647")[0]._replace(reader="pdfplumber")}
    kept = choose_better(first, worse, NAMES)
    assert [page.reader for page in kept.pages] == ["pdfium"]
    assert [kept.findings.results[place].printed.result for place in kept.differing] == ["1.647"]
    emptied = {1: pages[0]._replace(words=pages[0].words[:40], reader="pdfplumber")}
    assert [page.reader for page in choose_better(first, emptied, NAMES).pages] == ["pdfium"]


def test_what_pdfplumber_cannot_open_leaves_the_first_reading(fixtures: Path) -> None:
    """The second engine may fail where the first did not."""
    pages = read_pages((fixtures / "layouts" / "cards.pdf").read_bytes())
    assert read_again(b"%PDF-1.7 nothing", pages) == {}


def test_documents_that_agree_with_themselves_never_load_the_second_engine(fixtures: Path) -> None:
    """Its price is paid by documents in doubt alone."""
    read = f"import kratom_quality as kq; kq.read_certificate({str(fixtures / 'layouts' / 'cards.pdf')!r})"
    ran = subprocess.run(
        [sys.executable, "-c", f"{read}; import sys; print('pdfplumber' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "False"
