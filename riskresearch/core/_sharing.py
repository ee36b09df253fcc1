"""Results that several measures of the same numbers share: kernels marked `shared` keep them inside `sharing`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

MOST_ENTRIES = 256


class SharedResults:
    """A cache of the results of shared kernels, by identity of their arguments; the least recently used leave first.

    Arrays are equal if they are the same object. So only arrays that cannot be written to are cached: those given to
    `know` and the results of shared kernels on known arrays, all made read-only. Others are computed without the cache.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.hits = self.misses = self.bytes = 0
        self._known: dict[int, npt.NDArray[Any]] = {}
        # An entry holds its arguments too: as long as it lives, no other array can have their identity.
        self._kept: OrderedDict[tuple[Any, ...], tuple[tuple[Any, ...], Any]] = OrderedDict()

    def know(self, array: npt.NDArray[Any]) -> None:
        """Make `array` read-only and use its identity as a key."""
        array.flags.writeable = False
        self._known[id(array)] = array

    def result(self, kernel: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Return the result of `kernel`, from the cache if it is there."""
        if not all(id(each) in self._known for each in arguments if isinstance(each, np.ndarray)):
            return kernel(*arguments, **options)
        parts = (*arguments, *sorted(options.items()))
        key = (kernel, *(id(part) if isinstance(part, np.ndarray) else (type(part), part) for part in parts))
        if key in self._kept:
            self.hits += 1
            self._kept.move_to_end(key)
            return self._kept[key][1]
        self.misses += 1
        answer = kernel(*arguments, **options)
        for array in arrays_of(answer):
            self.know(array)
            self.bytes += array.nbytes
        self._kept[key] = (arguments, answer)
        self._forget_the_oldest()
        return answer

    def _forget_the_oldest(self) -> None:
        while len(self._kept) > 1 and (self.bytes > self.max_bytes or len(self._kept) > MOST_ENTRIES):
            _, (_, answer) = self._kept.popitem(last=False)
            for array in arrays_of(answer):
                self._known.pop(id(array), None)
                self.bytes -= array.nbytes


def arrays_of(answer: Any) -> list[npt.NDArray[Any]]:
    """Return the arrays of a kernel's result: one, or a tuple or list of them, perhaps nested."""
    if isinstance(answer, np.ndarray):
        return [answer]
    return [array for part in answer for array in arrays_of(part)] if isinstance(answer, tuple | list) else []


_active: ContextVar[SharedResults | None] = ContextVar("riskresearch_shared_results", default=None)


@contextmanager
def sharing(results: SharedResults) -> Iterator[None]:
    """Keep the results of shared kernels that this thread calls in `results`."""
    token = _active.set(results)
    try:
        yield
    finally:
        _active.reset(token)


def is_sharing() -> bool:
    """Return whether results are being kept, so that computing more than is asked for may pay off."""
    return _active.get() is not None


def shared(kernel: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Mark a kernel whose result may be cached: a pure function of arrays and hashable numbers."""

    @wraps(kernel)
    def call(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        results = _active.get()
        if results is None:
            return kernel(*arguments, **options)
        answer: Result = results.result(kernel, arguments, options)
        return answer

    return call
