"""What is planted: every kind of finding in several variants, each beside cases that nearly have the fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from fixtures.generator.model import Laboratory, Panel, Row
from fixtures.generator.pdf_bytes import edited

from benchmarks.planted import LEAF_PANELS, TODAY, Paper, Shop, change_row, with_rows
from benchmarks.retyping import retyped

EXTRACT_PANELS = (*LEAF_PANELS, "residual_solvents")


@dataclass
class Plant:
    """A vendor's papers, the lines of its label claims, and what is done to a paper's bytes."""

    papers: list[Paper]
    claims: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    finish: Callable[[bytes, Paper], bytes] | None = None
    vendor: str | None = None


Make = Callable[[Shop], Plant]


@dataclass(frozen=True)
class Case:
    """A fault of a kind, or with ``near`` what must not be taken for it."""

    kind: str
    words: str
    make: Make
    near: bool = False


CASES: list[Case] = []


def _case(kind: str, words: str, make: Make, *, near: bool = False) -> None:
    CASES.append(Case(kind, words, make, near))


def _values(kind: str, words: str, *, near: bool = False, **more: object) -> None:
    values = more.pop("values", {})
    _case(kind, words, lambda shop: Plant([shop.paper(values, **more)]), near=near)


def _rows(
    kind: str, words: str, panel: str, change: Callable[[Row], Row | None], *, near: bool = False, **more: object
) -> None:
    _case(kind, words, lambda shop: Plant([with_rows(shop.paper(**more), panel, change)]), near=near)


def _added(kind: str, words: str, panel: str, row: Row, *, near: bool = False, **more: object) -> None:
    def make(shop: Shop) -> Plant:
        sheet, layout = shop.paper(**more)
        panels = tuple(replace(one, rows=(*one.rows, row)) if one.kind == panel else one for one in sheet.panels)
        return Plant([(replace(sheet, panels=panels), layout)])

    _case(kind, words, make, near=near)


# Contaminants over a limit, in several units and panels

for amount, element in (("2.600", "lead"), ("3.400", "arsenic"), ("1.450", "cadmium"), ("0.900", "mercury")):
    _values("over_limit", f"{element} {amount} ppm", values={element: amount})
_values("over_limit", "lead 2600 ppb", values={"lead": "2.600"}, house="quartz-ridge")
_values("over_limit", "lead 2.6 mg/kg", values={"lead": "2.600"}, house="iron-creek")
_values("over_limit", "lead 2.4, no limit printed", values={"lead": "2.400"}, limits=False)
_rows(
    "over_limit",
    "lead 2.4 under a printed limit of 5",
    "heavy_metals",
    change_row("Lead", result="2.400", limit="5", status="pass"),
    house="northlight",
)
_rows(
    "over_limit",
    "lead 0.8 over a printed limit of 0.5",
    "heavy_metals",
    change_row("Lead", result="0.800", limit="0.5", status="fail"),
    house="northlight",
)
_values("over_limit", "yeast and mold 2,400,000", values={"tymc": "2400000"})
_values("over_limit", "aerobic count 1.2 x 10^8", values={"tamc": "120000000"}, house="tallgrass")
_values(
    "over_limit",
    "methanol 9000 ppm in an extract",
    values={"methanol": "9000"},
    product="Gold Kratom Extract",
    panels=EXTRACT_PANELS,
    times=8,
)
_added(
    "over_limit",
    "chlorpyrifos 0.9 ppm",
    "pesticides",
    Row("Chlorpyrifos-ethyl", "0.900", "ppm", lod="0.003", loq="0.010", limit="2.0", status="pass"),
    panels=(*LEAF_PANELS, "pesticides"),
    house="northlight",
)
_rows(
    "over_limit",
    "a pesticide over its printed limit",
    "pesticides",
    change_row("Boscalid", result="1.900", status="fail"),
    panels=(*LEAF_PANELS, "pesticides"),
    house="northlight",
)
_rows(
    "over_limit",
    "aflatoxin B1 14 ppb",
    "mycotoxins",
    change_row("Aflatoxin B1", result="14.0"),
    panels=(*LEAF_PANELS, "mycotoxins"),
    house="northlight",
)
_values("over_limit", "lead 0.85 ppm", values={"lead": "0.850"}, near=True)
_values("over_limit", "lead 700 ppb", values={"lead": "0.700"}, house="quartz-ridge", near=True)
_values("over_limit", "aerobic count 2,000,000", values={"tamc": "2000000"}, near=True)
_values(
    "over_limit",
    "methanol 1500 ppm in an extract",
    values={"methanol": "1500"},
    product="Gold Kratom Extract",
    panels=EXTRACT_PANELS,
    times=8,
    near=True,
)
_values("exposure", "lead 2.6 ppm", values={"lead": "2.600"})
_added(
    "exposure",
    "nickel 95 ppm",
    "heavy_metals",
    Row("Nickel", "95.000", "ppm", lod="0.003", loq="0.010"),
    house="northlight",
)
_values("exposure", "lead 1.1 ppm", values={"lead": "1.100"}, near=True)

# Germs

_values("pathogen_present", "salmonella present", values={"salmonella": "present"})
_rows(
    "pathogen_present",
    "salmonella positive",
    "microbials",
    change_row("Salmonella", result="Positive", limit="Negative", status="fail"),
)
_rows(
    "pathogen_present",
    "salmonella detected, passed all the same",
    "microbials",
    change_row("Salmonella", result="Detected", limit="Absent", status="pass"),
)
_rows(
    "pathogen_present",
    "E. coli 120 CFU/g",
    "microbials",
    change_row("Escherichia", result="120", unit="CFU/g", limit="<10", status="fail"),
)
_rows("pathogen_present", "negative", "microbials", change_row("Salmonella", result="Negative"), near=True)
_rows(
    "pathogen_present",
    "E. coli <10 CFU/g",
    "microbials",
    change_row("Escherichia", result="<10", unit="CFU/g", limit="<10"),
    near=True,
)

# Tests that could not have found it

_rows(
    "loq_not_informative",
    "lead ND, LOQ 2.0",
    "heavy_metals",
    change_row("Lead", result="ND", lod="1.000", loq="2.000"),
    house="northlight",
)
_rows(
    "loq_not_informative",
    "every element <5 ppm",
    "heavy_metals",
    lambda row: replace(row, result="<5", lod=None, loq="5"),
    house="northlight",
)
_rows(
    "loq_not_informative",
    "salmonella absent in 1 g",
    "microbials",
    change_row("Salmonella", result="Absent in 1 g", limit="Absent in 1 g"),
)
_rows(
    "loq_not_informative",
    "7-OH ND, LOQ 0.5 %",
    "alkaloids",
    change_row("7-", result="ND", lod="0.2", loq="0.500", further=()),
    house="straits",
)
_rows(
    "loq_not_informative",
    "lead ND, LOQ 0.5",
    "heavy_metals",
    change_row("Lead", result="ND", lod="0.2", loq="0.500"),
    house="northlight",
    near=True,
)

# Added 7-hydroxymitragynine

_values("adulterated_7oh", "0.9 % in leaf", values={"mitragynine": "1.400", "7-hydroxymitragynine": "0.900"})
_values("adulterated_7oh", "0.2 % in leaf", values={"mitragynine": "1.400", "7-hydroxymitragynine": "0.200"})
_values("adulterated_7oh", "2.5 % of the alkaloids", values={"mitragynine": "1.400", "7-hydroxymitragynine": "0.050"})
_values("adulterated_7oh", "3.5 % of weak leaf", values={"mitragynine": "0.700", "7-hydroxymitragynine": "0.036"})
_values(
    "adulterated_7oh",
    "tablets of 12 %",
    values={
        "mitragynine": "0.400",
        "7-hydroxymitragynine": "12.100",
        "paynantheine": "0",
        "speciogynine": "0",
        "speciociliatine": "0",
    },
    product="Nova 7 Tablets",
)
_values(
    "adulterated_7oh",
    "an extract at a tenth",
    values={"mitragynine": "30.000", "7-hydroxymitragynine": "3.600"},
    times=20,
    product="Platinum Extract",
    panels=EXTRACT_PANELS,
)
_values(
    "adulterated_7oh",
    "mitragynine and 7-OH alone",
    values={
        "mitragynine": "0.400",
        "7-hydroxymitragynine": "2.200",
        "paynantheine": "-",
        "speciogynine": "-",
        "speciociliatine": "-",
    },
    house="straits",
)
_rows(
    "adulterated_7oh",
    "7-OH alone, 8 %",
    "alkaloids",
    lambda row: replace(row, result="8.200") if row.analyte.startswith("7-") else None,
    house="straits",
    product="Nova 7 Tablets",
)


def _per_tablet(shop: Shop, *, mitragynine: str, seven_hydroxy: str) -> Plant:
    sheet, layout = shop.paper(house="straits", product="Nova Tablets")
    rows = (
        *((Row("Mitragynine", mitragynine, "mg/tablet", loq="0.1"),) if mitragynine else ()),
        Row("7-Hydroxymitragynine", seven_hydroxy, "mg/tablet", loq="0.1"),
    )
    alkaloids = Panel("alkaloids", "Kratom Alkaloids", rows, "tested", "HPLC-DAD")
    return Plant([(replace(sheet, panels=(alkaloids, *sheet.panels[1:])), layout)])


_case(
    "adulterated_7oh",
    "15 mg beside 2 mg a tablet",
    lambda shop: _per_tablet(shop, mitragynine="2.0", seven_hydroxy="15.0"),
)
_case(
    "adulterated_7oh",
    "15 mg a tablet, nothing else",
    lambda shop: _per_tablet(shop, mitragynine="", seven_hydroxy="15.0"),
)
_case(
    "adulterated_7oh",
    "0.2 beside 30 mg a tablet",
    lambda shop: _per_tablet(shop, mitragynine="30.0", seven_hydroxy="0.2"),
    near=True,
)
for compound in ("Mitragynine Pseudoindoxyl", "MGM-15", "7-OH Mitragynine Pseudoindoxyl"):
    name = "Mitragynine Pseudoindoxyl" if "Pseudo" in compound else compound
    _added(
        "adulterated_7oh",
        f"{name} 0.4 %",
        "alkaloids",
        Row(name, "0.400", "%", lod="0.0017", loq="0.005", further=(("4.00", "mg/g"),)),
        house="northlight",
    )
_values(
    "adulterated_7oh",
    "1.4 % of the alkaloids",
    values={"mitragynine": "1.500", "7-hydroxymitragynine": "0.029"},
    near=True,
)
_values(
    "adulterated_7oh",
    "an extract in natural proportion",
    times=12,
    product="Gold Extract",
    panels=EXTRACT_PANELS,
    near=True,
)
_values("adulterated_7oh", "not detected", values={"7-hydroxymitragynine": "0"}, near=True)

# Slipped units and unnatural profiles

_values("unit_suspicion", "7-OH ten times natural", values={"mitragynine": "1.400", "7-hydroxymitragynine": "0.150"})
_values("unit_suspicion", "mg/g printed as %", values={"mitragynine": "13.800"}, times=10)
_rows(
    "unit_suspicion",
    "ppb printed as ppm",
    "heavy_metals",
    lambda row: (
        replace(row, result=f"{Decimal(row.result) * 1000:.0f}", status=None) if row.result[0].isdigit() else row
    ),
    house="northlight",
)
_values("unit_suspicion", "strong leaf", values={"mitragynine": "2.900"}, times=2, near=True)
_values("unit_suspicion", "an extract of 14 %", times=10, product="Gold Extract", panels=EXTRACT_PANELS, near=True)
_values(
    "unnatural_profile",
    "no companions",
    values={"paynantheine": "0", "speciogynine": "0", "speciociliatine": "0"},
)
_values("unnatural_profile", "no paynantheine", values={"paynantheine": "0"})
_values(
    "unnatural_profile",
    "companions in no natural proportion",
    values={"mitragynine": "1.400", "paynantheine": "0.012", "speciogynine": "0.011", "speciociliatine": "0.900"},
)
_values(
    "unnatural_profile", "rich in speciogynine", values={"mitragynine": "1.400", "speciogynine": "0.900"}, near=True
)
_values(
    "unnatural_profile",
    "low in companions",
    values={"mitragynine": "1.400", "paynantheine": "0.120", "speciogynine": "0.070", "speciociliatine": "0.050"},
    near=True,
)

# Labels


def _claimed(shop: Shop, ratio: float, unit: str, analyte: str = "mitragynine", *, named: bool = True) -> Plant:
    sheet, layout = shop.paper()
    alkaloids = sheet.panel("alkaloids")
    assert alkaloids is not None
    measured = float(alkaloids.rows[-1 if analyte == "total_alkaloids" else 0].result)
    factor = {"%": 1, "mg/g": 10, "mg/kg": 10_000}[unit]
    batch = sheet.batch or "" if named else ""
    return Plant([(sheet, layout)], [(sheet.product, batch, analyte, f"{measured * ratio * factor:.3g}", unit)])


for ratio, unit in ((1.6, "%"), (1.45, "mg/g"), (0.65, "%"), (0.7, "mg/g")):
    _case(
        "label_claim_off",
        f"claim {ratio:g} of the measured, in {unit}",
        lambda shop, r=ratio, u=unit: _claimed(shop, r, u),
    )
_case(
    "label_claim_off",
    "total alkaloids, batch not named",
    lambda shop: _claimed(shop, 1.6, "%", "total_alkaloids", named=False),
)
for ratio, unit in ((1.1, "%"), (0.9, "mg/g")):
    _case(
        "label_claim_off",
        f"claim {ratio:g} of the measured",
        lambda shop, r=ratio, u=unit: _claimed(shop, r, u),
        near=True,
    )

# A certificate against itself

_rows(
    "status_contradicts_limit",
    "row passed above its limit",
    "heavy_metals",
    change_row("Lead", result="2.400", status="pass"),
    house="northlight",
)
_rows(
    "status_contradicts_limit",
    "row failed below its limit",
    "heavy_metals",
    change_row("Cadmium", result="0.050", status="fail"),
    house="northlight",
)


def _overall(shop: Shop) -> Plant:
    sheet, layout = with_rows(
        shop.paper(house="northlight"), "heavy_metals", change_row("Lead", result="2.400", status="fail")
    )
    return Plant([(replace(sheet, overall_status="pass"), layout)])


def _panel(shop: Shop) -> Plant:
    paper = with_rows(shop.paper(house="northlight"), "heavy_metals", change_row("Lead", result="2.400", status=None))
    return Plant([paper])


_case("status_contradicts_limit", "the sample passed with a failing row", _overall)
_case("status_contradicts_limit", "the panel passed with a row over its limit", _panel)
_rows(
    "status_contradicts_limit",
    "passed at the limit",
    "heavy_metals",
    change_row("Lead", result="1.200", limit="1.2", status="pass"),
    house="northlight",
    near=True,
)


def _total(shop: Shop, times: str, add: str = "0") -> Plant:
    def change(row: Row) -> Row:
        if not row.total:
            return row
        total = (Decimal(row.result) * Decimal(times) + Decimal(add)).quantize(Decimal(row.result))
        return replace(row, result=str(total), further=((str(total * 10), row.further[0][1]),) if row.further else ())

    return Plant([with_rows(shop.paper(house="northlight"), "alkaloids", change)])


_case("sum_mismatch", "total 8 % too high", lambda shop: _total(shop, "1.08"))
_case("sum_mismatch", "total 30 % too low", lambda shop: _total(shop, "0.7"))
_case("sum_mismatch", "total 0.02 too high", lambda shop: _total(shop, "1", "0.02"))
_case("sum_mismatch", "total 0.002 too high", lambda shop: _total(shop, "1", "0.002"), near=True)
_rows(
    "sum_mismatch",
    "aflatoxins above their total",
    "mycotoxins",
    lambda row: replace(
        row,
        result={"Aflatoxin B1": "3.1", "Aflatoxin B2": "2.2", "Total Aflatoxins": "1.0"}.get(row.analyte, row.result),
    ),
    panels=(*LEAF_PANELS, "mycotoxins"),
    house="northlight",
)


def _second_unit(shop: Shop, times: str) -> Plant:
    def change(row: Row) -> Row:
        if not row.analyte.startswith("Mitragynine") or not row.further:
            return row
        other = (Decimal(row.result) * 10 * Decimal(times)).quantize(Decimal("0.01"))
        return replace(row, further=((str(other), row.further[0][1]),))

    return Plant([with_rows(shop.paper(house="northlight"), "alkaloids", change)])


for times in ("1.15", "0.1", "1.02"):
    _case("units_disagree", f"mg/g {times} times the percentage's", lambda shop, t=times: _second_unit(shop, t))
_case("units_disagree", "mg/g rounded", lambda shop: _second_unit(shop, "1.0001"), near=True)


def _dated(shop: Shop, change: Callable[[object], object]) -> Plant:
    sheet, layout = shop.paper(house="northlight")
    return Plant([(replace(sheet, dates=change(sheet.dates)), layout)])


_case(
    "impossible_dates",
    "received before collected",
    lambda shop: _dated(shop, lambda d: replace(d, collected=d.received, received=d.collected)),
)
_case(
    "impossible_dates",
    "reported before tested",
    lambda shop: _dated(shop, lambda d: replace(d, reported=d.tested[0] - timedelta(days=5))),
)
_case(
    "impossible_dates",
    "reported before received",
    lambda shop: _dated(shop, lambda d: replace(d, reported=d.received - timedelta(days=20))),
)
_case(
    "impossible_dates",
    "reported in the future",
    lambda shop: _dated(shop, lambda d: replace(d, reported=TODAY + timedelta(days=70))),
)
_case(
    "impossible_dates",
    "all on one day",
    lambda shop: _dated(
        shop, lambda d: replace(d, collected=d.reported, received=d.reported, tested=(d.reported, d.reported))
    ),
    near=True,
)


def _aged(shop: Shop, days: int) -> Plant:
    sheet, layout = shop.paper()
    shift = timedelta(days=days) - (TODAY - (sheet.dates.reported or TODAY))
    dates = sheet.dates
    assert dates.tested
    assert dates.collected
    assert dates.received
    assert dates.reported
    moved = replace(
        dates,
        collected=dates.collected - shift,
        received=dates.received - shift,
        tested=(dates.tested[0] - shift, dates.tested[1] - shift),
        reported=dates.reported - shift,
    )
    return Plant([(replace(sheet, dates=moved), layout)])


_case("stale", "400 days old", lambda shop: _aged(shop, 400))
_case("stale", "900 days old", lambda shop: _aged(shop, 900))
_case("stale", "350 days old", lambda shop: _aged(shop, 350), near=True)

# Documents

for batch in (None, "N/A", "TBD", "-"):
    _values("missing_batch", f"batch {batch}", batch=batch)
_values("missing_batch", "a batch of digits", batch="0417", near=True)
_values("missing_panel", "alkaloids alone", panels=("alkaloids",))
_values("missing_panel", "no microbes", panels=("alkaloids", "heavy_metals"))
_values("missing_panel", "no elements", panels=("alkaloids", "microbials"))
_values("missing_panel", "no alkaloids", panels=("heavy_metals", "microbials"))
_values("missing_panel", "an extract without solvents", product="Gold Kratom Extract", times=8)
_values("missing_panel", "a tincture without solvents", product="Gold Tincture 30 mL", times=8)
_values(
    "missing_panel",
    "capsules without microbes",
    product="Green Malay Capsules 500 mg",
    panels=("alkaloids", "heavy_metals"),
)
_values("missing_panel", "capsules, all tested", product="Green Malay Capsules 500 mg", near=True)


def _split(shop: Shop) -> Plant:
    (one, layout), (two, other) = shop.paper(panels=("alkaloids",)), shop.paper(panels=("heavy_metals", "microbials"))
    return Plant([(one, layout), (replace(two, batch=one.batch, product=one.product), other)])


_case("missing_panel", "panels on two certificates of a batch", _split, near=True)


def _own_laboratory(shop: Shop, name: str, address: str) -> Plant:
    name = name.format(shop.name, shop.name.split()[0])
    website = "summit-analytical.example" if "Summit" in name else shop.domain
    laboratory = Laboratory(name, address, website, "ISO/IEC 17025:2017")
    return Plant([shop.paper(laboratory=laboratory, house="northlight")])


AT_HOME = "1 Quay Street, Salem, OR 97301"
ELSEWHERE = "90 Tannery Row, Boise, ID 83702"
for name in ("{0} Laboratory", "{0} Quality Control Lab", "In-House Laboratory", "{0} Internal QC Department"):
    words = f"laboratory {name.format('VENDOR')!r}"
    _case("no_independent_lab", words, lambda shop, n=name: _own_laboratory(shop, n, AT_HOME))
    _case("no_independent_lab", f"{words} elsewhere", lambda shop, n=name: _own_laboratory(shop, n, ELSEWHERE))
_case(
    "no_independent_lab",
    "laboratory that shares a word",
    lambda shop: _own_laboratory(shop, "{1} Summit Analytical", ELSEWHERE),
    near=True,
)


def _without_accreditation(shop: Shop) -> Plant:
    sheet, layout = shop.paper(house="northlight")
    return Plant([(replace(sheet, laboratory=replace(sheet.laboratory, accreditation=None, licence=None)), layout)])


_case("not_accredited", "no accreditation printed", _without_accreditation)
_values("not_accredited", "accredited", house="meridian", near=True)

# Authenticity across certificates


def _copied(shop: Shop, *, number: bool, digits: int, batch: bool = True, product: bool = False) -> Plant:
    """Two papers of one report: under another batch or product, with or without its number, some digits changed."""
    sheet, layout = shop.paper(house="northlight")
    other = replace(
        sheet,
        batch=shop.batch() if batch else sheet.batch,
        product="Red Horn Leaf Powder" if product else sheet.product,
        sample_id=sheet.sample_id if number else "NA2609-0001",
    )
    for panel in ("alkaloids", "heavy_metals")[:digits]:
        other, layout = with_rows(
            (other, layout),
            panel,
            change_row(
                {"alkaloids": "Paynantheine", "heavy_metals": "Lead"}[panel],
                result="0.177",
                further=(("1.77", "mg/g"),) if panel == "alkaloids" else (),
            ),
        )
    return Plant([(sheet, layout), (other, layout)])


_case("reused_certificate", "same number, other batch", lambda shop: _copied(shop, number=True, digits=0))
_case("reused_certificate", "same digits, other number and batch", lambda shop: _copied(shop, number=False, digits=0))
_case("reused_certificate", "one digit changed in two panels", lambda shop: _copied(shop, number=False, digits=2))


def _unnamed(shop: Shop) -> Plant:
    plant = _copied(shop, number=False, digits=0, product=True)
    return Plant([(replace(sheet, batch=None), layout) for sheet, layout in plant.papers])


_case("reused_certificate", "two products, no batch named", _unnamed)


def _same_number(shop: Shop) -> Plant:
    (one, layout), (two, _) = shop.paper(house="northlight"), shop.paper(house="northlight")
    return Plant([(one, layout), (replace(two, sample_id=one.sample_id), layout)])


_case("reused_certificate", "same number, other results", _same_number)
_case(
    "reused_certificate",
    "reissued for the batch",
    lambda shop: _copied(shop, number=True, digits=1, batch=False),
    near=True,
)
_case(
    "reused_certificate",
    "six batches",
    lambda shop: Plant([shop.paper(house="northlight") for _ in range(6)]),
    near=True,
)


def _alike(shop: Shop, spread: float) -> Plant:
    first = {
        "mitragynine": 1.42,
        "7-hydroxymitragynine": 0.0142,
        "paynantheine": 0.221,
        "speciogynine": 0.163,
        "speciociliatine": 0.194,
        "lead": 0.342,
        "arsenic": 0.131,
    }
    return Plant(
        [
            shop.paper(
                {key: f"{value * (1 + shop.random.gauss(0, spread)):.3f}" for key, value in first.items()},
                house="northlight",
            )
            for _ in range(5)
        ]
    )


_case("too_little_spread", "five batches within 0.3 %", lambda shop: _alike(shop, 0.003))
_case("too_little_spread", "five batches within 0.6 %", lambda shop: _alike(shop, 0.006))
_case("too_little_spread", "five blended batches, 4 %", lambda shop: _alike(shop, 0.04), near=True)


def _edited(shop: Shop, element: str, before: str, after: str) -> Plant:
    def finish(pdf: bytes, paper: Paper) -> bytes:
        reported = paper[0].dates.reported
        assert reported
        return edited(pdf, before, after, reported + timedelta(days=19))

    return Plant([shop.paper({element: before}, house="northlight")], finish=finish)


def _retyped(shop: Shop, house: str, value: str, font: str) -> Plant:
    return Plant([shop.paper({"lead": value}, house=house)], finish=lambda pdf, _: retyped(pdf, value, "0.193", font))


for house, font in (("northlight", "Times-Roman"), ("sable-point", "Times-Roman"), ("tallgrass", "Helvetica")):
    _case(
        "edited_pdf",
        f"a result set anew in {font}, {house}",
        lambda shop, h=house, f=font: _retyped(shop, h, "1.937", f),
    )
_case(
    "edited_pdf",
    "a result covered by another",
    lambda shop: Plant(
        [shop.paper({"lead": "1.937"}, house="northlight")],
        finish=lambda pdf, _: retyped(pdf, "1.937", "0.193", "Helvetica", cover=True),
    ),
)
_case("edited_pdf", "a result replaced by an editor", lambda shop: _edited(shop, "lead", "1.937", "0.193"))
_case("edited_pdf", "another result replaced", lambda shop: _edited(shop, "arsenic", "3.117", "0.311"))
_values("edited_pdf", "untouched", house="northlight", near=True)

for where, address in (
    ("the seller", "https://{}/coa/7.pdf"),
    ("a file host", "https://drive.google.com/file/d/1x7"),
    ("another domain", "https://coa-verified-reports.example/r/771"),
):
    _case(
        "link_not_to_lab",
        f"link to {where}",
        lambda shop, a=address: Plant([shop.paper(house="northlight", verify_at=a.format(shop.domain))]),
    )
_values(
    "link_not_to_lab",
    "link to the laboratory",
    house="northlight",
    verify_at="https://northlight-analytical.example/verify/7",
    near=True,
)
_values(
    "link_not_to_lab",
    "link to a report platform",
    house="northlight",
    verify_at="https://northlight.qbench.net/r/7",
    near=True,
)
