"""A few mutants at every run of the tests; ``python -m benchmarks.fuzz`` reads thousands."""

from __future__ import annotations

import pytest
from mutants import MUTATIONS, mutant, read_mutant

from kratom_quality import Certificate
from kratom_quality.errors import KratomQualityError, ReadingFailedError
from kratom_quality.reading.sandbox import Sandbox

_PER_TEST = 30


@pytest.fixture(scope="module")
def sandbox():
    child = Sandbox(read_mutant, 20.0)
    yield child
    child.close()


@pytest.mark.parametrize("first", range(0, 150, _PER_TEST))
def test_a_mutant_is_a_record_or_a_typed_error(sandbox, first: int) -> None:
    """Whatever is done to a file, what comes back is a record that validates or an error that is no defect of ours."""
    for number in range(first, first + _PER_TEST):
        try:
            assert Certificate.model_validate_json(sandbox((number, 7)))
        except ReadingFailedError as error:
            pytest.fail(f"mutant {number}, {mutant(number, 7)[0]}: {error}\n{''.join(error.__notes__)}")
        except KratomQualityError:
            continue


def test_a_mutant_is_made_again_from_its_number() -> None:
    """The same number gives the same bytes, and every way to mutate has its turn."""
    made = [mutant(number, 7) for number in range(60)]
    assert made == [mutant(number, 7) for number in range(60)]
    assert {step for how, _ in made for step in how.split(": ")[1].split(", ")} == {each.__name__ for each in MUTATIONS}
