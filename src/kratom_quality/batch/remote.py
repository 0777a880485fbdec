"""Files in object stores and archives (extra ``remote``); the one module that imports fsspec.

Addresses may be chained: ``zip://a/b.pdf::s3://bucket/archive.zip``. Nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from kratom_quality.batch.file import RemoteFile
from kratom_quality.batch.outcomes import Failure
from kratom_quality.errors import KratomQualityError, MissingExtraError, UnreadableFileError
from kratom_quality.limits import ReadingLimits
from kratom_quality.printable import printable_path
from kratom_quality.reading.files import read_stream

_PASSWORD = re.compile(r"//[^/@]*:[^/@]*@")
Info = Mapping[str, Any]


def files_below(address: str, is_wanted: Callable[[str], bool], unlisted: list[Failure]) -> list[RemoteFile]:
    """Return the file at an address, or those below it, sorted by path.

    Parameters
    ----------
    is_wanted
        Whether a file of this name is.
    unlisted
        What cannot be listed, or has a name that leads elsewhere, is added to it.

    Raises
    ------
    MissingExtraError
        If fsspec, or what it needs for this kind of address, is not installed.
    UnreadableFileError
        If nothing is there, or it cannot be listed with the credentials at hand.
    """
    if find_spec("fsspec") is None:
        raise MissingExtraError(f"{address}: needs fsspec: pip install 'kratom-quality[remote]'")
    if _PASSWORD.search(address):
        raise UnreadableFileError(
            "an address must not hold a password, for records name it; give it as the storage's own tools expect it"
        )
    with _explained(address):
        storage, path = _locate(address)
        storage.invalidate_cache()
        info = storage.info(path)
        if info["type"] != "directory":
            return [_file(storage, address, info)]
        found = list(_walk(storage, path, address, is_wanted, unlisted))
    return sorted(found, key=lambda file: file.url.partition("::")[0].replace("/", "\0"))


def read_bytes(file: RemoteFile, limits: ReadingLimits) -> bytes:
    """Return what a file holds; one that is larger than the limit, as its storage says, is not opened.

    Raises
    ------
    LimitExceededError
        If it is larger than the limit.
    UnreadableFileError
        If it is gone or cannot be read.
    """
    name = printable_path(file)
    if file.size is not None:
        limits.require("file_bytes", file.size, f"{name}: the file has {file.size:,} bytes")
    with _explained(file.url):
        storage, path = _locate(file.url)
        with storage.open(path, "rb") as stream:
            return read_stream(stream, name, limits)


def _walk(
    storage: Any, path: str, address: str, is_wanted: Callable[[str], bool], unlisted: list[Failure]
) -> Iterator[RemoteFile]:
    def refuse(place: object, reason: str) -> None:
        unlisted.append(Failure(f"{address}: {place}", reason, UnreadableFileError.__name__))

    def note(error: OSError) -> None:
        refuse(error.filename or "a folder", f"cannot be listed ({error}); check the permissions")

    for here, folders, files in storage.walk(path, detail=True, on_error=note):
        for name in [name for name in folders if name.startswith(".") or not name]:
            del folders[name]
            if name in ("", ".."):
                refuse(f"{here}/{name}", "the name leads out of the archive, so what stands there is not read")
        for name, info in files.items():
            if is_wanted(name):
                yield _file(storage, address, info)


def _file(storage: Any, address: str, info: Info) -> RemoteFile:
    """Return a file as fsspec tells of it; what it tells changes with the file."""
    _, chained, container = address.partition("::")
    stamp = hashlib.sha256(repr(sorted((key, str(value)) for key, value in info.items())).encode()).hexdigest()[:32]
    return RemoteFile(storage.unstrip_protocol(info["name"]) + chained + container, info.get("size"), stamp)


def _locate(address: str) -> tuple[Any, str]:
    """Return the storage of an address, and the path in it; an archive is opened once."""
    from fsspec.core import url_to_fs

    first, chained, container = address.partition("::")
    if not chained:
        storage, path = url_to_fs(address)
        return storage, path
    protocol = first.partition("://")[0]
    storage = _container(os.getpid(), f"{protocol}://::{container}")
    return storage, storage._strip_protocol(first)


@lru_cache(maxsize=4)
def _container(process: int, address: str) -> Any:  # noqa: ARG001  # what is open in one process is of no use in another
    from fsspec.core import url_to_fs

    return url_to_fs(address)[0]


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Give errors of a storage, of which each kind has its own, as ours."""
    try:
        yield
    except KratomQualityError:
        raise
    except ImportError as error:
        raise MissingExtraError(f"{address}: {error}; s3fs comes with 'kratom-quality[remote]'") from error
    except FileNotFoundError as error:
        raise UnreadableFileError(f"{address}: there is no such file, folder or bucket") from error
    except PermissionError as error:
        raise UnreadableFileError(f"{address}: may not be read with the credentials at hand ({error})") from error
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        if "Credentials" in type(error).__name__:
            what += "; give them as the storage's own tools expect them, as in AWS_ACCESS_KEY_ID and AWS_PROFILE"
        raise UnreadableFileError(f"{address}: cannot be read ({what})") from error
