"""Bytes of a file given by path or opened, no more of them than the limit, and of nothing but a regular file."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from kratom_quality.errors import UnreadableFileError
from kratom_quality.limits import ReadingLimits
from kratom_quality.printable import printable_path

_PIECE = 1 << 20
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_file(path: str | Path, limits: ReadingLimits) -> bytes:
    """Read a regular file whole; what else a name may stand for, a pipe without end for one, is not opened.

    Raises
    ------
    UnreadableFileError
        If it cannot be read, or is no regular file.
    LimitExceededError
        If it is larger than the limit.
    """
    name = printable_path(path)
    try:
        _require_regular(Path(path).stat(), name)
        with os.fdopen(os.open(path, _OPEN), "rb") as stream:  # a pipe put in the file's place would not hold us up
            _require_regular(status := os.fstat(stream.fileno()), name)
            _require_size(status.st_size, name, limits)
            return read_stream(stream, name, limits)
    except ValueError as error:  # a NUL
        raise UnreadableFileError(f"{name}: is no name a file can have; check it") from error
    except OSError as error:
        raise UnreadableFileError(
            f"{name}: cannot be read ({error.strerror}); check that it exists and may be opened"
        ) from error


def read_stream(stream: BinaryIO, name: str, limits: ReadingLimits) -> bytes:
    """Read an open file to its end, or until it is larger than the limit.

    Raises
    ------
    LimitExceededError
        If it is.
    """
    data = bytearray()
    while piece := stream.read(_PIECE):
        data += piece
        _require_size(len(data), name, limits)
    return bytes(data)


def _require_size(size: int, name: str, limits: ReadingLimits) -> None:
    limits.require("file_bytes", size, f"{name}: the file has {size:,} bytes or more")


def _require_regular(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((kind for is_kind, kind in _KINDS if is_kind(status.st_mode)), "something else")
        raise UnreadableFileError(f"{name}: is {kind}, not a file; give the certificate as a file")
