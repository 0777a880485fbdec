"""Whose certificates these are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kratom_quality.checks.lots import by_client
from kratom_quality.records import Certificate


def assign_vendors(folder: str | Path, certificates: Iterable[Certificate]) -> dict[str, list[Certificate]]:
    """Group certificates by vendor: the first-level subfolder where there is one, else the client as read.

    Vendors are sorted by name without regard to case; a certificate with neither subfolder nor client is of
    ``(unknown)``.
    """
    root = Path(folder).absolute()
    groups: dict[str, list[Certificate]] = {}
    loose: list[Certificate] = []
    for certificate in certificates:
        parts = _parts_below(root, certificate.source.path)
        if len(parts) > 1:
            groups.setdefault(parts[0], []).append(certificate)
        else:
            loose.append(certificate)
    for client, group in by_client(loose).items():
        groups.setdefault(client, []).extend(group)
    return {vendor: groups[vendor] for vendor in sorted(groups, key=lambda name: (name.casefold(), name))}


def _parts_below(root: Path, path: str | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        return Path(path).absolute().relative_to(root).parts
    except ValueError:
        return ()
