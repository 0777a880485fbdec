"""From the evidence of all vendors to draws of each vendor's score.

The line: how genuine the documents are; with that, what they are worth as evidence on hazards, identity and labels;
shares of each by partial pooling; draws of every share, and of the score from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from kratom_quality.scoring import labels, margins, shares
from kratom_quality.scoring.draws import vendor_uniforms
from kratom_quality.scoring.evidence import Evidence, LotEvidence
from kratom_quality.scoring.laboratories import Effects, laboratory_effects
from kratom_quality.scoring.margins import spreads_of
from kratom_quality.scoring.population import Array, Laws, Population
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.scoring.shares import CENTRES, Trials

AUTHENTICITY, IDENTITY = "authenticity", "identity"
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
    """What evidence says of a vendor: P(cell) of every share, and of its labels with what these rest on."""

    shares: Mapping[str, Array]
    label_cells: Array
    label: labels.LabelEvidence


@dataclass(frozen=True)
class Market:
    """What all vendors together tell: the law of each share among them, analytes' spreads, laboratories' effects."""

    populations: Mapping[str, Population]
    labels: tuple[Population, ...]
    spreads: Mapping[str, Mapping[str, float]]
    laboratories: Effects

    @classmethod
    def of(cls, vendors: Sequence[Evidence]) -> Market:
        """Learn from the evidence of all vendors, where old batches count as new ones: they are of the same market.

        Weights below 1 would make the vendors seem more alike than they are.
        """
        vendors = [one.unweighted() for one in vendors]
        spreads = {
            hazard.name: spreads_of([lot.amounts.get(hazard.name, {}) for one in vendors for lot in one.lots])
            for hazard in scoring_settings().hazards
        }
        effects = laboratory_effects([one.readings for one in vendors])
        told = [labels.label_evidence(one.readings, effects) for one in vendors if one.readings]
        by_kind = tuple([one for one in told if one.of_batch is of_batch] for of_batch in (False, True))
        of_labels = tuple(Population.of(labels.label_laws(), labels.log_likelihood(kind)) for kind in by_kind)
        market = cls({}, of_labels, spreads, effects)
        batches = Batches.of(vendors)
        doubts = _doubts(batches)
        genuine = Population.of(shares.habit_laws(), doubts)
        means = genuine.posterior(doubts) @ CENTRES
        populations = {
            name: Population.of(_laws(name), market._likelihood(name, batches, means)) for name in share_names()
        }
        return replace(market, populations={AUTHENTICITY: genuine, **populations})

    def posteriors(self, names: Sequence[str], vendors: Sequence[Evidence]) -> list[Posterior]:
        """Return what is known of each vendor; its draws depend on its name and on no other vendor's."""
        batches = Batches.of(vendors)
        cells = {AUTHENTICITY: self.populations[AUTHENTICITY].posterior(_doubts(batches))}
        means = cells[AUTHENTICITY] @ CENTRES
        for name in share_names():
            found = self.populations[name].posterior(self._likelihood(name, batches, means))
            cells[name] = margins.of_share(found) if name in _by_margin() else found
        told = [labels.label_evidence(one.readings, self.laboratories) for one in vendors]
        likelihoods = labels.log_likelihood(told)
        by_kind = [population.posterior(likelihoods) for population in self.labels]
        known = [
            Known({name: rows[place] for name, rows in cells.items()}, by_kind[label.of_batch][place], label)
            for place, label in enumerate(told)
        ]
        return [self._posterior(*parts) for parts in zip(names, vendors, known, strict=True)]

    def _posterior(self, vendor: str, evidence: Evidence, known: Known) -> Posterior:
        """Draw every share; in a few of the draws the vendor sells other goods than its certificates speak of."""
        settings = scoring_settings()
        together = settings.pooling.faults_together
        uniforms = iter(vendor_uniforms(vendor, len(known.shares) + 2, settings.draws, settings.seed, together))
        changed = next(uniforms) < settings.recency.unseen_change
        drawn: dict[str, Array] = {}
        for name, cells in known.shares.items():
            row = next(uniforms)
            drawn[name] = shares.quantiles(cells, row)
            if name in self._anyone:
                drawn[name][changed] = shares.quantiles(self._anyone[name], row[changed])
        on_label = labels.quantiles(known.label_cells, known.label, next(uniforms)) if evidence.claims else 1.0
        missing = sum(cost * (1 - drawn[gap]) for gap, cost in _gap_costs().items())
        respects = {
            "safety": np.prod([drawn[hazard.name] for hazard in settings.hazards], axis=0),
            "label_truth": on_label * drawn[IDENTITY],
            "authenticity": drawn[AUTHENTICITY],
            "documents": np.maximum(1 - missing - settings.documents.stale * evidence.stale, 0.0),
        }
        natural = float(known.shares[IDENTITY] @ CENTRES)
        within = labels.expected(known.label_cells, known.label) if evidence.claims else 1.0
        return Posterior(combine(respects), respects, 1 - natural, 1 - natural * within)

    @cached_property
    def _anyone(self) -> dict[str, Array]:
        """Shares of a vendor of whom nothing is known, by hazard."""
        found = {hazard.name: self.populations[hazard.name].anyone() for hazard in scoring_settings().hazards}
        return {
            name: margins.of_share(cells[None, :])[0] if name in _by_margin() else cells
            for name, cells in found.items()
        }

    def _likelihood(self, name: str, batches: Batches, genuine: Array) -> Array:
        """Return the log likelihood of one share, whose evidence is worth what the vendor's documents are."""
        failing = batches.failing(name)
        known = ~np.isnan(failing)
        failing, owner = failing[known], batches.owner[known]
        if name in _gap_costs():
            return shares.log_likelihood(Trials(batches.vendors, owner, failing, batches.weights[known]), _usual(name))
        forged = _forged(batches.doubt[known], genuine[owner])
        worth = np.maximum(failing, (1 - forged) * failing + forged * (1 - _usual(name)))
        trials = Trials(batches.vendors, owner, worth, batches.weights[known])
        if name not in _by_margin():
            return shares.log_likelihood(trials, _usual(name))
        lots = [lot for lot, is_known in zip(batches.lots, known, strict=True) if is_known]
        found = [margins.margin_of(lot.amounts.get(name, {}), self.spreads[name]) for lot in lots]
        told = np.bincount(owner, [margin is not None for margin in found], batches.vendors)
        enough = np.minimum(1, scoring_settings().margins_count_as / np.maximum(told, 1))
        return margins.log_likelihood(trials, found, (1 - forged) * (1 - failing) * enough[owner], _usual(name))


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of all vendors, one entry each: whose it is, what it counts, how much it is doubted."""

    vendors: int
    lots: tuple[LotEvidence, ...]
    owner: npt.NDArray[np.intp]
    weights: Array
    doubt: Array

    @classmethod
    def of(cls, vendors: Sequence[Evidence]) -> Batches:
        """Lay the vendors' batches in a row."""
        lots = tuple(lot for one in vendors for lot in one.lots)
        owner = np.repeat(np.arange(len(vendors)), [len(one.lots) for one in vendors])
        weights, doubt = np.array([lot.weight for lot in lots]), np.array([lot.doubt for lot in lots])
        return cls(len(vendors), lots, owner, weights, doubt)

    def failing(self, name: str) -> Array:
        """Return each batch's probability of failing in one respect; not a number where it is undecided."""
        if name in _gap_costs():
            return np.array([lot.gaps.get(name, 0.0) for lot in self.lots])
        if name == IDENTITY:
            return np.array([np.nan if lot.unnatural is None else lot.unnatural for lot in self.lots])
        return np.array([lot.hazards.get(name, np.nan) for lot in self.lots])


@lru_cache(maxsize=1)
def _by_margin() -> set[str]:
    return {hazard.name for hazard in scoring_settings().hazards if hazard.by_margin}


def _laws(name: str) -> Laws:
    if name in _by_margin():
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
    trials = Trials(batches.vendors, batches.owner, batches.doubt, np.ones(len(batches.lots)))
    return shares.log_likelihood(trials, _usual(AUTHENTICITY))


def share_names() -> list[str]:
    """Return the shares besides authenticity: hazards, identity, gaps."""
    settings = scoring_settings()
    return [*(hazard.name for hazard in settings.hazards), IDENTITY, *_gap_costs()]


@lru_cache(maxsize=1)
def _gap_costs() -> dict[str, float]:
    """Return what each gap takes, those counted more than once a batch by their number."""
    gaps = scoring_settings().documents.gaps
    return {**gaps, **{f"missing_panel {nth}": gaps["missing_panel"] for nth in (2, 3)}}


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
