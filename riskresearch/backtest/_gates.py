"""Gates, such as circuit breakers, and limits on weights, which act between a target and its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from riskresearch.core._records import Bar, Decision
    from riskresearch.core._types import FloatVector


class RunningGate(Protocol):
    """A gate that observes one account."""

    def update(self, bar: Bar) -> Decision:
        """Process a bar and return what holds from the next one on.

        Parameters
        ----------
        bar : Bar
            With the account after the bar as its `account`.

        Returns
        -------
        Decision
        """


class Gate(Protocol):
    """The definition of a gate of a user's own; breakers and sets of breakers are given to `simulate` as they are."""

    def start(self, columns: Sequence[str], *, capital: float) -> RunningGate:
        """Return the gate running for an account that holds `columns`.

        Parameters
        ----------
        columns : sequence of str
            The names of the account's columns, in their order.
        capital : float
            Equity of the account before the first bar.

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
