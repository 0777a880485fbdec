"""The head of a certificate, in layouts set by hand and on the fixtures' pages."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kratom_quality import read_certificate
from kratom_quality.parsing.header import Header, read_header
from kratom_quality.parsing.header_words import HeaderWords, header_words
from kratom_quality.parsing.labels import find_marks, value_of
from kratom_quality.parsing.labs import LabProfile, lab_profiles
from kratom_quality.parsing.layout import Sheet, lay_out
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium import read_pages
from typesetting import words_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
TRUTHS = sorted((FIXTURES / "layouts").glob("*.truth.json"))
LAYOUTS = sorted((Path(__file__).parent / "header_layouts").glob("*.toml"))


def set_sheets(pages: Sequence[Sequence[Word]]) -> list[Sheet]:
    """Lay out letter pages."""
    return [lay_out(Page(number, 612, 792, tuple(words))) for number, words in enumerate(pages, 1)]


def sheet(page: str) -> list[Sheet]:
    """Lay out a document of one page."""
    return set_sheets([words_of(page)])


def flat(header: Header) -> dict[str, str | None]:
    """Every field of a header by its name."""
    fields = {name: value for name, value in header._asdict().items() if name not in {"laboratory", "dates"}}
    laboratory = {"laboratory": header.laboratory.name, "accreditation": header.laboratory.accreditation}
    return fields | laboratory | header.dates.model_dump()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_layout(layout: Path) -> None:
    """Labels, titles and small print say the same in every style, and nothing is read where nothing stands."""
    data = tomllib.loads(layout.read_text(encoding="utf-8"))
    read = flat(read_header(set_sheets([words_of(page) for page in data["pages"]])))
    assert {field: read[field] or "" for field in data["says"]} == data["says"]


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda path: path.name.partition(".")[0])
def test_fixture(truth: Path) -> None:
    """The head of every fixture layout is read as it was written."""
    says = json.loads(truth.read_text(encoding="utf-8"))
    pages = read_pages((FIXTURES / says["file"]).read_bytes())
    read = flat(read_header([lay_out(page) for page in pages]))
    wanted = {field: says[field] for field in read if field in says} | says["dates"]
    assert {field for field in wanted if not _agree(wanted[field], read[field])} == set()


def test_without_profiles() -> None:
    """A laboratory whose name is only a picture is known by its profile, and without one by its web address."""
    page = sheet("""
        40 9  40@www.silverbirch.example  400@Certificate of Analysis
        60 9  40@Client: Bay Cedar LLC    300@Product: Bali Powder
        72 9  40@Lot: B-7                 300@Matrix: Powder
    """)
    profile = LabProfile(name="Silver Birch", domains=("silverbirch.example",), source="printed on its certificates")
    assert read_header(page, {"silverbirch.example": profile}).laboratory.name == "Silver Birch"
    assert read_header(page, {}).laboratory.name == "silverbirch.example"


def test_profiles_are_few_and_complete() -> None:
    """Every shipped profile loads, says where it comes from, and no two claim one domain."""
    profiles = lab_profiles()
    assert len(set(profiles.values())) <= 12
    assert sum(len(profile.domains) for profile in set(profiles.values())) == len(profiles)


def test_one_label_one_meaning() -> None:
    """A label that would introduce two unrelated fields is refused when the words are loaded."""
    words = header_words().model_dump()
    words["labels"]["client"] = [*words["labels"]["client"], ["Batch No."]]
    with pytest.raises(ValidationError, match="'batch #' stands under batch and client"):
        HeaderWords.model_validate(words)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Batch# : 9335 6375", "batch", "9335 6375"),
        ("Lot No.: X-1; Batch Size: 10 lb", "batch", "X-1"),
        ("Sample:DA30318004-001", "sample_id", "DA30318004-001"),
        ("[B] Client Info", "client", ""),
        ("DATE ISSUED 11/21/2021", "reported", "11/21/2021"),
        ("Sample Weight (g): 5", "other", "5"),
        ("Analytical Batch : DA057550POT", "other", "DA057550POT"),
        ("METRC Batch ID:", "batch", ""),
        ("Harvest Colour: green", "other", "green"),
        ("Date of Sample Received : 4 May", "received", "4 May"),
        ("Item lot", "batch", ""),
        ("Product ........ Kratom Tea", "product", "Kratom Tea"),
        ("P R O D U C T", "product", ""),
        ("Jenis Barang / Lot Number", "batch", ""),
        ("N° 55-12345", "sample_id", "55-12345"),
        ("Weight of Sample: 5 g", "other", "5 g"),
    ],
)
def test_label_forms(text: str, field: str, value: str) -> None:
    """The longest label wins, however it is set off from its value."""
    marks = find_marks(text)
    assert field in {label.field for label in marks[0].labels}
    assert value_of(text, marks, 0) == value


@pytest.mark.parametrize(
    "text", ["Mitragynine", "The batch was tested for lead.", "0.341", "at 10:30 in Lot", "Samples received cold"]
)
def test_what_is_no_label(text: str) -> None:
    """Running text, names and numbers are no labels."""
    assert find_marks(text) == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("PASSED", "pass"),
        ("Complies with USP <2023>", "pass"),
        ("Does not comply", "fail"),
        ("Non-compliant", "fail"),
        ("Pass/Fail", None),
        ("Tested", None),
        ("Memenuhi syarat / PASS", "pass"),
        ("Entspricht den Anforderungen nicht", None),
    ],
)
def test_verdicts(text: str, verdict: str | None) -> None:
    """A phrase that says both pass and fail, or neither, is no verdict."""
    assert header_words().verdict(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("✓ Sample passes", "pass"),
        ("This lot conforms to the above specification.", "pass"),
        ("The tested lot does not meet the requirements.", "fail"),
        ("The sample meets the limits for lead", None),
        ("Sample accepted", None),
        ("Certificate of conforming goods", None),
    ],
)
def test_statements(text: str, verdict: str | None) -> None:
    """A sentence is a verdict where it speaks of the whole sample and of nothing else."""
    assert header_words().statement(text) == verdict


def test_the_next_label_is_no_value() -> None:
    """A cell between a column of labels and a column of values is a label, though its words are unknown."""
    page = sheet("""
        40 9  40@Client  140@Bay Cedar LLC  300@Product   400@Bali Powder
        52 9  40@Batch   300@Shelf mark     400@Q-12
        64 9  40@Colour  140@Green          300@Matrix    400@Powder
        76 9  40@Remark  140@None           300@Received  400@3 May 2024
    """)
    header = read_header(page)
    assert (header.batch, header.product, header.dates.received) == (None, "Bali Powder", "2024-05-03")


def test_garbled_pages_say_nothing() -> None:
    """Nothing is read from a page whose letters do not mean what they show."""
    certificate = read_certificate(FIXTURES / "traps" / "garbled_text.pdf", ocr=False)
    assert (certificate.product, certificate.batch, certificate.client) == (None, None, None)


@pytest.mark.parametrize(("word", "received"), [("Origin: Indonesia", "2024-03-04"), ("Tanggal", "2024-04-03")])
def test_where_no_date_decides_the_language_does(word: str, received: str) -> None:
    """Kratom comes from Indonesia everywhere; only a certificate's own words tell how it writes dates."""
    page = sheet(f"""
        40 9  40@Client: Bay Cedar LLC  300@Lot: B-7
        52 9  40@Received: 03/04/2024   300@{word}
    """)
    assert read_header(page).dates.received == received


def test_a_label_in_brackets_and_a_conclusion_beside_its_label() -> None:
    """Brackets around a label are part of no value, and a line of nothing but a conclusion sums up the page."""
    header = read_header(
        sheet("""
        40 9  40@Client: Ember Leaf Co  300@Sample: Yellow Vein Tea (Lot: 20240311-YV)
        60 9  40@Analyte     200@Result    300@Limit
        72 9  40@Lead        200@0.2 ppm   300@1 ppm
        90 9  40@Conclusion  200@Conforms to specification
    """)
    )
    assert (header.product, header.batch, header.overall_status) == ("Yellow Vein Tea", "20240311-YV", "pass")


def test_a_label_set_wide_is_as_good_as_its_word() -> None:
    """Words of letter-spaced capitals are one label."""
    page = sheet("""
        40 9  40@Client: Bay Cedar LLC  300@Lot: B-7
        60 6  40@S A M P L E  80@T Y P E
        70 9  40@Powder
    """)
    assert read_header(page).matrix == "Powder"


def test_the_verdict_of_one_panel_is_not_the_samples() -> None:
    """Verdicts in panel titles and on tiles say nothing of the whole sample."""
    page = sheet("""
        40 9   40@Client: Bay Cedar LLC  300@Lot: B-7
        52 9   40@Product: Bali Powder   300@Reported: 04/11/2024
        90 14  40@Safety
        120 14 60@Pass        200@Pass    340@Fail
        136 9  60@Pesticides  200@Metals  340@Microbials
        180 14 40@Heavy Metals            500@PASS
    """)
    assert read_header(page).overall_status is None


def test_no_pages() -> None:
    """A document without pages, or without text, has an empty header."""
    assert read_header([]) == Header()
    assert read_header(sheet("")) == Header()


@given(st.randoms(use_true_random=False), st.sampled_from(LAYOUTS))
def test_the_order_of_words_does_not_matter(random: Random, layout: Path) -> None:
    """A PDF may give its words in any order; the header is the same."""
    pages = [words_of(page) for page in tomllib.loads(layout.read_text(encoding="utf-8"))["pages"]]
    shuffled = [random.sample(words, len(words)) for words in pages]
    assert read_header(set_sheets(shuffled)) == read_header(set_sheets(pages))


_PIECES = st.one_of(
    st.sampled_from(
        ["Client:", "Batch", "#", "Lot:", "Sample", "ID", "PASS", "Labs", "ISO", "17025", "©", "|", ";", ":"]
    ),
    st.text(min_size=1, max_size=12).map(lambda text: "".join(text.split()) or "x"),
)
_WORDS = st.builds(
    lambda x0, top, height, text: Word(x0, top, x0 + 0.5 * height * len(text), top + height, text),
    st.floats(0, 600),
    st.floats(0, 780),
    st.floats(1, 40),
    _PIECES,
)


@given(st.lists(_WORDS, max_size=40))
def test_any_page_has_a_header(words: list[Word]) -> None:
    """Whatever a page holds, reading its head gives a header and never an error."""
    assert isinstance(read_header(set_sheets([words])), Header)


def _agree(wanted: str | None, read: str | None) -> bool:
    """Equal but for case and punctuation; where a page prints only the last day of a range, that day is right."""
    one, other = _fold(wanted), _fold(read)
    return one == other or (bool(one and other) and (other in one or one in other))


def _fold(text: str | None) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKD", text or "").casefold())
