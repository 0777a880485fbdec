"""The short form of the benchmark of scale: every way to read a folder gives the same records."""

from __future__ import annotations

import pytest

pytest.importorskip("distributed")
from benchmarks.scale import ways


def test_all_ways_to_read_give_the_same_records() -> None:
    """Processes of ours, of an executor and of a cluster, an archive, and a stop half-way: identical records."""
    assert ways(30) == 0
