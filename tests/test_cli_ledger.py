"""``read --ledger``, ``history`` and ``withdraw`` as a person uses them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from conftest import CommandLine

VENDOR = "blue-heron-botanicals"


@pytest.fixture
def market(tmp_path: Path, fixtures: Path) -> Path:
    """Make a folder of two vendors whose settings name a ledger beside them."""
    for vendor in (VENDOR, "juniper-trail-trading"):
        shutil.copytree(fixtures / "certificates" / vendor, tmp_path / vendor)
    settings = f'ledger = "kept/ledger.sqlite"\n[vendors]\n"Blue Heron" = ["{VENDOR}"]\n'
    (tmp_path / "kratom-quality.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "kept").mkdir()
    return tmp_path


def test_a_market_is_kept_and_asked(command_line: CommandLine, market: Path) -> None:
    """The first time all is read, the second nothing; a vendor's series come from the ledger alone."""
    first = command_line("read", market, "--jsonl", market / "first.jsonl")
    assert (first.returncode, "the ledger held 0 of 15 files" in first.stderr) == (0, True), first.stderr
    again = command_line("read", market, "--jsonl", market / "again.jsonl")
    assert "the ledger held 15 of 15 files" in again.stderr
    assert (market / "first.jsonl").read_bytes() == (market / "again.jsonl").read_bytes()
    assert command_line("read", market).stdout == "", "nothing is new"

    shown = command_line("history", "blue heron", "--analyte", "Pb", cwd=market)
    assert shown.returncode == 0, shown.stderr
    assert "Blue Heron: 8 certificates" in shown.stdout
    assert shown.stdout.count("Lead") == 8
    command_line("history", VENDOR, "--csv", market / "series.csv", cwd=market)
    with (market / "series.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["vendor"] for row in rows} == {"Blue Heron"}
    assert len({row["sha256"] for row in rows}) == 8
    before = json.loads(command_line("history", VENDOR, "--as-of", "2026-03-31", "--json", cwd=market).stdout)
    assert [row["date"] for row in before["certificates"]] == ["2025-12-18", "2026-02-23", "2026-03-30"]


def test_a_certificate_is_withdrawn_by_its_file(command_line: CommandLine, market: Path) -> None:
    """It is shown as withdrawn with its reason and successor; a second time is an error."""
    command_line("read", market, "--ledger", "mine.sqlite", cwd=market)
    old, new = (Path(VENDOR, name) for name in ("bh-2512-gm.pdf", "bh-2602-rb.pdf"))
    arguments = ("withdraw", old, "--replaced-by", new, "--reason", "=wrong sample", "--date", "2026-03-01")
    ran = command_line(*arguments, "--ledger", "mine.sqlite", cwd=market)
    assert ran.returncode == 0, ran.stderr
    shown = command_line("history", VENDOR, "--ledger", "mine.sqlite", cwd=market).stdout
    assert "withdrawn or replaced" in shown
    assert "=wrong sample" in shown
    twice = command_line(*arguments, "--ledger", "mine.sqlite", cwd=market)
    assert (twice.returncode, "was withdrawn on 2026-03-01" in twice.stderr) == (2, True)


def test_failures_are_told_each_time(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """A file that gives no record ends every run with exit code 1 and its reason, whoever read it."""
    place = tmp_path / "ledger.sqlite"
    runs = [command_line("read", fixtures / "bad", "--ledger", place) for _ in range(2)]
    assert [ran.returncode for ran in runs] == [1, 1]
    failed = [[line for line in ran.stderr.splitlines() if line.startswith("failed: ")] for ran in runs]
    assert failed[0] == failed[1] != []
