"""The one format of saved state: strict JSON with a version, the definition by value, every bit, and a checksum."""

from __future__ import annotations

import hashlib
import json
import math
import numbers
import os
from collections.abc import Iterator, Mapping
from functools import partial
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

STATE_VERSION = 3
TAG = "float"
"""JSON has no nan and no infinity: they are {"float": "nan"}, {"float": "inf"} and {"float": "-inf"}."""
SEAL = "checksum"
PARTS = ("version", "definition", "start", "state", "parts", SEAL)
OWN_PACKAGE = "riskresearch."
OF_A_FILE = "From a file: resume(json.loads(path.read_text())), after path.write_text(json.dumps(running.to_dict()))."


def saved(
    definition: object,
    start: Mapping[str, Any],
    state: Mapping[str, Any],
    parts: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the saved form of a running object.

    `start` holds what its definition was started with, `state` what it carries from one observation to the next; both
    are made of numbers, text, lists, mappings and arrays. `parts` holds the saved forms of running objects within it.
    """
    return sealed(
        {
            "version": STATE_VERSION,
            "definition": by_value(definition, name=type(definition).__name__),
            "start": plain(start, name="start"),
            "state": plain(state, name="state"),
            "parts": dict(parts),
        }
    )


def read_saved(definition: object, data: Any) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return start, state and parts as `saved` got them, arrays as nested lists; refuse all but an intact state."""
    check_version(data, version=STATE_VERSION)
    if set(data) != set(PARTS):
        raise InvalidInputError(f"state must hold {', '.join(PARTS)}, got {', '.join(map(str, data))}.")
    _check_definition(definition, data["definition"])
    check_seal(data)
    start, state = revived(data["start"]), revived(data["state"])
    if not all(isinstance(each, Mapping) for each in (start, state, data["parts"])):
        raise InvalidInputError("state must be what to_dict returned, got one whose parts are no mappings.")
    return start, state, dict(data["parts"])


def class_name(definition: object) -> str:
    """Return the name of a class; with its module where it is not of this library."""
    kind = type(definition)
    own = f"{kind.__module__}.".startswith(OWN_PACKAGE)
    return kind.__qualname__ if own else f"{kind.__module__}.{kind.__qualname__}"


def by_value(value: Any, *, name: str) -> Any:
    """Return a parameter as strict JSON that differs wherever the value differs; refuse what has no such form."""
    if hasattr(value, "__dataclass_fields__"):
        fields = value.__dataclass_fields__
        return {"class": class_name(value), **{each: by_value(getattr(value, each), name=each) for each in fields}}
    if isinstance(value, Mapping) or (hasattr(value, "items") and not isinstance(value, type)):
        items = list(value.items())  # of a frame its columns
        pairs = {str(key): by_value(each, name=name) for key, each in items}
        if len(pairs) < len(items):
            raise InvalidInputError(f"{name} must have keys that differ as text to be stored, got {value!r}.")
        return pairs
    if isinstance(value, list | tuple):
        return [by_value(each, name=name) for each in value]
    if _is_plain(value):
        return plain(value, name=name)
    if isinstance(value, partial):
        options = by_value(value.keywords, name=name)
        return {"partial": by_value(value.func, name=name), "args": by_value(value.args, name=name), "options": options}
    if (
        isinstance(value, FunctionType)
        and f"{value.__module__}.".startswith(OWN_PACKAGE)
        and "<" not in value.__qualname__
    ):
        return {"function": value.__qualname__}
    if callable(value) or isinstance(value, set | frozenset) or not hasattr(value, "__dict__"):
        raise InvalidInputError(
            f"{name} must be numbers, text, or a dataclass of them to be stored, got {type(value).__name__}: a saved "
            "state holds the parameters by value. pickle and copy.deepcopy keep anything."
        )
    own = {key: by_value(each, name=f"{name}.{key}") for key, each in vars(value).items()}
    return {"class": class_name(value), **own}


def plain(value: Any, *, name: str) -> Any:
    """Return `value` as what strict JSON holds; raise on what it does not hold."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if math.isfinite(number) else {TAG: repr(number)}
    if isinstance(value, list | tuple):
        return [plain(item, name=name) for item in value]
    if _is_array(value):
        return _listed(value, name)
    if isinstance(value, Mapping) and set(value) != {TAG} and all(isinstance(key, str) for key in value):
        return {key: plain(item, name=name) for key, item in value.items()}
    raise InvalidInputError(
        f"{name} must be made of numbers, text, lists and dicts with text as keys to be stored, got {value!r}. "
        "pickle and copy.deepcopy keep anything."
    )


def revived(value: Any) -> Any:
    """Return what `plain` was given, tuples and arrays as lists."""
    if isinstance(value, list):
        return [revived(item) for item in value] if any(isinstance(item, list | Mapping) for item in value) else value
    if isinstance(value, Mapping):
        if set(value) == {TAG}:
            return float(value[TAG])
        return {key: revived(item) for key, item in value.items()}
    return value


def array_like(given: Any, like: npt.NDArray[Any], *, name: str) -> npt.NDArray[Any]:
    """Return nested lists as an array of the shape and type of `like`."""
    import numpy as np  # noqa: PLC0415 (running breakers need no NumPy)

    flat = list(_leaves(given, like.shape, name))
    found = [_float(each, name) for each in flat] if like.dtype.kind == "f" else [_whole(each, name) for each in flat]
    try:
        return np.array(found, dtype=like.dtype).reshape(like.shape)
    except OverflowError:
        raise InvalidInputError(f"{name} must hold numbers of {like.dtype}, got larger ones.") from None


def sealed(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with a checksum of all that is in it."""
    return {**state, SEAL: _checksum(state)}


def check_version(data: Any, *, version: int) -> None:
    """Refuse what is no state, and that of another version."""
    if not isinstance(data, Mapping):
        remedy = f" {OF_A_FILE}" if isinstance(data, str | bytes | os.PathLike) else ""
        raise InvalidInputError(f"state must be what to_dict returned, got {type(data).__name__}.{remedy}")
    if data.get("version") != version or isinstance(data["version"], bool):
        raise InvalidInputError(
            f"version must be {version}, got {data.get('version')!r}: the state was written by another version."
        )


def check_seal(data: Mapping[str, Any]) -> None:
    """Refuse a state that is not as `sealed` returned it."""
    own = {name: value for name, value in data.items() if name != SEAL}
    if data.get(SEAL) != _checksum(own):
        raise InvalidInputError(
            "state must be what to_dict returned, but its checksum differs: it was cut short or changed. Use an older "
            "one, or start again."
        )


def _check_definition(definition: object, theirs: Any) -> None:
    """Require the class and, by value, the parameters of the definition that wrote the state."""
    if not isinstance(theirs, Mapping):
        raise InvalidInputError(f"definition must be a mapping, got {type(theirs).__name__}. The state is damaged.")
    ours = by_value(definition, name=type(definition).__name__)
    absent = object()
    names = dict.fromkeys((*ours, *theirs))
    different = [name for name in names if not _same(ours.get(name, absent), theirs.get(name, absent))]
    if different:
        name = different[0]
        raise InvalidInputError(
            f"state must be that of the same definition, got one with {name}={theirs.get(name)!r} where this one has "
            f"{name}={ours.get(name)!r}."
        )


def _same(ours: Any, theirs: Any) -> bool:
    """Return whether two plain values are equal, True and 1 being different."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        return set(ours) == set(theirs) and all(_same(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return isinstance(ours, bool) == isinstance(theirs, bool) and bool(ours == theirs)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | str | numbers.Real) or _is_array(value)


def _is_array(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "tolist") and not hasattr(value, "items")


def _listed(array: Any, name: str) -> Any:
    """Return an array as nested lists; what is finite throughout needs no look at each number."""
    values = array.tolist()
    if array.dtype.kind in "iub" or (array.dtype.kind == "f" and math.isfinite(_extent(array))):
        return values
    return plain(values, name=name)


def _extent(array: Any) -> float:
    """Return a number that is finite where all of a float array is."""
    return float(abs(array).max()) if array.size else 0.0


def _leaves(given: Any, shape: tuple[int, ...], name: str) -> Iterator[Any]:
    if not shape:
        yield given
        return
    if not isinstance(given, list | tuple) or len(given) != shape[0]:
        got = len(given) if isinstance(given, list | tuple) else type(given).__name__
        raise InvalidInputError(f"{name} must be a list of {shape[0]}, got {got}. The state is of something else.")
    if len(shape) == 1:
        yield from given
        return
    for each in given:
        yield from _leaves(each, shape[1:], name)


def _float(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidInputError(f"{name} must hold numbers, got {value!r}.")
    return float(value)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise InvalidInputError(f"{name} must hold whole numbers, got {value!r}.")
    return int(value)


def _checksum(state: Mapping[str, Any]) -> str:
    text = json.dumps(_canonical(state), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _canonical(value: Any) -> Any:
    """Return `value` with numbers as text, so that it is the same after any JSON library: 1.0 may come back as 1."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return f"'{value}"
    if isinstance(value, numbers.Real):
        return _digits(value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    raise InvalidInputError(f"state must be what to_dict returned, got {value!r} in it.")


def _digits(value: Any) -> str:
    """Return a number as text, a whole one without a point."""
    if isinstance(value, int):
        return repr(value)
    number = float(value)
    whole = math.isfinite(number) and number.is_integer() and (number != 0.0 or math.copysign(1.0, number) > 0.0)
    return repr(int(number)) if whole else repr(number)
