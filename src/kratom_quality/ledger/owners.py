"""Whose files are: by the folder they are in, else by the client their certificate was made for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kratom_quality.batch.file import File, RemoteFile, is_address
from kratom_quality.checks.lots import UNKNOWN_VENDOR
from kratom_quality.ledger.files import Owner, sight
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.printable import printable_path


@dataclass(frozen=True, slots=True)
class Rules:
    """By what files are read, and whose they are.

    Parameters
    ----------
    recipe
        By which a reading counts as held.
    folders
        The beginnings of the paths of what is in the folders given, with a separator at the end; the vendor of a file
        in a folder below is that folder.
    retried
        Names of the errors that are tried again.
    vendor_name
        Gives the name to use for a vendor.
    """

    recipe: Ingredients
    folders: Sequence[str]
    retried: frozenset[str]
    vendor_name: Callable[[str], str]

    def owner(self, file: File, path: str) -> Owner | None:
        """Return whose a file is by the folder it is in; None where no folder says it."""
        separator = "/" if isinstance(file, RemoteFile) else os.sep
        place = path.partition("::")[0] if isinstance(file, RemoteFile) else path
        for folder in self.folders:
            if place.startswith(folder):
                vendor, below, _ = place[len(folder) :].partition(separator)
                if below:
                    return self.by_folder(printable_path(vendor))
        return None

    def by_folder(self, vendor: str) -> Owner:
        """Return the vendor that a folder is named after."""
        return Owner(self.vendor_name(vendor), by_folder=True)

    def by_client(self, client: str | None) -> Owner:
        """Return the vendor that a certificate names as the client it was made for."""
        return Owner(self.vendor_name(" ".join((client or UNKNOWN_VENDOR).split())), by_folder=False)

    def local_folders(self) -> list[str]:
        """Return the folders that are on this machine."""
        return [folder for folder in self.folders if not is_address(folder)]


def folders_of(places: Iterable[str | Path]) -> list[str]:
    """Return the beginning of the paths of what is in each folder, archive or address among places."""
    found = []
    for place in places:
        if isinstance(place, str) and is_address(place):
            found.append(place.partition("::")[0].rstrip("/") + "/")
        elif Path(place).is_dir():
            found.append(os.path.join(sight(Path(place)).path, ""))  # noqa: PTH118 - Path drops the separator
        elif Path(place).suffix.lower() == ".zip":
            found.append("zip://")
    return found
