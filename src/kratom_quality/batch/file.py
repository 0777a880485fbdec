"""A file to be read: on disk, or wherever fsspec reaches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class RemoteFile(NamedTuple):
    """A file that is not on this machine's disk, or stands in an archive.

    Parameters
    ----------
    url
        As fsspec understands it: ``s3://bucket/key``, ``zip://a/b.pdf::archive.zip``.
    size
        Bytes, as its storage says; None where it does not.
    stamp
        Changes where the file does.
    """

    url: str
    size: int | None
    stamp: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.url.partition("::")[0].rpartition("/")[2]

    def __fspath__(self) -> str:
        return self.url

    def __str__(self) -> str:
        return self.url


File = Path | RemoteFile


def is_address(path: str) -> bool:
    """Whether a path is one for fsspec rather than one on this machine's disk."""
    return _ADDRESS.match(path) is not None


def stamp_of(file: File) -> str:
    """Return what changes when a file does: its size and the time it was written; empty where it is not there."""
    if isinstance(file, RemoteFile):
        return file.stamp
    try:
        status = file.stat()
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"
