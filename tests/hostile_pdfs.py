"""Files made to exhaust, to loop or to break what reads them; each is small and costs its reader what it can."""

# ruff: noqa: E501  # objects of a PDF, a line each

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

from pdfs import page, stream

WORDS = "Mitragynine 1.42 % Certificate of Analysis"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def document(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Objects over those of a document of one page, without a table: every reader must find them itself."""
    whole = {
        1: CATALOG,
        2: ONE_PAGE,
        3: leaf(),
        4: stream(f"BT /F1 12 Tf 50 500 Td ({WORDS}) Tj ET".encode()),
        5: FONT,
        **objects,
    }
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in whole.items())
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size %d %s >>\n%%%%EOF" % (max(whole) + 1, trailer)


def leaf(box: str = "0 0 612 792", more: str = "", resources: str = "/Font << /F1 5 0 R >>") -> bytes:
    return f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << {resources} >> {more} >>".encode()


def packed(content: bytes, times: int = 1, more: str = "") -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = " ".join(["/FlateDecode"] * times)
    head = f"<< /Length {len(content)} /Filter [{filters}] {more} >>".encode()
    return head + b"\nstream\n" + content + b"\nendstream"


def nested_bomb() -> bytes:
    return document({4: packed(bytes(300 << 20), 3)})


def endless_text() -> bytes:
    return document({4: packed(b"BT /F1 8 Tf 50 500 Td " + b"(Lead 0.1 ppm) Tj " * 3_000_000 + b"ET")})


def huge_image() -> bytes:
    more = "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    return document({
        3: leaf(resources="/XObject << /I 6 0 R >>"),
        4: stream(b"q 612 0 0 792 0 0 cm /I Do Q"),
        6: packed(bytes(60_000 * 6_000), 1, more),
    })  # fmt: skip


def shared_kids() -> bytes:
    """Ten kids, all the same, six levels deep."""
    nodes = {
        6
        + level: f"<< /Type /Pages /Kids [{' '.join([f'{7 + level} 0 R'] * 10)}] /Count {10 ** (6 - level)} >>".encode()
        for level in range(6)
    }
    return document({**nodes, 1: b"<< /Type /Catalog /Pages 6 0 R >>", 12: leaf().replace(b"2 0 R", b"11 0 R")})


def million_pages_said() -> bytes:
    return document({2: b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>"})


def deep_tree() -> bytes:
    depth = 20_000
    nodes = {
        10 + level: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (11 + level, 9 + level)
        for level in range(depth)
    }
    return document({**nodes, 2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>", 10 + depth: leaf()})


def forms_that_call_forms() -> bytes:
    """Ten to the power of fourteen: what each form draws is the next one, ten times."""
    forms = {
        10 + level: _form(b"/X Do " * 10, f"/XObject << /X {11 + level} 0 R >>")
        for level in range(14)
    }  # fmt: skip
    last = {24: _form(b"BT /F1 9 Tf (x) Tj ET", "/Font << /F1 5 0 R >>")}
    return document({3: leaf(resources="/XObject << /X 10 0 R >>"), 4: stream(b"/X Do"), **forms, **last})


def form_that_calls_itself() -> bytes:
    resources = "/XObject << /X 10 0 R >>"
    return document({3: leaf(resources=resources), 4: stream(b"/X Do"), 10: _form(b"/X Do /X Do", resources)})


def _form(content: bytes, resources: str) -> bytes:
    head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << {resources} >>"
    return head.encode() + b" /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def glyph_that_shows_itself() -> bytes:
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 10 0 R >>"
        b" /Encoding << /Differences [0 /a] >> /FirstChar 0 /LastChar 255 /Widths [1] /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    return document({5: font, 10: stream(b"1 0 d0 BT /F1 9 Tf (\\000\\000) Tj ET")})


def broken_font() -> bytes:
    noise = bytes(range(256)) * 64
    return document({
        5: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        6: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << >> /FontDescriptor 7 0 R /W [0 [1e9 -1e9]] >>",
        7: b"<< /Type /FontDescriptor /FontName /X /FontFile2 9 0 R /Flags 4 /FontBBox [0 0 0 0] /Ascent 1e30 >>",
        8: packed(b"1 begincodespacerange <00> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0041> endbfrange"),
        9: packed(noise),
    })  # fmt: skip


def deep_arrays() -> bytes:
    return document({6: b"[" * 500_000 + b"]" * 500_000, 7: b"<< /A " * 100_000}, b"/Info 7 0 R")


def lying_object_stream() -> bytes:
    head = "/Type /ObjStm /N 2147483647 /First -1 /Extends 6 0 R"
    return document({6: packed(b"1 0 2 99999999 3 -5 " + CATALOG, 1, head)})


def table_that_names_itself() -> bytes:
    start = len(document({}))
    section = b"\nxref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Size 6 /Prev %d >>\nstartxref\n%d\n%%%%EOF"
    return document({}) + section % (start + 1, start + 1)


def absurd_table_stream() -> bytes:
    head = "/Type /XRef /W [2147483647 1 99999] /Size 999999999 /Index [0 2147483647] /Root 1 0 R /Prev 9"
    return document({6: packed(bytes(4096), 1, head)}) + b"\nstartxref\n9\n%%EOF"


def absurd_encryption() -> bytes:
    key = b"<< /Filter /Standard /V 99 /R 99 /Length 99999999 /P -1 /O (x) /U (y) /CF << /StdCF << /Length -1 >> >> >>"
    return document({6: key}, b"/Encrypt 6 0 R /ID [(a) (b)]")


def actions() -> bytes:
    """Programs to run, scripts, a form to send and a file inside; they start on opening, if anything starts them."""
    launch = b"<< /S /Launch /F (/bin/touch) /Unix << /F (/bin/touch) /P (LAUNCHED) >> /Next 7 0 R >>"
    return document({
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /AA << /WC 7 0 R /WS 7 0 R >> /Names << /JavaScript << /Names"
        b" [(a) 7 0 R] >> /EmbeddedFiles << /Names [(a.exe) 8 0 R] >> >> >>",
        3: leaf(more="/AA << /O 7 0 R /C 6 0 R >> /Annots [9 0 R]"),
        6: launch,
        7: b"<< /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/', true\\); this.exportDataObject\\({cName: 'a.exe'}\\)) >>",
        8: b"<< /Type /Filespec /F (../../a.exe) /EF << /F 10 0 R >> >>",
        9: b"<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [0 0 612 792] /A << /S /SubmitForm /F (http://127.0.0.1:9/) >> >>",
        10: b"<< /Type /EmbeddedFile /Length 4 >>\nstream\nMZ\0\0\nendstream",
    })  # fmt: skip


def endless_links() -> bytes:
    link = (
        f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://x.example/{'a' * 100_000}) >> >>"
    )
    return document({3: leaf(more=f"/Annots [{'6 0 R ' * 200_000}]"), 6: link.encode()})


def cyclic_references() -> bytes:
    return document({
        1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /Names 1 0 R /AcroForm << /Fields [7 0 R] >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1 /Parent 3 0 R >>",
        3: leaf(more="/Annots [3 0 R 7 0 R] /B [3 0 R]").replace(b"/MediaBox [0 0 612 792]", b""),
        6: b"<< /First 6 0 R /Last 6 0 R /Next 6 0 R /Parent 6 0 R /Title 6 0 R >>",
        7: b"<< /Subtype /Widget /Kids [7 0 R] /Parent 7 0 R /Rect 7 0 R >>",
    })  # fmt: skip


def type_of_any_size() -> bytes:
    content = "".join(
        f"BT /F1 {size} Tf {matrix} Tm ({word}) Tj ET\n"
        for word, size in (("Mitragynine", "1e38"), ("Lead", "0"), ("Certificate", "-12"), ("Batch", "0.0000001"))
        for matrix in ("1 0 0 1 50 500", "1e38 0 0 1e38 1e38 1e38", "0 0 0 0 0 0", "0 1e30 -1e30 0 5 5")
    )
    return document({4: stream(content.encode())})


def words_on_each_other() -> bytes:
    """Six thousand names and numbers, a point apart: as many tables as there are ways to see them."""
    names = (
        "Mitragynine",
        "Lead",
        "0.5",
        "<0.1",
        "ppm",
        "Result",
        "LOQ",
        "Limit",
        "Batch:",
        "10",
        "Pass",
        "2026-01-01",
    )
    words = "".join(f"1 0 0 1 50 {900 - 0.13 * n:.2f} Tm ({names[n * 7 % 12]}) Tj\n" for n in range(6000))
    return document({4: packed(f"BT /F1 8 Tf\n{words}ET".encode())})


def tiff(*, frames: int = 1, loop: bool = False, size: bool = True) -> bytes:
    """A TIFF of one-pixel pages, each a few bytes; the last may name the first as the next."""
    tags = [(258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1)]
    tags = sorted([*tags, *([(256, 1), (257, 1)] if size else [])])
    length = 2 + 12 * len(tags) + 4
    body = [b"II*\0" + struct.pack("<I", 10) + b"\x80\0"]
    for number in range(frames):
        following = 10 + (number + 1) * length
        if number == frames - 1:
            following = 10 if loop else 0
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        body.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following))
    return b"".join(body)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# What must become of each: the name of an error and a word of what it says, or neither where it can be read.
HOSTILE: dict[str, tuple[Callable[[], bytes], str | None, str]] = {
    "nested_bomb": (nested_bomb, None, ""),
    "endless_text": (endless_text, "LimitExceededError", "memory"),
    "huge_image": (huge_image, None, ""),
    "shared_kids": (shared_kids, "LimitExceededError", "pages"),
    "million_pages_said": (million_pages_said, "LimitExceededError", "1,000,000 pages"),
    "deep_tree": (deep_tree, "DamagedPdfError", ""),
    "forms_that_call_forms": (forms_that_call_forms, "LimitExceededError", "memory"),
    "form_that_calls_itself": (form_that_calls_itself, "LimitExceededError", "memory"),
    "glyph_that_shows_itself": (glyph_that_shows_itself, None, ""),
    "broken_font": (broken_font, None, ""),
    "deep_arrays": (deep_arrays, None, ""),
    "lying_object_stream": (lying_object_stream, None, ""),
    "table_that_names_itself": (table_that_names_itself, None, ""),
    "absurd_table_stream": (absurd_table_stream, None, ""),
    "absurd_encryption": (absurd_encryption, "EncryptedPdfError", ""),
    "actions": (actions, None, ""),
    "endless_links": (endless_links, None, ""),
    "cyclic_references": (cyclic_references, None, ""),
    "type_of_any_size": (type_of_any_size, None, ""),
    "words_on_each_other": (words_on_each_other, None, ""),
    "page_of_a_billion_points": (
        lambda: document({3: leaf("0 0 1000000000 1000000000")}),
        "LimitExceededError",
        "points",
    ),
    "page_a_point_too_long": (lambda: document({3: leaf("0 0 14401 9")}), "LimitExceededError", "14,401"),
    "page_of_negative_size": (lambda: document({3: leaf("0 0 -612 -792")}), None, ""),
    "page_without_size": (lambda: document({3: leaf("0 0 0 0")}), None, ""),
    "page_no_wider_than_a_hair": (lambda: document({3: leaf("0 0 0.0001 700")}), None, ""),
    "page_of_no_number": (lambda: document({3: leaf("NaN inf 1e999 (x)")}), None, ""),
    "empty": (lambda: b"", "NotAPdfError", "empty"),
    "nothing_but_a_head": (lambda: b"%PDF-1.7", "DamagedPdfError", ""),
    "long_word": (lambda: page("1" * 100_000), None, ""),
    "tiff_of_many_pages": (lambda: tiff(frames=20_000), "LimitExceededError", "pages"),
    "tiff_that_goes_round": (lambda: tiff(frames=3, loop=True), None, ""),
    "tiff_without_a_size": (lambda: tiff(size=False), "NotAPdfError", "cannot be opened"),
    "png_of_ten_thousand_million_pixels": (lambda: png(100_000, 100_000), "LimitExceededError", "pixels"),
}
