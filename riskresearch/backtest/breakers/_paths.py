"""A set of breakers over a history of one account: one loop, which calls what is in plain Python."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.backtest.breakers._bars import FIELDS, Bars, moment_or_none
from riskresearch.breakers._breaker import EQUITY, OBSERVED, REENTRIES, Breaker
from riskresearch.breakers._running import make_engine, times_of_day
from riskresearch.breakers._step import StepObserver
from riskresearch.breakers._types import STAGES
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Bar
from riskresearch.kernels.compiled._breaker_sweep import sweep

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
    observed = np.empty((len(observers), rows))
    steps = []
    for observer, row in zip(observers, observed, strict=True):
        if isinstance(observer, StepObserver):
            steps.append((observer, row))
        else:
            observer.fill(bars.columns, row)
    totals = engine.run(
        bars.source, bars.returns, bars.prices, observed, bars.clocks_with(times_of_day(breakers)), cost, lag, equity,
        exposure, decided, numbers,
        statuses, _Steps(bars, steps) if steps else None,
    )  # fmt: skip
    return _held_by_a_double(Path(equity, exposure, numbers, statuses, totals))


class _Steps:
    """The steps in plain Python, each of which observes every bar of a history when its equity is known."""

    def __init__(self, bars: Bars, steps: list[tuple[StepObserver, FloatVector]]) -> None:
        self.bars, self.steps = bars, steps
        self.columns = {name: column.tolist() for name, column in bars.columns.items() if name in FIELDS}

    def __call__(self, row: int, equity: float) -> None:
        shown = {name: column[row] for name, column in self.columns.items()}
        shown["strategy_return"] = float(self.bars.returns[row])
        if "closed_trades" in self.bars.columns:
            shown["closed_trades"] = self.bars.columns["closed_trades"].of_row(row)
        bar = Bar(time=moment_or_none(self.bars.times[row]), equity=equity, row=row, **shown)
        for observer, numbers in self.steps:
            observer.prepare(bar)
            numbers[row] = observer.observe(bar)


def _held_by_a_double(path: Path) -> Path:
    if not np.isfinite(path.totals[0]):
        raise InvalidInputError(
            "returns must compound to what a double holds, but the account goes beyond 1e308. They are fractions: 1 % "
            "is 0.01. Prices are given as prices=, with None for the returns."
        )
    return path


def alone(breakers: tuple[Breaker, ...]) -> bool:
    """Return whether the compiled sweep can run these: one breaker, not combined, without a step in plain Python."""
    return len(breakers) == 1 and not breakers[0].members() and not isinstance(breakers[0].observer(), StepObserver)


def sweep_alone(sets: list[Breaker], bars: Bars, *, cost: float) -> FloatMatrix:
    """Return the totals of sets of one breaker each over returns, shape (sets, 7); equal observers are filled once."""
    slots: dict[str, int] = {}
    observed: list[FloatVector] = []
    whole, rules = np.zeros((len(sets), 10), dtype=np.int64), np.empty((len(sets), 5))
    times = times_of_day(tuple(sets))
    for number, breaker in enumerate(sets):
        observer, slot, opening = breaker.observer(), 0, -1
        if observer is not None:
            key = _observer_key(breaker)
            if key not in slots:
                slots[key] = len(observed)
                observed.append(np.empty(len(bars.returns)))
                observer.fill(bars.columns, observed[-1])
                if observer.opening is not None:
                    observed.append(np.empty(len(bars.returns)))
                    observer.opening.fill(bars.columns, observed[-1])
            slot = slots[key]
            opening = slot + 1 if observer.opening is not None else -1
        clock, wait = breaker.clock(times)
        whole[number] = (
            OBSERVED if observer else EQUITY, slot, REENTRIES.index(breaker.reentry), breaker.inclusive,
            breaker.missing == "trip", clock, breaker.restart_clock(), breaker.trails(), STAGES[breaker.stage],
            opening,
        )  # fmt: skip
        rules[number] = (*breaker.thresholds(), wait, breaker.fraction, breaker.stale_from())
    totals = np.empty((len(sets), len(TOTALS)))
    shown = np.array(observed) if observed else np.empty((0, len(bars.returns)))
    sweep(bars.returns, shown, bars.clocks_with(times), whole, rules, cost, totals)
    return totals


def _observer_key(breaker: Breaker) -> str:
    """Return what distinguishes the observers of breakers: their class and the parameters of their own."""
    own = {name: value for name, value in breaker.to_dict().items() if name not in COMMON}
    return repr(sorted(own.items()))
