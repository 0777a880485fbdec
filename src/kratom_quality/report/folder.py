"""An output folder that is whole or not there: written beside its place, then swapped in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from kratom_quality.errors import OutputExistsError
from kratom_quality.printable import printable, printable_path

_MOST_NAMED = 5


def require_replaceable(folder: str | Path, ours: tuple[str, ...], *, force: bool) -> None:
    """Make sure that nothing is lost by writing a folder.

    Parameters
    ----------
    ours
        Patterns of the files that an earlier run may have written, relative to the folder.
    force
        Whether such files may be replaced; other files never are.

    Raises
    ------
    OutputExistsError
        If the place is a file, holds files and ``force`` is not given, or holds files that are not ours.
    """
    place, name = Path(folder), printable_path(folder)
    if place.exists() and not place.is_dir():
        raise OutputExistsError(f"{name}: is a file, not a folder; choose another place")
    held = sorted(_files_below(place)) if place.is_dir() else []
    foreign = [file for file in held if not any(_matches(file, pattern) for pattern in ours)]
    if foreign:
        named = ", ".join(map(printable, foreign[:_MOST_NAMED])) + (", ..." if len(foreign) > _MOST_NAMED else "")
        raise OutputExistsError(f"{name}: holds what this did not write ({named}); choose another folder")
    if held and not force:
        raise OutputExistsError(f"{name}: holds the files of an earlier run; choose another folder, or use --force")


@contextmanager
def replacing_folder(folder: str | Path, ours: tuple[str, ...], *, force: bool = False) -> Iterator[Path]:
    """Give an empty folder that takes the place of ``folder`` when the block ends without error.

    What stood there stays until then; see :func:`require_replaceable` for the parameters and the error.
    """
    require_replaceable(folder, ours, force=force)
    place = Path(folder).resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    earlier = place.with_name(f".{place.name}.{os.getpid()}.earlier")
    beside.mkdir(parents=True)
    try:
        yield beside
        require_replaceable(folder, ours, force=force)
        _swap(beside, place, earlier)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _swap(new: Path, place: Path, earlier: Path) -> None:
    """Put a folder into a place; what was there is back if that fails."""
    if not place.exists():
        new.rename(place)
        return
    place.rename(earlier)
    with ExitStack() as undo:
        undo.callback(earlier.rename, place)
        new.rename(place)
        undo.pop_all()
    shutil.rmtree(earlier)


def _matches(file: str, pattern: str) -> bool:
    """Whether a path matches a pattern, part by part: no wildcard reaches into a folder."""
    parts, patterns = file.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _files_below(folder: Path) -> Iterator[str]:
    """Files, links and empty folders, by their path below the folder."""
    for here, folders, files in os.walk(folder):
        relative = Path(here).relative_to(folder)
        links = [name for name in folders if Path(here, name).is_symlink()]
        yield from ((relative / name).as_posix() for name in (*files, *links))
        if not (folders or files) and relative.parts:
            yield f"{relative.as_posix()}/"
