"""Certificates damaged on purpose: each mutant is made again from its number, so a failure needs no file to be kept."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image

from kratom_quality.reading.pdfium import draw_pages

FIXTURES = Path(__file__).parents[2] / "fixtures"
FOLDERS = ("layouts", "traps", "certificates", "bad", "hostile")
_OBJECT = re.compile(rb"\b\d{1,6} \d{1,5} obj\b.{0,200000}?endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.{1,2000000}?)\r?\n?endstream", re.DOTALL)
_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,10}(?:\.\d{1,8})?(?![\w.])")
_REFERENCE = re.compile(rb"\b(\d{1,6}) 0 R\b")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]{1,20}")
_SHOWN = re.compile(rb"\(((?:[^()\\]|\\.){1,80})\)")
NUMBERS = (
    b"0", b"-1", b"1", b"255", b"65536", b"-2147483648", b"2147483647", b"4294967296", b"99999999999999999999",
    b"1e308", b"NaN", b"0.00000001", b"-0", b"1000000000", b"14401", b"3.4e38", b"null", b"[]", b"true", b"(x)",
    b"<<>>",
)  # fmt: skip
TEXTS = (
    b"", b"=cmd()", b"<script>", b"\\000", b"\\033[31m", b"999999999999999999999999999999999999", b"1" * 5000,
    b"0." + b"0" * 400 + b"1", b"<" * 300, b"1,2,3,4" * 100, b"10^99999", b"1e999999", b"((((", b"\\377\\376\\000A",
    b"Mitragynine", b"Batch", b"2026-13-45", b"Result LOQ LOD Limit Units Status", b"x" * 3000, b"- " * 500,
)  # fmt: skip

Mutate = Callable[[bytes, Random, Sequence[bytes]], bytes]


def flip_bits(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _flip in range(random.choice((1, 4, 16, 64))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def overwrite(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, length = random.randrange(len(data)), random.choice((1, 16, 256, 4096))
    filling = random.choice((bytes(length), b"\xff" * length, random.randbytes(length), b"9" * length))
    return data[:start] + filling + data[start + length :]


def truncate(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data))]


def cut_out(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start = random.randrange(len(data))
    return data[:start] + data[start + random.choice((1, 10, 100, 10_000)) :]


def repeat(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start, length = random.randrange(len(data)), random.choice((10, 1000, 20_000))
    return data[: start + length] * 1 + data[start : start + length] * random.choice((1, 10)) + data[start + length :]


def splice(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    return data[: random.randrange(len(data))] + other[random.randrange(max(len(other), 1)) :]


def swap_objects(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return data
    one, other = sorted(random.sample(found, 2), key=re.Match.start)
    head, tail = (each[0].partition(b"obj") for each in (one, other))
    return b"".join((
        data[: one.start()], *head[:2], tail[2], data[one.end() : other.start()],
        *tail[:2], head[2], data[other.end() :],
    ))  # fmt: skip


def import_object(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """An object of another file takes the place of one of the same number, or is added at the end."""
    theirs = _OBJECT.findall(random.choice(others))
    ours = list(_OBJECT.finditer(data))
    if not theirs or not ours:
        return data
    place, body = random.choice(ours), random.choice(theirs).partition(b"obj")[2]
    head = place[0].partition(b"obj")[0] + b"obj"
    if random.random() < 0.5:
        return data[: place.start()] + head + body + data[place.end() :]
    return data + b"\n" + head + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF"


def change_numbers(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return _changed(data, random, list(_outside_streams(data, _NUMBER)), lambda _: random.choice(NUMBERS))


def change_references(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    places = list(_outside_streams(data, _REFERENCE))
    numbers = [place[1] for place in places] or [b"1"]
    return _changed(data, random, places, lambda _: random.choice(numbers) + b" 0 R")


def change_names(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    places = list(_outside_streams(data, _NAME))
    names = [place[0] for place in places] or [b"/X"]
    return _changed(data, random, places, lambda _: random.choice(names))


def change_stream(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Unpack a stream, change what is in it, and pack it again, its length corrected or not."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return data
    place = random.choice(streams)
    try:
        content, is_packed = zlib.decompress(place[1]), True
    except zlib.error:
        content, is_packed = place[1], False
    for _edit in range(random.choice((1, 1, 3))):
        content = random.choice(_EDITS)(content or b"0", random, others)
    packed = zlib.compress(content) if is_packed else content
    whole = data[: place.start(1)] + packed + data[place.end(1) :]
    return whole.replace(b"/Length %d" % len(place[1]), b"/Length %d" % len(packed)) if random.random() < 0.8 else whole


def _content_numbers(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return _changed(data, random, list(_NUMBER.finditer(data)), lambda _: random.choice(NUMBERS[:16]))


def _content_text(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return _changed(data, random, list(_SHOWN.finditer(data)), lambda _: b"(" + random.choice(TEXTS) + b")")


def _content_lines(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Lines of a page's program in another order, or many times."""
    lines = data.split(b"\n")
    first, last = sorted((random.randrange(len(lines) + 1), random.randrange(len(lines) + 1)))
    part = lines[first:last]
    random.shuffle(part)
    return b"\n".join([*lines[:first], *part * random.choice((0, 1, 2, 20)), *lines[last:]])[: 4 << 20]


_EDITS: tuple[Mutate, ...] = (
    flip_bits,
    overwrite,
    cut_out,
    _content_numbers,
    _content_text,
    _content_text,
    _content_lines,
)
MUTATIONS: tuple[Mutate, ...] = (
    flip_bits, overwrite, truncate, cut_out, repeat, splice, swap_objects, import_object,
    change_numbers, change_numbers, change_references, change_names, change_stream, change_stream, change_stream,
)  # fmt: skip


def _outside_streams(data: bytes, pattern: re.Pattern[bytes]) -> list[re.Match[bytes]]:
    edges = [0, *(edge for stream in _STREAM.finditer(data) for edge in stream.span(1)), len(data)]
    return [found for start, end in list(pairwise(edges))[::2] for found in pattern.finditer(data, start, end)]


def _changed(
    data: bytes, random: Random, places: Sequence[re.Match[bytes]], new: Callable[[re.Match[bytes]], bytes]
) -> bytes:
    if not places:
        return data
    chosen = random.sample(places, min(len(places), random.choice((1, 1, 2, 5, 20))))
    parts, end = [], 0
    for place in sorted(chosen, key=re.Match.start):
        parts += [data[end : place.start()], new(place)]
        end = place.end()
    return b"".join([*parts, data[end:]])


@cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    """What is mutated: every certificate among the fixtures, and some of them as pictures."""
    files = [file for folder in FOLDERS for file in sorted((FIXTURES / folder).rglob("*.pdf")) if file.stat().st_size]
    documents = [(file.relative_to(FIXTURES).as_posix(), file.read_bytes()) for file in files]
    return (*documents, *(picture for name, data in documents[:12:4] for picture in _pictures(name, data)))


def _pictures(name: str, data: bytes) -> list[tuple[str, bytes]]:
    image = Image.fromarray(next(draw_pages(data, [1], 0.4)).pixels)
    made = []
    for form in ("PNG", "JPEG", "TIFF"):
        stream = BytesIO()
        image.save(stream, form, **({"save_all": True, "append_images": [image]} if form == "TIFF" else {}))
        made.append((f"{name}.{form.lower()}", stream.getvalue()))
    return made


def mutant(number: int, seed: int = 0) -> tuple[str, bytes]:
    """Make a mutant: how it came to be, and its bytes."""
    random = Random(f"{seed} {number}")
    documents = seeds()
    name, data = random.choice(documents)
    others = [other for _, other in documents]
    steps = []
    for _step in range(random.choice((1, 1, 1, 2, 3))):
        mutate = random.choice(MUTATIONS)
        steps.append(mutate.__name__)
        data = mutate(data or b"%PDF-", random, others)
    return f"{name}: {', '.join(steps)}", data


def read_mutant(of: tuple[int, int]) -> str:
    """Read a mutant, given by its number and the run's seed, as one file of a folder is read; for a child process."""
    from kratom_quality import read_certificate

    return read_certificate(mutant(*of)[1], ocr=False).model_dump_json()
