"""What stands in one row's cells: its name, its amounts and their units, its limits and its verdict."""

from __future__ import annotations

import re
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import ColumnKind
from kratom_quality.parsing.confidence import Doubts
from kratom_quality.parsing.doubts import doubts_of_row
from kratom_quality.parsing.roles import Roles
from kratom_quality.parsing.rows import Row
from kratom_quality.parsing.sections import read_status
from kratom_quality.reading.page import enclosing
from kratom_quality.records import Box, Verdict
from kratom_quality.units import normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_verdict, parse_verdict_mark, split_compound

_BRACKET_AT_END = re.compile(r"\(([^()]*)\)$")
_COMMA_AT_END = re.compile(r",\s*([^,]+)$")
_LEADERS = re.compile(r"(?:\s*[._]){3,}\s*$")
_PHRASE_WITH_BOUND = re.compile(r"(?P<shown>[^()]+\([^()]*\d[^()]*\))\s*(?P<unit>[^()\s]+)")  # 'ND (<50) ppm'
_LABELLED = re.compile(r"[^\W\d_][^\W\d_ ]+(?: [^\W\d_]+)?: \S")
_PAIR = re.compile(r"\s*[/|]\s*|\s+[-–]\s+|\s{2,}|(?<=[\d%])\s+(?=[\d<.])")
_BEGINS_AN_AMOUNT = frozenset("0123456789.<>=≤≥~")
_CONDITION = re.compile(r"\s*(?:\bat\b|@)\s*\d[\d.]*\s*°?\s*[CF]\b.*$")
_MARK_BEHIND_UNIT = re.compile(r"(?<=[A-Za-z%])[*†‡]+$")
_TRAILING_VERDICT = re.compile(r"^(?P<result>.+?)\s+(?:[-–—]\s+)?(?P<verdict>[^\W\d_]+(?: / [^\W\d_]+)?)$")


class Amount(NamedTuple):
    """One amount in a cell: as the page shows it without its unit, in full, and the unit it stands in."""

    shown: str
    full: str
    unit: str | None


class UnitCell(NamedTuple):
    """A LOD, LOQ or limit cell and the unit at the head of its column; None where it is blank or has none."""

    text: str | None = None
    unit: str | None = None


class HeadedCell(NamedTuple):
    """A cell whose meaning depends on the words at the head of its column; None where it is blank."""

    text: str | None = None
    head: str = ""


class Reading(NamedTuple):
    """What stands in one row's cells, before it becomes results."""

    name: str
    results: tuple[Amount, ...]
    unit: str | None
    lod: UnitCell
    loq: UnitCell
    limit: UnitCell
    status: Verdict | None
    box: Box
    doubts: Doubts
    uncertainty: HeadedCell = HeadedCell()
    method: str | None = None
    claim: UnitCell = UnitCell()
    lower_limit: UnitCell = UnitCell()

    @property
    def allowed(self) -> UnitCell:
        """The limit, from its lower end to its upper where these stand in columns of their own."""
        lower, upper = self.lower_limit, self.limit
        if lower.text is None or upper.text is None:
            return upper if lower.text is None else lower
        return UnitCell(f"{lower.text} - {upper.text}", upper.unit or lower.unit)

    @property
    def has_no_upper_limit(self) -> bool:
        """Whether the limit is what a result must reach."""
        return self.limit.text is None and self.lower_limit.text is not None


def read_row(block: Block, roles: Roles, row: Row) -> Reading | None:
    """Gather a row's cells by role; None where no result is printed."""
    name, name_unit = split_name(row.name)
    unit_cell = _text(row, roles.unit)
    results: list[Amount] = []
    status = _verdict_mark(block, roles.status, row)
    limit: str | None = None
    for index in roles.results:
        text = _text(row, index)
        if text is None:
            continue
        if index >= 0 and block.columns[index].kind is ColumnKind.RESULT_LIMIT:
            text, limit = _split_pair(text)
        if text.startswith("(") or _LABELLED.match(text):
            continue  # a limit or a remark: '(NMT 0.5 ppm)', 'Method: USP <731>'
        text, tail = _cut_verdict(text)
        status = status or tail
        head_unit = block.columns[index].unit if index >= 0 else None
        results.extend(split_amounts(text, head_unit))
        if roles.status is None or roles.status == index:
            status = status or _verdict(text)
    if not results:
        return None
    lod, loq = _detection_cells(block, roles, row)
    upper = _with_head_unit if roles.lower_limit is None else _end_of_limit
    limit_cell, tail = _limit_and_verdict(upper(block, roles.limit, row))
    return Reading(
        name=name,
        results=tuple(results),
        unit=unit_cell or name_unit,
        lod=lod,
        loq=loq,
        limit=limit_cell if limit is None else UnitCell(limit),
        status=status or tail,
        box=enclosing(row.all_cells()),
        doubts=roles.doubts.union(doubts_of_row(block, roles.results, roles.status, row)),
        uncertainty=_headed(block, roles.uncertainty, row),
        method=_text(row, roles.method),
        claim=_with_head_unit(block, roles.claim, row),
        lower_limit=_end_of_limit(block, roles.lower_limit, row),
    )


def split_amounts(text: str, unit: str | None) -> list[Amount]:
    """A cell's amounts, in ``unit`` where they print none; a remark behind them ('at 24 °C') is not kept."""
    if text[0] not in _BEGINS_AN_AMOUNT:
        bound = _PHRASE_WITH_BOUND.fullmatch(text)
        own = bound["unit"] if bound and normalise_unit(bound["unit"]) else None
        return [Amount(bound["shown"], text, own) if bound and own else Amount(text, text, unit)]
    full = _MARK_BEHIND_UNIT.sub("", _CONDITION.sub("", text))
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
    """Tell a printed name from its unit in brackets ('Percent Moisture (%)') and from a formula ('Total = A + B')."""
    name = name.split("=")[0].strip().rstrip(":").strip() or name
    name = _LEADERS.sub("", name).rstrip(",")
    behind = _BRACKET_AT_END.search(name) or _COMMA_AT_END.search(name)
    if behind and normalise_unit(behind[1]):
        return name[: behind.start()].strip() or name, behind[1]
    return name, None


def _cut_verdict(text: str) -> tuple[str, Verdict | None]:
    """Tell a result from a verdict or a remark behind it: '12.2% - Complete', 'ND Pass'."""
    match = _TRAILING_VERDICT.match(text)
    if match and read_status(match["verdict"]) and looks_like_value(match["result"]):
        return match["result"], parse_verdict(match["verdict"])
    return text, None


def _limit_and_verdict(cell: UnitCell) -> tuple[UnitCell, Verdict | None]:
    """Tell a limit from the verdict printed close behind it, under no head of its own: '0.1000 Pass'."""
    if cell.text is None:
        return cell, None
    text, verdict = _cut_verdict(cell.text)
    return (cell._replace(text=text), verdict) if verdict else (cell, None)


def _split_pair(text: str) -> tuple[str, str | None]:
    """Tell a result from the limit printed behind it: '0.12 / 1.2'."""
    result, *limit = text.split(" / ", maxsplit=1)
    return result.strip(), limit[0].strip() if limit and limit[0].strip().casefold() != "none" else None


def _verdict(text: str | None) -> Verdict | None:
    return parse_verdict(text) if text else None


def _verdict_mark(block: Block, index: int | None, row: Row) -> Verdict | None:
    text = _text(row, index)
    if text is None or index is None:
        return None
    headed = index >= 0 and block.columns[index].kind is ColumnKind.STATUS
    return parse_verdict_mark(text) if headed else parse_verdict(text)


def _with_head_unit(block: Block, index: int | None, row: Row) -> UnitCell:
    text = row.text(index) if index is not None and index >= 0 else None
    return UnitCell(text, block.columns[index].unit) if text is not None and index is not None else UnitCell()


def _end_of_limit(block: Block, index: int | None, row: Row) -> UnitCell:
    """One end of a limit whose two ends have columns of their own: a dash says that there is none."""
    cell = _with_head_unit(block, index, row)
    return UnitCell() if cell.text is None or is_blank(cell.text) else cell


def _headed(block: Block, index: int | None, row: Row) -> HeadedCell:
    text = _text(row, index)
    return HeadedCell() if text is None or index is None else HeadedCell(text, block.columns[index].text)


def _detection_cells(block: Block, roles: Roles, row: Row) -> tuple[UnitCell, UnitCell]:
    """LOD and LOQ, from columns of their own or from one column for both."""
    lod, loq = _with_head_unit(block, roles.lod, row), _with_head_unit(block, roles.loq, row)
    pair, unit = _with_head_unit(block, roles.pair, row)
    if pair is None or roles.pair is None:
        return lod, loq
    parts = [*_PAIR.split(pair.strip(), maxsplit=1), None][:2]
    if block.columns[roles.pair].kind is ColumnKind.LOQ_LOD:
        parts.reverse()
    return (lod if lod.text else UnitCell(parts[0], unit)), (loq if loq.text else UnitCell(parts[1], unit))
