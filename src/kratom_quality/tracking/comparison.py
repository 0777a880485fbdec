"""What changed in a market between two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from kratom_quality.checks import VendorCertificates
from kratom_quality.tracking.alerts import Alert, Evidence, alert, in_order
from kratom_quality.tracking.baseline import Array
from kratom_quality.tracking.rhythm import pause
from kratom_quality.tracking.series import same_laboratory
from kratom_quality.tracking.settings import tracking_settings
from kratom_quality.tracking.signals import series_alerts
from kratom_quality.tracking.state import MarketState, Paper, Standing, VendorState

_NONE = VendorState(standing=None, certificates=(), failures=())
_MOST_NAMED = 5
_UPPER_END = 1.6448536269514722  # of an interval of 90 %, in standard deviations
_GRID = 200


def changes(
    before: MarketState, after: MarketState, certificates: VendorCertificates | None = None
) -> tuple[Alert, ...]:
    """Say what changed between two states of a market.

    Parameters
    ----------
    before, after
        The earlier and the later state.
    certificates
        Those of the later state by vendor, whose series are charted; without them no series is looked at.

    Returns
    -------
    tuple of Alert
        By severity, the gravest first, then vendor; the same states give the same alerts.
    """
    found: list[Alert] = []
    if before.judged_by != after.judged_by:
        said = "standard or software are others than at the last look: findings on known certificates may come of that"
        found.append(alert("judged_differently", None, after.day, said))
    there = {paper.sha256 for state in after.vendors.values() for paper in state.certificates}
    for vendor in sorted({*before.vendors, *after.vendors}):
        found += _of_vendor(vendor, before, after, there)
        new = {paper.sha256 for paper in _new(before.vendors.get(vendor, _NONE), after.vendors.get(vendor, _NONE))}
        if new and vendor in before.vendors and certificates and vendor in certificates:
            found += series_alerts(vendor, certificates[vendor], new)
    return in_order(found)


def _of_vendor(vendor: str, before: MarketState, after: MarketState, there: set[str]) -> Iterator[Alert]:
    was, is_now = before.vendors.get(vendor, _NONE), after.vendors.get(vendor, _NONE)
    yield from _comings_and_goings(vendor, was, is_now, after)
    yield from _replaced_or_withdrawn(vendor, was, is_now, after, there)
    yield from _new_failures(vendor, was, is_now, after)
    yield from _new_laboratories(vendor, was, is_now, after)
    if was.standing and is_now.standing:
        yield from _move(vendor, was.standing, is_now.standing, after)
    yield from _stopped(vendor, was, is_now, before, after)


def _new(was: VendorState, is_now: VendorState) -> list[Paper]:
    known = {paper.sha256 for paper in was.certificates}
    return list({paper.sha256: paper for paper in is_now.certificates if paper.sha256 not in known}.values())


def _comings_and_goings(vendor: str, was: VendorState, is_now: VendorState, after: MarketState) -> Iterator[Alert]:
    new = _new(was, is_now)
    if not is_now.certificates:
        said = f"no certificate is left of the {len(was.certificates)} that there were"
        yield alert("vendor_gone", vendor, after.day, said, evidence=_files(was.certificates))
    elif not was.certificates:
        said = f"a vendor that was not there before, with {_counted(new)}"
        yield alert("vendor_new", vendor, after.day, said, evidence=_files(new))
    elif new:
        said = f"{_counted(new)} that {'was' if len(new) == 1 else 'were'} not there before"
        yield alert("new_certificates", vendor, after.day, said, evidence=_files(new))


def _counted(papers: Iterable[Paper]) -> str:
    papers = list(papers)
    batches = sorted({paper.batch for paper in papers if paper.batch})
    named = ", ".join(batches[:_MOST_NAMED]) + (" and others" if len(batches) > _MOST_NAMED else "")
    of = f", of batch {named}" if len(batches) == 1 else f", of batches {named}" if batches else ""
    return f"{len(papers)} certificate{'' if len(papers) == 1 else 's'}{of}"


def _replaced_or_withdrawn(
    vendor: str, was: VendorState, is_now: VendorState, after: MarketState, there: set[str]
) -> Iterator[Alert]:
    by_path = {paper.path: paper for paper in is_now.certificates if paper.path}
    failed = {failure.sha256 for failure in was.failures}
    for paper in was.certificates:
        if paper.sha256 in there:
            continue
        grave = "; there were findings of high severity on the earlier one" if paper.sha256 in failed else ""
        evidence = [Evidence(file=paper.path)]
        if now := by_path.get(paper.path or ""):
            said = f"the file of batch {paper.batch or 'without a number'} holds another certificate than before"
            other = f", of batch {now.batch or 'without a number'}" if now.batch != paper.batch else ""
            yield alert("certificate_replaced", vendor, after.day, f"{said}{other}{grave}", evidence=evidence)
        elif why := after.unread.get(paper.path or ""):
            said = f"the file of batch {paper.batch or 'without a number'} can no more be read ({why}){grave}"
            yield alert("certificate_withdrawn", vendor, after.day, said, evidence=evidence)
        elif is_now.certificates:
            said = f"the certificate of batch {paper.batch or 'without a number'} is gone, or was noted as withdrawn"
            yield alert("certificate_withdrawn", vendor, after.day, f"{said}{grave}", evidence=evidence)


def _new_failures(vendor: str, was: VendorState, is_now: VendorState, after: MarketState) -> Iterator[Alert]:
    known = {failure.key for failure in was.failures}
    papers = {paper.sha256: paper for paper in is_now.certificates}
    old = {paper.sha256 for paper in was.certificates}
    for failure in is_now.failures:
        if failure.key in known:
            continue
        paper = papers.get(failure.sha256 or "")
        said = f"batch {paper.batch or 'without a number'}: {failure.reason}" if paper else failure.reason
        if failure.sha256 in old:
            said += "; the certificate is a known one, and what it is judged by or held beside is new"
        day = paper.issued if paper and paper.issued else after.day
        yield alert("new_failure", vendor, day, said, analyte=failure.analyte, evidence=failure.evidence)


def _new_laboratories(vendor: str, was: VendorState, is_now: VendorState, after: MarketState) -> Iterator[Alert]:
    used = sorted({paper.laboratory for paper in was.certificates if paper.laboratory})
    by_name: dict[str, list[Paper]] = {}
    for paper in _new(was, is_now):
        if used and paper.laboratory and not any(same_laboratory(paper.laboratory, one) for one in used):
            by_name.setdefault(paper.laboratory, []).append(paper)
    for name, papers in by_name.items():
        said = f"{_counted(papers)}, by {name}, a laboratory not seen before; until then {_some(used)}"
        yield alert("laboratory_switch", vendor, _latest(papers, after), said, evidence=_files(papers))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" and others" if len(names) > _MOST_NAMED else "")


def _latest(papers: Iterable[Paper], after: MarketState) -> date:
    return max((paper.issued for paper in papers if paper.issued), default=after.day)


def _move(vendor: str, was: Standing, is_now: Standing, after: MarketState) -> Iterator[Alert]:
    rose = probability_higher(is_now, was)
    sure = tracking_settings().moves.probability
    if max(rose, 1 - rose) < sure:
        return
    kind, chance = ("score_rose", rose) if rose > 1 / 2 else ("score_fell", 1 - rose)
    said = f"the score went from {_score(was)} to {_score(is_now)}"
    if was.rank != is_now.rank:
        said += f", the rank from {was.rank or 'none'} to {is_now.rank or 'none'}"
    yield alert(kind, vendor, after.day, f"{said}; that it {kind[6:]} has probability {chance:.2f} at least")


def _score(standing: Standing) -> str:
    grade = f"{standing.grade} " if standing.grade else ""
    return f"{grade}{standing.reputability:.0f} ({standing.low:.0f} to {standing.high:.0f})"


def probability_higher(one: Standing, other: Standing) -> float:
    """Return P(one score is above the other), each a normal distribution that may differ above and below its median."""
    above, below = _quantiles(one), _quantiles(other)
    return float(np.searchsorted(below, above).mean() / _GRID)


def _quantiles(standing: Standing) -> Array:
    deviates = _deviates()
    reach = np.where(deviates > 0, standing.high - standing.reputability, standing.reputability - standing.low)
    return np.asarray(standing.reputability + deviates / _UPPER_END * reach)


@lru_cache(maxsize=1)
def _deviates() -> Array:
    return np.asarray(ndtri((np.arange(_GRID) + 0.5) / _GRID), dtype=np.float64)


def _stopped(
    vendor: str, was: VendorState, is_now: VendorState, before: MarketState, after: MarketState
) -> Iterator[Alert]:
    now = pause((paper.issued for paper in is_now.certificates if paper.issued), after.day)
    then = pause((paper.issued for paper in was.certificates if paper.issued), before.day)
    if now is None or not now.is_long or (then is not None and then.is_long and then.since == now.since):
        return
    last = [paper for paper in is_now.certificates if paper.issued == now.since]
    said = (
        f"no certificate since {now.since}, {now.days} days, where one came every {now.usual:.0f} days on average: "
        f"chance gives such a pause {now.chance:.1g} of the time; or the folder was not kept up"
    )
    yield alert("stopped_publishing", vendor, after.day, said, evidence=_files(last))


def _files(papers: Iterable[Paper]) -> list[Evidence]:
    return [Evidence(file=paper.path) for paper in papers if paper.path]
