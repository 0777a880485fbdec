"""Text in pictures, read by RapidOCR: the only module that knows the engine, which is loaded when a page needs it.

The engine finds lines and reads each on its own. What it gives for one line must not depend on its neighbours, so lines
are not read in batches, which would pad them to a common width and change what is read.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kratom_quality.reading.dust import count_specks, without_dust, without_specks
from kratom_quality.reading.ink import find_ink, fineness, part_line, type_box, without_edges
from kratom_quality.reading.letters import Letters, decode
from kratom_quality.reading.raised import mark_raised
from kratom_quality.reading.recognised import Point, Recognised, TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_PACKAGES = ("rapidocr", "onnxruntime")
_FORM = 2  # to be raised when the same picture would give other lines or words
_LONGEST_SIDE_SEARCHED = 1600  # pixels; lines are found in a picture of this size and read in the full one
_NARROWEST_LINE = 64  # pixels, at the height of 48 the engine reads at; it pads what is narrower
_MOST_THREADS = 2
_TALL = 1.5  # height to width, from which on a box may hold upright text, or a single figure
_UPRIGHT = 2.5  # from which on it does
_LINES_TRIED = 8
_READS_BADLY = 0.85
# How finely a line is drawn: the steepest change of brightness, times the line's height. At 100 dots an inch, where it
# is below 12, 5 of 100 figures read without doubt were wrong, most for a lost decimal point; above 12, none of 600.
_FINE = 12.0
_TRUST_IN_COARSE_LINES = 0.8
# A speck at the foot of two figures is a decimal point. Clean pages have fewer than six specks in as much room as a
# thousand letters' heights; from ten on, a row of a dozen figures holds a false point more than once in two hundred.
_DUSTY, _TRUST_IN_DUST = 0.01, 0.8
_BODY = (0.2, 0.82)  # where in a line's height every letter and point has ink


def is_installed() -> bool:
    """Whether the ``ocr`` extra is installed."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def engine_version() -> str:
    """Names and versions of what reads: a cached reading holds for these."""
    return " ".join(f"{package} {version(package)}" for package in _PACKAGES) + f" form {_FORM}"


def recognise(picture: Pixels) -> Recognised:
    """Read all text in a picture.

    Parameters
    ----------
    picture
        Grey levels, one row a line of pixels. It may stand on its side or on its head.
    """
    import numpy as np

    picture, turns = np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2), 0
    boxes = _find_lines(picture)
    if _stands_on_its_side(boxes):
        turns, picture = 1, np.ascontiguousarray(np.rot90(picture))
        boxes = _find_lines(picture)
    if _stands_on_its_head(picture, boxes):
        turns, picture = turns + 2, np.ascontiguousarray(np.rot90(picture, 2))
        boxes = _find_lines(picture)
    read = [line for box in boxes if (line := _read_line(picture, box)) is not None]
    specks, room = (sum(counts) for counts in zip(*(dust for _, dust in read), strict=True)) if read else (0, 0.0)
    dusty = specks > _DUSTY * room
    height, width = picture.shape[:2]
    return Recognised(turns, width, height, tuple(_trusted(line, _TRUST_IN_DUST if dusty else 1.0) for line, _ in read))


@cache
def _engine() -> Any:
    import os

    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_preprocess_img": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": min(_MOST_THREADS, os.cpu_count() or 1),
            "Det.limit_type": "max",
            "Det.limit_side_len": _LONGEST_SIDE_SEARCHED,
            "Rec.rec_img_shape": [3, 48, _NARROWEST_LINE],
            "Rec.rec_batch_num": 1,
        }
    )


def _find_lines(picture: Pixels) -> list[Any]:
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else list(found.boxes)


def _sides(box: Any) -> tuple[float, float]:
    """Width and height of a box with four corners, clockwise from the top left."""
    import numpy as np

    a, b, c, d = box
    width = max(np.linalg.norm(b - a), np.linalg.norm(c - d))
    height = max(np.linalg.norm(d - a), np.linalg.norm(c - b))
    return float(width), float(height)


def _stands_on_its_side(boxes: Sequence[Any]) -> bool:
    sides = [_sides(box) for box in boxes]
    upright = sum(height for width, height in sides if height > _TALL * width)
    level = sum(width for width, height in sides if width > _TALL * height)
    return upright > level


def _stands_on_its_head(picture: Pixels, boxes: Sequence[Any]) -> bool:
    """Whether the longest lines read badly, and better the other way up."""
    import numpy as np

    longest = sorted(boxes, key=lambda box: -_sides(box)[0])[:_LINES_TRIED]
    crops = [_cut_out(picture, box) for box in longest]
    as_it_is = sum(_read(crop).mean_sureness for crop in crops)
    if not crops or as_it_is > _READS_BADLY * len(crops):
        return False
    return sum(_read(np.ascontiguousarray(np.rot90(crop, 2))).mean_sureness for crop in crops) > as_it_is


def _read_line(picture: Pixels, box: Any) -> tuple[TextLine, tuple[int, float]] | None:
    """Read the line inside a box, which may be upright, and count its specks; None where nothing is read."""
    import numpy as np

    width, height = _sides(box)
    crop = _cut_out(picture, box)
    best, shown, turns = Letters("", (), ()), crop, 0
    for quarter in _directions(width, height):
        turned = np.ascontiguousarray(np.rot90(crop, quarter))
        letters = _read(turned)
        if letters.mean_sureness > best.mean_sureness:
            best, shown, turns = letters, turned, quarter
    if not best.text.strip():
        return None
    trust = 1.0 if fineness(shown) >= _FINE else _TRUST_IN_COARSE_LINES
    inked = find_ink(shown)
    inked = without_edges(inked, *_strokes(inked))
    top, bottom = type_box(best.text, inked)
    letters = without_dust(
        best._replace(sureness=tuple(min(sure, trust) for sure in best.sureness)), inked, top, bottom
    )
    strokes = _strokes(inked)
    dust = count_specks(inked, *strokes, letters, top, bottom)
    inked = without_specks(inked, *strokes, letters, top, bottom)
    text, centres, sureness = mark_raised(letters, inked)
    body = inked[slice(*(round(share * len(inked)) for share in _BODY))]
    columns: Any = body.any(axis=0)
    pieces = part_line(text, centres, sureness, columns.tolist(), len(shown))
    a, b, c, d = np.roll(box, -turns, axis=0)
    top, bottom = top / len(shown), bottom / len(shown)
    corners = (a + (d - a) * top, b + (c - b) * top, b + (c - b) * bottom, a + (d - a) * bottom)
    return TextLine((_point(corners[0]), _point(corners[1]), _point(corners[2]), _point(corners[3])), pieces), dust


def _strokes(inked: Any) -> tuple[Any, Any]:
    """Number the unbroken strokes of ink: for every pixel the stroke it is of, for every stroke x, y, width, height."""
    import cv2
    import numpy as np

    _, labels, boxes, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    return labels, boxes[:, : cv2.CC_STAT_AREA]


def _trusted(line: TextLine, most: float) -> TextLine:
    """The line, no character of which is surer than that."""
    if most == 1:
        return line
    pieces = (piece._replace(probabilities=tuple(min(p, most) for p in piece.probabilities)) for piece in line.pieces)
    return line._replace(pieces=tuple(pieces))


def _directions(width: float, height: float) -> tuple[int, ...]:
    """Quarter turns to the left to try: a box much higher than wide holds upright text."""
    if height < _TALL * width:
        return (0,)
    return (1, 3) if height > _UPRIGHT * width else (0, 1, 3)


def _point(corner: Any) -> Point:
    return round(float(corner[0]), 1), round(float(corner[1]), 1)


def _cut_out(picture: Pixels, box: Any) -> Pixels:
    """The part of a picture inside a box, straightened."""
    import cv2
    import numpy as np

    width, height = (max(round(side), 1) for side in _sides(box))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(box, dtype=np.float32), corners)
    crop: Pixels = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return crop


def _read(crop: Pixels) -> Letters:
    probabilities, characters, step = _believed(crop)
    return decode(probabilities, characters, step)


def _believed(crop: Pixels) -> tuple[Any, Sequence[str], float]:
    """How likely each character is at every step along a line, which characters these are, and a step's pixels."""
    recogniser = _engine()._load_rec_model()  # what it offers to all hides the probabilities
    height, narrowest = recogniser.rec_image_shape[1:]
    ratio = max(crop.shape[1] / crop.shape[0], narrowest / height)
    padded = recogniser.resize_norm_img(crop, ratio)
    probabilities = recogniser.session(padded[None])[0]
    return probabilities, recogniser.postprocess_op.character, ratio * crop.shape[0] / len(probabilities)
