"""Any number of certificates: text PDFs with other figures, each file unlike all others.

    python -m benchmarks.varied FOLDER COUNT [--seed 1] [--like fixtures]

They are like the certificates of the fixtures, or small: a page of thirteen results each, read several times as fast.

Files are made anew as they were, so a folder made in part is filled up.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.small_pdfs import write

FIXTURES = Path(__file__).parent.parent / "fixtures" / "certificates"
_A_FOLDER = 1000
_DECIMALS = re.compile(rb"(?<=\()\d+\.\d+(?=\) Tj)")
_CHANGED, _SMALL = 2, 20
_COMPRESSED = b"/FlateDecode"


def templates(like: str) -> list[bytes]:
    """PDFs whose text stands in them as it is."""
    if like == "small":
        with TemporaryDirectory() as folder:
            return [write(Path(folder), nth, compressed=False).read_bytes() for nth in range(_SMALL)]
    found = [path.read_bytes() for path in sorted(FIXTURES.rglob("*.pdf"))]
    return [data for data in found if _COMPRESSED not in data and _DECIMALS.search(data)]


def varied(data: bytes, number: int, seed: int) -> bytes:
    """A PDF with another last digit in some of its figures; every byte stays at its place.

    More of them would leave no certificate that agrees with itself, and those take longer to read.
    """
    random = Random(f"{seed} {number}")
    ends = [found.end() - 1 for found in _DECIMALS.finditer(data)]
    changed = bytearray(data)
    for end in random.sample(ends, min(_CHANGED, len(ends))):
        changed[end : end + 1] = b"%d" % random.randrange(10)
    return bytes(changed) + b"\n%% %d\n" % number


def write_varied(folder: Path, count: int, seed: int = 1, like: str = "fixtures") -> Path:
    """Fill a folder with so many certificates, like those of the fixtures or ``small``."""
    kinds = templates(like)
    for number in range(count):
        file = folder / f"{number // _A_FOLDER:04d}" / f"{number:07d}.pdf"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_bytes(varied(kinds[number % len(kinds)], number, seed))
            part.replace(file)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--like", choices=("fixtures", "small"), default="fixtures")
    options = parser.parse_args()
    write_varied(options.folder, options.count, options.seed, options.like)
    print(f"{options.count} certificates in {options.folder}")


if __name__ == "__main__":
    main()
