"""Breakers as a gate of `simulate`: what an account shows them, and what they say of its next targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._breaker_paths import plain_time
from riskresearch.backtest._gates import Bar, GateDecision
from riskresearch.breakers._breaker import Breaker, RunningBreakers
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._types import BreakerDecision, BreakerEvent, MarketConditions, TradingState
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


class BreakerGate:
    """Breakers between targets and orders: a gate of `simulate`, and a limit, which a freeze needs.

    Give it to `simulate` as `gates=[gate]` and, if a breaker has the stage "freeze", as `limits=[gate]` too, with one
    account. Breakers of portfolio and strategy scope watch the account; those of asset scope each column, whose price
    is its `price` and `equity` and the change of it its `strategy_return`. Make a new one for each simulation.

    Parameters
    ----------
    breakers : BreakerSet, Breaker or sequence of them
        What watches.
    conditions : mapping of str to array, optional
        Further fields of `MarketConditions`, one number a bar, such as `strategy_return`.
    capital : float
        Equity before the first bar, as given to `simulate`.

    Examples
    --------
    >>> import riskresearch
    >>> from riskresearch.backtest import BreakerGate
    >>> from riskresearch.breakers import DrawdownBreaker
    >>> gate = BreakerGate(DrawdownBreaker(0.1, cooldown=2))
    >>> riskresearch.simulate([1.0] * 5, [10.0, 10.0, 8.0, 8.0, 8.0], gates=[gate]).units.iloc[:, 0].tolist()
    [0.0, 0.1, 0.1, 0.0, 0.0]
    """

    def __init__(
        self,
        breakers: BreakerSet | Breaker | Sequence[Breaker],
        *,
        conditions: Mapping[str, FloatVector] | None = None,
        capital: float = 1.0,
    ) -> None:
        self.breakers = breakers if isinstance(breakers, BreakerSet) else BreakerSet(breakers)
        self.conditions = {name: np.asarray(values, dtype=np.float64) for name, values in (conditions or {}).items()}
        self.capital = capital
        self.started: list[RunningGateOfBreakers] = []

    def start(self, columns: Sequence[str]) -> RunningGateOfBreakers:
        """Begin to watch an account that holds `columns`.

        Parameters
        ----------
        columns : sequence of str
            The names of the account's columns.
        """
        if self.started and any(breaker.stage == "freeze" for breaker in self.breakers):
            raise InvalidInputError(
                'a gate with the stage "freeze" serves one account of one simulation: make a new BreakerGate for each.'
            )
        running = RunningGateOfBreakers(self, tuple(map(str, columns)))
        self.started.append(running)
        return running

    def apply(self, target: FloatVector, held: FloatVector, equity: float) -> FloatVector:
        """Let no order out of an account that is frozen: a missing target keeps what is held.

        Parameters
        ----------
        target, held : array, shape (n_columns,)
            Target weights, and those held.
        equity : float
            Of the account.
        """
        return np.full(target.shape, np.nan) if any(running.frozen for running in self.started) else target


class RunningGateOfBreakers:
    """The breakers of one account in use."""

    def __init__(self, gate: BreakerGate, columns: tuple[str, ...]) -> None:
        self.columns, self.conditions = columns, gate.conditions
        own = gate.breakers.of_scope("asset")
        units = {name: RunningBreakers(own, unit=name) for name in columns} if own else {}
        on_account = (*gate.breakers.of_scope("portfolio"), *gate.breakers.of_scope("strategy"))
        self.running = RunningBreakers(on_account, equity=gate.capital, units=units)
        self.frozen = False
        self.events: list[BreakerEvent] = []
        self.active: list[bool] = []
        """After each bar, whether anything but a warning is in force."""
        self.statuses: list[list[int]] = []
        self.numbers: list[list[float]] = []
        self.prices = np.full(len(columns), np.nan)

    def update(self, bar: Bar) -> GateDecision:
        """Take in the account after a bar and decide about the next one.

        Parameters
        ----------
        bar : Bar
            The account after the bar.
        """
        decision = self.running.update(self._shown(bar))
        self.prices = bar.prices
        self.events += decision.events
        self.frozen = decision.frozen
        machines = self.running.machines
        self.statuses.append([machine.status for machine in machines])
        self.numbers.append([machine.value for machine in machines])
        self.active.append(any(one.state != TradingState.ACTIVE for one in (decision, *decision.units.values())))
        if not decision.units:
            return GateDecision(decision.fraction, decision.reduce_only)
        units = [decision.units[name] for name in self.columns]
        fractions = np.array([min(decision.fraction, self._of_unit(unit, bar, i)) for i, unit in enumerate(units)])
        return GateDecision(fractions, decision.reduce_only)

    def _of_unit(self, unit: BreakerDecision, bar: Bar, column: int) -> float:
        """Return the fraction of one column: a halt of it alone sells nothing and buys nothing new of it."""
        if unit.reduce_only and unit.fraction == 1.0:
            return 1.0 if bar.weights[column] != 0.0 else 0.0
        return unit.fraction

    def _shown(self, bar: Bar) -> MarketConditions:
        time = plain_time(bar.time)
        moves = bar.prices / self.prices - 1.0
        fields: dict[str, Any] = {name: float(values[bar.row]) for name, values in self.conditions.items()}
        if len(self.columns) == 1:
            fields.setdefault("price", float(bar.prices[0]))
        else:
            fields["asset_returns"] = tuple(moves.tolist())
        units = {
            name: MarketConditions(
                time=time, equity=price, price=price, strategy_return=move, gross_exposure=abs(weight),
                net_exposure=weight,
            )
            for name, price, move, weight in zip(
                self.columns, bar.prices.tolist(), moves.tolist(), bar.weights.tolist(), strict=True
            )
        } if self.running.units else {}  # fmt: skip
        return MarketConditions(
            time=time, equity=bar.equity, turnover=bar.turnover, gross_exposure=float(np.abs(bar.weights).sum()),
            net_exposure=float(bar.weights.sum()), units=units, **fields,
        )  # fmt: skip
