"""The command line as a person runs it: in its own process, from a pipe."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

import kratom_quality
from conftest import CommandLine

ESCAPE = "\x1b"


@pytest.fixture(scope="session")
def layouts(fixtures: Path) -> Path:
    return fixtures / "layouts"


@pytest.fixture(scope="session")
def one_bad(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Path:
    """Make a folder with a good certificate and an empty file."""
    folder = tmp_path_factory.mktemp("certificates")
    shutil.copy(fixtures / "layouts" / "classic_grid.pdf", folder / "good.pdf")
    shutil.copy(fixtures / "bad" / "empty.pdf", folder / "empty.pdf")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_read_writes_a_line_a_certificate_in_order(command_line: CommandLine, layouts: Path, tmp_path: Path) -> None:
    """``read --jsonl`` writes every record as one line of JSON, in order of the files, and nothing to the pipe."""
    ran = command_line("read", layouts, "--jsonl", tmp_path / "records.jsonl")
    assert (ran.returncode, ran.stdout) == (0, "")
    records = [json.loads(line) for line in (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [Path(record["source"]["path"]) for record in records] == sorted(layouts.glob("*.pdf"))


def test_read_names_failures_and_goes_on(command_line: CommandLine, one_bad: Path, tmp_path: Path) -> None:
    """A failed document is named in ``--failures`` and on standard error, with exit code 1; the rest is written."""
    out, failures = tmp_path / "records.jsonl", tmp_path / "failures.csv"
    ran = command_line("read", one_bad, "--jsonl", out, "--failures", failures)
    assert ran.returncode == 1
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1
    (failure,) = rows(failures)
    assert list(failure) == ["file", "reason"]
    assert failure["file"] == str(one_bad / "empty.pdf")
    assert "empty" in failure["reason"]
    assert "empty.pdf" in ran.stderr


def test_read_csv_has_a_row_a_result(command_line: CommandLine, one_bad: Path, tmp_path: Path) -> None:
    """``read --csv`` writes as many rows as the records have results, and no spreadsheet formula."""
    command_line("read", one_bad, "--jsonl", tmp_path / "records.jsonl", "--csv", tmp_path / "results.csv")
    (record,) = map(json.loads, (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines())
    table = rows(tmp_path / "results.csv")
    assert len(table) == len(record["results"]) > 0
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_read_without_a_file_prints_a_summary(command_line: CommandLine, one_bad: Path) -> None:
    """Without an output file the header of each certificate is printed, in plain text and without a progress bar."""
    ran = command_line("read", one_bad)
    assert "good.pdf" in ran.stdout
    assert "laboratory" in ran.stdout
    assert ESCAPE not in ran.stdout + ran.stderr
    assert ran.stderr.splitlines()[0] == "2 files: 1 read, 0 of them without results; 1 failed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read", "missing"], "missing"),
        (["read", "."], "no certificate file"),
        (["read", "bad.toml", "--vocabulary", "missing.toml"], "missing.toml"),
        (["read", "bad.toml", "--vocabulary", "bad.toml"], "bad.toml"),
        (["read", "bad.toml", "--jobs", "0"], "jobs"),
        (["read", "bad.toml", "--jsonl", "same", "--csv", "same"], "a file each"),
        (["read", "bad.toml", "--jsonl", "bad.toml/records.jsonl"], "bad.toml"),
        (["score", ".", "--standard", "nonsense"], "nonsense"),
        (["score", ".", "--claims", "bad.toml"], "bad.toml"),
        (["score", "bad.toml"], "bad.toml"),
        (["nonsense"], "nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_is_a_message_and_exit_code_2(
    command_line: CommandLine, tmp_path: Path, arguments: list[str], said: str
) -> None:
    """A mistake in what was asked for ends with a message that names it, without a traceback."""
    (tmp_path / "bad.toml").write_text("no toml at all", encoding="utf-8")
    ran = command_line(*arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml"]


def test_a_failed_run_leaves_the_last_output(command_line: CommandLine, tmp_path: Path) -> None:
    """What stood in an output file stays until a whole new one takes its place."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "records.jsonl").write_text("of last time\n", encoding="utf-8")
    assert command_line("read", tmp_path / "empty", "--jsonl", tmp_path / "records.jsonl").returncode == 2
    assert (tmp_path / "records.jsonl").read_text(encoding="utf-8") == "of last time\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "records.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_control_characters_do_not_reach_the_terminal(command_line: CommandLine, one_bad: Path, tmp_path: Path) -> None:
    """An escape sequence or markup in a file's name is shown, not obeyed."""
    shutil.copy(one_bad / "good.pdf", tmp_path / f"{ESCAPE}[31m[red]a.pdf")
    shutil.copy(one_bad / "empty.pdf", tmp_path / f"{ESCAPE}]0;title\x07.pdf")
    ran = command_line("read", tmp_path)
    assert ESCAPE not in ran.stdout + ran.stderr
    assert r"\x1b[31m[red]a.pdf" in ran.stdout
    assert r"\x1b]0;title\x07.pdf" in ran.stderr


def test_score_writes_its_files(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """``score --out`` writes the report and its tables, and prints each vendor within 80 columns."""
    folder = fixtures / "certificates"
    vendors = sorted(path.name for path in folder.iterdir())
    ran = command_line("score", folder, "--claims", fixtures / "claims.csv", "--out", tmp_path)
    assert ran.returncode == 0, ran.stderr
    ranked = rows(tmp_path / "vendors.csv")
    assert sorted(row["vendor"] for row in ranked) == vendors
    assert rows(tmp_path / "failures.csv") == []
    records = (tmp_path / "certificates.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(records) == len(list(folder.rglob("*.pdf")))
    files = {row["file"] for row in rows(tmp_path / "findings.csv")} - {""}
    assert all((folder / file).is_file() for file in files)
    table = ran.stdout.split("\n\n")[0].splitlines()
    places = [ran.stdout.index(row["vendor"]) for row in ranked]
    assert places == sorted(places)
    assert max(map(len, table)) <= 80
    assert "What this rests on" in ran.stdout
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(vendor in page for vendor in vendors)
    assert {row["path"] for row in rows(tmp_path / "results.csv")} == {str(file) for file in folder.rglob("*.pdf")}


def test_explain_leads_a_vendors_points_to_pages(command_line: CommandLine, fixtures: Path) -> None:
    """``explain`` prints what moved the score with files and pages, and what one more certificate would do."""
    ran = command_line("explain", fixtures / "certificates", "crimson-walrus-imports", "--today", "2026-11-22")
    assert ran.returncode == 0, ran.stderr
    for words in (
        "points by safety",
        "cw-0151.pdf, page 2: Lead 2.613 ppm",
        "one more certificate of today",
        "not what is safe",
    ):
        assert words in ran.stdout
    nobody = command_line("explain", fixtures / "certificates", "nobody")
    assert nobody.returncode == 2
    assert "crimson-walrus-imports" in nobody.stderr


def test_version_is_the_packages(command_line: CommandLine) -> None:
    """``--version`` prints the name and the number."""
    ran = command_line("--version")
    assert (ran.returncode, ran.stdout) == (0, f"kratom-quality {kratom_quality.__version__}\n")


def test_check_prints_and_writes_what_is_found_with_what_it_rests_on(
    command_line: CommandLine, fixtures: Path, tmp_path: Path
) -> None:
    """``check`` names each finding with page, authority and grams a day, and says what certificates cannot show."""
    folder, file = fixtures / "certificates" / "crimson-walrus-imports", tmp_path / "findings.csv"
    ran = command_line("check", folder, "--today", "2026-11-01", "--grams-per-day", "7.5", "--csv", file)
    assert ran.returncode == 0
    said = " ".join(ran.stdout.split())
    assert "high pathogen_present (95%), cw-0155.pdf, page 1" in said
    assert "at 7.5 g a day is" in said
    assert "standard 'consumer'" in said
    assert "at 7.5 g of product a day" in said
    assert "not what is safe for anyone" in said
    assert ESCAPE not in ran.stdout
    found = rows(file)
    assert list(found[0])[:5] == ["vendor", "file", "kind", "severity", "probability"]
    assert "exposure" in {row["kind"] for row in found}


def test_check_judges_by_a_standard_of_ones_own(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """A TOML file is a standard like any other; one that does not exist is a mistake with the known names."""
    own = tmp_path / "own.toml"
    limit = 'id = "lead"\nanalyte = "lead"\noperator = "<="\nvalue = 0.001\nunit = "ppm"\nbasis = "as sold"'
    rest = 'panel = "heavy_metals"\ncitation = "my own choice"\ncertainty = "derived"\n'
    head = 'name = "own"\ntitle = "My own"\nsummary = "Lead."\nrequired_panels = []\n[[requirements]]\n'
    own.write_text(f"{head}{limit}\n{rest}", encoding="utf-8")
    folder = fixtures / "certificates" / "blue-heron-botanicals"
    ran = command_line("check", folder, "--today", "2026-11-01", "--standard", own)
    assert ran.stdout.count("over_limit") == 8
    assert "my own choice" in ran.stdout
    wrong = command_line("check", folder, "--standard", "nowhere")
    assert (wrong.returncode, "utah-r70-580" in wrong.stderr) == (2, True)
