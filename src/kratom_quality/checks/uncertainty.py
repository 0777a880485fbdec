"""How sure a measured result is, and how likely its true value is over a limit."""

from __future__ import annotations

import math

from kratom_quality.checks.settings import check_settings
from kratom_quality.errors import UnitError
from kratom_quality.records import Result, UncertaintyKind
from kratom_quality.units import convert, is_count

_MG_PER_KG = 1e6


def horwitz(mass_fraction: float) -> float:
    """Return the relative standard deviation expected between laboratories at a mass fraction (1 mg/kg is 1e-6).

    Horwitz's function with Thompson's ends (Analyst 2000, 125:385): 22 % below 1.2e-7, sigma = 0.01 c^0.5 above 0.138.
    """
    if mass_fraction < 1.2e-7:
        return 0.22
    if mass_fraction > 0.138:
        return 0.01 * math.pow(mass_fraction, -0.5)
    return 0.02 * math.pow(mass_fraction, -0.1505)


def relative_uncertainty(number: float, unit: str | None) -> float:
    """Return the relative standard uncertainty where a certificate states none: Horwitz, and never below the floor."""
    floor = check_settings().uncertainty.relative_floor
    try:
        mass_fraction = convert(number, unit or "", "mg/kg") / _MG_PER_KG
    except UnitError:
        return floor
    return max(floor, horwitz(mass_fraction)) if mass_fraction > 0 else floor


def stated_uncertainty(row: Result) -> float | None:
    """Return the relative standard uncertainty that a certificate states of a result; None where it states none.

    The scatter of replicates is only a part of it and does not count. An expanded uncertainty is divided by its
    coverage factor (JCGM 100:2008, 6.2.1).
    """
    stated, value = row.uncertainty, row.value
    if stated is None or stated.kind is UncertaintyKind.DEVIATION or not value.number:
        return None
    if stated.relative:
        return stated.number / 100 / stated.coverage_factor
    try:
        half_width = convert(stated.number, stated.unit or "", value.unit or "")
    except UnitError:
        return None
    return half_width / stated.coverage_factor / value.number


def standard_score(
    number: float, limit: float, unit: str | None, *, quantities: int = 1, stated: float | None = None
) -> float:
    """Return how many standard uncertainties a result stands above a limit in the same unit; negative below.

    ``stated`` is the relative standard uncertainty the certificate gives, which speaks before any that is expected.
    Colony counts are compared as logarithms. ``quantities`` is 2 for a quotient, whose uncertainties add in quadrature.
    """
    if number <= 0:
        return -math.inf
    if stated is not None:
        return (number - limit) / (stated * number)
    if is_count(unit):
        return (math.log10(number) - math.log10(limit)) / check_settings().uncertainty.log10_count
    return (number - limit) / (relative_uncertainty(number, unit) * number * math.sqrt(quantities))


def normal_probability(score: float) -> float:
    """Return the normal distribution function: of the standard score, P(true value > limit) (JCGM 106:2012, 7)."""
    return 0.5 * (1 + math.erf(score / math.sqrt(2)))
