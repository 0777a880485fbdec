"""QR codes, read by zxing-cpp (extra ``qr``); pages must be drawn for it, so they are read only when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from kratom_quality.errors import MissingExtraError
from kratom_quality.reading.pdfium import Drawing, draw_pages
from kratom_quality.records import Url

if TYPE_CHECKING:
    import zxingcpp

_PIXELS_A_POINT = 2.0  # at 1.5 some codes on real certificates are missed, at 3 no more are read


def require_code_reader() -> None:
    """Make sure that codes can be read.

    Raises
    ------
    MissingExtraError
        If zxing-cpp is not installed.
    """
    if find_spec("zxingcpp") is None:
        raise MissingExtraError("reading QR codes needs zxing-cpp: pip install 'kratom-quality[qr]'")


def read_codes(data: bytes, pages: int, password: str | None = None) -> tuple[Url, ...]:
    """Read the QR codes on the first and the last page, where certificates have theirs.

    Parameters
    ----------
    data
        The PDF's bytes.
    pages
        Number of its pages.
    password
        For an encrypted PDF.

    Returns
    -------
    tuple of Url
        What each code says, and where it stands.

    Raises
    ------
    MissingExtraError
        If zxing-cpp is not installed.
    """
    require_code_reader()
    drawings = draw_pages(data, sorted({1, pages}), _PIXELS_A_POINT, password)
    return tuple(url for drawing in drawings for url in _codes_on(drawing))


def _codes_on(drawing: Drawing) -> Iterator[Url]:
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for code in zxingcpp.read_barcodes(drawing.pixels, formats=formats):
        if code.text:
            yield Url(page=drawing.number, box=_box(code.position, drawing.scale), url=code.text, kind="qr")


def _box(position: zxingcpp.Position, scale: float) -> tuple[float, float, float, float]:
    """The upright box around a code, in points."""
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    across = [round(corner.x / scale, 1) for corner in corners]
    down = [round(corner.y / scale, 1) for corner in corners]
    return min(across), min(down), max(across), max(down)
