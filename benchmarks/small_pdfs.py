"""Small certificates as PDFs, a folder a vendor: one page with a header, alkaloids, elements and germs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

from fpdf import FPDF

TODAY = date(2026, 11, 22)
_LABORATORIES = ("Kestrel Ridge Analytical", "Tamarack Testing Laboratories", "Blue Basin Labs")
_ROWS = (
    ("Mitragynine", 1.42, "%", "0.005"),
    ("7-Hydroxymitragynine", 0.012, "%", "0.005"),
    ("Paynantheine", 0.22, "%", "0.005"),
    ("Speciogynine", 0.16, "%", "0.005"),
    ("Speciociliatine", 0.19, "%", "0.005"),
    ("Arsenic", 0.131, "ppm", "0.010"),
    ("Cadmium", 0.028, "ppm", "0.010"),
    ("Lead", 0.342, "ppm", "0.010"),
    ("Mercury", 0.014, "ppm", "0.010"),
    ("Total Aerobic Microbial Count", 9000.0, "CFU/g", "10"),
    ("Total Yeast and Mold", 420.0, "CFU/g", "10"),
)
_ABSENT = (("Salmonella", "Absent in 25 g"), ("Escherichia coli", "Absent in 10 g"))


def write_vendors(folder: Path, vendors: int, certificates: int, seed: int = 1) -> None:
    """Write so many certificates of so many vendors."""
    for number in range(vendors):
        for nth in range(certificates):
            write(folder / f"vendor-{number:05d}", nth, seed)


def write(folder: Path, nth: int, seed: int = 1, *, compressed: bool = True) -> Path:
    """Write one certificate of a vendor; the same number gives the same text."""
    folder.mkdir(parents=True, exist_ok=True)
    random, batch = Random(f"{seed} {folder.name} {nth}"), f"{folder.name[-5:]}-{nth:03d}"
    day = TODAY - timedelta(days=random.randint(0, 900))
    pdf = FPDF(format="letter", unit="pt")
    pdf.set_compression(compressed)
    pdf.add_page()
    pdf.set_font("Helvetica", size=9)
    header = (
        "Certificate of Analysis",
        f"Laboratory: {random.choice(_LABORATORIES)}, ISO/IEC 17025:2017 accredited",
        f"Client: {folder.name}    Product: Green leaf powder    Matrix: Plant",
        f"Batch: {batch}    Sample ID: S-{batch}    Date Reported: {day:%m/%d/%Y}",
    )
    for line, words in enumerate(header):
        pdf.text(50, 60 + 16 * line, words)
    for line, cells in enumerate((("Analyte", "Result", "Units", "LOQ"), *_rows(random))):
        for left, cell in zip((50, 250, 350, 430), cells, strict=True):
            pdf.text(left, 150 + 15 * line, cell)
    file = folder / f"{batch}.pdf"
    pdf.output(str(file))
    return file


def _rows(random: Random) -> list[tuple[str, str, str, str]]:
    rows = []
    for name, mean, unit, loq in _ROWS:
        amount = mean * random.lognormvariate(0, 0.3)
        rows.append((name, f"{amount:.0f}" if unit == "CFU/g" else f"{amount:.3f}", unit, loq))
    return [*rows, *((name, result, "", "") for name, result in _ABSENT)]
