"""Pictures of the rows that findings rest on, drawn in child processes beside the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kratom_quality.batch import run_all
from kratom_quality.drawing import Place, draw_rows
from kratom_quality.errors import KratomQualityError
from kratom_quality.records import Box, Certificate, Finding, Severity
from kratom_quality.scoring import Ranking, VendorScore

PICTURES = "pictures"
FILE_NAMES = "[0-9][0-9][0-9][0-9][0-9]-[0-9]*.webp"  # WebP, for no certificate is read from such a file
_QUALITY = 50  # of 100; grey letters stay sharp
_SECONDS_A_FILE = 60.0
_SECONDS_A_PAGE_BY_OCR = 40.0
_GRAVITY = tuple(Severity)


class Picture(NamedTuple):
    """A picture beside the page: its path relative to it, and its size in pixels."""

    path: str
    width: int
    height: int


class _File(NamedTuple):
    """A certificate and the rows of it that are to be drawn."""

    number: int
    certificate: Certificate
    places: tuple[Place, ...]


Pictures = Mapping[tuple[str, Place], Picture | str]
"""What was drawn, by file and place; where it could not be, the reason."""


def places_of(finding: Finding) -> list[Place]:
    """Return the rows a finding rests on, page by page."""
    boxes: dict[int, dict[Box, None]] = {}
    for source in finding.sources:
        boxes.setdefault(source.page, {})[source.box] = None
    return [Place(page, tuple(found)) for page, found in sorted(boxes.items())]


def by_gravity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the gravest and surest first."""
    return sorted(findings, key=lambda finding: (_GRAVITY.index(finding.severity), -finding.probability))


class Evidence:
    """The rows of a ranking's gravest findings, and the pictures that are made of them.

    Parameters
    ----------
    most
        Pictures a vendor.
    """

    def __init__(self, ranking: Ranking, most: int) -> None:
        wanted: dict[str, dict[Place, None]] = {}
        certificates: dict[str, Certificate] = {}
        for score in ranking:
            certificates |= {one.source.path: one for one in _certificates(score) if one.source.path}
            for file, place in islice(_places(score, certificates), most):
                wanted.setdefault(file, {})[place] = None
        self._files = [
            _File(number, certificates[file], tuple(places)) for number, (file, places) in enumerate(wanted.items(), 1)
        ]

    def __len__(self) -> int:
        return len(self._files)

    def draw(self, folder: Path, *, password: str | None, jobs: int, progress: Callable[[Path], None]) -> Pictures:
        """Draw everything into a folder below ``folder``.

        Parameters
        ----------
        jobs
            Child processes; a file that stops one costs its own pictures and nothing else.
        progress
            Called after each file.
        """
        (folder / PICTURES).mkdir()
        made: dict[tuple[str, Place], Picture | str] = {}
        pages_by_ocr = max((len(file.certificate.source.pages_by_ocr) for file in self._files), default=0)
        seconds = _SECONDS_A_FILE + _SECONDS_A_PAGE_BY_OCR * pages_by_ocr
        for file, drawn in run_all(partial(_draw, password=password), self._files, jobs=jobs, seconds=seconds):
            path = file.certificate.source.path or ""
            for nth, place in enumerate(file.places):
                made[path, place] = (
                    str(drawn)
                    if isinstance(drawn, KratomQualityError)
                    else _saved(drawn[nth], folder, f"{PICTURES}/{file.number:05d}-{nth + 1}.webp")
                )
            progress(Path(path))
        return made


def _certificates(score: VendorScore) -> Iterator[Certificate]:
    """Yield a vendor's certificates without what was read from them, which no child needs."""
    for report in score.lots:
        for certificate in report.lot.certificates:
            yield Certificate(source=certificate.source)


def _places(score: VendorScore, certificates: Mapping[str, Certificate]) -> Iterator[tuple[str, Place]]:
    """Yield the rows of a vendor's findings, the gravest first, each once, of files that are there."""
    seen: dict[tuple[str, Place], None] = {}
    for finding in by_gravity(score.findings):
        if finding.file in certificates and finding.file is not None and Path(finding.file).is_file():
            seen.update(dict.fromkeys((finding.file, place) for place in places_of(finding)))
    yield from seen


def _draw(file: _File, password: str | None) -> Sequence[tuple[bytes, int, int]]:
    drawn = []
    for image in draw_rows(file.certificate, file.places, password=password):
        stream = BytesIO()
        image.save(stream, format="WEBP", quality=_QUALITY)
        drawn.append((stream.getvalue(), image.width, image.height))
    return drawn


def _saved(drawn: tuple[bytes, int, int], folder: Path, path: str) -> Picture:
    data, width, height = drawn
    (folder / path).write_bytes(data)
    return Picture(path, width, height)
