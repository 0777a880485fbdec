"""What every check is told besides the certificates, and how a check writes down what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kratom_quality.checks.settings import CheckSettings, check_settings
from kratom_quality.claims import Claim, Claims, fold_name
from kratom_quality.records import Certificate, Finding, Result, Severity, Source
from kratom_quality.standards import Standard


@dataclass(frozen=True)
class Context:
    """Standard, label claims, the day of judgement and the amounts taken.

    Parameters
    ----------
    grams_per_day, grams_per_serving
        Grams of product, for limits on a day's or a serving's amount.
    """

    standard: Standard
    claims: Claims
    today: date
    grams_per_day: float
    grams_per_serving: float

    @cached_property
    def _claims_by_vendor(self) -> dict[str, list[Claim]]:
        groups: dict[str, list[Claim]] = {}
        for claim in self.claims:
            groups.setdefault(fold_name(claim.vendor), []).append(claim)
        return groups

    def claims_of(self, vendor: str) -> list[Claim]:
        """Return the vendor's label claims, in the order of their file."""
        return self._claims_by_vendor.get(fold_name(vendor), [])

    @property
    def settings(self) -> CheckSettings:
        """The package's thresholds, severities and probabilities."""
        return check_settings()

    def finding(
        self,
        kind: str,
        certificate: Certificate | None,
        reason: str,
        *,
        rows: Iterable[Result] = (),
        analyte: str | None = None,
        citation: str | None = None,
        probability: float | None = None,
        severity: Severity | None = None,
        sources: Iterable[Source] = (),
    ) -> Finding:
        """Return a finding on a certificate, or on a vendor as a whole where there is None.

        Probability and severity are the kind's own where none is given.
        """
        usual = self.settings.kinds[kind]
        return Finding(
            kind=kind,
            severity=severity or usual.severity,
            probability=usual.probability if probability is None else probability,
            reason=" ".join(reason.split()),
            citation=citation,
            analyte=analyte,
            file=certificate.source.path if certificate else None,
            sources=(*(row.source(certificate.source.reader) for row in rows if certificate), *sources),
        )
