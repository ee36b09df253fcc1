"""Data that a function captures besides its arguments: tables, arrays and numbers in its closure, defaults, globals or
object."""

from __future__ import annotations

import copy
import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

DEEPEST = 3
Change = Callable[[Any], Any]
"""Returns another table for one that is held, and the value itself for anything else."""


def held_by(function: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield name and value of the data that a function of Python code holds."""
    if depth > DEEPEST:
        return
    for name, value in _names(function):
        if is_data(value):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}[{key!r}]", entry) for key, entry in value.items() if is_data(entry))
        else:
            yield from ((f"{name}.{inner}", entry) for inner, entry in held_by(value, depth + 1))


def is_data(value: Any) -> bool:
    """Return whether a value is a table, an array or a number that is not whole."""
    if isinstance(value, (float, np.floating)):
        return True
    return isinstance(value, np.ndarray) or hasattr(value, "iloc")


def _names(function: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a function, a bound method, a partial or an object refers to by name."""
    if isinstance(function, functools.partial):
        yield "func", function.func
        yield from ((f"argument {number}", value) for number, value in enumerate(function.args))
        yield from function.keywords.items()
    elif isinstance(function, types.MethodType):
        yield "self", function.__self__
        yield function.__name__, function.__func__
    elif isinstance(function, types.FunctionType):
        yield from _of_code(function)
    elif not isinstance(function, (type, types.ModuleType)) and hasattr(function, "__dict__"):
        yield from vars(function).items()
        call = vars(type(function)).get("__call__")
        if isinstance(call, types.FunctionType):
            yield "__call__", call


def _of_code(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    yield from zip(names[len(names) - len(defaults) :], defaults, strict=True)
    yield from (function.__kwdefaults__ or {}).items()
    for name in sorted(_global_names(function.__code__)):
        value = function.__globals__.get(name)
        own = not isinstance(value, types.FunctionType) or value.__module__ == function.__module__
        if own and value is not function:
            yield name, value


def _global_names(code: types.CodeType) -> set[str]:
    inner = [_global_names(const) for const in code.co_consts if isinstance(const, types.CodeType)]
    return set(code.co_names).union(*inner)


def holding(function: Any, change: Change, depth: int = 0) -> Any:
    """Return the same function with other tables in place of those that it holds; itself if it holds none."""
    if depth > DEEPEST:
        return function

    def changed(value: Any) -> Any:
        if is_data(value):
            return change(value)
        if isinstance(value, dict) and any(is_data(entry) for entry in value.values()):
            return {key: change(entry) if is_data(entry) else entry for key, entry in value.items()}
        return holding(value, change, depth + 1)

    if isinstance(function, functools.partial):
        keywords = {name: changed(value) for name, value in function.keywords.items()}
        return functools.partial(changed(function.func), *map(changed, function.args), **keywords)
    if isinstance(function, types.MethodType):
        return getattr(holding(function.__self__, change, depth + 1), function.__name__)
    if isinstance(function, types.FunctionType):
        return _other_code(function, changed)
    if isinstance(function, (type, types.ModuleType)) or not hasattr(function, "__dict__"):
        return function
    if not any(is_data(value) or callable(value) for value in vars(function).values()):
        return function
    other = copy.copy(function)
    other.__dict__.update({name: changed(value) for name, value in vars(function).items()})
    return other


def _other_code(function: types.FunctionType, changed: Change) -> types.FunctionType:
    held = dict(_of_code(function))
    values = {name: changed(value) for name, value in held.items()}
    if all(values[name] is held[name] for name in held):
        return function
    cells = tuple(
        types.CellType(values[name]) if name in values else cell
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    )
    named = _global_names(function.__code__)
    scope = function.__globals__ | {name: value for name, value in values.items() if name in named}
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    first = len(names) - len(defaults)
    other = types.FunctionType(
        function.__code__, scope, function.__name__, tuple(values[name] for name in names[first:]) or None, cells
    )
    other.__kwdefaults__ = {name: values[name] for name in function.__kwdefaults__ or {}} or None
    return other
