"""From what a recogniser believes at every step along a line to its characters, and how sure each of them is.

The recogniser was trained by connectionist temporal classification (Graves et al., ICML 2006, pp. 369-376): at every
step it gives each character it knows, and the blank between characters, a probability. The likeliest at every step,
with repetitions and blanks left out, are the text. It knows the writing of half the world, and takes dust and stamps
for it; a line that is mostly Latin is read as Latin throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Probabilities = NDArray[np.float32]

_BLANK = 0
_SIGNS = "µ±×÷°¹²³·§®©ŒœΔ∆–—‘’“”†‡•…‰⁰⁴⁵⁶⁷⁸⁹⁻™℃≤≥≠≈−√✓✔✗✘■□●○"  # as certificates print them
_LATIN = frozenset(
    chr(code)
    for code in (
        *map(ord, _SIGNS),
        *range(0x20, 0x7F),
        *range(0xC0, 0x100),
        *range(0x391, 0x3CA),
        *range(0xFF01, 0xFF5F),  # as wide as a Chinese character
    )
)
_MOSTLY = 0.5


class Letters(NamedTuple):
    """A line as read: its text, and for every character where it stands, in pixels, and how sure it is, in [0, 1]."""

    text: str
    centres: tuple[float, ...]
    sureness: tuple[float, ...]

    @property
    def mean_sureness(self) -> float:
        """Mean over the characters; 0 where nothing was read."""
        return sum(self.sureness) / len(self.sureness) if self.text.strip() else 0.0


def decode(probabilities: Probabilities, characters: Sequence[str], step: float) -> Letters:
    """Read a line.

    A character is as sure as the recogniser is of it, and no surer than it is that nothing was passed over beside it: a
    point or a sign believed by 0.4 where the blank is believed by 0.6 was perhaps printed.

    Parameters
    ----------
    probabilities
        One row a step along the line, one column a character.
    characters
        What the columns stand for; the first is the blank.
    step
        Pixels from one step to the next.
    """
    letters = _likeliest(probabilities, characters, step)
    foreign = sum(character not in _LATIN for character in letters.text)
    if 0 < foreign < _MOSTLY * len(letters.text):
        return _likeliest(np.where(_latin(tuple(characters)), probabilities, 0), characters, step)
    return letters


def _likeliest(probabilities: Probabilities, characters: Sequence[str], step: float) -> Letters:
    best = probabilities.argmax(axis=1)
    begins = np.flatnonzero((best != _BLANK) & np.concatenate([[True], best[1:] != best[:-1]]))
    doubt = _doubt(probabilities, best, characters)
    sureness = []
    for before, at, after in zip([-1, *begins], begins, [*begins[1:], len(best)], strict=False):
        missed = max(doubt[before + 1 : at].max(initial=0), doubt[at + 1 : after].max(initial=0))
        sureness.append(round(float(min(probabilities[at, best[at]], 1 - missed)), 3))
    centres = tuple(round(float(at + 0.5) * step, 1) for at in begins)
    return Letters("".join(characters[best[at]] for at in begins), centres, tuple(sureness))


def _doubt(probabilities: Probabilities, best: NDArray[np.intp], characters: Sequence[str]) -> Probabilities:
    """At every step read as blank, the probability of the likeliest character that no neighbouring step reads."""
    rivals = probabilities.copy()
    rivals[:, [_BLANK, *(column for column, character in enumerate(characters) if character.isspace())]] = 0
    rows = np.arange(len(best))
    for shift in (-2, -1, 0, 1, 2):
        rivals[rows, best[np.clip(rows + shift, 0, len(best) - 1)]] = 0
    return np.where(best == _BLANK, rivals.max(axis=1), 0)


@lru_cache
def _latin(characters: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([column == _BLANK or character in _LATIN for column, character in enumerate(characters)])
