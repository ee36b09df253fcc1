"""A set of breakers over a history of one account: the compiled loop, or bar by bar where a step is in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.breakers._breaker import (
    EQUITY,
    OBSERVED,
    REENTRIES,
    STAGES,
    Breaker,
    RunningBreakers,
    make_engine,
)
from riskresearch.breakers._calendar import calendar
from riskresearch.breakers._step import StepWatch
from riskresearch.breakers._types import MarketConditions
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels import _breaker as kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._labels import Labels
    from riskresearch.core._types import FloatMatrix, FloatVector

RETURNS, PRICES = 1, 2
NOTHING: FloatMatrix = np.empty(0)
FIELDS = frozenset(MarketConditions._fields) - {"time", "equity", "units"}
COMMON = frozenset(item.name for item in fields(Breaker))
TOTALS = ("final_equity", "max_drawdown", "sum", "squares", "moved", "trips", "bars_out")


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one account: what it earns, what breakers are shown, and the clocks."""

    returns: FloatVector
    """Of the strategy as if never halted; nan on the first bar of prices."""
    prices: FloatVector
    """Without rows if the account is made of returns."""
    columns: Mapping[str, Any]
    """Fields of `MarketConditions`, shape (rows,); asset_returns (rows, assets)."""
    clocks: FloatMatrix
    """Shape (5, rows): bars, seconds of UTC where there is a zone, and day, week and month of the clock shown."""
    times: Any
    """What a bar is called, by row."""
    dates: npt.NDArray[np.datetime64] | None

    @property
    def start(self) -> float:
        """Equity before the first bar."""
        return float(self.prices[0]) if len(self.prices) else 1.0

    @property
    def source(self) -> int:
        """What the account's equity is made of."""
        return PRICES if len(self.prices) else RETURNS


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


def make_clocks(labels: Labels, rows: int, ticks: int = 1) -> FloatMatrix:
    """Return the clocks of `rows` bars of `ticks` ticks each; nan where there are no dates."""
    clocks = np.full((5, rows), np.nan)
    clocks[0] = np.arange(rows)
    if labels.dates is not None and labels.instants is not None:
        clocks[1] = _seconds(labels.instants)
        clocks[2], clocks[3], clocks[4] = calendar(_seconds(labels.dates))
    return clocks if ticks == 1 else np.repeat(clocks, ticks, axis=1)


def _seconds(dates: npt.NDArray[np.datetime64]) -> FloatVector:
    seconds: FloatVector = dates.astype("datetime64[us]").astype(np.int64) / 1_000_000
    return seconds


def plain_time(label: Any) -> Any:
    """Return what running breakers are shown of a bar's label: a datetime for pandas' times and periods."""
    if hasattr(label, "start_time"):
        label = label.start_time
    return label.to_pydatetime(warn=False) if hasattr(label, "to_pydatetime") else label


def check_shown(breakers: tuple[Breaker, ...], columns: Mapping[str, Any], clocks: FloatMatrix) -> None:
    """Refuse breakers that watch what the bars do not show."""
    for breaker in breakers:
        for part in (breaker, *breaker.members()):
            watch = part.watch()
            for name in watch.fields if watch else ():
                if name not in columns:
                    raise InvalidInputError(
                        f"conditions must have {name!r}, which {breaker.label()!r} watches: a column of numbers on the "
                        "dates of the bars."
                    )
        if breaker.needs_dates() and not np.isfinite(clocks[1]).all():
            raise InvalidInputError(
                f"the bars must have dates for {breaker.label()!r}, which counts in time or by the calendar. Pass a "
                "Series with a DatetimeIndex."
            )


def run_breakers(breakers: tuple[Breaker, ...], bars: Bars, *, cost: float, lag: int) -> Path:
    """Run the account under the breakers; nothing is decided before the first bar, on which all is held."""
    engine, _, watches = make_engine(breakers, bars.start)
    rows = len(bars.returns)
    equity, exposure, decided = np.empty(rows), np.empty(rows), np.empty(rows)
    numbers, statuses = np.empty((len(breakers), rows)), np.empty((len(breakers), rows))
    if any(isinstance(watch, StepWatch) for watch in watches):
        return _run_in_python(breakers, bars, cost, lag, equity, exposure, decided, numbers, statuses)
    observed = np.empty((len(watches), rows))
    for watch, row in zip(watches, observed, strict=True):
        watch.fill(bars.columns, row)
    totals = engine.run(
        bars.source, bars.returns, bars.prices, observed, bars.clocks, cost, lag, equity, exposure, decided, numbers,
        statuses,
    )  # fmt: skip
    return Path(equity, exposure, numbers, statuses, totals)


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
    running = RunningBreakers(breakers, equity=account.equity)
    names = [name for name in bars.columns if name in FIELDS]
    columns = [bars.columns[name].tolist() for name in names]
    for row in range(len(bars.returns)):
        held = float(decided[row - lag]) if row >= lag else 1.0
        account.move(row, held)
        shown = {name: column[row] for name, column in zip(names, columns, strict=True)}
        shown["strategy_return"] = float(bars.returns[row])
        running.bar = float(bars.clocks[0, row])
        running.update(MarketConditions(time=plain_time(bars.times[row]), equity=account.equity, **shown))
        decided[row], exposure[row], equity[row] = running.engine.exposure, held, account.equity
        numbers[:, row] = [machine.value for machine in running.machines]
        statuses[:, row] = [machine.status for machine in running.machines]
    return Path(equity, exposure, numbers, statuses, account.totals(sum(running.trips)))


class _Account:
    """The account of `Engine.run`, by the same steps."""

    def __init__(self, bars: Bars, cost: float) -> None:
        self.bars, self.cost = bars, cost
        self.equity = self.price = bars.start
        self.cash, self.units, self.before, self.moved, self.bars_out = 0.0, 1.0, 1.0, 0.0, 0
        self.tally = (self.equity, self.equity, 0.0, 0.0, 0.0)

    def move(self, row: int, held: float) -> None:
        """Go through a bar with an exposure."""
        self.moved += abs(held - self.before)
        if len(self.bars.prices):
            if held != self.before:
                self.cash, self.units = kernel.traded(self.cash, self.units, self.price, held, self.cost)
            self.price = float(self.bars.prices[row])
            worth = self.cash + self.units * self.price
            net = worth / self.equity - 1.0
            self.equity = worth
        else:
            net = kernel.net_return(held, self.before, float(self.bars.returns[row]), self.cost)
            self.equity = self.equity * (1.0 + net)
        self.tally = kernel.tally(self.equity, net, *self.tally)
        self.bars_out += held != 1.0
        self.before = held

    def totals(self, trips: int) -> tuple[float, ...]:
        """Return what `TOTALS` names."""
        top, low, worst, total, square = self.tally
        return self.equity, max(worst, (top - low) / top), total, square, self.moved, trips, self.bars_out


def alone(breakers: tuple[Breaker, ...]) -> bool:
    """Say whether the compiled sweep can run these: one breaker, not combined, without a step in plain Python."""
    return len(breakers) == 1 and not breakers[0].members() and not isinstance(breakers[0].watch(), StepWatch)


def sweep_alone(sets: list[Breaker], bars: Bars, *, cost: float) -> FloatMatrix:
    """Return the totals of sets of one breaker each over returns, shape (sets, 7); equal watches are filled once."""
    slots: dict[str, int] = {}
    observed: list[FloatVector] = []
    whole, rules = np.zeros((len(sets), 9), dtype=np.int64), np.empty((len(sets), 4))
    for number, breaker in enumerate(sets):
        watch, slot = breaker.watch(), 0
        if watch is not None:
            key = _watch_key(breaker)
            if key not in slots:
                slots[key] = len(observed)
                observed.append(np.empty(len(bars.returns)))
                watch.fill(bars.columns, observed[-1])
            slot = slots[key]
        clock, wait = breaker.clock()
        whole[number] = (
            OBSERVED if watch else EQUITY, slot, REENTRIES.index(breaker.reentry), breaker.inclusive,
            breaker.missing == "trip", clock, breaker.period(), breaker.trails(), STAGES[breaker.stage],
        )  # fmt: skip
        rules[number] = (*breaker.thresholds(), wait, breaker.fraction)
    totals = np.empty((len(sets), len(TOTALS)))
    shown = np.array(observed) if observed else np.empty((0, len(bars.returns)))
    kernel.sweep(bars.returns, shown, bars.clocks, whole, rules, cost, totals)
    return totals


def _watch_key(breaker: Breaker) -> str:
    """Return what tells apart the watches of breakers: their class and the parameters of their own."""
    own = {name: value for name, value in breaker.to_dict().items() if name not in COMMON}
    return repr(sorted(own.items()))
