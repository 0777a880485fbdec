"""What a vendor's batches say, as counts: conforming, failing, undecided. A batch that may fail counts in parts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from kratom_quality.checks import LotReport, VendorReport
from kratom_quality.checks.conformity import Assessment
from kratom_quality.records import Finding, Panel, Severity
from kratom_quality.scoring.settings import scoring_settings

_OF_A_BATCH = frozenset({"missing_panel", "partial_panel"})


@dataclass(slots=True)
class Trials:
    """Batches that conform and that fail, in parts where it is not sure."""

    conforming: float = 0.0
    failing: float = 0.0

    def add(self, failing: float) -> None:
        """Add a batch that fails with this probability."""
        self.failing += failing
        self.conforming += 1 - failing


@dataclass(slots=True)
class Evidence:
    """Everything the score rests on.

    Parameters
    ----------
    hazards
        Batches free of each hazard and not, by its name.
    labels
        Batches whose label tells the truth, and not.
    documents
        Mean completeness of the documents, batch by batch.
    authenticity
        Probability that the documents are genuine.
    batches, decided, failures, undecided
        Batches in all; those that are evidence of anything; those more likely to fail than not; those that do not fail
        and leave a hazard undecided.
    """

    hazards: dict[str, Trials] = field(default_factory=dict)
    labels: Trials = field(default_factory=Trials)
    documents: float = 0.0
    authenticity: float = 1.0
    batches: int = 0
    decided: int = 0
    failures: int = 0
    undecided: int = 0


def weigh(report: VendorReport) -> Evidence:
    """Count what a vendor's batches say."""
    settings = scoring_settings()
    evidence = Evidence(hazards={hazard.name: Trials() for hazard in settings.hazards}, batches=len(report.lots))
    completeness: list[float] = []
    for lot in report.lots:
        _weigh_lot(lot, evidence)
        completeness.append(_completeness(lot))
    evidence.documents = max(settings.documents.floor, sum(completeness) / max(len(completeness), 1))
    evidence.authenticity = _authenticity(report.findings)
    return evidence


def _weigh_lot(lot: LotReport, evidence: Evidence) -> None:
    failing_by = [(hazard, _failing(lot.assessments, hazard.panels)) for hazard in scoring_settings().hazards]
    settled = [_is_settled(lot.assessments, hazard.decided_by, failing) for hazard, failing in failing_by]
    for (hazard, failing), known in zip(failing_by, settled, strict=True):
        if known:
            evidence.hazards[hazard.name].add(failing)
    off = _off(lot.findings)
    label_known = bool(lot.comparisons) or _is_settled(lot.assessments, frozenset({Panel.ALKALOIDS}), off)
    if label_known:
        evidence.labels.add(off)
    fails = any(failing > 0.5 for _, failing in failing_by)
    evidence.failures += fails
    evidence.undecided += not fails and not all(settled)
    evidence.decided += any(settled) or label_known


def _failing(assessments: Iterable[Assessment], panels: frozenset[Panel]) -> float:
    """Return the probability that a batch breaks any requirement; limits on one analyte fail together."""
    worst: dict[str, float] = {}
    for assessment in assessments:
        if assessment.panel in panels and assessment.probability > _NEGLIGIBLE:
            worst[assessment.analyte] = max(worst.get(assessment.analyte, 0.0), assessment.probability)
    return 1 - math.prod(1 - probability for probability in worst.values())


_NEGLIGIBLE = 0.0228  # one side of the guard band of two standard uncertainties: a plain pass is a pass


def _is_settled(assessments: Iterable[Assessment], panels: frozenset[Panel], failing: float) -> bool:
    """Whether a batch is evidence: it fails, or every required analyte of the panels is decided."""
    needed: dict[str, bool] = {}
    for assessment in assessments:
        if assessment.required and assessment.panel in panels:
            needed[assessment.analyte] = needed.get(assessment.analyte, False) or assessment.decided
    return failing > 0.5 or (bool(needed) and all(needed.values()))


def _off(findings: Iterable[Finding]) -> float:
    kinds = scoring_settings().label_truth.kinds
    return 1 - math.prod(1 - finding.probability for finding in findings if finding.kind in kinds)


def _completeness(lot: LotReport) -> float:
    """Return what the gaps leave of a whole document; a gap of one certificate in two is half a gap."""
    gaps = scoring_settings().documents.gaps
    whole = sum(gaps.get(finding.kind, 0.0) for finding in lot.findings if finding.kind in _OF_A_BATCH)
    weighty = (finding for finding in lot.findings if finding.severity is not Severity.INFO)
    seen = {(finding.kind, finding.file) for finding in weighty if finding.kind not in _OF_A_BATCH}
    parts = sum(gaps.get(kind, 0.0) for kind, _ in seen) / len(lot.lot.certificates)
    return max(0.0, 1 - whole - parts)


def _authenticity(findings: Iterable[Finding]) -> float:
    doubts = scoring_settings().authenticity.doubts
    surest: dict[str, float] = {}
    for finding in findings:
        if finding.kind in doubts:
            surest[finding.kind] = max(surest.get(finding.kind, 0.0), finding.probability)
    return math.prod(1 - doubts[kind] * probability for kind, probability in surest.items())
