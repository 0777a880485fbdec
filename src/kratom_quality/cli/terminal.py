"""What the commands say on a terminal; nothing printed in a PDF reaches it with a control character."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from kratom_quality.batch import Batch, Failure, File, Kept
from kratom_quality.batch import Progress as BatchProgress
from kratom_quality.printable import inert_json, printable, printable_path
from kratom_quality.records import Certificate, Finding, Severity

if TYPE_CHECKING:
    from datetime import date

    from kratom_quality.scoring import Ranking, VendorScore
    from kratom_quality.tracking import Alert, MarketState

_MOST_PLACES = 4


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no guessed colours, no cut lines."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def print_json(**parts: object) -> None:
    """Print one JSON object on standard output; records, and sequences of them, become what they are in JSON."""
    from pydantic_core import to_json

    sys.stdout.write(inert_json(to_json(parts, indent=2).decode()) + "\n")


def print_note(text: str) -> None:
    """Say something on standard error that a person should know and a program need not."""
    console(stderr=True).print(printable(text), style="yellow")


class _RateColumn(ProgressColumn):
    """Files a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.1f}/s")


@contextmanager
def progress_bar() -> Iterator[BatchProgress]:
    """Show progress on standard error where that is a terminal, else nothing."""
    errors = console(stderr=True)
    name = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis"))
    columns = (BarColumn(20), MofNCompleteColumn(), _RateColumn(), TimeRemainingColumn(compact=True), name)
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, total: int, file: File) -> None:
            if bar.tasks[0].total is None and done > 1:  # an earlier run read them: they tell no rate
                bar.reset(task, completed=done)
            bar.update(task, completed=done, total=total, description=printable(printable_path(file.name)))

        yield update


def print_certificate(certificate: Certificate) -> None:
    """Print a few lines on one certificate."""
    out = console()
    out.print(printable(certificate.source.path or "certificate"), style="bold")
    understood = sum(row.analyte is not None for row in certificate.results)
    lines = {
        "laboratory": certificate.laboratory.name,
        "client": certificate.client,
        "product": certificate.product,
        "batch": certificate.batch,
        "reported": certificate.dates.reported,
        "rows": f"{len(certificate.results)}, {understood} with a known analyte",
    }
    for label, text in lines.items():
        out.print(f"  {label:<10}  {printable(text) if text else 'not found'}")
    for problem in certificate.problems:
        out.print(f"  problem     {printable(problem.message)}", style="yellow")


def print_ranking(ranking: Ranking) -> None:
    """Print the table of vendors, what was found on each, and what the numbers rest on."""
    out = console()
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("#", justify="right")
    table.add_column("vendor", overflow="fold")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for score in ranking:
        table.add_row(*_cells(score))
    out.print(table)
    out.print()
    for score in ranking:
        out.print(printable(f"{score.vendor}: {_remarks(score)}"))
    out.print(f"\n{ranking.basis}", soft_wrap=False)


def print_findings(findings: Iterable[Finding], basis: str) -> None:
    """Print findings vendor by vendor, the gravest first, each with its page, reason and authority, and the basis."""
    out, gravity = console(), list(Severity)
    findings = list(findings)
    if not findings:
        out.print("nothing found")
    for vendor, group in groupby(findings, key=lambda finding: finding.vendor):
        out.print(printable(vendor or "vendor not named"), style="bold")
        for finding in sorted(group, key=lambda finding: gravity.index(finding.severity)):
            out.print(
                printable(f"  {finding.severity:<6} {finding.kind} ({finding.probability:.0%}), {_place(finding)}")
            )
            said = " ".join(filter(None, (f"{finding.reason}.", f"[{finding.citation}]" if finding.citation else "")))
            out.print(Padding(printable(said), (0, 0, 0, 9)), soft_wrap=False)
    out.print(f"\n{basis}", soft_wrap=False)


def print_alerts(alerts: Sequence[Alert], since: date | None, now: MarketState, basis: str) -> None:
    """Print what changed as a table, the gravest first, or that nothing did."""
    out = console()
    certificates = sum(len(vendor.certificates) for vendor in now.vendors.values())
    if since is None:
        out.print(f"first look: {certificates} certificates of {len(now.vendors)} vendors are noted")
        return
    if not alerts:
        out.print(f"nothing changed since {since}")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading, width in (("", 6), (f"since {since}", 22), ("what changed", None)):
        table.add_column(heading, overflow="fold", width=width)
    for alert in alerts:
        who = f"{alert.vendor or 'all vendors'}\n{alert.date}"
        places = "".join(f"\n{printable(place)}" for place in _places(alert))
        table.add_row(
            alert.severity.value, "\n".join(map(printable, who.split("\n"))), printable(alert.sentence) + places
        )
    out.print(table, soft_wrap=False)
    out.print(f"\nA signal is a reason to look and no verdict. {basis}", soft_wrap=False)


def _places(alert: Alert) -> list[str]:
    """Return where an alert can be seen, the first few, each once."""
    seen = [
        f"{printable_path(Path(one.file).name)}{f', page {one.page}' if one.page else ''}"
        for one in alert.evidence
        if one.file
    ]
    distinct = list(dict.fromkeys(seen))
    more = len(distinct) - _MOST_PLACES
    return [*distinct[:_MOST_PLACES], *([f"and {more} more"] if more > 0 else [])]


def _place(finding: Finding) -> str:
    pages = sorted({source.page for source in finding.sources})
    file = printable_path(Path(finding.file).name) if finding.file else "no one file"
    return f"{file}, page {', '.join(map(str, pages))}" if pages else file


def print_explanation(score: VendorScore, basis: str) -> None:
    """Print what a vendor's score rests on, line by line."""
    out = console()
    for line in score.explain():
        out.print(printable(line))
    out.print(f"\n{basis}", soft_wrap=False)


_HEADINGS = ("grade, score\n(90 %)", "label\nrisk", "batches", "fails", "un-\ndecided", "panels\nmissing")


def _cells(score: VendorScore) -> tuple[str, ...]:
    return (
        "-" if score.rank is None else str(score.rank),
        printable(score.vendor),
        f"{score.grade or '-'} {score.reputability:.0f} ({score.low:.0f}-{score.high:.0f})",
        f"{score.mislabeling_risk:.0%}",
        *map(str, (score.batches, score.failures, score.undecided, score.missing_panels)),
    )


def _remarks(score: VendorScore) -> str:
    """Count the findings that weigh, the gravest first: ``over_limit 4, missing_panel 2``."""
    unrated = [f"unrated: {score.reason}"] if score.reason else []
    counts = (f"{kind} {count}" for kind, count in score.weighty.items())
    return ", ".join([*unrated, *counts]) or "nothing of weight found"


def print_kept(kept: Kept, folder: Path) -> None:
    """Say on standard error what was read into a folder, now and before."""
    errors = console(stderr=True)
    if kept.resumed:
        errors.print(f"{kept.resumed} files had been read before", style="yellow")
    if kept.changed:
        errors.print(f"{kept.changed} files have changed since they were read, and were read again", style="yellow")
    _print_counts(errors, kept.read, kept.empty, kept.failed)
    if kept.failed:
        errors.print(printable(f"failed: see {printable_path(folder / 'failures.csv')}"), style="red")


def _print_counts(errors: Console, read: int, empty: int, failed: int) -> None:
    errors.print(f"{read + failed} files: {read} read, {empty} of them without results; {failed} failed")


def print_closing(batch: Batch) -> None:
    """Say on standard error what was read, what gave no results and what failed, each with its reason."""
    empty = [certificate for certificate in batch.certificates if not certificate.results]
    print_counts(len(batch.certificates), empty, batch.failures)


def print_counts(read: int, empty: Sequence[Certificate], failures: Sequence[Failure]) -> None:
    """Say how many files were read, and which gave no results or no record."""
    errors = console(stderr=True)
    _print_counts(errors, read, len(empty), len(failures))
    for certificate in empty:
        why = certificate.problems[0].message if certificate.problems else "nothing on its pages says why"
        errors.print(printable(f"no results: {certificate.source.path}: {why}"), style="yellow")
    for failure in failures:
        errors.print(printable(f"failed: {failure.file}: {failure.reason}"), style="red")
