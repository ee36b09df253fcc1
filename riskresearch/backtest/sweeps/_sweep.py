"""Sweep a sizer over a grid of parameters: every set in an account of its own, then the tests of selection."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.backtest.sweeps._engine import run_sweep
from riskresearch.backtest.sweeps._plan import plan_sizers
from riskresearch.backtest.sweeps._selection import read_settings
from riskresearch.backtest.sweeps._sizer_trials import RANKS
from riskresearch.core._checks import check_choice
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import each_topic_once
from riskresearch.core._seeds import seed_of
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap

if TYPE_CHECKING:
    import numpy as np

    from riskresearch.backtest.sweeps._result import Sweep
    from riskresearch.core._types import Data, NanPolicy


@answers_other_names()
def sweep(
    prices: Data,
    sizer: Callable[..., Any],
    grid: Mapping[str, Iterable[Any]],
    *,
    costs: Any = 0.0,
    assets: Literal["each"] | Mapping[str, Sequence[Any]] | None = None,
    lag: int = 1,
    fill_prices: Data | None = None,
    simulation: Mapping[str, Any] | None = None,
    warm_up: int = 0,
    rank_by: Literal["sharpe_ratio", "annual_return", "max_drawdown"] = "sharpe_ratio",
    selection: bool = True,
    benchmark: float | Data = 0.0,
    scale: Literal["volatility", "none"] = "volatility",
    interval: float | Bootstrap = 0.95,
    blocks: int = 16,
    draws: int = 1000,
    block_length: float | None = None,
    rng: int | np.random.Generator | None = 0,
    n_jobs: int | None = None,
    chunk_size: int | None = None,
    backend: Literal["loky", "threading", "multiprocessing", "dask"] | None = None,
    store: str | os.PathLike[str] | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Sweep:
    """Simulate a sizer with every set of parameters, and test how much of the best result is due to selection.

    Parameters
    ----------
    prices : Series, DataFrame or array
        Positive prices, one column per asset.
    sizer : callable
        `sizer(**parameters)` returns a sizer, or a function of the returns that returns weights decided after each row.
    grid : mapping of str to iterable
        Values of each parameter; every combination is tried.
    costs : float, Costs or mapping
        As in `simulate`; a mapping of names to costs tries each.
    assets : "each" or mapping, optional
        Each column alone, or universes of columns by name; None holds all columns in one account.
    lag, fill_prices, simulation : int, prices and mapping
        As in `simulate`; a mapping of further arguments of it.
    warm_up : int
        Returns at the start that no statistic counts.
    rank_by : {"sharpe_ratio", "annual_return", "max_drawdown"}
        Measure by which the best set is the best.
    selection : bool
        Whether to run the tests of selection (PBO, reality check, SPA) and to give intervals of the best.
    benchmark : float or Series
        Simple return per period that the reality check and the SPA test compare with.
    scale : {"volatility", "none"}
        As in `superior_predictive_ability`: accounts are compared at the benchmark's volatility, or as they are.
    interval : float or Bootstrap
        Confidence of the intervals of the best trial, or how they are made.
    blocks : int
        Of `probability_of_backtest_overfitting`.
    draws, block_length, rng : int, float, and int or Generator
        As in `superior_predictive_ability`. None is the assets' mean automatic length, and the seed of the store, or
        fresh entropy.
    n_jobs : int, optional
        Workers of joblib. No digit depends on it. A set that kills its process is recorded as failed under loky,
        multiprocessing and dask; run here or in threads, it takes the sweep with it.
    chunk_size : int, optional
        Jobs that a worker gets at a time.
    backend : {"loky", "threading", "multiprocessing", "dask"}, optional
        Where the workers are, by default all cores; dask is the cluster of its current client. None is what
        `joblib.parallel_config` has chosen, or this process without `n_jobs`.
    store : path, optional
        Folder of results; given again after a kill, the sweep goes on. Results of other data or code are refused; of a
        sizer's code only itself is looked at, not what it calls.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing prices are an error or passed on to sizers and `simulate`.

    Returns
    -------
    Sweep
        With `deflated_sharpe_ratio`, `probability_of_backtest_overfitting`, `reality_check` and
        `superior_predictive_ability` over all trials. A set that raises an error is recorded with it.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, the grid is empty, the store is another sweep's, or every set failed.

    References
    ----------
    Bailey & Lopez de Prado, J. Portfolio Management 40, 2014; White, Econometrica 68, 2000; Hansen, JBES 23, 2005.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> prices = 100.0 * np.cumprod(1.0 + np.random.default_rng(1).normal(0.0, 0.01, (300, 2)), axis=0)
    >>> constant = lambda share: lambda returns: np.full(returns.shape, share)
    >>> found = riskresearch.sweep(prices, constant, {"share": [-0.5, 0.25, 0.5]}, rng=1)
    >>> found.finished, found.superior_predictive_ability.p_value > 0.05
    (3, True)
    """
    settings = read_settings(selection, blocks, draws, block_length, scale)
    check_choice(rank_by, RANKS, name="rank_by")
    as_settings = as_bootstrap(interval, rng=None)
    with each_topic_once():
        trials = plan_sizers(
            sizer, grid, prices, costs=costs, assets=assets, lag=lag, fill_prices=fill_prices, simulation=simulation,
            warm_up=warm_up, selection=settings, benchmark=benchmark, seed=seed_of(rng),
            periods_per_year=periods_per_year, nan_policy=nan_policy,
        )  # fmt: skip
        return run_sweep(
            trials, rank_by=rank_by, interval=as_settings, any_seed=rng is None, n_jobs=n_jobs, backend=backend,
            chunk_size=chunk_size, store=store,
        )  # fmt: skip
