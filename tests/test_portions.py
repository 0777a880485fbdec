"""Servings, units and label claims: what a certificate says of the amounts a buyer takes."""

from __future__ import annotations

import pytest

from kratom_quality import read_certificate
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.portions import read_label_claims, read_portion
from kratom_quality.vocabulary import Vocabulary
from pdfs import page


@pytest.mark.parametrize(
    ("text", "grams", "pieces"),
    [
        ("2 tablets (1.24 g)", 1.24, 2),
        ("4.21 g", 4.21, None),
        ("1 capsule (600 mg)", 0.6, 1),
        ("3 vegetarian capsules", None, 3),
        ("2.4 grams (about 1 tsp)", 2.4, None),
        ("1,5 g", 1.5, None),
    ],
)
def test_portions(text: str, grams: float | None, pieces: float | None) -> None:
    """A portion is a mass, a number of pieces, or both; the printed words stay."""
    portion = read_portion(text)
    assert portion is not None
    assert (portion.grams, portion.pieces, portion.printed) == (grams, pieces, text)


@pytest.mark.parametrize("text", [None, "one scoop", "see label", "60 mL"])
def test_no_portion(text: str | None) -> None:
    """Words without a mass or a number of pieces are none."""
    assert read_portion(text) is None


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("45 mg mitragynine per capsule", [("mitragynine", 45, "mg/capsule")]),
        ("Mitragynine 150 mg/serving", [("mitragynine", 150, "mg/serving")]),
        ("1.4 % mitragynine", [("mitragynine", 1.4, "%")]),
        (
            "45 mg of Mitragynine per tablet; 1 mg 7-Hydroxymitragynine per tablet",
            [("mitragynine", 45, "mg/tablet"), ("7_hydroxymitragynine", 1, "mg/tablet")],
        ),
        ("500 mg green leaf", [(None, 500, "mg")]),
        ("as labelled", []),
    ],
)
def test_label_claims(text: str, claims: list[tuple[str | None, float, str]]) -> None:
    """A claim is an amount, what it is of and what it is in; an unknown substance is kept without an id."""
    read = read_label_claims(text, Names(Vocabulary.default()))
    assert [(claim.analyte, claim.value.number, claim.value.unit) for claim in read] == claims


def test_the_record_holds_them() -> None:
    """A labelled serving is in the record; what is not printed is None."""
    certificate = read_certificate(page("Serving Size: 2 capsules \\(1.2 g\\)"), ocr=False)
    assert certificate.serving_size is not None
    assert certificate.serving_size.grams == 1.2
    assert (certificate.unit_mass, certificate.label_claims, certificate.distributor) == (None, (), None)
