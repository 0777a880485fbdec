"""What made a record: the same bytes by the same recipe give the same record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Self

from kratom_quality.batch.recipe import Recipe
from kratom_quality.batch.software import digest_of_reading, digest_of_vocabulary, library_versions, software


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a record is made by.

    Parameters
    ----------
    text
        JSON: versions of this package and of the libraries that read, digests of code, data files and vocabulary, and
        the switches.
    """

    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def of(cls, recipe: Recipe | None = None) -> Self:
        """Return what reading by a recipe is made by here and now; the package's own where there is none.

        OCR that is not installed reads nothing. Password and time limit change no record, only whether there is one.
        """
        from kratom_quality.reading.ocr import is_installed

        recipe = recipe or Recipe(None, None, ocr=True, codes=False, seconds=0)
        ocr = recipe.ocr and is_installed()
        ingredients = {
            "software": software(),
            "code_and_data": digest_of_reading(),
            "libraries": library_versions(ocr=ocr, codes=recipe.codes),
            "vocabulary": digest_of_vocabulary(recipe.vocabulary),
            "ocr": ocr,
            "codes": recipe.codes,
        }
        return cls(json.dumps(ingredients, sort_keys=True))
