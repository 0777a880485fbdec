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
from kratom_quality.collector import collector_at_rest
from kratom_quality.records import Certificate
from kratom_quality.scoring.basis import basis
from kratom_quality.scoring.draws import expected_ranks
from kratom_quality.scoring.evidence import Evidence, weigh
from kratom_quality.scoring.grades import grades, pairwise
from kratom_quality.scoring.model import Market, Posterior
from kratom_quality.scoring.population import Array
from kratom_quality.scoring.ranking import Ranking, VendorScore
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.scoring.study import Rivals, Study
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


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a vendor stands among the others."""

    expected_rank: float
    rank: int | None = None
    grade: str | None = None
    better_than_next: float | None = None


def score(
    certificates: VendorCertificates | Iterable[Certificate],
    standard: Standard | str | Path = "consumer",
    claims: Claims | str | Path | None = None,
    today: date | None = None,
    grams_per_day: float | None = None,
) -> Ranking:
    """Score vendors by their certificates; see :func:`kratom_quality.checks.check` for the parameters and errors.

    The same certificates give the same ranking to the last bit, in whatever order they come. Vendors of one market are
    held to resemble each other as far as the market shows it, so that another vendor more may move a score a little.
    """
    context = make_context(standard, claims, today, grams_per_day)
    with collector_at_rest():
        return score_reports(examine(certificates, context), context)


def score_reports(reports: Iterable[VendorReport], context: Context) -> Ranking:
    """Score vendors by what was seen of them; vendors of whom nothing was are left out."""
    words = basis(context.standard, context.grams_per_day)
    seen = sorted((report for report in reports if report.lots or report.unread), key=lambda report: report.vendor)
    if not seen:
        return Ranking((), words)
    evidence = [weigh(report, context.today) for report in seen]
    market = Market.of(evidence)
    posteriors = market.posteriors([report.vendor for report in seen], evidence)
    candidates = [_Candidate(*parts) for parts in zip(seen, evidence, posteriors, strict=True)]
    return Ranking(tuple(_ranked(candidates, market)), words)


def _ranked(candidates: Sequence[_Candidate], market: Market) -> list[VendorScore]:
    """Order by expected rank; the unrated come last, by name."""
    draws = np.stack([candidate.posterior.score for candidate in candidates])
    rated = np.array([candidate.unrated_because is None for candidate in candidates])
    expected = expected_ranks(draws, rated)
    best_first = sorted(map(int, np.flatnonzero(rated)), key=lambda place: (expected[place], place))
    standings = _standings(draws[best_first], expected[best_first])
    pairs = [*zip(best_first, standings, strict=True)]
    pairs += [(place, _Standing(float(expected[place]))) for place in map(int, np.flatnonzero(~rated))]
    names = np.array([candidate.report.vendor for candidate in candidates])
    rivals = Rivals(tuple(names[rated]), draws[rated])
    return [_scored(candidates[place], standing, market, rivals) for place, standing in pairs]


def _standings(draws: Array, expected: Array) -> list[_Standing]:
    """Return the standings of the rated vendors, best first."""
    if not len(draws):
        return []
    better = pairwise(draws)
    letters = grades(better, [float(median) for median in np.median(draws, axis=1)])
    following = [*(float(chance) for chance in np.diag(better, k=1)), None]
    return [
        _Standing(float(expected[place]), place + 1, letters[place], following[place]) for place in range(len(draws))
    ]


def _scored(candidate: _Candidate, standing: _Standing, market: Market, rivals: Rivals) -> VendorScore:
    report, evidence, posterior = candidate.report, candidate.evidence, candidate.posterior
    tail = (1 - scoring_settings().interval) / 2
    levels = (tail, 0.5, 1 - tail)
    low, median, high = (float(bound) for bound in np.quantile(posterior.score, levels))
    quantiles = {respect: np.quantile(draws, levels) for respect, draws in posterior.respects.items()}
    respects = {respect: float(bounds[1]) for respect, bounds in quantiles.items()}
    return VendorScore(
        vendor=report.vendor,
        rank=standing.rank,
        reputability=median,
        low=low,
        high=high,
        expected_rank=standing.expected_rank,
        mislabeling_risk=posterior.mislabeled,
        adulteration_risk=posterior.unnatural,
        certificates=len(report.unread) + sum(len(lot.lot.certificates) for lot in report.lots),
        batches=len(evidence.lots),
        failures=evidence.failures,
        undecided=evidence.undecided,
        missing_panels=sum(finding.kind == "missing_panel" for finding in report.findings),
        rated=standing.rank is not None,
        reason=candidate.unrated_because,
        grade=standing.grade,
        probability_better_than_next=standing.better_than_next,
        claims_compared=len(evidence.readings),
        respects=respects,
        respect_intervals={respect: (float(bounds[0]), float(bounds[2])) for respect, bounds in quantiles.items()},
        points_lost=_points_lost(respects, median),
        findings=report.findings,
    ).studied(Study(report.vendor, evidence, market, rivals), report.lots)


def _points_lost(respects: dict[str, float], median: float) -> dict[str, float]:
    """Share what is missing from 100 among the respects, each by its part of the score's logarithm."""
    weights = scoring_settings().weights.values()
    parts = {respect: weights[respect] * abs(float(np.log(max(share, 1e-12)))) for respect, share in respects.items()}
    total = sum(parts.values())
    return {respect: (100 - median) * part / total if total else 0.0 for respect, part in parts.items()}
