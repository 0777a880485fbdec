"""Linux: a process gives up, for good, the calls that reach a network, start programs or touch other processes.

A filter on system calls (seccomp, Linux's ``Documentation/userspace-api/seccomp_filter.rst``) holds whatever the
process comes to run, libraries in C included. Numbers of the calls are those of ``asm/unistd.h``.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _EQUALS, _AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_CLONE_THREAD = 0x00010000
_FOREIGN_CALLS = 0x40000000  # numbers of x86-64's second table of calls begin here


class _Machine(NamedTuple):
    """A kind of processor: its number to the kernel, and those of the calls.

    Refused: socket, connect, accept, sendto, sendmsg, bind, listen, socketpair, execve, execveat, fork, vfork, kill,
    ptrace, process_vm_readv, process_vm_writev, mount, unshare, setns, bpf, perf_event_open, keyctl, and of all
    machines io_uring_setup and the calls on handles of processes.
    """

    number: int
    refused: tuple[int, ...]
    clone: int
    tgkill: int


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        (41, 42, 43, 44, 46, 49, 50, 53, 59, 322, 57, 58, 62, 101, 310, 311, 165, 272, 308, 321, 298, 250),
        clone=56,
        tgkill=234,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (198, 203, 202, 206, 211, 200, 201, 199, 221, 281, 129, 117, 270, 271, 40, 97, 268, 280, 241, 219),
        clone=220,
        tgkill=131,
    ),
}
_REFUSED_ON_ALL = (425, 424, 434, 438)  # io_uring_setup, pidfd_send_signal, pidfd_open, pidfd_getfd
_CLONE3 = 435  # its flags stand in memory, where no filter looks: said to be unknown, libraries fall back to clone


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_network_and_programs() -> bool:
    """Give the calls up, where this system is one that we know; whether they are refused from here on.

    Only this thread and those it starts are held, so it comes before any other is started.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 1 << 32:
        return False
    steps = b"".join(_steps(machine))
    call = ctypes.CDLL(None, use_errno=True).prctl
    call.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)
    program = _Program(len(steps) // 8, steps)
    if call(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0) != 0:
        return False
    return bool(call(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0) == 0)


def _steps(machine: _Machine) -> list[bytes]:
    """The filter: a step tests what was loaded, and skips as many steps as it says where that is so, and where not."""
    refuse, allow = _step(_RETURN, _REFUSE | errno.EPERM), _step(_RETURN, _ALLOW)
    steps = [_step(_LOAD, _MACHINE_AT), _step(_EQUALS, machine.number, 1, 0), refuse, _step(_LOAD, _NUMBER_AT)]
    steps += [_step(_AT_LEAST, _FOREIGN_CALLS, 0, 1), refuse]
    for number in (*machine.refused, *_REFUSED_ON_ALL):
        steps += [_step(_EQUALS, number, 0, 1), refuse]
    steps += [_step(_EQUALS, _CLONE3, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    steps += [_step(_EQUALS, machine.clone, 0, 4), _step(_LOAD, _FIRST_ARGUMENT_AT)]
    steps += [_step(_HAS_BITS, _CLONE_THREAD, 0, 1), allow, refuse]
    steps += [_step(_EQUALS, machine.tgkill, 0, 4), _step(_LOAD, _FIRST_ARGUMENT_AT)]
    steps += [_step(_EQUALS, os.getpid(), 0, 1), allow, refuse]
    return [*steps, allow]


def _step(code: int, operand: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, operand)
