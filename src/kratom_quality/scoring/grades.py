"""Grades A to E for people who will not read intervals.

After the report cards of Kline, Rose and Walters ("A Discrimination Report Card", American Economic Review 2024):
vendors in order of their expected rank are cut into at most five groups. A pair in different groups gains ``weight *
P(in order)`` and loses ``P(misordered)``; a pair in one group is not judged. With ``weight = (1 - c) / c`` two vendors
are better told apart only where one is above the other with probability c. Of all cuts the one that gains most is
taken; c is raised until the expected share of misordered pairs among those told apart is within its bound.

Beyond some hundreds of vendors they are cut between runs of neighbours alone, so that the pairs of runs bound the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from kratom_quality.scoring.draws import Draws
from kratom_quality.scoring.population import Array
from kratom_quality.scoring.settings import scoring_settings

LETTERS = "ABCDE"
_BINS = 1000


@dataclass(frozen=True, slots=True)
class Pairs:
    """How vendors compare, from draws of their scores, in order of expected rank.

    Parameters
    ----------
    runs
        Where each run of neighbouring vendors begins; as many as there are vendors in all but large markets.
    vendors
        How many there are.
    better
        Sum of P(vendor of the row's run is better than that of the column's) over the pairs of both.
    better_than_next
        P(vendor is better than the next), for all but the last.
    """

    runs: tuple[int, ...]
    vendors: int
    better: Array
    better_than_next: tuple[float, ...]

    @property
    def numbers(self) -> Array:
        """How many pairs of vendors each pair of runs has."""
        sizes = np.diff([*self.runs, self.vendors]).astype(np.float64)
        return np.outer(sizes, sizes)


def pairwise(draws: Draws) -> Pairs:
    """Compare vendors by draws of scores, one row a vendor."""
    most = scoring_settings().vendors_at_once
    runs = np.unique(np.linspace(0, len(draws), min(most, len(draws)), endpoint=False).astype(int))
    above, below = np.zeros((len(runs), _BINS)), np.zeros((len(runs), _BINS))
    following: list[float] = []
    last = None
    for first in range(0, len(draws), most):
        mass = _mass(draws[first : first + most])
        under = np.cumsum(mass, axis=1) - mass / 2
        run = np.searchsorted(runs, np.arange(first, first + len(mass)), side="right") - 1
        np.add.at(above, run, mass)
        np.add.at(below, run, under)
        ahead = mass[:-1] if last is None else np.vstack([last, mass[:-1]])
        following += np.einsum("vb,vb->v", ahead, under[len(under) - len(ahead) :]).tolist()
        last = mass[-1]
    better = np.asarray(above @ below.T, dtype=np.float64)
    if len(runs) == len(draws):
        following = np.diag(better, k=1).tolist()
    return Pairs(tuple(runs.tolist()), len(draws), better, tuple(following))


def _mass(draws: Draws) -> Array:
    """Return the share of each vendor's draws in each bin of scores."""
    places = np.minimum((draws * (_BINS / 100)).astype(int), _BINS - 1)
    places += np.arange(len(draws))[:, None] * _BINS
    counts = np.bincount(places.ravel(), minlength=len(draws) * _BINS).reshape(len(draws), _BINS)
    return np.asarray(counts / draws.shape[1], dtype=np.float64)


def grades(pairs: Pairs, scores: Sequence[float]) -> list[str]:
    """Return a letter for each vendor.

    Parameters
    ----------
    scores
        Median scores in order of expected rank; no group gets a better letter than its mean score allows.
    """
    settings = scoring_settings().grades
    cuts = [0]
    for sure in settings.confidence:
        cuts = _best_cuts(pairs, sure)
        if discordance(pairs, cuts) <= settings.largest_discordance:
            break
    else:
        cuts = [0]
    return _letters([pairs.runs[cut] for cut in cuts], scores)


def discordance(pairs: Pairs, cuts: Sequence[int]) -> float:
    """Return the expected share of misordered pairs among the pairs in different groups; 0 where there is one group.

    Parameters
    ----------
    cuts
        The runs that groups begin with.
    """
    group = np.searchsorted(cuts, np.arange(len(pairs.runs)), side="right")
    apart = group[:, None] < group[None, :]
    numbers = pairs.numbers
    return float((numbers - pairs.better)[apart].sum() / numbers[apart].sum()) if apart.any() else 0.0


def _best_cuts(pairs: Pairs, sure: float) -> list[int]:
    """Return the runs that groups begin with, by dynamic programming over the number of groups and the last's first."""
    number, weight = len(pairs.runs), (1 - sure) / sure
    gain = np.triu(weight * pairs.better - (pairs.numbers - pairs.better), k=1)
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
