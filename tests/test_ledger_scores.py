"""Scores from a ledger: those of the folder, of a day, and only what changed examined anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from builders import TODAY, clean_batches, failing_batch, some_batches
from kratom_quality.checks import make_context
from kratom_quality.cli import app
from kratom_quality.ledger import Ledger
from kratom_quality.scoring import Ranking, score, score_kept

FIXTURES = Path(__file__).parent.parent / "fixtures" / "certificates"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def text(ranking: Ranking) -> list[str]:
    """Everything a ranking says."""
    return [one.model_dump_json() for one in ranking]


def test_a_ledgers_scores_are_those_of_its_certificates(ledger: Ledger) -> None:
    """To the last bit, also with a certificate more and on another day."""
    groups = {"acorn": some_batches(3, 1), "bramble": some_batches(4, 0, "bramble")}
    ledger.keep_certificates(groups)
    for day in (TODAY, TODAY + timedelta(days=40)):
        kept = dict.fromkeys(groups) | {name: list(ledger.certificates(name)) for name in groups}
        assert text(score_kept(ledger.market(), make_context(today=day))) == text(score(kept, today=day))
        ledger.keep_certificates({"bramble": [failing_batch("bramble", 9)]})


def test_a_withdrawn_certificate_counts_no_more(ledger: Ledger) -> None:
    """From the day of its withdrawal on; before it, it counts."""
    foul = failing_batch("acorn", 5)
    ledger.keep_certificates({"acorn": [*clean_batches("acorn", 3), foul]})
    ledger.withdraw(foul.source.sha256, "reissued", day=TODAY)
    assert score_kept(ledger.market(), make_context(today=TODAY))["acorn"].failures == 0
    before = TODAY - timedelta(days=1)
    assert score_kept(ledger.market(as_of=before), make_context(today=before))["acorn"].failures == 1


def test_scores_are_kept_with_findings_or_without(ledger: Ledger) -> None:
    """Findings can be had again from what was examined, so that a daily score need not keep them."""
    ledger.keep_certificates({"acorn": some_batches(3, 1)})
    context = make_context(today=TODAY)
    ranking = score_kept(ledger.market(), context)
    for findings in (True, False):
        ledger.keep_scores(ranking, context, findings=findings)
    assert list(ledger.scores()["rank"]) == [1, 1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two vendors of the fixtures, and a file that is no certificate."""
    folder = tmp_path_factory.mktemp("folder")
    for vendor in sorted(FIXTURES.iterdir())[:2]:
        shutil.copytree(vendor, folder / vendor.name)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "kratom-quality.toml").write_text('[laboratories]\n"One Laboratory" = ["Another"]\n')
    return folder


def run(*arguments: object) -> tuple[str, str, int]:
    """Run a command; return what it prints, what it says besides, and its code."""
    ran = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return ran.stdout, ran.stderr, ran.exit_code


def test_commands_say_the_same_with_a_ledger(folder: Path, tmp_path: Path) -> None:
    """The first time, when everything is read, and the second, when nothing is."""
    vendor, ledger = sorted(FIXTURES.iterdir())[0].name, ("--ledger", tmp_path / "ledger.sqlite")
    for command in (("score", folder), ("check", folder), ("explain", folder, vendor), ("score", folder, "--json")):
        plain, closing, code = run(*command, "--today", "2026-11-22")
        for held in ("0 of", "held") if command == ("score", folder) else ("held",):
            printed, said, kept_code = run(*command, "--today", "2026-11-22", *ledger)
            assert printed == plain
            assert kept_code == code == 1
            assert held in said
            assert set(closing.splitlines()) <= set(said.splitlines())


def test_a_ledger_alone_is_scored_as_of_a_day(folder: Path, tmp_path: Path) -> None:
    """Without a folder, by the certificates there were on that day, which is the day of judgement."""
    ledger = tmp_path / "ledger.sqlite"
    run("score", folder, "--ledger", ledger)
    _, _, code = run("score", "--ledger", ledger, "--as-of", "2026-11-01")
    assert code == 0
    with Ledger.open(ledger) as opened:
        assert date(2026, 11, 1) in {day.date() for day in opened.scores()["date"]}


def test_without_folder_and_ledger_there_is_nothing_to_score() -> None:
    """The message says what to name."""
    printed, said, code = run("score")
    assert code == 2
    assert "--ledger" in printed + said
