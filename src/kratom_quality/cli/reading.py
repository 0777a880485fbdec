"""The commands that read certificates and judge nothing."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from kratom_quality.cli.limits import asked
from kratom_quality.cli.options import Codes, Dask, Jobs, Json, LedgerPlace, Ocr, Password, SettingsFile, Vocabularies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from kratom_quality.batch import Batch
    from kratom_quality.config import FolderSettings
    from kratom_quality.vocabulary import Vocabulary

SOME_FAILED = 1


class _How(TypedDict):
    """What is passed on to the library as it was given."""

    vocabulary: Vocabulary | None
    password: str | None
    ocr: bool
    codes: bool
    parquet: bool
    force: bool


def read(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Certificates, or folders of them; zip archives and addresses such as s3://bucket/folder.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            file_okay=False,
            help="Write records, results and failures as they come; the same command goes on where it was stopped.",
        ),
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write the results in DIR as Parquet.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Begin anew where DIR holds another reading.")] = False,
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one JSON record a certificate.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row a result.")] = None,
    failures: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the files that gave no record, with the reason.")
    ] = None,
    as_json: Json = False,
    ledger: LedgerPlace = None,
    again: Annotated[
        bool, typer.Option("--again", help="With a ledger: try files again of which we failed to read.")
    ] = False,
    vocabulary: Vocabularies = None,
    config: SettingsFile = None,
    jobs: Jobs = None,
    dask: Dask = None,
    password: Password = None,
    ocr: Ocr = True,
    codes: Codes = False,
) -> None:
    """Read certificates into validated records; print a summary of each where no file is asked for."""
    from kratom_quality import output
    from kratom_quality.batch.recipe import Recipe
    from kratom_quality.cli import terminal
    from kratom_quality.cli.kept import read_into

    settings = _settings_of(paths, config)
    names = load_vocabulary(vocabulary or settings.vocabulary)
    place = ledger or settings.ledger
    if out is not None:
        if jsonl or csv or failures or as_json or ledger:
            raise typer.BadParameter("--out DIR stands alone: it writes all that --jsonl, --csv and --failures do")
        how = _How(vocabulary=names, password=password, ocr=ocr, codes=codes, parquet=parquet, force=force)
        _read_to(out, paths, dask, jobs, how)
        return
    if parquet or force:
        raise typer.BadParameter("--parquet and --force need --out DIR")
    if place and dask:
        raise typer.BadParameter("--dask reads without a ledger; read into a folder with --out DIR")
    wanted = [path for path in (jsonl, csv, failures) if path]
    if len(set(wanted)) < len(wanted):
        raise typer.BadParameter("--jsonl, --csv and --failures need a file each")
    with ExitStack() as stack:
        opened = {path: stack.enter_context(output.replacing(path)) for path in wanted}
        if place is None:
            batch = read_batch(paths, names, password, jobs, ocr=ocr, codes=codes, dask=dask)
        else:
            recipe = Recipe(names, password, ocr, codes, **asked())
            everything = bool(wanted or as_json)
            batch = read_into(place, paths, recipe, jobs, settings.vendor, again=again, everything=everything)
        if jsonl:
            output.write_records(batch.certificates, opened[jsonl])
        if csv:
            output.write_results(batch.certificates, opened[csv])
        if failures:
            output.write_failures(batch.failures, opened[failures])
    if as_json:
        terminal.print_json(certificates=batch.certificates, failures=batch.failures)
    elif jsonl is None and csv is None:
        for certificate in batch.certificates:
            terminal.print_certificate(certificate)
    close(batch)


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
    config: SettingsFile = None,
    password: Password = None,
    ocr: Ocr = True,
) -> None:
    """Draw the pages of a certificate with what was read from them: rows, columns, unread text and problems."""
    from kratom_quality.cli.given import read_settings
    from kratom_quality.cli.pictures import write_pictures

    names = load_vocabulary(vocabulary or read_settings([file], config).vocabulary)
    batch = read_batch([file], names, password, 1, ocr=ocr, codes=False)
    for certificate in batch.certificates:
        write_pictures(certificate, page, out, vocabulary=names, password=password)
    close(batch)


def load_vocabulary(files: Sequence[Path] | None) -> Vocabulary | None:
    """Return the package's vocabulary with files added; None, which is the package's, without files."""
    from kratom_quality.vocabulary import Vocabulary

    return Vocabulary.load(*files) if files else None


def read_batch(
    paths: Sequence[str | Path],
    vocabulary: Vocabulary | None,
    password: str | None,
    jobs: int | None,
    *,
    ocr: bool,
    codes: bool,
    dask: str | None = None,
) -> Batch:
    """Read files and folders with progress shown."""
    from kratom_quality.batch import read_many
    from kratom_quality.cli.terminal import progress_bar

    with progress_bar() as progress, _workers(dask, jobs) as (executor, under_way):
        return read_many(
            paths,
            vocabulary=vocabulary,
            password=password,
            jobs=under_way,
            ocr=ocr,
            codes=codes,
            progress=progress,
            executor=executor,
            **asked(),
        )


def _read_to(out: Path, paths: Sequence[str], dask: str | None, jobs: int | None, how: _How) -> None:
    """Read into a folder with progress shown; end with exit code 1 where something failed."""
    from kratom_quality.batch import read_to
    from kratom_quality.cli.terminal import print_kept, progress_bar

    with progress_bar() as progress, _workers(dask, jobs) as (executor, under_way):
        kept = read_to(out, paths, jobs=under_way, progress=progress, executor=executor, **how, **asked())
    print_kept(kept, out)
    if kept.failed:
        raise typer.Exit(SOME_FAILED)


@contextmanager
def _workers(dask: str | None, jobs: int | None) -> Iterator[tuple[Executor | None, int | None]]:
    """Give the executor to read with, and how many files are under way at once."""
    if dask is None:
        yield None, jobs
        return
    from kratom_quality.batch.cluster import connected

    with connected(dask) as (executor, files):
        yield executor, jobs or files


def _settings_of(paths: Sequence[str], config: Path | None) -> FolderSettings:
    """Return the settings named, else those of the paths that are on disk."""
    from kratom_quality.batch.file import is_address
    from kratom_quality.cli.given import read_settings

    return read_settings([Path(path) for path in paths if not is_address(path)], config)


def close(batch: Batch) -> None:
    """Say what was read and what failed; end with exit code 1 where something did."""
    from kratom_quality.cli.terminal import print_closing

    print_closing(batch)
    if batch.failures:
        raise typer.Exit(SOME_FAILED)
