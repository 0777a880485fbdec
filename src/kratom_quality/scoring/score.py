"""From certificates to a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from kratom_quality.checks import VendorCertificates, VendorReport, examine, make_context
from kratom_quality.checks.context import Context
from kratom_quality.claims import Claims
from kratom_quality.collector import collector_at_rest
from kratom_quality.records import Certificate
from kratom_quality.scoring.account import Account, Background, account_of
from kratom_quality.scoring.basis import basis
from kratom_quality.scoring.batches import Batches
from kratom_quality.scoring.draws import Draws, expected_ranks, times_beaten
from kratom_quality.scoring.evidence import Evidence
from kratom_quality.scoring.grades import grades, pairwise
from kratom_quality.scoring.model import Market, Posterior
from kratom_quality.scoring.population import Array
from kratom_quality.scoring.ranking import Ranking, VendorScore
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.scoring.study import Rivals
from kratom_quality.standards import Standard


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A vendor before the ranking is known, without the evidence itself."""

    account: Account
    batches: int
    decided: int
    failures: int
    undecided: int
    claims_compared: int

    @classmethod
    def of(cls, account: Account, evidence: Evidence) -> _Candidate:
        counts = (len(evidence.lots), evidence.decided, evidence.failures, evidence.undecided)
        return cls(account, *counts, len(evidence.readings))

    @property
    def unrated_because(self) -> str | None:
        fewest = scoring_settings().fewest_decided_batches
        if self.decided >= fewest:
            return None
        if not self.batches:
            return "no certificate could be read"
        return f"{self.decided} of {self.batches} batches are decided, and a rank needs {fewest}"


@dataclass(frozen=True, slots=True)
class _Summary:
    """What is known of a vendor, without the draws: lower bound, median and upper bound of score and respects."""

    score: tuple[float, float, float]
    respects: Mapping[str, tuple[float, float, float]]
    unnatural: float
    mislabeled: float

    @classmethod
    def of(cls, posterior: Posterior) -> _Summary:
        tail = (1 - scoring_settings().interval) / 2
        drawn = np.stack([posterior.score, *posterior.respects.values()])
        low, median, high = np.quantile(drawn, (tail, 0.5, 1 - tail), axis=1).tolist()
        bounds = list(zip(low, median, high, strict=True))
        respects = dict(zip(posterior.respects, bounds[1:], strict=True))
        return cls(bounds[0], respects, posterior.unnatural, posterior.mislabeled)


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
    seen = sorted((report for report in reports if report.lots or report.unread), key=lambda report: report.vendor)
    return rank((account_of(report, context.today) for report in seen), context)


def rank(vendors: Iterable[tuple[Account, Evidence]], context: Context) -> Ranking:
    """Rank vendors, sorted by name, by their evidence as it counts on the day of judgement, which is let go at once."""
    candidates: list[_Candidate] = []
    batches = Batches.of(_passing(vendors, candidates))
    if not candidates:
        return Ranking((), basis(context.standard, context.grams_per_day))
    market = Market.of(batches)
    large = len(candidates) > scoring_settings().vendors_at_once
    draws = np.empty((len(candidates), scoring_settings().draws), dtype=np.float32 if large else np.float64)
    summaries = []
    names = [candidate.account.vendor for candidate in candidates]
    for place, posterior in enumerate(market.posteriors(names, batches)):
        draws[place] = posterior.score
        summaries.append(_Summary.of(posterior))
    scores = _ranked(candidates, summaries, draws, market)
    return Ranking(tuple(scores), basis(context.standard, context.grams_per_day))


def _passing(vendors: Iterable[tuple[Account, Evidence]], candidates: list[_Candidate]) -> Iterator[Evidence]:
    """Note each vendor and pass its evidence on."""
    for account, evidence in vendors:
        candidates.append(_Candidate.of(account, evidence))
        yield evidence


def _ranked(
    candidates: Sequence[_Candidate], summaries: Sequence[_Summary], draws: Draws, market: Market
) -> list[VendorScore]:
    """Order by expected rank; the unrated come last, by name."""
    rated = np.array([candidate.unrated_because is None for candidate in candidates])
    beaten = times_beaten(draws, rated)
    expected = expected_ranks(beaten, draws.shape[1])
    best_first = sorted(map(int, np.flatnonzero(rated)), key=lambda place: (expected[place], place))
    medians = [float(np.median(draws[place])) for place in best_first]
    standings = _standings(draws[best_first], expected[best_first], medians)
    pairs = [*zip(best_first, standings, strict=True)]
    pairs += [(place, _Standing(float(expected[place]))) for place in map(int, np.flatnonzero(~rated))]
    names = [candidates[place].account.vendor for place in map(int, np.flatnonzero(rated))]
    rivals = Rivals({name: place for place, name in enumerate(names)}, draws[rated], beaten[rated])
    return [_scored(candidates[place], summaries[place], standing, market, rivals) for place, standing in pairs]


def _standings(draws: Draws, expected: Array, medians: Sequence[float]) -> list[_Standing]:
    """Return the standings of the rated vendors, best first."""
    if not len(draws):
        return []
    pairs = pairwise(draws)
    letters, following = grades(pairs, medians), [*pairs.better_than_next, None]
    return [
        _Standing(float(expected[place]), place + 1, letters[place], following[place]) for place in range(len(draws))
    ]


def _scored(
    candidate: _Candidate, summary: _Summary, standing: _Standing, market: Market, rivals: Rivals
) -> VendorScore:
    account, (low, median, high) = candidate.account, summary.score
    respects = {respect: bounds[1] for respect, bounds in summary.respects.items()}
    return VendorScore(
        vendor=account.vendor,
        rank=standing.rank,
        reputability=median,
        low=low,
        high=high,
        expected_rank=standing.expected_rank,
        mislabeling_risk=summary.mislabeled,
        adulteration_risk=summary.unnatural,
        certificates=account.certificates,
        batches=candidate.batches,
        failures=candidate.failures,
        undecided=candidate.undecided,
        missing_panels=account.missing_panels,
        rated=standing.rank is not None,
        reason=candidate.unrated_because,
        grade=standing.grade,
        probability_better_than_next=standing.better_than_next,
        claims_compared=candidate.claims_compared,
        respects=respects,
        respect_intervals={respect: (bounds[0], bounds[2]) for respect, bounds in summary.respects.items()},
        points_lost=_points_lost(respects, median),
    ).studied(Background(account, market, rivals))


def _points_lost(respects: dict[str, float], median: float) -> dict[str, float]:
    """Share what is missing from 100 among the respects, each by its part of the score's logarithm."""
    weights = scoring_settings().weights.values()
    parts = {respect: weights[respect] * abs(float(np.log(max(share, 1e-12)))) for respect, share in respects.items()}
    total = sum(parts.values())
    return {respect: (100 - median) * part / total if total else 0.0 for respect, part in parts.items()}
