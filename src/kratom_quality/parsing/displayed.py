"""Boxes as a person sees them: some pages are displayed with their text on its side, and are read upright."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kratom_quality.reading.page import Page
from kratom_quality.records import Result, Unread

_Placed = TypeVar("_Placed", Result, Unread)


def as_displayed(found: Iterable[_Placed], pages: Sequence[Page]) -> tuple[_Placed, ...]:
    """Give what was found on pages read upright the boxes it has on the pages as displayed."""
    turned = {page.number: page for page in pages if page.quarter_turns}
    return tuple(
        one.model_copy(update={"bbox": turned[one.page].displayed(one.bbox)}) if one.page in turned else one
        for one in found
    )
