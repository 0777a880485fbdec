"""Seconds per certificate, as a ratio to merely extracting the text with pypdfium2 in the same run.

    python benchmarks/speed.py FOLDER [--vocabulary FILE] [--repeat 5] [--plumber]

From bytes to validated record, one process, the best of several runs of each; ``--plumber`` adds pdfplumber's bare
``extract_words`` on the same files, which takes a while.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pdfplumber
import pypdfium2

from kratom_quality import Vocabulary, read_certificate


def bare_text(data: bytes) -> None:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_range()
    document.close()


def plumber_words(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_words()


def best(works: Sequence[Callable[[bytes], object]], data: bytes, repeat: int) -> list[float]:
    """The shortest time of each, taken in turns so that a busy moment of the machine meets them all."""

    def once(work: Callable[[bytes], object]) -> float:
        start = time.perf_counter()
        work(data)
        return time.perf_counter() - start

    return [min(times) for times in zip(*([once(work) for work in works] for _ in range(repeat)), strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vocabulary", type=Path, action="append", default=[])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--plumber", action="store_true")
    options = parser.parse_args()
    vocabulary = Vocabulary.load(*options.vocabulary)
    read = partial(read_certificate, vocabulary=vocabulary, ocr=False)
    ratios, plumber_ratios = [], []
    print(
        f"{'certificate':50} {'text ms':>8} {'record ms':>10} {'ratio':>6}"
        + ("  words by pdfplumber" if options.plumber else "")
    )
    for path in sorted(options.folder.rglob("*.pdf")):
        data = path.read_bytes()
        bare, record = best([bare_text, read], data, options.repeat)
        ratios.append(record / bare)
        line = f"{path.name[:50]:50} {bare * 1000:8.1f} {record * 1000:10.1f} {record / bare:6.2f}"
        if options.plumber:
            plumber_ratios.append(best([plumber_words], data, 1)[0] / bare)
            line += f"  {plumber_ratios[-1]:6.1f} (record {plumber_ratios[-1] / ratios[-1]:.1f} times faster)"
        print(line)
    print(f"\nmedian ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f}, over {len(ratios)} certificates")
    if plumber_ratios:
        print(f"pdfplumber's extract_words alone: median ratio {statistics.median(plumber_ratios):.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
