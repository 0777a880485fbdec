"""From the evidence of all vendors to draws of each vendor's score.

The line: how genuine the documents are; with that, what they are worth as evidence on hazards, identity and labels;
shares of each by partial pooling; draws of every share, and of the score from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kratom_quality.scoring import labels, margins, shares
from kratom_quality.scoring.batches import Batches
from kratom_quality.scoring.draws import middles, vendor_strata
from kratom_quality.scoring.laboratories import Effects, laboratory_effects
from kratom_quality.scoring.margins import spreads_of
from kratom_quality.scoring.population import Array, Laws, Population
from kratom_quality.scoring.settings import AUTHENTICITY, IDENTITY, by_margin, gap_costs, scoring_settings
from kratom_quality.scoring.shares import CENTRES, Trials

_GAP_IS_PLAIN = 0.5


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of a vendor: draws of the score, 0 to 100, and of the respects it is made of, 0 to 1.

    Parameters
    ----------
    unnatural, mislabeled
        Posterior predictive probabilities that the next product is adulterated or not leaf; that it is so or off its
        label.
    """

    score: Array
    respects: dict[str, Array]
    unnatural: float
    mislabeled: float


@dataclass(frozen=True, slots=True)
class Known:
    """What evidence says of a vendor: P(cell) of every share, and of its labels with what these rest on.

    ``label`` is None where no label claims anything.
    """

    shares: Mapping[str, Array]
    label_cells: Array
    label: labels.LabelEvidence | None


@dataclass(frozen=True)
class Market:
    """What all vendors together tell: the law of each share among them, analytes' spreads, laboratories' effects."""

    populations: Mapping[str, Population]
    labels: tuple[Population, ...]
    spreads: Mapping[str, Mapping[str, float]]
    laboratories: Effects

    @classmethod
    def of(cls, batches: Batches) -> Market:
        """Learn from the batches of all vendors, where old ones count as new ones: they are of the same market.

        Weights below 1 would make the vendors seem more alike than they are.
        """
        batches = batches.unweighted()
        spreads = {hazard: spreads_of(columns.of_analytes()) for hazard, columns in batches.amounts.items()}
        effects = laboratory_effects(batches.readings)
        of_labels = tuple(
            Population.of(labels.label_laws(), _label_likelihoods(batches, effects, of_batch=of_batch))
            for of_batch in (False, True)
        )
        genuine = Population.of(shares.habit_laws(), map(_doubts, batches.blocks()))
        market = cls({AUTHENTICITY: genuine}, of_labels, spreads, effects)
        populations = {
            name: Population.of(_laws(name), (market._likelihood(name, block) for block in batches.blocks()))
            for name in share_names()
        }
        return replace(market, populations={AUTHENTICITY: genuine, **populations})

    def posteriors(self, names: Sequence[str], vendors: Batches) -> Iterator[Posterior]:
        """Yield what is known of each vendor; its draws depend on its name and on no other vendor's."""
        ahead = iter(names)
        for block in vendors.blocks():
            for place, known in enumerate(self._known(block)):
                yield self._posterior(next(ahead), known, stale=bool(block.stale[place]))

    def _known(self, vendors: Batches) -> Iterator[Known]:
        cells = {AUTHENTICITY: self.populations[AUTHENTICITY].posterior(_doubts(vendors))}
        for name in share_names():
            found = self.populations[name].posterior(self._likelihood(name, vendors))
            cells[name] = margins.of_share(found) if name in by_margin() else found
        told = [labels.label_evidence(readings, self.laboratories) for readings in vendors.readings]
        likelihoods = labels.log_likelihood(told)
        by_kind = [population.posterior(likelihoods) for population in self.labels]
        for place, label in enumerate(told):
            of_vendor = {name: rows[place] for name, rows in cells.items()}
            yield Known(of_vendor, by_kind[label.of_batch][place], label if vendors.claims[place] else None)

    def _posterior(self, vendor: str, known: Known, *, stale: bool) -> Posterior:
        """Draw every share; in a few of the draws the vendor sells other goods than its certificates speak of."""
        settings = scoring_settings()
        together = settings.pooling.faults_together
        strata = iter(vendor_strata(vendor, len(known.shares) + 2, settings.draws, settings.seed, together))
        levels = middles(settings.draws)
        changed = levels[next(strata)] < settings.recency.unseen_change
        drawn: dict[str, Array] = {}
        for name, cells in known.shares.items():
            row = next(strata)
            drawn[name] = shares.quantiles(cells, levels)[row]
            if name in self._anyone:
                drawn[name][changed] = self._anyone[name][row[changed]]
        label = known.label
        on_label = labels.quantiles(known.label_cells, label, levels)[next(strata)] if label else 1.0
        missing = sum(cost * (1 - drawn[gap]) for gap, cost in gap_costs().items())
        respects = {
            "safety": np.prod([drawn[hazard.name] for hazard in settings.hazards], axis=0),
            "label_truth": on_label * drawn[IDENTITY],
            "authenticity": drawn[AUTHENTICITY],
            "documents": np.maximum(1 - missing - settings.documents.stale * stale, 0.0),
        }
        natural = float(known.shares[IDENTITY] @ CENTRES)
        within = labels.expected(known.label_cells, label) if label else 1.0
        return Posterior(combine(respects), respects, 1 - natural, 1 - natural * within)

    @cached_property
    def _anyone(self) -> dict[str, Array]:
        """Quantiles of the shares of a vendor of whom nothing is known, by hazard, at the middle of each stratum."""
        levels = middles(scoring_settings().draws)
        found = {hazard.name: self.populations[hazard.name].anyone() for hazard in scoring_settings().hazards}
        shared = {
            name: margins.of_share(cells[None, :])[0] if name in by_margin() else cells for name, cells in found.items()
        }
        return {name: shares.quantiles(cells, levels) for name, cells in shared.items()}

    def _likelihood(self, name: str, batches: Batches) -> Array:
        """Return the log likelihood of one share, whose evidence is worth what the vendor's documents are."""
        failing = batches.failing[name]
        known = ~np.isnan(failing)
        failing, owner, weights = failing[known], batches.owner[known], batches.weights[known]
        if name in gap_costs():
            return shares.log_likelihood(Trials(batches.vendors, owner, failing, weights), _usual(name))
        genuine = self.populations[AUTHENTICITY].posterior(_doubts(batches)) @ CENTRES
        forged = _forged(batches.doubt[known], genuine[owner])
        worth = np.maximum(failing, (1 - forged) * failing + forged * (1 - _usual(name)))
        trials = Trials(batches.vendors, owner, worth, weights)
        if name not in by_margin():
            return shares.log_likelihood(trials, _usual(name))
        found, measured = batches.amounts[name].margins(self.spreads[name], margins.USUAL_SPREAD)
        found, measured = found[known], measured[known]
        told = np.bincount(owner, ~np.isnan(found), batches.vendors)
        enough = np.minimum(1, scoring_settings().margins_count_as / np.maximum(told, 1))
        part = (1 - forged) * (1 - failing) * enough[owner]
        return margins.log_likelihood(trials, found, measured, part, _usual(name))


def _label_likelihoods(batches: Batches, effects: Effects, *, of_batch: bool) -> Iterator[Array]:
    """Yield the log likelihoods of the vendors whose claims are, or are not, printed batch by batch."""
    for block in batches.blocks():
        told = [labels.label_evidence(readings, effects) for readings in block.readings if readings]
        yield labels.log_likelihood([one for one in told if one.of_batch is of_batch])


def _laws(name: str) -> Laws:
    if name in by_margin():
        return margins.margin_laws()
    hazards = {hazard.name for hazard in scoring_settings().hazards}
    return shares.share_laws() if name in hazards else shares.habit_laws()


def _usual(name: str) -> float:
    settings = scoring_settings()
    usual = {hazard.name: hazard.usual for hazard in settings.hazards}
    return {**usual, IDENTITY: settings.identity.usual, AUTHENTICITY: settings.authenticity.usual}.get(
        name, _GAP_IS_PLAIN
    )


def _doubts(batches: Batches) -> Array:
    """Return the log likelihood of genuine documents; all count alike, because a forgery does not grow old."""
    trials = Trials(batches.vendors, batches.owner, batches.doubt, np.ones(len(batches.doubt)))
    return shares.log_likelihood(trials, _usual(AUTHENTICITY))


def share_names() -> list[str]:
    """Return the shares besides authenticity: hazards, identity, gaps."""
    settings = scoring_settings()
    return [*(hazard.name for hazard in settings.hazards), IDENTITY, *gap_costs()]


def _forged(doubt: Array, genuine: Array) -> Array:
    """Return the probability that each batch's documents are not genuine, given how often the vendor's are."""
    usual = scoring_settings().authenticity.usual
    odds = doubt / (1 - doubt) * usual / (1 - usual) * (1 - genuine) / np.maximum(genuine, 1e-9)
    return np.asarray(odds / (1 + odds), dtype=np.float64)


def combine(respects: Mapping[str, Array]) -> Array:
    """Return 100 times the product of the respects, each raised to its weight; below the floor they count alike."""
    settings = scoring_settings()
    logarithms = [
        weight * np.log(np.maximum(respects[respect], settings.floor))
        for respect, weight in settings.weights.values().items()
    ]
    return np.asarray(100 * np.exp(np.sum(logarithms, axis=0)), dtype=np.float64)
