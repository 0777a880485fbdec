"""Where words stand to each other decides what is read: not their order, the page's edges, its scale or its way up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pdfs
from kratom_quality import read_certificate
from kratom_quality.parsing.header import read_header
from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import read_results
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium import draw_pages, read_pages
from kratom_quality.vocabulary import Vocabulary

FIXTURES = Path(__file__).parent.parent / "fixtures"
DOCUMENTS = sorted(
    path.relative_to(FIXTURES).as_posix()
    for folder in ("layouts", "traps")
    for path in (FIXTURES / folder).glob("*.pdf")
)
documents = st.sampled_from(DOCUMENTS)


@cache
def _data(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


@cache
def _pages(name: str) -> tuple[Page, ...]:
    return tuple(read_pages(_data(name)))


@cache
def _said(name: str) -> tuple[object, ...]:
    return _read(_pages(name))


def _read(pages: Sequence[Page]) -> tuple[object, ...]:
    """The rows of a document, and its head."""
    sheets = [lay_out(page) for page in pages]
    found = read_results(sheets, Names(Vocabulary.default()))
    rows = ((row.page, row.panel, row.analyte, *row.printed.model_dump().values()) for row in found.results)
    return sorted(rows, key=str), read_header(sheets)


def _placed(page: Page, scale: float, right: float, down: float) -> Page:
    words = tuple(
        Word(
            word.x0 * scale + right,
            word.top * scale + down,
            word.x1 * scale + right,
            word.bottom * scale + down,
            word.text,
        )
        for word in page.words
    )
    return page._replace(width=page.width * scale + right, height=page.height * scale + down, words=words)


@settings(max_examples=60)
@given(name=documents, seed=st.integers(0, 2**16))
def test_the_order_of_words_does_not_matter(name: str, seed: int) -> None:
    """Shuffled words make the same tables and head: a PDF may paint its page in any order."""
    shuffled = []
    for page in _pages(name):
        words = list(page.words)
        random.Random(seed).shuffle(words)
        shuffled.append(page._replace(words=tuple(words)))
    assert _read(shuffled) == _said(name)


@settings(max_examples=60)
@given(name=documents, scale=st.floats(0.5, 2), right=st.floats(0, 200), down=st.floats(0, 100))
def test_place_and_scale_of_the_page_do_not_matter(name: str, scale: float, right: float, down: float) -> None:
    """A page moved, or made larger or smaller, makes the same tables and head."""
    assert _read([_placed(page, scale, right, down) for page in _pages(name)]) == _said(name)


@settings(max_examples=40)
@given(name=documents, content=st.sampled_from([0, 90, 180, 270]), shown=st.sampled_from([0, 90, 180, 270]))
def test_the_way_up_does_not_matter(name: str, content: int, shown: int) -> None:
    """A page whose text stands on its side or upside down, as stored or as displayed, reads like an upright one."""
    turned = read_pages(pdfs.turned(_data(name), content=content, shown=shown))
    assert _read(turned) == _said(name)
    for page in turned:
        assert all(-1 <= word.x0 <= word.x1 <= page.width + 1 for word in page.words)


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_boxes_are_given_as_displayed(quarter_turns: int) -> None:
    """A row's box is where a person sees it, though its page is read upright."""
    data = _data("layouts/classic_grid.pdf")
    upright, turned = (
        read_certificate(pdf, ocr=False) for pdf in (data, pdfs.turned(data, content=90 * quarter_turns))
    )
    (drawing,) = draw_pages(pdfs.turned(data, content=90 * quarter_turns), [1], 1)
    height, width = drawing.pixels.shape
    for one, other in zip(upright.results, turned.results, strict=True):
        x0, top, x1, bottom = one.bbox
        for side in (612, 792, 612)[:quarter_turns]:  # counterclockwise, on a letter page
            x0, top, x1, bottom = top, side - x1, bottom, side - x0
        assert other.bbox == pytest.approx((x0, top, x1, bottom), abs=0.3)
        assert 0 <= x0 < x1 <= width
        assert 0 <= top < bottom <= height


def test_a_rotated_page_reads_like_an_upright_one() -> None:
    """The trap of a rotated page has the rows of its truth; its boxes lie within the page as displayed."""
    (page,) = _pages("traps/rotated_page.pdf")
    assert all(0 <= word.x0 <= word.x1 <= page.width for word in page.words)
    assert all(0 <= word.top <= word.bottom <= page.height for word in page.words)


def test_an_empty_page_has_no_lines() -> None:
    """A page without words is laid out in no lines."""
    assert lay_out(Page(1, 612, 792, ())).lines == ()
