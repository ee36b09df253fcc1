"""Sweep breakers over a grid of parameters: every set over the same history, the best tested against chance."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.backtest.breakers._backtest_breakers import number_of
from riskresearch.backtest.breakers._bars import read_bars
from riskresearch.backtest.selection._superiority import Benchmark, common_length
from riskresearch.backtest.sweeps._breaker_trials import RANKS, RESERVED, BreakerTrials, make_sets, unhalted_returns
from riskresearch.backtest.sweeps._engine import run_sweep
from riskresearch.backtest.sweeps._grid import check_grid, not_of_parameters
from riskresearch.backtest.sweeps._selection import Selection, check_rows, read_settings
from riskresearch.breakers._periods import warn_of_periods
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import read_numbers
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import TOPICS_OF_DATES, each_topic_once
from riskresearch.core._seeds import seed_of
from riskresearch.kernels.inference._overfitting import block_edges
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from riskresearch.backtest.breakers._bars import Bars
    from riskresearch.backtest.sweeps._result import Sweep
    from riskresearch.backtest.sweeps._selection import SelectionSettings
    from riskresearch.breakers._breaker import Breaker
    from riskresearch.breakers._set import BreakerSet
    from riskresearch.core._types import Data


@answers_other_names()
def sweep_breakers(
    returns: Data | None,
    breakers: Callable[..., Breaker | BreakerSet | Sequence[Breaker]],
    grid: Mapping[str, Iterable[Any]],
    *,
    prices: Data | None = None,
    bar_fields: pd.DataFrame | Mapping[str, Any] | None = None,
    trades: pd.DataFrame | None = None,
    costs: float = 0.0,
    lag: int = 1,
    rank_by: Literal["sharpe_ratio", "final_equity", "max_drawdown"] = "sharpe_ratio",
    selection: bool = True,
    scale: Literal["volatility", "none"] = "volatility",
    interval: float | Bootstrap = 0.95,
    blocks: int = 16,
    draws: int = 1000,
    block_length: float | None = None,
    halt_draws: int = 2000,
    rng: int | np.random.Generator | None = 0,
    n_jobs: int | None = None,
    chunk_size: int | None = None,
    backend: Literal["loky", "threading", "multiprocessing", "dask"] | None = None,
    store: str | os.PathLike[str] | None = None,
    periods_per_year: float | None = None,
) -> Sweep:
    """Run breakers over a history with every set of parameters, and test the best against chance and selection.

    Parameters
    ----------
    returns : Series or array, shape (rows,), or None
        As in `backtest_breakers`.
    breakers : callable
        `breakers(**parameters)` returns a breaker, several, or a set: a class of breakers, or a function.
    grid : mapping of str to iterable
        Values of each parameter; every combination is tried.
    prices, bar_fields, trades, costs, lag : optional
        As in `backtest_breakers`.
    rank_by : {"sharpe_ratio", "final_equity", "max_drawdown"}
        Measure by which the best set is the best.
    selection : bool
        Whether to run the tests of selection (PBO, reality check, SPA) and to give intervals of the best. Without them
        sets of one breaker over returns with a lag of 1 run in one compiled loop, and 1,000 sets of 5,000 bars take
        some ten milliseconds.
    scale, interval, blocks, draws, block_length : optional
        As in `sweep`; the benchmark is the strategy without breakers.
    halt_draws : int
        Random halts that those of the best set are compared with, as the `draws` of `halt_significance`.
    rng : int, Generator or None
        Seed of all draws, so that a second call gives the same; None takes that of the store, or fresh entropy.
    n_jobs, chunk_size, backend, store : optional
        As in `sweep`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.

    Returns
    -------
    Sweep
        With the account of the best set, whose `significance` is corrected for the number of sets. A set that raises
        an error is recorded with it.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, the grid is empty, the store is another sweep's, or every set failed.

    References
    ----------
    Bailey & Lopez de Prado (2014), "The deflated Sharpe ratio", J. Portfolio Management 40.

    Examples
    --------
    >>> from riskresearch.backtest import sweep_breakers
    >>> from riskresearch.breakers import DrawdownBreaker
    >>> returns = [0.02, -0.06, -0.06, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01]
    >>> grid = {"limit": [0.05, 0.1], "cooldown": [1, 2]}
    >>> found = sweep_breakers(returns, DrawdownBreaker, grid, selection=False, rng=1)
    >>> found.best, found.trials["time_halted"].round(2).tolist()
    ({'limit': 0.05, 'cooldown': 1}, [0.09, 0.18, 0.09, 0.18])
    """
    settings = read_settings(selection, blocks, draws, block_length, scale)
    check_choice(rank_by, RANKS, name="rank_by")
    as_settings = as_bootstrap(interval, rng=None)
    wait, cost = check_count(lag, name="lag", minimum=1), number_of(costs)
    if not callable(breakers):
        raise InvalidInputError(not_of_parameters(breakers, name="breakers"))
    named = check_grid(grid, reserved=RESERVED, owner="breakers")
    bars, _ = read_bars(returns, prices, bar_fields, trades=trades)
    made = make_sets(breakers, named, bars)
    warn_of_periods(tuple(one for each in made if not isinstance(each, str) for one in each), bars.dates)
    data = prices if returns is None else returns
    trials = BreakerTrials(
        make=breakers, grid=named, made=made, bars=bars, cost=cost, lag=wait, seed=seed_of(rng),
        labels=read_numbers(data, name="returns")[1],  # type: ignore[arg-type]
        periods=resolve_periods_per_year(periods_per_year, bars.dates),
        selection=None if settings is None else _selection(settings, bars),
        halt_draws=check_count(halt_draws, name="halt_draws", minimum=1),
    )  # fmt: skip
    with each_topic_once(*TOPICS_OF_DATES):  # of the bars, which were checked
        return run_sweep(
            trials, rank_by=rank_by, interval=as_settings, any_seed=rng is None, n_jobs=n_jobs, backend=backend,
            chunk_size=chunk_size, store=store,
        )  # fmt: skip


def _selection(settings: SelectionSettings, bars: Bars) -> Selection:
    """Return the strategy without breakers as the benchmark, with the blocks and draws of the trials."""
    plain = unhalted_returns(bars)
    check_rows(plain.size, settings.blocks, names="returns")
    compared = Benchmark(plain, "the strategy without breakers", settings.scale == "volatility")
    length = settings.block_length or common_length(plain[:, None])
    return Selection(compared, block_edges(plain.size, settings.blocks), settings.draws, float(length))
