"""A ledger is fast enough to be asked every day."""

from __future__ import annotations

from benchmarks import ledger as benchmark


def test_a_thousand_certificates_are_added_and_told_from_a_new_one_at_once(ledger_url: str) -> None:
    """Ten milliseconds a certificate to add, one to know it again: far from what is measured on an idle machine."""
    times = benchmark.main(1000, ledger_url)
    assert times["add"] - times["make"] < 10
    assert times["find"] < 1
