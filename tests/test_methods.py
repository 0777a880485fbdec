"""How each panel was tested, as printed around its table."""

from __future__ import annotations

from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.methods import by_panel
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import Findings, read_results
from kratom_quality.reading.page import Page
from kratom_quality.records import Panel
from kratom_quality.vocabulary import Vocabulary
from typesetting import words_of


def findings_on(page: str) -> Findings:
    return read_results([lay_out(Page(1, 612, 792, tuple(words_of(page))))], Names(Vocabulary.default()))


def test_titles_lines_and_rows_name_methods() -> None:
    """A technique in the title, labels in the lines below it and a column of methods all speak of their panel alone."""
    found = findings_on("""
         40 12  40@Alkaloid Profile by UHPLC-DAD
         54  9  40@Method: SOP-31 Rev 4; Instrument: Talos 1260
         70  9  40@Analyte      200@Result  280@Unit
         84  9  40@Mitragynine  200@1.41    280@%
        120 12  40@Heavy Metals (UV lamp 3)
        134  9  40@Instrument Used:  140@Corvus 7900
        150  9  40@Analyte  200@Result  280@Unit  360@Method
        164  9  40@Lead     200@0.12    280@ppm   360@ICP-MS
        178  9  40@Cadmium  200@0.02    280@ppm   360@ICP-MS
    """)
    assert by_panel(found.methods, found.results, instruments=False) == {
        Panel.ALKALOIDS: ("UHPLC-DAD", "SOP-31 Rev 4"),
        Panel.HEAVY_METALS: ("ICP-MS",),
    }
    assert by_panel(found.methods, found.results, instruments=True) == {
        Panel.ALKALOIDS: ("Talos 1260",),
        Panel.HEAVY_METALS: ("Corvus 7900",),
    }


def test_no_method_is_made_up() -> None:
    """A panel without one has none."""
    found = findings_on("""
        40 12  40@Alkaloid Profile
        60  9  40@Analyte      200@Result  280@Unit
        74  9  40@Mitragynine  200@1.41    280@%
    """)
    assert by_panel(found.methods, found.results, instruments=False) == {}


def test_a_title_may_hold_its_method_in_brackets() -> None:
    """What stands behind a label in a title's brackets ends with them, and is of that title's panel."""
    found = findings_on("""
        40 12  40@Alkaloid Profile
        60  9  40@Analyte      200@Result  280@Unit
        74  9  40@Mitragynine  200@1.41    280@%
        100 9  40@Heavy metals (Method: MI 492 rev 7 of 2025, ICP) (A)
        120 9  40@Analyte      200@Result  280@Unit
        134 9  40@Lead         200@0.12    280@ppm
    """)
    assert by_panel(found.methods, found.results, instruments=False)[Panel.HEAVY_METALS] == (
        "MI 492 rev 7 of 2025, ICP",
    )
