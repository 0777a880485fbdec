"""A PostgreSQL server of our own: on loopback, in a temporary folder, gone when the tests are."""

from __future__ import annotations

import ctypes
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PASSWORD = "open sesame / 100 %"
_DEBIAN = Path("/usr/lib/postgresql")
_PR_SET_PDEATHSIG = 1


def missing() -> str | None:
    """Say what is not there to run a server with; None where all is."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed (extra 'postgresql')"
    if _program("postgres") is None:
        return "PostgreSQL is not installed (Debian's package 'postgresql')"
    if os.name != "posix":
        return "the server is started as on POSIX systems alone"
    return None


def _program(name: str) -> Path | None:
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = shutil.which(name)
    return Path(found) if found else next(iter(versions), None)


@contextmanager
def server() -> Iterator[int]:
    """Run a server whose user 'keeper' has the password above; yield its port."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-test-"))
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        running = _start(folder, port)
        try:
            _wait(running, port, folder)
            yield port
        finally:
            running.send_signal(signal.SIGQUIT)  # at once, with all its processes; nothing in it is worth keeping
            running.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    user = _unprivileged()
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    if user is not None:
        for path in (folder, folder / "password"):
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    data, environment = folder / "data", {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    initialise = [_program("initdb"), "-D", data, "-U", "keeper", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
    common = {"cwd": folder, "env": environment, **identity}
    subprocess.run([*initialise, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, **common)
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off"}
    switches = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        command = [_program("postgres"), "-D", data, *switches]
        return subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_die_with_the_tests, **common)


def _unprivileged() -> str | None:
    """Return a user to run the server as where we are root, whom it refuses."""
    if getpass.getuser() != "root" and os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _die_with_the_tests() -> None:
    """Ask Linux to end the server should the tests be killed; elsewhere nothing does."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait(running: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(300):
        if running.poll() is not None:
            raise RuntimeError((folder / "log").read_text(errors="replace"))
        try:
            with connection(port):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


@contextmanager
def connection(port: int) -> Iterator[object]:
    """Connect as the keeper; a server that is not up yet is an OSError."""
    import psycopg

    given = {"host": "127.0.0.1", "port": port, "user": "keeper", "password": PASSWORD, "dbname": "postgres"}
    try:
        opened = psycopg.connect(**given, autocommit=True)
    except psycopg.OperationalError as error:
        raise OSError(str(error)) from error
    with opened:
        yield opened


def new_database(port: int, name: str) -> str:
    """Make an empty database and return its URL."""
    from urllib.parse import quote

    with connection(port) as opened:
        opened.execute(f'CREATE DATABASE "{name}"')  # type: ignore[attr-defined]
    return f"postgresql://keeper:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/{name}"
