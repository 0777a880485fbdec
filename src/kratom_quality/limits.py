"""What one file may ask for: every limit a setting, its default far beyond what certificates need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

from kratom_quality.errors import InputError, LimitExceededError

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one file may take, beside its time; a file that asks for more is a ``LimitExceededError``.

    Certificates with a text layer are read in about 120 MB of memory, scans in 650; the longest page of a certificate
    known to us has 1,200 words.

    Parameters
    ----------
    file_bytes
        Size of the file; a larger one is not read at all.
    pages
        Pages of a PDF or TIFF.
    page_points
        A page's longer side. ISO 32000-1:2008, Annex C, has 14,400 for the largest page.
    words_a_page
        Words on a page, and as many characters as words of ten letters have.
    pixels
        Pixels of an image; a letter page at 600 to the inch has 34 million. Pillow opens none of more than 179 million.
    memory_bytes
        Memory of the process that reads, where the system can hold a process to it (Linux).
    memory_bytes_for_ocr
        The same while scans are read by OCR, whose engine is large.
    reply_bytes
        Size of what the process that reads hands over: the record, or pictures of its rows.
    """

    file_bytes: int = 256 * _MEGABYTE
    pages: int = 500
    page_points: int = 14_400
    words_a_page: int = 20_000
    pixels: int = 80_000_000
    memory_bytes: int = 1024 * _MEGABYTE
    memory_bytes_for_ocr: int = 2048 * _MEGABYTE
    reply_bytes: int = 64 * _MEGABYTE

    @classmethod
    def parse(cls, settings: Iterable[str]) -> Self:
        """Return limits from settings such as ``pages=1000`` and ``memory_bytes=4e9``; the others are as shipped.

        Raises
        ------
        InputError
            If a name is not known or a number is none.
        """
        names = [field.name for field in fields(cls)]
        chosen: dict[str, int] = {}
        for setting in settings:
            name, _, number = setting.partition("=")
            if name not in names:
                raise InputError(f"{setting}: there is no limit of that name; there are {', '.join(names)}")
            try:
                chosen[name] = int(float(number))
            except (ValueError, OverflowError) as error:
                raise InputError(f"{setting}: write a number, as in {name}={getattr(cls(), name)}") from error
            if chosen[name] < 1:
                raise InputError(f"{setting}: a limit is at least 1")
        return cls(**chosen)

    def for_ocr(self) -> Self:
        """Return the limits of a process that reads scans."""
        return replace(self, memory_bytes=max(self.memory_bytes, self.memory_bytes_for_ocr))

    def require(self, name: str, asked: float, what: str) -> None:
        """Make sure that a limit is kept.

        Parameters
        ----------
        name
            Of the limit.
        asked
            What the file asks for, in the limit's unit; what is no number at all is over every limit.
        what
            The same in words.

        Raises
        ------
        LimitExceededError
            If it is not.
        """
        most = getattr(self, name)
        if not asked <= most:
            raise over_limit(name, most, what)


def over_limit(name: str, most: float, what: str) -> LimitExceededError:
    """Say what was exceeded, and what a person can do about it."""
    return LimitExceededError(f"{what}; the limit {name} is {most:,}, raise it where you trust the file")


DEFAULT_LIMITS = ReadingLimits()
NO_LIMITS = ReadingLimits(**dict.fromkeys((field.name for field in fields(ReadingLimits)), (1 << 62) - 1))
"""For files whose digest says that they were read before, within the limits of that time."""
