"""Limits as data: what a standard demands of a product, with the authority behind every number.

A standard is a TOML file (see ``data/standards``); a person's own file has the same form.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.errors import DataFileError
from kratom_quality.records import Panel, Record, Severity
from kratom_quality.units import normalise_unit

Text = Annotated[str, Field(min_length=1)]
ProductForm = Literal["leaf", "extract", "capsule"]
"""Loose leaf or powder of it; anything concentrated; leaf in capsules, tablets or other single pieces."""
Certainty = Literal["primary", "primary copy", "secondary", "derived", "unverified"]


class Operator(StrEnum):
    """How a result stands to the limit when it conforms."""

    AT_MOST = "<="
    BELOW = "<"
    AT_LEAST = ">="
    ABSENT = "absent"


class Basis(StrEnum):
    """What a limit counts: the product, a day's, a serving's or a piece's amount, or one analyte against others."""

    AS_SOLD = "as sold"
    PER_DAY = "per day"
    PER_SERVING = "per serving"
    PER_ARTICLE = "per article"
    SHARE = "share of alkaloids"
    RATIO = "ratio"


RELATIVE = frozenset({Basis.SHARE, Basis.RATIO})


class Requirement(Record):
    """One demand of a standard on one analyte.

    Parameters
    ----------
    id
        Unique within the standard.
    analyte
        Id in the vocabulary.
    operator, value, unit
        ``lead < 1.2 mg/kg``; ``absent`` has no value. A share is in ``%``, a ratio has no unit, a daily amount is a
        mass (``ug``), an amount per serving is ``mg/serving``, one per capsule, tablet or other piece ``mg/article``.
    relative_to
        For a share, the analytes that together are its denominator; for a ratio, the one that divides.
    sample_grams
        For ``absent``, the mass the authority has tested: absence in 1 g does not show absence in 25 g.
    panel
        The panel of tests a certificate reports it in.
    forms
        Product forms it applies to; all where empty.
    required
        True where a batch that was not tested for it is undecided.
    severity
        How much an excess weighs with a reader; None leaves it to the kind of finding.
    citation, url, effective, certainty
        The authority, where its text was read, since when it holds, and how well that is established: ``primary`` (text
        seen), ``primary copy`` (text seen on a mirror), ``secondary`` (a page that reports it), ``derived`` (by
        arithmetic or argument from such), ``unverified`` (well known, text not seen).
    why
        Why this number was chosen, where a standard is composed from several authorities.
    """

    id: Text
    analyte: Text
    operator: Operator
    value: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    unit: Text | None = None
    basis: Basis
    relative_to: tuple[str, ...] = ()
    sample_grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    panel: Panel
    forms: tuple[ProductForm, ...] = ()
    required: bool = False
    severity: Severity | None = None
    citation: Text
    url: Text | None = None
    effective: Text | None = None
    certainty: Certainty
    why: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Requirement:
        if fault := _fault(self):
            raise ValueError(f"{self.id}: {fault}")
        return self

    @property
    def cited(self) -> str:
        """The citation, with what a reader must know of how well it is established."""
        mark = _MARKS.get(self.certainty)
        return f"{self.citation} ({mark})" if mark else self.citation

    def in_words(self) -> str:
        """Say the limit as a person would: ``below 1.2 mg/kg``, ``absent in 25 g``."""
        if self.operator is Operator.ABSENT:
            return f"absent in {self.sample_grams:g} g" if self.sample_grams else "absent"
        words = {Operator.AT_MOST: "at most", Operator.BELOW: "below", Operator.AT_LEAST: "at least"}[self.operator]
        if self.basis is Basis.RATIO:
            return f"{words} {self.value:g} : 1"
        day = " a day" if self.basis is Basis.PER_DAY else ""
        share = " of the alkaloids" if self.basis is Basis.SHARE else ""
        return f"{words} {self.value:g} {self.unit}{day}{share}"


_MARKS: dict[Certainty, str] = {
    "secondary": "as secondary pages report it",
    "derived": "derived, see the standard's reason",
    "unverified": "from memory, text not seen",
}


def _fault(requirement: Requirement) -> str | None:
    absent, basis, unit = requirement.operator is Operator.ABSENT, requirement.basis, requirement.unit
    if absent == (requirement.value is not None):
        return "'absent' has no value, every other operator has one"
    if not absent and (unit is None) != (basis is Basis.RATIO):
        return "a value needs a unit, and only a ratio has none"
    if unit is not None and normalise_unit(unit) is None:
        return f"{unit!r} is no unit we know"
    if absent and basis is not Basis.AS_SOLD:
        return "'absent' is demanded of the product as sold"
    if (basis in RELATIVE) != bool(requirement.relative_to):
        return "a share or a ratio, and nothing else, says what it is relative to"
    if basis is Basis.RATIO and len(requirement.relative_to) != 1:
        return "a ratio is relative to one analyte"
    if requirement.operator is Operator.AT_LEAST and basis is not Basis.RATIO:
        return "'>=' is for ratios"
    return None


class Standard(Record):
    """A named set of requirements.

    Parameters
    ----------
    name
        What a person types: ``consumer``.
    title, summary
        What it is in a line and in a paragraph.
    required_panels
        Panels a batch needs before the standard can be decided at all.
    further_panels
        Panels that products of a form need besides.
    includes
        Standards of the package whose requirements are demanded as well, none of them as required.
    """

    name: Text
    title: Text
    summary: Text
    required_panels: tuple[Panel, ...] = (Panel.ALKALOIDS, Panel.HEAVY_METALS, Panel.MICROBIALS)
    further_panels: dict[ProductForm, tuple[Panel, ...]] = Field(default_factory=dict)
    includes: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Standard:
        twice = [
            name for name, times in Counter(requirement.id for requirement in self.requirements).items() if times > 1
        ]
        if twice:
            raise ValueError(f"{self.name}: more than one requirement has the id {', '.join(twice)}")
        return self

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of the standards that come with the package, in order."""
        files = bundled("standards").iterdir()
        return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))

    @classmethod
    def load(cls, name_or_path: str | Path) -> Standard:
        """Return a standard of the package by its name, or a person's own from a TOML file.

        Raises
        ------
        DataFileError
            If there is no such standard or file, or the file does not hold what it must.
        """
        return _load(str(name_or_path))

    def panels_for(self, form: ProductForm) -> tuple[Panel, ...]:
        """Return the panels a product of this form needs."""
        return (*self.required_panels, *self.further_panels.get(form, ()))

    def requirements_for(self, form: ProductForm) -> tuple[Requirement, ...]:
        """Return the requirements that apply to a product of this form."""
        return tuple(entry for entry in self.requirements if not entry.forms or form in entry.forms)


@lru_cache(maxsize=32)
def _load_bundled(name: str) -> Standard:
    return _with_included(load_model(Standard, bundled("standards", f"{name}.toml")))


def _load(name: str) -> Standard:
    if name in Standard.names():
        return _load_bundled(name)
    path = Path(name)
    if not path.is_file():
        known = ", ".join(Standard.names())
        raise DataFileError(
            f"{name!r} is neither a standard nor a file; give one of {known}, or the path of a TOML file"
        )
    return _with_included(load_model(Standard, path))


def _with_included(standard: Standard) -> Standard:
    """Return the standard with the requirements of those it includes, under ids that name where they come from."""
    requirements = list(standard.requirements)
    for name in standard.includes:
        if name not in Standard.names():
            raise DataFileError(f"{standard.name}: includes {name!r}, which is no standard of the package")
        requirements += (
            entry.model_copy(update={"id": f"{name}/{entry.id}", "required": False})
            for entry in _load_bundled(name).requirements
        )
    return standard.model_copy(update={"requirements": tuple(requirements)})
