"""What a process that reads strangers' files gives up before it begins.

The system holds it to its memory, its processor time and the size of files it writes, and where it can, to no network
and no other programs. Python refuses the same (an audit hook, PEP 578), and to change any file but those in the cache
of readings by OCR. The hook stops what libraries may be led to do; what takes over the process by a flaw in a library
written in C is held by the system alone.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from typing import Any

from kratom_quality.reading import cache
from kratom_quality.reading.seccomp import refuse_network_and_programs

if sys.platform != "win32":
    import resource

MOST_THREADS = 2  # that read one file at a time: OCR's
_LARGEST_FILE = 64 << 20  # bytes; readings by OCR take a few thousand
_REFUSED = ("socket.", "subprocess.", "pty.", "webbrowser.", "urllib.", "http.", "ftplib.", "smtplib.")
_REFUSED_CALLS = frozenset({
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.kill",
    "os.killpg", "signal.pthread_kill",
})  # fmt: skip
_CHANGES = frozenset({
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod", "os.chown",
    "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.chown",
})  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def hold_to_memory(most: int) -> None:
    """Let this process have no more memory of its own, no dump of it, and no file grow large.

    What counts is data (``RLIMIT_DATA``), not addresses: libraries reserve far more of those than they use, OCR's 1.4
    times as many, and how many differs from system to system.
    """
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _lower(resource.RLIMIT_DATA, most)


def hold_to_processor_time(seconds: float) -> None:
    """Let the system end this process (SIGXCPU) once it has used so much more: it needs no parent to be alive."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or end < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (end, hard))


def refuse_all_but_reading() -> None:
    """Let Python refuse networks, programs and changes to files elsewhere, for good."""
    sys.addaudithook(_hook())


refuse_calls_of_the_system = refuse_network_and_programs


def _lower(limit: int, most: int) -> None:
    _, hard = resource.getrlimit(limit)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(limit, (allowed, allowed))


def _hook() -> Callable[[str, tuple[Any, ...]], None]:
    places = (os.devnull, *([str(folder)] if (folder := cache.folder()) else []))
    allowed = tuple(os.path.realpath(place) for place in places)

    def is_elsewhere(path: object) -> bool:
        """Whether a path is outside; a number is a file that is open already."""
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        real = os.path.realpath(os.fsdecode(path))
        return not any(real == place or real.startswith(place + os.sep) for place in allowed)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            refused = isinstance(flags, int) and bool(flags & _WRITES) and is_elsewhere(path)
        elif event in _CHANGES:
            refused = any(map(is_elsewhere, arguments[:2]))
        else:
            refused = event in _REFUSED_CALLS or event.startswith(_REFUSED)
        if refused:
            raise PermissionError(f"not allowed while reading: {event} {arguments[:1]}")

    return refuse
