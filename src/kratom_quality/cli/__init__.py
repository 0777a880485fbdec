"""The command line: takes arguments, calls the library, prints; each command imports the heavy modules it needs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import kratom_quality
from kratom_quality.cli import epilogs, kept, limits, lists, reading, watching
from kratom_quality.cli.options import (
    AsOf,
    ClaimsFile,
    Codes,
    Folder,
    FolderOrLedger,
    GramsPerDay,
    Jobs,
    Json,
    LedgerPlace,
    LimitSettings,
    Ocr,
    Password,
    Seconds,
    SettingsFile,
    StandardName,
    Today,
    Vocabularies,
)
from kratom_quality.errors import ExecutorError, InputError

USAGE_ERROR = 2

app = typer.Typer(
    name="kratom-quality",
    help="Read kratom lab certificates into validated records and score the vendors behind them.",
    epilog=epilogs.OVERVIEW,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help in plain text starts three times as fast
)


def main() -> None:
    """Run the command line; a mistake in what was given ends with a message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except (InputError, ExecutorError, OSError) as error:
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
    version: Annotated[  # noqa: ARG001  # its callback does the work
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    seconds: Seconds = None,
    limit: LimitSettings = None,
) -> None:
    limits.keep(seconds, limit)


app.command(epilog=epilogs.READ)(reading.read)
app.command(epilog=epilogs.INSPECT)(reading.inspect)


@app.command(epilog=epilogs.SCORE)
def score(
    folder: FolderOrLedger = None,
    claims: ClaimsFile = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="Write report.html, and everything as tables.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the report of an earlier run in DIR.")] = False,
    pictures: Annotated[int, typer.Option(min=0, metavar="N", help="Pictures of findings for each vendor.")] = 12,
    standard: StandardName = None,
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
    as_json: Json = False,
    ledger: LedgerPlace = None,
    as_of: AsOf = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Rank vendors by their certificates; the vendor is the first folder below FOLDER, else the client as read."""
    from kratom_quality.cli import terminal
    from kratom_quality.cli.given import Given
    from kratom_quality.cli.judging import How, judging

    given = Given.load(folder, config, standard, claims, vocabulary, today or as_of, grams_per_day)
    if out:
        from kratom_quality import report  # a quarter of the start, for those who want one

        report.require_replaceable(out, report.REPORT_FILES, force=force)
    day, how = as_of.date() if as_of else None, How(password, jobs, ocr, codes)
    with judging(folder, given, ledger, day, how) as judged:
        ranking = judged.ranking()
        if out:
            with terminal.progress_bar() as progress:
                report.write_report(
                    ranking,
                    out,
                    judged.certificates(),
                    judged.failures,
                    folder=folder,
                    today=given.context.today,
                    pictures=pictures,
                    password=password,
                    jobs=jobs,
                    force=force,
                    progress=progress,
                )
        if as_json:
            terminal.print_json(vendors=ranking.scores, basis=ranking.basis, failures=judged.failures)
        else:
            terminal.print_ranking(ranking)
        judged.close()


@app.command(epilog=epilogs.CHECK)
def check(
    folder: Folder,
    claims: ClaimsFile = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row a finding.")] = None,
    standard: StandardName = None,
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
    as_json: Json = False,
    ledger: LedgerPlace = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Find what certificates show against a standard, label claims, each other and themselves."""
    from kratom_quality import checks, output
    from kratom_quality.cli import terminal
    from kratom_quality.cli.given import Given
    from kratom_quality.cli.judging import How, judging

    given = Given.load(folder, config, standard, claims, vocabulary, today, grams_per_day)
    with judging(folder, given, ledger, None, How(password, jobs, ocr, codes)) as judged:
        findings = judged.findings()
        if csv:
            with output.replacing(csv) as stream:
                output.write_findings(findings, stream)
        basis = checks.rests_on(given.context)
        if as_json:
            terminal.print_json(findings=findings, basis=basis, failures=judged.failures)
        else:
            terminal.print_findings(findings, basis)
        judged.close()


@app.command(epilog=epilogs.EXPLAIN)
def explain(
    folder: Folder,
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False, help="As the ranking names it.")],
    claims: ClaimsFile = None,
    standard: StandardName = None,
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
    as_json: Json = False,
    ledger: LedgerPlace = None,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Say what moved a vendor's score, with file and page, what is missing, and what one more certificate would do."""
    from kratom_quality.cli import terminal
    from kratom_quality.cli.given import Given
    from kratom_quality.cli.judging import How, judging

    given = Given.load(folder, config, standard, claims, vocabulary, today, grams_per_day)
    with judging(folder, given, ledger, None, How(password, jobs, ocr, codes)) as judged:
        ranking = judged.ranking()
        try:
            explained = ranking[given.settings.vendor(vendor)]
        except KeyError as error:
            raise typer.BadParameter(str(error.args[0])) from error
        if as_json:
            terminal.print_json(vendor=explained, explanation=explained.explain(), basis=ranking.basis)
        else:
            terminal.print_explanation(explained, ranking.basis)
        judged.close()


app.command(epilog=epilogs.HISTORY)(kept.history)
app.command(epilog=epilogs.WITHDRAW)(kept.withdraw)
app.command(epilog=epilogs.WATCH)(watching.watch)
app.command(epilog=epilogs.STANDARDS)(lists.standards)
app.command(epilog=epilogs.VOCABULARY)(lists.vocabulary)
