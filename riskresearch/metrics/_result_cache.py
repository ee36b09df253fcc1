"""The answers that a calculator keeps, and how a public measure becomes one of its methods."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, ValidatedPanel
from riskresearch.core._sharing import SharedResults, sharing

if TYPE_CHECKING:
    from riskresearch.core._types import Data
    from riskresearch.metrics._calculator import RiskMetricsCalculator

Options = ParamSpec("Options")
Answer = TypeVar("Answer")
HELD = ("level", "risk_free", "periods_per_year", "nan_policy")


class CacheInfo(NamedTuple):
    """What a calculator's cache did: like that of `functools.lru_cache`, and what measures shared."""

    hits: int
    """Answers that were there already."""
    misses: int
    """Answers that were computed."""
    maxsize: int
    currsize: int
    shared_hits: int
    """Parts that were there already when another measure needed them."""
    shared_misses: int


class Answers:
    """The answers of one calculator, the least recently used forgotten first; one thread at a time."""

    def __init__(self, maxsize: int, results: SharedResults) -> None:
        self._maxsize, self._results = maxsize, results
        self._lock = threading.RLock()
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._hits = self._misses = 0

    def find(
        self,
        function: Callable[..., Any],
        panel: Panel,
        benchmark: Panel | None,
        held: dict[str, Any],
        given: dict[str, Any],
        *,
        keep: bool = True,
    ) -> Any:
        """Return what `function` gives of the panel, and the benchmark if there is one: a copy of what is kept."""
        defaults = _defaults(function)
        options = {name: held[name] for name in defaults if name in held} | given
        data = (panel,) if benchmark is None else (panel, benchmark)
        key = _key(function, defaults | options) if keep else None
        with self._lock:
            if key in self._kept:
                self._hits += 1
                self._kept.move_to_end(key)
                return own_copy(self._kept[key])
            self._misses += 1
            with sharing(self._results):
                answer = function(*data, **options)
            if key is not None and self._maxsize > 0:
                self._kept[key] = answer
                if len(self._kept) > self._maxsize:
                    self._kept.popitem(last=False)
            return own_copy(answer)

    def info(self) -> CacheInfo:
        """Return the counts."""
        with self._lock:
            shared = self._results
            return CacheInfo(self._hits, self._misses, self._maxsize, len(self._kept), shared.hits, shared.misses)

    def clear(self, *panels: Panel | None) -> None:
        """Forget everything but the numbers of `panels`."""
        with self._lock:
            self._kept.clear()
            self._hits = self._misses = 0
            self._results = SharedResults(self._results.max_bytes)
            for panel in panels:
                if panel is not None:
                    self._results.know(panel.values)


def known(panel: Panel, results: SharedResults) -> ValidatedPanel:
    """Return a panel whose dates were checked, its numbers known to `results`: nobody else may hold them."""
    result = ValidatedPanel(**{field.name: getattr(panel, field.name) for field in dataclasses.fields(panel)})
    results.know(result.values)
    return result


def own_copy(value: Any) -> Any:
    """Return `value`, or a copy of it if somebody could change its numbers or labels."""
    if isinstance(value, np.ndarray) or hasattr(value, "to_numpy"):
        return value.clone() if hasattr(value, "clone") else value.copy()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return copy.deepcopy(value)
    return np.array(value) if hasattr(value, "__array__") and np.ndim(value) else value


def alone(
    function: Callable[Concatenate[Data, Options], Answer], *, keep: bool = True
) -> Callable[Concatenate[RiskMetricsCalculator, Options], Answer]:
    """Return the method that asks `function` about the calculator's returns; paths over time are not kept."""

    def method(self: RiskMetricsCalculator, *data: Options.args, **options: Options.kwargs) -> Answer:
        answer: Answer = self._answers.find(function, self._panel, None, self._held, options, keep=keep)
        return answer

    described: Callable[Concatenate[RiskMetricsCalculator, Options], Answer]
    described = _described(method, function, needs_benchmark=False)
    return described


def against_benchmark(
    function: Callable[Concatenate[Data, Data, Options], Answer], *, keep: bool = True
) -> Callable[Concatenate[RiskMetricsCalculator, Options], Answer]:
    """Return the method that asks `function` about the calculator's returns and its benchmark."""

    def method(self: RiskMetricsCalculator, *data: Options.args, **options: Options.kwargs) -> Answer:
        if self._benchmark is None:
            raise InvalidInputError(
                f"benchmark must be given to RiskMetricsCalculator for {function.__name__}, got None."
            )
        answer: Answer = self._answers.find(function, self._panel, self._benchmark, self._held, options, keep=keep)
        return answer

    described: Callable[Concatenate[RiskMetricsCalculator, Options], Answer]
    described = _described(method, function, needs_benchmark=True)
    return described


def measures_of(calculator: type) -> dict[str, bool]:
    """Return the methods that give one number per asset and need not be told more: whether each needs a benchmark."""
    found = {}
    for name, method in vars(calculator).items():
        needs = getattr(method, "needs_benchmark", None)
        if needs is None or inspect.signature(method).return_annotation != "PerColumn":
            continue
        options = list(inspect.signature(method).parameters.values())[1:]
        if all(option.default is not option.empty for option in options):
            found[name] = bool(needs)
    return found


class _AsTheCalculator:
    """The default of an option that the calculator holds."""

    def __repr__(self) -> str:
        return "<as the calculator>"


def _described(method: Any, function: Callable[..., Any], *, needs_benchmark: bool) -> Any:
    """Give `method` the name, options and first line of `function`."""
    signature = inspect.signature(function)
    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    options = [
        option.replace(default=_AsTheCalculator()) if option.name in HELD else option
        for option in signature.parameters.values()
        if option.kind is option.KEYWORD_ONLY
    ]
    method.__signature__ = signature.replace(parameters=[me, *options])
    method.__name__, method.needs_benchmark = function.__name__, needs_benchmark
    method.__qualname__ = f"RiskMetricsCalculator.{function.__name__}"
    first = (function.__doc__ or "").strip().splitlines()[0]
    method.__doc__ = f"{first}\n\nSee `riskresearch.metrics.{function.__name__}`, whose options it takes."
    return method


@cache
def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {option.name: option.default for option in parameters if option.kind is option.KEYWORD_ONLY}


def _key(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Return what tells one question from another, or None for an answer that must not be kept."""
    parts: list[Any] = [function]
    for name in sorted(options):
        value = options[name]
        if isinstance(value, Panel):  # as the calculator holds it
            parts.append(name)
        elif isinstance(getattr(value, "rng", None), np.random.Generator):
            return None
        else:
            parts.append((name, type(value), value, repr(value)))
    try:
        hash(tuple(parts))
    except TypeError:
        return None
    return tuple(parts)
