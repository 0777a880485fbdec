"""Claims files: what labels claim, or an error that says which line to mend and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from kratom_quality.claims import Claim, Claims
from kratom_quality.errors import ClaimsError

HEADER = "vendor,product,batch,analyte,claimed_value,unit\n"


def written(folder: Path, lines: str, header: str = HEADER) -> Path:
    file = folder / "claims.csv"
    file.write_text(header + lines, encoding="utf-8")
    return file


def test_a_claim_is_read_with_its_analyte_and_unit_in_canonical_spelling(tmp_path: Path) -> None:
    """Ids and printed names of analytes do, units are normalised, a blank batch means every batch."""
    file = written(
        tmp_path,
        'Acorn,"Green Leaf, fine",A-1,mitragynine,1.5,% w/w\n'
        "Acorn,Green,,7-OH,0.2,MG / G\n\n"
        "Acorn,,,MG,45,mg/capsule\n",
    )
    assert list(Claims.load(file)) == [
        Claim("Acorn", "Green Leaf, fine", "A-1", "mitragynine", 1.5, "%", 2),
        Claim("Acorn", "Green", None, "7_hydroxymitragynine", 0.2, "mg/g", 3),
        Claim("Acorn", "", None, "mitragynine", 45, "mg/capsule", 5),
    ]


def test_total_alkaloids_may_be_claimed(tmp_path: Path) -> None:
    """The total of alkaloids has the name the contract gives it."""
    assert Claims.load(written(tmp_path, "Acorn,,,total_alkaloids,2,%\n"))[0].analyte == "total_alkaloids"


def test_columns_may_stand_in_any_order_and_a_spreadsheet_may_have_saved_them(tmp_path: Path) -> None:
    """A byte order mark, CRLF ends and columns of one's own are no obstacle."""
    file = tmp_path / "claims.csv"
    file.write_bytes("\ufeffUnit,note,analyte,claimed_value,vendor,product,batch\r\n%,x,Lead,1,Acorn,,\r\n".encode())
    assert Claims.load(file)[0].analyte == "lead"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (",Green,,mitragynine,1.5,%", "line 2: no vendor"),
        ("Acorn,Green,,unobtainium,1.5,%", "'unobtainium' is no analyte"),
        ("Acorn,Green,,mitragynine,much,%", "'much' is no amount"),
        ("Acorn,Green,,mitragynine,,%", "'' is no amount"),
        ("Acorn,Green,,mitragynine,0,%", "'0' is no amount"),
        ("Acorn,Green,,mitragynine,<2,%", "'<2' is no amount"),
        ("Acorn,Green,,mitragynine,15 mg/g,%", "another unit than '%'"),
        ("Acorn,Green,,mitragynine,1.5,spoon", "'spoon' is no unit"),
    ],
)
def test_a_faulty_line_is_named_with_its_text_and_the_cure(tmp_path: Path, line: str, complaint: str) -> None:
    """The error names file, line and printed text."""
    with pytest.raises(ClaimsError, match=complaint) as caught:
        Claims.load(written(tmp_path, line + "\n"))
    assert "claims.csv" in str(caught.value)


def test_all_faulty_lines_are_named_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one line at a time."""
    with pytest.raises(ClaimsError, match=r"line 2: .*line 4: "):
        Claims.load(written(tmp_path, "A,,,nought,1,%\nA,,,lead,1,ppm\nA,,,lead,none,ppm\n"))


def test_a_file_that_is_no_claims_file_is_refused(tmp_path: Path) -> None:
    """A missing file, missing columns and other encodings each have their own sentence."""
    with pytest.raises(ClaimsError, match="cannot be read"):
        Claims.load(tmp_path / "nowhere.csv")
    with pytest.raises(ClaimsError, match=r"no column batch.*the header must be"):
        Claims.load(written(tmp_path, "", header="vendor,product,analyte,claimed_value,unit\n"))
    (tmp_path / "claims.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(ClaimsError, match="UTF-8"):
        Claims.load(tmp_path / "claims.csv")


def test_vendors_that_are_not_in_the_market_are_named(tmp_path: Path) -> None:
    """A misspelt vendor would be passed over in silence; case, spaces and hyphens do not matter."""
    claims = Claims.load(written(tmp_path, "Acorn Herbs,,,lead,1,ppm\nAkorn,,,lead,1,ppm\nAkorn,,,lead,2,ppm\n"))
    assert claims.vendors_beyond(["acorn-herbs"]) == ("Akorn",)


def test_a_misspelt_vendor_is_told_with_its_lines_and_the_nearest_name(tmp_path: Path) -> None:
    """Every claim on a vendor without certificates is named by line, whatever its spelling."""
    claims = Claims.load(written(tmp_path, "Akorn,,,lead,1,ppm\nBeech,,,lead,1,ppm\nAKORN,,,lead,2,ppm\n"))
    said = claims.on_nobody(["Acorn"])
    assert list(said) == ["AKORN", "Beech"]
    assert said["AKORN"] == "no certificate is of the vendor named on line 2 and 1 more; is 'Acorn' meant?"
    assert said["Beech"].endswith("named on line 3")
