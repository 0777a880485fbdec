"""What a process that a file has taken over may try; run in child processes by the tests of the sandbox."""

from __future__ import annotations

import ctypes
import os
import platform
import resource

_NUMBERS = {"x86_64": 425, "aarch64": 425}


def call_in_c(name: str) -> int:
    """Make a call past Python's rules; -1 where the kernel refuses."""
    c = ctypes.CDLL(None)
    match name:
        case "socket":
            return int(c.socket(2, 1, 0))
        case "fork":
            return int(c.fork())
        case "execv":
            return int(c.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None)))
        case "kill":
            return int(c.kill(os.getppid(), 0))
        case _:
            return int(c.syscall(_NUMBERS[platform.machine()], 1, None))


class _Command:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch made_by_an_answer",)


def command(_: object) -> object:
    """Answer with something that runs a command when it is read."""
    return _Command()


def limit_of_processor(_: object) -> tuple[int, int]:
    """The processor time this process may use, and what it has used, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return resource.getrlimit(resource.RLIMIT_CPU)[0], int(used.ru_utime + used.ru_stime)
