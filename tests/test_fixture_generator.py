from __future__ import annotations

import csv
import json
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from fixtures.generator.catalogue import Fixture, catalogue
from fixtures.generator.compare import same
from fixtures.generator.engines.documents import EngineMissingError
from fixtures.generator.market import claims_csv, planted_toml

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CATALOGUE = {fixture.path: fixture for fixture in catalogue()}
STABLE = sorted(path for path, fixture in CATALOGUE.items() if fixture.byte_stable)
CERTIFICATES = sorted(path for path, fixture in CATALOGUE.items() if fixture.truth_path)
ONE_OF_EACH_OTHER_ENGINE = (
    "layouts/chromatogram.pdf",
    "layouts/office.pdf",
    "layouts/tiles.pdf",
    "layouts/unit_in_title.pdf",
    "traps/scan.pdf",
)
KINDS = {
    *("over_limit", "exposure", "pathogen_present", "adulterated_7oh", "unit_suspicion", "unnatural_profile"),
    *("label_claim_off", "status_contradicts_limit", "sum_mismatch", "units_disagree", "impossible_dates", "stale"),
    *("missing_batch", "missing_panel", "no_independent_lab", "not_accredited", "loq_not_informative"),
    *("reused_certificate", "too_little_spread", "edited_pdf", "link_not_to_lab"),
}


def make_or_skip(fixture: Fixture) -> tuple[bytes, Any]:
    try:
        return fixture.make()
    except (EngineMissingError, ModuleNotFoundError) as error:
        pytest.skip(f"{fixture.engine} cannot run here: {error}")


def truth_of(path: str) -> dict[str, Any]:
    truth_path = CATALOGUE[path].truth_path
    assert truth_path
    truth: dict[str, Any] = json.loads((FIXTURES / truth_path).read_text(encoding="utf-8"))
    return truth


def folded(text: str) -> str:
    """Drop what a text layer may add or lose: white space, carets before exponents, hyphens of line ends."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s^\-\u00ad\u0002\ufffe]", "", plain)


def folded_pages(path: str) -> list[str]:
    document = pypdfium2.PdfDocument(FIXTURES / path)
    try:
        return [folded(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("path", STABLE)
def test_stable_engines_make_the_committed_bytes(path: str) -> None:
    """A fixture of a byte-stable engine is made again bit by bit, and its truth with it."""
    pdf, truth = make_or_skip(CATALOGUE[path])
    assert (FIXTURES / path).read_bytes() == pdf
    if truth is not None:
        assert truth_of(path) == truth


@pytest.mark.parametrize("path", ONE_OF_EACH_OTHER_ENGINE)
def test_other_engines_make_the_committed_words(path: str) -> None:
    """A fixture of an engine that depends on fonts and versions has the committed words on each page."""
    fixture = CATALOGUE[path]
    pdf, truth = make_or_skip(fixture)
    assert same((FIXTURES / path).read_bytes(), pdf, byte_stable=False)
    assert truth_of(path) == truth


def test_every_certificate_has_a_truth_and_every_truth_a_certificate() -> None:
    """No PDF stands without its truth, no truth without its PDF; what fuzzing found is made by nobody."""
    pdfs = {str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*.pdf")}
    pdfs = {path for path in pdfs if not path.startswith("hostile/")}
    assert pdfs == set(CATALOGUE)
    found = {*FIXTURES.rglob("*.truth.json"), *(FIXTURES / "certificates.truth").glob("*.json")}
    truths = {str(path.relative_to(FIXTURES)) for path in found if not path.name.endswith(".golden.json")}
    assert truths == {fixture.truth_path for fixture in CATALOGUE.values() if fixture.truth_path}


@pytest.mark.parametrize("path", CERTIFICATES)
def test_the_truth_is_printed(path: str) -> None:
    """Each row of a truth stands on the page it names, and each header field somewhere in the document."""
    truth = truth_of(path)
    pages = folded_pages(path)
    assert truth["file"] == path
    assert truth["pages"] == len(pages)
    assert truth["results"], "a certificate without results teaches nothing"
    if truth.get("image_only") or truth.get("text_layer"):
        return
    for row in truth["results"]:
        page = pages[row["page"] - 1]
        missing = [
            row[cell] for cell in ("analyte", "result", "lod", "loq", "limit") if folded(row[cell] or "") not in page
        ]
        assert not missing, row
    for field in ("laboratory", "accreditation", "client", "product", "matrix", "batch", "sample_id"):
        assert folded(truth[field] or "") in "".join(pages), field


def test_what_was_planted_is_written_down() -> None:
    """planted.toml and claims.csv are the generator's, name files and vendors that exist, and use every known kind."""
    assert (FIXTURES / "planted.toml").read_text(encoding="utf-8") == planted_toml()
    assert (FIXTURES / "claims.csv").read_text(encoding="utf-8") == claims_csv()
    planted = tomllib.loads(planted_toml())["planted"]
    assert {fault["kind"] for fault in planted} == KINDS
    for fault in planted:
        assert fault["file"].startswith(f"{fault['vendor']}/")
        assert (FIXTURES / "certificates" / fault["file"]).exists()
    claims = list(csv.DictReader(claims_csv().splitlines()))
    assert {claim["vendor"] for claim in claims} <= {path.name for path in (FIXTURES / "certificates").iterdir()}
    assert all(float(claim["claimed_value"]) > 0 for claim in claims)


def test_good_vendors_have_no_planted_fault() -> None:
    """The two vendors a ranking should put first print nothing but passing certificates of one year."""
    faulty = {fault["vendor"] for fault in tomllib.loads(planted_toml())["planted"]}
    good = {"blue-heron-botanicals", "juniper-trail-trading"}
    assert not good & faulty
    for path in CERTIFICATES:
        if path.split("/")[1] in good:
            truth = truth_of(path)
            assert truth["overall_status"] == "pass"
            assert truth["accreditation"]
            assert truth["dates"]["reported"] > "2025-11-01"


def test_the_fixtures_stay_small() -> None:
    """A checkout stays small: no PDF over 65 kB, 12 MB in all."""
    sizes = [path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file()]
    assert sum(sizes) < 12_000_000
    assert max(path.stat().st_size for path in FIXTURES.rglob("*.pdf")) < 65_000
