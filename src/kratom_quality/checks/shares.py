"""One alkaloid against others: its share with the denominator spelt out, and ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kratom_quality.checks.amounts import Amount, amount_in, name_of, units_of
from kratom_quality.checks.settings import check_settings
from kratom_quality.records import Certificate, Result


@dataclass(frozen=True, slots=True)
class Quotient:
    """A share in percent or a ratio, with the rows it comes from and how it was formed."""

    amount: Amount
    rows: tuple[Result, ...]
    in_words: str


def share_of(certificate: Certificate, analyte: str, denominator: Sequence[str]) -> Quotient | None:
    """Return an analyte's percentage of the denominator's sum; None where the certificate does not say.

    Alkaloids of the denominator that were not tested are bounded by what mitragynine allows in nature, so a share is a
    number only where all were tested; without mitragynine it is an upper bound alone.
    """
    for unit in units_of(certificate, analyte):
        numerator = amount_in(certificate, analyte, unit)
        parts = {name: found for name in denominator if (found := amount_in(certificate, name, unit))}
        others = {name: found for name, found in parts.items() if name != analyte}
        if numerator is None:
            continue
        if not others:
            return _share_of_the_product(certificate, analyte)
        untested = [name for name in denominator if name not in parts]
        rest = sum((found[0] for found in others.values()), Amount(0.0, 0.0))
        open_ended = bool(untested) or rest.upper == math.inf
        amount = _share(numerator[0], rest, _most_in_nature(others) if open_ended else rest.upper)
        rows = (numerator[1], *(found[1] for found in others.values()))
        return Quotient(amount, rows, _share_in_words(amount, [found[1] for found in parts.values()], untested))
    return None


def _share_of_the_product(certificate: Certificate, analyte: str) -> Quotient | None:
    """Return the least share of an analyte tested alone: the alkaloids weigh no more than the product."""
    found = amount_in(certificate, analyte, "%")
    if found is None or not found[0].lower:
        return None
    amount = Amount(min(found[0].lower, 100.0), 100.0)
    return Quotient(amount, (found[1],), f"at least {amount.lower:.3g} % of all there is (other alkaloids not tested)")


def ratio_of(certificate: Certificate, analyte: str, divisor: str) -> Quotient | None:
    """Return an analyte's ratio to another in the same unit; None where the certificate does not say."""
    for unit in units_of(certificate, divisor):
        over, under = amount_in(certificate, analyte, unit), amount_in(certificate, divisor, unit)
        if over is None or under is None:
            continue
        amount = over[0].divided_by(under[0])
        return Quotient(amount, (over[1], under[1]), f"{_in_words(amount)} : 1 to {name_of(under[1])}")
    return None


def _share(numerator: Amount, others: Amount, most_others: float) -> Amount:
    """Bound the percentage: least where the numerator is least and the others most."""
    return Amount(_part(numerator.lower, most_others), _part(numerator.upper, others.lower))


def _part(amount: float, rest: float) -> float:
    """Return an amount's percentage of itself and the rest."""
    if amount == math.inf:
        return 100.0
    return 100 * amount / (amount + rest) if amount else 0.0


def _most_in_nature(others: Mapping[str, tuple[Amount, Result]]) -> float:
    """Return the most that other alkaloids, untested ones included, can be together beside this much mitragynine."""
    settings = check_settings().alkaloids
    bounded = sum(amount.upper for amount, _ in others.values() if amount.upper < math.inf)
    mitragynine = others.get(settings.mitragynine)
    if mitragynine is None:
        return math.inf
    return max(bounded, mitragynine[0].upper * settings.largest_total_to_mitragynine)


def _share_in_words(amount: Amount, parts: Sequence[Result], untested: Sequence[str]) -> str:
    words = f"{_in_words(amount)} % of {' + '.join(map(name_of, parts))}"
    return f"{words} ({', '.join(untested)} not tested)" if untested else words


def _in_words(amount: Amount) -> str:
    if amount.measured:
        return f"{amount.upper:.3g}"
    if amount.upper == math.inf:
        return f"at least {amount.lower:.3g}"
    return f"{amount.lower:.3g} to {amount.upper:.3g}" if amount.lower else f"at most {amount.upper:.3g}"
