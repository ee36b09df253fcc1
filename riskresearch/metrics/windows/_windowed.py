"""The measure of a moving window: a public one, perhaps with options bound by functools.partial, or one of the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ArrayLabels
from riskresearch.core._panel import ValidatedPanel
from riskresearch.kernels import _rolling
from riskresearch.metrics._all_measures import MEASURES, declared
from riskresearch.metrics._measure import SHARED_OPTIONS, Measure

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, Required
    from riskresearch.kernels._rolling_loop import WindowFunction

NAMES = ("mean", *(name for name, each in MEASURES.items() if each.answer == "number"))


@dataclass(frozen=True, slots=True)
class Windowed:
    """A measure of the rows of a window."""

    name: str
    measure: Measure | None = None
    """None for the mean, VaR and CVaR together, and a user's function."""
    bound: Mapping[str, Any] = field(default_factory=dict)
    """Further options of the measure."""
    own: Callable[[FloatVector], float] | None = None
    """A user's function of the values of one column."""

    @property
    def takes(self) -> tuple[str, ...]:
        """The shared options of the measure that are not bound."""
        if self.measure is None:
            return ("level",) if self.name == "tail_risk" else ()
        return tuple(name for name in self.measure.takes if name not in self.bound)

    @property
    def benchmark(self) -> bool:
        """Whether the measure needs a benchmark."""
        return self.measure is not None and self.measure.benchmark

    @property
    def min_rows(self) -> int:
        """The minimum number of values."""
        return 1 if self.measure is None else self.measure.min_rows

    @property
    def compounds(self) -> bool:
        """Whether returns below -1 are refused."""
        return self.measure is not None and self.measure.compounds

    @property
    def is_recursion(self) -> bool:
        """Whether there is a compiled recursion; other measures are computed from the rows of each window."""
        return self.own is None and not self.bound and self.name in _rolling.MEASURES

    def function(self, *, level: float, required_return: Required, periods_per_year: float) -> WindowFunction | None:
        """Return the measure as a function of a window's rows, or None where there is a recursion."""
        if self.is_recursion:
            return None
        if self.own is not None:
            return _by_column(self.own)
        measure: Any = self.measure
        held: dict[str, Any] = {"level": level, "periods_per_year": periods_per_year}
        by_row = ["risk_free"] if "risk_free" in self.takes else []
        if isinstance(required_return, float):
            held["required_return"] = required_return
        elif "required_return" in self.takes:
            by_row.append("required_return")
        return _of_rows(measure, by_row, {**measure.options(held, {}), **self.bound})


TAIL_RISK = Windowed("tail_risk")
"""VaR and CVaR together: the two numbers of `rolling_tail_risk` and of a stream."""


def windowed(measure: str | Callable[..., Any]) -> Windowed:
    """Return the measure that `rolling` or `Online` is given by name, as a public function or as a user's function."""
    if not callable(measure):
        if not isinstance(measure, str):
            raise InvalidInputError(
                f"measure must be a name or a function, got {type(measure).__name__}. The returns come first: "
                "rolling(returns, measure, window=...)."
            )
        name = check_choice(measure, NAMES, name="measure")
        return _complete(Windowed(name, MEASURES.get(name)))
    base, bound = (measure.func, measure.keywords) if isinstance(measure, partial) else (measure, {})
    public = declared(base)
    if public is None:
        return Windowed(getattr(base, "__name__", type(base).__name__), own=measure)
    if public.answer != "number":
        raise InvalidInputError(f"measure must give one number per column, but {public.name} does not.")
    if bound.get("interval") is not None:
        raise InvalidInputError(f"interval must be left out in a moving window, got {bound['interval']!r}.")
    return _complete(Windowed(public.name, public, bound))


def _complete(chosen: Windowed) -> Windowed:
    missing = [name for name in (chosen.measure.needs if chosen.measure else ()) if name not in chosen.bound]
    if missing:
        raise InvalidInputError(
            f"{chosen.name} needs {' and '.join(missing)}: pass functools.partial({chosen.name}, {missing[0]}=...)."
        )
    return chosen


def check_options(chosen: Windowed, options: Mapping[str, Any]) -> None:
    """Refuse a shared option that the measure does not have, or has already, and a missing benchmark."""
    defaults = {"level": 0.95, "risk_free": 0.0, "required_return": 0.0, "periods_per_year": None}
    for option in SHARED_OPTIONS:
        default, given = defaults[option], options.get(option, defaults[option])
        if option not in chosen.takes and given is not default and not (np.ndim(given) == 0 and given == default):
            raise InvalidInputError(f"{option} must be left out with {chosen.name!r}{_owners(option)}, got {given!r}.")
    given = options.get("benchmark")
    if chosen.benchmark and given is None:
        raise InvalidInputError(f"benchmark must be given with {chosen.name!r}, got None.")
    if given is not None and not chosen.benchmark:
        raise InvalidInputError(f"benchmark must be left out with {chosen.name!r}, which is of the returns alone.")


def _owners(option: str) -> str:
    owners = [name for name in NAMES if name in MEASURES and option in MEASURES[name].takes]
    return f": it is for {', '.join(owners)}"


def _of_rows(measure: Measure, by_row: Sequence[str], options: Mapping[str, Any]) -> WindowFunction:
    """Return a measure of the rows of a window; the options in `by_row` are the rates of these rows."""

    def function(values: FloatMatrix, market: FloatVector, rates: FloatVector) -> FloatVector:
        own = {name: _checked(rates[:, None]) for name in by_row}
        answer = measure.ask(_checked(values), _checked(market[:, None]), {**own, **options})
        if not isinstance(answer, np.ndarray):
            raise InvalidInputError(
                f"measure must give one number per column, but {measure.name} gives {type(answer).__name__}."
            )
        return answer

    return function


def _by_column(own: Callable[[FloatVector], float]) -> WindowFunction:
    def function(values: FloatMatrix, _market: FloatVector, _rates: FloatVector) -> FloatVector:
        return np.array([_number(own(np.ascontiguousarray(column))) for column in values.T])

    return function


def _number(answer: Any) -> float:
    try:
        return float(answer)
    except (TypeError, ValueError):
        raise InvalidInputError(f"measure must return a number of each window, got {answer!r}.") from None


def _checked(values: FloatMatrix) -> ValidatedPanel:
    return ValidatedPanel("returns", values, ArrayLabels(values.shape), False, 1)
