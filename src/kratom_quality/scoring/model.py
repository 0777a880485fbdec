"""From evidence to draws of the score.

This is the first model, honest though simple: every vendor stands alone, and all batches count alike. Its seams are
those of a fuller one: evidence in, draws of each respect out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kratom_quality.scoring.evidence import Evidence, Trials
from kratom_quality.scoring.posterior import Draws, beta_quantiles, stratified_uniforms
from kratom_quality.scoring.settings import Prior, scoring_settings


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws of the score, 0 to 100, and of the shares it is made of, 0 to 1."""

    score: Draws
    respects: dict[str, Draws]


def draw_posterior(vendor: str, evidence: Evidence) -> Posterior:
    """Draw each respect and combine them: 100 times their product, each raised to its weight."""
    settings = scoring_settings()
    uniforms = stratified_uniforms(vendor, len(evidence.hazards) + 1, settings.draws, settings.seed)
    prior = settings.prior
    by_hazard = Prior(conforming=prior.conforming, failing=prior.failing / len(evidence.hazards))
    safety = np.ones(settings.draws)
    for trials, row in zip(evidence.hazards.values(), uniforms, strict=False):
        safety = safety * _share(trials, by_hazard, row)
    respects = {
        "safety": safety,
        "label_truth": _share(evidence.labels, prior, uniforms[-1]),
        "authenticity": np.full(settings.draws, evidence.authenticity),
        "documents": np.full(settings.draws, evidence.documents),
    }
    score = np.full(settings.draws, 100.0)
    for respect, weight in settings.weights.values().items():
        score = score * respects[respect] ** weight
    return Posterior(score, respects)


def mislabeling_risk(evidence: Evidence) -> float:
    """Return the posterior predictive probability that the next batch is not what its label says."""
    prior, labels = scoring_settings().prior, evidence.labels
    failing = prior.failing + labels.failing
    return failing / (failing + prior.conforming + labels.conforming)


def _share(trials: Trials, prior: Prior, probabilities: Draws) -> Draws:
    return beta_quantiles(prior.conforming + trials.conforming, prior.failing + trials.failing, probabilities)
