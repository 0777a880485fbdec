"""One certificate against one requirement: conforms, does not, or cannot be decided.

The decision words are ILAC-G8:09/2019, 4.2.3: pass up to the limit less the guard band, conditional pass up to the
limit, conditional fail up to the limit plus the guard band, fail beyond. The probability is that of JCGM 106:2012, 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kratom_quality.checks.amounts import BELOW, Amount, amount_of, grams_looked_at, tested_rows, unit_of
from kratom_quality.checks.context import Context
from kratom_quality.checks.settings import check_settings
from kratom_quality.checks.shares import ratio_of, share_of
from kratom_quality.checks.uncertainty import normal_probability, standard_score, stated_uncertainty
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Panel, Result, Severity, Value, ValueState
from kratom_quality.standards import RELATIVE, Basis, Operator, Requirement


class Decision(StrEnum):
    """Whether a result conforms, in the four words of ILAC-G8, or not to be decided."""

    PASS = "pass"
    CONDITIONAL_PASS = "conditional pass"
    CONDITIONAL_FAIL = "conditional fail"
    FAIL = "fail"
    UNDECIDED = "undecided"


class Terms(NamedTuple):
    """What is asked of an analyte, as findings and lists of what is missing tell it.

    Parameters
    ----------
    analyte
        The one whose excess breaks the requirement.
    panel, basis, required, severity, citation
        Of the requirement.
    limit
        The limit in words.
    kind
        Of the finding that a breach makes.
    """

    analyte: str
    panel: Panel
    basis: Basis
    required: bool
    severity: Severity | None
    citation: str
    limit: str
    kind: str


class Assessment(NamedTuple):
    """What a certificate shows about one requirement.

    Parameters
    ----------
    terms
        What is asked.
    decision, probability
        The word, and the probability that the product does not conform; 0 where undecided, which is no evidence.
    figure
        For an undecided one, what is missing; else the figures compared.
    rows
        The rows it rests on; empty where the certificate has none.
    of_limit
        Bounds on the amount as a multiple of a limit that it must not exceed; None where there is no such comparison.
    """

    terms: Terms
    decision: Decision
    probability: float
    figure: str | Value
    rows: tuple[Result, ...] = ()
    of_limit: tuple[float, float] | None = None

    @property
    def analyte(self) -> str:
        """The one whose excess breaks the requirement."""
        return self.terms.analyte

    @property
    def panel(self) -> Panel:
        """The panel the requirement belongs to."""
        return self.terms.panel

    @property
    def why(self) -> str:
        """The figure in words, which most assessments are never asked for."""
        return str(self.figure)

    @property
    def decided(self) -> bool:
        """Whether it is evidence."""
        return self.decision is not Decision.UNDECIDED

    @property
    def broken(self) -> bool:
        """Whether the result is beyond the limit, guard band or not."""
        return self.decision is Decision.FAIL or self.decision is Decision.CONDITIONAL_FAIL


@lru_cache(maxsize=4096)
def _terms_of(requirement: Requirement) -> Terms:
    return Terms(
        analyte=requirement.relative_to[0] if requirement.basis is Basis.RATIO else requirement.analyte,
        panel=requirement.panel,
        basis=requirement.basis,
        required=requirement.required,
        severity=requirement.severity,
        citation=requirement.cited,
        limit=requirement.in_words(),
        kind=_kind_of_breach(requirement),
    )


def _judged(
    requirement: Requirement,
    decision: Decision,
    probability: float,
    figure: str | Value,
    rows: tuple[Result, ...],
    of_limit: tuple[float, float] | None = None,
) -> Assessment:
    return Assessment(_terms_of(requirement), decision, probability, figure, rows, of_limit)


def _kind_of_breach(requirement: Requirement) -> str:
    alkaloid = requirement.panel is Panel.ALKALOIDS
    if alkaloid and (requirement.basis in RELATIVE or requirement.operator is Operator.ABSENT):
        return "adulterated_7oh"
    if requirement.operator is Operator.ABSENT and requirement.panel is Panel.MICROBIALS:
        return "pathogen_present"
    return "exposure" if requirement.basis is Basis.PER_DAY else "over_limit"


def _undecided(requirement: Requirement, why: str, *rows: Result) -> Assessment:
    return _judged(requirement, Decision.UNDECIDED, 0.0, why, rows)


def assess(certificate: Certificate, requirements: Iterable[Requirement], context: Context) -> tuple[Assessment, ...]:
    """Judge a certificate by each requirement that is required or that it tested for, in their order."""
    tested = {row.analyte for row in certificate.results}
    return tuple(
        _assess(certificate, requirement, context)
        for requirement in requirements
        if requirement.required or requirement.analyte in tested
    )


def _assess(certificate: Certificate, requirement: Requirement, context: Context) -> Assessment:
    candidates = list(_candidates(certificate, requirement, context))
    decided = [candidate for candidate in candidates if candidate.decided]
    if decided:
        return max(decided, key=lambda candidate: candidate.probability)
    return candidates[0] if candidates else _undecided(requirement, "not tested")


def _candidates(certificate: Certificate, requirement: Requirement, context: Context) -> Iterator[Assessment]:
    if requirement.basis is Basis.SHARE or requirement.basis is Basis.RATIO:
        if (quotient := _quotient(certificate, requirement)) is not None:
            yield quotient
        return
    for row in tested_rows(certificate, requirement.analyte):
        if requirement.basis is Basis.PER_ARTICLE and _piece(row) is None:
            continue
        if requirement.operator is Operator.ABSENT:
            yield _assess_absence(row, requirement)
        else:
            yield _assess_row(certificate, row, requirement, context)


def _assess_row(certificate: Certificate, row: Result, requirement: Requirement, context: Context) -> Assessment:
    grams, unit = _terms(certificate, row, requirement, context)
    try:
        amount = amount_of(row, unit)
    except UnitError as error:
        return _undecided(requirement, f"{error}, and the limit is {requirement.in_words()}", row)
    figure = row.value if grams is None else _taken(row.value, amount, grams, requirement)
    return _decide(requirement, amount, (row,), figure, unit=unit, grams=grams or 1.0)


def _terms(
    certificate: Certificate, row: Result, requirement: Requirement, context: Context
) -> tuple[float | None, str]:
    """Return the grams taken where the limit is on an amount taken, and the unit the result is wanted in.

    A serving is the one the certificate prints, else the one taken for given.
    """
    unit, printed = requirement.unit or "", unit_of(row) or ""
    if requirement.basis is Basis.PER_DAY:
        return context.grams_per_day, f"{unit}/g"
    if requirement.basis is Basis.PER_SERVING and "serving" not in printed:
        printed_serving = certificate.serving_size.grams if certificate.serving_size else None
        return printed_serving or context.grams_per_serving, unit.replace("serving", "g")
    if requirement.basis is Basis.PER_ARTICLE:
        return None, unit.replace("article", _piece(row) or "article")
    if printed.startswith("MPN"):
        return None, unit.replace("CFU", "MPN")  # the most probable number of the same colonies (USP <2021>)
    return None, unit


def _piece(row: Result) -> str | None:
    """Return the single piece a result is per, ``capsule`` or ``tablet``; None where it is per something else."""
    piece = (unit_of(row) or "").partition("/")[2]
    return piece if piece in check_settings().articles else None


def _taken(value: Value, amount: Amount, grams: float, requirement: Requirement) -> str:
    bound = "" if amount.measured else "at most "
    taken = "a day" if requirement.basis is Basis.PER_DAY else "a serving"
    mass = (requirement.unit or "").partition("/")[0]
    return f"{value}, which at {grams:g} g {taken} is {bound}{amount.upper * grams:.3g} {mass}"


def _quotient(certificate: Certificate, requirement: Requirement) -> Assessment | None:
    if requirement.basis is Basis.SHARE:
        quotient = share_of(certificate, requirement.analyte, requirement.relative_to)
    else:
        quotient = ratio_of(certificate, requirement.analyte, requirement.relative_to[0])
    if quotient is None:
        return None
    return _decide(requirement, quotient.amount, quotient.rows, quotient.in_words, quantities=2)


def _decide(
    requirement: Requirement,
    amount: Amount,
    rows: tuple[Result, ...],
    figure: str | Value,
    *,
    unit: str | None = None,
    grams: float = 1.0,
    quantities: int = 1,
) -> Assessment:
    """Compare an amount with a limit on so many grams; an interval decides only when it lies on one side."""
    if requirement.value is None:
        raise ValueError(f"{requirement.id} demands absence and has no limit to compare with")
    limit, operator = requirement.value / grams, requirement.operator
    at_least = operator is Operator.AT_LEAST
    of_limit = None if at_least else (amount.lower / limit, amount.upper / limit)
    worst, best = (amount.lower, amount.upper) if at_least else (amount.upper, amount.lower)
    if not amount.measured:
        if not _beyond(worst, limit, operator):
            return _judged(requirement, Decision.PASS, 0.0, figure, rows, of_limit)
        if not _beyond(best, limit, operator):
            return _undecided(requirement, f"{figure} leaves open whether it is {requirement.in_words()}", *rows)
    stated = stated_uncertainty(rows[0]) if len(rows) == 1 else None
    score = standard_score(best, limit, unit, quantities=quantities, stated=stated) * (-1 if at_least else 1)
    decision = _in_four_words(score, beyond=_beyond(best, limit, operator))
    return _judged(requirement, decision, normal_probability(score), figure, rows, of_limit)


def _beyond(number: float, limit: float, operator: Operator) -> bool:
    if operator is Operator.AT_LEAST:
        return number < limit
    return number >= limit if operator is Operator.BELOW else number > limit


def _in_four_words(score: float, *, beyond: bool) -> Decision:
    guard_band = check_settings().uncertainty.guard_band
    if beyond:
        return Decision.FAIL if score > guard_band else Decision.CONDITIONAL_FAIL
    return Decision.PASS if score <= -guard_band else Decision.CONDITIONAL_PASS


def _assess_absence(row: Result, requirement: Requirement) -> Assessment:
    """Judge a presence test: anything found breaks it, and absence counts only in as much sample as is asked for."""
    value, figure = row.value, row.value.printed
    if _is_found(value):
        probability = check_settings().kinds["pathogen_present"].probability
        return _judged(requirement, Decision.FAIL, probability, figure, (row,))
    if value.state is ValueState.BELOW_LOQ:
        return _undecided(requirement, f"{figure} bounds a count and does not show absence", row)
    if value.state not in BELOW and value.state is not ValueState.CONFORMS and value.number != 0:
        return _undecided(requirement, f"{figure!r} says neither present nor absent", row)
    grams = grams_looked_at(row)
    if grams and requirement.sample_grams and grams < requirement.sample_grams:
        return _undecided(
            requirement, f"{figure!r} looked at {grams:g} g, and {requirement.sample_grams:g} g are asked for", row
        )
    return _judged(requirement, Decision.PASS, 0.0, figure, (row,))


def _is_found(value: Value) -> bool:
    found = {ValueState.PRESENT, ValueState.ABOVE_RANGE, ValueState.DOES_NOT_CONFORM}
    return value.state in found or (value.number or 0) > 0 or (value.lower or 0) > 0
