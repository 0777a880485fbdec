"""A ranking and a vendor's score as a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from kratom_quality.markup import heading, interval, joined, line, quiet, table
from kratom_quality.records import Severity

if TYPE_CHECKING:
    from kratom_quality.records import Finding
    from kratom_quality.scoring.ranking import Ranking, VendorScore

_MOST_FINDINGS = 8
_SEVERITIES = tuple(Severity)
_HEADINGS = (
    *("rank", "vendor", "grade", "reputability", "90 % interval", ""),
    *("mislabeling risk", "certificates", "batches", "failures"),
)


def ranking_to_html(ranking: Ranking) -> str:
    """Return an HTML table with the basis of the numbers below it; all text from outside is escaped."""
    return joined([table(_HEADINGS, map(_cells, ranking)), quiet(ranking.basis)])


def score_to_html(score: VendorScore) -> str:
    """Return a vendor's place, what takes points from it, and its weightiest findings."""
    place = f"rank {score.rank}, grade {score.grade}" if score.rank is not None else f"unrated: {score.reason}"
    findings = sorted(score.findings, key=_weight)
    parts = [
        heading(f"{score.vendor}: {place}"),
        line(f"reputability {score.reputability:.0f} of 100, 90 % interval {score.low:.0f} to {score.high:.0f}"),
        interval(score.low, score.reputability, score.high),
        line(
            f"{score.certificates} certificates of {score.batches} batches: {score.failures} do not conform,"
            f" {score.undecided} cannot be told"
        ),
        line(f"the next batch is off its label, adulterated or not leaf with probability {score.mislabeling_risk:.0%}"),
        table(("respect", "share", "90 % interval", "points lost"), _respects(score)),
    ]
    if findings:
        head = ("finding", "severity", "probability", "where", "why")
        parts.append(table(head, map(_told, findings[:_MOST_FINDINGS])))
    more = f"findings not shown: {len(findings) - _MOST_FINDINGS}; " if len(findings) > _MOST_FINDINGS else ""
    return joined([*parts, quiet(f"{more}.explain() leads every point to findings and pages")])


def _cells(score: VendorScore) -> tuple[str, ...]:
    return (
        str(score.rank) if score.rank is not None else f"unrated: {score.reason}",
        score.vendor,
        score.grade or "",
        f"{score.reputability:.0f}",
        f"{score.low:.0f} to {score.high:.0f}",
        interval(score.low, score.reputability, score.high),
        f"{score.mislabeling_risk:.0%}",
        str(score.certificates),
        str(score.batches),
        str(score.failures),
    )


def _respects(score: VendorScore) -> Iterator[tuple[str, ...]]:
    for respect, share in score.respects.items():
        low, high = score.respect_intervals[respect]
        points = f"{score.points_lost[respect]:.1f}"
        yield respect.replace("_", " "), f"{share:.2f}", f"{low:.2f} to {high:.2f}", points


def _told(finding: Finding) -> tuple[str, ...]:
    pages = ", ".join(str(page) for page in sorted({source.page for source in finding.sources}))
    file = PurePath(finding.file).name if finding.file else ""
    where = f"{file}, page {pages}" if pages else file
    return finding.kind.replace("_", " "), finding.severity.value, f"{finding.probability:.2f}", where, finding.reason


def _weight(finding: Finding) -> tuple[int, float]:
    return _SEVERITIES.index(finding.severity), -finding.probability
