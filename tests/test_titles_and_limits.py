"""What stands around a table's rows: titles with units, groups at the left, limits in two columns, footnotes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kratom_quality.parsing.header import read_header
from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import read_results
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium_text import is_raised_letter
from kratom_quality.records import LimitKind, Result
from kratom_quality.vocabulary import Vocabulary
from typesetting import words_of


def results_of(words: Sequence[Word]) -> tuple[Result, ...]:
    """Return the results of a page of words."""
    return read_results([lay_out(Page(1, 612, 792, tuple(words)))], Names(Vocabulary.default())).results


def results(page: str) -> tuple[Result, ...]:
    """Return the results of a page set by hand."""
    return results_of(words_of(page))


def amounts(page: str) -> list[tuple[str, str | None, str | None]]:
    """Return name, result and unit of each row of a page set by hand."""
    return [(row.printed.analyte, row.printed.result, row.printed.unit) for row in results(page)]


def test_titles_side_by_side_are_no_heads() -> None:
    """Two titles centred above two tables belong to no column, however close they stand to the heads."""
    found = amounts("""
    100 8  80@KRATOM ALKALOIDS (HPLC)                330@MICROBIOLOGICAL (CFU/g)
    112 8  50@Analyte    130@%     170@mg/g          320@Test      390@Result   450@Limit
    126 8  50@Mitragynine  130@1.44  170@14.40       320@Coliforms  390@<10     450@10000
    140 8  50@Paynantheine 130@0.27  170@2.70        320@Yeast      390@800     450@100000
    """)
    assert ("Mitragynine", "1.44", "%") in found
    assert ("Mitragynine", "14.40", "mg/g") in found
    assert ("Coliforms", "<10", "CFU/g") in found


def test_a_numbered_title_gives_its_unit() -> None:
    """The number of the next section is no value beside a title, which would make it a row's name."""
    found = amounts("""
    100 8  50@2.  66@Elements (ICP-MS, mg/kg)      330@3.  346@Microbiology (CFU/g)
    120 8  50@Element  130@Result  180@Limit       330@Test       420@Result
    134 8  50@Arsenic  130@0.34    180@< 2         330@Coliforms  420@<10
    148 8  50@Lead     130@0.79    180@< 1.2       330@Yeast      420@270
    """)
    assert found[:2] == [("Arsenic", "0.34", "mg/kg"), ("Lead", "0.79", "mg/kg")]


def test_a_share_of_the_claim_is_no_unit_of_the_result() -> None:
    """'90 - 120 % of claim' limits another quantity: 52.7 are milligrams, as the title says, and no per cent."""
    found = results("""
    100 8  50@Actives (mg/softgel)
    120 8  50@Analyte       150@Label Claim  230@Found  290@% of Claim  380@Specification        500@Conclusion
    134 8  50@Mitragynine   150@50           230@52.7   290@105.4       380@90 - 120 % of claim  500@Meets
    148 8  50@Paynantheine  150@-            230@9.11   290@-           380@Report               500@-
    """)
    assert [(row.printed.result, row.printed.unit) for row in found] == [("52.7", "mg/softgel"), ("9.11", "mg/softgel")]


def test_a_limit_may_have_a_column_for_each_end() -> None:
    """The lower end alone must be reached, the upper alone not passed; together they are a range."""
    found = results("""
    100 8  50@Test                   200@Spec. min  260@Spec. max  330@Result  400@Pass / Fail
    114 8  50@Mitragynine (%)        200@30.0       260@-          330@33.8    400@Pass
    128 8  50@Total alkaloids (%)    200@45.0       260@50.0       330@46.3    400@Pass
    142 8  50@Lead (mg/kg)                          260@3.0        330@0.14    400@Pass
    """)
    limits = [row.limit for row in found]
    assert [limit.printed for limit in limits if limit] == ["30.0", "45.0 - 50.0", "3.0"]
    assert [(limit.kind, limit.lower, limit.upper) for limit in limits if limit] == [
        (LimitKind.MINIMUM, 30.0, None),
        (LimitKind.INTERVAL, 45.0, 50.0),
        (LimitKind.MAXIMUM, None, 3.0),
    ]


def test_mrl_beside_a_loq_is_the_maximum_residue_limit() -> None:
    """Alone it is the laboratory's reporting limit; beside a LOQ, and with no column of limits, it is the law's."""
    (row, _) = results("""
    100 8  50@Parameter  150@Result  210@Unit   260@LOD    310@LOQ    360@MRL
    114 8  50@Lead       150@0.682   210@mg/kg  260@0.002  310@0.006  360@1.2
    128 8  50@Cadmium    150@0.049   210@mg/kg  260@0.001  310@0.003  360@0.82
    """)
    assert (row.printed.loq, row.printed.limit) == ("0.006", "1.2")
    (row, _) = results("""
    100 8  50@Parameter  150@Result  210@Unit   260@MDL    310@MRL
    114 8  50@Lead       150@0.682   210@mg/kg  260@0.002  310@0.006
    128 8  50@Cadmium    150@0.049   210@mg/kg  260@0.001  310@0.003
    """)
    assert (row.printed.loq, row.printed.limit) == ("0.006", None)


def test_a_group_at_the_left_is_no_part_of_a_name() -> None:
    """A merged cell that names the panel stands on the line of one of its rows by chance."""
    found = amounts("""
    100 8  50@Group                 160@Parameter       300@Result  360@Unit
    114 8                           160@Yeasts          300@400     360@cfu/g
    128 8  50@Microbiology          160@Coliforms       300@<10     360@cfu/g
    142 8                           160@E. coli         300@<10     360@cfu/g
    156 8  50@Moisture              160@Loss on drying  300@9.05    360@%
    """)
    assert [name for name, *_ in found] == ["Yeasts", "Coliforms", "E. coli", "Loss on drying"]


def test_the_title_of_the_next_panel_ends_no_name() -> None:
    """'Moisture' below 'Salmonella' begins something else, though it names an analyte."""
    found = amounts("""
    100 8  50@Parameter              250@Result        330@Unit
    114 8  50@E. coli                250@<10           330@cfu/g
    128 8  50@Salmonella             250@Not detected  330@/25 g
    140 8  50@Moisture
    152 8  50@Water content          250@7.9           330@%
    """)
    assert [name for name, *_ in found] == ["E. coli", "Salmonella", "Water content"]


def test_a_name_goes_on_below_in_lower_case() -> None:
    """'plate count' midway between two rows ends the name above it; it does not begin the one below."""
    found = amounts("""
    100 8  50@Test              250@Result   330@Unit
    114 8  50@Total Aerobic     250@23000    330@cfu/g
    125 8  50@plate count
    136 8  50@Mold              250@110      330@cfu/g
    150 8  50@Yeast             250@<10      330@cfu/g
    """)
    assert [name for name, *_ in found] == ["Total Aerobic plate count", "Mold", "Yeast"]


def test_large_figures_have_the_unit_of_the_title_above_them() -> None:
    """A card prints 'Alkaloids (mg per chew)' once, and below it a figure over each name."""
    found = amounts("""
    100 10  50@Alkaloids (mg per chew)
    140 18  74@40.6        210@5.92
    160 10  66@Mitragynine  194@Paynantheine
    """)
    assert found == [("Mitragynine", "40.6", "mg per chew"), ("Paynantheine", "5.92", "mg per chew")]


def test_an_amount_in_a_sentence_ends_where_a_remark_begins() -> None:
    """What stands in brackets or in the next sentence is no part of the amount."""
    found = amounts("100 8 50@Moisture: 8.8 % (halogen balance). Alkaloid values are not corrected for moisture.")
    assert found == [("Moisture", "8.8", "%")]


def test_a_head_on_end_may_have_its_first_letters_apart() -> None:
    """Kerning parts 'P' from 'aynantheine'; both stand on one foot with the other heads and are one word."""
    heads = [("Mitragynine", 150.0), ("Speciogynine", 200.0), ("Speciociliatine", 250.0)]
    words = [Word(x, 200 - 4 * len(name), x + 8, 200, name) for name, x in heads]
    words += [Word(300, 196, 308, 200, "P"), Word(300, 152, 308, 196, "aynantheine")]
    words += words_of("215 8  90@%  146@1.51  196@0.16  246@0.20  296@0.24")
    assert [row.printed.analyte for row in results_of(words)] == [
        *("Mitragynine", "Speciogynine", "Speciociliatine", "Paynantheine")
    ]


def test_a_table_on_its_side_has_the_unit_of_its_title() -> None:
    """The title stands above the labels at the left, and speaks of the analytes at their right."""
    found = amounts("""
    100 8  50@Heavy Metals (ug/g)
    120 8              120@Arsenic  170@Cadmium  220@Lead  270@Mercury
    134 8  50@Result   124@0.19     174@0.03     222@0.41  274@ND
    148 8  50@LOQ      124@0.02     174@0.02     222@0.02  274@0.01
    """)
    assert found == [
        ("Arsenic", "0.19", "ug/g"),
        ("Cadmium", "0.03", "ug/g"),
        ("Lead", "0.41", "ug/g"),
        ("Mercury", "ND", "ug/g"),
    ]


@pytest.mark.parametrize(
    ("base", "before", "letter", "is_mark"),
    [
        ("7-Hydroxymitragynine", (10.0, 0.0), (12.0, 5.0), True),
        ("ppb", (10.0, 0.0), (10.0, 0.0), False),  # on the line
        ("pp", (7.0, -3.0), (10.0, 0.0), False),  # boxes as high as letters: 'p' reaches below the line
        ("Spices", (7.0, 0.0), (12.0, 2.0), False),  # as large as the letter before it
    ],
)
def test_a_footnote_letter_is_raised_and_small(
    base: str, before: tuple[float, float], letter: tuple[float, float], is_mark: bool
) -> None:
    """A letter that is set like its neighbours belongs to the word: 'ppb' must not become 'pp'."""
    assert is_raised_letter(base, before, letter) is is_mark


def test_of_several_samples_the_labelled_one_is_meant() -> None:
    """An order lists three samples; which one the certificate is of stands behind a label of its own."""
    page = """
    100 8  50@Lab ID     160@Description          300@Lot      400@Certificate
    114 8  50@IW-0337-A  160@Maeng Da Powder      300@MD-019   400@separate
    128 8  50@IW-0337-B  160@Bentuangie Powder    300@BEN-022  400@this one
    142 8  50@IW-0337-C  160@Gold Bali Powder     300@GBA-007  400@separate
    170 8  50@Sample ID  160@IW-0337-B
    184 8  50@Lot Number  160@BEN-022
    """
    header = read_header([lay_out(Page(1, 612, 792, tuple(words_of(page))))])
    assert (header.sample_id, header.batch) == ("IW-0337-B", "BEN-022")
