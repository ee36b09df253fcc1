"""Sweep a grid of parameters: every set in an account of its own, then how much of the best is selection."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.backtest.selection._overfitting import check_blocks
from riskresearch.backtest.sweeps._collect import TrialCollector, result_of
from riskresearch.backtest.sweeps._fingerprint import fingerprint, library_fingerprint
from riskresearch.backtest.sweeps._plan import plan_trials
from riskresearch.backtest.sweeps._run import outcomes_of
from riskresearch.backtest.sweeps._store import ResultStore
from riskresearch.backtest.sweeps._trials import Trials, number_names, shared_counts
from riskresearch.core._checks import check_count
from riskresearch.core._progress import progress_bar
from riskresearch.metrics.inference._bootstrap import FEWEST_DRAWS, Bootstrap, as_bootstrap

if TYPE_CHECKING:
    import numpy as np

    from riskresearch.backtest.sweeps._result import Sweep
    from riskresearch.backtest.sweeps._trials import Outcome
    from riskresearch.core._types import Data, NanPolicy


def sweep(
    sizer: Callable[..., Any],
    grid: Mapping[str, Iterable[Any]],
    prices: Data,
    *,
    costs: Any = 0.0,
    assets: Literal["each"] | Mapping[str, Sequence[Any]] | None = None,
    lag: int = 1,
    fill_prices: Data | None = None,
    simulation: Mapping[str, Any] | None = None,
    warm_up: int = 0,
    benchmark: float | Data = 0.0,
    scale: Literal["volatility", "none"] = "volatility",
    n_jobs: int | None = None,
    chunk_size: int | None = None,
    store: str | os.PathLike[str] | None = None,
    confidence: float | Bootstrap = 0.95,
    blocks: int = 16,
    draws: int = 1000,
    block_length: float | None = None,
    rng: int | np.random.Generator | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Sweep:
    """Simulate every set of parameters, and say how much of the best one's result is selection.

    Parameters
    ----------
    sizer : callable
        `sizer(**parameters)` gives a sizer, or a function of the returns that gives weights decided after each row.
    grid : mapping
        Values of each parameter; every combination is tried.
    prices : Series, DataFrame or array
        Positive prices, one column per asset.
    costs : float, Costs or mapping
        As in `simulate`; a mapping of names to costs tries each.
    assets : "each" or mapping, optional
        Each column alone, or universes of columns by name; None holds all columns in one account.
    lag, fill_prices, simulation : int, prices and mapping
        As in `simulate`; a mapping of further arguments of it.
    warm_up : int
        Returns at the start that no statistic counts.
    benchmark : float or Series
        Simple return per period that the reality check and the SPA test compare with.
    scale : {"volatility", "none"}
        As in `superior_predictive_ability`: accounts are compared at the benchmark's volatility, or as they are.
    n_jobs, chunk_size : int, optional
        Workers of joblib, and jobs that one gets at a time. `joblib.parallel_config` chooses loky, threading, dask or
        ray. No digit depends on any of it. A set that kills its process is recorded as failed under loky,
        multiprocessing and dask; run here or in threads, the default, it takes the sweep with it.
    store : path, optional
        Folder of results; given again after a kill, the sweep goes on. Results of other data or code are refused; of a
        sizer's code only itself is looked at, not what it calls.
    confidence : float or Bootstrap
        Of the intervals of the best trial.
    blocks : int
        Of `probability_of_backtest_overfitting`.
    draws, block_length, rng : int, float, and int or Generator
        As in `superior_predictive_ability`; None is the assets' mean automatic length, and fresh entropy.
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
    >>> found = riskresearch.sweep(constant, {"share": [-0.5, 0.25, 0.5]}, prices, rng=1)
    >>> found.finished, found.superior_predictive_ability.p_value > 0.05
    (3, True)
    """
    count, as_settings = check_count(draws, name="draws", minimum=FEWEST_DRAWS), as_bootstrap(confidence)
    if chunk_size is not None:
        check_count(chunk_size, name="chunk_size", minimum=1)
    held = None if store is None else ResultStore(store, number_names(check_blocks(blocks)))
    seed = Bootstrap(draws=count, block_length=block_length, rng=rng).seed()
    trials = plan_trials(
        sizer, grid, prices, costs=costs, assets=assets, lag=lag, fill_prices=fill_prices, simulation=simulation,
        warm_up=warm_up, benchmark=benchmark, scale=scale, blocks=check_blocks(blocks), draws=count,
        block_length=block_length, seed=seed, periods_per_year=periods_per_year, nan_policy=nan_policy,
    )  # fmt: skip
    if held is not None:
        trials = _claimed(held, trials, any_seed=rng is None)
    gathered = TrialCollector(trials)
    for outcome in () if held is None else held.load():
        gathered.add(outcome)
    pending = gathered.pending()
    done = _jobs_done(outcomes_of(trials, pending, n_jobs, chunk_size), gathered, held)
    for _ in progress_bar(done, description="sweep", total=len(pending)):
        pass
    shared_counts.cache_clear()
    return result_of(gathered, as_settings, trials.seed)


def _claimed(held: ResultStore, trials: Trials, *, any_seed: bool) -> Trials:
    """Return the trials as the store has or now gets them: where the seed is free, with the seed of the store."""
    held.claim_new(_identity(trials), trials.seed, _readable(trials))
    if any_seed:
        trials = dataclasses.replace(trials, seed=held.seed())
    held.check(_identity(trials))
    return trials


def _jobs_done(outcomes: Iterator[Outcome], gathered: TrialCollector, held: ResultStore | None) -> Iterator[None]:
    """Keep the outcomes as they come, and yield once for each job."""
    for outcome in outcomes:
        if held is not None:
            held.save(outcome)
        gathered.add(outcome)
        yield from [None] * len(outcome.seconds)


def _identity(trials: Trials) -> dict[str, str]:
    """Return what a stored result depends on, by the word that a refusal names."""
    settings = (
        trials.lag, trials.simulation, trials.warm_up, trials.periods, trials.edges, trials.draws, trials.seed,
    )  # fmt: skip
    return {
        "version of riskresearch": library_fingerprint(),
        "code of the sizer": fingerprint(trials.make, name="sizer"),
        "grid": fingerprint(trials.grid, name="grid"),
        "data": fingerprint((trials.prices, trials.fill_prices, trials.against, trials.length), name="prices"),
        "choice of assets": fingerprint(trials.universes, name="assets"),
        "set of costs": fingerprint(trials.costs, name="costs"),
        "setting": fingerprint(settings, name="simulation"),
    }


def _readable(trials: Trials) -> dict[str, Any]:
    """Return what tells a reader of the store which trial has which number."""
    return {
        "order": ["parameters (the last varies fastest)", "assets", "costs"],
        "grid": {name: [repr(value) for value in values] for name, values in trials.grid},
        "assets": [name for name, _ in trials.universes],
        "costs": [name or repr(costs) for name, costs in trials.costs],
    }
