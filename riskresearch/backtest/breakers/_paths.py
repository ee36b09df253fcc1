"""A set of breakers over a history of one account: the compiled loop, or bar by bar where a step is in plain Python."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.backtest.breakers._bars import FIELDS, Bars, moment_or_none
from riskresearch.breakers._breaker import EQUITY, OBSERVED, REENTRIES, STAGES, Breaker, make_engine
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._step import StepObserver
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Bar
from riskresearch.kernels._formulas import drawdown
from riskresearch.kernels.compiled import _breaker as kernel

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

COMMON = frozenset(item.name for item in fields(Breaker))
TOTALS = ("final_equity", "max_drawdown", "sum", "squares", "moved", "trips", "bars_halted")


@dataclass(frozen=True, slots=True)
class Path:
    """What became of the account, one row a bar; numbers and statuses of shape (breakers, rows)."""

    equity: FloatVector
    exposure: FloatVector
    """Held on the bar, decided `lag` bars before."""
    numbers: FloatMatrix
    statuses: FloatMatrix
    totals: tuple[float, ...]
    """Named by `TOTALS`."""


def net_returns(equity: FloatVector) -> FloatVector:
    """Return the return of each bar of an account that begins with 1; 0 after everything is lost."""
    before = np.concatenate([[1.0], equity[:-1]])
    return np.asarray(np.divide(equity, before, out=np.ones(len(equity)), where=before > 0.0) - 1.0)


def run_breakers(breakers: tuple[Breaker, ...], bars: Bars, *, cost: float, lag: int) -> Path:
    """Run the account under the breakers; nothing is decided before the first bar, on which all is held."""
    engine, _, observers = make_engine(breakers, bars.start)
    rows = len(bars.returns)
    equity, exposure, decided = np.empty(rows), np.empty(rows), np.empty(rows)
    numbers, statuses = np.empty((len(breakers), rows)), np.empty((len(breakers), rows))
    if any(isinstance(observer, StepObserver) for observer in observers):
        return _run_in_python(breakers, bars, cost, lag, equity, exposure, decided, numbers, statuses)
    observed = np.empty((len(observers), rows))
    for observer, row in zip(observers, observed, strict=True):
        observer.fill(bars.columns, row)
    totals = engine.run(
        bars.source, bars.returns, bars.prices, observed, bars.clocks, cost, lag, equity, exposure, decided, numbers,
        statuses,
    )  # fmt: skip
    return _held_by_a_double(Path(equity, exposure, numbers, statuses, totals))


def _held_by_a_double(path: Path) -> Path:
    if not np.isfinite(path.totals[0]):
        raise InvalidInputError(
            "returns must compound to what a double holds, but the account goes beyond 1e308. They are fractions: 1 % "
            "is 0.01."
        )
    return path


def _run_in_python(
    breakers: tuple[Breaker, ...],
    bars: Bars,
    cost: float,
    lag: int,
    equity: FloatVector,
    exposure: FloatVector,
    decided: FloatVector,
    numbers: FloatMatrix,
    statuses: FloatMatrix,
) -> Path:
    """Do what `Engine.run` does with its own steps, and show each bar to the running form."""
    account = _Account(bars, cost)
    running = BreakerSet(breakers).start(equity=account.equity)
    names = [name for name in bars.columns if name in FIELDS]
    columns = [bars.columns[name].tolist() for name in names]
    for row in range(len(bars.returns)):
        held = account.move(row, float(decided[row - lag]) if row >= lag else 1.0)
        shown = {name: column[row] for name, column in zip(names, columns, strict=True)}
        shown["strategy_return"] = float(bars.returns[row])
        running.bar = float(bars.clocks[0, row])
        running.update(Bar(time=moment_or_none(bars.times[row]), equity=account.equity, **shown))
        decided[row], exposure[row], equity[row] = running.engine.exposure, held, account.equity
        numbers[:, row] = [machine.value for machine in running.machines]
        statuses[:, row] = [machine.status for machine in running.machines]
    return _held_by_a_double(Path(equity, exposure, numbers, statuses, account.totals(sum(running.trips))))


class _Account:
    """The account of `Engine.run`, by the same steps."""

    def __init__(self, bars: Bars, cost: float) -> None:
        self.bars, self.cost = bars, cost
        self.equity = self.price = bars.start
        self.cash, self.units, self.before, self.moved, self.bars_halted = 0.0, 1.0, 1.0, 0.0, 0
        self.tally = (self.equity, self.equity, 0.0, 0.0, 0.0)

    def move(self, row: int, held: float) -> float:
        """Go through a bar with an exposure and return it; an account that has lost everything holds nothing."""
        if self.equity <= 0.0:
            held = self.before = 0.0
        self.moved += abs(held - self.before)
        if len(self.bars.prices):
            if held != self.before:
                self.cash, self.units = kernel.traded(self.cash, self.units, self.price, held, self.cost)
            self.price = float(self.bars.prices[row])
            if self.cash + self.units * self.price <= 0.0:
                self.cash = self.units = 0.0
            worth = self.cash + self.units * self.price
            net = worth / self.equity - 1.0 if self.equity > 0.0 else 0.0
            self.equity = worth
        else:
            net = kernel.net_return(held, self.before, float(self.bars.returns[row]), self.cost)
            self.equity = self.equity * (1.0 + net)
        self.tally = kernel.tally(self.equity, net, *self.tally)
        self.bars_halted += held != 1.0
        self.before = held
        return held

    def totals(self, trips: int) -> tuple[float, ...]:
        """Return what `TOTALS` names."""
        top, low, worst, total, square = self.tally
        return self.equity, max(worst, drawdown(top, low)), total, square, self.moved, trips, self.bars_halted


def alone(breakers: tuple[Breaker, ...]) -> bool:
    """Return whether the compiled sweep can run these: one breaker, not combined, without a step in plain Python."""
    return len(breakers) == 1 and not breakers[0].members() and not isinstance(breakers[0].observer(), StepObserver)


def sweep_alone(sets: list[Breaker], bars: Bars, *, cost: float) -> FloatMatrix:
    """Return the totals of sets of one breaker each over returns, shape (sets, 7); equal observers are filled once."""
    slots: dict[str, int] = {}
    observed: list[FloatVector] = []
    whole, rules = np.zeros((len(sets), 9), dtype=np.int64), np.empty((len(sets), 5))
    for number, breaker in enumerate(sets):
        observer, slot = breaker.observer(), 0
        if observer is not None:
            key = _observer_key(breaker)
            if key not in slots:
                slots[key] = len(observed)
                observed.append(np.empty(len(bars.returns)))
                observer.fill(bars.columns, observed[-1])
            slot = slots[key]
        clock, wait = breaker.clock()
        whole[number] = (
            OBSERVED if observer else EQUITY, slot, REENTRIES.index(breaker.reentry), breaker.inclusive,
            breaker.missing == "trip", clock, breaker.restart_clock(), breaker.trails(), STAGES[breaker.stage],
        )  # fmt: skip
        rules[number] = (*breaker.thresholds(), wait, breaker.fraction, breaker.stale_from())
    totals = np.empty((len(sets), len(TOTALS)))
    shown = np.array(observed) if observed else np.empty((0, len(bars.returns)))
    kernel.sweep(bars.returns, shown, bars.clocks, whole, rules, cost, totals)
    return totals


def _observer_key(breaker: Breaker) -> str:
    """Return what distinguishes the observers of breakers: their class and the parameters of their own."""
    own = {name: value for name, value in breaker.to_dict().items() if name not in COMMON}
    return repr(sorted(own.items()))
