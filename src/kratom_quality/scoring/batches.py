"""The batches of all vendors in columns: what the model needs of a market, small enough for a million certificates."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from kratom_quality.scoring.evidence import Evidence, LotEvidence
from kratom_quality.scoring.laboratories import Reading
from kratom_quality.scoring.margins import Amounts
from kratom_quality.scoring.population import Array
from kratom_quality.scoring.settings import IDENTITY, by_margin, gap_costs, scoring_settings

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class AmountColumns:
    """Results as parts of their limits, one entry a result, batch by batch.

    Parameters
    ----------
    analytes
        Names of the codes.
    starts
        Where each batch's results begin, and where the last one's end.
    codes, amounts, measured
        Of each result its analyte, the logarithm, and whether it was measured or is only a bound.
    """

    analytes: tuple[str, ...]
    starts: Indices
    codes: Indices
    amounts: Array
    measured: npt.NDArray[np.bool_]

    def of_analytes(self) -> Iterator[tuple[str, Array]]:
        """Yield the measured amounts of each analyte, in the order of the batches."""
        order = np.flatnonzero(self.measured)
        order = order[np.argsort(self.codes[order], kind="stable")]
        codes = self.codes[order]
        bounds = np.searchsorted(codes, np.arange(len(self.analytes) + 1))
        for code, analyte in enumerate(self.analytes):
            if bounds[code] < bounds[code + 1]:
                yield analyte, self.amounts[order[bounds[code] : bounds[code + 1]]]

    def margins(self, spreads: Mapping[str, float], usual: float) -> tuple[Array, npt.NDArray[np.bool_]]:
        """Return each batch's largest amount in units of its analyte's spread, and whether that was measured.

        A batch without amounts has a margin that is not a number.
        """
        units = np.array([spreads.get(analyte, usual) for analyte in self.analytes])
        scaled = self.amounts / units[self.codes] if len(self.codes) else self.amounts
        lengths = np.diff(self.starts)
        margins, measured = np.full(len(lengths), np.nan), np.zeros(len(lengths), dtype=bool)
        told = np.flatnonzero(lengths)
        if len(told):
            margins[told] = np.maximum.reduceat(scaled, self.starts[told])
            largest = scaled == np.repeat(margins, lengths)
            measured[told] = np.logical_or.reduceat(largest & self.measured, self.starts[told])
        return margins, measured

    def between(self, first: int, last: int) -> AmountColumns:
        """Return those of the batches from the first up to the last, which is not among them."""
        part = slice(self.starts[first], self.starts[last])
        starts = self.starts[first : last + 1] - self.starts[first]
        return replace(
            self,
            starts=starts,
            codes=self.codes[part],
            amounts=self.amounts[part],
            measured=self.measured[part],
        )


class AmountRows:
    """Columns of amounts that are still being written, batch by batch."""

    def __init__(self) -> None:
        self.analytes: dict[str, int] = {}
        self.lengths, self.codes = array("q"), array("q")
        self.amounts, self.measured = array("d"), array("b")

    def add(self, batch: Amounts) -> None:
        """Add the results of one batch."""
        self.lengths.append(len(batch))
        for analyte, (amount, measured) in batch.items():
            self.codes.append(self.analytes.setdefault(analyte, len(self.analytes)))
            self.amounts.append(amount)
            self.measured.append(measured)

    def closed(self) -> AmountColumns:
        """Return the columns."""
        return AmountColumns(
            analytes=tuple(self.analytes),
            starts=np.concatenate(([0], np.cumsum(np.array(self.lengths, dtype=np.intp)))),
            codes=np.array(self.codes, dtype=np.intp),
            amounts=np.array(self.amounts, dtype=np.float64),
            measured=np.array(self.measured, dtype=bool),
        )


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of vendors, one entry each, vendor by vendor.

    Parameters
    ----------
    starts
        Where each vendor's batches begin, and where the last one's end.
    weights, doubt
        What each counts; how much its documents are doubted.
    failing
        By share, each batch's probability of failing; not a number where it is undecided.
    amounts
        By hazard that counts by margin, results as parts of their limits.
    readings
        Label claims against what was measured, vendor by vendor.
    claims, stale
        Of each vendor, whether its labels claim anything, and whether even its newest certificate is old.
    """

    starts: Indices
    weights: Array
    doubt: Array
    failing: Mapping[str, Array]
    amounts: Mapping[str, AmountColumns]
    readings: tuple[tuple[Reading, ...], ...]
    claims: npt.NDArray[np.bool_]
    stale: npt.NDArray[np.bool_]

    @property
    def vendors(self) -> int:
        """How many vendors they are of."""
        return len(self.starts) - 1

    @property
    def owner(self) -> Indices:
        """Return the place of the vendor, from 0, whose batch each is."""
        return np.repeat(np.arange(self.vendors), np.diff(self.starts))

    @classmethod
    def of(cls, vendors: Iterable[Evidence]) -> Batches:
        """Lay the vendors' batches in a row; evidence is let go as it comes."""
        told = _told()
        columns = {name: array("d") for name in told}
        amounts = {hazard: AmountRows() for hazard in by_margin()}
        starts, claims, stale = array("q", [0]), array("b"), array("b")
        readings: list[tuple[Reading, ...]] = []
        for one in vendors:
            for name, value in told.items():
                columns[name].extend([value(lot) for lot in one.lots])
            for hazard, rows in amounts.items():
                for lot in one.lots:
                    rows.add(lot.amounts.get(hazard, {}))
            starts.append(starts[-1] + len(one.lots))
            claims.append(one.claims)
            stale.append(one.stale)
            readings.append(tuple(one.readings))
        closed = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
        return cls(
            starts=np.array(starts, dtype=np.intp),
            weights=closed.pop("weight"),
            doubt=closed.pop("doubt"),
            failing=closed,
            amounts={hazard: rows.closed() for hazard, rows in amounts.items()},
            readings=tuple(readings),
            claims=np.array(claims, dtype=bool),
            stale=np.array(stale, dtype=bool),
        )

    def unweighted(self) -> Batches:
        """Return the same with every batch counting 1, whatever its age."""
        readings = tuple(tuple(replace(reading, weight=1.0) for reading in group) for group in self.readings)
        return replace(self, weights=np.ones(len(self.weights)), readings=readings)

    def blocks(self) -> Iterator[Batches]:
        """Yield the batches of as many vendors as are worked on at once."""
        size = scoring_settings().vendors_at_once
        for first in range(0, self.vendors, size):
            yield self._between(first, min(first + size, self.vendors))

    def _between(self, first: int, last: int) -> Batches:
        if (first, last) == (0, self.vendors):
            return self
        begin, end = int(self.starts[first]), int(self.starts[last])
        return Batches(
            starts=self.starts[first : last + 1] - begin,
            weights=self.weights[begin:end],
            doubt=self.doubt[begin:end],
            failing={name: column[begin:end] for name, column in self.failing.items()},
            amounts={hazard: columns.between(begin, end) for hazard, columns in self.amounts.items()},
            readings=self.readings[first:last],
            claims=self.claims[first:last],
            stale=self.stale[first:last],
        )


def _told() -> dict[str, Callable[[LotEvidence], float]]:
    """Return how a batch tells its probability of failing, by share, and its weight and doubt."""
    hazards = {hazard.name: _hazard(hazard.name) for hazard in scoring_settings().hazards}
    gaps = {name: _gap(name) for name in gap_costs()}
    return {**hazards, IDENTITY: _unnatural, **gaps, "weight": attrgetter("weight"), "doubt": attrgetter("doubt")}


def _hazard(name: str) -> Callable[[LotEvidence], float]:
    return lambda lot: lot.hazards.get(name, np.nan)


def _gap(name: str) -> Callable[[LotEvidence], float]:
    return lambda lot: lot.gaps.get(name, 0.0)


def _unnatural(lot: LotEvidence) -> float:
    return np.nan if lot.unnatural is None else lot.unnatural
