"""Do batches differ as harvests and measurements do: results too much alike were not measured."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from statistics import fmean, median
from typing import NamedTuple

from kratom_quality.checks.amounts import name_of
from kratom_quality.checks.context import Context
from kratom_quality.checks.documents import issued_on
from kratom_quality.checks.lots import Lot
from kratom_quality.checks.settings import SpreadSettings
from kratom_quality.checks.uncertainty import horwitz
from kratom_quality.claims import fold_name
from kratom_quality.digits import resolution
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Finding, Panel, Result
from kratom_quality.units import convert

_CITATION = "half of the Horwitz standard deviation (Thompson, Analyst 2000, 125:385)"
_MG_PER_KG = 1e6


class _Tested(NamedTuple):
    lot: Lot
    certificate: Certificate


class _Scatter(NamedTuple):
    """An analyte over batches: its relative standard deviation, that expected at least and that of rounding."""

    panel: Panel
    batches: int
    seen: float
    expected: float
    rounding: float
    newest: Result

    @property
    def statistic(self) -> float:
        """Chi-square with ``batches - 1`` degrees of freedom, were the expected spread the true one."""
        return (self.batches - 1) * (max(self.seen, self.rounding) / self.expected) ** 2


def too_little_spread(lots: Iterable[Lot], context: Context) -> dict[str, list[Finding]]:
    """Return, by lot, a finding on the newest of several batches of a vendor that one laboratory found too much alike.

    Batches of which every result is the same are left to the check for reuse.
    """
    series: dict[str, list[_Tested]] = defaultdict(list)
    for lot in lots:
        for certificate in lot.certificates if lot.batch else ():
            series[fold_name(certificate.laboratory.name or "")].append(_Tested(lot, certificate))
    found: dict[str, list[Finding]] = defaultdict(list)
    for group in series.values():
        group.sort(key=lambda tested: (issued_on(tested.certificate) or date.min, tested.lot.key))
        measured = _measured(group, context.settings.spread)
        scatters = [scatter for rows in measured.values() if (scatter := _scatter(rows, context.settings.spread))]
        alike = _alike(scatters, context.settings.spread)
        if alike and not _is_one_report(measured):
            found[group[-1].lot.key].append(_finding(group, alike, context))
    return found


def _measured(group: Sequence[_Tested], settings: SpreadSettings) -> dict[str, list[Result]]:
    """Return each analyte's results, one a batch, of the analytes measured in batches enough."""
    found: dict[str, dict[str, Result]] = defaultdict(dict)
    for tested in group:
        for row in tested.certificate.results:
            if row.analyte and row.panel in settings.panels and row.value.number and not row.total:
                found[row.analyte].setdefault(tested.lot.key, row)
    return {analyte: list(rows.values()) for analyte, rows in found.items() if len(rows) >= settings.fewest_batches}


def _is_one_report(measured: Mapping[str, Sequence[Result]]) -> bool:
    return all(len({row.value.number for row in rows}) == 1 for rows in measured.values())


def _scatter(rows: Sequence[Result], settings: SpreadSettings) -> _Scatter | None:
    """Return how an analyte scatters; None where it is printed too coarsely to show the spread expected."""
    units = [unit for row in rows if (unit := _mass_fraction(row.value.unit))]
    if len(units) < len(rows):
        return None
    fractions = [(row.value.number or 0.0) * unit for row, unit in zip(rows, units, strict=True)]
    mean = fmean(fractions)
    deviation = math.sqrt(sum((fraction - mean) ** 2 for fraction in fractions) / (len(fractions) - 1))
    step = max(resolution(row.value) * unit for row, unit in zip(rows, units, strict=True)) / mean
    expected = settings.share_of_horwitz * horwitz(mean)
    if step > expected:
        return None
    return _Scatter(rows[-1].panel, len(rows), deviation / mean, expected, step / math.sqrt(12), rows[-1])


@lru_cache
def _mass_fraction(unit: str | None) -> float | None:
    """Return a unit as a part of the whole; None where it is none."""
    try:
        return convert(1.0, unit or "", "mg/kg") / _MG_PER_KG
    except UnitError:
        return None


def _alike(scatters: Sequence[_Scatter], settings: SpreadSettings) -> list[_Scatter]:
    """Return the analytes that scatter too little: all of them together, or those of a panel that tells by itself.

    A forger may make up the alkaloids and leave the elements as they were. The two looks share the chance allowed.
    """
    alone = [scatter for scatter in scatters if scatter.panel in settings.panels_that_tell_alone]
    looks = [group for group in (list(scatters), alone) if group]
    allowed = settings.largest_chance / max(1, len(looks))
    return next((group for group in looks if _chance(group) < allowed), [])


def _chance(scatters: Sequence[_Scatter]) -> float:
    """Return the chance of so little spread; analytes of a panel share their error and count as one, their median."""
    panels: dict[Panel, list[_Scatter]] = defaultdict(list)
    for scatter in scatters:
        panels[scatter.panel].append(scatter)
    statistic = sum(median(scatter.statistic for scatter in group) for group in panels.values())
    freedom = sum(median(scatter.batches - 1 for scatter in group) for group in panels.values())
    return lower_chi_square(statistic, freedom)


def lower_chi_square(statistic: float, freedom: float) -> float:
    """Return the chi-square distribution function, by the series of the incomplete gamma function (DLMF 8.7.1)."""
    half, x = freedom / 2, statistic / 2
    term = total = 1.0
    for step in range(1, 1000):
        term *= x / (half + step)
        total += term
        if term < 1e-12 * total:
            break
    return min(1.0, total * math.exp(half * math.log(x) - x - math.lgamma(half + 1))) if x > 0 else 0.0


def _finding(group: Sequence[_Tested], scatters: Sequence[_Scatter], context: Context) -> Finding:
    newest = group[-1].certificate
    batches = ", ".join(dict.fromkeys(tested.lot.batch or "" for tested in group))
    spreads = ", ".join(
        f"{name_of(scatter.newest)} by {100 * scatter.seen:.2g} % (expected at least {100 * scatter.expected:.2g} %)"
        for scatter in scatters
    )
    where = newest.laboratory.name or "a laboratory not named"
    rows = [scatter.newest for scatter in scatters if scatter.newest in newest.results]
    reason = f"the batches {batches}, tested by {where}, differ too little: {spreads}"
    return context.finding("too_little_spread", newest, reason, rows=rows, citation=_CITATION)
