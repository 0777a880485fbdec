"""TOML data files into models that forbid what they do not know; every failure names the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from kratom_quality.errors import DataFileError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
        raise DataFileError(f"{file}: {_explain(error, model)}") from error


def _explain(error: ValidationError, model: type[BaseModel]) -> str:
    lines = (f"{'.'.join(map(str, fault['loc'])) or 'file'}: {_fault(fault, model)}" for fault in error.errors())
    return "; ".join(lines)


def _fault(fault: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what is wrong with a key; one that is not known gets the nearest that is, or all there are."""
    if fault["type"] != "extra_forbidden":
        return fault["msg"]
    *parents, key = fault["loc"]
    known = _keys_at(model, parents)
    near = get_close_matches(str(key), known, n=2)
    meant = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the keys are {', '.join(known)}"
    return f"is no key we know; {meant}"


def _keys_at(model: type[BaseModel], parents: Iterable[str | int]) -> list[str]:
    """Return the keys of the model that stands where the parents lead."""
    for parent in parents:
        if isinstance(parent, str) and parent in model.model_fields:
            model = next(_models_in(model.model_fields[parent].annotation), model)
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
