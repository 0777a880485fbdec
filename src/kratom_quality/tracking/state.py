"""What a market looked like on a day, as small as it can be kept to be compared with a later day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Self

from pydantic import Field

import kratom_quality
from kratom_quality.checks import VendorCertificates
from kratom_quality.checks.documents import issued_on
from kratom_quality.checks.lots import Lot, lots_of
from kratom_quality.output import FailedFile
from kratom_quality.records import Certificate, Finding, Record, Severity
from kratom_quality.scoring import Ranking, VendorScore
from kratom_quality.tracking.alerts import Evidence
from kratom_quality.tracking.settings import tracking_settings


class Paper(Record):
    """A certificate as a state remembers it; ``issued`` is its own day."""

    sha256: str
    path: str | None
    batch: str | None
    issued: date | None
    laboratory: str | None


class Failure(Record):
    """A finding of high severity, or a batch likelier to fail than not without one.

    Parameters
    ----------
    key
        What tells it from others, whatever the words, the day and the place of the file.
    sha256
        The certificate it rests on; None where it is none alone.
    """

    key: str
    reason: str
    sha256: str | None
    analyte: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Standing(Record):
    """A vendor's score: median and 90 % interval, rank and grade where it is rated."""

    rank: int | None
    grade: str | None
    reputability: float
    low: float
    high: float


class VendorState(Record):
    """What was known of a vendor; ``standing`` is None where it was not scored."""

    standing: Standing | None
    certificates: tuple[Paper, ...]
    failures: tuple[Failure, ...]


class MarketState(Record):
    """What was known of every vendor on a day.

    Parameters
    ----------
    day
        The day of judgement.
    judged_by
        The version of the software and what the scores rest on, in words.
    vendors
        By name.
    unread
        Files that gave no record, and why.
    """

    day: date
    judged_by: str
    vendors: dict[str, VendorState]
    unread: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(
        cls,
        ranking: Ranking,
        certificates: VendorCertificates,
        *,
        today: date | None = None,
        failures: Iterable[FailedFile] = (),
    ) -> Self:
        """Return the state of a market.

        Parameters
        ----------
        ranking
            As :func:`kratom_quality.score` gave it.
        certificates
            By vendor, as they were scored.
        today
            The day of judgement; the day it is where None.
        failures
            Files that gave no record.
        """
        scores = {score.vendor: score for score in ranking}
        vendors = {vendor: _vendor_state(scores.get(vendor), group) for vendor, group in certificates.items() if group}
        judged_by = f"kratom-quality {kratom_quality.__version__}. {ranking.basis}"
        unread = {failure.file: failure.reason for failure in failures}
        return cls(day=today or date.today(), judged_by=judged_by, vendors=vendors, unread=unread)


def _vendor_state(score: VendorScore | None, certificates: Iterable[Certificate]) -> VendorState:
    certificates = list(certificates)
    papers = sorted({_paper(one) for one in certificates}, key=lambda one: (one.path or "", one.sha256))
    failures = {one.key: one for one in _failures(score, certificates)} if score else {}
    return VendorState(
        standing=_standing(score) if score else None,
        certificates=tuple(papers),
        failures=tuple(failures[key] for key in sorted(failures)),
    )


def _paper(certificate: Certificate) -> Paper:
    return Paper(
        sha256=certificate.source.sha256,
        path=certificate.source.path,
        batch=certificate.batch,
        issued=issued_on(certificate),
        laboratory=certificate.laboratory.name,
    )


def _standing(score: VendorScore) -> Standing:
    return Standing(rank=score.rank, grade=score.grade, reputability=score.reputability, low=score.low, high=score.high)


def _failures(score: VendorScore, certificates: Sequence[Certificate]) -> Iterator[Failure]:
    digests = {one.source.path: one.source.sha256 for one in certificates}
    grave = [finding for finding in score.findings if finding.severity is Severity.HIGH]
    for finding in grave:
        digest = digests.get(finding.file) if finding.file else None
        key = " ".join((finding.kind, finding.analyte or "-", digest or finding.reason))
        yield _failure(key, finding, digest)
    told = {finding.file for finding in grave}
    failing = set(score.failing_batches)
    for lot in lots_of(score.vendor, certificates):
        files = {one.source.path for one in lot.certificates}
        if lot.key in failing and not files & told:
            because = [one for one in score.findings if one.file in files and one.kind in _breaches()]
            yield _batch_failure(lot, max(because, key=lambda one: one.probability, default=None), digests)


def _breaches() -> frozenset[str]:
    return tracking_settings().failures.kinds


def _batch_failure(lot: Lot, because: Finding | None, digests: Mapping[str | None, str]) -> Failure:
    """Return the failure of a batch that no finding of high severity tells of, with the surest that does."""
    key, first = f"batch {lot.key}", lot.certificates[0].source
    if because is not None:
        return _failure(key, because, digests[because.file])
    reason = "what speaks against it, taken together, makes it likelier to fail than not"
    return Failure(key=key, reason=reason, sha256=first.sha256, evidence=(Evidence(file=first.path),))


def _failure(key: str, finding: Finding, digest: str | None) -> Failure:
    evidence = tuple(_evidence(finding))
    return Failure(key=key, reason=finding.reason, sha256=digest, analyte=finding.analyte, evidence=evidence)


def _evidence(finding: Finding) -> Iterator[Evidence]:
    if finding.file and not finding.sources:
        yield Evidence(file=finding.file)
    for source in finding.sources:
        yield Evidence(file=finding.file, page=source.page, printed=source.printed)
