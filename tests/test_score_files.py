"""Whose certificates they are, and the files a scored folder is written to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, certificate, clean_batches, leaf, some_batches
from kratom_quality.checks import check
from kratom_quality.printable import spelt_out
from kratom_quality.records import Certificate
from kratom_quality.scoring import Ranking, assign_vendors, score, write_scores
from kratom_quality.spreadsheet import inert


def test_the_vendor_is_the_first_folder_else_the_client(tmp_path: Path) -> None:
    """Deeper folders belong to the first; loose files go to their client, whatever its spelling, or to nobody."""
    paths = {
        "a": (tmp_path / "Acorn" / "2026" / "x.pdf", "Someone"),
        "b": (tmp_path / "loose.pdf", "Bramble  Co"),
        "c": (tmp_path / "loose2.pdf", "bramble co"),
        "d": (tmp_path / "loose3.pdf", None),
    }
    certificates = [certificate(file=str(path), client=client) for path, client in paths.values()]
    groups = assign_vendors(tmp_path, certificates)
    assert {vendor: len(group) for vendor, group in groups.items()} == {"(unknown)": 1, "Acorn": 1, "Bramble Co": 2}
    assert list(groups) == ["(unknown)", "Acorn", "Bramble Co"]


def test_a_folder_named_relatively_has_the_same_vendors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths as given and absolute ones meet."""
    monkeypatch.chdir(tmp_path)
    assert list(assign_vendors(".", [certificate(file="Acorn/x.pdf")])) == ["Acorn"]


def write(out: Path, groups: dict[str, list[Certificate]], folder: Path | None = None) -> Ranking:
    ranking = score(groups, today=TODAY)
    certificates = [one for group in groups.values() for one in group]
    failed = [SimpleNamespace(file="broken.pdf", reason="=truncated")]
    write_scores(ranking, ranking.findings, certificates, failed, out, folder)
    return ranking


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_files_hold_what_their_contract_names(tmp_path: Path) -> None:
    """Vendors, findings, records and failures, with the columns that were promised, and what they rest on."""
    write(tmp_path / "out", {"acorn": some_batches(4, 1), "bramble": some_batches(1, 0, "bramble")})
    vendors = rows_of(tmp_path / "out" / "vendors.csv")
    scores = "reputability reputability_low reputability_high expected_rank mislabeling_risk"
    assert list(vendors[0])[:10] == f"vendor rank {scores} certificates batches rated".split()
    assert [(item["vendor"], item["rank"], item["rated"]) for item in vendors] == [
        ("acorn", "1", "true"),
        ("bramble", "", "false"),
    ]
    assert 0 < float(vendors[0]["mislabeling_risk"]) < 1
    (over, _) = rows_of(tmp_path / "out" / "findings.csv")
    assert list(over) == ["vendor", "file", "kind", "severity", "probability", "analyte", "page", "reason", "citation"]
    assert (over["kind"], over["analyte"], over["page"], over["file"]) == ("over_limit", "lead", "1", "acorn/F-000.pdf")
    records = (tmp_path / "out" / "certificates.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(records) == 6
    assert json.loads(records[0])["source"]["path"] == "acorn/C-000.pdf"
    assert rows_of(tmp_path / "out" / "failures.csv") == [{"file": "broken.pdf", "reason": "'=truncated"}]
    assert "What this rests on" in (tmp_path / "out" / "basis.txt").read_text(encoding="utf-8")


def test_files_are_named_relative_to_the_folder(tmp_path: Path) -> None:
    """A finding's file is given as it lies below the folder that was scored."""
    bad = certificate(leaf(metals={"Lead": "9"}), file=str(tmp_path / "Acorn" / "x.pdf"))
    write(tmp_path / "out", {"Acorn": [bad]}, tmp_path)
    assert {row["file"] for row in rows_of(tmp_path / "out" / "findings.csv")} == {"Acorn/x.pdf"}


@given(st.sampled_from("=+-@\t\r\n"), st.text(max_size=5))
def test_no_cell_is_a_formula(start: str, rest: str) -> None:
    """Text that a spreadsheet would run gets an apostrophe, and commands to a terminal are spelt out."""
    assert inert(start + rest) == f"'{spelt_out(start + rest)}"
    assert inert(f"x{start}{rest}") == spelt_out(f"x{start}{rest}")


def test_a_vendor_named_like_a_formula_is_written_inert(tmp_path: Path) -> None:
    """A folder may be called what it likes; negative numbers are left alone."""
    write(tmp_path, {"=cmd()": clean_batches("=cmd()", 2)})
    text = (tmp_path / "vendors.csv").read_text(encoding="utf-8")
    assert text.splitlines()[1].startswith("'=cmd(),1,")


def test_nothing_is_replaced_when_writing_stops_half_way(tmp_path: Path) -> None:
    """The files are swapped in together or not at all, and nothing is left beside them."""
    write(tmp_path, {"acorn": some_batches(2)})
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    ranking = score({"bramble": some_batches(2, 0, "bramble")}, today=TODAY)

    def interrupted() -> object:
        yield certificate()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_scores(ranking, ranking.findings, interrupted(), [], tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    """Seeded draws and stable order: two runs write the same files."""
    for name in ("one", "two"):
        write(tmp_path / name, {"acorn": some_batches(4, 1), "bramble": some_batches(3, 0, "bramble")})
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_checks_and_scores_tell_the_same_findings() -> None:
    """What ``check`` finds is what the ranking rests on."""
    groups = {"acorn": some_batches(2, 1)}
    assert check(groups, today=TODAY) == list(score(groups, today=TODAY).findings)
