"""Does a row's confidence mean what it says: for each step of confidence, the share of rows that are right.

    python benchmarks/reliability.py CERTIFICATES TRUTH [--vocabulary FILE] [--show N]

``TRUTH`` holds one JSON file a certificate, its ``file`` naming the certificate and its ``results`` the printed rows. A
row is *judged* where its analyte is known or its printed name stands in the truth. It is *right* where the truth has it
on the same page, in the same unit and with the same result. Its number is *wrong* where the truth has the row on that
page, but with another result or in another unit; a figure without a unit is not wrong, only of less use.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kratom_quality import Vocabulary, read_many
from kratom_quality.errors import ValueFormatError
from kratom_quality.units import normalise_unit
from kratom_quality.values import is_blank, parse_value
from kratom_quality.vocabulary import fold

STEPS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
_LIGATURES = re.compile(r"ffi|ffl|fi|fl|ff")

Row = dict[str, Any]


class Bin(NamedTuple):
    """Rows whose confidence is at least ``least`` and below the next step's."""

    least: float
    rows: int
    right: int
    number_right: int

    @property
    def numbers_wrong(self) -> int:
        """Rows the truth has, with another result: the worst thing a reader can do."""
        return self.rows - self.number_right


class Judged(NamedTuple):
    """A row read, and what the truth says of it."""

    file: str
    row: Row
    right: bool
    number_right: bool


def reliability(records: Iterable[dict[str, Any]], truth_dir: Path) -> list[Bin]:
    """Count, for each step of confidence, the rows judged, those right and those without a wrong number.

    Parameters
    ----------
    records
        Certificates as JSON holds them.
    truth_dir
        Truth files of the same certificates; records without one are passed over.
    """
    return table(judge_all(records, truth_dir))


def table(judged: Iterable[Judged]) -> list[Bin]:
    """Sort judged rows into bins, the least sure first."""
    counts: dict[float, Counter[str]] = {step: Counter() for step in STEPS}
    for one in judged:
        confidence = one.row.get("confidence")
        step = max(step for step in STEPS if step <= (1.0 if confidence is None else confidence))
        counts[step].update(rows=1, right=one.right, number_right=one.number_right)
    return [Bin(step, count["rows"], count["right"], count["number_right"]) for step, count in counts.items()]


def judge_all(records: Iterable[dict[str, Any]], truth_dir: Path) -> list[Judged]:
    """Judge the rows of every record that has a truth."""
    truths = {}
    for path in sorted(truth_dir.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        truths["/".join(Path(truth["file"]).parts[-2:])] = truths[Path(truth["file"]).name] = truth
    judged: list[Judged] = []
    for record in records:
        file = Path(record["source"]["path"] or "")
        truth = truths.get("/".join(file.parts[-2:])) or truths.get(file.name)
        if truth is not None:
            judged += judge(file.name, record["results"], truth["results"])
    return judged


def judge(file: str, rows: Iterable[Row], truth: Iterable[Row]) -> list[Judged]:
    """Judge the rows of one certificate; each row of the truth makes one row right."""
    places: dict[tuple[str, int], list[Row]] = defaultdict(list)
    names = set()
    for row in truth:
        names.add(_name(row["analyte"]))
        places[_name(row["analyte"]), row["page"]].append(row)
    judged = []
    for row in rows:
        spelt = [_name(row["printed"]["analyte"]), *([_name(row["name"])] if row["name"] else [])]
        if not row["analyte"] and not names.intersection(spelt):
            continue
        found = [other for name in dict.fromkeys(spelt) for other in places.get((name, row["page"]), ())]
        unit, value = _unit(row["printed"]["unit"]), _value(row["printed"]["result"])
        equal = [other for other in found if _value(other["result"]) == value]
        same = [other for other in equal if _unit(other.get("unit")) in {unit, ""}]
        if same:
            for name in spelt:
                places[name, row["page"]] = [other for other in places[name, row["page"]] if other is not same[0]]
        number_right = bool(same) or not found or (bool(equal) and not unit)
        judged.append(Judged(file, row, bool(same), number_right))
    return judged


def _name(text: str | None) -> str:
    return _LIGATURES.sub("", fold(text or ""))


def _unit(text: str | None) -> str:
    return (normalise_unit(text) or fold(text)) if text else ""


def _value(text: str | None) -> tuple[object, ...]:
    """What a result says, so that '1,000' is '1000' and 'ND' is 'Not Detected'."""
    if text is None or is_blank(text):
        return ("blank",)
    try:
        value = parse_value(text)
    except ValueFormatError:
        return (fold(text),)
    numbers = (value.number, value.lower, value.upper)
    plain = fold(text) if value.state in {"described", "conforms", "does_not_conform"} else ""
    return (value.state, *numbers, plain)


def print_table(bins: Sequence[Bin]) -> None:
    print("confidence      rows   right          numbers wrong")
    for index, one in enumerate(bins):
        end = bins[index + 1].least if index + 1 < len(bins) else 1.0
        share = f"{one.right / one.rows:7.2%}" if one.rows else "      -"
        print(f"{one.least:.2f} to {end:.2f}  {one.rows:6} {one.right:6} {share}  {one.numbers_wrong:6}")
    sure = [one for one in bins if one.least >= 0.9]
    rows, right, wrong = (
        sum(column) for column in zip(*((b.rows, b.right, b.numbers_wrong) for b in sure), strict=True)
    )
    every = sum(one.rows for one in bins)
    if rows:
        print(
            f"at 0.90 or more: {rows} of {every} rows ({rows / every:.1%}), {right / rows:.2%} right, "
            f"{wrong} wrong numbers ({1000 * wrong / rows:.2f} in 1,000)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("certificates", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--vocabulary", type=Path, action="append", default=[])
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print up to N rows at 0.9 or more not right")
    options = parser.parse_args()
    batch = read_many([options.certificates], vocabulary=Vocabulary.load(*options.vocabulary))
    judged = judge_all([one.model_dump(mode="json") for one in batch.certificates], options.truth)
    print_table(table(judged))
    faults = [one for one in judged if not one.right and (one.row["confidence"] or 1.0) >= 0.9]
    for one in faults[: options.show]:
        printed = one.row["printed"]
        fault = "not in the truth" if one.number_right else "WRONG NUMBER"
        place = f"{one.file} p{one.row['page']}"
        print(f"  {place}: {printed['analyte']} = {printed['result']} {printed['unit']}: {fault}")


if __name__ == "__main__":
    main()
