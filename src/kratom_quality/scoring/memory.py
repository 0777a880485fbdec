"""Where certificates lie between two scores, and what was found when they were last examined."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import islice
from typing import NamedTuple, Protocol

from kratom_quality.checks import VendorCertificates
from kratom_quality.records import Certificate

_VENDORS_AT_ONCE = 50  # of 20 certificates each: some 5 MB of examinations


class Filed(NamedTuple):
    """A certificate by what tells whether it is still the same.

    Parameters
    ----------
    sha256, path
        Of its file.
    recipe
        What read it: the same file read by another recipe may be another record.
    """

    sha256: str
    path: str
    recipe: str = ""


class Memory(Protocol):
    """What keeps certificates and examinations; vendors are taken one at a time."""

    def vendors(self) -> Mapping[str, Sequence[Filed]]:
        """Return, by vendor, the certificates to judge it by."""

    def certificates(self, vendor: str) -> Iterable[Certificate]:
        """Return the certificates of a vendor that :meth:`vendors` names, in any order."""

    def recall_examinations(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return what was kept under these keys; a key under which nothing is kept is left out."""

    def keep_examinations(self, examinations: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep, by key, whose examination it is and the examination itself; what is kept under a key never changes."""


@dataclass
class MemoryInside:
    """A memory of this process, which holds certificates by vendor."""

    groups: VendorCertificates
    kept: dict[str, bytes] = field(default_factory=dict)

    def vendors(self) -> Mapping[str, Sequence[Filed]]:
        """Return, by vendor, the certificates to judge it by."""
        return {
            vendor: [Filed(one.source.sha256, one.source.path or "") for one in group]
            for vendor, group in self.groups.items()
        }

    def certificates(self, vendor: str) -> Iterable[Certificate]:
        """Return a vendor's certificates."""
        return self.groups[vendor]

    def recall_examinations(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return what was kept under these keys."""
        return {key: self.kept[key] for key in keys if key in self.kept}

    def keep_examinations(self, examinations: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep examinations by their keys."""
        self.kept.update({key: examination for key, (_, examination) in examinations.items()})


def recall_or_make(
    memory: Memory, keys: Mapping[str, str], make: Callable[[str], Mapping[str, bytes]]
) -> dict[str, bytes]:
    """Return, by vendor, what is kept under its key; what is not is made, with what else comes of it, and kept."""
    kept = dict(memory.recall_examinations(keys.values()))
    made = {key: (vendor, data) for vendor in keys if keys[vendor] not in kept for key, data in make(vendor).items()}
    if made:
        memory.keep_examinations(made)
    return {vendor: kept[key] if key in kept else made[key][1] for vendor, key in keys.items()}


def some_at_once(vendors: Iterable[str]) -> Iterator[list[str]]:
    """Yield as many vendors as are recalled together."""
    ahead = iter(vendors)
    while some := list(islice(ahead, _VENDORS_AT_ONCE)):
        yield some


def key_of(*parts: object) -> str:
    """Return a digest of what an examination rests on, which is JSON, and of the package that makes it."""
    text = json.dumps([_package(), *parts], ensure_ascii=True)
    return blake2b(text.encode(), digest_size=32).hexdigest()


@lru_cache(maxsize=1)
def _package() -> str:
    """Return a digest of the package's code and data: by another an examination might come out otherwise."""
    digest = blake2b(digest_size=32)
    for file in _files(resources.files("kratom_quality")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        if part.is_dir():
            yield from _files(part)
        elif part.name.endswith((".py", ".toml", ".csv", ".json")):
            yield part
