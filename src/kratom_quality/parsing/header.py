"""The head of a certificate: who tested what for whom, and when.

Labels are looked up in ``data/header.toml`` and their values taken from the places beside them; what no label names is
looked for by its form. The first page is read whole; of the next only the repeated head, for what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kratom_quality.parsing.accreditation import find_accreditation
from kratom_quality.parsing.choices import Choices
from kratom_quality.parsing.dates import writes_day_first
from kratom_quality.parsing.fields import Body, find_body
from kratom_quality.parsing.header_tables import Field
from kratom_quality.parsing.header_words import header_words
from kratom_quality.parsing.labs import LabProfile, lab_finder, lab_profiles
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.parties import Company, addressed_companies, head_of_paper
from kratom_quality.parsing.places import Place, Places
from kratom_quality.parsing.prose import read_prose
from kratom_quality.parsing.titles import (
    find_closing_verdict,
    find_lone_date,
    find_product,
    find_report_number,
    find_signing_date,
    find_verdict,
    matrix_below,
)
from kratom_quality.parsing.tokens import key
from kratom_quality.records import Dates, Laboratory, Verdict

_COVERS, _FEWEST_LABELS = 3, 3  # pages that may be covers; labels that show a page is none
_REPEATED_HEAD = 0.26  # share of a later page below its first line
_RELEASED = 1  # from this rank on, a label of the report's date may speak of an approval
_STRAIN = 3  # from this rank on, a label names the product only where there is no title


_CLIENTS: tuple[Field, ...] = ("client", "manufacturer", "seller")
_BESIDE: tuple[Field, ...] = ("manufacturer", "distributor", "serving_size", "unit_mass", "label_claim")


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
    manufacturer: str | None = None
    distributor: str | None = None
    serving_size: str | None = None
    unit_mass: str | None = None
    label_claim: str | None = None


def read_header(sheets: Sequence[Sheet], profiles: Mapping[str, LabProfile] | None = None) -> Header:
    """Read the head of a certificate.

    Parameters
    ----------
    sheets
        The pages laid out, in order; those whose text says what they show.
    profiles
        Laboratories by web domain; the shipped ones by default.
    """
    if not sheets:
        return Header()
    return _HeaderReader(sheets, lab_profiles() if profiles is None else profiles).read()


class _HeaderReader:
    def __init__(self, sheets: Sequence[Sheet], profiles: Mapping[str, LabProfile]) -> None:
        self._profiles = profiles
        self._words = header_words()
        self._labs = lab_finder()
        self._sheets, self._page = _without_covers(sheets)
        self._body = find_body(self._page, self._words)
        self._day_first = self._writes_day_first()
        self._choices = Choices(self._words, self._labs, day_first=self._day_first)

    def read(self) -> Header:
        self._choices.look_at(self._page, self._body)
        for sheet in self._sheets[1:2]:
            self._choices.look_at(Places(sheet, _REPEATED_HEAD), Body(), later_page=True)
        self._prose = read_prose(self._page, self._body, day_first=self._day_first)
        client, laboratory = self._parties()
        product, title = self._product(client, laboratory)
        return Header(
            laboratory=Laboratory(name=laboratory, accreditation=find_accreditation(self._sheets)),
            client=client,
            product=product,
            matrix=self._value("matrix") or (matrix_below(title, self._page, self._words) if title else None),
            batch=self._value("batch"),
            sample_id=self._value("sample_id") or find_report_number(self._page, self._words, self._body),
            dates=self._dates(),
            overall_status=self._overall_status(),
            **{field: self._choices.value(field) for field in _BESIDE},
        )

    def _value(self, field: Field) -> str | None:
        """What stands behind a label, or in a sentence."""
        return self._choices.value(field) or self._prose.get(field)

    def _writes_day_first(self) -> bool:
        text = "\n".join(place.cell.text for place in self._page)
        decided = writes_day_first(text)
        return self._words.european.search(text) is not None if decided is None else decided

    def _parties(self) -> tuple[str | None, str | None]:
        client, laboratory = self._labelled_client() or self._prose.get("client"), self._choices.value("laboratory")
        companies = self._companies()
        first, *others = self._sheets
        laboratory = laboratory or self._labs.find(first, companies, client)
        for sheet in reversed(others):
            laboratory = laboratory or self._labs.find(sheet, (), client)
        unlabelled = (company.name for company in companies if not self._is_laboratory(company.name, laboratory))
        client = client or next(unlabelled, None)
        return client, laboratory or self._laboratory_by_domain(client)

    def _labelled_client(self) -> str | None:
        """Who is labelled as the client; else the maker or the seller, who may have ordered the tests."""
        parties = [(rank, choice) for rank, field in enumerate(_CLIENTS) if (choice := self._choices.get(field))]
        best = min(parties, key=lambda party: party[0] + party[1].rank, default=None)
        return best[1].value if best else None

    def _companies(self) -> list[Company]:
        """Names that head an address or the paper, without the title of the sample."""
        product = self._labelled_product()
        title = None if product else self._title(None, None)
        companies = [
            company
            for company in addressed_companies(self._page, self._words)
            if not self._body.holds(company.place.cell) or self._labs.is_company(company.name)
        ]
        head = head_of_paper(self._page, self._words)
        if head is not None and all(company.place is not head.place for company in companies):
            companies.append(head)
        companies.sort(key=lambda company: company.place.cell.middle)
        return [
            company
            for company in companies
            if (title is None or company.place is not title) and (product is None or key(company.name) != key(product))
        ]

    def _laboratory_by_domain(self, client: str | None) -> str | None:
        hosts = self._labs.hosts(self._sheets[0])
        known = next((self._profiles[host.domain].name for host in hosts if host.domain in self._profiles), None)
        others = (host.domain for host in hosts if host.is_web and not (client and self._labs.belongs_to(host, client)))
        return known or next(others, None)

    def _is_laboratory(self, name: str, laboratory: str | None) -> bool:
        if laboratory is None:
            return self._labs.is_laboratory(name)
        shared = min(len(key(name)), len(key(laboratory)))
        return key(name)[:shared] == key(laboratory)[:shared]

    def _labelled_product(self) -> str | None:
        choice = self._choices.get("product")
        return choice.value if choice is not None and choice.rank < _STRAIN else None

    def _product(self, client: str | None, laboratory: str | None) -> tuple[str | None, Place | None]:
        """The product and where it stands."""
        choice = self._choices.get("product")
        if choice is not None and self._labelled_product():
            return choice.value, self._page.find(choice.cell)
        if told := self._prose.get("product"):
            return told, None
        title = self._title(client, laboratory)
        if title is not None:
            return title.cell.text, title
        return (choice.value if choice else None), None

    def _title(self, client: str | None, laboratory: str | None) -> Place | None:
        parties = {key(name) for name in (client, laboratory) if name}
        return find_product(
            self._page, self._words, self._body, lambda name: key(name) in parties or self._labs.may_be_laboratory(name)
        )

    def _dates(self) -> Dates:
        reported = self._reported()
        return Dates(
            collected=self._choices.value("collected"),
            received=self._value("received"),
            tested=self._tested(reported),
            reported=reported,
        )

    def _reported(self) -> str | None:
        labelled = self._choices.get("reported")
        if labelled is not None and labelled.rank < _RELEASED:
            return labelled.value
        completed = self._choices.value("completed")
        return completed or (labelled.value if labelled else self._unlabelled_report_date())

    def _unlabelled_report_date(self) -> str | None:
        lone = find_lone_date(self._page, self._body, day_first=self._day_first)
        signed = (find_signing_date(sheet, self._words, day_first=self._day_first) for sheet in self._sheets)
        return lone or next(filter(None, signed), None)

    def _tested(self, reported: str | None) -> str | None:
        start, end = self._choices.value("tested_from"), self._choices.value("tested_to")
        if start and end and start < end and "/" not in start + end:
            return f"{start}/{end}"
        completed = self._choices.value("completed")
        return self._choices.value("tested") or end or (completed if completed != reported else None)

    def _overall_status(self) -> Verdict | None:
        labelled = self._choices.value("overall_status")
        if labelled:
            return self._words.verdict(labelled)
        shown = find_verdict(self._page, self._words, self._body)
        return shown or find_closing_verdict(self._sheets[1:], self._words)


def _without_covers(sheets: Sequence[Sheet]) -> tuple[Sequence[Sheet], Places]:
    """The pages from the first with labelled fields on, and that one's places: some certificates begin with a cover."""
    for number, sheet in enumerate(sheets[:_COVERS]):
        places = Places(sheet)
        if sum(place.is_label for place in places) >= _FEWEST_LABELS:
            return sheets[number:], places
    return sheets, Places(sheets[0])
