"""The command line: takes arguments, calls the library, prints; each command imports the heavy modules it needs."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kratom_quality
from kratom_quality.cli.options import (
    ClaimsFile,
    Codes,
    Folder,
    GramsPerDay,
    Jobs,
    Ocr,
    Password,
    StandardName,
    Today,
    Vocabularies,
)
from kratom_quality.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kratom_quality.batch import Batch
    from kratom_quality.checks import VendorCertificates
    from kratom_quality.scoring import Ranking
    from kratom_quality.vocabulary import Vocabulary

SOME_FAILED = 1
USAGE_ERROR = 2

app = typer.Typer(
    name="kratom-quality",
    help="Read kratom lab certificates into validated records and score the vendors behind them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain text starts three times as fast
)


def main() -> None:
    """Run the command line; a mistake in what was given ends with a message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except (InputError, OSError) as error:
        _stop(str(error))


def _stop(message: str) -> None:
    from kratom_quality.printable import printable

    typer.echo(f"Error: {printable(message)}", err=True)
    sys.exit(USAGE_ERROR)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kratom-quality {kratom_quality.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def read(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", exists=True, help="Certificates, or folders of them.", show_default=False),
    ],
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one JSON record a certificate.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row a result.")] = None,
    failures: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the files that gave no record, with the reason.")
    ] = None,
    vocabulary: Vocabularies = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Read certificates into validated records; print a summary of each where no file is asked for."""
    from kratom_quality import output
    from kratom_quality.cli import terminal

    wanted = [path for path in (jsonl, csv, failures) if path]
    if len(set(wanted)) < len(wanted):
        raise typer.BadParameter("--jsonl, --csv and --failures need a file each")
    with ExitStack() as stack:
        opened = {path: stack.enter_context(output.replacing(path)) for path in wanted}
        batch = _read(paths, vocabulary, password, jobs, ocr=ocr, codes=codes)
        if jsonl:
            output.write_records(batch.certificates, opened[jsonl])
        if csv:
            output.write_results(batch.certificates, opened[csv])
        if failures:
            output.write_failures(batch.failures, opened[failures])
    if jsonl is None and csv is None:
        for certificate in batch.certificates:
            terminal.print_certificate(certificate)
    _close(batch)


@app.command()
def inspect(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A certificate.", show_default=False),
    ],
    page: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Draw this page alone.", show_default="every page")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG", help="Picture to write, numbered where pages are several; or a folder.", show_default="here"
        ),
    ] = None,
    vocabulary: Vocabularies = None,
    password: Password = None,
    ocr: Ocr = True,
) -> None:
    """Draw the pages of a certificate with what was read from them: rows, columns, unread text and problems."""
    from kratom_quality.cli.pictures import write_pictures

    batch = _read([file], vocabulary, password, 1, ocr=ocr, codes=False)
    for certificate in batch.certificates:
        write_pictures(certificate, page, out, vocabulary=_vocabulary(vocabulary), password=password)
    _close(batch)


@app.command()
def score(
    folder: Folder,
    claims: ClaimsFile = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="Write report.html, and everything as tables.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the report of an earlier run in DIR.")] = False,
    pictures: Annotated[int, typer.Option(min=0, metavar="N", help="Pictures of findings for each vendor.")] = 12,
    standard: StandardName = "consumer",
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Rank vendors by their certificates; the vendor is the first folder below FOLDER, else the client as read."""
    from kratom_quality import report, scoring
    from kratom_quality.cli import terminal

    judge = _judge(standard, claims, vocabulary, today, grams_per_day)
    if out:
        report.require_replaceable(out, report.REPORT_FILES, force=force)
    batch = _read([folder], vocabulary, password, jobs, ocr=ocr, codes=codes)
    ranking = judge(scoring.assign_vendors(folder, batch.certificates))
    if out:
        with terminal.progress_bar() as progress:
            report.write_report(
                ranking,
                out,
                batch.certificates,
                batch.failures,
                folder=folder,
                today=today.date() if today else None,
                pictures=pictures,
                password=password,
                jobs=jobs,
                force=force,
                progress=progress,
            )
    terminal.print_ranking(ranking)
    _close(batch)


@app.command()
def check(
    folder: Folder,
    claims: ClaimsFile = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row a finding.")] = None,
    standard: StandardName = "consumer",
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Find what certificates show against a standard, label claims, each other and themselves."""
    from kratom_quality import checks, output, scoring
    from kratom_quality.claims import Claims
    from kratom_quality.cli import terminal

    claimed = Claims.load(claims, _vocabulary(vocabulary)) if claims else None
    context = checks.make_context(standard, claimed, today.date() if today else None, grams_per_day)
    batch = _read([folder], vocabulary, password, jobs, ocr=ocr, codes=codes)
    reports = checks.examine(scoring.assign_vendors(folder, batch.certificates), context)
    findings = [finding for report in reports for finding in report.findings]
    if csv:
        with output.replacing(csv) as stream:
            output.write_findings(findings, stream)
    terminal.print_findings(findings, checks.rests_on(context))
    _close(batch)


@app.command()
def explain(
    folder: Folder,
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False, help="As the ranking names it.")],
    claims: ClaimsFile = None,
    standard: StandardName = "consumer",
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Say what moved a vendor's score, with file and page, what is missing, and what one more certificate would do."""
    from kratom_quality import scoring
    from kratom_quality.cli import terminal

    judge = _judge(standard, claims, vocabulary, today, grams_per_day)
    batch = _read([folder], vocabulary, password, jobs, ocr=ocr, codes=codes)
    ranking = judge(scoring.assign_vendors(folder, batch.certificates))
    try:
        explained = ranking[vendor]
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from error
    terminal.print_explanation(explained, ranking.basis)
    _close(batch)


def _judge(
    standard: str,
    claims: Path | None,
    vocabulary: Sequence[Path] | None,
    today: datetime | None,
    grams_per_day: float | None,
) -> Callable[[VendorCertificates], Ranking]:
    """Load what vendors are judged by, before anything is read that takes long."""
    from kratom_quality import scoring
    from kratom_quality.claims import Claims
    from kratom_quality.standards import Standard

    judged_by = Standard.load(standard)
    claimed = Claims.load(claims, _vocabulary(vocabulary)) if claims else None
    day = today.date() if today else None
    return lambda vendors: scoring.score(vendors, judged_by, claimed, day, grams_per_day)


def _vocabulary(files: Sequence[Path] | None) -> Vocabulary | None:
    from kratom_quality.vocabulary import Vocabulary

    return Vocabulary.load(*files) if files else None


def _read(
    paths: Sequence[Path],
    vocabulary: Sequence[Path] | None,
    password: str | None,
    jobs: int | None,
    *,
    ocr: bool,
    codes: bool,
) -> Batch:
    from kratom_quality.batch import read_many
    from kratom_quality.cli.terminal import progress_bar

    names = _vocabulary(vocabulary)
    with progress_bar() as progress:
        return read_many(paths, vocabulary=names, password=password, jobs=jobs, ocr=ocr, codes=codes, progress=progress)


def _close(batch: Batch) -> None:
    from kratom_quality.cli.terminal import print_closing

    print_closing(batch)
    if batch.failures:
        raise typer.Exit(SOME_FAILED)
