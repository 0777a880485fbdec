"""Tables as blocks: which columns stand together, and how far the rows below them may reach."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.columns import Column, ColumnKind
from kratom_quality.parsing.heads import SAY_A_RESULT, Band, Head, find_bands
from kratom_quality.parsing.layout import Sheet, overlap

_TITLE_ABOVE = 4  # in heights of the heads' text
_LONGEST_TITLE = 90
_QUALITY_CONTROL = re.compile(
    r"(?:[\d.]+\s+)?(?:laboratory |batch |internal |analytical )?"
    r"(?:quality (?:control|assurance)|qc\b|control samples?|method blanks?|spike recover|recover(?:y|ies)\b)",
    re.IGNORECASE,
)
_ROOM_FOR_NAMES = 8  # in heights of the heads' text
_FAR = 25  # in heights of the heads' text
_REPORTS_A_SAMPLE = {ColumnKind.LOD, ColumnKind.LOQ, ColumnKind.LOD_LOQ, ColumnKind.LOQ_LOD, ColumnKind.LIMIT}


class Block(NamedTuple):
    """The columns of one table: rows stand between ``bottom`` and ``floor``, cells between ``left`` and ``right``.

    ``height`` is that of the heads' text: what is much larger is a title or a watermark. ``under_quality_control``
    tells that the title says so.
    """

    columns: tuple[Column, ...]
    top: float
    bottom: float
    left: float
    right: float
    floor: float
    height: float
    under_quality_control: bool = False

    @property
    def x0(self) -> float:
        """Left end of the heads."""
        return self.columns[0].x0

    @property
    def names_from(self) -> float:
        """Where the names begin: at their head, or where the block begins if they have none."""
        has_names = any(column.kind is ColumnKind.NAME for column in self.columns)
        return self.x0 if has_names else self.left

    @property
    def x1(self) -> float:
        """Right end of the heads."""
        return self.columns[-1].x1

    @property
    def is_quality_control(self) -> bool:
        """Whether the table tells how well the laboratory measured, not what the sample holds.

        One column of recoveries beside results and their limits is a remark on the method.
        """
        if self.under_quality_control:
            return True
        kinds = [column.kind for column in self.columns]
        controls = kinds.count(ColumnKind.QUALITY_CONTROL)
        return controls > 1 or (controls == 1 and not _REPORTS_A_SAMPLE & set(kinds))


def find_blocks(sheet: Sheet, is_analyte: Callable[[str], object]) -> list[Block]:
    """Find the tables of a page by their heads, with the room each has for its rows."""
    blocks = [block for band in find_bands(sheet.lines, is_analyte) for block in _split(band)]
    return [
        block._replace(under_quality_control=_is_titled_quality_control(block, sheet))
        for block in _give_room(blocks, sheet)
    ]


def _is_titled_quality_control(block: Block, sheet: Sheet) -> bool:
    first = bisect_left(sheet.lines, block.top - _TITLE_ABOVE * block.height, key=lambda line: line.middle)
    above = itertools.takewhile(lambda line: line.middle < block.top, sheet.lines[first:])
    return any(
        cell.x0 < block.x1 and len(cell.text) <= _LONGEST_TITLE and _QUALITY_CONTROL.match(cell.text)
        for line in above
        for cell in line.cells
    )


def _split(band: Band) -> Iterator[Block]:
    """Cut a band into blocks: a new one begins at a name column from which on the kinds of columns repeat.

    Where no name column has a head, it begins where the kinds repeat behind room for names.
    """
    names_have_heads = any(head.column.kind is ColumnKind.NAME for head in band.heads)
    groups: list[list[Head]] = []
    for position, head in enumerate(band.heads):
        kind = head.column.kind
        before = {other.column.kind for other in groups[-1]} if groups else set()
        after = {other.column.kind for other in band.heads[position:]}
        if names_have_heads:
            begins = kind is ColumnKind.NAME and groups and groups[-1][-1].column.kind is not ColumnKind.NAME
        else:
            begins = kind in before and _leaves_room(groups[-1][-1], head, band.height)
        if not groups or (begins and before & after - {ColumnKind.OTHER}) or _is_far(groups[-1][-1], head, band.height):
            groups.append([])
        groups[-1].append(head)
    for group in groups:
        if len(group) > 1 and {head.column.kind for head in group} & SAY_A_RESULT:
            top, bottom = min(head.top for head in group), max(head.bottom for head in group)
            columns = tuple(head.column for head in group)
            yield Block(columns, top, bottom, left=0.0, right=0.0, floor=0.0, height=band.height)


def _leaves_room(left: Head, right: Head, height: float) -> bool:
    return right.column.x0 - left.column.x1 > _ROOM_FOR_NAMES * height


def _is_far(left: Head, right: Head, height: float) -> bool:
    """Only a column of names may be so wide that the next head stands far from its own."""
    return left.column.kind is not ColumnKind.NAME and right.column.x0 - left.column.x1 > _FAR * height


def _give_room(blocks: Sequence[Block], sheet: Sheet) -> list[Block]:
    """Bound each block by the next head below it and by its neighbours at both sides."""
    floored = [block._replace(floor=_floor(block, blocks, sheet.height)) for block in blocks]
    return [
        block._replace(left=_left(block, floored), right=_right(block, floored, sheet.width))
        for block in sorted(floored, key=lambda block: (block.top, block.x0))
    ]


def _floor(block: Block, blocks: Sequence[Block], page_height: float) -> float:
    below = [
        other.top
        for other in blocks
        if other.top >= block.bottom and overlap(block.x0, block.x1, other.x0, other.x1) > 0
    ]
    return min(below, default=page_height)


def _left(block: Block, blocks: Sequence[Block]) -> float:
    ends = [other.x1 for other in blocks if other.x1 <= block.x0 and _stand_beside(block, other)]
    return max(ends, default=0.0)


def _right(block: Block, blocks: Sequence[Block], page_width: float) -> float:
    starts = [other.x0 for other in blocks if other.x0 >= block.x1 and _stand_beside(block, other)]
    return min(starts, default=page_width)


def _stand_beside(block: Block, other: Block) -> bool:
    return other is not block and overlap(block.top, block.floor, other.top, other.floor) > 0
