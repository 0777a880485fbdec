"""Confidence: a product of what speaks against a row, explained by a data file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import goldens

import kratom_quality as kq
from builders import row
from kratom_quality.parsing.confidence import SURE, Doubt, Doubts, confidence_of, fits, weigh
from kratom_quality.records import Panel

DOUBTS = st.frozensets(st.sampled_from(Doubt))


@given(DOUBTS, st.sampled_from(Doubt))
def test_every_doubt_lowers_the_confidence(doubts: Doubts, doubt: Doubt) -> None:
    """No doubt makes a row surer, and no row is certain or impossible."""
    fewer, more = confidence_of(doubts - {doubt}), confidence_of(doubts | {doubt})
    assert 0 <= more <= fewer < 1


def test_a_row_without_doubts_is_sure_and_a_contradicted_one_is_not() -> None:
    """The threshold parts rows nobody need look at from those somebody should."""
    assert confidence_of(frozenset()) >= SURE
    for doubt in (Doubt.CONTRADICTED, Doubt.ENGINES_DIFFER, Doubt.NO_UNIT, Doubt.UNREADABLE_VALUE, Doubt.RIVAL_RESULTS):
        assert confidence_of(frozenset({doubt})) < SURE


def test_confirmation_takes_doubt_away_and_contradiction_adds_it() -> None:
    """What the certificate's own arithmetic says counts on top of the row's own doubts."""
    result = row("Lead", "0.5", "ppm").model_copy(update={"confidence": 0.8})
    (confirmed,) = weigh([result], (), {}, {0})
    (contradicted,) = weigh([result], (), {0: frozenset({Doubt.CONTRADICTED})}, ())
    assert contradicted.confidence < 0.8 < confirmed.confidence
    assert weigh([result], (), {}, ()) == (result,)


@pytest.mark.parametrize(
    ("panel", "unit", "fitting"),
    [
        (Panel.PESTICIDES, "ppm", True),
        (Panel.PESTICIDES, "CFU/g", False),
        (Panel.ALKALOIDS, "mg/capsule", True),
        (Panel.ALKALOIDS, "min", False),
        (Panel.MICROBIALS, "CFU/g", True),
        (Panel.MICROBIALS, "%", False),
        (Panel.PHYSICAL, "pH", True),
        (Panel.PESTICIDES, "0.05", False),
    ],
)
def test_units_fit_what_is_measured(panel: Panel, unit: str, fitting: bool) -> None:
    """A unit of another dimension, or none we know, tells that columns were confused."""
    assert fits(panel, unit) is fitting


def test_every_row_read_has_a_confidence() -> None:
    """Rows of a text layer, of a statement and of a scan alike."""
    for pdf in goldens.fixtures()[::7]:
        for result in kq.read_certificate(pdf, ocr=False).results:
            assert result.confidence is not None
            assert 0 <= result.confidence < 1


def test_rows_of_a_plain_table_are_sure(fixtures: Path) -> None:
    """A table with heads, known names and units leaves nothing to doubt."""
    rows = kq.read_certificate(fixtures / "layouts" / "cards.pdf").results
    assert all(result.confidence >= SURE for result in rows)
