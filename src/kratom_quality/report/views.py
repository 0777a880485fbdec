"""What the page says of a vendor, ready to be shown: every text as it is, for the template escapes it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kratom_quality.checks.documents import issued_on
from kratom_quality.errors import UnitError
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate, Finding, Severity
from kratom_quality.report.charts import Issue, Timeline, timeline
from kratom_quality.report.evidence import Picture, Pictures, by_gravity, places_of
from kratom_quality.scoring import VendorScore

_SHOWN_OF_A_KIND = 6
_GRAVE = (Severity.HIGH, Severity.MEDIUM)
_MARKS = {Severity.HIGH: "high", Severity.MEDIUM: "medium"}


class Places(NamedTuple):
    """Where the page will stand and what files are named relative to; ``pictures`` are those made of findings."""

    page: Path
    root: Path | None
    pictures: Pictures

    def name(self, file: str) -> str:
        """Return a file's name as a person knows it."""
        path = Path(file).absolute()
        below = self.root is not None and path.is_relative_to(self.root)
        return printable_path(path.relative_to(self.root) if self.root is not None and below else path.name)

    def link(self, file: str, page: int | None = None) -> str | None:
        """Return an address relative to the page; None where there is no such file or no way to it."""
        try:
            if not Path(file).is_file():
                return None
            way = os.path.relpath(Path(file).resolve(), self.page)
        except (OSError, ValueError):
            return None
        return quote(way.replace(os.sep, "/")) + (f"#page={page}" if page else "")


class FindingView(NamedTuple):
    """A finding: what it is about, and the pictures of what it rests on, or why there is none."""

    finding: Finding
    file: str | None
    pages: tuple[int, ...]
    link: str | None
    pictures: tuple[tuple[int, Picture], ...]
    no_picture: str | None


class GroupView(NamedTuple):
    """Findings of one kind by one authority; ``more`` are those beyond the first few."""

    kind: str
    severity: str
    citation: str | None
    times: int
    shown: tuple[FindingView, ...]
    more: tuple[FindingView, ...]


class PassageView(NamedTuple):
    """A passage of the story; ``share`` is that of a respect of the score with its interval."""

    said: str
    lines: tuple[str, ...]
    groups: tuple[GroupView, ...]
    share: tuple[float, float, float] | None


class IssueView(NamedTuple):
    """A certificate among the others of its vendor, the newest first."""

    day: str | None
    batch: str | None
    product: str | None
    laboratory: str | None
    mitragynine: str | None
    hydroxymitragynine: str | None
    severities: tuple[tuple[str, int], ...]
    file: str | None
    link: str | None


class VendorView(NamedTuple):
    """Everything the page shows of a vendor."""

    score: VendorScore
    passages: tuple[PassageView, ...]
    issues: tuple[IssueView, ...]
    timeline: Timeline | None
    without_picture: int


def severities(findings: Sequence[Finding]) -> tuple[tuple[str, int], ...]:
    """Count findings that weigh by their severity, the gravest first."""
    counts = Counter(finding.severity for finding in findings)
    return tuple((severity.value, counts[severity]) for severity in _GRAVE if counts[severity])


def vendor_view(score: VendorScore, places: Places) -> VendorView:
    """Put together what is shown of a vendor."""
    known = set(score.respects)
    passages = tuple(
        PassageView(
            passage.said,
            tuple(part for part in passage.under if isinstance(part, str)),
            tuple(_groups([part for part in passage.under if isinstance(part, Finding)], places)),
            _share(score, passage.respect) if passage.respect in known else None,
        )
        for passage in score.story()
    )
    papers = [certificate for report in score.lots for certificate in report.lot.certificates]
    papers.sort(key=lambda one: (str(issued_on(one) or ""), one.batch or ""), reverse=True)
    by_file: dict[str | None, list[Finding]] = {}
    for finding in score.findings:
        by_file.setdefault(finding.file, []).append(finding)
    issues = [_issue(one, by_file.get(one.source.path, []), places) for one in papers]
    dots = [dot for one, view in zip(papers, issues, strict=True) for dot in _dot(one, view)]
    undrawn = sum(view.no_picture is not None for view in _findings(passages))
    return VendorView(score, passages, tuple(issues), timeline(dots), undrawn)


def _share(score: VendorScore, respect: str | None) -> tuple[float, float, float]:
    low, high = score.respect_intervals[respect or ""]
    return low, score.respects[respect or ""], high


def _findings(passages: Sequence[PassageView]) -> Iterator[FindingView]:
    for passage in passages:
        for group in passage.groups:
            yield from (*group.shown, *group.more)


def _groups(findings: Sequence[Finding], places: Places) -> Iterator[GroupView]:
    """Group findings by kind and authority, in the order of the gravest of each."""
    order: dict[tuple[str, str | None, Severity], list[Finding]] = {}
    for finding in by_gravity(findings):
        order.setdefault((finding.kind, finding.citation, finding.severity), []).append(finding)
    for (kind, citation, severity), group in order.items():
        views = tuple(_finding(finding, places) for finding in group)
        yield GroupView(
            kind.replace("_", " "),
            severity.value,
            citation,
            len(views),
            views[:_SHOWN_OF_A_KIND],
            views[_SHOWN_OF_A_KIND:],
        )


def _finding(finding: Finding, places: Places) -> FindingView:
    on = places_of(finding)
    drawn = [(place.page, places.pictures.get((finding.file or "", place))) for place in on]
    pictures = tuple((page, picture) for page, picture in drawn if isinstance(picture, Picture))
    reasons = [picture for _, picture in drawn if isinstance(picture, str)]
    no_picture = None
    if on and not pictures:
        no_picture = reasons[0] if reasons else ""
    pages = tuple(place.page for place in on)
    file, link = None, None
    if finding.file:
        file, link = places.name(finding.file), places.link(finding.file, pages[0] if pages else None)
    return FindingView(finding, file, pages, link, pictures, no_picture)


def _issue(certificate: Certificate, findings: Sequence[Finding], places: Places) -> IssueView:
    file, day = certificate.source.path, issued_on(certificate)
    return IssueView(
        day=day.isoformat() if day else None,
        batch=certificate.batch,
        product=certificate.product,
        laboratory=certificate.laboratory.name,
        mitragynine=_printed(certificate, "mitragynine"),
        hydroxymitragynine=_printed(certificate, "7_hydroxymitragynine"),
        severities=severities(findings),
        file=places.name(file) if file else None,
        link=places.link(file) if file else None,
    )


def _printed(certificate: Certificate, analyte: str) -> str | None:
    """Return the first result of an analyte as printed, with its unit."""
    for row in certificate.rows(analyte):
        unit = row.value.unit or ""
        return row.value.printed if unit in row.value.printed else f"{row.value.printed} {unit}"
    return None


def _dot(certificate: Certificate, view: IssueView) -> Iterator[Issue]:
    day = issued_on(certificate)
    if day is None:
        return
    mark = view.severities[0][0] if view.severities else "none"
    told = ", ".join(f"{count} {severity}" for severity, count in view.severities) or "no finding of weight"
    said = f"{day}, batch {view.batch or 'not printed'}: mitragynine {view.mitragynine or 'has no row'}; {told}"
    yield Issue(day, _percent(certificate), mark, said)


def _percent(certificate: Certificate) -> float | None:
    """Return the mitragynine measured, in percent; None where it was not, or per piece."""
    for row in certificate.rows("mitragynine"):
        try:
            return row.value.to("%").number
        except UnitError:
            continue
    return None
