"""Every point of a score led back to findings, and every finding to its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kratom_quality.records import Finding, Severity
from kratom_quality.scoring.settings import scoring_settings

if TYPE_CHECKING:
    from kratom_quality.scoring.ranking import VendorScore

_SEVERITIES = tuple(Severity)
_NO_EVIDENCE = frozenset({"unread_certificate", "claim_unanswered"})


def explanation(score: VendorScore) -> list[str]:
    """Return the lines: the verdict, what it rests on, then each respect with the points it costs and its findings."""
    return list(_lines(score))


def respect_of(kind: str) -> str:
    """Return the respect of the score that findings of a kind bear on."""
    settings = scoring_settings()
    if kind in settings.identity.kinds or kind == "label_claim_off":
        return "label_truth"
    if kind in settings.authenticity.doubts:
        return "authenticity"
    return "documents" if kind in settings.documents.gaps or kind in _NO_EVIDENCE else "safety"


def _lines(score: VendorScore) -> Iterator[str]:
    place = f"rank {score.rank}" if score.rank is not None else f"unrated: {score.reason}"
    yield f"{score.vendor}: {place}, expected rank {score.expected_rank:.1f}"
    interval = f"{scoring_settings().interval:.0%} interval {score.low:.0f} to {score.high:.0f}"
    yield f"reputability {score.reputability:.0f} of 100 ({interval})"
    yield f"probability that the next batch is not what its label says: {score.mislabeling_risk:.0%}"
    yield (
        f"rests on {score.certificates} certificates of {score.batches} batches: {score.failures} do not conform,"
        f" {score.undecided} cannot be told; {score.missing_panels} panels missing"
    )
    for respect, points in sorted(score.points_lost.items(), key=lambda item: -item[1]):
        yield f"{respect.replace('_', ' ')} costs {points:.1f} points (share {score.respects[respect]:.2f})"
        findings = [finding for finding in score.findings if respect_of(finding.kind) == respect]
        yield from map(_finding_line, sorted(findings, key=_weight))
        if not findings:
            yield "  no finding: what it costs is what few batches leave open" if points >= 0.05 else "  no finding"


def _finding_line(finding: Finding) -> str:
    pages = sorted({source.page for source in finding.sources})
    where = ", ".join(filter(None, (finding.file, f"page {', '.join(map(str, pages))}" if pages else None)))
    citation = f" [{finding.citation}]" if finding.citation else ""
    sure = f"{finding.severity}, probability {finding.probability:.2f}"
    return f"  {finding.kind} ({sure}) {where}: {finding.reason}{citation}"


def _weight(finding: Finding) -> tuple[int, float, str, str]:
    return _SEVERITIES.index(finding.severity), -finding.probability, finding.file or "", finding.reason
