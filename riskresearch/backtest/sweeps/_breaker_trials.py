"""Trials of breakers: each set of parameters makes breakers, which watch one account over its history."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from riskresearch.backtest.breakers._bars import Bars, check_shown
from riskresearch.backtest.breakers._judge import make_result
from riskresearch.backtest.breakers._paths import TOTALS, alone, net_returns, run_breakers, sweep_alone
from riskresearch.backtest.sweeps._fingerprint import fingerprint
from riskresearch.backtest.sweeps._grid import Grid, grid_point, grid_size
from riskresearch.backtest.sweeps._trials import Outcome, Repeated, Result, Trials, error_text
from riskresearch.breakers._periods import with_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._errors import InvalidInputError
from riskresearch.metrics.inference._sharpe_inference import deflated_sharpe_ratio

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, Labels

MEASURES = ("final_equity", "max_drawdown", "sharpe_ratio", "trips", "time_halted", "turnover")
RANKS = ("sharpe_ratio", "final_equity", "max_drawdown")
RESERVED = ("robustness", "error", "trial", *MEASURES)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BreakerTrials(Trials):
    """A job is a set of parameters, and so is a trial."""

    made: tuple[BreakerSet | str, ...]
    """The breakers of each set, or the error that making them raised."""
    bars: Bars
    labels: Labels
    cost: float
    lag: int
    halt_draws: int

    owner: ClassVar[str] = "breakers"
    measures: ClassVar[tuple[str, ...]] = MEASURES

    @property
    def runs_together(self) -> bool:
        """Whether one compiled loop runs all sets: single breakers over returns, whose paths nothing asks for."""
        if self.selection is not None or self.lag != 1 or len(self.bars.prices):
            return False
        return all(alone(one.breakers) for one in self.made if not isinstance(one, str))

    def __call__(self, jobs: Sequence[int], journal: str = "") -> Outcome:
        if not self.runs_together:
            return Trials.__call__(self, jobs, journal)
        start = time.perf_counter()
        singles = {job: one.breakers[0] for job in jobs if not isinstance(one := self.made[job], str)}
        totals = sweep_alone(list(singles.values()), self.bars, cost=self.cost)
        rows = self._table(totals)
        known = {
            job: self.measured(row, np.empty(0)) for job, row in zip(singles, rows, strict=True) if np.isfinite(row[0])
        }
        found = [result for job in jobs for result in ([(job, known[job])] if job in known else self.run_job(job))]
        return self.outcome(found, [(time.perf_counter() - start) / len(jobs)] * len(jobs))

    def run_job(self, job: int) -> list[tuple[int, Result]]:
        chosen = self.made[job]
        if isinstance(chosen, str):
            return [(job, chosen)]
        try:
            path = run_breakers(chosen.breakers, self.bars, cost=self.cost, lag=self.lag)
            returns = net_returns(path.equity / self.bars.start)
            return [(job, self.measured(self._table([path.totals])[0], returns))]
        except (Exception, SystemExit) as error:
            return [(job, error_text(error))]

    def repeat(self, trial: int, *, tried: int, confidence: float) -> Repeated:
        chosen = self.made[trial]
        if isinstance(chosen, str):
            raise InvalidInputError(chosen)
        path = run_breakers(chosen.breakers, self.bars, cost=self.cost, lag=self.lag)
        judge = {"draws": self.halt_draws, "trials": tried, "confidence": confidence, "rng": self.seed}
        result = make_result(chosen, self.bars, path, self.cost, self.lag, 1, None, judge)
        returns = result.path.net_returns
        sharpe = float(self._table([path.totals])[0, MEASURES.index("sharpe_ratio")])
        return Repeated(result, returns, self.labels.over_time(returns[:, None]), sharpe)

    def unhalted(self, *, tried: int, trial_variance: float) -> dict[str, float]:
        """Return the measures of the strategy without breakers, and its Sharpe ratio deflated as that of the best."""
        totals = run_breakers((), self.bars, cost=0.0, lag=1).totals
        found = dict(zip(MEASURES, self._table([totals])[0].tolist(), strict=True))
        deflated = deflated_sharpe_ratio(
            np.nan_to_num(self.bars.returns),
            trials=tried,
            trial_variance=trial_variance,
            periods_per_year=self.periods,
        )
        return {**found, "deflated_sharpe_ratio": float(deflated)}

    def data(self) -> tuple[Any, ...]:
        return self.bars.returns, self.bars.prices, self.bars.clocks, *self.bars.columns.values()

    def identity(self) -> dict[str, str]:
        bars, chosen = self.bars, self.selection
        shown = (bars.returns, bars.prices, dict(bars.columns), bars.clocks, bars.furthest)
        statistics = None if chosen is None else (chosen.benchmark, chosen.edges, chosen.draws, chosen.length)
        return {
            "code of the breakers": fingerprint(self.make, name="breakers"),
            "grid": fingerprint(self.grid, name="grid"),
            "data": fingerprint(shown, name="returns"),
            "set of costs": fingerprint(self.cost, name="costs"),
            "setting": fingerprint((self.lag, self.periods, statistics, self.seed), name="lag"),
        }

    def _table(self, totals: Any) -> np.typing.NDArray[np.float64]:
        """Return the measures of accounts from their `TOTALS`, one row each."""
        found = dict(zip(TOTALS, np.asarray(totals, dtype=np.float64).T, strict=True))
        rows = len(self.bars.returns)
        mean = found["sum"] / rows
        variance = np.maximum(found["squares"] - rows * mean * mean, 0.0) / max(rows - 1, 1)
        tiny = 1e-24 * found["squares"]
        sharpe = np.divide(mean, np.sqrt(variance), out=np.full(len(mean), np.nan), where=variance > tiny)
        columns = (
            found["final_equity"] / self.bars.start, found["max_drawdown"], sharpe * self.periods**0.5,
            found["trips"], found["bars_halted"] / rows, found["moved"],
        )  # fmt: skip
        return np.column_stack(columns)


def make_sets(make: Callable[..., Any], grid: Grid, bars: Bars) -> tuple[BreakerSet | str, ...]:
    """Return the breakers of each set of the grid, or the error of a set that cannot be made or watched."""
    made: list[BreakerSet | str] = []
    for number in range(grid_size(grid)):
        try:
            chosen = BreakerSet(with_periods(_made(make, grid_point(grid, number)), bars.dates))
            check_shown(chosen.breakers, bars.columns, bars.clocks)
            made.append(chosen)
        except Exception as error:
            made.append(error_text(error))
    return tuple(made)


def _made(make: Callable[..., Any], parameters: dict[str, Any]) -> BreakerSet:
    made = make(**parameters)
    chosen = BreakerSet(made)
    other = next((breaker for breaker in chosen if breaker.scope != "portfolio"), None)
    if other is not None:
        raise InvalidInputError(
            f"breakers must be of scope 'portfolio' in a sweep, got {other.scope!r} of {other.label()!r}."
        )
    return chosen


def unhalted_returns(bars: Bars) -> FloatVector:
    """Return the returns of the account that no breaker ever halts."""
    path = run_breakers((), bars, cost=0.0, lag=1)
    return net_returns(path.equity / bars.start)
