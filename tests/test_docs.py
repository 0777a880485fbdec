"""The documentation is true: its blocks run, print what it says they print, and its pages build without a warning."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import CommandLine
from kratom_quality.checks.settings import check_settings
from kratom_quality.cli.watching import GRAVE_CHANGES

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    language: str
    title: str | None
    text: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(*found.groups()) for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]


RUNNABLE = [page for page in PAGES if {block.language for block in blocks_of(page)} & {"sh", "python"}]


@pytest.fixture
def folder(tmp_path: Path, fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder that holds what the pages speak of, and stand in it."""
    shutil.copytree(fixtures / "certificates", tmp_path / "certificates")
    shutil.copy(fixtures / "claims.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())
def test_blocks_run_and_print_what_the_page_says(page: Path, folder: Path, command_line: CommandLine) -> None:
    """Titled blocks are files, Python and ``kratom-quality`` are run, ``text`` is what they print."""
    names: dict[str, object] = {"__name__": "page"}
    printed, said = "", ""
    for block in blocks_of(page):
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            stream = io.StringIO()
            with redirect_stdout(stream):
                exec(compile(block.text, page.name, "exec"), names)
            printed, said = stream.getvalue(), ""
        elif block.language == "sh":
            printed, said = run(block.text, folder, command_line)
        elif block.language == "text":
            assert_in_order(block.text, printed + said, page)


def run(script: str, folder: Path, command_line: CommandLine) -> tuple[str, str]:
    """Run the lines that begin with the command; return what they print and what they say on standard error."""
    printed, said = "", ""
    for line in script.splitlines():
        if line.startswith("kratom-quality "):
            ran = command_line(*shlex.split(line)[1:], cwd=folder)
            assert ran.returncode in (0, GRAVE_CHANGES) or "Error: " in ran.stderr, f"{line}: {ran.stderr}"
            printed, said = printed + ran.stdout, said + ran.stderr
    return printed, said


def assert_in_order(expected: str, output: str, page: Path) -> None:
    lines = iter(line.strip() for line in output.splitlines())
    for line in expected.splitlines():
        if line.strip() not in ("", "..."):
            assert any(line.strip() in found for found in lines), f"{page}: not printed: {line}\n\n{output}"


def test_every_kind_of_finding_is_described() -> None:
    """The list of kinds is the one the checks have."""
    page = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(check_settings().kinds)


@pytest.mark.skipif(find_spec("mkdocstrings") is None, reason="needs the extra 'docs'")
def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    """Links, anchors and the docstrings of the reference are whole, and every page is in the menu."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path / "site"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert len(list((tmp_path / "site").rglob("index.html"))) == len(PAGES)
