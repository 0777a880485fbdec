"""What a vendor's batches say: each batch's probability of failing in every respect, and what it counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kratom_quality.checks import LotReport, VendorReport
from kratom_quality.checks.conformity import Assessment
from kratom_quality.checks.documents import is_stale, issued_on
from kratom_quality.checks.labels import Comparison
from kratom_quality.checks.uncertainty import relative_uncertainty
from kratom_quality.records import Finding, Panel, Severity
from kratom_quality.scoring.laboratories import Reading
from kratom_quality.scoring.margins import Amounts
from kratom_quality.scoring.settings import scoring_settings

_OF_A_BATCH = frozenset({"missing_panel", "partial_panel"})
_LIKELIER_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class LotEvidence:
    """What one batch says.

    Parameters
    ----------
    key
        What tells the batch from the vendor's others.
    weight
        What it counts, by its age: 1 for one of today, and wherever the day of judgement is not yet told.
    hazards
        P(it fails), by hazard, where that is decided.
    amounts
        Its results as parts of their limits, by hazard, where that is decided.
    unnatural
        P(it is adulterated, misidentified or of an amount its label excludes); None where its alkaloids are undecided.
    doubt
        P(its documents are not genuine).
    gaps
        Share of its certificates that have each gap.
    reading
        Its label claim against what was measured; None where there is no such pair.
    issued
        Days of its oldest and its newest certificate; None where none bears one.
    """

    key: str
    weight: float
    hazards: dict[str, float]
    amounts: dict[str, Amounts]
    unnatural: float | None
    doubt: float
    gaps: dict[str, float]
    reading: Reading | None
    issued: tuple[date, date] | None = None

    @property
    def fails(self) -> bool:
        """Whether it is likelier to fail than not."""
        return any(failing > _LIKELIER_THAN_NOT for failing in self.hazards.values())

    def weighing(self, weight: float) -> LotEvidence:
        """Return the same with another weight."""
        return replace(self, weight=weight, reading=replace(self.reading, weight=weight) if self.reading else None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the score of a vendor rests on.

    Parameters
    ----------
    lots
        Batch by batch.
    claims
        Whether the vendor's labels claim anything.
    stale
        Whether even the newest certificate is old.
    decided, failures, undecided
        Batches that are evidence of anything; those likelier to fail than not; those that do not fail and leave a
        hazard undecided.
    """

    lots: tuple[LotEvidence, ...]
    claims: bool
    stale: bool
    decided: int
    failures: int
    undecided: int

    @property
    def readings(self) -> list[Reading]:
        """Label claims against what was measured."""
        return [lot.reading for lot in self.lots if lot.reading is not None]

    def on(self, today: date) -> Evidence:
        """Return the same as it counts on a day: older batches count less, and the newest certificate may be old."""
        lots = tuple(lot.weighing(_weight(lot.issued, today)) for lot in self.lots)
        return replace(self, lots=lots, stale=bool(lots) and all(_is_stale(lot, today) for lot in lots))


def weigh(report: VendorReport) -> Evidence:
    """Sum up what a vendor's batches say, every one counting 1: what it counts on a day :meth:`Evidence.on` tells."""
    doubted = _doubted_once(report)
    lots = tuple(_weigh_lot(lot, doubted) for lot in report.lots)
    every = len(scoring_settings().hazards)
    return Evidence(
        lots=lots,
        claims=bool(report.unanswered) or any(lot.comparisons for lot in report.lots),
        stale=False,
        decided=sum(bool(lot.hazards) or lot.unnatural is not None or lot.reading is not None for lot in lots),
        failures=sum(lot.fails for lot in lots),
        undecided=sum(not lot.fails and len(lot.hazards) < every for lot in lots),
    )


def _weigh_lot(lot: LotReport, doubted: dict[str, Finding]) -> LotEvidence:
    settings = scoring_settings()
    days = [day for certificate in lot.lot.certificates if (day := issued_on(certificate))]
    failing_by = [(hazard, _failing(lot.assessments, hazard.panels)) for hazard in settings.hazards]
    unnatural = _any(finding.probability for finding in lot.findings if finding.kind in settings.identity.kinds)
    unmeasured = [one.probability for one in lot.comparisons if not one.ratio.measured]
    identity_known = bool(unmeasured) or _is_settled(lot.assessments, frozenset({Panel.ALKALOIDS}), unnatural)
    decided = {
        hazard: failing for hazard, failing in failing_by if _is_settled(lot.assessments, hazard.decided_by, failing)
    }
    return LotEvidence(
        key=lot.lot.key,
        weight=1.0,
        hazards={hazard.name: failing for hazard, failing in decided.items()},
        amounts={hazard.name: _amounts(lot.assessments, hazard.panels) for hazard in decided if hazard.by_margin},
        unnatural=_any([unnatural, *unmeasured]) if identity_known else None,
        doubt=_doubt(lot, doubted),
        gaps=_gaps(lot),
        reading=_reading(lot),
        issued=(min(days), max(days)) if days else None,
    )


def _any(probabilities: Iterable[float]) -> float:
    return 1 - math.prod(1 - probability for probability in probabilities)


def _weight(issued: tuple[date, date] | None, today: date) -> float:
    """Halve the weight with every half-life of the newest certificate."""
    recency = scoring_settings().recency
    age = max((today - issued[1]).days, 0) if issued else recency.undated_counts_as_days
    return float(0.5 ** (age / recency.half_life_days))


def _is_stale(lot: LotEvidence, today: date) -> bool:
    return lot.issued is not None and is_stale(lot.issued[0], today)


def _failing(assessments: Iterable[Assessment], panels: frozenset[Panel]) -> float:
    """Return the probability that a batch breaks any requirement; limits on one analyte fail together."""
    worst: dict[str, float] = {}
    for assessment in assessments:
        if assessment.terms.panel in panels and assessment.probability > worst.get(assessment.terms.analyte, 0.0):
            worst[assessment.terms.analyte] = assessment.probability
    return _any(worst.values())


def _amounts(assessments: Iterable[Assessment], panels: frozenset[Panel]) -> Amounts:
    """Return each analyte's result as a part of its tightest limit; none where something fails without a number."""
    found: dict[str, tuple[float, bool]] = {}
    for assessment in assessments:
        if assessment.panel not in panels or not assessment.decided:
            continue
        if assessment.of_limit is None:
            if assessment.broken:
                return {}
            continue
        lower, upper = assessment.of_limit
        part = (math.log(upper), lower == upper) if upper > 0 else None
        if part:
            found[assessment.terms.analyte] = max(part, found.get(assessment.terms.analyte, part))
    return found


def _is_settled(assessments: Iterable[Assessment], panels: frozenset[Panel], failing: float) -> bool:
    """Whether a batch is evidence: it fails, or every required analyte of the panels is decided."""
    needed: dict[str, bool] = {}
    for assessment in assessments:
        if assessment.terms.required and assessment.terms.panel in panels:
            needed[assessment.terms.analyte] = needed.get(assessment.terms.analyte, False) or assessment.decided
    return failing > _LIKELIER_THAN_NOT or (bool(needed) and all(needed.values()))


def _gaps(lot: LotReport) -> dict[str, float]:
    """Return what its documents lack: a gap of one certificate in two is half a gap, a second panel another gap."""
    known = scoring_settings().documents.gaps
    weighty = [finding for finding in lot.findings if finding.kind in known and finding.severity is not Severity.INFO]
    files: dict[str, set[str | None]] = {}
    counted: Counter[str] = Counter()
    for finding in weighty:
        if finding.kind in _OF_A_BATCH:
            counted[finding.kind] += 1
        else:
            files.setdefault(finding.kind, set()).add(finding.file)
    panels = {nth_gap(kind, nth): 1.0 for kind, times in counted.items() for nth in range(1, times + 1)}
    return panels | {nth_gap(kind): len(found) / len(lot.lot.certificates) for kind, found in files.items()}


def nth_gap(kind: str, nth: int = 1) -> str:
    """Return the name of a kind of gap that a batch may have more than once."""
    return kind if nth == 1 else f"{kind} {nth}"


def _doubted_once(report: VendorReport) -> dict[str, Finding]:
    """Return, for each kind that honest laboratories repeat on every certificate, the surest finding of it."""
    surest: dict[str, Finding] = {}
    for finding in report.findings:
        if finding.kind in scoring_settings().authenticity.habits:
            known = surest.setdefault(finding.kind, finding)
            if finding.probability > known.probability:
                surest[finding.kind] = finding
    return surest


def _doubt(lot: LotReport, doubted_once: dict[str, Finding]) -> float:
    """Return the probability that a batch's documents are not genuine; each kind of sign counts once."""
    settings = scoring_settings().authenticity
    surest: dict[str, float] = {}
    for finding in lot.findings:
        if finding.kind in settings.doubts and doubted_once.get(finding.kind, finding) is finding:
            surest[finding.kind] = max(surest.get(finding.kind, 0.0), finding.probability)
    return _any([settings.unseen, *(settings.doubts[kind] * sure for kind, sure in surest.items())])


def _reading(lot: LotReport) -> Reading | None:
    """Return the claim a batch misses most: a label is as true as its worst claim."""
    measured = [one for one in lot.comparisons if one.ratio.measured and one.ratio.lower > 0]
    if not measured:
        return None
    worst = max(measured, key=lambda one: (one.probability, abs(math.log(one.ratio.lower))))
    return Reading(
        log_ratio=math.log(worst.ratio.lower),
        uncertainty=relative_uncertainty(worst.row.value.number or 0.0, worst.row.value.unit),
        laboratory=_laboratory(worst),
        weight=1.0,
        of_batch=worst.claim.batch is not None,
    )


def _laboratory(comparison: Comparison) -> str:
    """Return who measured; one that is not named is nobody else's."""
    name = comparison.certificate.laboratory.name
    return " ".join(name.casefold().split()) if name else f"not named, of {comparison.claim.vendor}"
