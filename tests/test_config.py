"""``kratom-quality.toml``: a folder is scored again with no flags, and a mistake in it is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from builders import certificate
from conftest import CommandLine
from kratom_quality.claims import Claims
from kratom_quality.config import FILE_NAME, FolderSettings
from kratom_quality.errors import DataFileError
from kratom_quality.records import Laboratory


def settings(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path: Path, fixtures: Path) -> Path:
    """Make a folder of two vendors with their claims and settings."""
    for vendor in ("blue-heron-botanicals", "juniper-trail-trading"):
        shutil.copytree(fixtures / "certificates" / vendor, tmp_path / vendor)
    lines = (fixtures / "claims.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.startswith(("vendor,", "blue-heron", "juniper"))]
    (tmp_path / "claims.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    text = 'standard = "kcpa-2pct"\nclaims = "claims.csv"\ngrams_per_day = 4\n'
    settings(tmp_path, f'{text}[vendors]\n"Blue Heron" = ["blue-heron-botanicals"]\n')
    return tmp_path


def test_a_folder_is_scored_without_flags_and_flags_win(command_line: CommandLine, folder: Path) -> None:
    """Standard, grams, claims and names come from the file, which is named; what a flag says is taken instead."""
    ran = command_line("score", folder, "--json", "--today", "2026-11-22")
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert sorted(score["vendor"] for score in said["vendors"]) == ["Blue Heron", "juniper-trail-trading"]
    assert all(score["claims_compared"] for score in said["vendors"])
    assert "'kcpa-2pct'" in said["basis"]
    assert "with 4 g" in said["basis"]
    assert f"settings: {folder / FILE_NAME}" in ran.stderr
    flagged = command_line("check", folder, "--json", "--standard", "fda-irl", "--grams-per-day", "2")
    basis = json.loads(flagged.stdout)["basis"]
    assert "'fda-irl'" in basis
    assert "at 2 g of product a day" in basis


def test_settings_of_a_folder_hold_below_it(tmp_path: Path) -> None:
    """The nearest file above a folder or a certificate is the one that counts; a folder without has none."""
    below = tmp_path / "market" / "vendor"
    below.mkdir(parents=True)
    assert FolderSettings.find(below) is None
    outer = settings(tmp_path, "")
    inner = settings(tmp_path / "market", "")
    assert FolderSettings.find(below / "batch.pdf") == inner
    assert FolderSettings.find(tmp_path) == outer


def test_paths_stand_relative_to_the_file(tmp_path: Path) -> None:
    """A settings file can be moved with what it names; a standard of the package is a name and no path."""
    text = 'claims = "a/claims.csv"\nvocabulary = ["b.toml"]\nstandard = "own.toml"\n'
    loaded = FolderSettings.load(settings(tmp_path, text))
    assert loaded.claims == tmp_path / "a" / "claims.csv"
    assert loaded.vocabulary == (tmp_path / "b.toml",)
    assert loaded.standard == str(tmp_path / "own.toml")
    assert FolderSettings.load(settings(tmp_path, 'standard = "consumer"')).standard == "consumer"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('claim = "claims.csv"', "claim: is no key we know; did you mean 'claims'"),
        ("colour = 1", "colour: is no key we know; the keys are standard, claims"),
        ('grams_per_day = "many"', "grams_per_day: "),
        ("grams_per_day = 0", "grams_per_day: "),
        ('vendors = "Acorn"', "vendors: "),
        ('[vendors]\nAcorn = ["x"]\nBeech = ["X."]', "'X.' stands for 'Acorn' and for 'Beech'"),
        ("claims", "is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, text: str, complaint: str) -> None:
    """The error names file and key, and near keys where one is not known."""
    with pytest.raises(DataFileError, match=FILE_NAME) as caught:
        FolderSettings.load(settings(tmp_path, text))
    assert complaint in str(caught.value)


def test_a_mistake_in_the_settings_ends_the_command(command_line: CommandLine, folder: Path) -> None:
    """A wrong key is a message and exit code 2, and a path that is not there is named."""
    settings(folder, "gram_per_day = 3")
    wrong = command_line("score", folder)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "gram_per_day: is no key we know; did you mean 'grams_per_day'?" in wrong.stderr
    settings(folder, 'claims = "nowhere.csv"')
    missing = command_line("score", folder)
    assert missing.returncode == 2
    assert "nowhere.csv: cannot be read" in missing.stderr


def test_two_settings_at_once_are_refused(command_line: CommandLine, folder: Path) -> None:
    """Paths under different settings are read with none of them, unless one is named."""
    settings(folder / "blue-heron-botanicals", "")
    ran = command_line("read", folder / "blue-heron-botanicals", folder / "juniper-trail-trading")
    assert (ran.returncode, "--config" in ran.stderr) == (2, True)


def test_names_of_one_vendor_and_one_laboratory_are_brought_together(tmp_path: Path) -> None:
    """Case and punctuation do not matter; groups of one vendor become one, and the claims follow."""
    text = '[vendors]\nAcorn = ["Acorn LLC", "ACORN (old)"]\n[laboratories]\nNorthlight = ["Northlight Labs"]\n'
    names = FolderSettings.load(settings(tmp_path, text))
    read = certificate(laboratory=Laboratory(name="northlight labs."))
    other = certificate(laboratory=Laboratory(name="Southlight"))
    renamed = names.rename({"acorn llc": [read], "Beech": [other], "Acorn Old": [read]})
    assert list(renamed) == ["Acorn", "Beech"]
    assert [one.laboratory.name for one in renamed["Acorn"]] == ["Northlight", "Northlight"]
    assert renamed["Beech"] == [other]
    (tmp_path / "claims.csv").write_text(
        "vendor,product,batch,analyte,claimed_value,unit\nAcorn LLC,,,lead,1,ppm\n", encoding="utf-8"
    )
    assert names.rename_claims(Claims.load(tmp_path / "claims.csv"))[0].vendor == "Acorn"
