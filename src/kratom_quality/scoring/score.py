"""From certificates to a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from kratom_quality.checks import VendorCertificates, VendorReport, examine, make_context
from kratom_quality.checks.context import Context
from kratom_quality.claims import Claims
from kratom_quality.records import Certificate
from kratom_quality.scoring.basis import basis
from kratom_quality.scoring.evidence import Evidence, weigh
from kratom_quality.scoring.draws import expected_ranks
from kratom_quality.scoring.model import Market, Posterior
from kratom_quality.scoring.ranking import Ranking, VendorScore
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.standards import Standard


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A vendor before the ranking is known."""

    report: VendorReport
    evidence: Evidence
    posterior: Posterior

    @property
    def unrated_because(self) -> str | None:
        fewest, decided = scoring_settings().fewest_decided_batches, self.evidence.decided
        if decided >= fewest:
            return None
        if not self.report.lots:
            return "no certificate could be read"
        return f"{decided} of {len(self.evidence.lots)} batches are decided, and a rank needs {fewest}"


def score(
    certificates: VendorCertificates | Iterable[Certificate],
    standard: Standard | str | Path = "consumer",
    claims: Claims | str | Path | None = None,
    today: date | None = None,
    grams_per_day: float | None = None,
) -> Ranking:
    """Score vendors by their certificates; see :func:`kratom_quality.checks.check` for the parameters and errors.

    The same certificates give the same ranking to the last bit, in whatever order they come.
    """
    context = make_context(standard, claims, today, grams_per_day)
    return score_reports(examine(certificates, context), context)


def score_reports(reports: Iterable[VendorReport], context: Context) -> Ranking:
    """Score vendors by what was seen of them; vendors of whom nothing was are left out."""
    seen = sorted((report for report in reports if report.lots or report.unread), key=lambda report: report.vendor)
    evidence = [weigh(report, context.today) for report in seen]
    posteriors = Market.of(evidence).posteriors([report.vendor for report in seen], evidence) if seen else []
    candidates = [_Candidate(*parts) for parts in zip(seen, evidence, posteriors, strict=True)]
    return Ranking(tuple(_ranked(candidates)), basis(context.standard, context.grams_per_day))


def _ranked(candidates: Sequence[_Candidate]) -> list[VendorScore]:
    """Order by expected rank; the unrated come last, by name."""
    if not candidates:
        return []
    draws = np.stack([candidate.posterior.score for candidate in candidates])
    rated = np.array([candidate.unrated_because is None for candidate in candidates])
    expected = expected_ranks(draws, rated)
    order = sorted(
        range(len(candidates)), key=lambda place: (not rated[place], rated[place] and expected[place], place)
    )
    return [
        _vendor_score(candidates[place], rank if rated[place] else None, float(expected[place]))
        for rank, place in enumerate(order, start=1)
    ]


def _vendor_score(candidate: _Candidate, rank: int | None, expected_rank: float) -> VendorScore:
    report, evidence, posterior = candidate.report, candidate.evidence, candidate.posterior
    tail = (1 - scoring_settings().interval) / 2
    low, median, high = (float(bound) for bound in np.quantile(posterior.score, (tail, 0.5, 1 - tail)))
    respects = {respect: float(np.median(draws)) for respect, draws in posterior.respects.items()}
    intervals = {
        respect: (float(np.quantile(draws, tail)), float(np.quantile(draws, 1 - tail)))
        for respect, draws in posterior.respects.items()
    }
    return VendorScore(
        vendor=report.vendor,
        rank=rank,
        reputability=median,
        low=low,
        high=high,
        expected_rank=expected_rank,
        mislabeling_risk=posterior.mislabeled,
        adulteration_risk=posterior.unnatural,
        certificates=len(report.unread) + sum(len(lot.lot.certificates) for lot in report.lots),
        batches=len(evidence.lots),
        failures=evidence.failures,
        undecided=evidence.undecided,
        missing_panels=sum(finding.kind == "missing_panel" for finding in report.findings),
        rated=rank is not None,
        reason=candidate.unrated_because,
        respects=respects,
        respect_intervals=intervals,
        points_lost=_points_lost(respects, median),
        findings=report.findings,
    )


def _points_lost(respects: dict[str, float], median: float) -> dict[str, float]:
    """Share what is missing from 100 among the respects, each by its part of the score's logarithm."""
    weights = scoring_settings().weights.values()
    parts = {respect: weights[respect] * abs(float(np.log(max(share, 1e-12)))) for respect, share in respects.items()}
    total = sum(parts.values())
    return {respect: (100 - median) * part / total if total else 0.0 for respect, part in parts.items()}
