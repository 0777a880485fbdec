"""Where the pictures of ``inspect`` go."""

from __future__ import annotations

from pathlib import Path

import typer

from kratom_quality.drawing import draw_page
from kratom_quality.printable import printable, printable_path
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
    """Draw one page, or all of them, into PNG files, and print the name of each file written."""
    pages = [page] if page is not None else list(range(1, certificate.source.pages + 1))
    for number, picture in zip(pages, _names(certificate, pages, out), strict=True):
        image = draw_page(certificate, number, vocabulary=vocabulary, password=password)
        picture.parent.mkdir(parents=True, exist_ok=True)
        image.save(picture, format="PNG")
        typer.echo(printable(printable_path(picture)))


def _names(certificate: Certificate, pages: list[int], out: Path | None) -> list[Path]:
    """``out`` itself for one page, ``out-2.png`` for one of several; in a folder, the certificate's name and page."""
    if out is not None and out.suffix.lower() == ".png" and not out.is_dir():
        return [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{number}") for number in pages]
    stem = Path(certificate.source.path or "certificate").stem
    return [(out or Path()) / f"{stem}-page-{number}.png" for number in pages]
