"""Boxes as a person sees them: some pages are displayed with their text on its side, and are read upright."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from kratom_quality.reading.page import Page
from kratom_quality.records import Problem, Result, Unread

_Placed = TypeVar("_Placed", Problem, Result, Unread)


def as_displayed(found: Iterable[_Placed], pages: Sequence[Page]) -> tuple[_Placed, ...]:
    """Give what was found on pages read upright the boxes it has on the pages as displayed."""
    turned = {page.number: page for page in pages if page.quarter_turns}
    if not turned:
        return tuple(found)
    return tuple(_displayed(one, turned) for one in found)


def _displayed(one: _Placed, turned: Mapping[int, Page]) -> _Placed:
    page = turned.get(one.page) if one.page is not None else None
    if page is None or one.bbox is None:
        return one
    return one.model_copy(update={"bbox": page.displayed(one.bbox)})
