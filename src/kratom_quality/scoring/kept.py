"""Scores from examinations that were kept: only vendors of whom something changed are examined anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property, lru_cache, partial

from kratom_quality.checks import LotReport, VendorReport
from kratom_quality.checks.context import Context
from kratom_quality.checks.examination import Portfolio, examine_vendor, reports_on_nobody
from kratom_quality.checks.reuse import holders_of
from kratom_quality.collector import collector_at_rest
from kratom_quality.records import Finding
from kratom_quality.scoring.account import Account, weighty_of
from kratom_quality.scoring.evidence import Evidence
from kratom_quality.scoring.examinations import Examination, on_the_last_day, packed, unpacked, unpacked_findings
from kratom_quality.scoring.memory import Memory, key_of, recall_or_make, some_at_once
from kratom_quality.scoring.ranking import Ranking
from kratom_quality.scoring.score import rank
from kratom_quality.scoring.shared import SharedSigns, Told, packed_marks, told

_FINDINGS_AT_HAND = 8  # vendors whose findings are not loaded again when they are asked for again


def score_kept(memory: Memory, context: Context) -> Ranking:
    """Score the vendors of a memory, one of them in mind at a time; those that are as they were are not examined again.

    The ranking is that of :func:`kratom_quality.score` to the last bit. Findings and batches are taken from the memory
    when they are asked for, which must then still be open.
    """
    with collector_at_rest():
        examiner = Examiner(memory, context)
        return rank(examiner.accounts(sorted(examiner.vendors)), context)


def check_kept(memory: Memory, context: Context) -> Iterator[Finding]:
    """Yield every finding, as :func:`kratom_quality.check` lists them, vendors in the memory's order."""
    examiner = Examiner(memory, context)
    for account, _ in examiner.accounts(examiner.vendors):
        yield from account.findings()
    for report in reports_on_nobody(examiner.vendors, context):
        yield from report.findings


class Examiner:
    """Goes through the vendors of a memory, and examines those of whom it keeps no examination that holds.

    An examination is kept under a digest of everything it rests on: the vendor's certificates, those of others that
    share a sign with them, the standard, the vendor's claims, the grams taken, and this package.
    """

    def __init__(self, memory: Memory, context: Context) -> None:
        self._memory, self._context = memory, context
        self._own = {vendor: key_of(sorted(group)) for vendor, group in memory.vendors().items() if group}
        self._terms = (context.standard.model_dump_json(), context.grams_per_day, context.grams_per_serving)
        self._findings = lru_cache(_FINDINGS_AT_HAND)(self._load_findings)

    @property
    def vendors(self) -> Collection[str]:
        """The vendors of whom there are certificates, in the memory's order."""
        return self._own.keys()

    def accounts(self, vendors: Iterable[str]) -> Iterator[tuple[Account, Evidence]]:
        """Yield the account of each of these vendors, and its evidence as it counts on the day of judgement."""
        for some in some_at_once(vendors):
            for vendor, data in self._examinations(some).items():
                yield self._account(vendor, unpacked(data))

    def _account(self, vendor: str, examination: Examination) -> tuple[Account, Evidence]:
        today = self._context.today
        if examination.holds_on(today):
            weighty = examination.weighty_on(today)
        else:
            report = self._examined(vendor, self._context)
            examination, weighty = Examination.of(report), weighty_of(report)
        account = Account(
            vendor=vendor,
            certificates=examination.certificates,
            missing_panels=examination.missing_panels,
            weighty=weighty,
            evidence=partial(self._evidence, vendor),
            findings=partial(self._findings, vendor),
            lots=partial(self._lots, vendor),
        )
        return account, examination.evidence.on(today)

    def _evidence(self, vendor: str) -> Evidence:
        return self._account(vendor, unpacked(self._examinations([vendor])[vendor]))[1]

    def _load_findings(self, vendor: str) -> tuple[Finding, ...]:
        data, today = self._examinations([vendor])[vendor], self._context.today
        examination = unpacked(data)
        if not examination.holds_on(today):
            return self._examined(vendor, self._context).findings
        return tuple(examination.findings_on(today, unpacked_findings(data)))

    def _lots(self, vendor: str) -> tuple[LotReport, ...]:
        return self._examined(vendor, self._context).lots

    def _examined(self, vendor: str, context: Context) -> VendorReport:
        return examine_vendor(self._portfolio(vendor), self._shared.holders, context)

    def _portfolio(self, vendor: str) -> Portfolio:
        return Portfolio.of(vendor, self._memory.certificates(vendor))

    def _examinations(self, vendors: Iterable[str]) -> dict[str, bytes]:
        keys = {vendor: self._key(vendor, self._shared.of(vendor)) for vendor in vendors}
        return recall_or_make(self._memory, keys, self._examination)

    def _examination(self, vendor: str) -> dict[str, bytes]:
        report = self._examined(vendor, on_the_last_day(self._context))
        return {self._key(vendor, self._shared.of(vendor)): packed(Examination.of(report), report.findings)}

    def _key(self, vendor: str, shared: Told) -> str:
        claims = [str(claim) for claim in self._context.claims_of(vendor)]
        return key_of("examination", vendor, self._own[vendor], shared, claims, self._terms)

    @cached_property
    def _shared(self) -> SharedSigns:
        return SharedSigns(self._own, self._recalled_marks)

    def _recalled_marks(self, vendors: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for some in some_at_once(vendors):
            keys = {vendor: self._key_of_marks(vendor) for vendor in some}
            yield from recall_or_make(self._memory, keys, self._marks).items()

    def _key_of_marks(self, vendor: str) -> str:
        return key_of("marks", vendor, self._own[vendor])

    def _marks(self, vendor: str) -> dict[str, bytes]:
        """Return a vendor's marks, and its examination as if no other vendor shared a sign: then it stands."""
        portfolio = self._portfolio(vendor)
        holders = holders_of(portfolio.marks)
        report = examine_vendor(portfolio, holders, on_the_last_day(self._context))
        return {
            self._key_of_marks(vendor): packed_marks(portfolio.marks),
            self._key(vendor, told(holders, holders)): packed(Examination.of(report), report.findings),
        }
