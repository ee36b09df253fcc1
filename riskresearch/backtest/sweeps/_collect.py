"""Gather the outcomes of a sweep, and make its result of them. What is kept for a trial is a row of numbers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.selection._overfitting import BacktestOverfitting, sharpe_overfitting
from riskresearch.backtest.selection._superiority import HANSEN, WHITE, SuperiorityTest, superiority_result
from riskresearch.backtest.sweeps._result import Sweep
from riskresearch.backtest.sweeps._trials import MAXIMA, MEASURES, TESTS, Trials, like, number_names
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.kernels import _ratios
from riskresearch.metrics._drawdowns import max_drawdown
from riskresearch.metrics._ratios import sharpe_ratio
from riskresearch.metrics._returns import annual_return
from riskresearch.metrics._shape import volatility
from riskresearch.metrics.inference._sharpe_inference import deflated_sharpe_ratio

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.backtest.sweeps._trials import Outcome
    from riskresearch.core._types import FloatVector
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._interval import Interval

REPEATED = 1e-9
"""How near the best trial has to come to itself when it is run again; another machine may round otherwise."""


class TrialCollector:
    """The numbers of the trials so far, in any order of arrival, and the maxima over all of them."""

    def __init__(self, trials: Trials) -> None:
        count = trials.jobs * len(trials.costs)
        self.trials = trials
        self.numbers = np.full((count, len(number_names(trials.edges.size - 1))), np.nan)
        self.errors = [""] * count
        self.done = np.zeros(count, dtype=bool)
        self.maxima = np.full((len(MAXIMA), trials.draws), -np.inf)

    def add(self, outcome: Outcome) -> None:
        """Take in an outcome; one that is there already changes nothing."""
        self.numbers[outcome.trial] = outcome.numbers
        for trial, error in zip(outcome.trial.tolist(), outcome.errors, strict=True):
            self.errors[trial] = error
        self.done[outcome.trial] = True
        self.maxima = np.maximum(self.maxima, outcome.maxima)

    def pending(self) -> list[int]:
        """Return the jobs that have no outcome yet."""
        by_job = self.done.reshape(self.trials.jobs, len(self.trials.costs)).all(axis=1)
        return [int(job) for job in np.flatnonzero(~by_job)]

    def finished(self) -> list[int]:
        """Return the trials that gave a result."""
        found = [trial for trial, error in enumerate(self.errors) if not error]
        if not found:
            raise InvalidInputError(
                f"sizer must work for at least one set of the grid, but each of the {len(self.errors):,} trials "
                f"failed, the first with {self.errors[0]}"
            )
        return found

    def column(self, name: str) -> FloatVector:
        """Return one of the numbers for every trial."""
        column: FloatVector = self.numbers[:, number_names(self.trials.edges.size - 1).index(name)]
        return column


def result_of(gathered: TrialCollector, confidence: Bootstrap, seed: int) -> Sweep:
    """Return the result; the best trial is run again for its returns."""
    trials, finished = gathered.trials, gathered.finished()
    sharpe = gathered.column("sharpe_ratio")
    ranked = np.where(np.isnan(sharpe), -np.inf, sharpe)
    best = max(finished, key=lambda trial: (ranked[trial], -trial))
    returns = trials.returns_of(best)
    again = _ratios.sharpe(returns[:, None], np.zeros(returns.size), trials.periods)[0]
    if not np.isclose(again, sharpe[best], rtol=REPEATED, atol=REPEATED, equal_nan=True):
        raise RiskResearchError(
            f"trial {best} ({trials.parameters(best)}) had a Sharpe ratio of {sharpe[best]:.17g}, but {again:.17g} "
            "when it is run again: the sizer must repeat its weights for the same returns. Seed what is random in it."
        )
    return Sweep(
        trials=_table(gathered),
        parameters=tuple(name for name, _ in trials.grid),
        best=trials.parameters(best),
        best_trial=best,
        best_returns=_labelled(trials, returns),
        deflated_sharpe_ratio=_deflated(sharpe[finished], returns, trials.periods),
        overfitting=_overfitting(gathered, finished),
        reality_check=_superiority(gathered, finished, seed, WHITE),
        superior_predictive_ability=_superiority(gathered, finished, seed, HANSEN),
        intervals=_intervals(_labelled(trials, returns), trials.periods, confidence, seed),
        periods_per_year=trials.periods,
        observations=returns.size,
    )


def _table(gathered: TrialCollector) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    trials, count = gathered.trials, len(gathered.errors)
    sets = [trials.parameters(trial) for trial in range(count)]
    columns: dict[str, Any] = {name: [each[name] for each in sets] for name, _ in trials.grid}
    if len(trials.universes) > 1:
        columns["assets"] = [trials.universe(trial)[0] for trial in range(count)]
    if len(trials.costs) > 1:
        columns["costs"] = [trials.cost(trial)[0] for trial in range(count)]
    columns |= {name: gathered.column(name) for name in MEASURES}
    columns["error"] = gathered.errors
    return pd.DataFrame(columns, index=pd.RangeIndex(count, name="trial"))


def _labelled(trials: Trials, returns: FloatVector) -> Any:
    """Return one account's returns with the dates of the prices, where they have dates."""
    if not hasattr(trials.returns, "index"):
        return returns
    return like(
        returns,
        trials.returns.iloc[trials.warm_up :, 0] if trials.returns.ndim == 2 else trials.returns[trials.warm_up :],
    )


def _deflated(sharpe: FloatVector, returns: FloatVector, periods: float) -> float:
    known = sharpe[~np.isnan(sharpe)]
    spread = float(np.var(known, ddof=1)) if known.size > 1 else 0.0
    found = deflated_sharpe_ratio(returns, trials=sharpe.size, trial_variance=spread, periods_per_year=periods)
    return float(found)


def _overfitting(gathered: TrialCollector, finished: list[int]) -> BacktestOverfitting | None:
    if len(finished) < 2:
        return None
    trials = gathered.trials
    blocks = trials.edges.size - 1
    sums = gathered.numbers[finished, len(MEASURES) + len(TESTS) :].reshape(len(finished), 2, blocks)
    names = tuple(str(trial) for trial in finished)
    return sharpe_overfitting(np.ascontiguousarray(sums.transpose(1, 2, 0)), trials.edges, names, trials.periods)


def _superiority(gathered: TrialCollector, finished: list[int], seed: int, test: str) -> SuperiorityTest:
    trials, studentized = gathered.trials, test == HANSEN
    statistics = gathered.column("spa_statistic" if studentized else "reality_statistic")
    best = max(finished, key=lambda trial: (statistics[trial], -trial))
    maxima = gathered.maxima[:3] if studentized else np.tile(gathered.maxima[3], (3, 1))
    return superiority_result(
        test,
        float(statistics[best]),
        maxima,
        str(best) if statistics[best] > 0.0 else "",
        len(finished),
        trials.against,
        trials.length,
        seed,
        studentized=studentized,
    )


def _intervals(returns: Any, periods: float, confidence: Bootstrap, seed: int) -> tuple[Interval, ...]:
    """Return the intervals of the best trial's measures, from draws that start from the sweep's seed unless told."""
    settings = confidence if confidence.rng is not None else dataclasses.replace(confidence, rng=seed)
    return (
        sharpe_ratio(returns, periods_per_year=periods, interval=settings),
        annual_return(returns, periods_per_year=periods, interval=settings),
        volatility(returns, periods_per_year=periods, interval=settings),
        max_drawdown(returns, interval=settings),
    )
