"""The public classes of limits, found by inspection, and the annotations of their fields."""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import typing
from typing import Any

from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.policies._meanings import own_first
from riskresearch.pretrade.policies._values import alternatives

NONE = "none"
"""What a file has for None, such as a denominator that there is not: TOML has no such value."""


@functools.cache
def limit_types() -> dict[str, type[Limit]]:
    """Return the classes of limits by name."""
    from riskresearch import pretrade  # noqa: PLC0415 (this file is part of it)

    found = {name: getattr(pretrade, name) for name in sorted(vars(pretrade)["__all__"])}
    return {
        name: each
        for name, each in found.items()
        if isinstance(each, type) and issubclass(each, Limit) and each is not Limit
    }


def kinds_of(limit: type[Limit]) -> dict[str, Any]:
    """Return the annotation of each field of a class of limits, its own first; a warning is a number like `deny`."""
    key: Any = limit
    return _kinds_of(key)


@functools.cache
def _kinds_of(limit: Any) -> dict[str, Any]:
    names: dict[str, Any] = {**vars(typing), **vars(collections.abc)}
    hints = None
    while hints is None:
        try:
            hints = typing.get_type_hints(limit, localns=names, include_extras=True)
        except NameError as error:  # a name for type checkers only
            names[str(error.name)] = Any
    kinds = {field.name: hints[field.name] for field in own_first(limit) if field.init}
    if kinds["warn"] is Any and "deny" in kinds:
        kinds["warn"] = kinds["deny"]
    return kinds


def may_be_none(limit: type[Limit], field: str) -> bool:
    """Return whether a field may be None where that is not its default, which a file then has to say."""
    kind, default = kinds_of(limit)[field], limit.__dataclass_fields__[field].default
    return default not in (None, dataclasses.MISSING) and (kind is Any or type(None) in typing.get_args(kind))


def functions_of(limit: type[Limit]) -> tuple[str, ...]:
    """Return the fields that hold functions, which no file can."""
    return tuple(name for name, kind in kinds_of(limit).items() if any(map(_is_function, alternatives(kind))))


def _is_function(kind: Any) -> bool:
    return collections.abc.Callable in (kind, typing.get_origin(kind))
