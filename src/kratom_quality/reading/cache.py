"""Readings by OCR kept in the user's cache folder, for a page takes seconds: one small file each, named by a digest.

``KRATOM_QUALITY_CACHE`` names another folder; where it is empty nothing is kept. Files are written whole or not at all,
so any number of processes may share a folder; a file that cannot be read counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

VARIABLE = "KRATOM_QUALITY_CACHE"


def folder() -> Path | None:
    """Where readings are kept; None where the user wants none kept or has no home."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # never raises
    return Path(base, "kratom-quality") if base and Path(base).is_absolute() else None


def digest_of(*parts: bytes | str) -> str:
    """A name for what was read and by what."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def load(digest: str) -> Any:
    """What was kept under a digest; None where there is nothing."""
    place = folder()
    if place is not None:
        with suppress(OSError, ValueError):
            return json.loads((place / f"{digest}.json").read_bytes())
    return None


def keep(digest: str, content: object) -> None:
    """Keep something that JSON can hold; nothing happens where the folder cannot be written."""
    place = folder()
    if place is None:
        return
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=place, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, separators=(",", ":"))
            Path(unfinished).replace(place / f"{digest}.json")
        finally:
            Path(unfinished).unlink(missing_ok=True)
