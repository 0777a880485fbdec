"""Which of a document's labelled values stands for each field: that of the best label, preferably on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kratom_quality.parsing.dates import find_dates
from kratom_quality.parsing.fields import Body, Found, find_fields
from kratom_quality.parsing.header_tables import DATE_FIELDS, Field
from kratom_quality.parsing.header_values import accept
from kratom_quality.parsing.header_words import HeaderWords, Label
from kratom_quality.parsing.labs import LabFinder
from kratom_quality.parsing.layout import Cell
from kratom_quality.parsing.places import Places

# Added to the rank of a label that stands among the results, or on a later page.
_IN_THE_RESULTS, _ON_A_LATER_PAGE = 20, 100
# From these ranks on a label says too little: "tested by" may name an analyst, and among the results a status or a date
# is that of one panel.
_WEAK_LABORATORY, _PANEL_CONCLUSION, _PANEL_STATUS, _PANEL_DATE = 1, 1, 2, 2
# A number behind no more than "No." is the sample's only where it is long.
_BARE_NUMBER, _SHORTEST_NUMBER = 3, 4
_NO_FIELDS = frozenset({"other", "party_name"})
_TESTED = frozenset({"tested", "tested_from", "tested_to"})


class Choice(NamedTuple):
    """A field's value, the rank of its label (the lower the better), and the cell the label stands in."""

    rank: int
    value: str
    cell: Cell


class Choices:
    """Chooses a value for each field from the pages it is shown.

    Parameters
    ----------
    words
        The words values are told by.
    labs
        Tells companies' names from persons'.
    day_first
        How the document writes dates.
    """

    def __init__(self, words: HeaderWords, labs: LabFinder, *, day_first: bool) -> None:
        self._words = words
        self._labs = labs
        self._day_first = day_first
        self._best: dict[Field, Choice] = {}

    def get(self, field: Field) -> Choice | None:
        """Return what was chosen for a field; None where no page had a value."""
        return self._best.get(field)

    def value(self, field: Field) -> str | None:
        """Return the chosen value."""
        choice = self._best.get(field)
        return choice.value if choice else None

    def look_at(self, places: Places, body: Body, *, later_page: bool = False) -> None:
        """Take the labelled values of a page where they are better than what was chosen before.

        Parameters
        ----------
        places
            The page.
        body
            Where its results stand.
        later_page
            Whether another page goes before.
        """
        for found in find_fields(places):
            in_results = body.holds(found.cell)
            penalty = found.penalty + _IN_THE_RESULTS * in_results + _ON_A_LATER_PAGE * later_page
            for label, value in self._meanings(found, in_results=in_results, later_page=later_page):
                choice = Choice(label.rank + penalty, value, found.cell)
                if label.field not in self._best or choice.rank < self._best[label.field].rank:
                    self._best[label.field] = choice

    def _meanings(self, found: Found, *, in_results: bool, later_page: bool) -> Iterator[tuple[Label, str]]:
        """The fields a text speaks of: the days of ``Collected, Received`` in turn, else the first that fits."""
        labels = [
            label
            for label in sorted(found.labels, key=lambda label: label.field == "product")
            if label.field not in _NO_FIELDS
            and (found.bound or not in_results or label.field == "overall_status")
            and (_speaks_of_the_sample(label, found) or not (in_results or later_page))
        ]
        if len(labels) > 1 and all(label.field in DATE_FIELDS for label in labels):
            yield from zip(labels, find_dates(" ".join(found.texts[:1]), day_first=self._day_first), strict=False)
        else:
            values = ((label, self._accepted(label, found)) for label in labels)
            yield from islice(((label, value) for label, value in values if value is not None), 1)

    def _accepted(self, label: Label, found: Found) -> str | None:
        for text in found.texts:
            value = accept(label.field, text, self._words, bound=found.bound, day_first=self._day_first)
            if value is not None:
                if label.field == "sample_id" and label.rank >= _BARE_NUMBER and len(value) < _SHORTEST_NUMBER:
                    return None
                weak = label.field == "laboratory" and label.rank >= _WEAK_LABORATORY
                return None if weak and not self._labs.is_company(value) else value
        return None


def _speaks_of_the_sample(label: Label, found: Found) -> bool:
    """Whether a label among the results, or on a later page, may still speak of the whole sample."""
    if label.field == "overall_status":
        return label.rank < (_PANEL_STATUS if found.bound else _PANEL_CONCLUSION)
    return label.field not in _TESTED and not (label.field in DATE_FIELDS and label.rank >= _PANEL_DATE)
