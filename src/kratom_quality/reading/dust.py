"""Dust on the glass of a scanner: read as points it changes numbers, between words it hides where they end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kratom_quality.reading.ink import ABOVE_BASELINE, BELOW_BASELINE, extent
from kratom_quality.reading.letters import Letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kratom_quality.reading.ink import Ink

# Dust is as large as a point, but stands anywhere. In the size of type: how far from the baseline a point ends, how
# large a speck is, how far raised figures rise above other type, and how near a speck is to the sign it was read as.
_OFF_THE_BASELINE, _SPECK, _ABOVE_TYPE, _BESIDE = 0.13, 0.2, 0.17, 0.3
_PIXELS_OFF = 1.5
_LEAST_POINT = 0.08
_DOTS = frozenset(".,:;'`·•´")
_DOUBTFUL_POINT = 0.5


def without_dust(letters: Letters, ink: Ink, top: float, bottom: float) -> Letters:
    """Leave out points that do not stand on the baseline; one between two figures is doubted instead.

    Parameters
    ----------
    letters
        The line as read.
    ink
        Which pixels of the line are inked.
    top, bottom
        Of its type, as :func:`type_box` has them.
    """
    size = (bottom - top) / (ABOVE_BASELINE + BELOW_BASELINE)
    baseline = top + ABOVE_BASELINE * size
    kept, sureness = [], list(letters.sureness)
    for index, character in enumerate(letters.text):
        if character == ".":
            place = extent(index, letters.centres, ink)
            if not _is_between_figures(letters.text, index):
                if place is None or not _stands_on(baseline, place, _OFF_THE_BASELINE * size):
                    continue
            elif place and not _stands_on(baseline, place, _OFF_THE_BASELINE * size):
                sureness[index] = min(sureness[index], _DOUBTFUL_POINT)
        kept.append(index)
    return Letters(
        "".join(letters.text[index] for index in kept),
        tuple(letters.centres[index] for index in kept),
        tuple(sureness[index] for index in kept),
    )


def _stands_on(baseline: float, extent: tuple[int, int], tolerance: float) -> bool:
    top, bottom = extent
    return bottom - top > 4 * tolerance or abs(bottom - baseline) <= max(tolerance, _PIXELS_OFF)


def _is_between_figures(text: str, index: int) -> bool:
    return text[max(index - 1, 0) : index].isdigit() and text[index + 1 : index + 2].isdigit()


def without_specks(
    ink: Ink, strokes: NDArray[np.int32], boxes: NDArray[np.int32], letters: Letters, top: float, bottom: float
) -> Ink:
    """Ink of the line's letters alone: without specks that were not read as a sign, and what is far above or below."""
    size = (bottom - top) / (ABOVE_BASELINE + BELOW_BASELINE)
    signs = [centre for character, centre in zip(letters.text, letters.centres, strict=True) if not character.isalnum()]
    x, _, width, height = boxes.T
    specks = (width < _SPECK * size) & (height < _SPECK * size) & ~_is_near(x + width / 2, signs, size)
    specks[0] = False
    cleaned: Ink = ink & ~specks[strokes]
    cleaned[: max(round(top - _ABOVE_TYPE * size), 0)] = cleaned[max(round(bottom), 0) :] = False
    return cleaned


def count_specks(
    ink: Ink, strokes: NDArray[np.int32], boxes: NDArray[np.int32], letters: Letters, top: float, bottom: float
) -> tuple[int, float]:
    """Specks as large as a point that stand alone in a line, off its foot, and the line's length in the size of type.

    What was read as a point counts too: only where dust is rare is a point no dust.
    """
    size = (bottom - top) / (ABOVE_BASELINE + BELOW_BASELINE)
    x, y, width, height = boxes.T
    ends = y + height
    least = max(_LEAST_POINT * size, 2)
    as_a_point = (np.minimum(width, height) >= least) & (np.maximum(width, height) < _SPECK * size)
    off_the_foot = (ends > top) & (ends < bottom - (BELOW_BASELINE + _SPECK) * size)
    broken = [
        c for sign, c in zip(letters.text, letters.centres, strict=True) if not sign.isalnum() and sign not in _DOTS
    ]
    alone = ~_is_near(x + width / 2, broken, size) & as_a_point & off_the_foot
    inked = ink.sum(axis=0)
    count = 0
    for number in np.flatnonzero(alone[1:]) + 1:
        columns = slice(int(x[number]), int(x[number] + width[number]))
        count += bool((inked[columns] == (strokes[:, columns] == number).sum(axis=0)).all())
    return count, ink.shape[1] / size


def _is_near(places: NDArray[np.float64], signs: Sequence[float], size: float) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (
        np.abs(places[:, None] - np.array(signs)[None, :]).min(axis=1, initial=np.inf) < _BESIDE * size
    )
    return near
