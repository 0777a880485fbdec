"""A PDF page's text in words with boxes, close to the speed of bare text extraction.

Fetching a box for every character costs more than everything else together, so the page's text is taken in bulk, only
the first and the last character of each word are asked for their boxes, and these are computed with as arrays.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from math import isfinite, pi
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as pdfium_c

from kratom_quality.reading.page import Word

if TYPE_CHECKING:
    import pypdfium2
    from numpy.typing import NDArray

LONGEST_WORD = 500  # characters: what is longer is parted, for none of the patterns that meet it shall take long
_WORD = re.compile(
    r"[^\s\x00-\x1f\ufffe\uffff]{1,200}(?:[\x00-\x08\x0e-\x1f]{1,9}[^\s\x00-\x1f\ufffe\uffff]{1,100}){0,3}[\x02\ufffe]?"
)
_PLAIN_WORD = re.compile(rf"\S{{1,{LONGEST_WORD}}}")
_NUMBER = re.compile(r"[<>≤≥]?\d[\d.,]*$")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNMAPPED = re.compile(r"[\x00\x01\x03-\x1f\uffff]")
_HYPHEN_MARK = re.compile(r"[\x02\ufffe]")
_LINE_ENDS = ("\r", "\n", "")
RAISED_TAIL = re.compile(r"^(?P<base>.*?(?:10|[A-Za-z)*]))(?P<tail>\d{1,2}|[a-h])$")
_RAISED, _SMALLER = 0.1, 0.85  # of the height of the letter before
_REACHES_BELOW = frozenset("gjpqy")
_SOFT_HYPHEN = "\xad"  # shown where it stands in a page's text: some fonts have no other hyphen
FAR_AWAY = 1e6  # points
LEAST_EXTENT = 0.1  # points
_CHARACTERS_SAMPLED, _CHARACTERS_GLANCED_AT = 64, 12
# Letters that the Symbol font draws as Greek; a font without a character map leaves them as they are, so that 'D9-THC'
# stands for 'Δ9-THC' and, worse, 'mg/g' for 'µg/g'.
_MAY_BE_SYMBOL = re.compile(r"\(?(?:D\d|[abgd]-|m[gLl]\b)")
SYMBOLS = {"D": "Δ", "a": "α", "b": "β", "g": "γ", "d": "δ", "m": "µ"}


def _quick(function: Callable[..., int], *arguments: type[ctypes._SimpleCData[Any]]) -> Callable[..., int]:
    """The same function of pdfium's, declared so that a call neither converts its arguments nor lets other threads in.

    It takes less time than either.
    """
    prototype = ctypes.PYFUNCTYPE(ctypes.c_int, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)  # type: ignore[arg-type]  # it is a C function


_get_loose_box = _quick(pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_get_font_info = _quick(
    pdfium_c.FPDFText_GetFontInfo, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p
)


def upright_turn(text_page: ctypes.c_void_p) -> int | None:
    """Degrees to turn a page's content clockwise so that most of its text is upright; None without such text."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    if count > 0 and not any(_quarters(text_page, _sample(count, _CHARACTERS_GLANCED_AT))):
        return 0
    printed = (place for place in _sample(count, _CHARACTERS_SAMPLED) if not _is_made_up(text_page, place))
    turns = Counter(_quarters(text_page, printed))
    quarters, characters = turns.most_common(1)[0] if turns else (0, 0)
    return 90 * quarters if 2 * characters > turns.total() else None


def _quarters(text_page: ctypes.c_void_p, places: Iterable[int]) -> Iterator[int]:
    """How often characters must be turned clockwise by 90 degrees to be upright."""
    angles = (pdfium_c.FPDFText_GetCharAngle(text_page, place) for place in places)
    return (round(angle * -2 / pi) % 4 if isfinite(angle) else 0 for angle in angles)


def _is_made_up(text_page: ctypes.c_void_p, place: int) -> bool:
    """Whether a character, a space mostly, is pdfium's own and not in the PDF."""
    return bool(pdfium_c.FPDFText_IsGenerated(text_page, place))


def _sample(count: int, size: int) -> range:
    return range(0, count, max(1, count // size))


def displayed(boxes: NDArray[np.float64], texts: Iterable[str], page: pypdfium2.PdfPage) -> tuple[Word, ...]:
    """Measure pdfium's boxes, whose origin is at the bottom, from the top left corner of an upright page."""
    left, _, _, top = page.get_bbox()
    # A page may set type infinitely large, and a broken font give it no height or width.
    x0, y0, x1, y1 = np.clip(np.nan_to_num(boxes, copy=False), -FAR_AWAY, FAR_AWAY).T
    x0, x1 = np.minimum(x0, x1), np.maximum(x0, x1)
    x1, y1 = np.maximum(x1, x0 + LEAST_EXTENT), np.maximum(y1, y0 + LEAST_EXTENT)
    columns = zip(*(values.tolist() for values in (x0 - left, top - y1, x1 - left, top - y0)), texts, strict=True)
    return tuple(map(partial(tuple.__new__, Word), columns))  # what Word(...) does, without its keywords


def _characters(text_page: ctypes.c_void_p) -> str:
    """All characters of the page, one for each of pdfium's character indexes."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium_c.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * (written - 1)].decode("utf-16-le", errors="replace").replace(_SOFT_HYPHEN, "-")
    if len(text) == count:
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page, index) for index in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else "\0" for code in codes)


def unmapped_share(text_page: ctypes.c_void_p) -> float:
    """The share of characters whose font does not tell what they mean, judged by a sample."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    sample = _sample(count, _CHARACTERS_SAMPLED)
    unmapped = sum(pdfium_c.FPDFText_HasUnicodeMapError(text_page, index) == 1 for index in sample)
    return unmapped / len(sample) if sample else 0.0


def read_words(text_page: ctypes.c_void_p, page: pypdfium2.PdfPage) -> tuple[tuple[Word, ...], dict[Word, str]]:
    """The words of an upright page, and the fonts of those that are numbers."""
    text = _characters(text_page)
    is_plain = _UNPRINTABLE.search(text) is None
    spans = [match.span() for match in (_PLAIN_WORD if is_plain else _WORD).finditer(text)]
    if not spans:
        return (), {}
    texts = [text[start:end] for start, end in spans]
    numbers = [place for place, printed in enumerate(texts) if _NUMBER.match(printed)]
    fonts = _fonts(text_page, (spans[place][1] - 1 for place in numbers))
    left, top, right, bottom = _boxes_of_ends(text_page, spans)
    if not is_plain:
        for place, (_, end) in enumerate(spans):
            if _UNPRINTABLE.search(texts[place]):
                texts[place] = _cleaned(texts[place], ends_line=text[end : end + 1] in _LINE_ENDS)
    is_raised = (bottom[1] > bottom[0] + 0.1 * (top[0] - bottom[0])) & (left[1] > left[0])  # words on end rise too
    for place in np.flatnonzero(is_raised).tolist():
        raised = RAISED_TAIL.match(texts[place])
        if raised and (raised["tail"].isdigit() or _is_raised_letter(text_page, spans[place][1] - 1, raised["base"])):
            texts[place] = mark_raised(raised)
    for place, printed in enumerate(texts):
        if _MAY_BE_SYMBOL.match(printed):
            texts[place] = _spell_symbol(text_page, spans[place][0], printed)
    boxes = np.stack([left[0], bottom.min(axis=0), right[1], top.max(axis=0)], axis=1)
    words = displayed(boxes, texts, page)
    return words, {words[place]: font for place, font in zip(numbers, fonts, strict=True)}


def _fonts(text_page: ctypes.c_void_p, places: Iterable[int]) -> list[str]:
    """The names of the fonts that characters are set in."""
    buffer, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    to_flags, names = ctypes.addressof(flags), []
    for place in places:
        buffer[0] = b"\0"
        _get_font_info(text_page, place, buffer, 64, to_flags)
        names.append(buffer.value)
    return [name.decode("utf-8", errors="replace") for name in names]


def _boxes_of_ends(text_page: ctypes.c_void_p, spans: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Left, top, right and bottom of each word's first and last character, shaped (4, 2, words)."""
    ends = list(chain.from_iterable((start, end - 1) for start, end in spans))
    rectangles = (pdfium_c.FS_RECTF * len(ends))()
    size, first = ctypes.sizeof(pdfium_c.FS_RECTF), ctypes.addressof(rectangles)
    addresses = range(first, first + size * len(ends), size)
    deque(map(_get_loose_box, repeat(text_page), ends, addresses), maxlen=0)
    return np.frombuffer(rectangles, np.float32).astype(np.float64).reshape(-1, 2, 4).transpose(2, 1, 0)


def _is_raised_letter(text_page: ctypes.c_void_p, place: int, base: str) -> bool:
    """Whether a letter stands higher than the one before it, and is smaller: boxes may end where the letters do."""
    _, tops, _, bottoms = _boxes_of_ends(text_page, [(place - 1, place + 1)])
    return is_raised_letter(base, *zip(tops[:, 0].tolist(), bottoms[:, 0].tolist(), strict=True))


def is_raised_letter(base: str, before: tuple[float, float], letter: tuple[float, float]) -> bool:
    """Whether a letter behind a word is a footnote mark: raised above the letter before it, and smaller.

    Boxes may be as high as the letters are, so that nothing is told behind a letter that reaches below the line.

    Parameters
    ----------
    base
        The word.
    before, letter
        Top and bottom of its last letter and of the one behind it; upwards is more.
    """
    height = before[0] - before[1]
    raised = letter[1] - before[1] > _RAISED * height
    return raised and letter[0] - letter[1] < _SMALLER * height and base[-1:] not in _REACHES_BELOW


def _cleaned(printed: str, *, ends_line: bool) -> str:
    """Join halves of characters beyond U+FFFF, keep pdfium's hyphen mark only at a line's end, drop unmapped glyphs.

    Pdfium counts code units; half a character that stays alone is no text at all.
    """
    whole = printed.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
    return _UNMAPPED.sub("", _HYPHEN_MARK.sub("-" if ends_line else "", whole))


def mark_raised(raised: re.Match[str]) -> str:
    """``103`` set as 10 with a raised 3 is ``10^3``; a raised sign behind a word is a footnote mark and goes."""
    base, tail = raised["base"], raised["tail"]
    return f"{base}^{tail}" if base.endswith("10") and tail.isdigit() else base


def _spell_symbol(text_page: ctypes.c_void_p, start: int, printed: str) -> str:
    """Spell a word's leading letter as the page shows it where the Symbol font draws it."""
    offset = printed.startswith("(")
    (font,) = _fonts(text_page, [start + offset])
    if "symbol" not in font.lower():
        return printed
    return printed[:offset] + SYMBOLS[printed[offset]] + printed[offset + 1 :]
