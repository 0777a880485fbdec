"""Pictures of pages: image files opened, and what a drawn page shows beside its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from kratom_quality.errors import NotAPdfError
from kratom_quality.limits import ReadingLimits, over_limit
from kratom_quality.reading.defects import LIBRARY_DEFECTS
from kratom_quality.reading.page import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from kratom_quality.reading.straight import Straightening

_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_FORMATS = ("PNG", "JPEG", "TIFF")  # others are not tried: some start programs
# Pixels. Text is found and read best at 150 to 250 pixels an inch of a letter page.
_SHORTEST_LONG_SIDE = 1600
_LONGEST_SIDE = 2600

_STRIP = 128  # rows of pixels straightened at a time
_SQUARE = 6  # pixels
_SHOWS_SOMETHING = 48  # grey levels between the darkest and the lightest pixel of a square


def is_image(data: bytes) -> bool:
    """Whether the bytes are a JPEG, PNG or TIFF."""
    return data.startswith(_BEGINNINGS)


def open_images(data: bytes, limits: ReadingLimits) -> Iterator[NDArray[np.uint8]]:
    """Open an image file: grey levels of each of its pages, upright as the camera noted, at a size that suits OCR.

    Raises
    ------
    NotAPdfError
        If the image cannot be opened.
    LimitExceededError
        If it has more pages or pixels than the limits allow.
    """
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                limits.require("pages", number, f"the image has {number:,} pages or more")
                size = f"page {number} is an image of {frame.width:,} x {frame.height:,} pixels; scan it smaller"
                limits.require("pixels", frame.width * frame.height, size)
                upright = ImageOps.exif_transpose(_on_white(frame)).convert("L")
                yield np.asarray(upright.resize(_suitable_size(*upright.size), Image.Resampling.BICUBIC))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise over_limit("pixels", limits.pixels, f"the image is too large; scan it smaller ({error})") from error
    except LIBRARY_DEFECTS as error:
        raise NotAPdfError(f"this is an image that cannot be opened ({error}); download it again") from error


def suitable_scale(width: float, height: float, points_an_inch: float = 72.0, pixels_an_inch: float = 200.0) -> float:
    """Pixels a point at which a page is drawn for OCR: those asked for, but no picture larger than is of use."""
    return min(pixels_an_inch / points_an_inch, _LONGEST_SIDE / max(width, height))


def share_shown(pixels: NDArray[np.uint8], words: Sequence[Word], pixels_a_point: float) -> tuple[float, float]:
    """How much of a drawn page shows something under its words, and elsewhere; shares of the page's squares."""
    import numpy as np

    rows, columns = pixels.shape[0] // _SQUARE, pixels.shape[1] // _SQUARE
    squares = pixels[: rows * _SQUARE, : columns * _SQUARE].reshape(rows, _SQUARE, columns, _SQUARE).astype(np.int16)
    shown = squares.max(axis=(1, 3)) - squares.min(axis=(1, 3)) > _SHOWS_SOMETHING
    under = np.zeros_like(shown)
    scale = pixels_a_point / _SQUARE
    for x0, top, x1, bottom, _ in words:
        across = slice(max(int(x0 * scale), 0), int(x1 * scale) + 1)
        under[max(int(top * scale), 0) : int(bottom * scale) + 1, across] = True
    return float((shown & under).mean()), float((shown & ~under).mean())


def straighten(pixels: NDArray[np.uint8], straightening: Straightening) -> NDArray[np.uint8]:
    """Draw a picture as the straight page that its words were placed on; what lies outside the picture is white."""
    import numpy as np

    height, width = pixels.shape
    drawn = np.full_like(pixels, 255)
    across = np.arange(width, dtype=np.float64)
    for top in range(0, height, _STRIP):
        down = np.arange(top, min(top + _STRIP, height), dtype=np.float64)
        points = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        x, y = np.rint(straightening.picture_of(points)).astype(np.intp).T
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        strip = drawn[top : top + _STRIP].reshape(-1)
        strip[inside] = pixels[y[inside], x[inside]]
    return drawn


def _on_white(image: Image.Image) -> Image.Image:
    """An image without transparency: what is transparent shows the paper."""
    from PIL import Image

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    opaque = image.convert("RGBA")
    paper = Image.new("RGBA", opaque.size, "white")
    return Image.alpha_composite(paper, opaque)


def _suitable_size(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    scale = min(max(longest, _SHORTEST_LONG_SIDE), _LONGEST_SIDE) / longest
    return max(round(width * scale), 1), max(round(height * scale), 1)
