"""Text from outside made safe to show: names that are no UTF-8, control characters, escape sequences."""

from __future__ import annotations

import os


def printable_path(path: str | bytes | os.PathLike[str]) -> str:
    r"""Return a path as valid Unicode; a byte that is not UTF-8 appears as ``\xff``."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def printable(text: str) -> str:
    r"""Return text for a terminal: white space becomes a space, what else cannot be printed its escape (``\x1b``)."""
    return "".join(_printable_character(character) for character in text)


def _printable_character(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode("ascii")
