"""Grades A to E for people who will not read intervals.

After the report cards of Kline, Rose and Walters ("A Discrimination Report Card", American Economic Review 2024):
vendors in order of their expected rank are cut into at most five groups. A pair in different groups gains ``weight *
P(in order)`` and loses ``P(misordered)``; a pair in one group is not judged. With ``weight = (1 - c) / c`` two vendors
are better told apart only where one is above the other with probability c. Of all cuts the one that gains most is
taken; c is raised until the expected share of misordered pairs among those told apart is within its bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from kratom_quality.scoring.population import Array
from kratom_quality.scoring.settings import scoring_settings

LETTERS = "ABCDE"
_BINS = 1000


def pairwise(draws: Array) -> Array:
    """Return P(vendor of the row is better than that of the column), from draws of scores, one row a vendor."""
    places = np.minimum((draws * (_BINS / 100)).astype(int), _BINS - 1)
    places += np.arange(len(draws))[:, None] * _BINS
    counts = np.bincount(places.ravel(), minlength=len(draws) * _BINS).reshape(len(draws), _BINS)
    mass = counts / draws.shape[1]
    below = np.cumsum(mass, axis=1) - mass / 2
    return np.asarray(mass @ below.T, dtype=np.float64)


def grades(better: Array, scores: Sequence[float]) -> list[str]:
    """Return a letter for each vendor.

    Parameters
    ----------
    better
        P(row better than column), rows and columns in order of expected rank.
    scores
        Median scores in the same order; no group gets a better letter than its mean score allows.
    """
    settings = scoring_settings().grades
    cuts = [0]
    for sure in settings.confidence:
        cuts = _best_cuts(better, sure)
        if discordance(better, cuts) <= settings.largest_discordance:
            break
    else:
        cuts = [0]
    return _letters(cuts, scores)


def discordance(better: Array, cuts: Sequence[int]) -> float:
    """Return the expected share of misordered pairs among the pairs in different groups; 0 where there is one group."""
    group = np.searchsorted(cuts, np.arange(len(better)), side="right")
    apart = group[:, None] < group[None, :]
    return float((1 - better)[apart].mean()) if apart.any() else 0.0


def _best_cuts(better: Array, sure: float) -> list[int]:
    """Return where groups begin, by dynamic programming over the number of groups and the first vendor of the last."""
    number, weight = len(better), (1 - sure) / sure
    gain = np.triu(weight * better - (1 - better), k=1)
    table = np.zeros((number + 1, number + 1))
    table[1:, 1:] = gain.cumsum(axis=0).cumsum(axis=1)
    # kept together, vendors first to last forgo what their pairs would gain
    starts, ends = np.meshgrid(np.arange(number + 1), np.arange(number + 1), indexing="ij")
    forgone = table[ends, ends] - table[starts, ends] - table[ends, starts] + table[starts, starts]
    forgone[ends <= starts] = np.inf
    least, origins = forgone[0], []
    for _ in LETTERS[1:]:
        total = least[:, None] + forgone
        origin = total.argmin(axis=0)
        fewer = least <= total[origin, np.arange(number + 1)] + 1e-12
        origins.append(np.where(fewer, -1, origin))
        least = np.where(fewer, least, total[origin, np.arange(number + 1)])
    cuts, end = [], number
    for origin in reversed(origins):
        if origin[end] >= 0:
            end = int(origin[end])
            cuts.append(end)
    return [0, *reversed(cuts)]


def _letters(cuts: Sequence[int], scores: Sequence[float]) -> list[str]:
    """Give each group the letter of its mean score, no two the same and none above a better group's."""
    bands, ends = scoring_settings().grades.bands, [*cuts[1:], len(scores)]
    letters: list[str] = []
    place = -1
    for nth, (start, end) in enumerate(zip(cuts, ends, strict=True)):
        deserved = sum(fmean(scores[start:end]) < band for band in bands)
        place = min(max(place + 1, deserved), len(LETTERS) - len(cuts) + nth)
        letters += [LETTERS[place]] * (end - start)
    return letters
