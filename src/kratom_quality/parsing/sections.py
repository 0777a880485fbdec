"""Section titles: which panel the tables below them belong to, and the verdict printed beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Literal, NamedTuple

from pydantic import RootModel

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.layout import Cell, Line, Sheet, overlap
from kratom_quality.records import Box, Panel
from kratom_quality.units import find_unit, normalise_unit
from kratom_quality.values import looks_like_value, parse_verdict
from kratom_quality.vocabulary import fold

PanelStatus = Literal["pass", "fail", "tested", "not_tested"]
_LONGEST_TITLE = 9
_NEAR_ABOVE = 4.0  # heights of the text
_SPEAKS_OF_UNITS = re.compile(
    r"\b(?:units?|results?|values?|concentrations?|reported|expressed|given|contents?|amounts?)\b", re.IGNORECASE
)
_NUMBERS_A_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.")
_PARTS = re.compile(r"\s*[·•|;]\s*|\s+[-–—]\s+")
_AROUND_UNIT = re.compile(r"^(?:all )?in\b|,?\s*\b(?:unless|except)\b.*$", re.IGNORECASE)
_STATUS_WORDS: dict[str, PanelStatus] = {
    "tested": "tested",
    "complete": "tested",
    "completed": "tested",
    "nottested": "not_tested",
    "nt": "not_tested",
}


class Title(NamedTuple):
    """A section's title, the panel it announces, and the verdict beside it."""

    panel: Panel
    cell: Cell
    status: PanelStatus | None


class Heading(NamedTuple):
    """What stands above a table: its panel, the unit given for all its rows, and how far down the page it stands."""

    panel: Panel | None
    unit: str | None
    bottom: float


class _TitlePhrases(RootModel[dict[Panel, tuple[str, ...]]]):
    """``data/panels.toml``: phrases in the titles of sections, by the panel they announce."""


@cache
def _phrases() -> dict[str, Panel]:
    panels = load_model(_TitlePhrases, bundled("panels.toml")).root
    return {fold(text): panel for panel, texts in panels.items() for text in texts}


@lru_cache(maxsize=4096)
def title_panel(text: str) -> Panel | None:
    """The panel a short text announces, or the first part of a longer one; None where it announces none."""
    if text.count(" ") >= _LONGEST_TITLE:
        text = _PARTS.split(text, maxsplit=1)[0]
        if text.count(" ") >= _LONGEST_TITLE:
            return None
    words = [word for word in map(fold, text.replace("/", " ").replace("-", " ").split()) if word]
    for length in range(min(3, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            panel = _phrases().get("".join(words[start : start + length]))
            if panel is not None:
                return panel
    return None


def is_panel_name(text: str) -> bool:
    """Whether a text is nothing but the name of a panel, in one language or two."""
    return fold(text) in _phrases() or (" / " in text and any(fold(part) in _phrases() for part in text.split(" / ")))


def find_titles(sheet: Sheet) -> list[Title]:
    """Every title of a page, top to bottom."""
    titles = []
    for line in sheet.lines:
        for position, cell in enumerate(line.cells):
            panel = title_panel(cell.text)
            if panel is None or cell.text[-1] in ".;" or looks_like_value(cell.text):
                continue
            if not _begins_a_row(line, position):
                titles.append(Title(panel, cell, _status_beside(line, position)))
    return titles


def _begins_a_row(line: Line, position: int) -> bool:
    """A value beside a text makes it a row's name, any text a label's; a verdict beside it may be a section's."""
    is_label = line.cells[position].text.endswith(":")
    beside = [cell for cell in line.cells[position + 1 : position + 2] if not _NUMBERS_A_SECTION.fullmatch(cell.text)]
    return any((is_label or looks_like_value(cell.text)) and read_status(cell.text) is None for cell in beside)


def _status_beside(line: Line, position: int) -> PanelStatus | None:
    for cell in line.cells[position + 1 :]:
        status = read_status(cell.text)
        if status is not None:
            return status
        if title_panel(cell.text) is not None:
            return None
    return None


def read_status(text: str) -> PanelStatus | None:
    """A panel's verdict as printed: pass, fail, tested or not tested."""
    return parse_verdict(text) or _STATUS_WORDS.get(fold(text))


def heading_above(sheet: Sheet, titles: Sequence[Title], block: Box) -> Heading | None:
    """What the nearest title above a table, and the lines between the two, say of it."""
    x0, top, x1, _ = block
    above = [title for title in titles if title.cell.top < top and overlap(title.cell.x0, title.cell.x1, x0, x1) > 0]
    title = max(above, key=lambda title: title.cell.bottom, default=None)
    for other in above:
        if title and title.cell.middle - other.cell.middle <= 2 * other.cell.height >= 2.5 * title.cell.height:
            title = other
    if title is not None:
        return Heading(title.panel, _unit_between(sheet, title.cell.top, block, title.cell), title.cell.bottom)
    before = [line for line in sheet.lines if line.middle < top]
    start = top - _NEAR_ABOVE * before[-1].height if before else top
    unit = _unit_between(sheet, start, block, None)
    return Heading(None, unit, start) if unit else None


def last_heading(sheet: Sheet, titles: Sequence[Title], below: float) -> Heading | None:
    """The last title of a page, where no table follows it: its table stands on the next page."""
    open_titles = [title for title in titles if title.cell.top > below]
    if not open_titles:
        return None
    title = max(open_titles, key=lambda title: title.cell.bottom)
    rest = (0.0, sheet.height, sheet.width, sheet.height)
    return Heading(title.panel, _unit_between(sheet, title.cell.top, rest, title.cell), 0.0)


def _unit_between(sheet: Sheet, start: float, block: Box, title: Cell | None) -> str | None:
    """The unit a title, what stands beside it or a sentence below it gives for a whole table: 'All results in ug/g'."""
    x0, top, x1, _ = block
    for line in sheet.lines:
        if start <= line.middle < top:
            for cell, beside in zip_longest(line.cells, line.cells[1:]):
                level = title is not None and _stands_right_of(title, cell)
                if cell is not title and not level and overlap(cell.x0, cell.x1, x0, x1) <= 0:
                    continue
                is_label = beside is not None and cell.text.endswith(":")
                unit = _unit_given(cell.text, is_title=cell is title, is_level=level)
                if unit or (is_label and _SPEAKS_OF_UNITS.search(cell.text) and (unit := find_unit(beside.text))):
                    return unit
                if level and ":" not in cell.text and title_panel(cell.text) is not None:
                    break  # another title, with its own
    return None


def _stands_right_of(title: Cell, cell: Cell) -> bool:
    return cell.x0 >= title.x1 and abs(cell.middle - title.middle) <= 0.5 * title.height


def _bare(part: str) -> str:
    """A remark beside a title without the words around a unit: 'in mg/kg', 'CFU/g unless stated'."""
    return _AROUND_UNIT.sub("", part).strip()


@lru_cache(maxsize=4096)
def _unit_given(text: str, *, is_title: bool, is_level: bool) -> str | None:
    """The unit a text gives: in a title, beside one as a part of its own ('ICP-MS · mg/kg'), or by speaking of it."""
    parts = _PARTS.split(text)
    if is_level and (alone := next((part for part in map(_bare, parts) if normalise_unit(part)), None)):
        return alone
    speaking = [part for part in parts if is_title or _SPEAKS_OF_UNITS.search(part)]
    return next((unit for part in speaking if (unit := find_unit(part))), None)
