"""What is read into a folder is the same whatever is killed on the way, and memory stays flat however long it takes."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("psutil")
from benchmarks.chaos import disturb
from benchmarks.soak import soak
from benchmarks.varied import contents, write_varied

from kratom_quality import read_to


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_varied(tmp_path_factory.mktemp("files"), 40)


@pytest.mark.skipif(sys.platform == "win32", reason="there a killed reader looks like one that ended")
def test_kills_change_nothing(files: Path, tmp_path: Path) -> None:
    """The command and its readers are killed at random moments; what is left in the end is the same, byte for byte."""
    read_to(tmp_path / "undisturbed", [files], ocr=False)
    killed = []
    for what in disturb(files, tmp_path / "out", kills=5, longest=3.0, random=Random(6)):
        killed.append(what)
        if what == "done":
            assert contents(tmp_path / "out") == contents(tmp_path / "undisturbed")
    assert {"command", "reader"} < set(killed)


def test_memory_stays_flat(files: Path) -> None:
    """Neither the process that reads a folder nor its readers grow with what they have read."""
    growth = soak(files, 40, jobs=1)
    assert growth.parent < 15
    assert growth.readers < 15
