"""Whose certificates these are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from kratom_quality.checks.lots import group_by_client
from kratom_quality.records import Certificate

Item = TypeVar("Item")


def assign_vendors(folder: str | Path, certificates: Iterable[Certificate]) -> dict[str, list[Certificate]]:
    """Group certificates by vendor: the first-level subfolder where there is one, else the client as read.

    Vendors are sorted by name without regard to case; a certificate with neither subfolder nor client is of
    ``(unknown)``.
    """
    return group_by_vendor(folder, ((one.source.path, one.client, one) for one in certificates))


def group_by_vendor(folder: str | Path, items: Iterable[tuple[str | None, str | None, Item]]) -> dict[str, list[Item]]:
    """Group anything as certificates are, by the path and the client that stand beside it."""
    first_folder = cache(partial(_first_folder_below, Path(folder).absolute()))  # many files lie in one folder
    groups: dict[str, list[Item]] = {}
    loose: list[tuple[str | None, Item]] = []
    for path, client, item in items:
        vendor = first_folder(os.path.dirname(path)) if path is not None else None  # noqa: PTH120 - ten times faster
        if vendor is not None:
            groups.setdefault(vendor, []).append(item)
        else:
            loose.append((client, item))
    for client, group in group_by_client(loose).items():
        groups.setdefault(client, []).extend(group)
    return {vendor: groups[vendor] for vendor in sorted(groups, key=lambda name: (name.casefold(), name))}


def _first_folder_below(root: Path, folder: str) -> str | None:
    """Return the first part of the way from the root to a folder; None where the folder is the root, or not below."""
    try:
        return next(iter(Path(folder).absolute().relative_to(root).parts), None)
    except ValueError:
        return None
