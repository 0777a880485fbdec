"""Rows whose parts stand apart: words of a justified name, amounts in two units without a head."""

from __future__ import annotations

import pytest

from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names, is_derived
from kratom_quality.parsing.page_results import read_results
from kratom_quality.reading.page import Page
from kratom_quality.vocabulary import Vocabulary
from typesetting import words_of


def rows(page: str) -> list[tuple[str, str | None, str, str | None]]:
    """Return name, analyte, result and unit of each row of a page set by hand."""
    found = read_results([lay_out(Page(1, 612, 792, tuple(words_of(page))))], Names(Vocabulary.default()))
    return [(row.printed.analyte, row.analyte, row.printed.result, row.printed.unit) for row in found.results]


@pytest.mark.parametrize("gap", [4, 9, 14, 22])
def test_the_words_of_a_justified_name_are_one_name(gap: float) -> None:
    """A share of the total is no content of 7-hydroxymitragynine, however far apart its words are set."""
    cells, x = [], 50.0
    for word in ("7-Hydroxymitragynine,", "as", "percent", "of", "total"):
        cells.append(f"{x}@{word}")
        x += 4 * len(word) + gap
    page = f"""
    100 8  50@Analyte               320@Result  380@Unit
    114 8  50@Mitragynine           320@1.421   380@%
    128 8  50@7-Hydroxymitragynine  320@0.014   380@%
    142 8  {" ".join(cells)}        320@0.98    380@%
    """
    assert rows(page) == [
        ("Mitragynine", "mitragynine", "1.421", "%"),
        ("7-Hydroxymitragynine", "7_hydroxymitragynine", "0.014", "%"),
        ("7-Hydroxymitragynine, as percent of total", None, "0.98", "%"),
    ]


def test_a_unit_or_a_verdict_behind_a_name_is_no_part_of_it() -> None:
    """'ppm' and 'pass' are in lower case too, and go on with no name."""
    page = """
    100 8  50@Analyte  160@Result
    114 8  50@Lead     92@ppm      160@0.287
    128 8  50@Arsenic  96@ppm      160@0.118
    """
    assert [(name, analyte) for name, analyte, *_ in rows(page)] == [("Lead", "lead"), ("Arsenic", "arsenic")]


@pytest.mark.parametrize(
    "line",
    ["50@Mitragynine  200@1.680 %  280@16.80 mg/g", "50@Mitragynine ........ 1.680 %  280@16.80 mg/g"],
    ids=["apart", "behind dots"],
)
def test_an_amount_may_be_told_again_in_another_unit(line: str) -> None:
    """Without any head, two amounts behind a name are one finding in two units."""
    found = rows(f"100 8 {line}")
    assert found == [("Mitragynine", "mitragynine", "1.680", "%"), ("Mitragynine", "mitragynine", "16.80", "mg/g")]


@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("7-OH as share of alkaloids", True),
        ("7-Hydroxymitragynine, % of total", True),
        ("Mitragynine : 7-OH ratio", True),
        ("Mitragynine, percent", False),
        ("Total alkaloids by weight", False),
    ],
)
def test_ratios_and_shares_are_derived(name: str, derived: bool) -> None:
    """A ratio or a share tells no content."""
    assert is_derived(name) is derived
