"""Answers to arguments under the names that they have in other packages, or without a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from riskresearch.core._calendar_periods import DAY_OR_PERIODS, PERIODS, meant_period
from riskresearch.core._checks import is_single, shown
from riskresearch.core._errors import InvalidInputError

WORDS_OF_PERIODS = {"rebalance": ("every_bar", *PERIODS), "to": DAY_OR_PERIODS}
Named = TypeVar("Named", bound=Callable[..., Any])


def answers_other_names(remedies: Mapping[str, str], *, second: str = "") -> Callable[[Named], Named]:
    """Return a decorator of a function or a class; `remedies` has the name here, or a sentence, by the other name.

    The argument is refused, with its name in this package. Any other unknown name is Python's own error. `second` is
    what an argument without a name is likely meant for that follows those which need none, or a sentence. A mapping,
    series or list is likely `weights` instead, where there are some.
    """

    def decorate(target: Named) -> Named:
        is_class = isinstance(target, type)
        original: Any = cast(Any, target).__init__ if is_class else target
        name, (unnamed, named) = target.__name__, _parameters(original)
        alone = "its data" if unnamed == ("returns",) else " and ".join(unnamed[is_class:])
        others = {other: here for other, here in remedies.items() if other not in (*unnamed, *named)}

        @wraps(original)
        def answering(*args: Any, **options: Any) -> Any:
            if second and len(args) > len(unnamed):
                raise InvalidInputError(
                    f"{name} has only {alone} without a name, got "
                    f"{shown(args[len(unnamed)])} as well. {_meant(args[len(unnamed)], second, named)}"
                )
            for other in options.keys() & others.keys():
                here = others[other]
                given, told = options[other], _written(here, options[other]) if here.isidentifier() else here
                raise InvalidInputError(f"{name} has no argument {other!r}, got {other}={shown(given)}. {told}")
            return original(*args, **options)

        if not isinstance(target, type):
            return answering  # type: ignore[return-value]
        target.__init__ = answering  # type: ignore[misc]
        return target

    return decorate


def _parameters(function: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the parameters that need no name, and of those that need one."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = function.__code__
    count = code.co_argcount
    return code.co_varnames[:count], code.co_varnames[count : count + code.co_kwonlyargcount]


def _meant(value: Any, second: str, named: tuple[str, ...]) -> str:
    if not second.isidentifier():
        return second
    return _written("weights" if "weights" in named and not is_single(value) else second, value)


def _written(name: str, value: Any) -> str:
    """Return the remedy, with the value as it is written here unless it is a table, whose text may be long."""
    value = meant_period(value, WORDS_OF_PERIODS.get(name, ())) or value
    if is_single(value) or isinstance(value, list | tuple | dict | set | range):
        return f"Write {name}={shown(value)}."
    return f"Write `{name}=` before it."
