"""Does the profile of alkaloids look like leaf: companions in natural proportion to mitragynine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from kratom_quality.checks.amounts import Amount, amount_in, name_of, units_of
from kratom_quality.checks.context import Context
from kratom_quality.checks.settings import LeafReference
from kratom_quality.records import Certificate, Finding, Result

_FEWEST_PARTS = 3


def unnatural_profile(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield, once, a profile with too few companions of mitragynine, or far from every reference of leaf."""
    yield from _too_few_companions(certificate, context) or _far_from_leaf(certificate, context)


def companions_to_mitragynine(certificate: Certificate, context: Context) -> tuple[Amount, tuple[Result, ...]] | None:
    """Return the companions' sum to mitragynine, or 7-hydroxymitragynine where that is more, with the rows, main first.

    None where fewer than two companions were tested or the main alkaloid was not measured.
    """
    settings = context.settings.alkaloids
    for unit in units_of(certificate, settings.mitragynine, settings.seven_hydroxy):
        pair = (amount_in(certificate, name, unit) for name in (settings.mitragynine, settings.seven_hydroxy))
        measured = [found for found in pair if found is not None and found[0].measured and found[0].lower > 0]
        companions = [found for name in settings.companions if (found := amount_in(certificate, name, unit))]
        if measured and len(companions) >= 2:
            main = max(measured, key=lambda found: found[0].lower)
            total = sum((amount for amount, _ in companions), Amount(0.0, 0.0))
            return total.divided_by(main[0]), (main[1], *(row for _, row in companions))
    return None


def aitchison_distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the distance of two compositions over the parts they share, each of which is above 0.

    The Euclidean distance of their centred log ratios (Aitchison 1986, The Statistical Analysis of Compositional Data):
    it depends on ratios alone, so that strength and unit do not matter. 0 where fewer than two parts are shared.
    """
    ratios = [math.log(one[part] / other[part]) for part in one if part in other]
    centre = fmean(ratios) if ratios else 0.0
    return math.sqrt(sum((ratio - centre) ** 2 for ratio in ratios))


def _too_few_companions(certificate: Certificate, context: Context) -> list[Finding]:
    settings = context.settings.alkaloids
    profile = companions_to_mitragynine(certificate, context)
    if profile is None or profile[0].upper >= settings.fewest_companions:
        return []
    amount, rows = profile
    reason = (
        f"{' + '.join(_names(rows[1:]))} are at most {amount.upper:.2g} to 1 of {_names(rows[:1])[0]},"
        f" where natural leaf has {settings.fewest_companions:g} or more"
    )
    citation = "FDA Laboratory Information Bulletin 4578, page 1; J AOAC Int, doi 10.1093/jaoacint/qsaf094"
    return [_finding(certificate, rows, reason, citation, context)]


def _far_from_leaf(certificate: Certificate, context: Context) -> list[Finding]:
    settings = context.settings.profile
    found = _parts(certificate, context)
    parts = {analyte: amount for analyte, (amount, _) in found.items()}
    shared = max(len(parts.keys() & one.parts.keys()) for one in settings.references)
    if shared < _FEWEST_PARTS:
        return []
    comparable = [one for one in settings.references if len(parts.keys() & one.parts.keys()) == shared]
    nearest = min(comparable, key=lambda one: aitchison_distance(parts, one.parts))
    distance = aitchison_distance(parts, nearest.parts)
    if distance <= settings.largest_distance:
        return []
    rows = [row for analyte, (_, row) in found.items() if analyte in nearest.parts]
    reason = (
        f"{_proportion(parts, nearest)} of {' : '.join(_names(rows))} is far from leaf, whose nearest reference has"
        f" {_proportion(nearest.parts, nearest)} (Aitchison distance {distance:.1f}, at most"
        f" {settings.largest_distance:g} allowed)"
    )
    return [_finding(certificate, rows, reason, nearest.source, context, settings.probability)]


def _parts(certificate: Certificate, context: Context) -> dict[str, tuple[float, Result]]:
    """Return mitragynine and its companions in one unit; one below its limit counts as that limit, the kindest case."""
    settings = context.settings.alkaloids
    for unit in units_of(certificate, settings.mitragynine):
        found = {
            analyte: pair
            for analyte in (settings.mitragynine, *settings.companions)
            if (pair := amount_in(certificate, analyte, unit)) and 0 < pair[0].upper < math.inf
        }
        if settings.mitragynine in found and found[settings.mitragynine][0].measured:
            return {analyte: (amount.upper, row) for analyte, (amount, row) in found.items()}
    return {}


def _proportion(parts: Mapping[str, float], reference: LeafReference) -> str:
    """Return the parts a reference has as numbers to 100 of the first."""
    shown = [amount for analyte, amount in parts.items() if analyte in reference.parts]
    return " : ".join(f"{100 * amount / shown[0]:.3g}" for amount in shown)


def _finding(
    certificate: Certificate,
    rows: Sequence[Result],
    reason: str,
    citation: str,
    context: Context,
    probability: float | None = None,
) -> Finding:
    analyte = context.settings.alkaloids.mitragynine
    return context.finding(
        "unnatural_profile",
        certificate,
        reason,
        rows=rows,
        analyte=analyte,
        citation=citation,
        probability=probability,
    )


def _names(rows: Iterable[Result]) -> list[str]:
    return list(map(name_of, rows))
