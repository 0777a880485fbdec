"""TOML data files into models that forbid what they do not know; every failure names the file and the key."""

from __future__ import annotations

import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from kratom_quality.errors import DataFileError

Model = TypeVar("Model", bound=BaseModel)


def bundled(*parts: str) -> Traversable:
    """Return a file or folder of the package's own data."""
    return resources.files("kratom_quality").joinpath("data", *parts)


def load_model(model: type[Model], file: Path | Traversable) -> Model:
    """Read a TOML file into a model.

    Raises
    ------
    DataFileError
        If the file cannot be read, is no TOML, or lacks a key, has one too many or one of the wrong kind.
    """
    try:
        text = file.read_bytes().decode("utf-8")
        return model.model_validate(tomllib.loads(text))
    except OSError as error:
        raise DataFileError(f"{file}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"{file}: is not UTF-8 text ({error}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{file}: is not TOML: {error}") from error
    except ValidationError as error:
        raise DataFileError(f"{file}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    lines = (f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
    return "; ".join(lines)
