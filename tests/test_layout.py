"""Where words stand decides what is read: not the order they come in, not where the page begins, not its scale."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import read_results
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium import read_pages
from kratom_quality.vocabulary import Vocabulary

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = ["layouts/classic_grid", "layouts/three_blocks", "layouts/transposed", "layouts/tiles", "traps/qaqc_page"]


@cache
def _pages(name: str) -> tuple[Page, ...]:
    return tuple(read_pages((FIXTURES / f"{name}.pdf").read_bytes()))


def _rows(pages: list[Page]) -> list[tuple[object, ...]]:
    found = read_results([lay_out(page) for page in pages], Names(Vocabulary.default()))
    return sorted(((row.page, row.analyte, *row.printed.model_dump().values()) for row in found.results), key=str)


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
    return Page(page.number, page.width * scale + right, page.height * scale + down, words)


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=20)
@given(seed=st.integers(0, 2**16))
def test_the_order_of_words_does_not_matter(name: str, seed: int) -> None:
    """Shuffled words make the same rows: a PDF may paint its page in any order."""
    shuffled = []
    for page in _pages(name):
        words = list(page.words)
        random.Random(seed).shuffle(words)
        shuffled.append(page._replace(words=tuple(words)))
    assert _rows(shuffled) == _rows(list(_pages(name)))


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=20)
@given(scale=st.floats(0.5, 3), right=st.floats(0, 200), down=st.floats(0, 200))
def test_place_and_scale_of_the_page_do_not_matter(name: str, scale: float, right: float, down: float) -> None:
    """A page moved or made larger makes the same rows."""
    placed = [_placed(page, scale, right, down) for page in _pages(name)]
    assert _rows(placed) == _rows(list(_pages(name)))


def test_a_rotated_page_reads_like_an_upright_one() -> None:
    """The trap of a rotated page has the rows of its truth; its boxes lie within the page as displayed."""
    (page,) = _pages("traps/rotated_page")
    assert all(0 <= word.x0 <= word.x1 <= page.width for word in page.words)
    assert all(0 <= word.top <= word.bottom <= page.height for word in page.words)


def test_an_empty_page_has_no_lines() -> None:
    """A page without words is laid out in no lines."""
    assert lay_out(Page(1, 612, 792, ())).lines == ()
