"""The results that a calculator keeps."""

from __future__ import annotations

import copy
import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._panel import Panel, ValidatedPanel
from riskresearch.core._sharing import SharedResults, sharing

if TYPE_CHECKING:
    from riskresearch.metrics._measure import Measure


class CacheInfo(NamedTuple):
    """Statistics of a calculator's cache, like those of `functools.lru_cache`, and of what measures shared."""

    hits: int
    """Results found in the cache."""
    misses: int
    """Results computed."""
    maxsize: int
    currsize: int
    shared_hits: int
    """Intermediate results that another measure had computed before."""
    shared_misses: int


class ResultCache:
    """The results of one calculator; the least recently used is dropped first. Threads wait for one another."""

    def __init__(self, maxsize: int, results: SharedResults) -> None:
        self._maxsize, self._results = maxsize, results
        self._lock = threading.RLock()
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._hits = self._misses = 0

    def find(
        self,
        measure: Measure,
        panel: Panel,
        benchmark: Panel | None,
        held: Mapping[str, Any],
        given: Mapping[str, Any],
    ) -> Any:
        """Return the measure of the panel, and of the benchmark if it needs one, as a copy.

        Numbers over time are as large as the returns and are not kept.
        """
        options = measure.options(held, given)
        key = None if measure.answer == "path" else _key(measure, options)
        with self._lock:
            if key in self._kept:
                self._hits += 1
                self._kept.move_to_end(key)
                return own_copy(self._kept[key])
            self._misses += 1
            with sharing(self._results):
                answer = measure.ask(panel, benchmark, options)
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
        """Drop everything but the numbers of `panels`."""
        with self._lock:
            self._kept.clear()
            self._hits = self._misses = 0
            self._results = SharedResults(self._results.max_bytes)
            for panel in panels:
                if panel is not None:
                    self._results.know(panel.values)


def known(panel: Panel, results: SharedResults) -> ValidatedPanel:
    """Return a validated panel and register its numbers with `results`; no other object may hold them."""
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


def _key(measure: Measure, options: Mapping[str, Any]) -> Any:
    """Return the key of a result, or None if it must not be kept."""
    parts: list[Any] = [measure.function]
    for name in sorted(options):
        value = options[name]
        if isinstance(value, Panel):  # as the calculator holds it
            parts.append(name)
            continue
        if isinstance(getattr(value, "rng", None), np.random.Generator):
            return None
        parts.append((name, type(value), value, repr(value)))
    try:
        hash(tuple(parts))
    except TypeError:
        return None
    return tuple(parts)
