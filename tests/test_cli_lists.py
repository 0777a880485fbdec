"""The commands that show standards and vocabulary, and what all commands have in common."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CommandLine
from kratom_quality.standards import Standard

COMMANDS = ("read", "inspect", "score", "check", "explain", "history", "withdraw", "standards", "vocabulary")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples(command_line: CommandLine, command: str) -> None:
    """Each command's help ends with examples of itself, and the overview names the exit codes."""
    ran = command_line(command, "--help")
    assert ran.returncode == 0
    _, examples = ran.stdout.split("Examples:")
    assert f"kratom-quality {command}" in examples
    overview = command_line("--help").stdout
    assert command in overview
    assert "Exit codes:" in overview


def test_standards_are_listed_with_their_titles(command_line: CommandLine) -> None:
    """Every standard of the package has a line within 80 columns."""
    ran = command_line("standards")
    lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == list(Standard.names())
    assert max(map(len, lines)) <= 80


def test_a_standard_is_shown_with_limits_citations_and_certainty(command_line: CommandLine) -> None:
    """Each limit stands with its authority and how well that is established."""
    said = command_line("standards", "utah-r70-580").stdout
    assert max(map(len, said.splitlines())) <= 80
    for words in ("Lead*", "below 1.2 mg/kg", "primary copy", "R70-580-5(1)(c)"):
        assert words in said
    ((_, shown),) = json.loads(command_line("standards", "utah-r70-580", "--json").stdout).items()
    assert Standard.model_validate(shown) == Standard.load("utah-r70-580")
    unknown = command_line("standards", "utah")
    assert (unknown.returncode, "utah-r70-580" in unknown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("7-OH Mitragynine", 0, "7-Hydroxymitragynine (7_hydroxymitragynine), alkaloids"),
        ("As", 0, "As in the panel heavy_metals: Arsenic (arsenic)"),
        ("Lead by ICP-MS", 0, "Lead (lead)"),
        ("Mitragyinne", 1, "on a page read by OCR it is taken for Mitragynine"),
        ("unobtainium", 1, "unobtainium: not known"),
    ],
)
def test_a_printed_name_is_looked_up(command_line: CommandLine, name: str, code: int, said: str) -> None:
    """A name stands for what a row of that name would be read as; one that is not known ends with exit code 1."""
    ran = command_line("vocabulary", name)
    assert (ran.returncode, said in ran.stdout) == (code, True), ran.stdout


def test_what_a_file_adds_is_shown_alone(command_line: CommandLine, tmp_path: Path) -> None:
    """New analytes, and new names of known ones, without those the package knows."""
    own = tmp_path / "own.toml"
    new = '[[analyte]]\nid = "unobtainium"\nname = "Unobtainium"\npanel = "heavy_metals"\n'
    own.write_text(f'{new}[[analyte]]\nid = "lead"\nnames = ["Saturnus"]\n', encoding="utf-8")
    analytes = json.loads(command_line("vocabulary", "--vocabulary", own, "--json").stdout)["analytes"]
    assert [(analyte["id"], analyte["names"]) for analyte in analytes] == [("lead", ["Saturnus"]), ("unobtainium", [])]
    assert "2 analytes that are new or have new names" in command_line("vocabulary", "--vocabulary", own).stdout
    assert "Lead (lead)" in command_line("vocabulary", "saturnus", "--vocabulary", own).stdout


def test_a_panel_is_listed_alone(command_line: CommandLine) -> None:
    """``--panel`` keeps the analytes of one panel; a wrong one is a mistake with the known ones."""
    analytes = json.loads(command_line("vocabulary", "--panel", "heavy_metals", "--json").stdout)["analytes"]
    assert {"lead", "arsenic"} <= {analyte["id"] for analyte in analytes}
    assert {analyte["panel"] for analyte in analytes} == {"heavy_metals"}
    wrong = command_line("vocabulary", "--panel", "metals")
    assert (wrong.returncode, "heavy_metals" in wrong.stderr) == (2, True)


def test_read_check_and_explain_speak_json(command_line: CommandLine, fixtures: Path) -> None:
    """``--json`` prints one object and nothing else on standard output; failures are in it."""
    read = command_line("read", fixtures / "bad" / "empty.pdf", fixtures / "layouts" / "classic_grid.pdf", "--json")
    said = json.loads(read.stdout)
    assert (read.returncode, len(said["certificates"]), len(said["failures"])) == (1, 1, 1)
    folder = fixtures / "certificates" / "crimson-walrus-imports"
    findings = json.loads(command_line("check", folder, "--json", "--today", "2026-11-22").stdout)["findings"]
    assert {"over_limit", "pathogen_present"} <= {finding["kind"] for finding in findings}
    (vendor,) = {finding["vendor"] for finding in findings}
    explained = json.loads(command_line("explain", folder, vendor, "--json", "--today", "2026-11-22").stdout)
    assert explained["vendor"]["vendor"] == vendor
    assert explained["explanation"][0].startswith(vendor)


def test_a_vendor_of_the_claims_without_certificates_is_named(
    command_line: CommandLine, fixtures: Path, tmp_path: Path
) -> None:
    """A misspelt vendor is told on standard error with the nearest name, and is a finding of the check."""
    claims = tmp_path / "claims.csv"
    lines = "vendor,product,batch,analyte,claimed_value,unit\ncrimson walrus import,,,mitragynine,1.5,%\n"
    claims.write_text(lines, encoding="utf-8")
    folder = tmp_path / "market"
    folder.mkdir()
    vendor = fixtures / "certificates" / "crimson-walrus-imports"
    (folder / vendor.name).symlink_to(vendor)
    ran = command_line("check", folder, "--claims", claims, "--json")
    assert "no certificate is of the vendor named on line 2; is 'crimson-walrus-imports' meant?" in ran.stderr
    unknown = [
        finding for finding in json.loads(ran.stdout)["findings"] if finding["vendor"] == "crimson walrus import"
    ]
    assert [finding["kind"] for finding in unknown] == ["claim_unanswered"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_commands_and_standards(shell: str) -> None:
    """A shell is offered the commands and the names of standards."""
    assert "standards" in completed(shell, "kratom-quality stan")
    assert "utah-r70-580" in completed(shell, "kratom-quality standards utah")


def completed(shell: str, line: str) -> str:
    variables = {
        "_KRATOM_QUALITY_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    code = "import sys; sys.argv = ['kratom-quality']; from kratom_quality.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment).stdout


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_an_interrupt_ends_without_a_traceback(fixtures: Path, tmp_path: Path) -> None:
    """Ctrl-C stops the reading with one word, and no file is half written."""
    command = [
        sys.executable,
        "-m",
        "kratom_quality",
        "read",
        fixtures / "certificates",
        "--jsonl",
        tmp_path / "r.jsonl",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(1.0)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    code = running.returncode  # Python ends itself by the signal where it came while a string was being executed
    assert (128 - code if code < 0 else code) == 130, "a shell must see an interrupt"
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
