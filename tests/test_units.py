"""Units: printed spellings, finding them in headers, converting."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kratom_quality.errors import DataFileError, UnitError
from kratom_quality.units import _Row, _Table, canonical_unit, convert, find_unit, is_count, normalise_unit

MASS_FRACTIONS = ["%", "mg/g", "mg/kg", "ug/g", "ug/kg", "ng/g", "ppm", "ppb"]
NUMBERS = st.floats(min_value=1e-9, max_value=1e9)


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        ("\u00b5g/g", "ug/g"),
        ("\u03bcg/g", "ug/g"),
        ("\uf06dg/g", "ug/g"),
        ("mcg/g", "ug/g"),
        ("PPM", "ppm"),
        ("PPM (ug/g)", "ug/g"),
        ("% w/w", "%"),
        ("% (w/w)", "%"),
        ("% (w/v)", "% w/v"),
        ("wt%", "%"),
        ("weight %", "%"),
        ("percent", "%"),
        ("mg/ml", "mg/mL"),
        ("mg per package", "mg/package"),
        ("mg/cap", "mg/capsule"),
        ("IU/sg", "IU/softgel"),
        ("cfu/gram", "CFU/g"),
        ("(cfu/g)", "CFU/g"),
        ("cfu/10 g", "CFU/10 g"),
        ("a_w", "aw"),
        ("%, #/3g", "%, #/3 g"),
        ("℃", "°C"),
    ],
)
def test_each_printed_spelling_has_one_canonical_spelling(printed: str, canonical: str) -> None:
    """A unit is the same unit however a laboratory spells it, and its canonical spelling is a spelling of itself."""
    assert normalise_unit(printed) == canonical
    assert normalise_unit(canonical) == canonical


@pytest.mark.parametrize(
    "text", ["", "per", "copper", "%RSD", "mg/g (%)", "mg/g (dry)", "Total", "g of leaf", "CFU/1.0 kg"]
)
def test_what_is_no_unit_is_none(text: str) -> None:
    """Words, qualified units and two units at once are not taken for one unit."""
    assert normalise_unit(text) is None


@pytest.mark.parametrize(
    ("header", "printed"),
    [
        ("Result (mg/g)", "mg/g"),
        ("LOD mg/g", "mg/g"),
        ("Limit μg/g", "μg/g"),
        ("Conc. (weight %)", "weight %"),
        ("Result (% w/w)", "% w/w"),
        ("PPM (ug/g)", "ug/g"),
        ("Micrograms per Gram(ug/g)", "ug/g"),
        ("Filth and Foreign Matter (%, #/3g)", "%, #/3g"),
        ("Water Activity (Aw)", "Aw"),
        ("Amount (mg)", "mg"),
        ("mg", "mg"),
        ("Results in mg/g unless stated", "mg/g"),
        ("Total g of leaf", None),
        ("Magnesium (Mg)", None),
        ("Hartford (CT)", None),
        ("%RSD", None),
        ("Mitragynine", None),
        ("drawn by law", None),
    ],
)
def test_headers_give_up_their_unit_as_printed(header: str, printed: str | None) -> None:
    """The unit in a header is found, and no word, element or state is mistaken for one."""
    assert find_unit(header) == printed


@given(st.text())
def test_any_text_can_be_asked_for_a_unit(text: str) -> None:
    """No text breaks the search for a unit, and what is found is a unit that stands in the text."""
    found = find_unit(text)
    normalise_unit(text)
    assert found is None or (found in text and normalise_unit(found))


@given(NUMBERS, st.sampled_from(MASS_FRACTIONS), st.sampled_from(MASS_FRACTIONS))
def test_conversion_there_and_back_changes_nothing(number: float, one: str, other: str) -> None:
    """A mass fraction converted into another unit and back is the number it was."""
    assert math.isclose(convert(convert(number, one, other), other, one), number, rel_tol=1e-15, abs_tol=0.0)


@pytest.mark.parametrize(
    ("number", "source", "target", "expected"),
    [
        (1.52, "%", "mg/g", 15.2),
        (1, "%", "ppm", 10_000),
        (5, "ppb", "mg/kg", 0.005),
        (3, "ug/kg", "ng/g", 3),
        (2, "mg/mL", "ug/mL", 2000),
        (10, "CFU/10 g", "CFU/g", 1),
        (250, "mcg/capsule", "mg/cap", 0.25),
        (7, "pellets", "pellets", 7),
    ],
)
def test_conversions_move_the_decimal_point(number: float, source: str, target: str, expected: float) -> None:
    """Conversion is exact to the last digit a float holds."""
    assert convert(number, source, target) == expected


@pytest.mark.parametrize(
    ("source", "target"),
    [("mg/unit", "mg/g"), ("mg/serving", "mg/unit"), ("CFU/g", "MPN/g"), ("%", "mg/mL"), ("aw", "%"), ("pellets", "%")],
)
def test_different_quantities_do_not_convert(source: str, target: str) -> None:
    """A conversion that would need knowledge outside the units is refused with a sentence that names both."""
    with pytest.raises(UnitError, match=r"convert"):
        convert(1.0, source, target)


@pytest.mark.parametrize(
    ("unit", "canonical"), [("%", "mg/kg"), ("ppb", "mg/kg"), ("CFU/10 g", "CFU/g"), ("mg/unit", "mg/unit"), ("x", "x")]
)
def test_values_of_one_kind_share_a_unit_to_compare_in(unit: str, canonical: str) -> None:
    """Mass fractions are compared in mg/kg, counts in CFU/g, all else in itself."""
    assert canonical_unit(unit) == canonical


def test_only_colonies_and_probable_numbers_are_counts() -> None:
    """The logarithm of a count is no count: it does have decimals."""
    assert [is_count(unit) for unit in ("CFU/g", "MPN/g", "log CFU/g", "mg/g", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_spelling_of_two_units_is_refused() -> None:
    """A table in which one spelling names two units stops loading with the file's name."""
    row = _Row(dimension="mass", exponent=-3, spellings=())
    with pytest.raises(DataFileError, match=r"units\.toml"):
        _Table({"mg": row, "MG": row.model_copy(update={"exponent": 6})})
