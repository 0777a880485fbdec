"""What would be said of a vendor if its evidence were another: the ground of every explanation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kratom_quality.scoring.batches import Batches
from kratom_quality.scoring.draws import Draws
from kratom_quality.scoring.evidence import Evidence, LotEvidence
from kratom_quality.scoring.laboratories import Reading
from kratom_quality.scoring.margins import Amounts
from kratom_quality.scoring.model import Market, Posterior
from kratom_quality.scoring.population import Array
from kratom_quality.scoring.settings import scoring_settings

_MOST_MORE = 64


@dataclass(frozen=True, eq=False)
class Rivals:
    """The rated vendors of a market.

    Parameters
    ----------
    places
        By name, the vendor's row.
    draws
        Of their scores, one row a vendor.
    beaten
        Of each vendor, how many others do better, summed over the draws.
    """

    places: Mapping[str, int]
    draws: Draws
    beaten: Array

    def place(self, vendor: str, score: Draws) -> int:
        """Return the place of a vendor among the others, by expected rank, were these the draws of its score.

        Of those that do alike the vendor is first, and the others are in order of their rows.
        """
        own, score = self.places.get(vendor), score.astype(self.draws.dtype)
        others = self.beaten + (self.draws <= score).sum(axis=1)
        mine = (self.draws > score).sum()
        if own is not None:
            now = self.draws[own]
            others -= (now > self.draws).sum(axis=1)
            others[own + 1 :] -= (now == self.draws[own + 1 :]).sum(axis=1)
            mine -= (now > score).sum()
            others[own] = np.inf
        return 1 + int(np.sum(others < mine))


@dataclass(frozen=True)
class Study:
    """A vendor's evidence in its market.

    Parameters
    ----------
    vendor, evidence
        Who, and what its score rests on.
    market
        What all vendors together tell; it stays as it is, whatever is supposed of one of them.
    rivals
        All rated vendors.
    """

    vendor: str
    evidence: Evidence
    market: Market = field(compare=False, repr=False)
    rivals: Rivals = field(compare=False, repr=False)

    def known(self, evidence: Evidence) -> Posterior:
        """Return what would be known of the vendor by other evidence."""
        return next(self.market.posteriors([self.vendor], Batches.of([evidence])))

    def score(self, evidence: Evidence) -> float:
        """Return the median score by other evidence."""
        return float(np.median(self.known(evidence).score))

    def place(self, evidence: Evidence) -> int:
        """Return the place among the rivals, by expected rank, by other evidence."""
        return self.rivals.place(self.vendor, self.known(evidence).score)

    def points(self) -> tuple[float, dict[str, float]]:
        """Return the score of a vendor of whom nothing is known, and what each respect adds to it up to this vendor's.

        The logarithm of the score is a weighted sum over the respects; points are shares of it at its logarithmic mean.
        """
        nothing = self.known(replace(self.evidence, lots=(), stale=False))
        known, weights = self.known(self.evidence), scoring_settings().weights.values()
        start, end = float(np.median(nothing.score)), float(np.median(known.score))
        moved = {
            respect: weight * (_log_median(known.respects[respect]) - _log_median(nothing.respects[respect]))
            for respect, weight in weights.items()
        }
        mean = (end - start) / math.log(end / start) if not math.isclose(start, end) else end
        left, total = end - start - mean * sum(moved.values()), sum(map(abs, moved.values())) or 1.0
        return start, {respect: mean * part + left * abs(part) / total for respect, part in moved.items()}

    def batch_points(self) -> dict[str, float]:
        """Return what each batch adds to the score, or takes from it where negative, by its key."""
        lots, now = self.evidence.lots, self.score(self.evidence)
        return {
            lot.key: now - self.score(replace(self.evidence, lots=(*lots[:place], *lots[place + 1 :])))
            for place, lot in enumerate(lots)
        }

    def after(self, lots: Sequence[LotEvidence]) -> tuple[float, int]:
        """Return score and place after further batches."""
        more = replace(self.evidence, lots=(*self.evidence.lots, *lots), stale=False)
        return self.score(more), self.place(more)

    def clean(self, key: str = "one more") -> LotEvidence:
        """Return a batch of today that is clean in every respect, and true to its label."""
        settings = scoring_settings()
        half = {"": (math.log(0.5), True)}
        amounts: dict[str, Amounts] = {
            hazard.name: _cleanest(self.evidence, hazard.name) or half
            for hazard in settings.hazards
            if hazard.by_margin
        }
        label = [one for one in self.evidence.readings if one.weight]
        return LotEvidence(
            key=key,
            weight=1.0,
            hazards={hazard.name: 0.0 for hazard in settings.hazards},
            amounts=amounts,
            unnatural=0.0,
            doubt=settings.authenticity.unseen,
            gaps={},
            reading=_true_label(label[-1]) if label else None,
        )

    def failing(self, hazard: str) -> LotEvidence:
        """Return a batch of today that is clean but for one hazard, where it fails surely."""
        clean = self.clean()
        without = {name: amounts for name, amounts in clean.amounts.items() if name != hazard}
        return replace(clean, hazards={**clean.hazards, hazard: 1.0}, amounts=without)

    def clean_batches_to_rise(self) -> int | None:
        """Return how many clean batches more would better the place; None where 64 would not, or it is the first."""
        now = self.place(self.evidence)
        number = 1
        while now > 1 and number <= _MOST_MORE:
            if self.after([self.clean(f"more {nth}") for nth in range(number)])[1] < now:
                return number
            number *= 2
        return None


def _log_median(draws: Array) -> float:
    return math.log(max(float(np.median(draws)), 1e-9))


def _true_label(reading: Reading) -> Reading:
    return replace(reading, log_ratio=0.0, weight=1.0)


def _cleanest(evidence: Evidence, hazard: str) -> dict[str, tuple[float, bool]]:
    """Return the amounts of the vendor's batch that lies lowest against its limits; none where there is none."""
    found = [dict(lot.amounts[hazard]) for lot in evidence.lots if lot.amounts.get(hazard)]
    return min(found, key=lambda amounts: max(amounts.values()), default={})
