"""Arguments and options that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

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
Codes = Annotated[bool, typer.Option("--codes", help="Read QR codes too, which takes longer; needs the extra 'qr'.")]
Folder = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER", exists=True, file_okay=False, show_default=False, help="Certificates, a subfolder a vendor."
    ),
]
ClaimsFile = Annotated[
    Path | None, typer.Option("--claims", metavar="FILE", exists=True, dir_okay=False, help="CSV of label claims.")
]
StandardName = Annotated[
    str, typer.Option("--standard", metavar="NAME", help="Standard to judge by: a name, or a TOML file.")
]
GramsPerDay = Annotated[
    float | None,
    typer.Option(min=0.1, metavar="G", help="Grams of product a day, for daily limits.", show_default="one serving"),
]
Today = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of judgement.", show_default="today"),
]
