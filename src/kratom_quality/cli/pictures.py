"""Where the pictures of ``inspect`` go."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path

import typer

from kratom_quality.batch.stream import SECONDS_FOR_OCR
from kratom_quality.cli.limits import asked
from kratom_quality.drawing import draw_page
from kratom_quality.printable import printable, printable_path
from kratom_quality.reading.sandbox import Sandbox
from kratom_quality.records import Certificate
from kratom_quality.vocabulary import Vocabulary


def write_pictures(
    certificate: Certificate,
    page: int | None,
    out: Path | None,
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
) -> None:
    """Draw one page, or all of them, in a child process, into PNG files, and print the name of each file written."""
    pages = [page] if page is not None else list(range(1, certificate.source.pages + 1))
    draw = partial(_png, certificate=certificate, vocabulary=vocabulary, password=password)
    given = asked()
    seconds = given["seconds"] + SECONDS_FOR_OCR * len(certificate.source.pages_by_ocr)
    with closing(Sandbox(draw, seconds, given["limits"].for_ocr())) as sandbox:
        for number, picture in zip(pages, _names(certificate, pages, out), strict=True):
            drawn = sandbox(number)
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(drawn)
            typer.echo(printable(printable_path(picture)))


def _png(page: int, certificate: Certificate, vocabulary: Vocabulary | None, password: str | None) -> bytes:
    stream = BytesIO()
    draw_page(certificate, page, vocabulary=vocabulary, password=password).save(stream, format="PNG")
    return stream.getvalue()


def _names(certificate: Certificate, pages: list[int], out: Path | None) -> list[Path]:
    """``out`` itself for one page, ``out-2.png`` for one of several; in a folder, the certificate's name and page."""
    if out is not None and out.suffix.lower() == ".png" and not out.is_dir():
        return [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{number}") for number in pages]
    stem = Path(certificate.source.path or "certificate").stem
    return [(out or Path()) / f"{stem}-page-{number}.png" for number in pages]
