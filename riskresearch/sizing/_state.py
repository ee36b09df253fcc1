"""Parameters and state as strict JSON and back: by value, with every bit, and refused where anything differs."""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

    State: TypeAlias = dict[str, npt.NDArray[Any]]

OWN_PACKAGE = "riskresearch."
NOT_FINITE = {math.inf: "inf", -math.inf: "-inf"}
"""JSON has no infinities; nan is null."""


def parameters_of(definition: object) -> dict[str, Any]:
    """Return the parameters of a frozen dataclass by value, as strict JSON."""
    fields = getattr(definition, "__dataclass_fields__", {})
    return {name: plain(getattr(definition, name), name=name) for name in fields}


def class_name(definition: object) -> str:
    """Return the name of a class; with its module where it is not of this library."""
    kind = type(definition)
    own = f"{kind.__module__}.".startswith(OWN_PACKAGE)
    return kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}"


def plain(value: Any, *, name: str) -> Any:
    """Return a parameter as strict JSON that differs wherever the value differs; what has no such form is refused."""
    if value is None or isinstance(value, str | bool | np.bool_):
        return bool(value) if isinstance(value, np.bool_) else value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return number(float(value))
    if isinstance(value, np.ndarray):
        return [plain(each, name=name) for each in value.tolist()]
    if isinstance(value, Mapping) or hasattr(value, "items"):
        pairs = {str(key): plain(each, name=name) for key, each in value.items()}
        if len(pairs) < len(value):
            raise InvalidInputError(f"{name} must have keys that differ as text to be written down, got {value!r}.")
        return pairs
    if isinstance(value, tuple | list):
        return [plain(each, name=name) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {"class": class_name(value), **parameters_of(value)}
    if callable(value) or isinstance(value, set | frozenset) or not hasattr(value, "__dict__"):
        raise InvalidInputError(
            f"{name} must be numbers, text, or a dataclass of them to be written down, got {type(value).__name__}: a "
            "state carries the parameters by value."
        )
    own = {key: plain(each, name=f"{name}.{key}") for key, each in vars(value).items()}
    return {"class": class_name(value), **own}


def number(value: float) -> float | str | None:
    """Return a float as strict JSON."""
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else NOT_FINITE[value]


def written(array: npt.NDArray[Any]) -> Any:
    """Return an array as nested lists of strict JSON; nan is null."""
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return array.tolist()
    return _strict(array.tolist())


def _strict(nested: Any) -> Any:
    return [_strict(each) for each in nested] if isinstance(nested, list) else number(nested)


def read_array(given: Any, like: npt.NDArray[Any], *, name: str) -> npt.NDArray[Any]:
    """Return nested lists as an array of the shape and type of `like`."""
    flat = list(_leaves(given, like.shape, name))
    if like.dtype.kind == "f":
        found = [_float(each, name) for each in flat]
    else:
        found = [_whole(each, name) for each in flat]
    try:
        return np.array(found, dtype=like.dtype).reshape(like.shape)
    except OverflowError:
        raise InvalidInputError(f"{name} must hold numbers of {like.dtype}, got larger ones.") from None


def _leaves(given: Any, shape: tuple[int, ...], name: str) -> Any:
    if not shape:
        yield given
        return
    if not isinstance(given, list | tuple) or len(given) != shape[0]:
        got = len(given) if isinstance(given, list | tuple) else type(given).__name__
        raise InvalidInputError(f"{name} must be a list of {shape[0]}, got {got}. The state is of another sizer.")
    for each in given:
        yield from _leaves(each, shape[1:], name)


def _float(value: Any, name: str) -> float:
    if value is None:
        return math.nan
    if isinstance(value, str) and value in NOT_FINITE.values():
        return float(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidInputError(f"{name} must hold numbers, got {value!r}.")
    return float(value)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise InvalidInputError(f"{name} must hold whole numbers, got {value!r}.")
    return int(value)


def digest(words: tuple[Any, ...], arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Return a checksum of words and arrays that finds any accidental change."""
    found = hashlib.sha256(repr(words).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name}{array.dtype.str}{array.shape}".encode())
        found.update((np.where(np.isnan(array), np.nan, array) if array.dtype.kind == "f" else array).tobytes())
    return found.hexdigest()
