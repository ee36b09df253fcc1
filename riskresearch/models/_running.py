"""Running forecasters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._row import inputs_of, row_of_numbers
from riskresearch.core._stream import ArrayRunning, Snapshot

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, State
    from riskresearch.models._forecasters import Forecaster


class RunningRisk(ArrayRunning):
    """A forecaster of this library between two rows; its `start` makes it.

    An update that raises changes nothing. It can be copied, pickled and saved after any row and continues with the same
    bits.

    Parameters
    ----------
    forecaster : EwmaVolatility, RollingVolatility or TailForecaster
        The definition.
    model : Forecaster
        Its recursion.
    columns : sequence of str
        The names of the assets.

    Examples
    --------
    >>> import riskresearch
    >>> running = riskresearch.models.RollingVolatility(window=2).start(2)
    >>> running.update([0.01, 0.02])
    array([nan, nan])
    >>> running.update([0.03, 0.02]).round(4)
    array([0.0141, 0.    ])
    """

    def __init__(self, forecaster: object, model: Forecaster, columns: Sequence[str]) -> None:
        self._definition, self._names = forecaster, tuple(columns)
        width = len(self._names)
        self._ring, self._tick = np.full((model.memory, width), np.nan), np.zeros(1, dtype=np.int64)
        self._forecast, own = np.full((1, width), np.nan), model.new_state(width)
        self._sweep = model.bind(self._ring, own, self._forecast)
        self._state: State = {"ring": self._ring, "tick": self._tick, "forecast": self._forecast}
        self._state |= {f"own.{name}": each for name, each in own.items()}
        self._before = Snapshot(self._state)

    def update(self, observation: Any) -> FloatVector:
        """Return the risk per period forecast for the next row.

        Parameters
        ----------
        observation : array of shape (columns,), mapping or Series
            Simple returns of the period, nan where they are missing, in the order of the columns or named by them.

        Returns
        -------
        array of shape (columns,)
            The forecasts; nan before the first one.
        """
        given = inputs_of(observation, ("returns",), self._names)
        row, tick = row_of_numbers(given["returns"], self._names, name="returns"), int(self._tick[0])
        self._before.take()
        try:
            self._ring[tick % len(self._ring)] = row
            self._sweep.run(tick, tick + 1)
        except BaseException:
            self._before.put_back()
            raise
        self._tick[0] = tick + 1
        forecast: FloatVector = self._forecast[0].copy()
        return forecast

    def _started(self) -> dict[str, Any]:
        """Return the arguments of `forecaster._running`."""
        return {"columns": list(self._names)}

    def _arrays(self) -> State:
        """Return all that is carried from row to row."""
        return self._state

    def __repr__(self) -> str:
        """Return one line."""
        kind = type(self._definition).__name__
        return f"RunningRisk({kind}, columns={len(self._names)}, rows={int(self._tick[0])})"
