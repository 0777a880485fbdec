"""Values: every form a result, a limit or a verdict is printed in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kratom_quality.errors import DataFileError, ValueFormatError
from kratom_quality.phrases import _by_phrase
from kratom_quality.records import LimitKind, Value, ValueState
from kratom_quality.values import (
    is_blank,
    looks_like_value,
    parse_limit,
    parse_value,
    parse_verdict,
    parse_verdict_mark,
    split_compound,
)

TRUTH = Path(__file__).parents[2] / "shared" / "coas" / "truth"
CELL_LIKE = st.text(alphabet="0123456789.,<>=≤≥-+–±x×^¹²³eE %/()NDLOQmgkcfupgrAbsenti \u202f", max_size=24)
UNITS = st.sampled_from([None, "%", "mg/g", "cfu/g", "ppm", "pellets", ""])


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1.45", 1.45, None),
        (".64", 0.64, None),
        ("0.00", 0.0, None),
        ("-0.5", -0.5, None),
        ("−0.5", -0.5, None),
        ("1,234", 1234, None),
        ("1,234.56", 1234.56, None),
        ("12,345,678", 12345678, None),
        ("1.234,5", 1234.5, None),
        ("1.234.567", 1234567, None),
        ("1,45 %", 1.45, "%"),
        ("0,123", 0.123, None),
        ("1,234 %", 1.234, "%"),
        ("10.000 cfu/g", 10000, "CFU/g"),
        ("0.100 cfu/g", 0.1, "CFU/g"),
        ("3.456 log CFU/g", 3.456, "log CFU/g"),
        ("1.2E+03", 1200, None),
        ("9.5640E+0", 9.564, None),
        ("1.2 x 10^3 CFU/g", 1200, "CFU/g"),
        ("1.2×10³", 1200, None),
        ("3 x 10⁻² %", 0.03, "%"),
        ("=2.0 x 103", 2000, None),
        ("10⁵ CFU/g", 1e5, "CFU/g"),
        ("105 CFU/g", 105, "CFU/g"),
        ("=100", 100, None),
        ("6 pieces", 6, "pieces"),
        ("6 pellets", 6, "pellets"),
        ("0.0062878ppm", 0.0062878, "ppm"),
        ("0.51 aw", 0.51, "aw"),
        ("0.587 AW at 24°C", 0.587, "aw"),
        ("12.3 ± 0.5 %", 12.3, "%"),
        ("12.3 mg/g ± 5 %", 12.3, "mg/g"),
        ("818.4 mg/g (81.84 %)", 818.4, "mg/g"),
        ("1.2%*", 1.2, "%"),
        ("10 ppm¹", 10, "ppm"),
        ("１２．５", 12.5, None),
        ("1\u202f234", 1234, None),
        ("1'234", 1234, None),
    ],
)
def test_numbers_are_read_in_every_notation(text: str, number: float, unit: str | None) -> None:
    """A measured value is the number a reader of the page would write down, in the unit printed with it."""
    value = parse_value(text)
    assert (value.state, value.number, value.unit, value.printed) == (ValueState.MEASURED, number, unit, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ND", {"state": "not_detected"}),
        ("N.D.", {"state": "not_detected"}),
        ("None Detected", {"state": "not_detected"}),
        ("<LOD", {"state": "not_detected"}),
        ("ND (<0.05 ppm)", {"state": "not_detected", "upper": 0.05, "unit": "ppm"}),
        ("< LOQ", {"state": "below_loq"}),
        ("BLOQ", {"state": "below_loq"}),
        ("BQL", {"state": "below_loq"}),
        ("trace", {"state": "below_loq"}),
        ("<LOQ (0.05)", {"state": "below_loq", "upper": 0.05}),
        ("< 0.05 ppm", {"state": "below_loq", "upper": 0.05, "unit": "ppm"}),
        ("≤100", {"state": "below_loq", "upper": 100}),
        ("NMT 10 ppm", {"state": "below_loq", "upper": 10, "unit": "ppm"}),
        (">300", {"state": "above_range", "lower": 300}),
        ("NLT 5", {"state": "above_range", "lower": 5}),
        ("TNTC", {"state": "above_range"}),
        ("6.5–7.0", {"state": "interval", "lower": 6.5, "upper": 7.0}),
        ("865 - 1,058 mg", {"state": "interval", "lower": 865, "upper": 1058, "unit": "mg"}),
        ("634 mg - 701 mg", {"state": "interval", "lower": 634, "upper": 701, "unit": "mg"}),
        ("Negative/10 g", {"state": "absent", "sample_grams": 10}),
        ("Not detected in 10 grams", {"state": "absent", "sample_grams": 10}),
        ("Absence in 1g", {"state": "absent", "sample_grams": 1}),
        ("Absent in 10 mL", {"state": "absent"}),
        ("Not Present", {"state": "absent"}),
        ("Positive", {"state": "present"}),
        ("Detected in 1 g", {"state": "present", "sample_grams": 1}),
        ("Conforms", {"state": "conforms"}),
        ("PASS", {"state": "conforms"}),
        ("Failed", {"state": "does_not_conform"}),
        ("NT", {"state": "not_tested"}),
        ("NR", {"state": "not_tested"}),
        ("White powder", {"state": "described"}),
        ("Fruity/Bitter", {"state": "described"}),
        ("7-OH", {"state": "described"}),
        ("14 Oval", {"state": "described"}),
        ("±5", {"state": "described"}),
        ("Absent in 0 g", {"state": "described"}),
    ],
)
def test_states_are_read_with_their_bounds(text: str, expected: dict[str, Any]) -> None:
    """What is no measured number has its state, its bound and its sample size, and never a number."""
    assert parse_value(text).model_dump(exclude_none=True, exclude={"printed"}) == expected


@pytest.mark.parametrize(
    "text",
    ["1/10", "06/17/2022", "2022-06-17", "2022-06", "17.06.2022", "555-123-4567", "(555) 123-4567", "12:30", "2nd"],
)
def test_dates_fractions_and_telephone_numbers_are_no_numbers(text: str) -> None:
    """Digits that measure nothing are a description, and do not look like a value."""
    assert parse_value(text).state is ValueState.DESCRIBED
    assert not looks_like_value(text)


@pytest.mark.parametrize(
    "text",
    ["1.2.3", "--5..", "2.0 x 10", "2 x 100", "0.5 0.2", "10 000 CFU/g", "1,23,456", "1e999", "5 (3 %)"],
)
def test_broken_numbers_are_refused_not_guessed(text: str) -> None:
    """A number that can only be guessed at raises, as a result and as a limit."""
    with pytest.raises(ValueFormatError, match="looks like a number"):
        parse_value(text)
    with pytest.raises(ValueFormatError, match="looks like a number"):
        parse_limit(text)


def test_three_decimals_of_a_count_are_refused_where_only_the_column_counts() -> None:
    """Under CFU/g, 10.000 may be ten or ten thousand; a second decimal place or an exponent settles it."""
    with pytest.raises(ValueFormatError):
        parse_value("10.000", "cfu/g")
    assert parse_value("10.00", "cfu/g").number == 10
    assert parse_value("1.234e3", "cfu/g").number == 1234


@pytest.mark.parametrize("text", ["", " ", "-", "--", "—", "N/A", "n.a.", "Not Applicable", "()"])
def test_blanks_say_nothing(text: str) -> None:
    """A mark for nothing is blank, and no value and no limit is made of it."""
    assert is_blank(text)
    for parse in (parse_value, parse_limit):
        with pytest.raises(ValueFormatError, match="blank"):
            parse(text)


def test_the_unit_in_the_cell_wins_over_the_columns() -> None:
    """The column's unit holds for cells that print none; an unknown one is kept as printed."""
    assert parse_value("5", "μg/g").unit == "ug/g"
    assert parse_value("5 %", "μg/g").unit == "%"
    assert parse_value("ND", "mg/cap").unit == "mg/capsule"
    assert parse_value("5", "pellets").unit == "pellets"
    assert parse_value("12.3 ± 5 %", "mg/g").unit == "mg/g"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5", {"kind": "maximum", "upper": 0.5}),
        ("≤ 1.2", {"kind": "maximum", "upper": 1.2}),
        ("<10 cfu/g", {"kind": "maximum", "upper": 10, "inclusive": False, "unit": "CFU/g"}),
        ("<200 (cfu/g)", {"kind": "maximum", "upper": 200, "inclusive": False, "unit": "CFU/g"}),
        ("NMT 3000 ug/g", {"kind": "maximum", "upper": 3000, "unit": "ug/g"}),
        ("10 ppm max.", {"kind": "maximum", "upper": 10, "unit": "ppm"}),
        ("0.65Aw", {"kind": "maximum", "upper": 0.65, "unit": "aw"}),
        ("10000.00 mg", {"kind": "maximum", "upper": 10000, "unit": "mg"}),
        ("≤10.000 cfu/g", {"kind": "maximum", "upper": 10000, "unit": "CFU/g"}),
        ("10^5 CFU/g", {"kind": "maximum", "upper": 1e5, "unit": "CFU/g"}),
        ("105 CFU/g", {"kind": "maximum", "upper": 1e5, "unit": "CFU/g"}),
        ("100 CFU/g", {"kind": "maximum", "upper": 100, "unit": "CFU/g"}),
        ("105 mg", {"kind": "maximum", "upper": 105, "unit": "mg"}),
        ("NLT 45 %", {"kind": "minimum", "lower": 45, "unit": "%"}),
        ("≥ 45 %", {"kind": "minimum", "lower": 45, "unit": "%"}),
        ("45 % min", {"kind": "minimum", "lower": 45, "unit": "%"}),
        ("863 - 953 mg", {"kind": "interval", "lower": 863, "upper": 953, "unit": "mg"}),
        ("Negative/10 g", {"kind": "absent", "sample_grams": 10}),
        ("Absent in 25 g", {"kind": "absent", "sample_grams": 25}),
        ("Detect/1 gram", {"kind": "absent", "sample_grams": 1}),
        ("ND", {"kind": "absent"}),
        ("Any amt", {"kind": "absent"}),
        ("≥ LOD", {"kind": "absent"}),
        ("> 1 per 3 grams", {"kind": "maximum", "upper": 1, "unit": "#/3 g"}),
        ("> 25%", {"kind": "described", "unit": "%"}),
        ("Record Only", {"kind": "described"}),
        ("Conforms", {"kind": "described"}),
        ("14 Oval", {"kind": "described"}),
        ("1/4 total sample area", {"kind": "described"}),
        ("500 ± 25 mg", {"kind": "described"}),
        ("NLT 90% of label claim", {"kind": "described"}),
    ],
)
def test_limits_demand_what_the_page_demands(text: str, expected: dict[str, Any]) -> None:
    """A limit cell has its kind and its bounds; what is not plainly a bound is a description."""
    read = parse_limit(text).model_dump(exclude_none=True, exclude={"printed"})
    assert read == {"inclusive": True} | expected


def test_what_greater_than_means_in_a_limit_is_said_by_its_column() -> None:
    """Above an action level a result fails; a specification it must exceed; NLT is a minimum in either column."""
    action, specification = (parse_limit("> 25 %", action_level=level) for level in (True, False))
    assert (action.kind, action.upper, action.inclusive) == (LimitKind.MAXIMUM, 25, True)
    assert (specification.kind, specification.lower, specification.inclusive) == (LimitKind.MINIMUM, 25, False)
    assert parse_limit("≥ 25 %", action_level=True).inclusive is False
    assert parse_limit("NLT 25 %", action_level=True).kind is LimitKind.MINIMUM


@pytest.mark.parametrize(
    "text",
    [
        "1.2",
        "<0.05 ppm",
        "ND",
        "Pass",
        "N/A",
        "-",
        "NT",
        "Negative/10 g",
        "Absent in 25 g",
        "863 - 953 mg",
        "0.51 aw",
        "0.04 / 0.24",
        "818.4 mg/g (81.84 %)",
        "≥ LOD",
        "Any amt",
        "±7.913",
        "0.587 AW at 24°C",
        "1,033",
        "TNTC",
    ],
)
def test_cells_of_value_columns_look_like_values(text: str) -> None:
    """Numbers, bounds, intervals and a laboratory's phrases can stand in a value column."""
    assert looks_like_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mitragynine",
        "Total",
        "LOQ",
        "Result",
        "mg/g",
        "%",
        "Pass/Fail",
        "9-THC",
        "7-Hydroxymitragynine",
        "Lot 123",
        "Page 1 of 3",
        "12 Oct",
        "White powder",
        "USP <2021>",
        "6 pellets",
        "25 g of leaf",
        "5 " * 80,
    ],
)
def test_words_and_names_do_not_look_like_values(text: str) -> None:
    """Names, headers and prose cannot stand in a value column."""
    assert not looks_like_value(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Pass", "pass"),
        ("PASSED", "pass"),
        ("Complies", "pass"),
        ("FAIL", "fail"),
        ("Does not comply", "fail"),
        ("Conforms", None),
        ("Tested", None),
        ("ND", None),
        ("", None),
        ("P", None),
    ],
)
def test_only_plain_verdicts_are_verdicts(text: str, verdict: str | None) -> None:
    """A status is what the laboratory concluded in so many words; conforming to a description is a result."""
    assert parse_verdict(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"), [("P", "pass"), ("F", "fail"), ("✓", "pass"), ("✗", "fail"), ("✓ Pass", "pass"), ("A", None)]
)
def test_in_a_status_column_letters_and_ticks_are_verdicts(text: str, verdict: str | None) -> None:
    """Under a head that says 'Status' a letter tells enough; elsewhere it does not."""
    assert parse_verdict_mark(text) == verdict


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("818.4 mg/g (81.84 %)", [("818.4", "mg/g"), ("81.84", "%")]),
        ("<0.05 % / <0.5 mg/g", [("<0.05", "%"), ("<0.5", "mg/g")]),
        ("1.2×10³ CFU/g", [("1.2×10³", "CFU/g")]),
        ("<200 (cfu/g)", [("<200", "cfu/g")]),
        ("14.6 %", [("14.6", "%")]),
        ("5 % (3 %)", [("5 % (3 %)", None)]),
        ("ND", [("ND", None)]),
    ],
)
def test_a_cell_with_two_units_is_split_into_both(text: str, parts: list[tuple[str, str | None]]) -> None:
    """Two numbers in different units are two values; anything else stays one."""
    assert list(split_compound(text)) == parts


@given(st.one_of(st.text(), CELL_LIKE), UNITS)
def test_any_text_is_a_value_or_a_format_error(text: str, unit: str | None) -> None:
    """No text raises anything but a format error, and only what is measured has a number."""
    looks_like_value(text)
    split_compound(text)
    try:
        parse_limit(text, unit)
        value = parse_value(text, unit)
    except ValueFormatError:
        return
    assert isinstance(value, Value)
    assert (value.number is not None) == (value.state is ValueState.MEASURED)
    assert value.printed == text
    assert parse_value(value.printed, value.unit) == value


@given(
    st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False),
    st.sampled_from(["{:f}", "{:,f}", "{:e}", "{:E}", "{:f} mg/g", "= {:f}", "{:f} ± 0.1"]),
)
def test_a_number_printed_in_any_notation_is_read_back(number: Any, notation: str) -> None:
    """Reading undoes printing, whatever the notation."""
    assert parse_value(notation.format(number)).number == float(number)


@given(st.integers(min_value=1, max_value=99), st.integers(min_value=1, max_value=9))
def test_powers_of_ten_are_read_with_and_without_their_superscript(tenths: int, exponent: int) -> None:
    """A power of ten is the same number with a caret, a superscript, an E, or a superscript that was lost."""
    mantissa, raised = f"{tenths / 10}", "⁰¹²³⁴⁵⁶⁷⁸⁹"[exponent]
    forms = [
        f"{mantissa} x 10^{exponent}",
        f"{mantissa}×10{raised}",
        f"{mantissa}E+0{exponent}",
        f"{mantissa} x 10{exponent}",
    ]
    assert {parse_value(form).number for form in forms} == {float(f"{mantissa}e{exponent}")}


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=99))
def test_the_european_way_is_read_as_the_english(thousands: int, cents: int) -> None:
    """Swapping full stops and commas does not change a number that shows both."""
    english = f"{thousands},000.{cents:02}"
    assert parse_value(english.translate(str.maketrans(",.", ".,"))).number == parse_value(english).number


def test_a_phrase_with_two_meanings_is_refused() -> None:
    """One phrase in two places of the data file stops loading with the file's name."""
    with pytest.raises(DataFileError, match=r"phrases\.toml"):
        _by_phrase({"pass": ("Passed",), "fail": ("passed",)})


@pytest.mark.skipif(not TRUTH.is_dir(), reason="the transcribed certificates are not beside this repository")
def test_every_transcribed_cell_is_understood() -> None:
    """Every result, LOD, LOQ and limit transcribed by eye is read, and every plain number as printed."""
    rows = [row for file in sorted(TRUTH.glob("*.json")) for row in json.loads(file.read_text("utf-8"))["results"]]
    for row in rows:
        for column in ("result", "lod", "loq"):
            if (text := row.get(column)) and not is_blank(text):
                _check_transcribed(text, parse_value(text, row["unit"]).number)
        if (text := row["limit"]) and not is_blank(text):
            _check_transcribed(text, parse_limit(text, row["unit"]).upper)


def _check_transcribed(text: str, number: float | None) -> None:
    if text.replace(".", "", 1).isdigit():
        assert number == float(text)
    if text[0] in "0123456789<>=≤≥" and " sample area" not in text and "Oval" not in text:
        assert looks_like_value(text)
