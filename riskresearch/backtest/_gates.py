"""What may stand between a target and its order: breakers as gates, limits on weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector


class Bar(NamedTuple):
    """An account after a bar.

    Attributes
    ----------
    row : int
        Number of the bar.
    time : object
        Label of the bar: its date, or `row`.
    equity, peak, cash : float
        At the bar's prices, in money; the peak is the highest equity so far, the capital included.
    prices : array, shape (n_columns,)
        Last known price of each column of the account, nan before its first.
    weights : array, shape (n_columns,)
        What is held as a fraction of equity, after drift.
    turnover : float
        Notional of the orders of the bar, buys and sales, over the equity of the bar before: as in `Backtest`.
    priced : array of bool, shape (n_columns,)
        Which columns have a price on this bar, so that theirs is not an older one.
    """

    row: int
    time: Any
    equity: float
    peak: float
    cash: float
    prices: FloatVector
    weights: FloatVector
    turnover: float
    priced: npt.NDArray[np.bool_] | bool = True


class GateDecision(NamedTuple):
    """What a gate says about the next bar.

    Attributes
    ----------
    fraction : float or array of shape (n_columns,)
        Multiplies the target weights; 0 liquidates.
    reduce_only : bool or array of bool, shape (n_columns,)
        No position, or none of these columns, may grow or cross zero.
    frozen : bool or array of bool, shape (n_columns,)
        Nothing, or nothing of these columns, may trade, whatever the target and the limits.
    """

    fraction: float | FloatVector = 1.0
    reduce_only: bool | npt.NDArray[np.bool_] = False
    frozen: bool | npt.NDArray[np.bool_] = False


class RunningGate(Protocol):
    """A gate that watches one account."""

    def update(self, bar: Bar) -> GateDecision:
        """Take in the account after a bar and decide about the next one.

        Parameters
        ----------
        bar : Bar
            The account after the bar.

        Returns
        -------
        GateDecision
        """


class Gate(Protocol):
    """The definition of a gate, such as a set of circuit breakers."""

    def start(self, columns: Sequence[str]) -> RunningGate:
        """Begin to watch an account that holds `columns`.

        Parameters
        ----------
        columns : sequence of str
            The names of the account's columns, in their order.

        Returns
        -------
        RunningGate
        """


class WeightLimit(Protocol):
    """A cap on target weights, applied when they are decided."""

    def apply(self, target: FloatVector, held: FloatVector, equity: float) -> FloatVector:
        """Return the target weights that the limit allows.

        Parameters
        ----------
        target : array, shape (n_columns,)
            Target weights of the account, after the gates.
        held : array, shape (n_columns,)
            Weights held when the target is decided.
        equity : float
            Equity of the account then.

        Returns
        -------
        array, shape (n_columns,)
        """
