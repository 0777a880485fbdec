"""The command that says what changed in a folder since it was last looked at."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kratom_quality.cli.options import (
    ClaimsFile,
    Codes,
    Folder,
    GramsPerDay,
    Jobs,
    Json,
    LedgerPlace,
    Ocr,
    Password,
    SettingsFile,
    StandardName,
    Today,
    Vocabularies,
)

if TYPE_CHECKING:
    from kratom_quality.ledger import Ledger
    from kratom_quality.tracking import MarketState

GRAVE_CHANGES = 3


def watch(
    folder: Folder,
    ledger: LedgerPlace = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row an alert and place.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", file_okay=False, help="Write the report, with what changed.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the report of an earlier run in DIR.")] = False,
    claims: ClaimsFile = None,
    standard: StandardName = None,
    grams_per_day: GramsPerDay = None,
    today: Today = None,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
    as_json: Json = False,
    jobs: Jobs = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Say what changed in FOLDER since the last run: failures, moves, laboratories, pauses, signals, changes of level.

    What was said counts as seen once all of it is printed and written; a run that ends before says it again.
    """
    from kratom_quality import output, report, tracking
    from kratom_quality.cli import terminal
    from kratom_quality.cli.given import Given
    from kratom_quality.cli.judging import How, of_ledger

    given = Given.load(folder, config, standard, claims, vocabulary, today, grams_per_day)
    if out:
        report.require_replaceable(out, report.REPORT_FILES, force=force)
    place, how, day = ledger or given.settings.ledger, How(password, jobs, ocr, codes), given.context.today
    with of_ledger(folder, given, place, None, how) as judged:
        ranking, before = judged.ranking(), _last_look(judged.ledger, folder)
        now = tracking.MarketState.of(ranking, judged.vendors, today=day, failures=judged.failures)
        alerts = tracking.changes(before, now, judged.vendors) if before else ()
        since = before.day if before else None
        if csv:
            with output.replacing(csv) as stream:
                tracking.write_alerts(alerts, stream)
        if out:
            with terminal.progress_bar() as progress:
                report.write_report(
                    ranking,
                    out,
                    judged.certificates(),
                    judged.failures,
                    folder=folder,
                    today=day,
                    alerts=alerts,
                    since=since,
                    password=password,
                    jobs=jobs,
                    force=force,
                    progress=progress,
                )
        if as_json:
            terminal.print_json(alerts=alerts, since=since, basis=ranking.basis, failures=judged.failures)
        else:
            terminal.print_alerts(alerts, since, now, ranking.basis)
        judged.ledger.keep_state(folder, now.model_dump_json().encode())
        grave = any(alert.severity == "high" for alert in alerts)
        with suppress(typer.Exit) if grave else nullcontext():
            judged.close()
        if grave:
            raise typer.Exit(GRAVE_CHANGES)


def _last_look(kept: Ledger, folder: Path) -> MarketState | None:
    """Return what the folder looked like; None where it was not looked at, or by a version that kept other things."""
    from pydantic import ValidationError

    from kratom_quality.cli.terminal import print_note
    from kratom_quality.tracking import MarketState

    payload = kept.last_state(folder)
    try:
        return MarketState.model_validate_json(payload) if payload else None
    except ValidationError:
        print_note("what another version kept of the last look cannot be compared; this look counts as the first")
        return None
