"""Which certificates of a market share a sign: the only ones that must be held beside those of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from kratom_quality.checks.examination import Portfolio
from kratom_quality.checks.reuse import SIGN_BYTES, Holders, Mark, holders_of
from kratom_quality.scoring.memory import Filed, Memory, key_of, recall_or_make, some_at_once
from kratom_quality.scoring.packing import from_json, to_json

_HEADS = TypeAdapter(list[tuple[str, str | None, str | None, str | None, str | None, str, int]])
_Prefixes = npt.NDArray[np.uint64]


class SharedSigns:
    """The signs that several certificates of a memory bear, and who bears them.

    Every vendor's marks are gone through once, for the first eight bytes of their signs; then those of the vendors of
    whom one of these comes twice.

    Parameters
    ----------
    filed
        By vendor, the certificates that are compared.
    """

    def __init__(self, memory: Memory, filed: Mapping[str, Sequence[Filed]]) -> None:
        self._memory, self._filed = memory, filed
        prefixes = {vendor: _prefixes(data) for vendor, data in self._kept(filed)}
        twice = _repeated(prefixes.values())
        sharers = [vendor for vendor, own in prefixes.items() if _among(own, twice).any()]
        marks = [mark for vendor, data in self._kept(sharers) for mark in _sharing(unpacked_marks(vendor, data), twice)]
        self.holders: Holders = holders_of(marks)
        self._signs: dict[str, set[bytes]] = defaultdict(set)
        for mark in marks:
            self._signs[mark.vendor].update(sign for sign in mark.signs if sign in self.holders)

    def of(self, vendor: str) -> list[tuple[str, list[tuple[object, ...]]]]:
        """Return the vendor's signs that are not its certificate's own, and all who bear them, in order."""
        signs = sorted(self._signs.get(vendor, ()))
        return [(sign.hex(), [mark[:-1] for mark in self.holders[sign]]) for sign in signs]

    def _kept(self, vendors: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for some in some_at_once(vendors):
            keys = {vendor: key_of("marks", vendor, self._filed[vendor]) for vendor in some}
            yield from recall_or_make(self._memory, keys, self._made).items()

    def _made(self, vendor: str) -> bytes:
        return packed_marks(Portfolio.of(vendor, self._memory.certificates(vendor)).marks)


def packed_marks(marks: Sequence[Mark]) -> bytes:
    """Return a vendor's marks as bytes: a line of JSON, and the digests of all their signs."""
    heads = [(one.lot, one.batch, one.product, one.client, one.path, one.sha256, len(one.signs)) for one in marks]
    return to_json(_HEADS, heads) + b"\n" + b"".join(sign for mark in marks for sign in mark.signs)


def unpacked_marks(vendor: str, data: bytes) -> Iterator[Mark]:
    """Yield a vendor's marks."""
    head, _, signs = data.partition(b"\n")
    ahead = (signs[place : place + SIGN_BYTES] for place in range(0, len(signs), SIGN_BYTES))
    for lot, batch, product, client, path, sha256, number in from_json(_HEADS, head):
        yield Mark(vendor, lot, batch, product, client, path, sha256, tuple(islice(ahead, number)))


def _prefixes(data: bytes) -> _Prefixes:
    """Return the first eight bytes of each sign's digest as a number."""
    return np.frombuffer(data.partition(b"\n")[2], dtype="<u8")[:: SIGN_BYTES // 8].astype(np.uint64)


def _repeated(prefixes: Iterable[_Prefixes]) -> _Prefixes:
    """Return, in order, the numbers that come more than once."""
    every = np.sort(np.concatenate([np.zeros(0, dtype=np.uint64), *prefixes]))
    return np.unique(every[1:][every[1:] == every[:-1]])


def _among(prefixes: _Prefixes, shared: _Prefixes) -> npt.NDArray[np.bool_]:
    """Return which of the numbers are among those in order."""
    if not len(shared):
        return np.zeros(len(prefixes), dtype=bool)
    places = np.minimum(np.searchsorted(shared, prefixes), len(shared) - 1)
    return np.asarray(shared[places] == prefixes)


def _sharing(marks: Iterable[Mark], shared: _Prefixes) -> Iterator[Mark]:
    """Yield the marks that bear any of these signs, with no others."""
    for mark in marks:
        found = _among(_prefixes(b"\n" + b"".join(mark.signs)), shared)
        if found.any():
            yield mark._replace(signs=tuple(sign for sign, is_one in zip(mark.signs, found, strict=True) if is_one))
