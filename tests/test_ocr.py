"""Pages read by OCR: which they are, where their words stand, what is mended, and what is said to be unsure."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache as remember
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kratom_quality import Certificate, Vocabulary, read_certificate, read_folder
from kratom_quality.parsing.names import Names
from kratom_quality.reading import cache, ocr
from kratom_quality.reading.ink import part_line, type_box
from kratom_quality.reading.legible import is_confirmed, is_doubtful
from kratom_quality.reading.letters import Letters, decode
from kratom_quality.reading.misread import mend_words
from kratom_quality.reading.page import Word
from kratom_quality.reading.pages import read_document
from kratom_quality.reading.pdfium import draw_pages
from kratom_quality.reading.raised import mark_raised
from kratom_quality.reading.recognised import Piece, Point, Recognised, TextLine, place_words
from kratom_quality.reading.straight import find_straightening
from kratom_quality.records import ProblemKind

TRAPS = Path(__file__).parent.parent / "fixtures" / "traps"
UNREADABLE = [("scan", "no_text"), ("letterhead_over_scan", "no_text"), ("garbled_text", "garbled_text")]

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra 'ocr' is not installed")


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache for these tests alone: the user's may hold readings of another version."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv(cache.VARIABLE, str(folder))
        yield folder


@remember
def _picture(pixels_an_inch: int = 200) -> Image.Image:
    """A page of a fixture as a scanner of this resolution gives it."""
    (drawing,) = draw_pages((TRAPS / "scan.pdf").read_bytes(), [1], pixels_an_inch / 72)
    return Image.fromarray(np.array(drawing.pixels).reshape(drawing.pixels.shape[:2]))


def _file(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def _rows(certificate: Certificate) -> list[tuple[str, str | None, str | None]]:
    printed = [row.printed for row in certificate.results]
    return [(row.analyte, row.result, row.unit) for row in printed]


def _truth(name: str = "scan") -> list[tuple[str, str | None, str | None]]:
    truth = json.loads((TRAPS / f"{name}.truth.json").read_text(encoding="utf-8"))
    return [(row["analyte"], row["result"], row["unit"]) for row in truth["results"]]


# Which pages


@pytest.mark.parametrize(("name", "fault"), UNREADABLE)
def test_a_page_whose_text_is_not_what_it_shows_is_found(name: str, fault: str) -> None:
    """No text, a letterhead over a picture, and fonts without a character map are told from the text layer."""
    assert read_document((TRAPS / f"{name}.pdf").read_bytes(), by_ocr=False).faults == {1: fault}


def test_a_page_of_few_words_is_no_scan() -> None:
    """A short last page shows nothing beside its words, and is read as it is."""
    assert read_document((TRAPS / "title_on_previous_page.pdf").read_bytes(), by_ocr=False).faults == {}


@pytest.mark.parametrize("name", [name for name, _ in UNREADABLE])
def test_an_unread_page_says_what_reads_it(name: str) -> None:
    """Without OCR the Problem names the page and what to install."""
    problem = read_certificate(TRAPS / f"{name}.pdf", ocr=False).problems[0]
    assert problem.page == 1
    assert "pip install 'kratom-quality[ocr]'" in problem.message


def test_text_needs_no_recogniser() -> None:
    """Reading a text layer imports neither the recogniser nor what opens images."""
    program = (
        "import sys; from kratom_quality import read_certificate; read_certificate(sys.argv[1]);"
        "assert not {'rapidocr', 'onnxruntime', 'cv2', 'PIL'} & set(sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    subprocess.run([sys.executable, "-c", program, TRAPS / "bounds.pdf"], check=True, env=environment)


# From lines to words


def _line(x: float, y: float, text: str, height: float = 24.0) -> TextLine:
    width = 10.0 * len(text)
    pieces, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        pieces.append(Piece(word, start / len(text), (start + len(word)) / len(text), (1.0,) * len(word)))
    return TextLine(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), tuple(pieces))


def _tilted(line: TextLine, angle: float, centre: Point) -> TextLine:
    def turn(point: Point) -> Point:
        x, y = point[0] - centre[0], point[1] - centre[1]
        return (
            centre[0] + x * math.cos(angle) - y * math.sin(angle),
            centre[1] + x * math.sin(angle) + y * math.cos(angle),
        )

    a, b, c, d = line.corners
    return line._replace(corners=(turn(a), turn(b), turn(c), turn(d)))


PAGE = tuple(_line(x, y, "Lead Pb 0.12 ppm") for x in (50.0, 500.0) for y in range(100, 900, 40))


@given(angle=st.floats(-0.05, 0.05))
def test_a_tilted_scan_is_set_straight(angle: float) -> None:
    """Tilting all lines of a page by up to three degrees moves no word."""
    size, centre = (1000, 1000), (500.0, 500.0)
    straight = place_words(Recognised(0, *size, PAGE), 1.0)
    tilted = place_words(Recognised(0, *size, tuple(_tilted(line, angle, centre) for line in PAGE)), 1.0)
    for (word, _), (other, _) in zip(straight, tilted, strict=True):
        assert word.text == other.text
        assert word[:4] == pytest.approx(other[:4], abs=0.5)


def test_words_of_a_row_stand_level() -> None:
    """Boxes as high as their letters become words of one height and middle, as a text layer has them."""
    lines = (_line(0, 100, "aerobic count", 16), _line(300, 98, "(CFU/g)", 21), _line(0, 140, "Yeast"))
    first, *others, below = place_words(Recognised(0, 800, 800, lines), 1.0)
    assert {(word.top, word.bottom) for word, _ in others} == {(first[0].top, first[0].bottom)}
    assert below[0].top > first[0].bottom


def test_a_column_gap_within_a_line_parts_words() -> None:
    """Where the recogniser ran two columns together, the room between them keeps them apart."""
    ink = [True] * 40 + [False] * 30 + [True] * 20
    assert [piece.text for piece in part_line("0.12ND", [5, 15, 25, 35, 75, 85], [1.0] * 6, ink, 20.0)] == [
        "0.12",
        "ND",
    ]


def test_a_word_is_as_wide_as_its_ink() -> None:
    """Words begin and end where their ink does, not where the recogniser's box does."""
    ink = [False] * 10 + [True] * 30 + [False] * 8 + [True] * 42 + [False] * 10
    first, second = part_line("Lead 0.12", [15, 22, 28, 35, 44, 55, 62, 70, 85], [1.0] * 9, ink, 25.0)
    assert (first.text, first.start, first.end) == ("Lead", 0.1, 0.4)
    assert (second.text, second.start, second.end) == ("0.12", 0.48, 0.9)


@given(size=st.floats(12, 60), text=st.sampled_from(["Lead", "mean", "Mercury", "0.12", "soy", "ND"]))
def test_type_is_as_large_whatever_its_letters(size: float, text: str) -> None:
    """From the ink of letters with and without ascenders and descenders follows one height and one baseline."""
    top = 0.72 if any(letter in "LdMtkN0123456789D" for letter in text) else 0.52
    bottom = -0.21 if any(letter in "y" for letter in text) else 0.0
    baseline = 1.1 * size
    rows = range(round(1.5 * size))
    ink = [
        [baseline - top * size <= row + 0.5 <= baseline - bottom * size] * round(0.55 * len(text) * size)
        for row in rows
    ]
    above, below = type_box(text, np.array(ink))
    assert above == pytest.approx(baseline - 0.92 * size, abs=0.1 * size + 2)
    assert below == pytest.approx(baseline + 0.23 * size, abs=0.1 * size + 2)


def _slanted(line: TextLine, across: float, down: float) -> TextLine:
    """As a camera sees a line that looks at the page from a side and from above or below."""

    def seen(point: Point) -> Point:
        x, y = (point[0] - 500) / 500, (point[1] - 500) / 500
        nearness = 1 + across * x + down * y
        return 500 + 480 * x / nearness, 500 + 480 * y / nearness

    a, b, c, d = line.corners
    return line._replace(corners=(seen(a), seen(b), seen(c), seen(d)))


TABLE = tuple(_line(x, y, "0.12 ppm", 16.0) for x in (40.0, 250.0, 480.0, 800.0) for y in range(80, 930, 34))


@given(across=st.floats(-0.05, 0.05), down=st.floats(-0.05, 0.05))
def test_a_photograph_from_a_slant_is_set_straight(across: float, down: float) -> None:
    """Rows seen running together become level, and columns keep one edge."""
    lines = tuple(_slanted(line, across, down) for line in TABLE)
    words = [word for word, _ in place_words(Recognised(0, 1000, 1000, lines), 1.0) if word.text == "0.12"]
    rows, columns = (
        np.array([word[:2] for word in words]).reshape(4, -1, 2)[..., 1],
        np.array(words)[:, 0].astype(float),
    )
    assert np.ptp(rows, axis=0).max() < 4
    assert np.ptp(columns.reshape(4, -1), axis=1).max() < 8


def test_a_straightening_goes_back() -> None:
    """What shows a page beside what was read needs the way from the straight page to the picture."""
    lines = [_slanted(_tilted(line, 0.02, (500.0, 500.0)), 0.04, -0.03) for line in TABLE]
    straightening = find_straightening(lines, 1000, 1000)
    points = np.array([[10.0, 20.0], [990.0, 30.0], [500.0, 970.0]])
    assert straightening.picture_of(straightening.page_of(points)) == pytest.approx(points, abs=0.1)


def test_what_two_boxes_share_is_read_once() -> None:
    """Where the boxes of two lines overlap, the end of one is not read again as the beginning of the other."""
    whole, part = _line(0, 100, "LOD, mg/g"), _line(75, 100, "g LOQ,")
    texts = [word.text for word, _ in place_words(Recognised(0, 800, 800, (whole, part)), 1.0)]
    assert texts == ["LOD,", "mg/g", "LOQ,"]


def test_what_is_read_in_two_ways_is_doubted() -> None:
    """A stamp over a figure gives two readings of one place: neither is sure."""
    lines = (_line(0, 100, "0.02 ppm"), _line(20, 100, "OVED"))
    sureness = {word.text: min(sure) for word, sure in place_words(Recognised(0, 800, 800, lines), 1.0)}
    assert sureness["0.02"] == sureness["OVED"] == 0.5


# From probabilities to letters


CHARACTERS = ["blank", *"0123456789.<gmp民ġ", " "]


def _believed(*steps: dict[str, float]) -> Letters:
    """Read a line of which every step's beliefs are given; what they leave of 1 is the blank's."""
    rows = np.zeros((len(steps), len(CHARACTERS)), np.float32)
    for row, step in zip(rows, steps, strict=True):
        for character, probability in step.items():
            row[CHARACTERS.index(character)] = probability
        row[0] = 1 - row[1:].sum()
    return decode(rows, CHARACTERS, 4.0)


def test_a_line_is_read_step_by_step() -> None:
    """Repetitions and blanks go, and a character stands where it was first read."""
    letters = _believed({"1": 0.99}, {"1": 0.9}, {}, {"1": 0.98}, {".": 0.97})
    assert letters == Letters("11.", (2.0, 14.0, 18.0), (0.99, 0.98, 0.97))


def test_what_was_perhaps_passed_over_is_doubted() -> None:
    """A sign believed by 0.4 where nothing was read makes the figure beside it unsure."""
    assert _believed({"<": 0.4}, {}, {}, {"5": 0.99}).sureness == (0.6,)
    assert _believed({"5": 0.4}, {"5": 0.99}).sureness == (0.99,)


def test_a_latin_line_stays_latin() -> None:
    """A stamp's stroke is no Chinese character, unless the line is Chinese."""
    assert _believed({"m": 0.99}, {"ġ": 0.6, "g": 0.3}, {"p": 0.99}).text == "mgp"
    assert _believed({"民": 0.9}).text == "民"


# From ink to figures


def _figures(*raised: bool) -> NDArray[np.bool_]:
    """Ink of figures ten pixels wide each in a line of forty rows."""
    ink = np.zeros((40, 10 * len(raised)), dtype=bool)
    for place, is_raised in enumerate(raised):
        ink[4 : 16 if is_raised else 12, 10 * place + 2 : 10 * place + 8] = is_raised
        ink[10:30, 10 * place + 2 : 10 * place + 8] |= not is_raised
    return ink


@pytest.mark.parametrize(
    ("read", "raised", "meant"),
    [
        ("104", "..^", "10^4"),
        ("104", "...", "104"),
        ("x1012", "...^^", "x10^12"),
        ("10 4", "...^", "10^4"),
        ("Lead1", "....^", "Lead"),
        ("Lead1", ".....", "Lead1"),
    ],
)
def test_raised_figures_are_powers_or_marks(read: str, raised: str, meant: str) -> None:
    """'10' with a raised 4 is 10^4, and a raised figure behind a letter is a footnote mark."""
    centres = [10.0 * place + 5 for place in range(len(read))]
    text, places, sureness = mark_raised(
        Letters(read, tuple(centres), (1.0,) * len(read)), _figures(*(mark == "^" for mark in raised))
    )
    assert text == meant
    assert len(text) == len(places) == len(sureness)


def test_a_number_that_ends_in_a_raised_figure_is_doubted() -> None:
    """0.12 with a footnote mark 3 must not pass for 0.123."""
    ink = _figures(False, False, False, False, True)
    text, _, sureness = mark_raised(Letters("0.123", (5.0, 15.0, 25.0, 35.0, 45.0), (1.0,) * 5), ink)
    assert text == "0.123"
    assert min(sureness) == 0.5


# Text layers that say nothing


def _words(*texts: str) -> list[Word]:
    return [Word(0.0, 12.0 * place, 50.0, 12.0 * place + 10, text) for place, text in enumerate(texts)]


def test_text_without_a_familiar_word_is_doubtful() -> None:
    """Fonts that give every letter another's number yield no word a certificate uses."""
    text = ["Result", "of", "analysis:", "Mitragynine", "1.52", "%", "Lead", "0.02", "ppm", "Cadmium", "0.01"] * 3
    shifted = ["".join(chr(ord(letter) + 1) for letter in word) for word in text]
    assert not is_doubtful(_words(*text))
    assert is_doubtful(_words(*shifted))
    assert is_doubtful(_words(*["!#$%", "9A2", "*+"] * 10))
    assert not is_confirmed(_words(*shifted), _words(*text))


def test_text_that_the_page_shows_is_confirmed() -> None:
    """A page in another language is doubtful, but stays as it is where OCR sees the same words."""
    text = ["Muestra", "recibida:", "polvo", "verde;", "plomo,", "cadmio,", "arsénico", "y", "mercurio"] * 3
    assert is_doubtful(_words(*text))
    assert is_confirmed(_words(*text), _words(*text[:8], "otra"))


# What is mended


def _mended(*texts: str) -> list[str]:
    words = [(Word(10.0 * i, 0, 10.0 * i + 9, 10, text), (1.0,) * len(text)) for i, text in enumerate(texts)]
    return [word.text for word, _ in mend_words(words)]


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        (["O.O5"], ["0.05"]),
        (["<l.5"], ["<1.5"]),
        (["1O", "ppm"], ["10", "ppm"]),
        (["12", "ug/9"], ["12", "ug/g"]),
        (["rng/g"], ["mg/g"]),
        (["<10", "cfulg"], ["<10", "cfu/g"]),
        (["1,648", "TU/sg"], ["1,648", "IU/sg"]),
        (["<L0Q"], ["<LOQ"]),
        (["IS0/IEC"], ["ISO/IEC"]),
        (["\uff1c0.05"], ["<0.05"]),
        (["pg/kg"], ["µg/kg"]),
        (["0:78", "mg/g"], ["0.78", "mg/g"]),
        (["1;291", "%"], ["1,291", "%"]),
        (["0.227."], ["0.227"]),
        ([".9.875"], ["9.875"]),
    ],
)
def test_what_can_only_be_one_thing_is_mended(misread: list[str], meant: list[str]) -> None:
    """Letters inside decimals and before units, and units no one uses, are what they were taken for."""
    assert _mended(*misread) == meant


@pytest.mark.parametrize("text", ["O0552", "J15008", "B1", "LAB-50-066", "D10", "I", "O", "Loq", "mg/g", "page"])
def test_what_may_be_right_is_left_alone(text: str) -> None:
    """Codes, names and plain words stay as they were read."""
    assert _mended(text) == [text]


def test_a_time_is_no_decimal() -> None:
    """A colon beside a day or a half of the day stays."""
    assert _mended("03/27/2025", "2:06", "PM") == ["03/27/2025", "2:06", "PM"]


@given(st.from_regex(r"[<>]?[0-9]{1,4}(\.[0-9]{1,4})?", fullmatch=True))
def test_a_figure_is_never_exchanged(numeral: str) -> None:
    """What was read as a number stays that number."""
    assert _mended(numeral, "mg/g") == [numeral, "mg/g"]


def test_only_misread_names_are_repaired() -> None:
    """'Mitragynlne' names mitragynine on a page read by OCR and nowhere else."""
    names = Names(Vocabulary.default())
    assert names.find("Mitragynlne") is None
    found = names.forgiving().find("Mitragynlne")
    assert found is not None
    assert found.id == "mitragynine"


# The cache


def test_a_reading_is_kept(own_cache: Path) -> None:
    """What is kept under a digest comes back, and other digests are empty."""
    digest = cache.digest_of("a page", b"its pixels")
    cache.keep(digest, ["a", 1.5])
    assert cache.load(digest) == ["a", 1.5]
    assert cache.load(cache.digest_of("a pageits pixels")) is None
    assert not list(own_cache.glob("*.part"))


def test_a_broken_cache_file_counts_as_none(own_cache: Path) -> None:
    """A file cut short by a full disk is read again rather than believed."""
    digest = cache.digest_of("broken")
    (own_cache / f"{digest}.json").write_text('["a", 1.', encoding="utf-8")
    assert cache.load(digest) is None


def test_the_cache_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable keeps nothing."""
    monkeypatch.setenv(cache.VARIABLE, "")
    cache.keep(cache.digest_of("off"), 1)
    assert cache.folder() is None
    assert cache.load(cache.digest_of("off")) is None


def test_a_folder_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing can be kept, nothing is kept."""
    (tmp_path / "file").touch()
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    cache.keep(cache.digest_of("nowhere"), 1)
    assert cache.load(cache.digest_of("nowhere")) is None


# With the recogniser


@needs_ocr
@pytest.mark.parametrize("name", [name for name, _ in UNREADABLE])
def test_unreadable_pages_are_read(name: str) -> None:
    """Scans and garbled text layers give the rows their generator wrote down, and say who read them."""
    certificate = read_certificate(TRAPS / f"{name}.pdf")
    assert _rows(certificate) == _truth(name)
    assert (certificate.source.reader, certificate.source.pages_by_ocr) == ("ocr", (1,))
    assert not certificate.problems
    assert all(row.confidence is not None and row.confidence > 0.9 for row in certificate.results)


@needs_ocr
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_an_image_is_a_certificate_of_one_page(kind: str) -> None:
    """A picture reads as the PDF it shows."""
    certificate = read_certificate(_file(_picture(), kind))
    assert _rows(certificate) == _truth()
    assert certificate.source.pages == 1


@needs_ocr
@pytest.mark.parametrize("degrees", [90, 180, 270, 2])
def test_a_turned_picture_reads_alike(degrees: int) -> None:
    """A page put on the glass askew, on its side or on its head gives the same rows."""
    turned = _picture().rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert _rows(read_certificate(_file(turned, "PNG"))) == _truth()


@needs_ocr
def test_a_coarse_picture_is_not_trusted() -> None:
    """Below the resolution at which figures are read for certain, every number found is marked."""
    certificate = read_certificate(_file(_picture(60), "PNG"))
    numbers = [row for row in certificate.results if row.value.number is not None]
    assert all(row.confidence is not None and row.confidence < 0.9 for row in numbers)
    marked = [problem for problem in certificate.problems if problem.kind is ProblemKind.UNSURE_FIGURE]
    assert len(marked) >= len(numbers)


@needs_ocr
def test_a_folder_with_scans_allows_for_ocr(tmp_path: Path) -> None:
    """The time limit of a file does not cut OCR short, and a scan stands in its place among the records."""
    for name in ("bounds", "scan", "unit_in_header"):
        (tmp_path / f"{name}.pdf").write_bytes((TRAPS / f"{name}.pdf").read_bytes())
    batch = read_folder(tmp_path, seconds=10)
    assert [certificate.source.reader for certificate in batch.certificates] == ["pdfium", "ocr", "pdfium"]
    assert _rows(batch.certificates[1]) == _truth()


@needs_ocr
def test_a_kept_reading_is_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the cache or read anew, the record is the same."""
    kept = read_certificate(TRAPS / "scan.pdf")
    monkeypatch.setenv(cache.VARIABLE, "")
    assert read_certificate(TRAPS / "scan.pdf") == kept
