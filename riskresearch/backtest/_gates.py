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


class RunningLimit(Protocol):
    """A limit on the target weights of one account.

    One that has a method `verdicts` too is asked for them after the last bar: see `Backtest.limit_verdicts`.
    """

    def apply(self, target: FloatVector, bar: Bar) -> FloatVector:
        """Return the target weights that the limit allows.

        It is called for each bar on which the account may trade, in their order; what has to see every bar is a gate.

        Parameters
        ----------
        target : array, shape (n_columns,)
            Target weights of the account, after the gates and the limits before this one; nan keeps what is held.
        bar : Bar
            The last bar that the gates saw: `account` is what is held after it at the last known prices, and `decision`
            what the gates have decided. Before the first bar it has no time and no prices.

        Returns
        -------
        array, shape (n_columns,)
            Of which nan keeps what is held.
        """


class Limit(Protocol):
    """The definition of a limit on target weights, such as `sizing.Caps` or one of a user's own."""

    def start(self, columns: Sequence[str]) -> RunningLimit:
        """Return the limit running for an account that holds `columns`.

        Parameters
        ----------
        columns : sequence of str
            The names of the account's columns, in their order.

        Returns
        -------
        RunningLimit
        """
