"""Which files are to be read: those given, and those below the folders, archives and addresses given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kratom_quality.batch.file import File, RemoteFile, is_address
from kratom_quality.batch.outcomes import Failure
from kratom_quality.errors import NoCertificatesError, UnreadableFileError
from kratom_quality.printable import printable_path

CERTIFICATE_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})


def require_files(paths: Iterable[str | Path]) -> tuple[list[File], list[Failure]]:
    """Find files as :func:`find_files` does; that there is nothing at all is an error.

    Raises
    ------
    NoCertificatesError
        If nothing was found.
    """
    places = list(paths)
    files, unlisted = find_files(places)
    if not files and not unlisted:
        where = ", ".join(printable_path(place) for place in places)
        suffixes = ", ".join(sorted(CERTIFICATE_SUFFIXES))
        raise NoCertificatesError(f"{where}: no certificate file found; looked for {suffixes} at any depth")
    return files, unlisted


def find_files(paths: Iterable[str | Path]) -> tuple[list[File], list[Failure]]:
    """Return every certificate file, once, in order of the paths given and sorted by path inside each folder.

    A certificate file is one whose name ends in one of the known suffixes, in any case and at any depth; hidden files
    and folders are passed over. A path given as a file is read whatever its name, but for a ``.zip``, which is looked
    into.

    Returns
    -------
    tuple
        The files, and what could not be listed.

    Raises
    ------
    UnreadableFileError
        If a path given does not exist.
    MissingExtraError
        If a path is an address or an archive and fsspec is not installed.
    """
    files: dict[File, None] = {}
    unlisted: list[Failure] = []
    for given in paths:
        if isinstance(given, str) and is_address(given):
            files.update(dict.fromkeys(_remote_files(given, unlisted)))
            continue
        path = Path(given)
        if path.is_dir():
            local = sorted(_local_files(path, unlisted), key=_place_in_order)
            files.update(dict.fromkeys(local))
        elif path.suffix.lower() == ".zip" and path.is_file():
            files.update(dict.fromkeys(_remote_files(f"zip://::{path}", unlisted)))
        elif path.exists():
            files[path] = None
        else:
            raise UnreadableFileError(f"{printable_path(path)}: there is no such file or folder")
    return list(files), unlisted


def is_certificate_name(name: str) -> bool:
    """Whether a file of this name is read where a folder is."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in CERTIFICATE_SUFFIXES  # noqa: PTH122


def _place_in_order(file: Path) -> str:
    """Return a key by which files stand as they would by their parts, which pathlib would keep in memory."""
    return str(file).replace(os.sep, "\0")


def _remote_files(address: str, unlisted: list[Failure]) -> list[RemoteFile]:
    from kratom_quality.batch.remote import files_below

    return files_below(address, is_certificate_name, unlisted)


def _local_files(folder: Path, unlisted: list[Failure]) -> Iterator[Path]:
    """Walk a folder once, links included; folders that cannot be listed are added to ``unlisted``."""

    def note(error: OSError) -> None:
        reason = f"the folder cannot be listed ({error.strerror}); check its permissions"
        unlisted.append(Failure(printable_path(error.filename), reason, UnreadableFileError.__name__))

    visited: set[tuple[int, int]] = set()
    for here, folders, names in os.walk(folder, onerror=note, followlinks=True):
        status = Path(here).stat()
        if (status.st_dev, status.st_ino) in visited:
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in filter(is_certificate_name, names):
            yield Path(here, name)
