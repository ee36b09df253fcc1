"""Collect the outcomes of the trials in any order of arrival, and make the result of the sweep of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.sweeps._result import LESS_IS_BETTER, Sweep
from riskresearch.backtest.sweeps._selection import MAXIMA
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.metrics._drawdowns import max_drawdown
from riskresearch.metrics._ratios import sharpe_ratio
from riskresearch.metrics._returns import annual_return
from riskresearch.metrics._shape import volatility
from riskresearch.metrics.inference._sharpe_inference import deflated_sharpe_ratio

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.backtest.sweeps._trials import Outcome, Trials
    from riskresearch.core._types import FloatVector
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._interval import Interval

REPEATED = 1e-9
"""Largest difference between two runs of the best trial; another machine may round differently."""


class TrialCollector:
    """The numbers of the trials so far, and the maxima over all of them."""

    def __init__(self, trials: Trials) -> None:
        count = trials.jobs * trials.per_job
        self.trials = trials
        self.numbers = np.full((count, len(trials.columns)), np.nan)
        self.errors = [""] * count
        self.done = np.zeros(count, dtype=bool)
        self.maxima = np.full((len(MAXIMA), trials.draws), -np.inf)

    def add(self, outcome: Outcome) -> None:
        """Add an outcome; one that is there already changes nothing."""
        self.numbers[outcome.trial] = outcome.numbers
        for trial, error in zip(outcome.trial.tolist(), outcome.errors, strict=True):
            self.errors[trial] = error
        self.done[outcome.trial] = True
        self.maxima = np.maximum(self.maxima, outcome.maxima)

    def pending(self) -> list[int]:
        """Return the jobs that have no outcome yet."""
        by_job = self.done.reshape(self.trials.jobs, self.trials.per_job).all(axis=1)
        return [int(job) for job in np.flatnonzero(~by_job)]

    def finished(self) -> list[int]:
        """Return the trials that gave a result."""
        found = [trial for trial, error in enumerate(self.errors) if not error]
        if not found:
            raise InvalidInputError(
                f"{self.trials.owner} must work for at least one set of the grid, but each of the "
                f"{len(self.errors):,} trials failed, the first with {self.errors[0]}"
            )
        return found

    def column(self, name: str) -> FloatVector:
        """Return one of the numbers for every trial."""
        column: FloatVector = self.numbers[:, self.trials.columns.index(name)]
        return column

    def best(self, rank_by: str) -> int:
        """Return the best of the finished trials, the first of equals."""
        values = self.column(rank_by) * (-1.0 if rank_by in LESS_IS_BETTER else 1.0)
        ranked = np.where(np.isnan(values), -np.inf, values)
        return max(self.finished(), key=lambda trial: (ranked[trial], -trial))


def result_of(collector: TrialCollector, rank_by: str, interval: Bootstrap) -> Sweep:
    """Return the result; the best trial is run again for its account."""
    trials, finished, chosen = collector.trials, collector.finished(), collector.trials.selection
    sharpe, best = collector.column("sharpe_ratio"), collector.best(rank_by)
    again = trials.repeat(best, tried=len(finished), confidence=interval.confidence)
    if not np.isclose(again.sharpe_ratio, sharpe[best], rtol=REPEATED, atol=REPEATED, equal_nan=True):
        raise RiskResearchError(
            f"trial {best} ({trials.parameters(best)}) had a Sharpe ratio of {sharpe[best]:.17g}, but "
            f"{again.sharpe_ratio:.17g} when it is run again: the sizer must repeat its weights for the same returns. "
            "Seed what is random in it."
        )
    known = sharpe[finished][~np.isnan(sharpe[finished])]
    variance = float(np.var(known, ddof=1)) if known.size > 1 else 0.0
    numbers = collector.numbers[:, len(trials.measures) :]
    overfitting = reality = superior = None
    if chosen is not None:
        overfitting = chosen.overfitting(numbers, finished, trials.periods)
        reality, superior = chosen.tests(numbers, collector.maxima, finished, trials.seed)
    deflated = deflated_sharpe_ratio(
        again.returns, trials=len(finished), trial_variance=variance, periods_per_year=trials.periods
    )
    return Sweep(
        trials=_table(collector),
        grid=dict(trials.grid),
        measures=trials.measures,
        rank_by=rank_by,
        best=trials.parameters(best),
        best_trial=best,
        best_backtest=again.backtest,
        best_returns=again.labelled,
        deflated_sharpe_ratio=float(deflated),
        overfitting=overfitting,
        reality_check=reality,
        superior_predictive_ability=superior,
        intervals=() if chosen is None else _intervals(again.returns, trials.periods, interval, trials.seed),
        unhalted=trials.unhalted(tried=len(finished), trial_variance=variance),
        periods_per_year=trials.periods,
        observations=again.returns.size,
    )


def _table(collector: TrialCollector) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    trials, count = collector.trials, len(collector.errors)
    rows = [{**trials.parameters(trial), **trials.axes(trial)} for trial in range(count)]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    columns |= {name: collector.column(name) for name in trials.measures}
    columns["error"] = collector.errors
    return pd.DataFrame(columns, index=pd.RangeIndex(count, name="trial"))


def _intervals(returns: FloatVector, periods: float, interval: Bootstrap, seed: int) -> tuple[Interval, ...]:
    """Return the intervals of the best trial's measures, from draws that start from the sweep's seed unless told."""
    settings = interval if interval.rng is not None else dataclasses.replace(interval, rng=seed)
    return (
        sharpe_ratio(returns, periods_per_year=periods, interval=settings),
        annual_return(returns, periods_per_year=periods, interval=settings),
        volatility(returns, periods_per_year=periods, interval=settings),
        max_drawdown(returns, interval=settings),
    )
