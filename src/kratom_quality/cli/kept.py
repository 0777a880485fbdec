"""The commands that use a ledger: what it has of a vendor, what was withdrawn, and reading what it does not hold."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from kratom_quality.cli.options import Json, LedgerPlace, SettingsFile, Vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kratom_quality.batch import Batch
    from kratom_quality.batch.recipe import Recipe
    from kratom_quality.frames import Row
    from kratom_quality.ledger import Ledger
    from kratom_quality.ledger.series import History

_Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As it was on this day.", show_default="now"),
]
_SHOWN_DIGITS = 8  # of a digest, which 'withdraw' takes
_WIDE = frozenset({"product", "laboratory", "reason", "printed_analyte", "printed_result", "standard"})


def history(
    vendor: Annotated[str, typer.Argument(metavar="VENDOR", show_default=False, help="As the ledger names it.")],
    ledger: LedgerPlace = None,
    analyte: Annotated[
        str | None, typer.Option(metavar="NAME", help="Show its results.", show_default="none; all in JSON and CSV")
    ] = None,
    as_of: _Day = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row a result.")] = None,
    as_json: Json = False,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
) -> None:
    """Show a vendor over time: its certificates, results of an analyte, scores, and what was withdrawn."""
    from kratom_quality import output
    from kratom_quality.cli import terminal
    from kratom_quality.cli.given import read_settings
    from kratom_quality.ledger.series import RESULT_SERIES
    from kratom_quality.spreadsheet import write_table

    settings = read_settings([Path()], config)
    name = _analyte_id(analyte, vocabulary or settings.vocabulary) if analyte else None
    with opened(ledger or settings.ledger, create=False) as book:
        found = book.history(settings.vendor(vendor), name, as_of.date() if as_of else None)
    if csv:
        with output.replacing(csv) as stream:
            write_table(stream, RESULT_SERIES, ([row.get(column) for column in RESULT_SERIES] for row in found.results))
    if as_json:
        parts = {"certificates": found.certificates, "results": found.results, "scores": found.scores}
        terminal.print_json(vendor=found.vendor, **parts)
    elif not csv:
        _print_history(found, with_results=name is not None)


def withdraw(
    certificate: Annotated[
        str, typer.Argument(metavar="FILE", show_default=False, help="Its file, or 8 digits of its SHA-256.")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, in a few words.", show_default=False)],
    ledger: LedgerPlace = None,
    replaced_by: Annotated[
        str | None, typer.Option(metavar="FILE", help="The certificate in its place.", show_default="none")
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="DATE", help="Since when.", show_default="today"),
    ] = None,
    config: SettingsFile = None,
) -> None:
    """Note that a certificate was withdrawn or replaced: it is kept, and counts no more from that day on."""
    from kratom_quality.cli.given import read_settings
    from kratom_quality.cli.terminal import console
    from kratom_quality.printable import printable

    settings = read_settings([Path()], config)
    since = day.date() if day else date.today()
    with opened(ledger or settings.ledger, create=False) as book:
        book.withdraw(certificate, reason, day=since, successor=replaced_by)
    console().print(printable(f"withdrawn since {since}: {certificate}"))


def read_into(
    place: str,
    paths: Sequence[str | Path],
    recipe: Recipe,
    jobs: int | None,
    vendor_name: Callable[[str], str],
    *,
    again: bool,
    everything: bool,
) -> Batch:
    """Read what a ledger does not hold, say how much it held, and return all records, or the new and what failed."""
    from kratom_quality.cli.terminal import print_note, progress_bar

    with opened(place, create=True) as ledger, progress_bar() as progress:
        intake = ledger.intake(paths, recipe, jobs, progress, again=again, vendor_name=vendor_name)
        batch = intake.batch() if everything else intake.news()
    print_note(f"the ledger held {len(intake.known)} of {len(intake.files)} files")
    return batch


def opened(place: str | None, *, create: bool) -> Ledger:
    """Open a ledger; a mistake where none is named."""
    if place is None:
        raise typer.BadParameter("name the ledger by --ledger, KRATOM_QUALITY_LEDGER or in kratom-quality.toml")
    from kratom_quality.ledger import Ledger

    return Ledger.open(place, create=create)


def _analyte_id(name: str, files: Sequence[Path]) -> str:
    """Return the id of an analyte given by its id or as printed."""
    from kratom_quality.cli.words import meanings
    from kratom_quality.vocabulary import Vocabulary

    known = Vocabulary.load(*files) if files else Vocabulary.default()
    if name in known.analytes:
        return name
    found = {meaning.analyte.id for meaning in meanings(known, name) if not meaning.misread}
    if len(found) != 1:
        meant = f"may be {' or '.join(sorted(found))}" if found else "is not in the vocabulary"
        raise typer.BadParameter(f"{name!r} {meant}; see 'kratom-quality vocabulary {name}'", param_hint="--analyte")
    return found.pop()


def _print_history(found: History, *, with_results: bool) -> None:
    from kratom_quality.cli.terminal import console
    from kratom_quality.printable import printable

    out = console()
    out.print(printable(f"{found.vendor}: {len(found.certificates)} certificates"), style="bold")
    _print_table(("date", "batch", "product", "laboratory", "results", "sha256", "path"), found.certificates)
    if with_results:
        out.print("\nresults", style="bold")
        _print_table(("date", "batch", "printed_analyte", "printed_result", "unit", "state", "page"), found.results)
    if found.scores:
        out.print("\nscores", style="bold")
        _print_table(("date", "standard", "rank", "grade", "score (90 %)", "label risk"), map(_score, found.scores))
    if gone := [row for row in found.certificates if row["superseded"]]:
        out.print("\nwithdrawn or replaced", style="bold")
        _print_table(("superseded", "batch", "sha256", "successor", "reason"), gone)


def _score(row: Row) -> Row:
    """A score with its interval in one cell, as the ranking prints it."""
    low, median, high = (row[name] for name in ("reputability_low", "reputability", "reputability_high"))
    return {
        **row,
        "score (90 %)": f"{median:.0f} ({low:.0f}-{high:.0f})",
        "label risk": f"{row['mislabeling_risk']:.0%}",
    }


def _print_table(columns: Sequence[str], rows: Iterable[Row]) -> None:
    from rich.table import Table

    from kratom_quality.cli.terminal import console

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold", no_wrap=column not in _WIDE)
    for row in rows:
        table.add_row(*(_cell(column, row.get(column)) for column in columns))
    console().print(table)


def _cell(column: str, value: object) -> str:
    from kratom_quality.printable import printable

    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3g}"
    if column in ("sha256", "successor"):
        return str(value)[:_SHOWN_DIGITS]
    return printable(PurePath(str(value)).name if column == "path" else str(value))
