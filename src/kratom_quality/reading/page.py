"""The one form every reader gives: pages of words with boxes."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A run of characters without a gap; the box is in PDF points from the top left of the page as displayed."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


class Page(NamedTuple):
    """One page as displayed: rotation and crop box are already applied; the text of a link is its address."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    links: tuple[Word, ...] = ()
