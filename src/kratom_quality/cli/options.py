"""Arguments and options that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def _standards(incomplete: str) -> list[str]:
    """Complete the name of a standard."""
    from kratom_quality.standards import Standard

    return [name for name in Standard.names() if name.startswith(incomplete)]


def _panels(incomplete: str) -> list[str]:
    """Complete the name of a panel."""
    from kratom_quality.records import Panel

    return [panel for panel in Panel if panel.startswith(incomplete)]


Vocabularies = Annotated[
    list[Path] | None,
    typer.Option(
        "--vocabulary", metavar="FILE", exists=True, dir_okay=False, help="TOML file of further analytes; repeatable."
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        envvar="KRATOM_QUALITY_PASSWORD", metavar="TEXT", help="Password tried on encrypted files.", show_default=False
    ),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Reading processes.", show_default="one for each processor")
]
Ocr = Annotated[bool, typer.Option("--ocr/--no-ocr", help="Read scans by OCR where the extra 'ocr' is installed.")]
Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="Read on the Dask cluster with this scheduler.", show_default=False),
]
Codes = Annotated[bool, typer.Option("--codes", help="Read QR codes too, which takes longer; needs the extra 'qr'.")]
Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", exists=True, file_okay=False, show_default=False, help="Certificates, a subfolder a vendor."
    ),
]
FolderOrLedger = Annotated[
    Path | None,
    typer.Argument(
        metavar="FOLDER",
        exists=True,
        file_okay=False,
        show_default="all that the ledger has",
        help="Certificates, a subfolder a vendor.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As the ledger had it on this day.", show_default="now"
    ),
]
ClaimsFile = Annotated[
    Path | None, typer.Option("--claims", metavar="FILE", exists=True, dir_okay=False, help="CSV of label claims.")
]
StandardName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        autocompletion=_standards,
        help="Standard to judge by: a name, or a TOML file.",
        show_default="consumer",
    ),
]
ListedStandard = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        autocompletion=_standards,
        help="Show this one: a name, or a TOML file.",
        show_default="list all",
    ),
]
PanelName = Annotated[
    str | None,
    typer.Option(
        "--panel", metavar="PANEL", autocompletion=_panels, help="This panel alone.", show_default="all panels"
    ),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="Settings; flags win over them.",
        show_default="kratom-quality.toml in the folder or above it",
    ),
]
LedgerPlace = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        envvar="KRATOM_QUALITY_LEDGER",
        metavar="URL",
        help="Ledger that keeps what is read: a file, or postgresql://user@host/database.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
GramsPerDay = Annotated[
    float | None,
    typer.Option(min=0.1, metavar="G", help="Grams of product a day, for daily limits.", show_default="one serving"),
]
Today = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of judgement.", show_default="today"),
]
Seconds = Annotated[
    float | None,
    typer.Option(min=0.1, metavar="S", help="Time limit for one file; scans are allowed more.", show_default="60"),
]
LimitSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="What a file may ask for, such as pages=1000 or memory_bytes=4e9; repeatable.",
        show_default=False,
    ),
]
