"""A Dask cluster reads like our own processes do, and a worker that is killed costs nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import CommandLine
from kratom_quality import ExecutorError, MissingExtraError, read_to
from kratom_quality.batch import cluster as door
from kratom_quality.batch.cluster import connected

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """Start a scheduler and two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, processes=True, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def files(fixtures: Path) -> Path:
    return fixtures / "certificates" / "gilded-ostrich-supply"


@pytest.fixture(scope="module")
def undisturbed(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read the files in our own processes."""
    out = tmp_path_factory.mktemp("undisturbed")
    read_to(out, [files], ocr=False)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_command_reads_on_a_cluster(
    cluster: object, files: Path, undisturbed: Path, tmp_path: Path, command_line: CommandLine
) -> None:
    """``read --dask ADDRESS`` leaves what a run in our own processes does, byte for byte."""
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    ran = command_line("read", files, "--no-ocr", "--dask", address, "--out", tmp_path / "out")
    assert (ran.returncode, ran.stderr) == (0, "8 files: 8 read, 0 of them without results; 0 failed\n")
    assert contents(tmp_path / "out") == contents(undisturbed)


def test_a_killed_worker_costs_nothing(cluster: object, files: Path, undisturbed: Path, tmp_path: Path) -> None:
    """A worker killed half-way: nothing is lost, nothing comes twice, nothing is another."""
    done: list[int] = []

    def kill_half_way(count: int, _total: int, _file: object) -> None:
        done.append(count)
        if count == 3:
            nanny = cluster.workers[0]  # type: ignore[attr-defined]
            os.kill(nanny.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    with connected(cluster.scheduler_address) as (executor, under_way):  # type: ignore[attr-defined]
        assert under_way == 8
        kept = read_to(tmp_path / "out", [files], ocr=False, jobs=4, progress=kill_half_way, executor=executor)
    assert done == list(range(1, 9))
    assert (kept.read, kept.failed) == (8, 0)
    assert contents(tmp_path / "out") == contents(undisturbed)


def test_no_scheduler_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, the error names the address."""
    monkeypatch.setattr(door, "_SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(ExecutorError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        connected("tcp://127.0.0.1:9").__enter__()


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where distributed is not installed, the extra that brings it is named."""
    monkeypatch.setattr(door, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"kratom-quality\[dask\]"), connected("tcp://127.0.0.1:9"):
        pass


def test_a_cluster_without_workers_is_an_error() -> None:
    """A scheduler that has nobody to read is told, and not waited for."""
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=50) as empty,
        pytest.raises(ExecutorError, match="no workers"),
        connected(empty.scheduler_address),
    ):
        pass
