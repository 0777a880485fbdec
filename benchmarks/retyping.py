"""Changes a printed figure as an editor does that writes the whole file anew: nothing of the old version stays."""

from __future__ import annotations

import ctypes
import io

import pypdfium2
import pypdfium2.raw as pdfium_c


def retyped(pdf: bytes, before: str, after: str, font: str = "Times-Roman", *, cover: bool = False) -> bytes:
    """Return the PDF with the first text that is exactly ``before`` set anew in a font of the editor's own.

    With ``cover`` the old text stays, below a white box and the new text.

    Raises
    ------
    ValueError
        If no text object says that.
    """
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text_page = page.get_textpage()
        for place in range(pdfium_c.FPDFPage_CountObjects(page)):
            old = pdfium_c.FPDFPage_GetObject(page, place)
            if pdfium_c.FPDFPageObj_GetType(old) == pdfium_c.FPDF_PAGEOBJ_TEXT and _text(old, text_page) == before:
                _replace(document, page, old, after, font, cover=cover)
                return _saved(document)
    raise ValueError(f"no text says {before!r}")


def _text(found: pdfium_c.FPDF_PAGEOBJECT, text_page: pypdfium2.PdfTextPage) -> str:
    length = pdfium_c.FPDFTextObj_GetText(found, text_page, None, 0)
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium_c.FPDFTextObj_GetText(found, text_page, buffer, length)
    return bytes(buffer).decode("utf-16-le").strip("\0 ")


def _replace(document, page, old, after: str, font: str, *, cover: bool) -> None:
    size, matrix = ctypes.c_float(), pdfium_c.FS_MATRIX()
    pdfium_c.FPDFTextObj_GetFontSize(old, ctypes.byref(size))
    pdfium_c.FPDFPageObj_GetMatrix(old, ctypes.byref(matrix))
    new = pdfium_c.FPDFPageObj_NewTextObj(document, font.encode(), size)
    pdfium_c.FPDFText_SetText(new, (ctypes.c_ushort * (len(after) + 1))(*after.encode("utf-16-le")[::2], 0))
    pdfium_c.FPDFPageObj_SetMatrix(new, ctypes.byref(matrix))
    if cover:
        _cover(page, old)
    else:
        pdfium_c.FPDFPage_RemoveObject(page, old)
    pdfium_c.FPDFPage_InsertObject(page, new)
    pdfium_c.FPDFPage_GenerateContent(page)


def _cover(page, old) -> None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium_c.FPDFPageObj_GetBounds(old, *map(ctypes.byref, (left, bottom, right, top)))
    width, height = right.value - left.value, top.value - bottom.value
    box = pdfium_c.FPDFPageObj_CreateNewRect(left, bottom, width, height)
    pdfium_c.FPDFPageObj_SetFillColor(box, 255, 255, 255, 255)
    pdfium_c.FPDFPath_SetDrawMode(box, 1, 0)
    pdfium_c.FPDFPage_InsertObject(page, box)


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
