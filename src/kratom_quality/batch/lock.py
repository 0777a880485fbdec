"""A lock on an open file that ends with the process that holds it, however it ends."""

from __future__ import annotations

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    _FAR_BEHIND_THE_END = 1 << 40  # Windows keeps others from reading what is locked

    def lock(stream: IO[bytes]) -> None:
        """Lock a file against other processes, or raise OSError at once."""
        stream.seek(_FAR_BEHIND_THE_END)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock(stream: IO[bytes]) -> None:
        """Lock a file against other processes, or raise OSError at once."""
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
