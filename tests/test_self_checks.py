"""A document held against itself: what agrees is confirmed, what does not is a problem, and lowers the confidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import row
from kratom_quality.digits import resolution
from kratom_quality.parsing.confidence import Doubt
from kratom_quality.parsing.self_checks import check_results
from kratom_quality.records import Panel, ProblemKind, Result
from kratom_quality.values import parse_value


def kinds(*results: Result) -> list[ProblemKind]:
    return [one.kind for one in check_results(results).contradictions]


@given(st.integers(min_value=1000, max_value=99999))
def test_one_amount_in_two_units_confirms_itself(thousandths: int) -> None:
    """1.523 % and 15.23 mg/g are the same amount, and so is 15.2 mg/g, which is it rounded."""
    percent = thousandths / 1000
    for other in (f"{percent * 10:.2f}", f"{percent * 10:.1f}", f"{percent * 10:.0f}"):
        checked = check_results([row("Mitragynine", f"{percent:.3f}", "%"), row("Mitragynine", other, "mg/g")])
        assert not checked.contradictions
        assert checked.confirmed == {0, 1}


def test_one_amount_in_two_units_that_is_not_the_same_is_a_problem() -> None:
    """A lost decimal point shows in the unit beside it; amounts that do not convert say nothing."""
    broken = (row("Mitragynine", "1.523", "%"), row("Mitragynine", "1523", "mg/g"))
    assert kinds(*broken) == [ProblemKind.UNITS_DISAGREE]
    assert check_results(broken).doubts == {0: {Doubt.CONTRADICTED}, 1: {Doubt.CONTRADICTED}}
    assert not kinds(row("Mitragynine", "1.523", "%"), row("Mitragynine", "9.1", "mg/capsule"))
    assert not kinds(row("Mitragynine", "1.523", "%"), row("Mitragynine", "9.1", "mg/g", line=1)), "another row"


def parts(*amounts: str) -> list[Result]:
    names = ("Mitragynine", "7-Hydroxymitragynine", "Paynantheine", "Speciogynine", "Speciociliatine", "Mitraciliatine")
    return [row(name, amount, "%", line=line) for line, (name, amount) in enumerate(zip(names, amounts, strict=False))]


def test_a_total_confirms_its_parts() -> None:
    """Where the parts make the printed total within rounding, total and parts are confirmed."""
    rows = [*parts("1.420", "0.012", "0.220", "ND"), row("Total Alkaloids", "1.65", "%", line=9, total=True)]
    checked = check_results(rows)
    assert not checked.contradictions
    assert checked.confirmed == {0, 1, 2, 4}


def test_a_share_of_the_total_is_no_part_of_it() -> None:
    """'7-Hydroxymitragynine, as percent of total' stands among the alkaloids and is not added to them."""
    listed = parts("1.420", "0.012", "0.220", "0.110", "0.050")
    share = row("7-Hydroxymitragynine, as percent of total", "0.66", "%", panel=Panel.ALKALOIDS, line=8)
    assert not kinds(*listed, share, row("Total Alkaloids", "1.812", "%", line=9, total=True))


@pytest.mark.parametrize(("total", "count", "wrong"), [("1.20", 3, True), ("9.00", 3, False), ("9.00", 5, True)])
def test_a_total_that_its_parts_do_not_make_is_a_problem(total: str, count: int, wrong: bool) -> None:
    """Parts never exceed their total; a total may exceed those of a short list, which leaves some out."""
    listed = parts("1.420", "0.012", "0.220", "0.110", "0.050")[:count]
    found = kinds(*listed, row("Total Alkaloids", total, "%", line=9, total=True))
    assert found == ([ProblemKind.SUM_MISMATCH] if wrong else [])


def test_what_was_not_found_may_make_up_the_rest_of_a_total() -> None:
    """Some laboratories count what is below the LOQ with the LOQ."""
    listed = [*parts("1.420", "0.012", "0.220", "0.110"), row("Speciociliatine", "<LOQ", "%", loq="0.05", line=5)]
    assert not kinds(*listed, row("Total Alkaloids", "1.812", "%", line=9, total=True))


@pytest.mark.parametrize(
    ("result", "unit", "limit", "status", "wrong"),
    [
        ("0.6", "ppm", "0.5", "pass", True),
        ("0.4", "ppm", "0.5", "fail", True),
        ("0.4", "ppm", "0.5", "pass", False),
        ("0.6", "ppm", "0.5", "fail", False),
        ("600", "ppb", "0.5 ppm", "pass", True),
        ("ND", "ppm", "0.5", "pass", False),
        ("0.6", "ppm", "0.5 CFU/g", "pass", False),
    ],
)
def test_a_verdict_must_be_what_number_and_limit_say(
    result: str, unit: str, limit: str, status: str, wrong: bool
) -> None:
    """Only numbers that can be compared with their limit contradict a verdict."""
    found = kinds(row("Lead", result, unit, limit=limit, status=status))
    assert found == ([ProblemKind.STATUS_CONTRADICTS_LIMIT] if wrong else [])


def test_numbers_of_limits_are_no_results() -> None:
    """A number that is the limit's own, or that three pesticides share, may be of another column."""
    rows = [row(name, "0.05", "ppm", line=line) for line, name in enumerate(("Abamectin", "Acephate", "Aldicarb"))]
    assert check_results(rows[:2]).doubts == {}
    assert set(check_results(rows).doubts.values()) == {frozenset({Doubt.SHARED_NUMBER})}
    assert check_results([row("Lead", "0.5", "ppm", limit="0.5")]).doubts == {0: {Doubt.SAME_AS_LIMIT}}


@pytest.mark.parametrize(
    ("printed", "step"), [("1.520", 0.001), ("15", 1.0), ("0", 1.0), ("0.00", 0.01), ("1.2E+03", 100.0), ("ND", 0.0)]
)
def test_the_resolution_is_the_last_printed_digit(printed: str, step: float) -> None:
    """How finely a number is printed says how far two may lie apart."""
    assert resolution(parse_value(printed)) == pytest.approx(step)
