"""How each panel was tested: methods and instruments in its title, in the lines around its table, and in its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.layout import Cell, Sheet, overlap
from kratom_quality.parsing.sections import Title, title_panel
from kratom_quality.records import Panel, Result

_LONGEST_VALUE = 120  # characters
_UNOPENED = re.compile(r"^(?P<inside>[^()]*)\).*$")  # the label stood in brackets
_EDGES = " .,;:·-–|"


class _Words(BaseModel):
    """``data/methods.toml``: what introduces methods and instruments."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    methods: tuple[str, ...]
    instruments: tuple[str, ...]
    techniques: tuple[str, ...]
    parts_only: tuple[str, ...]


class Named(NamedTuple):
    """A method or an instrument of a panel."""

    panel: Panel
    text: str
    is_instrument: bool


def find_methods(sheet: Sheet, titles: Sequence[Title]) -> Iterator[Named]:
    """Name the methods and instruments printed in titles and behind labels below them, down the page."""
    for title in titles:
        for text in _techniques(title.cell.text):
            yield Named(title.panel, text, False)
    for line in sheet.lines:
        for place, cell in enumerate(line.cells):
            if ":" in cell.text and (panel := _panel_of(cell, titles)) is not None:
                for text, is_instrument in _labelled(line.cells[place:]):
                    yield Named(panel, text, is_instrument)


def by_panel(named: Iterable[Named], results: Iterable[Result], *, instruments: bool) -> dict[Panel, tuple[str, ...]]:
    """Gather what was named, each once, in the order of the pages; the rows' own methods stand with their panel's."""
    gathered: dict[Panel, dict[str, None]] = {}
    for one in named:
        if one.is_instrument == instruments:
            gathered.setdefault(one.panel, {})[one.text] = None
    for result in () if instruments else results:
        if result.printed.method is not None:
            gathered.setdefault(result.panel, {})[result.printed.method] = None
    return {panel: tuple(texts) for panel, texts in gathered.items()}


def _techniques(text: str) -> Iterator[str]:
    """``UHPLC-DAD`` and ``LC-MS/MS`` in 'Alkaloids (UHPLC-DAD)'; no technique is called UV alone."""
    for match in _technique().finditer(text):
        if match.group() not in _words().parts_only:
            yield match.group()


def _labelled(cells: Sequence[Cell]) -> Iterator[tuple[str, bool]]:
    """The values behind the labels of a cell; that of a label at its end stands in the next cell."""
    text = cells[0].text
    labels = list(_label().finditer(text))
    for number, label in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
        value = _UNOPENED.sub(r"\g<inside>", text[label.end() : end]).strip(_EDGES)
        if not value and number + 1 == len(labels) and len(cells) > 1:
            value = cells[1].text.strip(_EDGES)
        if 1 < len(value) <= _LONGEST_VALUE:
            yield value, label["instrument"] is not None


def _panel_of(cell: Cell, titles: Sequence[Title]) -> Panel | None:
    """The panel a cell names before its first label, else that of the nearest title above it or at its height."""
    label = _label().search(cell.text)
    if label is None:
        return None
    if (own := title_panel(cell.text[: label.start()])) is not None:
        return own
    above = [
        title
        for title in titles
        if title.cell.top <= cell.middle and overlap(title.cell.x0, title.cell.x1, cell.x0, cell.x1) > 0
    ]
    nearest = max(above, key=lambda title: title.cell.bottom, default=None)
    return nearest.panel if nearest else None


@cache
def _words() -> _Words:
    return load_model(_Words, bundled("methods.toml"))


@cache
def _technique() -> re.Pattern[str]:
    parts = "|".join(sorted(map(re.escape, _words().techniques), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{parts})(?:\s?[-/]\s?(?:{parts}))*(?![\w-])")


@cache
def _label() -> re.Pattern[str]:
    methods, instruments = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        for words in (_words().methods, _words().instruments)
    )
    return re.compile(rf"(?<!\w)(?:(?P<instrument>{instruments})|{methods})\s?:", re.IGNORECASE)
