"""Raised figures, which a recogniser reads as figures like others: powers of ten and footnote marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kratom_quality.reading.ink import extent
from kratom_quality.reading.letters import Letters

if TYPE_CHECKING:
    from kratom_quality.reading.ink import Ink

# A raised figure ends this far above the others' feet, in their height, and is smaller than they are.
_RAISED, _SMALLER = 0.2, 0.9
_POWER = re.compile(r"(?<![0-9.,])(?P<base>10) ?(?P<tail>[0-9]{1,2})(?![0-9.,])")
_FOOTNOTE = re.compile(r"(?P<base>[A-Za-z)])(?P<tail>[0-9])(?!\S)")
_LAST_FIGURE = re.compile(r"(?P<base>[0-9])(?P<tail>[0-9])(?![0-9.,])")
_SURENESS_OF_A_RAISED_FIGURE = 0.5


def mark_raised(letters: Letters, ink: Ink) -> Letters:
    """Spell powers as ``10^3``, leave out footnote marks behind letters, doubt a number that ends in a raised figure.

    Parameters
    ----------
    letters
        The line as read.
    ink
        Which pixels of the line are inked.
    """
    text, sure = list(letters.text), list(letters.sureness)
    for meant, pattern in ((_to_power, _POWER), (_to_nothing, _FOOTNOTE), (_to_doubt, _LAST_FIGURE)):
        for found in pattern.finditer(letters.text):
            base, tail = range(*found.span("base")), range(*found.span("tail"))
            if all(_is_raised(index, base, letters.centres, ink) for index in tail):
                meant(text, sure, found)
    centres = [centre for spelt, centre in zip(text, letters.centres, strict=True) for _ in spelt]
    return Letters("".join(text), tuple(centres), tuple(p for spelt, p in zip(text, sure, strict=True) for _ in spelt))


def _to_power(letters: list[str], _: list[float], found: re.Match[str]) -> None:
    for index in range(found.end("base"), found.start("tail")):
        letters[index] = ""
    letters[found.start("tail")] = "^" + found["tail"][0]


def _to_nothing(letters: list[str], _: list[float], found: re.Match[str]) -> None:
    letters[found.start("tail")] = ""


def _to_doubt(letters: list[str], sureness: list[float], found: re.Match[str]) -> None:
    place = found.start("tail")
    if not letters[place].startswith("^") and letters[place - 1 : place] != ["^"]:
        sureness[place] = min(sureness[place], _SURENESS_OF_A_RAISED_FIGURE)


def _is_raised(index: int, base: Sequence[int], centres: Sequence[float], ink: Ink) -> bool:
    figure = extent(index, centres, ink)
    others = [place for other in base if (place := extent(other, centres, ink))]
    if figure is None or not others:
        return False
    foot = max(bottom for _, bottom in others)
    height = foot - min(top for top, _ in others)
    top, bottom = figure
    return foot - bottom >= _RAISED * height and bottom - top <= _SMALLER * height
