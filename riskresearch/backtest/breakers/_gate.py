"""Breakers as a gate of `simulate`: what an account shows them, and what they say of its next targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._gates import Bar, GateDecision
from riskresearch.backtest.breakers._paths import moment_or_none, read_columns
from riskresearch.breakers._breaker import Breaker, RunningBreakers
from riskresearch.breakers._calendar import moment_of
from riskresearch.breakers._periods import TIMES_TO_JUDGE, warn_of_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._types import BreakerEvent, MarketConditions, TradingState
from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


GIVEN_BY_THE_ACCOUNT = frozenset({"turnover", "gross_exposure", "net_exposure"})


class BreakerGate:
    """Breakers between targets and orders: a gate of `simulate`.

    Breakers of portfolio and strategy scope watch the account; those of asset scope each column, whose price
    is its `price` and `equity` and the change of it its `strategy_return`. A column without a price on a bar is not
    known there, nor is an account of which no column has one. A freeze lets no order pass, whatever the limits.

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
        self.conditions = read_columns(conditions, None)
        taken = sorted(GIVEN_BY_THE_ACCOUNT.intersection(self.conditions))
        if taken:
            raise InvalidInputError(f"conditions must not hold {taken[0]!r}, which the account shows by itself.")
        self.capital = check_positive(capital, name="capital")
        self.started: list[RunningGateOfBreakers] = []

    def start(self, columns: Sequence[str]) -> RunningGateOfBreakers:
        """Begin to watch an account that holds `columns`.

        Parameters
        ----------
        columns : sequence of str
            The names of the account's columns.
        """
        running = RunningGateOfBreakers(self, tuple(map(str, columns)))
        self.started.append(running)
        return running

    def apply(self, target: FloatVector, held: FloatVector, equity: float) -> FloatVector:
        """Return the targets as they are: a gate that is given as a limit too freezes as a gate.

        Parameters
        ----------
        target, held : array, shape (n_columns,)
            Target weights, and those held.
        equity : float
            Of the account.
        """
        if not self.started:
            raise InvalidInputError("limits must not hold a BreakerGate alone: give it as gates=[gate].")
        return target


class RunningGateOfBreakers:
    """The breakers of one account in use."""

    def __init__(self, gate: BreakerGate, columns: tuple[str, ...]) -> None:
        self.columns, self.conditions = columns, gate.conditions
        own = gate.breakers.of_scope("asset")
        units = {name: RunningBreakers(own, unit=name) for name in columns} if own else {}
        on_account = (*gate.breakers.of_scope("portfolio"), *gate.breakers.of_scope("strategy"))
        self.running = RunningBreakers(on_account, equity=gate.capital, units=units)
        self.times: list[float] = []
        self.counts_time = any(breaker.needs_dates() for breaker in gate.breakers)
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
        shown = self._shown(bar)
        if len(self.times) < TIMES_TO_JUDGE:
            self.times.append(moment_of(shown.time).instant)
            if len(self.times) == TIMES_TO_JUDGE:
                warn_of_periods(self.running.breakers, self.times)
        decision = self.running.update(shown)
        self.prices = bar.prices
        nameless = shown.time is None
        self.events += [event._replace(time=bar.time) for event in decision.events] if nameless else decision.events
        machines = self.running.machines
        self.statuses.append([machine.status for machine in machines])
        self.numbers.append([machine.value for machine in machines])
        self.active.append(any(one.state != TradingState.ACTIVE for one in (decision, *decision.units.values())))
        if not decision.units:
            return GateDecision(decision.fraction, decision.reduce_only, decision.frozen)
        units = [decision.units[name] for name in self.columns]
        return GateDecision(
            np.array([min(decision.fraction, unit.fraction) for unit in units]),
            np.array([decision.reduce_only or unit.reduce_only for unit in units]),
            np.array([decision.frozen or unit.frozen for unit in units]),
        )

    def _shown(self, bar: Bar) -> MarketConditions:
        time = moment_or_none(bar.time)
        if self.counts_time and not hasattr(time, "toordinal"):
            raise InvalidInputError(
                f"prices must have dates for breakers that count in time or by the calendar, got {bar.time!r}."
            )
        priced = np.broadcast_to(bar.priced, bar.prices.shape)
        prices = np.where(priced, bar.prices, np.nan)
        moves = prices / self.prices - 1.0
        fields = {name: self._of_bar(name, values, bar.row) for name, values in self.conditions.items()}
        if len(self.columns) == 1:
            fields.setdefault("price", float(prices[0]))
        else:
            fields["asset_returns"] = tuple(moves.tolist())
        units = {
            name: MarketConditions(
                time=time, equity=price, price=price, strategy_return=move, gross_exposure=abs(weight),
                net_exposure=weight,
            )
            for name, price, move, weight in zip(
                self.columns, prices.tolist(), moves.tolist(), bar.weights.tolist(), strict=True
            )
        } if self.running.units else {}  # fmt: skip
        return MarketConditions(
            time=time, equity=bar.equity if priced.any() or bar.equity <= 0.0 else np.nan, turnover=bar.turnover,
            gross_exposure=float(np.abs(bar.weights).sum()), net_exposure=float(bar.weights.sum()), units=units,
            **fields,
        )  # fmt: skip

    @staticmethod
    def _of_bar(name: str, values: FloatVector, row: int) -> Any:
        if row >= len(values):
            raise InvalidInputError(f"conditions must have a row for each bar, got {len(values)} of {name!r}.")
        return tuple(values[row].tolist()) if name == "asset_returns" else float(values[row])
