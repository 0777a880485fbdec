"""Pictures: what is drawn where, told by the artists; what was not measured is never drawn as a measurement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import colors, pyplot
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

import kratom_quality as kq
from builders import TODAY, certificate, clean_batches, failing_batch, leaf, row
from kratom_quality.claims import Claim, Claims
from kratom_quality.plots import canvas
from kratom_quality.records import Dates, Laboratory, Panel

NASTY = "$\\frac{1}$ <b>&\n\x1b[31m" + "x" * 80
MARKET = {"acorn": clean_batches("acorn", 4), "birch": [failing_batch("birch", number) for number in range(4)]}
CLAIMS = Claims(Claim(vendor, "", None, "mitragynine", 1.4, "%", 2) for vendor in MARKET)
DRAWN: dict[str, Callable[..., Axes]] = {
    "ranking": lambda **how: kq.score({**MARKET, "new": clean_batches("new", 1)}, today=TODAY).plot(**how),
    "contaminants": lambda **how: kq.plot_contaminants(MARKET["birch"], **how),
    "alkaloids": lambda **how: kq.plot_alkaloids(MARKET["acorn"], **how),
    "label_claims": lambda **how: kq.plot_label_claims(MARKET, CLAIMS, **how),
    "history": lambda **how: kq.plot_history(MARKET["acorn"], **how),
    "coverage": lambda **how: kq.plot_coverage(MARKET, **how),
}


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    pyplot.close("all")


def points(ax: Axes) -> dict[str, list[tuple[float, float]]]:
    """Return points by what the legend says of them; rows rounded to whole ones."""
    found: dict[str, list[tuple[float, float]]] = {}
    for collection in ax.collections:
        name = str(collection.get_label())
        if isinstance(collection, PathCollection) and not name.startswith("_"):
            offsets = np.asarray(collection.get_offsets())
            found[name] = [(float(x), round(float(y))) for x, y in offsets]
    return found


def rows(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_every_picture_draws_on_the_axes_given_and_on_no_other(draw: Callable[..., Axes]) -> None:
    """``ax=`` is drawn on and returned; without it there is one new figure."""
    ours = pyplot.figure().subplots()
    assert draw(ax=ours) is ours
    assert len(pyplot.get_fignums()) == 1
    assert draw() is not ours
    assert len(pyplot.get_fignums()) == 2


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_every_picture_can_be_saved_and_names_its_axis(draw: Callable[..., Axes], tmp_path: Any) -> None:
    """Nothing fails or warns when it is drawn, and the axis says what it shows."""
    ax = draw()
    ax.figure.savefig(tmp_path / "picture.png")
    assert ax.get_xlabel()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: kq.plot_ranking(kq.score({}, today=TODAY)),
        lambda: kq.plot_contaminants([]),
        lambda: kq.plot_alkaloids([certificate([row("Lead", "0.1", "ppm")])]),
        lambda: kq.plot_label_claims(MARKET),
        lambda: kq.plot_history(MARKET["acorn"], "nickel"),
        lambda: kq.plot_coverage({}),
    ],
)
def test_nothing_to_draw_is_said(draw: Callable[[], Axes], tmp_path: Any) -> None:
    """An empty picture gives its reason instead of empty axes."""
    ax = draw()
    ax.figure.savefig(tmp_path / "picture.png")
    assert re.match("no ", texts(ax)[0])


def test_text_from_outside_cannot_break_a_picture(tmp_path: Any) -> None:
    """A name that is a formula, markup or endless is drawn as the text it is, in one line."""
    market = {NASTY: clean_batches(NASTY, 3), NASTY + "y": clean_batches("b", 3)}
    claims = Claims(Claim(vendor, "", None, "mitragynine", 1.4, "%", 2) for vendor in market)
    for ax in (
        kq.score(market, today=TODAY).plot(),
        kq.plot_coverage(market),
        kq.plot_label_claims(market, claims),
        kq.plot_label_claims({NASTY: [certificate(batch=NASTY)] * 2}, Claims(claims[:1])),
    ):
        ax.figure.savefig(tmp_path / "picture.png")
        assert all("\n" not in name and "\x1b" not in name and len(name) < 70 for name in rows(ax))
    assert len(rows(kq.plot_coverage(market))) == 2


def test_the_colours_are_told_apart_with_any_colour_vision() -> None:
    """All are of Okabe and Ito's set, and no two kinds of point share both shape and filling."""
    okabe_ito = {"#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
    assert {mark.value[2] for mark in canvas.Mark} <= okabe_ito
    measured, beyond = canvas.Mark.MEASURED.value, canvas.Mark.BEYOND.value
    assert measured[1] != beyond[1]
    assert {mark for mark in canvas.Mark if not mark.value[3]} == {
        canvas.Mark.BELOW,
        canvas.Mark.ABOVE,
        canvas.Mark.UNDECIDED,
    }


def test_a_ranking_shows_median_interval_grade_and_who_is_unrated() -> None:
    """A row a vendor in the order of the ranking; the unrated is open and grey."""
    ranking = kq.score({**MARKET, "new": clean_batches("new", 1)}, today=TODAY)
    ax = ranking.plot()
    assert rows(ax) == [score.vendor for score in ranking]
    places = {line.get_ydata()[0]: line for line in ax.lines if line.get_marker() == "o"}
    assert [places[place].get_xdata()[0] for place in range(3)] == [score.reputability for score in ranking]
    intervals = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert intervals == [[score.low, score.high] for score in ranking]
    assert places[2].get_markerfacecolor() == "white"
    assert texts(ax) == [f"{ranking[0].grade}, 4 batches", f"{ranking[1].grade}, 4 batches", "unrated, 1 batch"]


def test_contaminants_stand_at_their_multiple_of_the_limit() -> None:
    """Measured ones as points, bounds as open triangles, over the limit as diamonds; logarithmic."""
    metals = {"Lead": "2.4", "Arsenic": "<0.2", "Cadmium": "0.41", "Mercury": "<0.8"}
    ax = kq.plot_contaminants([certificate(leaf(metals=metals, microbes={"Total Coliforms": "0"}))])
    named = {name.split("\n")[0]: place for place, name in enumerate(rows(ax))}
    found = points(ax)
    assert ax.get_xscale() == "log"
    assert found["measured, over the limit"] == [(2.0, named["Lead"])]
    assert (pytest.approx(0.1), named["Arsenic"]) in found["not found: below the bound shown"]
    assert (pytest.approx(0.5), named["Cadmium"]) in found["measured"]
    assert found["not found, but the bound is over the limit: undecided"] == [(2.0, named["Mercury"])]
    assert "Total coliforms\nat most 10,000 CFU/g; 1 printed as 0" in rows(ax)


def test_a_result_at_a_limit_that_it_must_be_below_is_over_it() -> None:
    """``below 1.2`` is not met by 1.2."""
    ax = kq.plot_contaminants([certificate([row("Lead", "1.2", "ppm")])])
    assert points(ax) == {"measured, over the limit": [(1.0, 0)]}


def test_what_was_not_found_without_a_bound_has_no_place_and_is_counted() -> None:
    """ND with neither LOQ nor LOD may be any amount: no point is drawn for it."""
    ax = kq.plot_contaminants([certificate([row("Lead", "ND", "ppm")]), certificate([row("Lead", "0.6", "ppm")])])
    assert points(ax) == {"measured": [(0.5, 0)]}
    assert rows(ax) == ["Lead\nbelow 1.2 mg/kg; 1 without a bound"]


def test_open_points_have_a_white_face_and_filled_ones_do_not() -> None:
    """A bound looks like no measurement, whatever the colours."""
    ax = kq.plot_contaminants([certificate([row("Lead", "<0.2", "ppm"), row("Arsenic", "0.2", "ppm")])])
    faces = {str(one.get_label()): colors.to_hex(one.get_facecolor()[0]) for one in ax.collections}
    assert faces["not found: below the bound shown"] == "#ffffff"
    assert faces["measured"] == canvas.BLUE.lower()


def test_alkaloids_stand_beside_published_leaf() -> None:
    """Parts to 100 of mitragynine; the limit of 7-hydroxymitragynine is that of the standard's ratio."""
    alkaloids = {"Mitragynine": "2.0", "Paynantheine": "0.4", "7-Hydroxymitragynine": "0.1", "Speciogynine": "<0.1"}
    ax = kq.plot_alkaloids([certificate(leaf(alkaloids=alkaloids)), certificate([row("Lead", "0.1", "ppm")])])
    found, names = points(ax), rows(ax)
    assert (pytest.approx(20.0), names.index("Paynantheine")) in found["measured"]
    assert found["measured, over the limit"] == [(pytest.approx(5.0), names.index("7-Hydroxymitragynine"))]
    assert found["not found: below the bound shown"] == [(pytest.approx(5.0), names.index("Speciogynine"))]
    assert "1 without mitragynine measured" in ax.get_xlabel()
    without = kq.plot_alkaloids([certificate(leaf(alkaloids=alkaloids))], standard="usp-2232")
    assert "measured, over the limit" not in points(without)


def test_label_claims_stand_at_measured_over_claimed() -> None:
    """A vendor a row, or a batch a row where there is one vendor; beyond the tolerance both ways."""
    certificates = [
        certificate(leaf(alkaloids={"Mitragynine": amount}), batch=f"A-{amount}") for amount in ("1.4", "0.7", "2.8")
    ]
    claims = Claims([Claim("acorn", "", None, "mitragynine", 1.4, "%", 2)])
    ax = kq.plot_label_claims({"acorn": certificates}, claims)
    assert points(ax) == {
        "within the tolerance": [(pytest.approx(1.0), 1)],
        "beyond the tolerance": [(pytest.approx(0.5), 0), (pytest.approx(2.0), 2)],
    }
    assert rows(ax)[1] == "A-1.4: Mitragynine, 1.4 %"
    assert rows(kq.plot_label_claims(MARKET, CLAIMS)) == ["acorn", "birch"]


def dated(amount: str, month: int) -> kq.Certificate:
    rows_of = [row("Mitragynine", amount, "%")]
    return certificate(rows_of, batch=f"M-{month}", dates=Dates(reported=f"2026-{month:02d}-01"))


def test_a_vendor_over_time_names_the_batch_that_is_unlike_the_others() -> None:
    """Days in order whatever order certificates come in; a bound is drawn as one; the limits are the chart's."""
    steady = [dated(amount, month) for month, amount in enumerate(("1.40", "1.41", "1.39", "1.40", "1.42", "1.38"), 1)]
    papers = [dated("2.9", 8), *steady, dated("<1.5", 7), certificate(dates=Dates())]
    series = kq.series_of(papers, "mitragynine")
    assert series is not None
    chart = kq.control_chart(series)
    ax = kq.plot_history(papers)
    found = points(ax)
    assert len(found["measured"]) == 6, found
    assert [place for _, place in found["measured, beyond the control limits"]] == [3]
    assert len(found["not found: below the bound shown"]) == 1
    assert texts(ax) == ["M-8"]
    assert "1 certificates without date or amount" in ax.get_xlabel()
    assert f"control limits, {chart.points[0].lower:.3g} to {chart.points[0].upper:.3g}" in names_in_legend(ax)


@pytest.mark.parametrize("kind", ["individuals", "moving_range", "ewma"])
def test_a_level_has_limits_of_its_own(kind: str, tmp_path: Any) -> None:
    """Where the level changed, the time is shaded once and limits are drawn on both sides; another laboratory shows."""
    amounts = [1.40, 1.41, 1.39, 1.40, 1.42, 1.38, 2.40, 2.41, 2.39, 2.40, 2.42, 2.38]
    papers = [dated(f"{amount}", month) for month, amount in enumerate(amounts, 1)]
    other = [one.model_copy(update={"laboratory": Laboratory(name="Copperline Testing")}) for one in papers[6:]]
    ax = kq.plot_history([*papers[:6], *other], chart=kind)
    ax.figure.savefig(tmp_path / "picture.png")
    assert {"when the level changed", "another laboratory"} <= set(names_in_legend(ax))
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 4


def test_too_few_for_limits_is_said_below() -> None:
    """Four results are drawn without limits, and the axis says why."""
    ax = kq.plot_history([dated("1.4", month) for month in range(1, 5)])
    assert "limits need 5" in ax.get_xlabel()
    assert len(points(ax)["measured"]) == 4
    assert not [line for line in ax.lines if line.get_linestyle() == "--"]


def names_in_legend(ax: Axes) -> list[str]:
    return [str(name) for name in ax.get_legend_handles_labels()[1]]


def test_coverage_counts_batches_and_puts_required_panels_first() -> None:
    """A verdict without results is none; of a single vendor the results of each batch are counted."""
    alkaloids = certificate(leaf()[:5], batch="B-2", panel_status={Panel.HEAVY_METALS: "pass"})
    ax = kq.plot_coverage({"acorn": [certificate(), alkaloids], "birch": clean_batches("birch", 3)})
    assert [label.get_text() for label in ax.get_xticklabels()] == ["alkaloids*", "heavy metals*", "microbials*"]
    assert texts(ax) == ["2 of 2", "1 of 2", "1 of 2", "3 of 3", "3 of 3", "3 of 3"]
    assert texts(kq.plot_coverage([certificate(), alkaloids])) == ["5", "4", "5", "5", "none", "none"]
