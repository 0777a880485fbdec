"""What the commands say on a terminal; nothing printed in a PDF reaches it with a control character."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kratom_quality.batch import Batch
from kratom_quality.batch import Progress as BatchProgress
from kratom_quality.printable import printable, printable_path
from kratom_quality.records import Certificate


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no guessed colours, no cut lines."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[BatchProgress]:
    """Show progress on standard error where that is a terminal, else nothing."""
    errors = console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=errors, disable=not errors.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, total: int, file: Path) -> None:
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


def print_closing(batch: Batch) -> None:
    """Say on standard error what was read, what gave no results and what failed, each with its reason."""
    errors = console(stderr=True)
    empty = [certificate for certificate in batch.certificates if not certificate.results]
    read, failed = len(batch.certificates), len(batch.failures)
    errors.print(f"{read + failed} files: {read} read, {len(empty)} of them without results; {failed} failed")
    for certificate in empty:
        reasons = "; ".join(problem.message for problem in certificate.problems)
        errors.print(printable(f"no results: {certificate.source.path}: {reasons}"), style="yellow")
    for failure in batch.failures:
        errors.print(printable(f"failed: {failure.file}: {failure.reason}"), style="red")
