"""What changed between two looks at a market: told once, with where it can be seen, and never from noise."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kratom_quality as kq
from builders import ALKALOIDS, METALS, certificate, leaf
from conftest import CommandLine
from kratom_quality.batch import Failure
from kratom_quality.records import Dates, Document, Laboratory
from kratom_quality.tracking.comparison import probability_higher
from kratom_quality.tracking.rhythm import pause
from kratom_quality.tracking.settings import tracking_settings
from kratom_quality.tracking.state import Standing

FIRST = date(2025, 1, 6)
TODAY = date(2026, 1, 5)
Market = Mapping[str, Sequence[kq.Certificate]]


def paper(
    vendor: str, number: int, *, mitragynine: float | None = None, lead: float = 0.3, **header: object
) -> kq.Certificate:
    """A certificate of the batch of that number, four weeks after the one before."""
    wave = 1 + 0.05 * ((number * 7) % 5 - 2)
    own = 1 + (number + 100 * (ord(vendor[0]) % 7)) / 5e3  # digits that no other batch has
    alkaloids = {name: f"{float(amount) * wave * own:.4f}" for name, amount in ALKALOIDS.items()}
    if mitragynine:
        alkaloids["Mitragynine"] = f"{mitragynine:.4f}"
    day = (FIRST + timedelta(days=28 * number)).isoformat()
    metals = {name: f"{float(amount) * wave * own:.4f}" for name, amount in {**METALS, "Lead": f"{lead}"}.items()}
    fields: dict[str, object] = {"batch": f"{vendor[0].upper()}-{number:02d}", "dates": Dates(reported=day)} | header
    return certificate(leaf(alkaloids=alkaloids, metals=metals), vendor=vendor, **fields)  # type: ignore[arg-type]


def papers(vendor: str, count: int, first: int = 0) -> list[kq.Certificate]:
    return [paper(vendor, number) for number in range(first, first + count)]


def state(market: Market, today: date = TODAY, failures: Iterable[Failure] = ()) -> kq.MarketState:
    ranking = kq.score(dict(market), today=today)
    return kq.MarketState.of(ranking, market, today=today, failures=failures)


def changed(before: Market, after: Market, today: date = TODAY) -> tuple[kq.Alert, ...]:
    return kq.changes(state(before), state(after, today), after)


def kinds(alerts: Iterable[kq.Alert]) -> list[str]:
    return [alert.kind for alert in alerts]


OLD = {"acorn": papers("acorn", 12), "birch": papers("birch", 12)}


def test_nothing_changed_is_nothing_told() -> None:
    """The same certificates, in any order, a day later: no alert."""
    assert changed(OLD, {vendor: group[::-1] for vendor, group in reversed(OLD.items())}, date(2026, 1, 6)) == ()


def test_a_state_survives_being_kept() -> None:
    """JSON gives back the same state, so that what is compared is what was seen."""
    seen = state(OLD)
    assert kq.MarketState.model_validate_json(seen.model_dump_json()) == seen


def test_a_new_failure_is_grave_and_names_file_and_page() -> None:
    """A new certificate over a limit: one alert of high severity with its day, batch, file, page and printed row."""
    failing = paper("acorn", 12, lead=4.0)
    alerts = changed(OLD, {**OLD, "acorn": [*OLD["acorn"], failing]})
    grave = [alert for alert in alerts if alert.severity == "high"]
    assert [(alert.kind, alert.vendor, alert.date) for alert in grave] == [("new_failure", "acorn", date(2025, 12, 8))]
    assert "batch A-12: Lead" in grave[0].sentence
    (seen,) = grave[0].evidence
    assert (seen.file, seen.page) == ("acorn/A-12.pdf", 1)
    assert "Lead" in (seen.printed or "")
    assert alerts[0] == grave[0]


def test_a_known_certificate_that_fails_now_says_so() -> None:
    """A failure that comes of what a known certificate is held beside is told, and as what it is."""
    source = Document(path="birch/copy.pdf", sha256="c" * 64, pages=1, reader="pdfium")
    copied = OLD["birch"][0].model_copy(update={"source": source, "batch": "B-77", "sample_id": "another"})
    alerts = changed(OLD, {**OLD, "birch": [*OLD["birch"], copied]})
    known = [alert for alert in alerts if alert.kind == "new_failure" and alert.sentence.startswith("batch B-00")]
    assert known
    assert all("a known one" in alert.sentence for alert in known)


def test_a_failing_batch_without_a_grave_finding_is_told_with_its_reason() -> None:
    """What is likelier to fail than not counts, though its finding is of medium severity."""
    alerts = changed(OLD, {**OLD, "acorn": [*OLD["acorn"], paper("acorn", 12, lead=1.5)]})
    (failure,) = [alert for alert in alerts if alert.kind == "new_failure"]
    assert "Lead" in failure.sentence
    assert failure.evidence[0].page == 1


def test_vendors_and_certificates_come_and_go() -> None:
    """New, gone, replaced under the same name, withdrawn, unreadable now: each is told as what it is."""
    one, two, three, *rest = OLD["acorn"]
    other = paper("acorn", 0, mitragynine=1.9).model_copy(
        update={"source": one.source.model_copy(update={"sha256": "d" * 64})}
    )
    after = {"acorn": [other, *rest], "cedar": papers("cedar", 4)}
    unread = Failure(file=three.source.path or "", reason="it is empty", error="DamagedPdfError")
    alerts = kq.changes(state(OLD), state(after, failures=[unread]))
    told = {(alert.kind, alert.vendor): alert for alert in alerts}
    assert ("vendor_gone", "birch") in told
    assert ("vendor_new", "cedar") in told
    assert told["certificate_replaced", "acorn"].evidence[0].file == one.source.path
    gone = [alert.sentence for alert in alerts if alert.kind == "certificate_withdrawn"]
    assert [sentence.split("(")[0].strip() for sentence in gone] == [
        "the certificate of batch A-01 is gone, or was noted as withdrawn",
        "the file of batch A-02 can no more be read",
    ]
    assert two.source.path in {alert.evidence[0].file for alert in alerts if alert.kind == "certificate_withdrawn"}


def test_a_file_that_was_moved_is_no_change() -> None:
    """The same bytes at another place are the same certificate."""
    moved = [
        one.model_copy(update={"source": one.source.model_copy(update={"path": f"moved/{number}.pdf"})})
        for number, one in enumerate(OLD["acorn"])
    ]
    assert changed(OLD, {**OLD, "acorn": moved}) == ()


def test_a_laboratory_switch_is_told_with_both_names() -> None:
    """A laboratory the vendor had not used; one it had is no switch, nor is another spelling."""
    for name, expected in (("Copperline Testing", 1), ("Birchwater Analytical, LLC", 0)):
        new = paper("acorn", 12, laboratory=Laboratory(name=name, accreditation="ISO/IEC 17025:2017"))
        alerts = changed(OLD, {**OLD, "acorn": [*OLD["acorn"], new]})
        switches = [alert for alert in alerts if alert.kind == "laboratory_switch"]
        assert len(switches) == expected
        assert all(name in one.sentence and "Birchwater" in one.sentence for one in switches)


def test_a_score_that_fell_by_more_than_noise_is_told() -> None:
    """Six failing batches move the score; one more clean batch does not."""
    failing = [paper("acorn", number, lead=5.0) for number in range(12, 18)]
    assert "score_fell" in kinds(changed(OLD, {**OLD, "acorn": [*OLD["acorn"], *failing]}))
    clean = changed(OLD, {**OLD, "acorn": papers("acorn", 13)})
    assert not {"score_fell", "score_rose"} & set(kinds(clean))


def test_a_new_result_beyond_the_limits_is_told_once() -> None:
    """The signal is that of the new certificate; looked at again it is known."""
    odd = {**OLD, "acorn": [*OLD["acorn"], paper("acorn", 12, mitragynine=2.4)]}
    signals = [alert for alert in changed(OLD, odd) if alert.kind == "control_signal"]
    (signal,) = [alert for alert in signals if alert.analyte == "mitragynine"]
    assert "2.4 % in batch A-12: above the control limits" in signal.sentence
    assert signal.evidence[0].printed == "Mitragynine | 2.4000 | %"
    assert changed(odd, odd) == ()


def test_a_change_of_level_is_told_once_and_its_limits_start_anew() -> None:
    """When enough results lie on another level, the change is told with its days; later ones on it are nothing new."""
    raised = [paper("acorn", number, mitragynine=2.1 + number / 1000) for number in range(12, 20)]
    before, found = OLD, []
    for count in range(1, 9):
        after = {**OLD, "acorn": [*OLD["acorn"], *raised[:count]]}
        found.append([alert for alert in changed(before, after) if alert.kind == "change_point"])
        before = after
    told = [alert for alerts in found for alert in alerts if alert.analyte == "mitragynine"]
    assert len(told) == 1
    assert "median 1.591 before and 2.11" in told[0].sentence


def test_a_vendor_that_stopped_publishing_is_told_once_with_the_chance() -> None:
    """A pause that its own rhythm makes rare; the day before it was not yet, the day after it is known."""
    seen = state(OLD)
    looks = [seen.model_copy(update={"day": TODAY + timedelta(days=days)}) for days in range(300)]
    told = [kq.changes(one, two) for one, two in pairwise(looks)]
    (alerts,) = filter(None, told)
    pauses = [
        pause((one.issued for one in vendor.certificates if one.issued), looks[place].day)
        for vendor in seen.vendors.values()
        for place in (told.index(alerts), told.index(alerts) + 1)
    ]
    assert [one is not None and one.is_long for one in pauses] == [False, True, False, True]
    assert kinds(alerts) == ["stopped_publishing"] * 2
    assert "where one came every 28 days" in alerts[0].sentence


@given(st.lists(st.integers(1, 400), min_size=4, max_size=30), st.integers(0, 1000))
def test_the_chance_of_a_pause_is_that_of_the_next_exponential_gap(gaps: list[int], days: int) -> None:
    """(1 + t/S)^-n, which falls with the pause; 1 on the day of a certificate."""
    ends = [FIRST]
    for gap in gaps:
        ends.append(ends[-1] + timedelta(days=gap))
    found = pause(ends, ends[-1] + timedelta(days=days))
    assert found is not None
    assert found.chance == pytest.approx((1 + days / sum(gaps)) ** -len(gaps))
    assert pause(ends[:4], TODAY) is None


def test_judging_otherwise_is_told() -> None:
    """Another standard may make findings come and go; that is said before them."""
    ranking = kq.score(OLD, standard="kcpa-2pct", today=TODAY)
    other = kq.MarketState.of(ranking, OLD, today=TODAY)
    assert "judged_differently" in kinds(kq.changes(state(OLD), other))


@given(st.tuples(st.floats(1, 99), st.floats(0, 10), st.floats(0, 10)), st.floats(-30, 30))
def test_the_probability_of_a_move_is_one_half_without_one(scores: tuple[float, float, float], move: float) -> None:
    """It rises with the move, and a move up is as sure as the same move down turned round."""
    middle, down, up = scores

    def standing(at: float, below: float, above: float) -> Standing:
        return Standing(rank=1, grade="A", reputability=at, low=at - below - 0.1, high=at + above + 0.1)

    still, moved = standing(middle, down, up), standing(middle + move, down, up)
    assert probability_higher(still, still) == pytest.approx(0.5, abs=0.01)
    assert (probability_higher(moved, still) - 0.5) * move >= -0.01 * abs(move)
    assert probability_higher(moved, still) + probability_higher(still, moved) == pytest.approx(1, abs=0.02)


@given(st.permutations(["acorn", "birch", "cedar"]), st.randoms(use_true_random=False))
def test_alerts_do_not_depend_on_any_order(names: list[str], random: object) -> None:
    """The same two states give the same alerts, sorted by severity."""
    shuffled = {}
    for name in names:
        shuffled[name] = list(NEW[name])
        random.shuffle(shuffled[name])  # type: ignore[attr-defined]
    assert kq.changes(BEFORE, AFTER, shuffled) == kq.changes(BEFORE, AFTER, NEW)


BEFORE = state(OLD)
NEW = {"acorn": [*OLD["acorn"], paper("acorn", 12, lead=4.0)], "cedar": papers("cedar", 3), "birch": OLD["birch"]}
AFTER = state(NEW)


def test_every_kind_of_alert_has_a_severity_and_is_described() -> None:
    """What the code tells is what the settings know, and what the reference lists."""
    root = Path(__file__).parent.parent
    known = set(tracking_settings().alerts)
    code = "".join(file.read_text(encoding="utf-8") for file in (root / "src/kratom_quality/tracking").glob("*.py"))
    page = (root / "docs/reference/alerts.md").read_text(encoding="utf-8")
    assert {kind for kind in known if f'"{kind}"' in code} == known
    assert {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")} >= known


# The command


@pytest.fixture
def folder(fixtures: Path, tmp_path: Path) -> Path:
    """Two vendors, of whom certificates are still to come."""
    for vendor in ("crimson-walrus-imports", "blue-heron-botanicals"):
        shutil.copytree(fixtures / "certificates" / vendor, tmp_path / "certificates" / vendor)
    (tmp_path / "later").mkdir()
    for name in ("cw-0163.pdf", "cw-0168.pdf"):
        shutil.move(tmp_path / "certificates" / "crimson-walrus-imports" / name, tmp_path / "later" / name)
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_watch_tells_what_changed_once(command_line: CommandLine, folder: Path) -> None:
    """First look, nothing, a failure with exit code 3 in a table of 80 columns, nothing again."""
    pytest.importorskip("sqlalchemy", reason="the extra 'ledger' is not installed")
    watch = ["watch", "certificates", "--ledger", "ledger.sqlite", "--today", "2026-11-22"]
    first = command_line(*watch, cwd=folder)
    assert (first.returncode, first.stdout) == (0, "first look: 13 certificates of 2 vendors are noted\n")
    assert command_line(*watch, cwd=folder).stdout == "nothing changed since 2026-11-22\n"
    for file in (folder / "later").iterdir():
        shutil.copy(file, folder / "certificates" / "crimson-walrus-imports")
    ran = command_line(*watch, "--csv", "alerts.csv", "--out", "out", cwd=folder)
    assert ran.returncode == 3, ran.stderr
    assert "batch CW-0163: Lead 1.914 ug/g" in " ".join(ran.stdout.split())
    assert max(map(len, ran.stdout.splitlines())) <= 80
    assert "no verdict" in ran.stdout
    written = rows(folder / "alerts.csv")
    assert (written[0]["severity"], written[0]["kind"], written[0]["page"]) == ("high", "new_failure", "1")
    assert rows(folder / "out" / "alerts.csv") == written
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "What changed since" in page
    assert "batch CW-0163: Lead 1.914 ug/g" in page
    again = command_line(*watch, "--json", cwd=folder)
    assert again.returncode == 0
    assert json.loads(again.stdout)["alerts"] == []
    assert json.loads(again.stdout)["since"] == "2026-11-22"


def test_a_run_that_could_not_write_is_not_counted_as_seen(command_line: CommandLine, folder: Path) -> None:
    """What was not written out is told by the next run."""
    pytest.importorskip("sqlalchemy", reason="the extra 'ledger' is not installed")
    watch = ["watch", "certificates", "--ledger", "ledger.sqlite", "--today", "2026-11-22"]
    command_line(*watch, cwd=folder)
    shutil.copy(folder / "later" / "cw-0163.pdf", folder / "certificates" / "crimson-walrus-imports")
    (folder / "taken").write_text("a file", encoding="utf-8")
    assert command_line(*watch, "--csv", "taken/alerts.csv", cwd=folder).returncode == 2
    assert command_line(*watch, cwd=folder).returncode == 3
