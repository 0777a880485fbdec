"""What the commands say on a terminal; nothing printed in a PDF reaches it with a control character."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
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

from kratom_quality.batch import Batch, File
from kratom_quality.batch import Progress as BatchProgress
from kratom_quality.printable import inert_json, printable, printable_path
from kratom_quality.records import Certificate, Finding, Severity

if TYPE_CHECKING:
    from kratom_quality.scoring import Ranking, VendorScore


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
    weighty = [finding for finding in score.findings if finding.severity in (Severity.HIGH, Severity.MEDIUM)]
    weighty.sort(key=lambda finding: finding.severity is not Severity.HIGH)
    counts = Counter(finding.kind for finding in weighty)
    unrated = [f"unrated: {score.reason}"] if score.reason else []
    return ", ".join([*unrated, *(f"{kind} {count}" for kind, count in counts.items())]) or "nothing of weight found"


def print_closing(batch: Batch) -> None:
    """Say on standard error what was read, what gave no results and what failed, each with its reason."""
    errors = console(stderr=True)
    empty = [certificate for certificate in batch.certificates if not certificate.results]
    read, failed = len(batch.certificates), len(batch.failures)
    errors.print(f"{read + failed} files: {read} read, {len(empty)} of them without results; {failed} failed")
    for certificate in empty:
        why = certificate.problems[0].message if certificate.problems else "nothing on its pages says why"
        errors.print(printable(f"no results: {certificate.source.path}: {why}"), style="yellow")
    for failure in batch.failures:
        errors.print(printable(f"failed: {failure.file}: {failure.reason}"), style="red")
