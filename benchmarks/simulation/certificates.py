"""What a vendor publishes: certificates as the reader would give them, forged ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

import numpy as np
from simulation.goods import (
    COMPANIONS,
    COUNTS,
    METALS,
    MITRAGYNINE,
    PANELS,
    PATHOGENS,
    SETTINGS,
    SEVEN,
    UNITS,
    Contents,
    breaches,
    draw_batches,
)
from simulation.vendors import Laboratory, Vendor, former

from kratom_quality.claims import Claim
from kratom_quality.records import (
    Certificate,
    Dates,
    Document,
    Marks,
    Panel,
    Printed,
    Result,
    TextChange,
    Value,
    ValueState,
)
from kratom_quality.records import Laboratory as NamedLaboratory
from kratom_quality.standards import Standard

_BOX = (72.0, 100.0, 540.0, 112.0)
_EDITOR = "Sejda PDF Editor"
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Published:
    """A vendor's certificates, its label claims, and the figures on paper by which simpler scores judge."""

    certificates: list[Certificate]
    claims: list[Claim]
    figures: list[Figures]
    newest: date | None


def publish(rng: np.random.Generator, vendor: Vendor, standard: Standard) -> Published:
    """Test so many batches and print the certificates, forging as the vendor does."""
    law, today = SETTINGS["market"], SETTINGS["market"]["today"]
    ages = np.sort(rng.integers(10, law["days"], vendor.certificates))
    published = Published([], [], [], today - timedelta(days=int(ages[0])))
    if vendor.label is not None and vendor.label.product is not None:
        published.claims.append(Claim(vendor.name, "", None, MITRAGYNINE, vendor.label.product, "%", 0))
    for number, age in enumerate(ages):
        maker = former(vendor) if age > vendor.changed_on else vendor
        contents = draw_batches(rng, maker.supply, maker.batch_sd, maker.adulteration, 1)
        _print(rng, vendor, f"B{number:03d}", today - timedelta(days=int(age)), contents, published, standard)
    return published


def _print(
    rng: np.random.Generator,
    vendor: Vendor,
    number: str,
    day: date,
    contents: Contents,
    published: Published,
    standard: Standard,
) -> None:
    laboratory, gaps = vendor.laboratory(rng), vendor.gaps
    left_out = {Panel.MICROBIALS: gaps["no_microbials"], Panel.HEAVY_METALS: gaps["no_metals"]}
    missing = {panel for panel, share in left_out.items() if rng.random() < share}
    figures = {
        name: figure for name, figure in _measure(rng, laboratory, contents).items() if PANELS[name] not in missing
    }
    marks, sample = _honest_marks(rng, day), f"S-{vendor.name}-{number}"
    batch = None if rng.random() < gaps["no_batch"] else number
    fails = breaches(contents, standard, frozenset(Panel) - missing)[0]
    if fails and rng.random() < vendor.forged_share:
        figures, marks, laboratory, sample = _forge(rng, figures, marks, laboratory, sample, day, published)
    if vendor.label is not None and vendor.label.product is None and batch:
        claimed = round(figures[MITRAGYNINE] * float(np.exp(vendor.label.habit)), 2)
        published.claims.append(Claim(vendor.name, "", batch, MITRAGYNINE, claimed, "%", 0))
    own = rng.random() < gaps["own_laboratory"]
    path = f"{vendor.name}/{number}.pdf"
    published.figures.append(figures)
    published.certificates.append(
        Certificate.model_construct(
            source=Document.model_construct(
                path=path, sha256=sha256(path.encode()).hexdigest(), pages=1, reader="pdfium", pages_by_ocr=()
            ),
            laboratory=NamedLaboratory.model_construct(
                name=None if own else laboratory.name,
                accreditation="ISO/IEC 17025:2017" if laboratory.accredited and not own else None,
            ),
            client=vendor.name,
            product="Leaf Powder",
            matrix="powder",
            batch=batch,
            sample_id=None if own else sample,
            dates=_dates(rng, day, undated=rng.random() < gaps["no_date"]),
            results=tuple(_rows(figures, laboratory)),
            marks=marks,
        )
    )


def _measure(rng: np.random.Generator, laboratory: Laboratory, contents: Contents) -> Figures:
    """Return the figures a laboratory prints; what is below its LOQ is negative, which is no number on paper."""
    law, germs = SETTINGS["laboratories_do"], SETTINGS["laboratories_do"]["count_noise_log10"]
    figures = {name: float(contents[name][0]) for name in PATHOGENS}
    for name in COUNTS:
        figures[name] = float(f"{contents[name][0] * 10 ** rng.normal(0, germs):.2g}")
    for name in METALS:
        measured = contents[name][0] * np.exp(laboratory.metal_bias + rng.normal(0, law["metal_noise"]))
        figures[name] = float(f"{measured:.3g}") if measured >= law["loq"][name] else -law["loq"][name]
    companions = () if laboratory.short_panel else COMPANIONS
    for name in (MITRAGYNINE, SEVEN, *companions):
        measured = contents[name][0] * np.exp(laboratory.alkaloid_bias + rng.normal(0, law["alkaloid_noise"]))
        figures[name] = float(f"{measured:.3g}")
    if rng.random() < law["slipped_decimal"]:
        figures[SEVEN] = float(f"{figures[SEVEN] * 10:.3g}")
    return figures


def _forge(
    rng: np.random.Generator,
    figures: Figures,
    marks: Marks,
    laboratory: Laboratory,
    sample: str,
    day: date,
    published: Published,
) -> tuple[Figures, Marks, Laboratory, str]:
    """Return figures that pass, with the traces the forger leaves."""
    law, way = SETTINGS["forgers"], rng.random()
    if way < law["reused"] and published.figures:
        copied = published.figures[rng.integers(len(published.figures))]
        return dict(copied), marks, laboratory, sample
    way = rng.random() * (1 - law["reused"])
    clean = _made_clean(rng, figures)
    if way < law["traced_edit"]:
        change = TextChange.model_construct(page=1, box=_BOX, before="FAIL", after="PASS")
        later = {"created": f"{day}T09:00:00", "modified": f"{day + timedelta(days=12)}T09:00:00"}
        return clean, Marks(incremental_updates=1, changes=(change,), **later), laboratory, sample
    if way < law["traced_edit"] + law["editor_named"]:
        later = {"created": f"{day}T09:00:00", "modified": f"{day + timedelta(days=12)}T09:00:00"}
        return clean, Marks(producer=_EDITOR, **later), laboratory, sample
    return clean, marks, laboratory, sample


def _made_clean(rng: np.random.Generator, figures: Figures) -> Figures:
    """Bring every figure below its limit, where a forger feels safe."""
    most = {"arsenic": 0.9, "cadmium": 0.4, "lead": 0.8, "mercury": 0.1, SEVEN: 0.02}
    most |= {"total_aerobic_microbial_count": 5e5, "total_yeast_and_mold": 1e4, "total_coliforms": 1e3}
    most |= dict.fromkeys(PATHOGENS, 0.0)
    return {
        name: float(f"{most[name] * rng.uniform(0.2, 0.9):.3g}") if figure > most.get(name, np.inf) else figure
        for name, figure in figures.items()
    }


def _honest_marks(rng: np.random.Generator, day: date) -> Marks:
    law, chance = SETTINGS["documents"], rng.random()
    made = f"{day}T09:00:00"
    if chance < law["edited_by_habit"]:
        return Marks(producer=_EDITOR, created=made, modified=f"{day + timedelta(days=2)}T09:00:00")
    if chance < law["edited_by_habit"] + law["modified_late"]:
        return Marks(created=made, modified=f"{day + timedelta(days=20)}T09:00:00")
    if chance < law["edited_by_habit"] + law["modified_late"] + law["corrected_at_once"]:
        change = TextChange.model_construct(page=1, box=_BOX, before="Lot", after="Batch")
        return Marks(incremental_updates=1, changes=(change,), created=made, modified=f"{day}T09:20:00")
    return Marks(created=made, modified=made)


def _dates(rng: np.random.Generator, day: date, *, undated: bool) -> Dates:
    if undated:
        return Dates.model_construct(collected=None, received=None, tested=None, reported=None)
    received = day - timedelta(days=6)
    tested = received - timedelta(days=2) if rng.random() < SETTINGS["documents"]["impossible_dates"] else received
    return Dates.model_construct(
        collected=None, received=received.isoformat(), tested=tested.isoformat(), reported=day.isoformat()
    )


def _rows(figures: Figures, laboratory: Laboratory) -> Iterator[Result]:
    for name, figure in figures.items():
        unit = UNITS.get(name)
        loq = (
            _value(ValueState.MEASURED, f"{-figure:g}", unit, -figure) if figure < 0 and laboratory.prints_loq else None
        )
        value = _printed_value(name, figure, unit)
        yield Result.model_construct(
            page=1,
            bbox=_BOX,
            panel=PANELS[name],
            analyte=name,
            name=name,
            printed=Printed.model_construct(
                analyte=name, result=value.printed, unit=unit, lod=None, loq=None, limit=None, status=None
            ),
            value=value,
            loq=loq,
        )


def _printed_value(name: str, figure: float, unit: str | None) -> Value:
    if name in PATHOGENS:
        state, printed = (ValueState.PRESENT, "Present") if figure else (ValueState.ABSENT, "Absent in 25 g")
        return _value(state, printed, None, None, grams=25.0)
    if figure < 0:
        return _value(ValueState.NOT_DETECTED, "ND", unit, None)
    return _value(ValueState.MEASURED, f"{figure:g}", unit, figure)


def _value(
    state: ValueState, printed: str, unit: str | None, number: float | None, grams: float | None = None
) -> Value:
    return Value.model_construct(
        state=state, number=number, lower=None, upper=None, unit=unit, sample_grams=grams, printed=printed
    )
