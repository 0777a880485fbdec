"""What was given to judge by: flags, and the folder's settings file where a flag is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import typer

from kratom_quality.checks import VendorCertificates, make_context
from kratom_quality.checks.context import Context
from kratom_quality.claims import Claims
from kratom_quality.cli.reading import load_vocabulary
from kratom_quality.cli.terminal import print_note
from kratom_quality.config import FILE_NAME, FolderSettings
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate
from kratom_quality.scoring import Ranking, assign_vendors, score
from kratom_quality.vocabulary import Vocabulary


@dataclass(frozen=True)
class Given:
    """Everything that certificates are judged by, loaded before anything is read that takes long."""

    settings: FolderSettings
    context: Context
    vocabulary: Vocabulary | None

    @classmethod
    def load(
        cls,
        folder: Path | None,
        config: Path | None,
        standard: str | None,
        claims: Path | None,
        vocabulary: Sequence[Path] | None,
        today: datetime | None,
        grams_per_day: float | None,
    ) -> Self:
        """Load files; a flag wins over the settings file."""
        settings = read_settings([folder or Path()], config)
        names = load_vocabulary(vocabulary or settings.vocabulary)
        claims = claims or settings.claims
        claimed = settings.rename_claims(Claims.load(claims, names)) if claims else None
        day = today.date() if today else None
        grams = settings.grams_per_day if grams_per_day is None else grams_per_day
        context = make_context(standard or settings.standard or "consumer", claimed, day, grams)
        return cls(settings, context, names)

    def vendors(self, folder: Path, certificates: Iterable[Certificate]) -> dict[str, list[Certificate]]:
        """Group certificates by vendor under the names to use; say which vendors of the claims are none of them."""
        vendors = self.settings.rename(assign_vendors(folder, certificates))
        self.warn_of_claims_on_nobody(vendors)
        return vendors

    def warn_of_claims_on_nobody(self, vendors: Iterable[str]) -> None:
        """Say which vendors of the claims are none of these."""
        for vendor, sentence in self.context.claims.on_nobody(vendors).items():
            print_note(f"claims: {vendor}: {sentence}")

    def rank(self, vendors: VendorCertificates) -> Ranking:
        """Score vendors."""
        context = self.context
        return score(vendors, context.standard, context.claims, context.today, context.grams_per_day)


def read_settings(paths: Iterable[Path], config: Path | None) -> FolderSettings:
    """Return the settings that were named, else those of the paths, and say on standard error which these are."""
    found = [config] if config else list(dict.fromkeys(map(FolderSettings.find, paths))) or [None]
    if len(found) > 1:
        raise typer.BadParameter(f"the paths have more than one {FILE_NAME}, or not all have one; name one by --config")
    file = found[0]
    if file is None:
        return FolderSettings()
    here = Path.cwd()
    print_note(f"settings: {printable_path(file.relative_to(here) if file.is_relative_to(here) else file)}")
    return FolderSettings.load(file)
