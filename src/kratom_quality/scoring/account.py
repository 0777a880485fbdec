"""What a score can be asked for besides its numbers: evidence, findings and batches, loaded when they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kratom_quality.checks import LotReport, VendorReport
from kratom_quality.records import Finding, Severity
from kratom_quality.scoring.evidence import Evidence, weigh
from kratom_quality.scoring.model import Market
from kratom_quality.scoring.study import Rivals, Study


@dataclass(frozen=True, eq=False)
class Account:
    """What was seen of a vendor: counts at hand, the rest when asked for.

    Parameters
    ----------
    certificates, missing_panels
        Files, each counted once; panels not tested, summed over batches.
    weighty
        How many findings there are of each kind that weighs, the gravest first.
    evidence, findings, lots
        Give what the score rests on as it counts on the day of judgement, every finding, and the batches as judged.
    """

    vendor: str
    certificates: int
    missing_panels: int
    weighty: Mapping[str, int]
    evidence: Callable[[], Evidence]
    findings: Callable[[], tuple[Finding, ...]]
    lots: Callable[[], tuple[LotReport, ...]]


def account_of(report: VendorReport, today: date) -> tuple[Account, Evidence]:
    """Return the account of a vendor that was just examined, and its evidence."""
    evidence = weigh(report).on(today)
    account = Account(
        vendor=report.vendor,
        certificates=certificates_of(report),
        missing_panels=missing_panels_of(report),
        weighty=weighty_of(report),
        evidence=lambda: evidence,
        findings=lambda: report.findings,
        lots=lambda: report.lots,
    )
    return account, evidence


def certificates_of(report: VendorReport) -> int:
    """Return how many files were examined, each counted once."""
    return len(report.unread) + sum(len(lot.lot.certificates) for lot in report.lots)


def missing_panels_of(report: VendorReport) -> int:
    """Return how many panels are not tested, summed over batches."""
    return sum(finding.kind == "missing_panel" for finding in report.findings)


def weighty_of(report: VendorReport) -> dict[str, int]:
    """Count the findings of each kind that weighs, the gravest first."""
    return weighty_kinds((finding.kind, finding.severity) for finding in report.findings)


def weighty_kinds(findings: Iterable[tuple[str, Severity]]) -> dict[str, int]:
    """Count kinds of findings by their severity: those of high severity first, then those of medium."""
    weighty = [pair for pair in findings if pair[1] in (Severity.HIGH, Severity.MEDIUM)]
    weighty.sort(key=lambda pair: pair[1] is not Severity.HIGH)
    return dict(Counter(kind for kind, _ in weighty))


@dataclass(frozen=True, eq=False)
class Background:
    """What a score rests on and is explained by, not held but loaded; two are equal where evidence and findings are."""

    account: Account
    market: Market
    rivals: Rivals

    @property
    def study(self) -> Study:
        """The vendor's evidence in its market."""
        return Study(self.account.vendor, self.account.evidence(), self.market, self.rivals)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding on the vendor."""
        return self.account.findings()

    @property
    def lots(self) -> tuple[LotReport, ...]:
        """Its batches as they were judged."""
        return self.account.lots()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Background):
            return NotImplemented
        return self.study == other.study and self.findings == other.findings

    __hash__ = None  # type: ignore[assignment]
