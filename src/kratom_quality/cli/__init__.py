"""The command line: takes arguments, calls the library, prints; each command imports the heavy modules it needs."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kratom_quality.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kratom_quality.batch import Batch

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


def main() -> None:
    """Run the command line; a mistake in what was given ends with a message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except InputError as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}")


def _stop(message: str) -> None:
    from kratom_quality.printable import printable

    typer.echo(f"Error: {printable(message)}", err=True)
    sys.exit(USAGE_ERROR)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kratom-quality {version('kratom-quality')}")
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
) -> None:
    """Read certificates into validated records; print a summary of each where no file is asked for."""
    from kratom_quality import output
    from kratom_quality.cli import terminal

    with ExitStack() as stack:
        writers = ((jsonl, output.write_records), (csv, output.write_results), (failures, output.write_failures))
        outputs = [(stack.enter_context(output.replacing(path)), write) for path, write in writers if path]
        batch = _read(paths, vocabulary, password, jobs)
        for stream, write in outputs:
            write(batch, stream)
    if jsonl is None and csv is None:
        for certificate in batch.certificates:
            terminal.print_certificate(certificate)
    _close(batch)


def _read(paths: Sequence[Path], vocabulary: Sequence[Path] | None, password: str | None, jobs: int | None) -> Batch:
    from kratom_quality.batch import read_many
    from kratom_quality.cli.terminal import progress_bar
    from kratom_quality.vocabulary import Vocabulary

    names = Vocabulary.load(*vocabulary) if vocabulary else None
    with progress_bar() as progress:
        return read_many(paths, vocabulary=names, password=password, jobs=jobs, progress=progress)


def _close(batch: Batch) -> None:
    from kratom_quality.cli.terminal import print_closing

    print_closing(batch)
    if batch.failures:
        raise typer.Exit(SOME_FAILED)
