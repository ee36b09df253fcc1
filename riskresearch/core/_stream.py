"""The saved state of what goes from bar to bar: strict JSON that keeps every bit, and says when it was changed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from riskresearch.core._errors import InvalidInputError

TAG = "float"
"""JSON has no nan and no infinity: they are {"float": "nan"}, and so on."""
SEAL = "checksum"


def plain(value: Any, *, name: str) -> Any:
    """Return `value` as what strict JSON holds; raise on what it does not hold."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return number if math.isfinite(number) else {TAG: repr(number)}
    if isinstance(value, list | tuple):
        return [plain(item, name=name) for item in value]
    if isinstance(value, Mapping) and set(value) != {TAG} and all(isinstance(key, str) for key in value):
        return {key: plain(item, name=name) for key, item in value.items()}
    raise InvalidInputError(
        f"{name} must be made of numbers, text, lists and dicts with text as keys to be stored, got {value!r}. "
        "pickle and copy.deepcopy keep anything."
    )


def revived(value: Any) -> Any:
    """Return what `plain` was given, tuples as lists."""
    if isinstance(value, list):
        return [revived(item) for item in value]
    if isinstance(value, Mapping):
        if set(value) == {TAG}:
            return float(value[TAG])
        return {key: revived(item) for key, item in value.items()}
    return value


def sealed(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state with a checksum of all that is in it."""
    return {**state, SEAL: _checksum(state)}


def check_version(data: Any, *, version: int) -> None:
    """Refuse what is no state, and that of another version."""
    if not isinstance(data, Mapping):
        raise InvalidInputError(f"data must be a state as to_dict returned it, got {type(data).__name__}.")
    if data.get("version") != version or isinstance(data["version"], bool):
        raise InvalidInputError(f"version must be {version}, got {data.get('version')!r}.")


def check_seal(data: Mapping[str, Any]) -> None:
    """Refuse a state that is not as `sealed` returned it."""
    own = {name: value for name, value in data.items() if name != SEAL}
    if data.get(SEAL) != _checksum(own):
        raise InvalidInputError(
            "data must be a state as to_dict returned it, but its checksum differs: it was cut short or changed. Take "
            "an older one, or start afresh."
        )


def _checksum(state: Mapping[str, Any]) -> str:
    text = json.dumps(_canonical(state), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _canonical(value: Any) -> Any:
    """Return `value` with numbers as text, so that it is the same after any JSON library: 1.0 may come back as 1."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Real):
        try:
            return {"number": repr(float(value))}
        except OverflowError:  # a whole number beyond a double, in the state of a user's step
            return {"number": repr(value)}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    raise InvalidInputError(f"data must be a state as to_dict returned it, got {value!r} in it.")
