"""How far a record agrees with what a person transcribed from the page by eye.

The judge reads no more into a cell than a person would: it shares no code with the reader it judges.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Record = Mapping[str, Any]
Meaning = tuple[str, object]

COLUMNS = ("lod", "loq", "limit", "status")
DATES = ("collected", "received", "tested", "reported")
HEADERS = ("laboratory", "accreditation", "client", "product", "matrix", "batch", "sample_id", *DATES, "overall_status")

_GREEK = {"δ": "delta", "∆": "delta", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon", "ω": "omega"}
_NOT_DETECTED = frozenset({"nd", "notdetected", "nondetect", "nondetected", "nonedetected", "undetected"})
_SAME_UNIT = {"percent": "%", "wt%": "%", "%wt": "%", "weight%": "%", "w/w%": "%", "%w/w": "%"}
_SAME_UNIT |= {"mcg/g": "ug/g", "mcg/kg": "ug/kg", "cfu/gram": "cfu/g", "a_w": "aw", "ppmw": "ppm"}
_PLAIN_SIGNS = str.maketrans({"µ": "u", "μ": "u", "–": "-", "—": "-", "≤": "<", "≥": ">", ",": None, " ": None})
_NUMBER = re.compile(r"(?P<sign>[<>]?)=?(?P<number>[-+]?\d*\.?\d+(?:e[-+]?\d+)?)", re.IGNORECASE)
_POWER = re.compile(r"(?:(?P<factor>\d[\d.]*)[x×*])?(?<![\d.])10\^(?P<power>-?\d+)")


@dataclass
class Tally:
    """Counts of one document or of many.

    Parameters
    ----------
    rows, found, right
        By panel: rows transcribed; those with a row of the same name; those on the same page with the same result in
        the same unit.
    claimed, confirmed
        By panel as read: rows the record claims to know, and those of them that are right.
    unit, number
        Rows found whose unit is right, and whose result is.
    columns, headers
        By name: right and wrong.
    """

    rows: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    confirmed: Counter[str] = field(default_factory=Counter)
    unit: int = 0
    number: int = 0
    columns: defaultdict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    headers: defaultdict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, other: Tally) -> None:
        """Add another's counts to these."""
        for mine, theirs in zip(self._by_panel(), other._by_panel(), strict=True):
            mine.update(theirs)
        self.unit += other.unit
        self.number += other.number
        for name in other.columns:
            self.columns[name].update(other.columns[name])
        for name in other.headers:
            self.headers[name].update(other.headers[name])

    def _by_panel(self) -> tuple[Counter[str], ...]:
        return self.rows, self.found, self.right, self.claimed, self.confirmed

    @property
    def recall(self) -> float:
        """Rows right, of those transcribed."""
        return share(self.right.total(), self.rows.total())

    @property
    def precision(self) -> float:
        """Rows right, of those claimed."""
        return share(self.confirmed.total(), self.claimed.total())

    @property
    def header(self) -> float:
        """Header fields right, of those printed or claimed."""
        return right_share(*self.headers.values())

    def column(self, name: str) -> float:
        """Cells right, of those printed or claimed in rows that are right."""
        return right_share(self.columns[name])


def share(part: int, whole: int) -> float:
    """A share; of nothing, all."""
    return part / whole if whole else 1.0


def right_share(*counts: Counter[bool]) -> float:
    """What is right of what was judged."""
    return share(sum(count[True] for count in counts), sum(count.total() for count in counts))


def judge(truth: Record, record: Record) -> Tally:
    """Compare a record with its truth, row by row and field by field."""
    tally = Tally()
    transcribed = {_name(row["analyte"]) for row in truth["results"]}
    rows_of: dict[str, list[Record]] = defaultdict(list)
    for row in record["results"]:
        names = {_name(row["printed"]["analyte"]), _name(row.get("name"))} - {""}
        for name in names:
            rows_of[name].append(row)
        if row["analyte"] or names & transcribed:
            tally.claimed[row["panel"]] += 1
    for wanted in truth["results"]:
        _judge_row(wanted, rows_of, tally)
    printed_fields, fields = {**truth, **truth["dates"]}, _flat(record)
    for name in HEADERS:
        printed, read = printed_fields[name], fields[name]
        if printed is not None or read is not None:
            tally.headers[name][_same_text(printed, read)] += 1
    return tally


def _judge_row(wanted: Record, rows_of: Mapping[str, list[Record]], tally: Tally) -> None:
    tally.rows[wanted["panel"]] += 1
    candidates = rows_of.get(_name(wanted["analyte"]), [])
    best = max(candidates, key=lambda row: _agreement(wanted, row), default=None)
    if best is None:
        return
    for others in rows_of.values():
        others[:] = [row for row in others if row is not best]
    agreement = _, same_unit, same_result = _agreement(wanted, best)
    tally.found[wanted["panel"]] += 1
    tally.unit += same_unit
    tally.number += same_result
    if all(agreement):
        tally.right[wanted["panel"]] += 1
        tally.confirmed[best["panel"]] += 1
        _judge_columns(wanted, best["printed"], tally)


def _agreement(wanted: Record, row: Record) -> tuple[bool, bool, bool]:
    """Whether page, unit and result are those transcribed; a unit nobody transcribed is no fault."""
    printed, read = _unit(wanted["unit"]), _unit(row["printed"]["unit"])
    result = _meaning(row["printed"]["result"], read or printed)
    return row["page"] == wanted["page"], printed in {"", read}, result == _meaning(wanted["result"], printed)


def _judge_columns(wanted: Record, printed: Record, tally: Tally) -> None:
    unit = _unit(wanted["unit"])
    for column in COLUMNS:
        want, got = wanted[column], printed[column]
        if want is not None or got is not None:
            same = _same_text(want, got) if column == "status" else _meaning(want, unit) == _meaning(got, unit)
            tally.columns[column][same] += 1


def _flat(record: Record) -> dict[str, Any]:
    """A record's fields by the names the truth has for them."""
    laboratory = record["laboratory"]
    return {**record, **record["dates"], "laboratory": laboratory["name"], "accreditation": laboratory["accreditation"]}


def _same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts are the same, or one a part of the other."""
    if one is None or other is None:
        return False
    short, long = sorted((_fold(one), _fold(other)), key=len)
    return short == long or (len(short) > 4 and short in long)


def _fold(text: str | None) -> str:
    """Letters, digits and comparisons alone, Greek letters spelt out."""
    folded = unicodedata.normalize("NFKD", text or "").casefold()
    return re.sub(r"[^a-z0-9<>]", "", "".join(_GREEK.get(letter, letter) for letter in folded))


def _name(text: str | None) -> str:
    """A name without the ligatures that some fonts lose: 'Aspergillus flavus' is set as 'Aspergillus avus'."""
    return re.sub(r"ff[il]|f[fil]", "", _fold(text))


def _unit(text: str | None) -> str:
    spelt = unicodedata.normalize("NFKC", text or "").casefold().translate(_PLAIN_SIGNS).strip("()[]")
    return _SAME_UNIT.get(spelt, spelt)


def _meaning(text: str | None, unit: str) -> Meaning:
    """What a cell says, so that '1,000' is '1000', '1000 ppm' is '1000' in ppm, and 'ND' is 'Not Detected'."""
    shown = unicodedata.normalize("NFKC", text or "").strip().rstrip("*†‡").strip()
    if _fold(shown) in _NOT_DETECTED:
        return ("not detected", None)
    plain = shown.translate(_PLAIN_SIGNS)
    if plain in {"", "-", "--"}:
        return ("blank", None)
    for candidate in (plain, _without_unit(plain, unit)):
        spelt = _POWER.sub(lambda power: f"{power['factor'] or 1}e{power['power']}", candidate)
        if number := _NUMBER.fullmatch(spelt):
            return (number["sign"] or "number", round(float(number["number"]), 10))
    return ("text", _fold(shown))


def _without_unit(text: str, unit: str) -> str:
    """A number without the unit behind it, where that is the row's."""
    behind = re.fullmatch(r"(?P<number>.*\d)(?P<unit>\D+)", text)
    return behind["number"] if behind and unit and _unit(behind["unit"]) == unit else text


def total(tallies: Iterable[Tally]) -> Tally:
    """The counts of several documents together."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


def worst_recall(tallies: Sequence[Tally]) -> float:
    """Recall of the document read worst."""
    return min((tally.recall for tally in tallies), default=1.0)
