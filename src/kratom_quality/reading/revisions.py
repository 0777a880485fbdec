"""The versions a PDF holds: an editor may append what it changed, and what was there before stays in the file.

Each version ends with its own cross-reference section, which names the section before it (ISO 32000-1:2008, 7.5.6); so
the versions are found from the end backwards, without reading what lies between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAIL = 2048
_HEADER_SEARCHED = 1024
_MOST_VERSIONS = 1000
_LONGEST_TRAILER = 1 << 16
_STARTXREF = re.compile(rb"startxref\s{1,64}(\d{1,15})")
_SECTION = re.compile(rb"\s{0,64}(?:xref|\d{1,15}\s{1,64}\d{1,5}\s{1,64}obj)\b")
_PREVIOUS = re.compile(rb"/Prev\s{1,64}(\d{1,15})")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L\s{1,64}(\d{1,15})|/L\s{1,64}(\d{1,15})[^>]*?/Linearized\b")
_OBJECT = re.compile(rb"\b\d{1,15}\s{1,64}\d{1,5}\s{1,64}obj\b")
_END = b"%%EOF"


def version_ends(data: bytes) -> list[int]:
    """Return where each version of a PDF ends, oldest first; the last is the whole file.

    The two sections of a linearised file are one version, and a section without objects, as office programs write for
    old readers, is none. A file whose sections cannot be followed has one version.
    """
    base = _linearized_length(data)
    ends = [_end_of(data, offset) for offset in reversed(list(_sections(data))) if offset >= base]
    if base:
        ends.insert(0, base)
    versions: list[int] = []
    for end in ends:
        if not versions or _OBJECT.search(data, versions[-1], end):
            versions.append(end)
        else:
            versions[-1] = end
    return [*versions[:-1], len(data)]


def _sections(data: bytes) -> Iterator[int]:
    """Yield where the cross-reference sections stand, newest first."""
    header = max(0, data.find(b"%PDF-", 0, _HEADER_SEARCHED))
    named = _STARTXREF.search(data, max(0, data.rfind(b"startxref", len(data) - _TAIL)))
    seen: set[int] = set()
    while named and (offset := header + int(named[1])) not in seen and _SECTION.match(data, offset):
        if len(seen) == _MOST_VERSIONS:
            return
        seen.add(offset)
        yield offset
        named = _PREVIOUS.search(_trailer(data, offset))


def _trailer(data: bytes, offset: int) -> bytes:
    """Return the dictionary of a section: behind a table, or at the head of a stream."""
    if data[offset : offset + 16].lstrip().startswith(b"xref"):
        start, end = max(offset, data.find(b"trailer", offset)), b"startxref"
    else:
        start, end = offset, b"stream"
    return data[start : start + _LONGEST_TRAILER].partition(end)[0]


def _end_of(data: bytes, offset: int) -> int:
    """Return where the version whose section stands at ``offset`` ends."""
    end = data.find(_END, offset)
    return len(data) if end < 0 else end + len(_END)


def _linearized_length(data: bytes) -> int:
    """Return the length of the file as it was linearised; 0 where it was not."""
    found = _LINEARIZED.search(data, 0, _HEADER_SEARCHED)
    return min(len(data), int(found[1] or found[2])) if found else 0
