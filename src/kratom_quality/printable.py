"""Text from outside made safe to show: names that are no UTF-8, control characters, escape sequences."""

from __future__ import annotations

import os
import re

# Control characters, what turns the direction of text, separators of lines, and halves of characters.
_COMMANDS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable_path(path: str | bytes | os.PathLike[str]) -> str:
    r"""Return a path as valid Unicode; a byte that is not UTF-8 appears as ``\xff``."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace")


def printable(text: str) -> str:
    r"""Return text for a terminal: white space becomes a space, what else cannot be printed its escape (``\x1b``)."""
    return "".join(_printable_character(character) for character in text)


def inert_json(json: str) -> str:
    r"""Return JSON that says the same without a character that moves a terminal or ends a line: ``\u009b``."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def spelt_out(text: str) -> str:
    r"""Return text in which characters that move a terminal are spelt (``\x1b``); tabs and ends of lines stay."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _printable_character(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode("ascii")
