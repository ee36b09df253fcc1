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
from riskresearch.breakers._types import BEYOND, LEAST, MarketConditions, check_shown_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import read_numbers
from riskresearch.kernels.compiled import _breaker as kernel

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels

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


def read_columns(conditions: Any, rows: int | None) -> dict[str, Any]:
    """Return the further fields that bars show, missing numbers included; `rows` where it is known how many."""
    columns: dict[str, Any] = {}
    for name in conditions if conditions is not None else ():
        if name not in FIELDS:
            raise InvalidInputError(f"conditions must be fields of MarketConditions, got {name!r}.")
        values, _ = read_numbers(conditions[name], name=f"conditions[{name!r}]")
        if rows is not None and len(values) != rows:
            raise InvalidInputError(f"conditions must have the {rows} rows of the bars, got {len(values)} of {name!r}.")
        check_column(values, name, name=f"conditions[{name!r}]")
        columns[name] = np.ascontiguousarray(values if name == "asset_returns" else values[:, 0])
    return columns


def check_column(values: FloatVector | FloatMatrix, field: str, *, name: str) -> None:
    """Refuse numbers that running breakers would refuse; `name` is what errors call them."""
    with np.errstate(invalid="ignore"):
        wrong = ~((values >= LEAST[field]) & (values < BEYOND)) & ~np.isnan(values)
    if wrong.any():
        place = np.argwhere(wrong)[0]
        check_shown_number(float(values[tuple(place)]), field, within=f"{name}: ", where=f" in row {int(place[0])}")


def net_returns(equity: FloatVector) -> FloatVector:
    """Return the return of each bar of an account that begins with 1; 0 after everything is lost."""
    before = np.concatenate([[1.0], equity[:-1]])
    return np.asarray(np.divide(equity, before, out=np.ones(len(equity)), where=before > 0.0) - 1.0)


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


def moment_or_none(label: Any) -> Any:
    """Return what running breakers are shown of a bar's label; None of one that is no time, such as text."""
    time = plain_time(label)
    is_moment = hasattr(time, "toordinal") or isinstance(time, np.datetime64 | int | float)
    return time if is_moment and not isinstance(time, bool) else None


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
    running = RunningBreakers(breakers, equity=account.equity)
    names = [name for name in bars.columns if name in FIELDS]
    columns = [bars.columns[name].tolist() for name in names]
    for row in range(len(bars.returns)):
        held = account.move(row, float(decided[row - lag]) if row >= lag else 1.0)
        shown = {name: column[row] for name, column in zip(names, columns, strict=True)}
        shown["strategy_return"] = float(bars.returns[row])
        running.bar = float(bars.clocks[0, row])
        running.update(MarketConditions(time=moment_or_none(bars.times[row]), equity=account.equity, **shown))
        decided[row], exposure[row], equity[row] = running.engine.exposure, held, account.equity
        numbers[:, row] = [machine.value for machine in running.machines]
        statuses[:, row] = [machine.status for machine in running.machines]
    return _held_by_a_double(Path(equity, exposure, numbers, statuses, account.totals(sum(running.trips))))


class _Account:
    """The account of `Engine.run`, by the same steps."""

    def __init__(self, bars: Bars, cost: float) -> None:
        self.bars, self.cost = bars, cost
        self.equity = self.price = bars.start
        self.cash, self.units, self.before, self.moved, self.bars_out = 0.0, 1.0, 1.0, 0.0, 0
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
        self.bars_out += held != 1.0
        self.before = held
        return held

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
    whole, rules = np.zeros((len(sets), 9), dtype=np.int64), np.empty((len(sets), 5))
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
        rules[number] = (*breaker.thresholds(), wait, breaker.fraction, breaker.stale_from())
    totals = np.empty((len(sets), len(TOTALS)))
    shown = np.array(observed) if observed else np.empty((0, len(bars.returns)))
    kernel.sweep(bars.returns, shown, bars.clocks, whole, rules, cost, totals)
    return totals


def _watch_key(breaker: Breaker) -> str:
    """Return what tells apart the watches of breakers: their class and the parameters of their own."""
    own = {name: value for name, value in breaker.to_dict().items() if name not in COMMON}
    return repr(sorted(own.items()))
