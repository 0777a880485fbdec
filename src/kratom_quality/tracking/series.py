"""One analyte of one vendor by the day of the certificate, in one unit and of one form of product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import NamedTuple

from kratom_quality.checks.amounts import Amount, amount_in, units_of
from kratom_quality.checks.documents import issued_on
from kratom_quality.checks.lots import distinctive_words, lots_of
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Result
from kratom_quality.standards import ProductForm
from kratom_quality.units import convert


@dataclass(frozen=True, slots=True)
class Point:
    """What one certificate says of an analyte, and when.

    Parameters
    ----------
    amount
        In the unit of the series: a number, or bounds of what was not measured (``<0.05`` is 0 to 0.05).
    row
        The row it was read from.
    switched_from
        The laboratory of the point before, where this one is of another.
    """

    day: date
    amount: Amount
    certificate: Certificate = field(repr=False)
    row: Result = field(repr=False)
    switched_from: str | None = None

    @property
    def laboratory(self) -> str | None:
        """Who tested."""
        return self.certificate.laboratory.name


class LeftOut(NamedTuple):
    """A certificate that has no place in a series, and why."""

    certificate: Certificate
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """Amounts of one analyte by day.

    Parameters
    ----------
    analyte, unit, form
        The analyte's id, the unit of every amount, and the form of product they are of.
    points
        By day, then batch, then file.
    left_out
        Certificates without a place, each with the reason.
    """

    analyte: str
    unit: str
    form: ProductForm
    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...] = ()

    def between(self, start: int, end: int) -> Series:
        """Return the series with its points from one place up to another."""
        return replace(self, points=self.points[start:end])

    def without(self, digests: Collection[str]) -> Series:
        """Return the series without the certificates of these SHA-256 digests."""
        kept = (point for point in self.points if point.certificate.source.sha256 not in digests)
        return replace(self, points=tuple(kept))


def same_laboratory(one: str | None, other: str | None) -> bool:
    """Whether two printed names may stand for one laboratory; one that is not named may be any."""
    return not one or not other or distinctive_words(one) == distinctive_words(other)


def series_of(
    certificates: Iterable[Certificate], analyte: str, *, unit: str | None = None, form: ProductForm | None = None
) -> Series | None:
    """Return the amounts of an analyte by day, every unit converted into one.

    Parameters
    ----------
    certificates
        Of one vendor; a file given twice counts once.
    unit
        The unit of all amounts; the one most certificates use where None. Amounts of another kind, such as mg in a
        capsule beside a percentage, are left out and said to be.
    form
        The form of product; the one with the most points where None, for leaf and extract are no one series.

    Returns
    -------
    Series or None
        None where no certificate has the analyte in a unit.
    """
    lots = [lot for lot in lots_of("", certificates) if form in (None, lot.form)]
    groups: dict[ProductForm, list[Certificate]] = {}
    for lot in lots:
        groups.setdefault(lot.form, []).extend(lot.certificates)
    made = [
        _series(group, analyte, chosen, its_form)
        for its_form, group in groups.items()
        if (chosen := unit or _usual_unit(group, analyte))
    ]
    if not made:
        return None
    best = max(made, key=lambda series: (len(series.points), series.form))
    others = tuple(
        LeftOut(one, f"of the form {other}, and this series is of {best.form}")
        for other, group in groups.items()
        if other != best.form
        for one in group
    )
    return replace(best, left_out=(*best.left_out, *others))


def every_series(certificates: Iterable[Certificate]) -> Iterator[Series]:
    """Yield every series that a vendor's certificates give: each analyte, form of product and kind of unit apart."""
    groups: dict[ProductForm, list[Certificate]] = {}
    for lot in lots_of("", certificates):
        groups.setdefault(lot.form, []).extend(lot.certificates)
    for form, group in sorted(groups.items()):
        analytes = sorted({row.analyte for one in group for row in one.results if row.analyte})
        for analyte in analytes:
            for unit in _units_of_each_kind(group, analyte):
                made = _series(group, analyte, unit, form)
                if made.points:
                    yield made


def _units(certificates: Iterable[Certificate], analyte: str) -> list[str]:
    counts = Counter(unit for one in certificates for unit in dict.fromkeys(units_of(one, analyte)))
    return sorted(counts, key=lambda unit: (-counts[unit], unit))


def _usual_unit(certificates: Iterable[Certificate], analyte: str) -> str | None:
    return next(iter(_units(certificates, analyte)), None)


def _units_of_each_kind(certificates: Iterable[Certificate], analyte: str) -> list[str]:
    """Return the most usual unit of each kind: those that convert into one another are of one."""
    chosen: list[str] = []
    for unit in _units(certificates, analyte):
        if not any(_converts(unit, other) for other in chosen):
            chosen.append(unit)
    return chosen


def _converts(unit: str, other: str) -> bool:
    try:
        convert(1.0, unit, other)
    except UnitError:
        return False
    return True


def _series(certificates: Iterable[Certificate], analyte: str, unit: str, form: ProductForm) -> Series:
    points, left_out = [], []
    for one in certificates:
        day, found = issued_on(one), amount_in(one, analyte, unit)
        reason = _no_place(day, found, one, analyte, unit)
        if reason or day is None or found is None:
            left_out.append(LeftOut(one, reason))
        else:
            points.append(Point(day, found[0], one, found[1]))
    points.sort(key=_order)
    return Series(analyte, unit, form, tuple(_marked(points)), tuple(left_out))


def _order(point: Point) -> tuple[date, str, str, str]:
    certificate = point.certificate
    return point.day, certificate.batch or "", certificate.source.path or "", certificate.source.sha256


def _no_place(
    day: date | None, found: tuple[Amount, Result] | None, certificate: Certificate, analyte: str, unit: str
) -> str:
    """Return why a certificate has no place in a series; empty where it has one."""
    if found is None:
        others = ", ".join(dict.fromkeys(units_of(certificate, analyte)))
        return f"in {others}, which does not convert into {unit}" if others else "has no amount of it"
    amount = found[0]
    if not amount.upper:
        return "printed as 0, which names no amount and no bound"
    if not amount.lower and amount.upper == inf:
        return "not found, and no LOQ or LOD says how little would have been"
    return "" if day else "bears no date"


def _marked(points: Sequence[Point]) -> Iterator[Point]:
    """Yield points, those marked that are of another laboratory than the one named last."""
    last: str | None = None
    for point in points:
        yield point if same_laboratory(last, point.laboratory) else replace(point, switched_from=last)
        last = point.laboratory or last
