"""Small PDFs written object by object, and what programs append to them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

import pypdfium2
import pypdfium2.raw as pdfium_c


def page(text: str, *, links: Sequence[tuple[str, str]] = (), rotate: int = 0, info: str = "") -> bytes:
    """Return a PDF of one page, 400 by 600 points, with a line of text and links given as box and address."""
    content = f"BT /F1 12 Tf 50 500 Td ({text}) Tj ET".encode()
    annotations = " ".join(
        f"<< /Type /Annot /Subtype /Link /Rect [{box}] /A << /S /URI /URI ({address}) >> >>" for box, address in links
    )
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Rotate {rotate} /Contents 4 0 R"
            f" /Resources << /Font << /F1 5 0 R >> >> /Annots [{annotations}] >>"
        ).encode(),
        4: stream(content),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        6: f"<< {info} >>".encode(),
    }
    return _with_section(b"%PDF-1.7\n", objects)


def turned(pdf: bytes, *, content: int, shown: int = 0) -> bytes:
    """Turn what stands on the pages counterclockwise by so many degrees, and show the pages turned clockwise."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        left, bottom, right, top = page.get_bbox()
        width, height = (top - bottom, right - left) if content % 180 else (right - left, top - bottom)
        matrix = {
            0: (1, 0, 0, 1, -left, -bottom),
            90: (0, 1, -1, 0, top, -left),
            180: (-1, 0, 0, -1, right, top),
            270: (0, -1, 1, 0, -bottom, right),
        }[content]
        pdfium_c.FPDFPage_TransFormWithClip(page, pdfium_c.FS_MATRIX(*matrix), pdfium_c.FS_RECTF(0, height, width, 0))
        page.set_mediabox(0, 0, width, height)
        page.set_cropbox(0, 0, width, height)
        page.set_rotation((page.get_rotation() + shown) % 360)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def updated(pdf: bytes, objects: Mapping[int, bytes]) -> bytes:
    """Append an incremental update with new or changed objects."""
    return _with_section(pdf, objects, f" /Prev {_last_section(pdf)}")


def with_hybrid_section(pdf: bytes) -> bytes:
    """Append what office programs do for old readers: a section without objects."""
    return _with_section(pdf, {}, f" /Prev {_last_section(pdf)} /XRefStm 9")


def linearized() -> bytes:
    """Return the skeleton of a linearised file: its first section stands at the head and names the one at the end."""
    head = b"%PDF-1.7\n7 0 obj\n<< /Linearized 1 /L 0000000 /N 1 >>\nendobj\n"
    first = len(head)
    head += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Prev 0000000 >>\nstartxref\n0\n%%EOF\n"
    head += b"1 0 obj\n<<>>\nendobj\n"
    main = len(head)
    whole = head + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 >>\nstartxref\n%d\n%%%%EOF\n" % first
    return whole.replace(b"/L 0000000", b"/L %07d" % len(whole)).replace(b"/Prev 0000000", b"/Prev %07d" % main)


def _last_section(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def _with_section(pdf: bytes, objects: Mapping[int, bytes], keys: str = "") -> bytes:
    entries = b""
    for number, body in objects.items():
        entries += b"%d 1\n%010d 00000 n \n" % (number, len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    trailer = f"trailer\n<< /Size 9 /Root 1 0 R /Info 6 0 R{keys} >>\n".encode()
    return pdf + b"xref\n%s%sstartxref\n%d\n%%%%EOF\n" % (entries or b"0 0\n", trailer, len(pdf))
