"""From bytes to findings: planted faults are found, what nearly is one is not, and the clean are left in peace."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from benchmarks.cases import CASES
from benchmarks.checks import Market, plant_clean, plant_faults

from builders import TODAY
from conftest import FIXTURES
from kratom_quality import Finding, assign_vendors, check, read_folder

# What is known to be missed, with the reason; everything else must be found.
MISSED = {
    "five batches within 0.6 %": "five batches are too few to tell it from a careful laboratory, one chance in 100",
}


@pytest.fixture(scope="module")
def market_findings() -> dict[str, list[Finding]]:
    """Return what is found in the fixtures' market, by vendor."""
    folder = FIXTURES / "certificates"
    vendors = assign_vendors(folder, read_folder(folder).certificates)
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in check(vendors, claims=FIXTURES / "claims.csv", today=TODAY):
        found[finding.vendor or ""].append(finding)
    return found


def test_every_planted_fault_of_the_market_is_found(market_findings: dict[str, list[Finding]]) -> None:
    """Each fault is found on its certificate, with its kind and analyte."""
    planted = tomllib.loads((FIXTURES / "planted.toml").read_text(encoding="utf-8"))["planted"]
    assert len(planted) > 40
    for fault in planted:
        file, analyte = Path(fault["file"]).name, fault.get("analyte")
        kinds = [
            finding.kind
            for finding in market_findings[fault["vendor"]]
            if finding.file and Path(finding.file).name == file and analyte in (None, finding.analyte)
        ]
        assert fault["kind"] in kinds, fault


@pytest.mark.parametrize("vendor", ["blue-heron-botanicals", "juniper-trail-trading"])
def test_the_good_vendors_of_the_market_have_nothing_of_weight(
    market_findings: dict[str, list[Finding]], vendor: str
) -> None:
    """Fifteen spotless certificates of six laboratories give no finding of severity high or medium."""
    assert [item for item in market_findings[vendor] if item.severity in ("high", "medium")] == []


@pytest.fixture(scope="module")
def planted_findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """Return what is found in one planting of every case and fifty clean certificates."""
    market = Market(tmp_path_factory.mktemp("planted"))
    plant_faults(market, repeat=1, seed=7)
    plant_clean(market, count=50, seed=7)
    return market.findings()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{case.kind}: {case.words}" for case in CASES])
def test_a_fault_is_found_and_what_nearly_has_it_is_not(
    planted_findings: dict[str, list[Finding]], number: int
) -> None:
    """Every variant, printed by some laboratory and read from its PDF."""
    case = CASES[number]
    kinds = {finding.kind for finding in planted_findings.get(f"{number:03d}-00", [])}
    assert (case.kind in kinds) is not (case.near or case.words in MISSED)


def test_at_most_one_of_fifty_clean_certificates_is_gravely_blamed(planted_findings: dict[str, list[Finding]]) -> None:
    """Of severity high there is at most one finding in fifty."""
    clean = [item for vendor, group in planted_findings.items() if vendor.startswith("clean-") for item in group]
    assert len([finding for finding in clean if finding.severity == "high"]) <= 1
