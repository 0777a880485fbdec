"""The head of a certificate: who tested what for whom, and when.

Labels are looked up in ``data/header.toml`` and their values taken from the places beside them; what no label names is
looked for by its form. Page 1 is read whole; of the next page only the repeated head, and only for what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kratom_quality.parsing.dates import writes_day_first
from kratom_quality.parsing.fields import FieldReader, Found, Place, body_top
from kratom_quality.parsing.header_values import accept
from kratom_quality.parsing.header_words import DATE_FIELDS, Field, HeaderWords, Label, header_words, key
from kratom_quality.parsing.labs import LabFinder, LabProfile, find_accreditation, lab_profiles
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.parties import find_client
from kratom_quality.parsing.titles import find_product, find_signing_date, find_verdict, matrix_below
from kratom_quality.records import Dates, Laboratory, Verdict

# Added to the rank of a label that stands among the results, or on a later page.
_IN_THE_RESULTS, _ON_A_LATER_PAGE = 20, 100
_REPEATED_HEAD = 0.3  # share of a later page's height
# From these ranks on a label says too little: a strain is a product only where there is no title, "tested by" may name
# an analyst, and among the results a status or a date is that of one panel.
_WEAK_PRODUCT, _WEAK_LABORATORY, _PANEL_STATUS, _PANEL_DATE = 3, 1, 2, 2
_NO_FIELDS = frozenset({"other", "party_name"})
_TESTED = frozenset({"tested", "tested_from", "tested_to"})


class Header(NamedTuple):
    """What the head of a certificate says; None where it says nothing."""

    laboratory: Laboratory = Laboratory()
    client: str | None = None
    product: str | None = None
    matrix: str | None = None
    batch: str | None = None
    sample_id: str | None = None
    dates: Dates = Dates()
    overall_status: Verdict | None = None


class _Choice(NamedTuple):
    rank: int
    value: str
    found: Found


def read_header(sheets: Sequence[Sheet], profiles: Mapping[str, LabProfile] | None = None) -> Header:
    """Read the head of a certificate.

    Parameters
    ----------
    sheets
        The pages laid out, in order.
    profiles
        Laboratories by web domain; the shipped ones by default.
    """
    if not sheets:
        return Header()
    words = header_words()
    return _HeaderReader(sheets, words, LabFinder(words.companies, lab_profiles() if profiles is None else profiles)).read()


class _HeaderReader:
    def __init__(self, sheets: Sequence[Sheet], words: HeaderWords, labs: LabFinder) -> None:
        self._sheets = sheets
        self._words = words
        self._labs = labs
        self._page = FieldReader(sheets[0])
        self._body = body_top(self._page, words)
        self._day_first = self._find_date_order()
        self._choices: dict[Field, _Choice] = {}

    def read(self) -> Header:
        self._choose(self._page, self._body, 0)
        for sheet in self._sheets[1:2]:
            self._choose(FieldReader(sheet, _REPEATED_HEAD * sheet.height), float("inf"), _ON_A_LATER_PAGE)
        client, laboratory = self._parties()
        product, title = self._product(client, laboratory)
        return Header(
            laboratory=Laboratory(name=laboratory, accreditation=find_accreditation(self._sheets)),
            client=client,
            product=product,
            matrix=self._value("matrix") or (matrix_below(title, self._page, self._words) if title else None),
            batch=self._value("batch"),
            sample_id=self._value("sample_id"),
            dates=self._dates(),
            overall_status=self._overall_status(),
        )

    def _find_date_order(self) -> bool:
        lines = [line.text for line in self._sheets[0].lines]
        decided = writes_day_first(lines)
        if decided is not None:
            return decided
        return any(word in line for line in lines for word in self._words.words.european)

    def _choose(self, reader: FieldReader, body: float, penalty: int) -> None:
        for found in reader.labelled():
            in_results = found.cell.middle >= body
            for label in sorted(found.labels, key=lambda label: label.field == "product"):
                if label.field in _NO_FIELDS or (in_results and not _holds_for_the_sample(label, found)) or (penalty and label.field in _TESTED):
                    continue
                rank = label.rank + found.penalty + penalty + _IN_THE_RESULTS * in_results
                chosen = self._choices.get(label.field)
                if chosen is not None and chosen.rank <= rank:
                    continue
                value = self._first_accepted(label, found)
                if value is not None:
                    self._choices[label.field] = _Choice(rank, value, found)
                    break

    def _first_accepted(self, label: Label, found: Found) -> str | None:
        values = (
            accept(label.field, text, self._words, bound=found.bound, day_first=self._day_first) for text in found.texts
        )
        value = next((value for value in values if value is not None), None)
        if value is None or label.field != "laboratory" or label.rank < _WEAK_LABORATORY:
            return value
        return value if self._labs.looks_like_company(value) else None

    def _value(self, field: Field) -> str | None:
        choice = self._choices.get(field)
        return choice.value if choice else None

    def _parties(self) -> tuple[str | None, str | None]:
        client = self._value("client")
        laboratory = self._value("laboratory") or self._labs.find(self._sheets[0], client)
        if client is None:
            client = find_client(self._page, self._words, self._body, lambda name: self._is_laboratory(name, laboratory))
        return client, laboratory or self._labs.by_domain(self._sheets[0], client)

    def _is_laboratory(self, name: str, laboratory: str | None) -> bool:
        return self._labs.is_laboratory(name) or (laboratory is not None and key(name)[:2] == key(laboratory)[:2])

    def _product(self, client: str | None, laboratory: str | None) -> tuple[str | None, Place | None]:
        choice = self._choices.get("product")
        if choice is not None and choice.rank < _WEAK_PRODUCT:
            return choice.value, self._page.place_of(choice.found.cell)
        parties = {key(name) for name in (client, laboratory) if name}
        title = find_product(
            self._page, self._words, self._body, lambda name: key(name) in parties or self._labs.is_laboratory(name)
        )
        if title is not None:
            return title.cell.text, title
        return (choice.value if choice else None), None

    def _dates(self) -> Dates:
        reported = self._value("reported")
        if reported is None:
            signed = (find_signing_date(sheet, self._words, day_first=self._day_first) for sheet in self._last_page_second())
            reported = next(filter(None, signed), None)
        return Dates(
            collected=self._value("collected"), received=self._value("received"), tested=self._tested(), reported=reported
        )

    def _last_page_second(self) -> Iterator[Sheet]:
        yield self._sheets[0]
        if len(self._sheets) > 1:
            yield self._sheets[-1]

    def _tested(self) -> str | None:
        start, end = self._value("tested_from"), self._value("tested_to")
        if start and end and start < end and "/" not in start + end:
            return f"{start}/{end}"
        return self._value("tested") or end

    def _overall_status(self) -> Verdict | None:
        labelled = self._value("overall_status")
        return self._words.verdict(labelled) if labelled else find_verdict(self._page, self._words, self._body)


def _holds_for_the_sample(label: Label, found: Found) -> bool:
    """Whether a label among the results may still speak of the whole sample."""
    if not found.bound:
        return label.field == "overall_status" and label.rank == 0
    if label.field == "overall_status":
        return label.rank < _PANEL_STATUS
    return label.field not in _TESTED and not (label.field in DATE_FIELDS and label.rank >= _PANEL_DATE)
