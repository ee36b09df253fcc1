"""Answers to arguments under the names that they have in other packages, or without a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from riskresearch.core._calendar_periods import DAY_OR_PERIODS, PERIODS, meant_period, rows_of_period
from riskresearch.core._checks import is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._names_elsewhere import ONE_MINUS, names_elsewhere

WORDS_OF_PERIODS = {"rebalance": ("every_bar", *PERIODS), "to": DAY_OR_PERIODS}
CO_VARARGS = 0x04
"""Of `inspect`: a function has `*args`."""
Named = TypeVar("Named", bound=Callable[..., Any])


def answers_other_names(
    remedies: Mapping[str, str] | None = None, *, second: str = "", needs: Mapping[str, str] | None = None
) -> Callable[[Named], Named]:
    """Return a decorator of a function or a class that answers arguments under other packages' names.

    Such an argument is refused, with its name in this package: those of `NAMES` whose argument is here, and `remedies`,
    which have the name here, or a sentence, by the other name. Any other unknown name is Python's own error. `second`
    is what an argument without a name is likely meant for that follows those which need none, or a sentence; without
    it the answer lists the names. A mapping, series or list is likely `weights`, and one with dates `benchmark`, where
    there are such. `needs` has a sentence for an argument that must be given and was not.
    """

    def decorate(target: Named) -> Named:
        is_class = isinstance(target, type)
        original: Any = cast(Any, target).__init__ if is_class else target
        name, (unnamed, named, takes_any) = target.__name__, _parameters(original)
        positional, parameters = unnamed[is_class:], (*unnamed, *named)
        answers = {**names_elsewhere(parameters), **(remedies or {})}
        others = {other: here for other, here in answers.items() if other not in parameters}

        @wraps(original)
        def answering(*args: Any, **options: Any) -> Any:
            if named and len(args) > len(unnamed) and not takes_any:
                unmeant = args[len(unnamed)]
                raise InvalidInputError(
                    f"{name} has only {_listed(positional)} without a name, got {shown(unmeant)} as well. "
                    f"{_meant(unmeant, second, [each for each in named if each not in options])}"
                )
            for other in options.keys() & others.keys():
                told = _answer(others[other], options[other])
                raise InvalidInputError(
                    f"{name} has no argument {other!r}, got {other}={shown(options[other])}. {told}"
                )
            for here in (needs or {}).keys() - options.keys():
                if here not in unnamed[: len(args)]:
                    raise InvalidInputError(f"{name} needs `{here}`. {(needs or {})[here]}")
            return original(*args, **options)

        if not isinstance(target, type):
            return answering  # type: ignore[return-value]
        target.__init__ = answering  # type: ignore[misc]
        return target

    return decorate


def _parameters(function: Any) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return the parameters that need no name, those that need one, and whether any number may come without."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = function.__code__
    count = code.co_argcount
    named = code.co_varnames[count : count + code.co_kwonlyargcount]
    return code.co_varnames[:count], named, bool(code.co_flags & CO_VARARGS)


def _listed(positional: tuple[str, ...]) -> str:
    return "its data" if positional == ("returns",) else " and ".join(positional) or "no argument"


def _meant(value: Any, second: str, free: Sequence[str]) -> str:
    """Return what an argument without a name is likely meant for, among the names that are `free`."""
    if not is_single(value):
        dated = getattr(getattr(getattr(value, "index", None), "dtype", None), "kind", "") == "M"
        for likely in ("benchmark", "weights") if dated else ("weights",):
            if likely in free:
                return _written(likely, value)
    if second:
        return _written(second, value) if second.isidentifier() else second
    return f"The others have names: {', '.join(f'{each}=' for each in free)}."


def _answer(here: str, value: Any) -> str:
    """Return the answer to a value under another name."""
    if here == ONE_MINUS:
        meant = 1.0 - value if _is_number(value) and 0.0 < value < 0.5 else None
        example = "level=0.99 for the worst 1 %" if meant is None else f"level={meant:.10g}"
        return f"Write `level`, one minus that: {example}."
    return _written(here, value) if here.isidentifier() else here


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written(name: str, value: Any) -> str:
    """Return the remedy, with the value as it is written here unless it is a table, whose text may be long."""
    if name == "level" and _is_number(value) and 50.0 < value < 100.0:
        value = value / 100.0
    if name == "periods_per_year" and (rows := rows_of_period(value)):
        value = rows
    value = meant_period(value, WORDS_OF_PERIODS.get(name, ())) or value
    if is_single(value) or isinstance(value, list | tuple | dict | set | range):
        return f"Write {name}={shown(value)}."
    return f"Write `{name}=` before it."
