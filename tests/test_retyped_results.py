"""Results set anew by an editor are told by their font or by what they cover; what layouts do for style is no sign."""

from __future__ import annotations

import pytest
from benchmarks.retyping import retyped

from builders import TODAY, certificate
from conftest import FIXTURES
from kratom_quality import Severity, check, read_certificate
from kratom_quality.parsing.fonts import family_of
from kratom_quality.records import Marks, OddFont

SOURCE = FIXTURES / "certificates" / "gilded-ostrich-supply" / "go-301.pdf"


def paynantheine_of(pdf: bytes) -> str:
    return read_certificate(pdf)["paynantheine"].printed.result or ""


def test_a_result_set_in_another_font_is_found_with_its_place() -> None:
    """The whole file written anew keeps nothing of the old figure but the font beside it."""
    pdf = SOURCE.read_bytes()
    changed = read_certificate(retyped(pdf, paynantheine_of(pdf), "0.113"))
    assert changed["paynantheine"].value.number == 0.113
    (odd,) = changed.marks.odd_fonts
    assert (odd.printed, odd.font, odd.usual) == ("0.113", "times", "helvetica")
    (finding,) = (found for found in check([changed], today=TODAY) if found.kind == "edited_pdf")
    assert finding.severity is Severity.MEDIUM
    assert [source.printed for source in finding.sources] == ["0.113"]


@pytest.mark.parametrize("font", ["Helvetica", "Helvetica-Bold", "Helvetica-Oblique"])
def test_bold_italic_and_the_same_font_are_no_sign(font: str) -> None:
    """Laboratories set failing results in bold, and a figure in the page's own font shows nothing."""
    pdf = SOURCE.read_bytes()
    assert read_certificate(retyped(pdf, paynantheine_of(pdf), "0.113", font)).marks.odd_fonts == ()


def test_a_figure_covered_by_another_is_found_with_both() -> None:
    """The old figure below a white box is still in the text, in the place of the new one."""
    pdf = SOURCE.read_bytes()
    old = paynantheine_of(pdf)
    changed = read_certificate(retyped(pdf, old, "0.113", "Helvetica", cover=True))
    (pair,) = changed.marks.overprints
    assert (pair.before, pair.after) == (old, "0.113")
    (finding,) = (found for found in check([changed], today=TODAY) if found.kind == "edited_pdf")
    assert finding.severity is Severity.HIGH
    assert f"'0.113' over '{old}' on page 1" in finding.reason


def test_no_fixture_has_an_odd_font_or_an_overprint() -> None:
    """Layouts of every engine set their results in one family, and side by side."""
    for file in sorted((FIXTURES / "layouts").glob("*.pdf")):
        marks = read_certificate(file, ocr=False).marks
        assert (marks.odd_fonts, marks.overprints) == ((), ()), file.name


def test_an_odd_font_beside_an_editors_name_is_surer() -> None:
    """Signs add up."""
    odd = OddFont(page=1, box=(1, 2, 3, 4), printed="0.1", font="arial", usual="lato")
    alone = certificate(marks=Marks(odd_fonts=(odd,)))
    with_editor = certificate(marks=Marks(odd_fonts=(odd,), producer="Sejda 3"))
    one, both = (check([item], today=TODAY)[0].probability for item in (alone, with_editor))
    assert one == pytest.approx(0.7)
    assert both > 0.8


@pytest.mark.parametrize(
    ("font", "family"),
    [
        ("ABCDEF+Arial-BoldMT", "arial"),
        ("ArialMT", "arial"),
        ("TimesNewRomanPSMT", "timesnewroman"),
        ("TimesNewRomanPS-BoldMT", "timesnewroman"),
        ("Calibri,Italic", "calibri"),
        ("BCDIEE+Calibri-Light", "calibri"),
        ("", ""),
    ],
)
def test_a_family_is_a_font_without_subset_weight_and_style(font: str, family: str) -> None:
    """What differs within a family is style."""
    assert family_of(font) == family
