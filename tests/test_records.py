"""Records check and never repair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from builders import certificate, leaf
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Document, Value, ValueState
from kratom_quality.values import parse_value


def test_a_number_belongs_to_a_measured_value_and_to_no_other() -> None:
    """Absence is never 0: a state without a measurement takes no number, and a measurement has one."""
    with pytest.raises(ValidationError, match="belongs to a measured value"):
        Value(state=ValueState.NOT_DETECTED, number=0.0, printed="ND")
    with pytest.raises(ValidationError, match="belongs to a measured value"):
        Value(state=ValueState.MEASURED, printed="1.2")


def test_records_are_frozen_and_take_nothing_else() -> None:
    """A record cannot be changed, and has no fields but its own."""
    value = parse_value("1.2", "%")
    with pytest.raises(ValidationError):
        value.number = 2.0  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Value(state=ValueState.ABSENT, printed="Absent", colour="green")  # type: ignore[call-arg]


@given(number=st.floats(0.001, 99.999).map(lambda number: round(number, 3)))
def test_a_converted_value_never_shows_the_old_number_in_the_new_unit(number: float) -> None:
    """'1.547 %' in mg/g reads '15.47 mg/g', whatever the page printed."""
    value = parse_value(str(number), "%").to("mg/g")
    assert value.number == pytest.approx(number * 10)
    assert float(str(value).split()[0]) == pytest.approx(number * 10)
    assert str(value).endswith(" mg/g")


def test_bounds_are_converted_like_numbers() -> None:
    """'<0.05 ppm' is '<50 ppb'."""
    assert str(parse_value("<0.05", "ppm").to("ppb")) == "<50 ppb"
    assert str(parse_value("<0.05", "ppm")) == "<0.05 ppm"


def test_a_value_without_a_unit_converts_into_none() -> None:
    """What unit a bare number has is not guessed."""
    with pytest.raises(UnitError, match="without a unit"):
        parse_value("3").to("%")


def test_a_missing_analyte_is_named() -> None:
    """Asking a certificate for a row it does not have says which file and which analyte."""
    certificate = Certificate(source=Document(path="a.pdf", sha256="0" * 64, pages=1, reader="pdfium"))
    assert "lead" not in certificate
    with pytest.raises(KeyError, match=r"a\.pdf has no row for 'lead'"):
        certificate["lead"]


def test_a_certificate_is_shown_in_a_few_lines() -> None:
    """Shown as text a certificate counts its rows, and leaves out what it does not say."""
    shown = certificate(leaf(alkaloids={"Mitragynine": "1.5"}))
    assert f"results=<{len(shown.results)} Result>" in repr(shown)
    assert "overall_status" not in repr(shown)
    assert "value=Value(state=<ValueState.MEASURED: 'measured'>, number=1.5, unit='%'" in repr(shown["mitragynine"])
