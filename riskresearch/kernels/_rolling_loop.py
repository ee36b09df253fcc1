"""The moving window of a measure without a recursion: the measure of each window's rows, one window after the other."""

from collections.abc import Callable
from typing import Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatMatrix, FloatVector

WindowFunction = Callable[[FloatMatrix, FloatVector, FloatVector], FloatVector]
"""One number per column of the rows of a window, of the benchmark and of the risk-free rates over the same rows."""


class FunctionWindow:
    """A measure of the last `window` rows of `source`, a panel or a ring of at least so many rows."""

    def __init__(
        self,
        source: FloatMatrix,
        market: FloatVector,
        rates: FloatVector,
        window: int,
        minimum: int,
        function: WindowFunction,
        answers: FloatMatrix,
    ) -> None:
        self._source, self._market, self._rates = source, market, rates
        self._window, self._minimum, self._function, self._answers = window, minimum, function, answers

    def run(self, first: int, last: int) -> None:
        """Process rows `first` to `last` - 1."""
        for row in range(first, last):
            begin = max(0, row + 1 - self._window)
            rows: Any = slice(begin, row + 1)
            if row >= len(self._source):  # a ring that has begun again
                rows = np.arange(begin, row + 1) % len(self._source)
            try:
                self._measure(self._answers[row % len(self._answers)], rows)
            except InvalidInputError as error:
                raise InvalidInputError(f"In the window that ends with row {row}: {error}") from error

    def _measure(self, answer: FloatVector, rows: slice | np.ndarray) -> None:
        """Measure the columns that have enough values in the window; the others are nan."""
        values, market, rates = self._source[rows], self._market[rows], self._rates[rows]
        present = ~np.isnan(values)
        enough = present.sum(axis=0) >= self._minimum
        if enough.all() and present.all():
            answer[:] = self._function(values, market, rates)
            return
        answer[:] = np.nan
        for column in np.flatnonzero(enough):
            keep = present[:, column]
            answer[column] = self._function(values[keep, column : column + 1], market[keep], rates[keep])[0]
