"""Printed dates and ranges of dates in many notations, as ISO 8601 text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kratom_quality.datafiles import bundled, load_model

# POSIX reads a two-digit year from 69 on as 19xx (strptime, %y).
_PIVOT = 69
_YEARS = range(1980, 2100)
_TO = (
    r"\s*(?:-|–|—|~|&|/|\b(?:to|through|thru|until|till|and|bis|und|au|et|al|hasta|tot|til|sampai|hingga)\b"
    r"|\bt/m\b|\bs\.?/?d\.?(?=\s))\s*"
)
_TIME = r"(?:[T,]?\s*\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?(?:\s*(?:Z|UTC|[+-]\d\d:?\d\d))?)?"
_ORDINAL, _GAP, _YEAR, _ABBREVIATED = r"(?:st|nd|rd|th|er|\.)?", r"[\s.,/-]*", r"\d{4}|\d\d", r"(?![^\W\d_])\.?"
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d\d)(?![\d/-]|\.\d)")
_EAST_ASIAN = str.maketrans({"年": "-", "月": "-", "日": " "})
_FLAGS = re.VERBOSE | re.IGNORECASE


class _Months(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    months: Annotated[tuple[tuple[str, ...], ...], Field(min_length=12, max_length=12)]


class _Patterns(NamedTuple):
    """A whole date; the same as the end of a range; and a date without its year, as the start of one."""

    whole: re.Pattern[str]
    until: re.Pattern[str]
    start: re.Pattern[str]
    month_of: dict[str, int]


def parse_date(text: str, *, day_first: bool = False) -> str | None:
    """Find the first date or range of dates in a text.

    Parameters
    ----------
    text
        What stands beside a label; times, weekdays and other words around the date are passed over.
    day_first
        Read ``03/04/2022`` as 3 April. Where only one order gives a date, that one is taken.

    Returns
    -------
    str or None
        An ISO date, an ISO interval ``start/end`` where a range is printed, or None where there is no possible date.
    """
    return next(find_dates(text, day_first=day_first), None)


def find_dates(text: str, *, day_first: bool = False) -> Iterator[str]:
    """Find all dates and ranges in a text, as :func:`parse_date` gives them; a range cannot end before it begins."""
    if not any(map(str.isdigit, text)):
        return
    if "年" in text:
        text = text.translate(_EAST_ASIAN)
    patterns = _patterns()
    place = 0
    while match := patterns.whole.search(text, place):
        place = match.end()
        first = _date(match, day_first)
        if first is None:
            continue
        start = _start_of_range(text[: match.start()], match, first, day_first)
        following = patterns.until.match(text, match.end())
        last = _date(following, day_first) if following and not start else None
        if following and last:
            place = following.end()
        start, end = start or first, last or first
        if start == end:
            yield start.isoformat()
        elif start < end:
            yield f"{start.isoformat()}/{end.isoformat()}"


def writes_day_first(text: str) -> bool | None:
    """Tell from dates such as ``17/06/2022`` whether a text writes the day first; None where no date decides."""
    day_first = month_first = 0
    for first, separator, second in _NUMERIC.findall(text):
        day_first += int(first) > 12 >= int(second) or separator == "."
        month_first += int(second) > 12 >= int(first)
    return None if day_first == month_first else day_first > month_first


def _date(match: re.Match[str], day_first: bool) -> date | None:
    part = match.groupdict()
    if part["iso_year"]:
        return _possible(part["iso_year"], int(part["iso_month"]), int(part["iso_day"]))
    if part["eight"]:
        return _possible(part["eight"][:4], int(part["eight"][4:6]), int(part["eight"][6:]))
    for order in ("dmy", "mdy", "ymd"):
        if part[f"{order}_month"]:
            return _possible(part[f"{order}_year"], _month(part[f"{order}_month"]), int(part[f"{order}_day"]))
    return _ordered(part["first"], part["second"], part["year"], day_first or part["separator"] == ".")


def _ordered(first: str, second: str, year: str, day_first: bool) -> date | None:
    if int(first) > 12 or (int(second) <= 12 and day_first):
        return _possible(year, int(second), int(first))
    return _possible(year, int(first), int(second))


def _possible(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _PIVOT else 2000
    try:
        return date(number, month, day) if number in _YEARS else None
    except ValueError:
        return None


def _month(name: str) -> int:
    return _patterns().month_of[name.casefold()]


def _start_of_range(before: str, match: re.Match[str], end: date, day_first: bool) -> date | None:
    """The start of ``22-25 March 2022`` or ``28 Feb - 3 March 2022``: the year stands only at the end."""
    year = str(end.year)
    if match["span_day"]:
        return _possible(year, end.month, int(match["span_day"]))
    start = _patterns().start.search(before)
    if start is None:
        return None
    if start["first"]:
        return _ordered(start["first"], start["second"], year, day_first or start["separator"] == ".")
    printed_month = start["month_before"] or start["month_after"]
    month = _month(printed_month) if printed_month else end.month
    day = start["day"] or start["day_after"] or start["day_before"]
    return _possible(year if month <= end.month else str(end.year - 1), month, int(day))


@cache
def _patterns() -> _Patterns:
    months = load_model(_Months, bundled("months.toml")).months
    month_of = {name: number for number, names in enumerate(months, 1) for name in names}
    names = "|".join(sorted(map(re.escape, month_of), key=len, reverse=True))
    whole = rf"""(?:
        (?P<iso_year>(?:19|20)\d\d)(?P<sign>[-/.])(?P<iso_month>\d\d?)(?P=sign)(?P<iso_day>\d\d?)(?!\d)
      | (?P<eight>(?:19|20)\d\d[01]\d[0-3]\d)(?!\d)
      | (?P<first>\d\d?)\s?(?P<separator>[/.-])\s?(?P<second>\d\d?)\s?(?P=separator)\s?
        (?P<year>{_YEAR})(?!\d|(?P=separator)\d)
      | (?P<dmy_day>\d\d?){_ORDINAL}{_GAP}(?:(?:of|del?)\s)?(?P<dmy_month>{names}){_ABBREVIATED}{_GAP}(?:del?\s)?'?
        (?P<dmy_year>{_YEAR})(?![\d:]|{_GAP}(?:{names}))
      | (?P<mdy_month>{names}){_ABBREVIATED}{_GAP}(?:(?P<span_day>\d\d?){_ORDINAL}{_TO})?
        (?P<mdy_day>\d\d?){_ORDINAL}[\s.,/-]+'?(?P<mdy_year>{_YEAR})(?![\d:])
      | (?P<ymd_year>(?:19|20)\d\d){_GAP}(?P<ymd_month>{names}){_ABBREVIATED}{_GAP}(?P<ymd_day>\d\d?)(?!\d)
    )"""
    start = rf"""(?<![\d/.-])(?:
        (?P<day_before>\d\d?){_ORDINAL}{_GAP}(?P<month_after>{names}){_ABBREVIATED}
      | (?P<month_before>{names}){_ABBREVIATED}\s*(?P<day_after>\d\d?){_ORDINAL}
      | (?P<first>\d\d?)(?P<separator>[/.])(?P<second>\d\d?)\.?
      | (?P<day>\d\d?){_ORDINAL}
    ){_TO}$"""
    return _Patterns(
        whole=re.compile(r"(?<![\w.])" + whole, _FLAGS),
        until=re.compile(_TIME + _TO + whole, _FLAGS),
        start=re.compile(start, _FLAGS),
        month_of=month_of,
    )
