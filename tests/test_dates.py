"""Printed dates as ISO 8601 text."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kratom_quality.parsing.dates import find_dates, parse_date, writes_day_first

DAYS = st.dates(date(1990, 1, 1), date(2068, 12, 31))
MONTH_FIRST = ["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%b. %d %Y", "%A, %B %d, %Y"]
DAY_FIRST = ["%d/%m/%Y", "%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y"]
EITHER = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%d-%b-%y", "%d/%b/%Y", "%d%b%Y", "%Y-%b-%d"]


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("06/17/2022", "2022-06-17"),
        ("6/7/22", "2022-06-07"),
        ("17/06/2022", "2022-06-17"),
        ("17.06.2022", "2022-06-17"),
        ("3.4.2022", "2022-04-03"),
        ("Mar 21, 2023", "2023-03-21"),
        ("26 MARCH 2022", "2022-03-26"),
        ("22nd of March 2024", "2024-03-22"),
        ("Sept. 3rd, 2021", "2021-09-03"),
        ("12. März 2024", "2024-03-12"),
        ("13 août 2024", "2024-08-13"),
        ("2022-03-26T10:00:00Z", "2022-03-26"),
        ("06/17/22 10:30 AM", "2022-06-17"),
        ("22-25 March 2022", "2022-03-22/2022-03-25"),
        ("22-25 Mar 22", "2022-03-22/2022-03-25"),
        ("March 22-25, 2022", "2022-03-22/2022-03-25"),
        ("28 Feb - 3 March 2023", "2023-02-28/2023-03-03"),
        ("28 Dec - 3 Jan 2022", "2021-12-28/2022-01-03"),
        ("22.-25.03.2022", "2022-03-22/2022-03-25"),
        ("7/6/2021 - 7/8/2021", "2021-07-06/2021-07-08"),
        ("2022-03-22/2022-03-25", "2022-03-22/2022-03-25"),
        ("06/17/2022 10:30 - 06/18/2022 11:00", "2022-06-17/2022-06-18"),
        ("04/12/22 Expires: 04/12/23", "2022-04-12"),
        ("3 Agustus 2026 s/d 8 Agustus 2026", "2026-08-03/2026-08-08"),
        ("del 3 al 5 de mayo de 2025", "2025-05-03/2025-05-05"),
        ("12 mei 2025 t/m 14 mei 2025", "2025-05-12/2025-05-14"),
        ("05 Desember 2025", "2025-12-05"),
        ("2025年8月13日", "2025-08-13"),
    ],
)
def test_notations(printed: str, iso: str) -> None:
    """The notations laboratories use are read, times dropped, ranges kept as intervals."""
    assert parse_date(printed) == iso


@pytest.mark.parametrize(
    "printed",
    ["02/30/2022", "13/13/2022", "31 April 2024", "March 2023", "08/2020", "25/03/2022 - 22/03/2022", "NT", "-", "",
     "5 of 7", "10.2.16.4", "1A4060300004EEF000055313", "SOP.T.20.010", "2-4 March", "12/31/1899"],
)  # fmt: skip
def test_what_is_no_day(printed: str) -> None:
    """Impossible days, months without days, ranges that end before they begin and other numbers are None."""
    assert parse_date(printed) is None


@given(DAYS, st.sampled_from(MONTH_FIRST + EITHER))
def test_every_day_in_every_notation(day: date, notation: str) -> None:
    """Any day printed in any American or unambiguous notation is read back."""
    assert parse_date(f"Completed on {day.strftime(notation)}.") == day.isoformat()


@given(DAYS, st.sampled_from(DAY_FIRST + EITHER))
def test_every_day_where_the_day_comes_first(day: date, notation: str) -> None:
    """The same where the document is known to write the day first."""
    assert parse_date(day.strftime(notation), day_first=True) == day.isoformat()


@given(DAYS, st.integers(1, 400), st.sampled_from(MONTH_FIRST[:-1] + EITHER), st.sampled_from([" - ", " – ", " to "]))
def test_ranges(start: date, length: int, notation: str, until: str) -> None:
    """Two days with a word or dash between them are an interval."""
    end = start + timedelta(days=length)
    assume(end.year < 2069)
    assert parse_date(f"{start.strftime(notation)}{until}{end.strftime(notation)}") == f"{start}/{end}"


@given(st.text(alphabet="0123456789/.-, :abcdefjmnoprstuvyADFJMNOS", max_size=40), st.booleans())
def test_any_text(text: str, day_first: bool) -> None:
    """No text is an error, and what is found is a day or an interval that runs forward."""
    for found in find_dates(text, day_first=day_first):
        days = [date.fromisoformat(day) for day in found.split("/")]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?", found)
        assert len(days) == 1 or days[0] < days[1]


def test_days_in_turn() -> None:
    """Several days in one text are found one after the other."""
    assert list(find_dates("03/09/2021 11:42, 03/10/2021 03:47")) == ["2021-03-09", "2021-03-10"]


@pytest.mark.parametrize(
    ("text", "day_first"),
    [
        ("received 17/06/2022", True),
        ("received 06/17/2022", False),
        ("05.06.2022", True),
        ("05/06/2022", None),
        ("17/06/2022 and 06/17/2022", None),
        ("no date", None),
    ],
)
def test_order_of_day_and_month(text: str, day_first: bool | None) -> None:
    """A day above twelve or a full stop decides the order; contradiction and silence leave it open."""
    assert writes_day_first(text) is day_first
