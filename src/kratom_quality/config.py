"""``kratom-quality.toml``: what a folder of certificates is read and judged by, so that no flag need be repeated.

::

    standard = "consumer"          # a standard's name, or a TOML file
    claims = "claims.csv"          # paths are relative to this file
    vocabulary = ["extra.toml"]
    grams_per_day = 3
    ledger = "ledger.sqlite"       # or the URL of a PostgreSQL database

    [vendors]                      # the name to use = other names of the same
    "Blue Heron Botanicals" = ["blue-heron-botanicals", "Blue Heron LLC"]

    [laboratories]
    "Northlight Analytical" = ["Northlight Labs"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

from pydantic import Field, model_validator

from kratom_quality.checks import VendorCertificates
from kratom_quality.claims import Claims, fold_name
from kratom_quality.datafiles import load_model
from kratom_quality.records import Certificate, Record
from kratom_quality.standards import Standard

FILE_NAME = "kratom-quality.toml"

Aliases = dict[str, tuple[str, ...]]
Item = TypeVar("Item")


class FolderSettings(Record):
    """What stands in a folder's ``kratom-quality.toml``; every key may be left out.

    Parameters
    ----------
    standard
        Name of a standard of the package, or a TOML file.
    claims
        CSV file of label claims.
    vocabulary
        TOML files of further analytes.
    grams_per_day
        Grams of product a day, for limits on daily amounts.
    ledger
        The SQLite file, or the URL of the database, in which readings are kept.
    vendors, laboratories
        The name to use -> other names of the same; letters and digits count, case does not.
    """

    standard: str | None = None
    claims: Path | None = None
    vocabulary: tuple[Path, ...] = ()
    grams_per_day: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    ledger: str | None = None
    vendors: Aliases = Field(default_factory=dict)
    laboratories: Aliases = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_stand_for_one(self) -> Self:
        for aliases in (self.vendors, self.laboratories):
            owners: dict[str, str] = {}
            for name, others in aliases.items():
                for spelling in (name, *others):
                    if owners.setdefault(fold_name(spelling), name) != name:
                        raise ValueError(f"{spelling!r} stands for {owners[fold_name(spelling)]!r} and for {name!r}")
        return self

    @staticmethod
    def find(path: str | Path) -> Path | None:
        """Return the settings file in a folder, or in the nearest folder above it or above a file; None without."""
        place = Path(path).absolute()
        return next((file for folder in (place, *place.parents) if (file := folder / FILE_NAME).is_file()), None)

    @classmethod
    def load(cls, file: str | Path) -> Self:
        """Read a settings file; the paths in it are returned relative to where it stands.

        Raises
        ------
        DataFileError
            If it cannot be read, has a key that is not known, or a name stands for two vendors or two laboratories.
        """
        file = Path(file)
        return load_model(cls, file).seen_from(file.parent)

    def seen_from(self, folder: Path) -> Self:
        """Return the settings with the paths in them taken to be relative to a folder."""
        has_path = self.ledger is not None and "://" not in self.ledger
        is_file = self.standard is not None and self.standard not in Standard.names()
        return self.model_copy(
            update={
                "standard": str(folder / str(self.standard)) if is_file else self.standard,
                "ledger": str(folder / str(self.ledger)) if has_path else self.ledger,
                "claims": folder / self.claims if self.claims else None,
                "vocabulary": tuple(folder / path for path in self.vocabulary),
            }
        )

    @cached_property
    def _vendor_names(self) -> Mapping[str, str]:
        return _by_spelling(self.vendors)

    @cached_property
    def _laboratory_names(self) -> Mapping[str, str]:
        return _by_spelling(self.laboratories)

    def vendor(self, name: str) -> str:
        """Return the name to use for a vendor."""
        return self._vendor_names.get(fold_name(name), name)

    def rename_claims(self, claims: Claims) -> Claims:
        """Return claims under the vendors' names to use."""
        return Claims(replace(claim, vendor=self.vendor(claim.vendor)) for claim in claims)

    def rename(self, groups: VendorCertificates) -> dict[str, list[Certificate]]:
        """Return certificates under the vendors' names to use, those of one vendor together, laboratories renamed."""
        renamed = self.rename_vendors(groups)
        return {vendor: [*map(self.rename_laboratory, group)] for vendor, group in renamed.items()}

    def rename_vendors(self, groups: Mapping[str, Sequence[Item]]) -> dict[str, list[Item]]:
        """Return anything that is grouped by vendor under the vendors' names to use."""
        renamed: dict[str, list[Item]] = {}
        for name, group in groups.items():
            renamed.setdefault(self.vendor(name), []).extend(group)
        return {vendor: renamed[vendor] for vendor in sorted(renamed, key=lambda name: (name.casefold(), name))}

    def rename_laboratory(self, certificate: Certificate) -> Certificate:
        """Return a certificate with the name to use for its laboratory."""
        laboratory = certificate.laboratory
        name = self._laboratory_names.get(fold_name(laboratory.name or ""))
        if name is None:
            return certificate
        return certificate.model_copy(update={"laboratory": laboratory.model_copy(update={"name": name})})


def _by_spelling(aliases: Aliases) -> dict[str, str]:
    return {fold_name(spelling): name for name, others in aliases.items() for spelling in (name, *others)}
