"""An examination as it is kept: what was found of a vendor, for whatever day it is to be judged on.

The checks are run as if on the last day there is. Every certificate with a date is stale then, and none is dated after
the day of judgement; so an examination holds for every day from the latest that its certificates print, and the
findings that a certificate is stale are made anew, or left out, for the day that is asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Self

from pydantic import ConfigDict, TypeAdapter

from kratom_quality.checks import VendorReport
from kratom_quality.checks.context import Context
from kratom_quality.checks.days import first_day, last_day
from kratom_quality.checks.documents import aged, is_stale, issued_on, staleness
from kratom_quality.records import Certificate, Finding, Record, Severity
from kratom_quality.scoring.account import certificates_of, missing_panels_of, weighty_kinds
from kratom_quality.scoring.evidence import Evidence, weigh
from kratom_quality.scoring.packing import from_json, to_json

_FINDINGS = TypeAdapter(tuple[Finding, ...])


def on_the_last_day(context: Context) -> Context:
    """Return the context in which examinations that are to be kept are made."""
    return replace(context, today=date.max)


class Examination(Record):
    """What is kept of a vendor besides its findings.

    Parameters
    ----------
    certificates, missing_panels
        Files, each counted once; panels not tested, summed over batches.
    kinds
        Kind and severity of each finding.
    evidence
        What its batches say, each counting 1.
    issued
        The days of its certificates with a date, in the order of the findings that they are stale.
    latest
        The latest day that its certificates print: before it the examination does not hold.
    """

    model_config = ConfigDict(ser_json_inf_nan="constants")

    certificates: int
    missing_panels: int
    kinds: tuple[tuple[str, Severity], ...]
    evidence: Evidence
    issued: tuple[date, ...]
    latest: date

    @classmethod
    def of(cls, report: VendorReport) -> Self:
        """Sum up what was seen of a vendor on the last day."""
        judged = [certificate for lot in report.lots for certificate in lot.lot.certificates]
        return cls(
            certificates=certificates_of(report),
            missing_panels=missing_panels_of(report),
            kinds=tuple((finding.kind, finding.severity) for finding in report.findings),
            evidence=weigh(report),
            issued=tuple(day for certificate in judged if (day := issued_on(certificate))),
            latest=max((day for certificate in judged for day in _printed(certificate)), default=date.min),
        )

    def holds_on(self, today: date) -> bool:
        """Whether the vendor, examined on this day, would be found the same."""
        return today >= self.latest

    def findings_on(self, today: date, findings: tuple[Finding, ...]) -> Iterator[Finding]:
        """Yield the findings of the last day as they are on another."""
        days = iter(self.issued)
        for finding in findings:
            if finding.kind != "stale":
                yield finding
            elif is_stale(day := next(days), today):
                yield aged(finding, day, today)

    def weighty_on(self, today: date) -> dict[str, int]:
        """Count the kinds of findings that weigh on a day."""
        days = iter(self.issued)
        found = ((kind, severity if kind != "stale" else staleness(next(days), today)) for kind, severity in self.kinds)
        return weighty_kinds((kind, severity) for kind, severity in found if severity)


def _printed(certificate: Certificate) -> Iterator[date]:
    for text in certificate.dates.model_dump().values():
        yield from filter(None, (first_day(text), last_day(text)))


_EXAMINATION = TypeAdapter(Examination)


def packed(examination: Examination, findings: tuple[Finding, ...]) -> bytes:
    """Return an examination with its findings as bytes: a line of JSON, and the findings' JSON compressed."""
    return to_json(_EXAMINATION, examination) + b"\n" + zlib.compress(to_json(_FINDINGS, findings), 1)


def unpacked(data: bytes) -> Examination:
    """Return the examination without its findings."""
    return from_json(_EXAMINATION, data.partition(b"\n")[0])


def unpacked_findings(data: bytes) -> tuple[Finding, ...]:
    """Return the findings alone."""
    return from_json(_FINDINGS, zlib.decompress(data.partition(b"\n")[2]))
