"""The head of a certificate: who tested what for whom, and when.

Labels are looked up in ``data/header.toml`` and their values taken from the places beside them; what no label names is
looked for by its form. Page 1 is read whole; of the next page only the repeated head, and only for what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from kratom_quality.parsing.dates import find_dates, writes_day_first
from kratom_quality.parsing.fields import Found, body_top, find_fields
from kratom_quality.parsing.header_values import accept
from kratom_quality.parsing.header_words import DATE_FIELDS, Field, HeaderWords, Label, header_words, key
from kratom_quality.parsing.labs import LabProfile, find_accreditation, lab_finder, lab_profiles
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.parties import Company, addressed_companies, head_of_paper
from kratom_quality.parsing.places import Place, Places
from kratom_quality.parsing.titles import find_lone_date, find_product, find_signing_date, find_verdict, matrix_below
from kratom_quality.records import Dates, Laboratory, Verdict

# Added to the rank of a label that stands among the results, or on a later page.
_IN_THE_RESULTS, _ON_A_LATER_PAGE = 20, 100
_COVERS, _FEWEST_LABELS = 3, 3
_REPEATED_HEAD = 0.3  # share of a later page's height
# From these ranks on a label says too little: a strain is a product only where there is no title, "tested by" may name
# an analyst, and among the results a status or a date is that of one panel.
_WEAK_PRODUCT, _WEAK_LABORATORY, _PANEL_CONCLUSION, _PANEL_STATUS, _PANEL_DATE = 3, 1, 1, 2, 2
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
    return _HeaderReader(sheets, lab_profiles() if profiles is None else profiles).read()


class _HeaderReader:
    def __init__(self, sheets: Sequence[Sheet], profiles: Mapping[str, LabProfile]) -> None:
        self._sheets = sheets
        self._profiles = profiles
        self._words = header_words()
        self._labs = lab_finder()
        self._page, self._first = self._open()
        self._body = body_top(self._page, self._words)
        self._day_first = self._find_date_order()
        self._choices: dict[Field, _Choice] = {}

    def read(self) -> Header:
        self._choose(self._page, self._body, 0)
        for sheet in self._sheets[self._first + 1 : self._first + 2]:
            self._choose(Places(sheet, _REPEATED_HEAD * sheet.height), float("inf"), _ON_A_LATER_PAGE)
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

    def _open(self) -> tuple[Places, int]:
        """The first page that has labelled fields, for some certificates begin with a cover."""
        for number, sheet in enumerate(self._sheets[:_COVERS]):
            places = Places(sheet)
            if sum(place.is_label for place in places) >= _FEWEST_LABELS:
                return places, number
        return Places(self._sheets[0]), 0

    def _find_date_order(self) -> bool:
        text = "\n".join(cell.text for line in self._sheets[self._first].lines for cell in line.cells)
        decided = writes_day_first(text)
        return self._words.european.search(text) is not None if decided is None else decided

    def _choose(self, places: Places, body: float, penalty: int) -> None:
        for found in find_fields(places):
            in_results = found.cell.middle >= body
            for label, value in self._meanings(found, in_results, penalty > 0):
                rank = label.rank + found.penalty + penalty + _IN_THE_RESULTS * in_results
                chosen = self._choices.get(label.field)
                if chosen is None or rank < chosen.rank:
                    self._choices[label.field] = _Choice(rank, value, found)

    def _meanings(self, found: Found, in_results: bool, later: bool) -> Iterator[tuple[Label, str]]:
        """The fields a labelled text speaks of: the days of ``Collected, Received`` in turn, else the first that fits."""
        labels = [
            label
            for label in sorted(found.labels, key=lambda label: label.field == "product")
            if label.field not in _NO_FIELDS
            and (found.bound or not in_results or label.field == "overall_status")
            and (_holds_for_the_sample(label, found.bound) or not (in_results or later))
        ]
        if len(labels) > 1 and all(label.field in DATE_FIELDS for label in labels):
            yield from zip(labels, find_dates(" ".join(found.texts[:1]), day_first=self._day_first), strict=False)
            return
        fitting = ((label, value) for label in labels if (value := self._first_accepted(label, found)) is not None)
        yield from islice(fitting, 1)

    def _first_accepted(self, label: Label, found: Found) -> str | None:
        values = (
            accept(label.field, text, self._words, bound=found.bound, day_first=self._day_first) for text in found.texts
        )
        value = next((value for value in values if value is not None), None)
        if value is None or label.field != "laboratory" or label.rank < _WEAK_LABORATORY:
            return value
        return value if self._labs.is_company(value) else None

    def _value(self, field: Field) -> str | None:
        choice = self._choices.get(field)
        return choice.value if choice else None

    def _parties(self) -> tuple[str | None, str | None]:
        client, laboratory = self._value("client"), self._value("laboratory")
        companies = self._companies()
        for sheet in self._pages_for_the_small_print():
            laboratory = laboratory or self._labs.find(sheet, companies if sheet is self._sheets[0] else (), client)
        if client is None:
            others = (company.name for company in companies if not self._is_laboratory(company.name, laboratory))
            client = next(others, None)
        return client, laboratory or self._laboratory_by_domain(client)

    def _companies(self) -> list[Company]:
        """Names that head an address above the results, then the one that heads the paper."""
        title = None if self._has_product else self._title(None, None)
        addressed = addressed_companies(self._page, self._words)
        head = head_of_paper(self._page, self._words)
        companies = [
            company
            for company in addressed
            if company.place.cell.middle < self._body or self._labs.is_company(company.name)
        ]
        if head is not None and all(company.place is not head.place for company in companies):
            companies.append(head)
        companies.sort(key=lambda company: company.place.cell.middle)
        return [company for company in companies if title is None or company.place is not title]

    def _pages_for_the_small_print(self) -> Sequence[Sheet]:
        return self._sheets if len(self._sheets) < 3 else [self._sheets[0], self._sheets[-1], *self._sheets[1:-1]]

    def _laboratory_by_domain(self, client: str | None) -> str | None:
        hosts = self._labs.hosts(cell for line in self._sheets[0].lines for cell in line.cells)
        known = next((self._profiles[host.domain].name for host in hosts if host.domain in self._profiles), None)
        others = (host.domain for host in hosts if host.is_web and not (client and self._labs.belongs_to(host, client)))
        return known or next(others, None)

    def _is_laboratory(self, name: str, laboratory: str | None) -> bool:
        if laboratory is None:
            return self._labs.is_laboratory(name)
        shared = min(len(key(name)), len(key(laboratory)))
        return key(name)[:shared] == key(laboratory)[:shared]

    @property
    def _has_product(self) -> bool:
        choice = self._choices.get("product")
        return choice is not None and choice.rank < _WEAK_PRODUCT

    def _product(self, client: str | None, laboratory: str | None) -> tuple[str | None, Place | None]:
        choice = self._choices.get("product")
        if choice is not None and self._has_product:
            return choice.value, self._page.find(choice.found.cell)
        title = self._title(client, laboratory)
        if title is not None:
            return title.cell.text, title
        return (choice.value if choice else None), None

    def _title(self, client: str | None, laboratory: str | None) -> Place | None:
        parties = {key(name) for name in (client, laboratory) if name}
        return find_product(
            self._page, self._words, self._body, lambda name: key(name) in parties or self._labs.is_laboratory(name)
        )

    def _dates(self) -> Dates:
        return Dates(
            collected=self._value("collected"),
            received=self._value("received"),
            tested=self._tested(),
            reported=self._value("reported") or self._unlabelled_report_date(),
        )

    def _unlabelled_report_date(self) -> str | None:
        lone = find_lone_date(self._page, self._body, day_first=self._day_first)
        signed = (find_signing_date(sheet, self._words, day_first=self._day_first) for sheet in self._sheets)
        return lone or next(filter(None, signed), None)

    def _tested(self) -> str | None:
        start, end = self._value("tested_from"), self._value("tested_to")
        if start and end and start < end and "/" not in start + end:
            return f"{start}/{end}"
        return self._value("tested") or end

    def _overall_status(self) -> Verdict | None:
        labelled = self._value("overall_status")
        return self._words.verdict(labelled) if labelled else find_verdict(self._page, self._words, self._body)


def _holds_for_the_sample(label: Label, bound: bool) -> bool:
    """Whether a label among the results, or on a later page, may still speak of the whole sample."""
    if label.field == "overall_status":
        return label.rank < (_PANEL_STATUS if bound else _PANEL_CONCLUSION)
    return label.field not in _TESTED and not (label.field in DATE_FIELDS and label.rank >= _PANEL_DATE)
