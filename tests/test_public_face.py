"""What ``import kratom_quality`` offers, and that it costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import kratom_quality

HEAVY = frozenset({"matplotlib", "numpy", "pandas", "pdfplumber", "pydantic", "pypdfium2", "rapidfuzz", "scipy"})


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    return set(ran.stdout.split())


def best_seconds(*arguments: str) -> float:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        return time.perf_counter() - started

    return min(once() for _ in range(5))


@pytest.mark.parametrize("name", [name for name in kratom_quality.__all__ if name != "__version__"])
def test_every_public_name_exists(name: str) -> None:
    """Each name in ``__all__`` can be imported and has a docstring of its own."""
    public = getattr(kratom_quality, name)
    assert public.__doc__, f"{name} has no docstring"


def test_all_is_sorted_and_complete() -> None:
    """``__all__`` and ``dir`` agree, without a name twice."""
    assert sorted(set(kratom_quality.__all__)) == sorted(kratom_quality.__all__)
    assert set(kratom_quality.__all__) <= set(dir(kratom_quality))


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there fails as on any module."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        kratom_quality.nonsense  # noqa: B018


@pytest.mark.parametrize(
    "statement",
    [
        "import kratom_quality",
        "import kratom_quality.cli",
        "from typer.testing import CliRunner; from kratom_quality.cli import app; CliRunner().invoke(app, ['--help'])",
    ],
)
def test_importing_does_no_work(statement: str) -> None:
    """Importing the package, or asking for help, loads no heavy library and warns of nothing."""
    assert not modules_after(statement).intersection(HEAVY)


def test_help_answers_at_once() -> None:
    """``--help`` takes less than twice what the library behind the command line takes to load."""
    assert best_seconds("-m", "kratom_quality", "--help") < 2 * best_seconds("-c", "import typer")
