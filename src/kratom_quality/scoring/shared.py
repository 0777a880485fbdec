"""Which certificates of a market share a sign: the only ones that must be held beside those of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from kratom_quality.checks.reuse import SIGN_BYTES, Holders, Mark, holders_of
from kratom_quality.scoring.packing import from_json, to_json

_HEADS = TypeAdapter(list[tuple[str, str | None, str | None, str | None, str | None, str, int]])
_Prefixes = npt.NDArray[np.uint64]
Told = list[tuple[str, list[tuple[object, ...]]]]
"""By sign, the marks that bear it, without their signs."""


class SharedSigns:
    """The signs that several certificates of a market bear, and who bears them.

    Every vendor's marks are gone through once, for the first eight bytes of their signs; then those of the vendors of
    whom one of these comes twice.

    Parameters
    ----------
    vendors
        Whose certificates are compared.
    recall
        Yields the marks of vendors as bytes, each with the vendor's name.
    """

    def __init__(self, vendors: Iterable[str], recall: Callable[[Iterable[str]], Iterable[tuple[str, bytes]]]) -> None:
        prefixes = {vendor: _prefixes(data) for vendor, data in recall(vendors)}
        twice = _repeated(prefixes.values())
        sharers = [vendor for vendor, own in prefixes.items() if _among(own, twice).any()]
        marks = [mark for vendor, data in recall(sharers) for mark in _sharing(unpacked_marks(vendor, data), twice)]
        self.holders: Holders = holders_of(marks)
        self._signs: dict[str, set[bytes]] = defaultdict(set)
        for mark in marks:
            self._signs[mark.vendor].update(mark.signs)

    def of(self, vendor: str) -> Told:
        """Return the vendor's signs that are not of one certificate alone, and all who bear them, in order."""
        return told(self._signs.get(vendor, ()), self.holders)


def told(signs: Iterable[bytes], holders: Holders) -> Told:
    """Return who bears each of these signs, of those that several bear, in order."""
    return [(sign.hex(), [mark[:-1] for mark in holders[sign]]) for sign in sorted(signs) if sign in holders]


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
