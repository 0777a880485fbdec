"""How much of a certificate survives a scanner, a fax or a telephone's camera.

    python benchmarks/scans.py [FOLDER] [--damage NAME ...] [--every 5] [--seed 1] [--pixels-an-inch 200] [--show N]

Every page of every fifth PDF is drawn, damaged and read by OCR; what its own text layer gives is what should be read.
Printed for each damage: rows found again (recall), rows that are right of those read (precision), rows whose number or
bound is wrong, how many of these carry a confidence of 0.9 or more, the share of rows below it, and seconds a page.
Where the scan changes nothing but the picture, another seed gives other angles, noise, shadows and stamps.
"""

from __future__ import annotations

import argparse
import io
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from kratom_quality import Certificate, Vocabulary, read_certificate
from kratom_quality.records import Result
from kratom_quality.vocabulary import fold

LAYOUTS = Path(__file__).parent.parent / "fixtures" / "layouts"
SURE = 0.9
PAPER, INK = 245, 35

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Random = np.random.Generator
Damage = Callable[[Pixels, Random], Pixels]


def _clip(picture: Any) -> Pixels:
    return np.clip(picture, 0, 255).astype(np.uint8)


def _mapped(picture: Pixels, matrix: Any, background: int = PAPER) -> Pixels:
    height, width = picture.shape[:2]
    return _clip(
        cv2.warpPerspective(
            picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(background, background, background)
        )
    )


def plain(picture: Pixels, random: Random) -> Pixels:
    """A good scanner: paper is not white, ink is not black, edges are soft."""
    soft = cv2.GaussianBlur(picture, (0, 0), 0.5).astype(np.float32)
    return _clip(INK + soft / 255 * (PAPER - INK) + random.normal(0, 2, picture.shape))


def skewed(picture: Pixels, random: Random) -> Pixels:
    """Put on the glass askew, by up to four degrees."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(1, 4) * random.choice([-1, 1]), 0.97)
    return plain(_mapped(picture, np.vstack([turn, [0, 0, 1]]), 255), random)


def turned(picture: Pixels, random: Random) -> Pixels:
    """On its side or on its head."""
    return np.ascontiguousarray(np.rot90(plain(picture, random), random.integers(1, 4)))


def noisy(picture: Pixels, random: Random) -> Pixels:
    """Grain and dust."""
    grainy = plain(picture, random) + random.normal(0, random.uniform(8, 16), picture.shape)
    dust = random.random(picture.shape[:2]) < 0.001
    grainy[cv2.dilate(dust.astype(np.uint8), np.ones((2, 2))) > 0] = random.integers(0, 120)
    return _clip(grainy)


def blurred(picture: Pixels, random: Random) -> Pixels:
    """Out of focus."""
    return plain(cv2.GaussianBlur(picture, (0, 0), random.uniform(1.0, 1.6)), random)


def pale(picture: Pixels, random: Random) -> Pixels:
    """Faded ink on grey paper."""
    faded = random.uniform(150, 175) + picture.astype(np.float32) / 255 * 50
    return _clip(faded + random.normal(0, 2, picture.shape))


def coarse(picture: Pixels, random: Random) -> Pixels:
    """Scanned at 85 to 130 dots an inch, where 200 are asked for."""
    small = cv2.resize(picture, None, fx=(share := random.uniform(0.42, 0.65)), fy=share, interpolation=cv2.INTER_AREA)
    height, width = picture.shape[:2]
    return plain(_clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)), random)


def crushed(picture: Pixels, random: Random) -> Pixels:
    """Saved as a JPEG of low quality."""
    _, data = cv2.imencode(".jpg", plain(picture, random), [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(12, 35))])
    return _clip(cv2.imdecode(data, cv2.IMREAD_COLOR))


def faxed(picture: Pixels, random: Random) -> Pixels:
    """Black and white without greys, with specks."""
    grey = cv2.GaussianBlur(picture.mean(axis=2), (0, 0), 0.7) + random.normal(0, 16, picture.shape[:2])
    black = grey < random.uniform(130, 175)
    specks = cv2.dilate((random.random(black.shape) < 0.0004).astype(np.uint8), np.ones((2, 2))) > 0
    return np.repeat(np.where(black ^ specks, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def photographed(picture: Pixels, random: Random) -> Pixels:
    """Taken from a slant on a dark table, under a lamp, with a hand's shadow."""
    height, width = picture.shape[:2]
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = page * 0.86 + np.array([width, height]) * 0.07
    seen += random.uniform(-0.05, 0.05, (4, 2)) * width
    matrix = cv2.getPerspectiveTransform(page, seen.astype(np.float32))
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    angle = random.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * across + np.sin(angle) * down
    light = 1 - 0.35 * (slope - slope.min()) / np.ptp(slope)
    light *= 1 - 0.25 / (1 + np.exp(-(slope - random.uniform(0.2, 0.8)) * 30))
    shot = _mapped(plain(picture, random), matrix, 60) * light[..., None]
    return _clip(cv2.GaussianBlur(shot, (0, 0), 0.7) + random.normal(0, 4, picture.shape))


def curled(picture: Pixels, random: Random) -> Pixels:
    """A page whose lines bend, as near a book's spine."""
    height, width = picture.shape[:2]
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    rise = random.uniform(0.01, 0.025) * height * random.choice([-1, 1])
    bend = rise * np.sin(np.pi * across / width * random.uniform(0.7, 1.1)) * (0.5 + 0.5 * down / height)
    return plain(_clip(cv2.remap(picture, across, (down + bend).astype(np.float32), cv2.INTER_CUBIC)), random)


def stamped(picture: Pixels, random: Random) -> Pixels:
    """A round stamp in red and a signature in blue over the results."""
    height, width = picture.shape[:2]
    layer = np.full_like(picture, 255)
    size = int(width * random.uniform(0.12, 0.17))
    centre = (int(width * random.uniform(0.3, 0.8)), int(height * random.uniform(0.3, 0.7)))
    red, blue = (190, 40, 60), (40, 50, 150)
    for radius, stroke in ((size, 7), (int(size * 0.7), 3)):
        cv2.circle(layer, centre, radius, red, stroke, cv2.LINE_AA)
    place = (centre[0] - int(size * 0.62), centre[1] + 10)
    cv2.putText(layer, "RELEASED", place, cv2.FONT_HERSHEY_DUPLEX, size / 140, red, 3, cv2.LINE_AA)
    steps = np.linspace(0, 1, 200)
    strokes = np.stack(
        [
            width * (random.uniform(0.1, 0.5) + 0.35 * steps),
            height * (random.uniform(0.4, 0.8) + 0.05 * np.sin(steps * random.uniform(25, 40))),
        ],
        axis=1,
    )
    cv2.polylines(layer, [strokes.astype(np.int32)], isClosed=False, color=blue, thickness=4, lineType=cv2.LINE_AA)
    return plain(_clip(picture.astype(np.float32) * (0.4 + 0.6 * layer / 255)), random)


DAMAGES: tuple[Damage, ...] = (
    plain, skewed, turned, noisy, blurred, pale, coarse, crushed, faxed, photographed, curled, stamped,
)  # fmt: skip


def drawn(path: Path, pixels_an_inch: float) -> Iterator[Pixels]:
    """Every page of a PDF in colour."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    for page in document:
        yield np.array(page.render(scale=pixels_an_inch / 72).to_pil().convert("RGB"))
    document.close()


def scan_of(pages: Iterable[Pixels], damage: Damage, random: Random, pixels_an_inch: float) -> bytes:
    """A PDF that holds nothing but pictures of the damaged pages."""
    first, *others = [Image.fromarray(damage(page, random)) for page in pages]
    buffer = io.BytesIO()
    first.save(buffer, "PDF", resolution=pixels_an_inch, quality=80, save_all=True, append_images=others)
    return buffer.getvalue()


def _name(row: Result) -> tuple[int, str]:
    return row.page, row.analyte or fold(row.printed.analyte)


def _numbers(row: Result) -> tuple[object, ...]:
    value = row.value
    said = fold(row.printed.result or "") if value.number is value.lower is value.upper is None else ""
    return value.state, value.number, value.lower, value.upper, said


def _row(row: Result) -> tuple[object, ...]:
    return *_numbers(row), value if (value := row.value.unit) else ""


def compare(text: Certificate, scan: Certificate, show: int) -> Counter[str]:
    """Count what a scan gives again of what the text layer gave."""
    wanted: dict[tuple[int, str], list[Result]] = {}
    for row in text.results:
        wanted.setdefault(_name(row), []).append(row)
    count = Counter(rows=len(text.results), read=len(scan.results))
    for row in scan.results:
        meant = wanted.get(_name(row), [])
        same = next((other for other in meant if _row(other) == _row(row)), None)
        sure = row.confidence is None or row.confidence >= SURE
        count["unsure"] += not sure
        if same is not None:
            meant.remove(same)
            count["right"] += 1
            wrong = [
                (name, getattr(same.printed, name), getattr(row.printed, name))
                for name in ("lod", "loq", "limit")
                if _plain(getattr(same.printed, name)) != _plain(getattr(row.printed, name))
            ]
            count["cells"] += bool(wrong)
            count["sure_cells"] += bool(wrong) and sure
        elif meant:
            is_wrong = all(_numbers(other) != _numbers(row) for other in meant)
            wrong = [("result", [other.printed.result for other in meant], row.printed.result)]
            count["wrong"] += is_wrong
            count["surely_wrong"] += is_wrong and sure
        else:
            wrong = [("name", None, row.printed.analyte)]
        if wrong and count["shown"] < show:
            count["shown"] += 1
            print(f"    p{row.page} {row.printed.analyte} ({row.confidence}): {wrong}")
    for row in [row for rows in wanted.values() for row in rows][: show - count["shown"]]:
        print(f"    p{row.page} {row.printed.analyte} = {row.printed.result} {row.printed.unit}: not found")
    return count


def _plain(text: str | None) -> str:
    """A cell without blanks; a dash says nothing."""
    return "".join((text or "").split()).replace("μ", "µ").strip("-")


def measure(paths: Iterable[Path], damage: Damage, options: argparse.Namespace) -> Counter[str]:
    """Damage, read and compare every file."""
    whole: Counter[str] = Counter()
    for number, path in enumerate(paths):
        random = np.random.default_rng([options.seed, DAMAGES.index(damage), number])
        data = scan_of(drawn(path, options.pixels_an_inch), damage, random, options.pixels_an_inch)
        start = time.perf_counter()
        scan = read_certificate(data, vocabulary=options.vocabulary)
        whole.update(milliseconds=int(1000 * (time.perf_counter() - start)), pages=scan.source.pages)
        if options.show:
            print(f"  {path.stem}")
        whole.update(compare(read_certificate(path, vocabulary=options.vocabulary, ocr=False), scan, options.show))
    return whole


def report(name: str, count: Counter[str]) -> None:
    rows, read = max(count["rows"], 1), max(count["read"], 1)
    print(
        f"{name:13} rows {count['rows']:4}  recall {count['right'] / rows:.3f}  precision {count['right'] / read:.3f}"
        f"  wrong {count['wrong']:3} (sure {count['surely_wrong']})"
        f"  other cells {count['cells']:3} (sure {count['sure_cells']})"
        f"  unsure {count['unsure'] / read:.3f}  s/page {count['milliseconds'] / 1000 / max(count['pages'], 1):.1f}",
        flush=True,
    )


def main() -> None:
    names = [damage.__name__ for damage in DAMAGES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=LAYOUTS)
    parser.add_argument("--damage", choices=names, nargs="+", default=names)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pixels-an-inch", type=float, default=200.0)
    parser.add_argument("--vocabulary", type=Path, action="append", default=[])
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    options.vocabulary = Vocabulary.load(*options.vocabulary)
    paths = sorted(options.folder.rglob("*.pdf"))[options.seed % options.every :: options.every]
    counts = Counter[str]()
    for name in options.damage:
        counts.update(count := measure(paths, DAMAGES[names.index(name)], options))
        report(name, count)
    report("all", counts)


if __name__ == "__main__":
    main()
