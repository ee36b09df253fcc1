"""Breakers over a grid of parameters, and what remains of the best after counting the trials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.backtest.breakers._backtest_breakers import number_of
from riskresearch.backtest.breakers._bars import Bars, check_shown, read_bars
from riskresearch.backtest.breakers._judge import make_result
from riskresearch.backtest.breakers._paths import TOTALS, alone, run_breakers, sweep_alone
from riskresearch.backtest.breakers._result import BreakerBacktest
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._periods import warn_of_periods, with_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._checks import check_choice, check_count, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._progress import progress_bar
from riskresearch.metrics.inference._sharpe_inference import deflated_sharpe_ratio

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatVector

MEASURES = ("final_equity", "max_drawdown", "sharpe_ratio", "trips", "time_halted", "turnover")
RANKS = ("final_equity", "max_drawdown", "sharpe_ratio")
LESS_IS_BETTER = ("max_drawdown",)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BreakerSweep:
    """A grid of breakers over one history: see `sweep_breakers`."""

    grid: Mapping[str, tuple[Any, ...]]
    """Values of each parameter; a set is one of their product, the last parameter running fastest."""
    measures: Mapping[str, FloatVector]
    """One number a set: final_equity, max_drawdown, sharpe_ratio (yearly), trips, time_halted, turnover."""
    unhalted: Mapping[str, float]
    """Final equity, drawdown and Sharpe ratio without breakers."""
    rank_by: str
    best: BreakerBacktest
    """The first of the best sets by `rank_by`, its significance corrected for the number of sets."""
    best_parameters: Mapping[str, Any]
    deflated_sharpe: float
    """Probability that the best set has a Sharpe ratio above what the best of as many sets of no skill would show."""
    deflated_sharpe_unhalted: float
    """The same of holding: what the breakers add is the difference, the rest is the strategy's."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per set: its parameters and measures, and the share of its neighbours that beat holding."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows = pd.DataFrame(list(product(*self.grid.values())), columns=list(self.grid))
        return rows.assign(**dict(self.measures), robustness=self.robustness())

    def heat_map(self, *, rows: str, columns: str, measure: str | None = None) -> pd.DataFrame:
        """Return a measure by two parameters, the median over the others."""
        measure = check_choice(measure or self.rank_by, MEASURES, name="measure")
        for name in (rows, columns):
            check_choice(name, tuple(self.grid), name="rows and columns")
        return self.to_frame().pivot_table(index=rows, columns=columns, values=measure, aggfunc="median", sort=False)

    def beats_holding(self) -> np.typing.NDArray[np.bool_]:
        """Return for each set whether it is better than holding by `rank_by`."""
        values, unhalted = self.measures[self.rank_by], self.unhalted[self.rank_by]
        return values < unhalted if self.rank_by in LESS_IS_BETTER else values > unhalted

    def robustness(self) -> FloatVector:
        """Return for each set the share of it and its neighbours, a step away in one parameter, that beat holding."""
        shape = tuple(len(values) for values in self.grid.values())
        good = self.beats_holding().reshape(shape).astype(np.float64)
        total, count = good.copy(), np.ones(shape)
        for axis in range(len(shape)):
            for here, there in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
                at = tuple(here if i == axis else slice(None) for i in range(len(shape)))
                to = tuple(there if i == axis else slice(None) for i in range(len(shape)))
                total[at] += good[to]
                count[at] += 1.0
        return np.asarray((total / count).reshape(-1))

    def summary(self) -> str:
        """Return what chance says of the best set, how many sets beat holding, then the best set's numbers."""
        sets, good = len(self.measures["trips"]), self.beats_holding()
        chosen = ", ".join(f"{name}={value}" for name, value in self.best_parameters.items())
        robust = float((self.robustness() >= 1.0).mean())
        return (
            f"Best of {sets} sets by {self.rank_by}: {chosen}. {self.best.summary()}\n"
            f"Deflated Sharpe ratio (probability, {sets} trials): {self.deflated_sharpe:.3f}, of holding "
            f"{self.deflated_sharpe_unhalted:.3f}.\n"
            f"{good.mean():.1%} of the sets beat holding ({self.rank_by} {self.unhalted[self.rank_by]:.4g}), "
            f"{robust:.1%} with all their neighbours."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the heat map of `rank_by` over the first two parameters."""
        from riskresearch.plots import plot_heat_map  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        names = list(self.grid)
        if len(names) < 2:
            raise InvalidInputError(f"grid must have two parameters to be drawn, got {names}.")
        return plot_heat_map(self.heat_map(rows=names[0], columns=names[1]), label=self.rank_by, ax=ax)

    def __repr__(self) -> str:
        return f"BreakerSweep({len(self.measures['trips'])} sets, rank_by={self.rank_by!r})"

    def _repr_html_(self) -> str:
        best = self.to_frame().sort_values(self.rank_by, ascending=self.rank_by in LESS_IS_BETTER).head(10)
        return f"<p>{self.best.significance.verdict()}</p>{best.to_html(float_format='{:.4g}'.format, border=0)}"


def sweep_breakers(
    returns: Data | None,
    make: Callable[..., Breaker | BreakerSet | Sequence[Breaker]],
    grid: Mapping[str, Sequence[Any]],
    *,
    prices: Data | None = None,
    bar_fields: pd.DataFrame | Mapping[str, Any] | None = None,
    lag: int = 1,
    costs: float = 0.0,
    rank_by: Literal["final_equity", "max_drawdown", "sharpe_ratio"] = "sharpe_ratio",
    periods_per_year: float | None = None,
    draws: int = 2000,
    confidence: float = 0.95,
    rng: int | np.random.Generator | None = None,
) -> BreakerSweep:
    """Run breakers over a history for every combination of parameters, and judge the best against chance and trials.

    Parameters
    ----------
    returns : Series or array, shape (rows,), or None
        As in `backtest_breakers`.
    make : callable
        A class of breakers, or any function of the parameters that returns breakers.
    grid : mapping of str to sequence
        Values of each parameter. Sets of one breaker over returns with a lag of 1 run in one compiled loop.
    prices, bar_fields, lag, costs : optional
        As in `backtest_breakers`.
    rank_by : {"sharpe_ratio", "final_equity", "max_drawdown"}
        What the best set is best in.
    periods_per_year : float, optional
        For the Sharpe ratio; None reads it off the dates.
    draws, confidence, rng : optional
        As in `halt_significance`, for the best set; the number of sets is taken as its trials.

    Returns
    -------
    BreakerSweep

    Raises
    ------
    InvalidInputError
        If the grid is empty, or an argument breaks its rule.

    References
    ----------
    Bailey & Lopez de Prado (2014), "The deflated Sharpe ratio", J. Portfolio Management 40.

    Examples
    --------
    >>> from riskresearch.backtest import sweep_breakers
    >>> from riskresearch.breakers import DrawdownBreaker
    >>> returns = [0.02, -0.06, -0.06, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01]
    >>> swept = sweep_breakers(returns, DrawdownBreaker, {"limit": [0.05, 0.1], "cooldown": [1, 2]}, rng=1)
    >>> swept.best_parameters, swept.measures["time_halted"].round(2).tolist()
    ({'limit': 0.05, 'cooldown': 1}, [0.09, 0.18, 0.09, 0.18])
    """
    check_choice(rank_by, RANKS, name="rank_by")
    wait, cost = check_count(lag, name="lag", minimum=1), number_of(costs)
    values = {name: tuple(options) for name, options in text_keys(grid, name="grid").items()}
    if not values or not all(values.values()):
        raise InvalidInputError(f"grid must name parameters with one value or more each, got {dict(grid)!r}.")
    bars, _ = read_bars(returns, prices, bar_fields)
    periods = resolve_periods_per_year(periods_per_year, bars.dates)
    sets = [_made(make, dict(zip(values, chosen, strict=True))) for chosen in product(*values.values())]
    sets = [BreakerSet(with_periods(one.breakers, bars.dates)) for one in sets]
    tried = tuple(breaker for one in sets for breaker in one)
    check_shown(tried, bars.columns, bars.clocks)
    warn_of_periods(tried, bars.clocks[1].tolist())
    totals = _totals(sets, bars, cost, wait)
    measures = _measures(totals, len(bars.returns), periods, bars.start)
    unhalted = {name: float(column[0]) for name, column in _unhalted(bars, periods).items()}
    ranked = measures[rank_by] if rank_by not in LESS_IS_BETTER else -measures[rank_by]
    best = int(np.nanargmax(ranked)) if np.isfinite(ranked).any() else 0
    path = run_breakers(sets[best].breakers, bars, cost=cost, lag=wait)
    judge = {"draws": draws, "trials": len(sets), "confidence": confidence, "rng": rng}
    result = make_result(sets[best], bars, path, cost, wait, 1, None, judge)
    spread = float(np.nanvar(measures["sharpe_ratio"], ddof=1)) if len(sets) > 1 else 0.0
    deflated, deflated_unhalted = (
        float(deflated_sharpe_ratio(one, trials=len(sets), trial_variance=spread, periods_per_year=periods))
        for one in (result.net_returns, result.returns)
    )
    chosen = dict(zip(values, list(product(*values.values()))[best], strict=True))
    return BreakerSweep(values, measures, unhalted, rank_by, result, chosen, deflated, deflated_unhalted)


def _made(make: Callable[..., Any], parameters: dict[str, Any]) -> BreakerSet:
    chosen = BreakerSet(make(**parameters))
    other = next((breaker for breaker in chosen if breaker.scope != "portfolio"), None)
    if other is not None:
        raise InvalidInputError(
            f"make must give breakers of scope 'portfolio', got {other.scope!r} of {other.label()!r}."
        )
    return chosen


def _totals(sets: list[BreakerSet], bars: Bars, cost: float, lag: int) -> np.typing.NDArray[np.float64]:
    """Return `TOTALS` of each set: in one compiled loop where possible, else set by set."""
    if lag == 1 and not len(bars.prices) and all(alone(one.breakers) for one in sets):
        return sweep_alone([one.breakers[0] for one in sets], bars, cost=cost)
    todo: Iterable[BreakerSet] = progress_bar(sets, description="breakers")
    return np.array([run_breakers(one.breakers, bars, cost=cost, lag=lag).totals for one in todo])


def _measures(totals: Any, rows: int, periods: float, start: float) -> dict[str, FloatVector]:
    found = dict(zip(TOTALS, np.asarray(totals, dtype=np.float64).T, strict=True))
    mean = found["sum"] / rows
    variance = np.maximum(found["squares"] - rows * mean * mean, 0.0) / max(rows - 1, 1)
    tiny = 1e-24 * found["squares"]
    sharpe = np.divide(mean, np.sqrt(variance), out=np.full(len(mean), np.nan), where=variance > tiny)
    return {
        "final_equity": found["final_equity"] / start, "max_drawdown": found["max_drawdown"],
        "sharpe_ratio": sharpe * periods**0.5, "trips": found["trips"], "time_halted": found["bars_halted"] / rows,
        "turnover": found["moved"],
    }  # fmt: skip


def _unhalted(bars: Bars, periods: float) -> dict[str, FloatVector]:
    """Return the measures of the strategy without breakers."""
    totals = run_breakers((), bars, cost=0.0, lag=1).totals
    return _measures([totals], len(bars.returns), periods, bars.start)
