"""Every point of a score led back to findings, and every finding to its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kratom_quality.records import Finding, Severity
from kratom_quality.scoring.settings import scoring_settings

if TYPE_CHECKING:
    from kratom_quality.scoring.ranking import VendorScore
    from kratom_quality.scoring.study import Study

_SEVERITIES = tuple(Severity)
_NO_EVIDENCE = frozenset({"unread_certificate", "claim_unanswered"})
_WORTH_SAYING = 0.5  # points
_IN_WORDS = {"chemical": "chemical contaminants", "microbial": "germs"}


class Passage(NamedTuple):
    """A line of an explanation, what stands under it, and the respect of the score it is about, if any."""

    said: str
    under: tuple[str | Finding, ...] = ()
    respect: str | None = None


def explanation(score: VendorScore, study: Study | None) -> list[str]:
    """Return the lines: the verdict, then the story with what stands under each line set in."""
    lines = [*_verdict(score)]
    for passage in story(score, study):
        lines.append(passage.said)
        lines += (f"  {part if isinstance(part, str) else _finding_line(part)}" for part in passage.under)
    return lines


def story(score: VendorScore, study: Study | None) -> list[Passage]:
    """Return what moved the score up and down, what is missing, and what one more certificate would do."""
    if study is None:
        return []
    return [*_moved(score, study), *_batches(study), *_missing(score, study), *_one_more(score, study)]


def respect_of(kind: str) -> str:
    """Return the respect of the score that findings of a kind bear on."""
    settings = scoring_settings()
    if kind in settings.identity.kinds or kind == "label_claim_off":
        return "label_truth"
    if kind in settings.authenticity.doubts:
        return "authenticity"
    of_documents = kind in settings.documents.gaps or kind in _NO_EVIDENCE or kind == "stale"
    return "documents" if of_documents else "safety"


def _verdict(score: VendorScore) -> Iterator[str]:
    place = f"rank {score.rank}, grade {score.grade}" if score.rank is not None else f"unrated: {score.reason}"
    yield f"{score.vendor}: {place}, expected rank {score.expected_rank:.1f}"
    interval = f"{scoring_settings().interval:.0%} interval {score.low:.0f} to {score.high:.0f}"
    yield f"reputability {score.reputability:.0f} of 100 ({interval})"
    if score.probability_better_than_next is not None:
        yield f"probability of being better than the next in rank: {score.probability_better_than_next:.0%}"
    yield (
        f"probability that the next batch is not what its label says: {score.mislabeling_risk:.0%}"
        f" (adulterated or not leaf: {score.adulteration_risk:.0%})"
    )
    yield (
        f"rests on {score.certificates} certificates of {score.batches} batches: {score.failures} do not conform,"
        f" {score.undecided} cannot be told; {score.missing_panels} panels missing"
    )


def _moved(score: VendorScore, study: Study) -> Iterator[Passage]:
    """Yield what each respect adds to what a vendor without certificates would have, with its findings."""
    start, points = study.points()
    yield Passage(f"a vendor of whom nothing is known would stand at {start:.1f} in this market; from there:")
    for respect, moved in sorted(points.items(), key=lambda item: -abs(item[1])):
        low, high = score.respect_intervals[respect]
        share = f"share {score.respects[respect]:.2f}, between {low:.2f} and {high:.2f}"
        findings = sorted((one for one in score.findings if respect_of(one.kind) == respect), key=_weight)
        said = f"{moved:+.1f} points by {respect.replace('_', ' ')} ({share})"
        yield Passage(said, tuple(findings) or ("no finding",), respect)


def _batches(study: Study) -> Iterator[Passage]:
    """Yield the batches that move the score most, each by what the score would be without it."""
    points = sorted(study.batch_points().items(), key=lambda item: -abs(item[1]))
    told = [(key, moved) for key, moved in points if abs(moved) >= _WORTH_SAYING][:6]
    if told:
        lines = (f"{moved:+.1f} points by batch {_name(key)}" for key, moved in told)
        yield Passage("batches that move it most:", tuple(lines))


def _name(key: str) -> str:
    return key if not key.startswith("file ") else f"without a number ({key[:13]})"


def _missing(score: VendorScore, study: Study) -> Iterator[Passage]:
    """Yield what no certificate tells, and so nobody knows."""
    lots, evidence = study.evidence.lots, study.evidence
    missing = []
    for hazard in scoring_settings().hazards:
        undecided = sum(hazard.name not in lot.hazards for lot in lots)
        if undecided:
            missing.append(
                f"{undecided} of {len(lots)} batches leave {_IN_WORDS.get(hazard.name, hazard.name)} undecided"
            )
    if not evidence.claims:
        missing.append("no label claim was given, so the risk of a false label is that of adulteration alone")
    elif score.claims_compared < len(lots):
        missing.append(
            f"{len(lots) - score.claims_compared} of {len(lots)} batches have no label claim with a result beside it"
        )
    if evidence.stale:
        missing.append("no certificate is newer than a year")
    if missing:
        yield Passage("what is missing:", tuple(missing))


def _one_more(score: VendorScore, study: Study) -> Iterator[Passage]:
    """Yield what one more certificate would change, and how many it takes to change the place."""
    before = score.rank
    supposed = {"clean in every panel and true to its label": study.clean()}
    for hazard in scoring_settings().hazards:
        words = _IN_WORDS.get(hazard.name, hazard.name)
        supposed[f"clean but for a failure by {words}"] = study.failing(hazard.name)
    lines = []
    for words, batch in supposed.items():
        then, place = study.after([batch])
        lines.append(f"{words}: {then:.1f} ({then - score.reputability:+.1f}){_to(before, place)}")
    yield Passage("one more certificate of today,", tuple(lines))
    if before is None:
        lacking = scoring_settings().fewest_decided_batches - study.evidence.decided
        yield Passage(f"a rank needs {lacking} more with every required result decided")
    elif before > 1:
        number = study.clean_batches_to_rise()
        yield Passage(
            f"a better place takes {number} clean ones or fewer"
            if number
            else "64 clean ones would not better the place"
        )


def _to(before: int | None, place: int) -> str:
    if before is None:
        return ""
    return f", rank {place} as now" if place == before else f", rank {place} instead of {before}"


def _finding_line(finding: Finding) -> str:
    pages = sorted({source.page for source in finding.sources})
    where = ", ".join(filter(None, (finding.file, f"page {', '.join(map(str, pages))}" if pages else None)))
    citation = f" [{finding.citation}]" if finding.citation else ""
    sure = f"{finding.severity}, probability {finding.probability:.2f}"
    return f"{finding.kind} ({sure}) {where}: {finding.reason}{citation}"


def _weight(finding: Finding) -> tuple[int, float, str, str]:
    return _SEVERITIES.index(finding.severity), -finding.probability, finding.file or "", finding.reason
