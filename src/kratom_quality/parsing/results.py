"""A table's rows into results: one for each analyte and unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kratom_quality.errors import ValueFormatError
from kratom_quality.parsing.bands import Block, Column
from kratom_quality.parsing.columns import ColumnKind
from kratom_quality.parsing.layout import enclosing
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.rows import UNHEADED, Row
from kratom_quality.parsing.sections import Heading, read_status
from kratom_quality.records import Box, Limit, Panel, Printed, Result, Value, ValueState, Verdict
from kratom_quality.units import find_unit, normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_limit, parse_value, parse_verdict, split_compound

_PAIR = re.compile(r"\s*[/|]\s*|\s+[-–]\s+|\s{2,}|(?<=[\d%])\s+(?=[\d<.])")
_BEGINS_AN_AMOUNT = frozenset("0123456789.<>=≤≥~")
_CONDITION = re.compile(r"\s*(?:\bat\b|@)\s*\d[\d.]*\s*°?\s*[CF]\b.*$")
_TRAILING_VERDICT = re.compile(r"^(?P<result>.+?)\s+(?:[-–—]\s+)?(?P<verdict>[A-Za-z]+)$")


class Amount(NamedTuple):
    """One amount in a cell: as the page shows it without its unit, in full, and the unit it stands in."""

    shown: str
    full: str
    unit: str | None


class Reading(NamedTuple):
    """What stands in one row's cells, before it becomes results."""

    name: str
    results: tuple[Amount, ...]
    unit: str | None
    lod: tuple[str | None, str | None]
    loq: tuple[str | None, str | None]
    limit: tuple[str | None, str | None]
    status: Verdict | None
    box: Box


class Roles(NamedTuple):
    """Which columns of a block say what; None where the block has no such column."""

    results: tuple[int, ...]
    unit: int | None
    lod: int | None
    loq: int | None
    pair: int | None
    limit: int | None
    status: int | None


def assign_roles(block: Block, rows: Sequence[Row]) -> Roles:
    """Decide by head and by content which column says what: a RESULT column of nothing but PASS is a status column."""
    columns = block.columns
    verdicts = [_is_verdict_column(rows, index) for index in range(len(columns))]

    def first(*kinds: ColumnKind, verdict: bool = False) -> int | None:
        return next(
            (i for i, column in enumerate(columns) if column.kind in kinds and verdicts[i] == verdict and _filled(rows, i)), None
        )

    results = [i for i, column in enumerate(columns) if column.kind is ColumnKind.RESULT and _filled(rows, i)]
    numeric = [i for i in results if not verdicts[i]]
    status = _status_column(columns, verdicts, rows, exclude=results if not numeric else numeric)
    kept = _one_per_unit(columns, numeric or results)
    if not kept and status != UNHEADED and _holds_values(rows, UNHEADED):
        kept = [UNHEADED]
    if not kept and status is not None:
        kept = [status]
    return Roles(
        results=tuple(kept),
        unit=first(ColumnKind.UNIT),
        lod=first(ColumnKind.LOD),
        loq=first(ColumnKind.LOQ),
        pair=first(ColumnKind.LOD_LOQ, ColumnKind.LOQ_LOD),
        limit=first(ColumnKind.LIMIT),
        status=status,
    )


def _filled(rows: Sequence[Row], index: int) -> bool:
    return any(index in row.cells for row in rows)


def _holds_values(rows: Sequence[Row], index: int) -> bool:
    """Whether nearly every row has exactly one value in the column."""
    return sum(len(row.cells.get(index, ())) == 1 and looks_like_value(row.text(index) or "") for row in rows) >= 0.8 * len(rows)


def _is_verdict_column(rows: Sequence[Row], index: int) -> bool:
    texts = [text for row in rows if (text := row.text(index)) is not None and not is_blank(text)]
    verdicts = sum(parse_verdict(text) is not None for text in texts)
    return verdicts > 0 and verdicts >= 0.6 * len(texts) and not any(character.isdigit() for text in texts for character in text)


def _status_column(columns: Sequence[Column], verdicts: Sequence[bool], rows: Sequence[Row], exclude: Sequence[int]) -> int | None:
    headed = [i for i, column in enumerate(columns) if column.kind is ColumnKind.STATUS and _filled(rows, i)]
    by_content = [i for i, verdict in enumerate(verdicts) if verdict and i not in exclude]
    if headed:
        return headed[0]
    if by_content:
        return by_content[0]
    return UNHEADED if _is_verdict_column(rows, UNHEADED) else None


def _one_per_unit(columns: Sequence[Column], results: Sequence[int]) -> list[int]:
    kept: dict[str | None, int] = {}
    for index in results:
        unit = columns[index].unit
        kept.setdefault(normalise_unit(unit) if unit else None, index)
    return sorted(kept.values())


def read_row(block: Block, roles: Roles, row: Row) -> Reading | None:
    """Gather a row's cells by role; None where no result is printed."""
    name, name_unit = split_name(row.name)
    unit_cell = _text(row, roles.unit)
    results: list[Amount] = []
    status = _verdict(_text(row, roles.status))
    for index in roles.results:
        text = _text(row, index)
        if text is None:
            continue
        text, tail = _cut_verdict(text)
        status = status or tail
        head_unit = block.columns[index].unit if index >= 0 else None
        results.extend(split_amounts(text, head_unit))
        if roles.status is None or roles.status == index:
            status = status or _verdict(text)
    if not results:
        return None
    lod, loq = _detection_cells(block, roles, row)
    return Reading(
        name=name,
        results=tuple(results),
        unit=unit_cell or name_unit,
        lod=lod,
        loq=loq,
        limit=_with_head_unit(block, roles.limit, row),
        status=status,
        box=enclosing(row.all_cells()),
    )


def split_amounts(text: str, unit: str | None) -> list[Amount]:
    """A cell's amounts, in ``unit`` where they print none; a remark behind them ('at 24 °C') is not kept."""
    if text[0] not in _BEGINS_AN_AMOUNT:
        return [Amount(text, text, unit)]
    full = _CONDITION.sub("", text)
    parts = split_compound(full)
    if len(parts) > 1:
        return [Amount(shown, f"{shown} {own}" if own else shown, own or unit) for shown, own in parts]
    shown, own = parts[0]
    if own and normalise_unit(own) is None:
        return [Amount(full, full, unit)]
    return [Amount(shown, full, own or unit)]


def _text(row: Row, index: int | None) -> str | None:
    text = row.text(index) if index is not None else None
    return None if text is None or is_blank(text) else text


def split_name(name: str) -> tuple[str, str | None]:
    """Tell a printed name from the unit behind it: 'Percent Moisture (%)' carries its unit in brackets; a formula behind '=' is no part of the name."""
    name = name.split("=")[0].strip().rstrip(":").strip() or name
    if name.endswith(")"):
        unit = find_unit(name)
        if unit and name.rstrip(" )").endswith(unit):
            return name[: name.rindex("(")].strip() or name, unit
    return name, None


def _cut_verdict(text: str) -> tuple[str, Verdict | None]:
    """Tell a result from a verdict or a remark behind it: '12.2% - Complete', 'ND Pass'."""
    match = _TRAILING_VERDICT.match(text)
    if match and read_status(match["verdict"]) and looks_like_value(match["result"]):
        return match["result"], parse_verdict(match["verdict"])
    return text, None


def _verdict(text: str | None) -> Verdict | None:
    return parse_verdict(text) if text else None


def _with_head_unit(block: Block, index: int | None, row: Row) -> tuple[str | None, str | None]:
    text = row.text(index) if index is not None else None
    return (text, block.columns[index].unit) if text is not None and index is not None and index >= 0 else (None, None)


def _detection_cells(block: Block, roles: Roles, row: Row) -> tuple[tuple[str | None, str | None], tuple[str | None, str | None]]:
    lod, loq = _with_head_unit(block, roles.lod, row), _with_head_unit(block, roles.loq, row)
    pair, unit = _with_head_unit(block, roles.pair, row)
    if pair is None or roles.pair is None:
        return lod, loq
    parts = [*_PAIR.split(pair.strip(), maxsplit=1), None][:2]
    if block.columns[roles.pair].kind is ColumnKind.LOQ_LOD:
        parts.reverse()
    return (lod if lod[0] else (parts[0], unit)), (loq if loq[0] else (parts[1], unit))


def build_results(readings: Sequence[Reading], page: int, heading: Heading | None, names: Names) -> Iterator[Result]:
    """Turn the readings of one table into results; a table in which nothing was tested gives none.

    What the heading above the table says of all its rows, panel and unit, counts where the rows do not speak against it.
    """
    panel = _common_panel(readings, names) or (heading.panel if heading else None)
    table_unit = _common_unit(readings) or (heading.unit if heading and heading.panel is panel else None)
    results = [
        result for reading in readings for result in _results_of(reading, page, panel, names, table_unit)
    ]
    if all(result.value.state is ValueState.NOT_TESTED for result in results):
        return
    yield from results


def _common_panel(readings: Sequence[Reading], names: Names) -> Panel | None:
    counts = Counter(analyte.panel for reading in readings if (analyte := names.find(reading.name)))
    return counts.most_common(1)[0][0] if counts else None


def _common_unit(readings: Sequence[Reading]) -> str | None:
    """The unit at the head of a LOD, LOQ or limit column: it holds for results that have none of their own."""
    for reading in readings:
        for _, unit in (reading.limit, reading.loq, reading.lod):
            if unit:
                return unit
    return None


def _results_of(reading: Reading, page: int, panel: Panel | None, names: Names, table_unit: str | None) -> Iterator[Result]:
    analyte = names.find(reading.name, panel)
    amounts = [amount._replace(unit=amount.unit or reading.unit) for amount in reading.results if not is_blank(amount.full)]
    lod_home, loq_home = _home(reading.lod, amounts), _home(reading.loq, amounts)
    limit_home = _home(reading.limit, amounts)
    for index, amount in enumerate(amounts):
        value = _value(amount.full, amount.unit)
        printed_unit = amount.unit or (table_unit if _needs_unit(value) else None) or _limit_unit(reading, value)
        yield Result(
            page=page,
            bbox=reading.box,
            panel=analyte.panel if analyte else panel or Panel.OTHER,
            analyte=analyte.id if analyte else None,
            name=analyte.name if analyte else None,
            printed=Printed(
                analyte=reading.name,
                result=amount.shown,
                unit=_without_basis(printed_unit),
                lod=reading.lod[0] if index == lod_home else None,
                loq=reading.loq[0] if index == loq_home else None,
                limit=reading.limit[0] if index == limit_home else None,
                status=reading.status,
            ),
            value=_value(amount.full, printed_unit),
            lod=_optional_value(reading.lod, printed_unit) if index == lod_home else None,
            loq=_optional_value(reading.loq, printed_unit) if index == loq_home else None,
            limit=_optional_limit(reading.limit, printed_unit) if index == limit_home else None,
            total=analyte.total if analyte else False,
        )


def _home(cell: tuple[str | None, str | None], amounts: Sequence[Amount]) -> int | None:
    """Which of a row's results a LOD, LOQ or limit belongs to: the one in its unit, else the first."""
    text, unit = cell
    if text is None:
        return None
    wanted = unit or _unit_in(text)
    if wanted:
        normal = normalise_unit(wanted)
        for index, amount in enumerate(amounts):
            if amount.unit and normalise_unit(amount.unit) == normal:
                return index
        if all(amount.unit for amount in amounts) and len(amounts) > 1:
            return None
    return 0


def _without_basis(unit: str | None) -> str | None:
    """'% (w/w)' and '% by weight' are printed for '%': the rest tells the basis."""
    return "%" if unit and unit.startswith("%") and normalise_unit(unit) == "%" else unit


@lru_cache(maxsize=8192)
def _unit_in(text: str) -> str | None:
    return find_unit(text)


def _needs_unit(value: Value) -> bool:
    return value.unit is None and value.state not in {ValueState.ABSENT, ValueState.PRESENT, ValueState.DESCRIBED}


def _limit_unit(reading: Reading, value: Value) -> str | None:
    numeric = value.number is not None or value.upper is not None or value.lower is not None
    return _unit_in(reading.limit[0]) if numeric and reading.limit[0] else None


def _value(text: str, unit: str | None) -> Value:
    try:
        return parse_value(text, unit)
    except ValueFormatError:
        return Value(state=ValueState.UNREADABLE, unit=normalise_unit(unit) if unit else None, printed=text)


def _optional_value(cell: tuple[str | None, str | None], unit: str | None) -> Value | None:
    text, own = cell
    return _value(text, own or unit) if text is not None and not is_blank(text) else None


def _optional_limit(cell: tuple[str | None, str | None], unit: str | None) -> Limit | None:
    text, own = cell
    if text is None or is_blank(text):
        return None
    try:
        return parse_limit(text, own or unit)
    except ValueFormatError:
        return None
