"""Run the jobs of a sweep in portions, here or by joblib, until each has an outcome."""

from __future__ import annotations

import math
import statistics
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from riskresearch.backtest._sweep_trials import Outcome, Trials, run_alone
from riskresearch.core._errors import RiskResearchError, RiskResearchWarning
from riskresearch.core._optional import optional_import

SECONDS_OF_A_PORTION = 0.5
PORTIONS_PER_WORKER = 4
"""At least so many, that all workers end at about the same time."""
MOST_JOBS_AT_ONCE = 256
FRUITLESS_ROUNDS = 3

Portion = tuple[int, ...]


def outcomes_of(trials: Trials, jobs: Sequence[int], n_jobs: int | None, chunk_size: int | None) -> Iterator[Outcome]:
    """Yield the outcome of every job, in portions of jobs in any order.

    The first portions are single jobs, which show how long one takes. A portion that is lost with its worker, and
    that the backend does not run again itself, is run again; an error that comes from a job is an outcome.
    """
    pool = _pool(n_jobs)
    workers = 1 if pool is None else pool.workers()
    pending = dict.fromkeys(jobs)
    seconds: list[float] = []
    fruitless = 0
    while pending:
        portions = _portions(tuple(pending), workers, chunk_size, statistics.median(seconds) if seconds else None)
        before = len(pending)
        try:
            for outcome in map(trials, portions) if pool is None else pool.run(trials, portions):
                seconds.extend(outcome.seconds)
                for trial in outcome.trial.tolist():
                    pending.pop(trial // len(trials.costs), None)
                yield outcome
        except Exception as error:
            fruitless = 0 if len(pending) < before else fruitless + 1
            if pool is None:
                raise
            _lost(error, len(pending), fruitless)


def _lost(error: Exception, pending: int, fruitless: int) -> None:
    if fruitless >= FRUITLESS_ROUNDS:
        raise RiskResearchError(
            f"the workers failed {FRUITLESS_ROUNDS} times without a result, {pending:,} jobs are left: "
            f"{type(error).__name__}: {error}. Results that a store has are kept."
        ) from error
    warnings.warn(
        f"a worker was lost ({type(error).__name__}: {error}); {pending:,} jobs without a result are run again.",
        RiskResearchWarning,
        stacklevel=5,
    )


def _portions(pending: Portion, workers: int, chunk_size: int | None, seconds: float | None) -> list[Portion]:
    """Return what to run next: single jobs at first, then portions of `SECONDS_OF_A_PORTION`."""
    if chunk_size is not None:
        size = chunk_size
    elif seconds is None:
        return [(job,) for job in pending[:workers]]
    else:
        even = math.ceil(len(pending) / (PORTIONS_PER_WORKER * workers))
        size = max(1, min(even, MOST_JOBS_AT_ONCE, int(SECONDS_OF_A_PORTION / max(seconds, 1e-9))))
    return [pending[first : first + size] for first in range(0, len(pending), size)]


def _pool(n_jobs: int | None) -> _Pool | None:
    """Return what runs jobs elsewhere; None to run them here, where nobody has asked for workers."""
    asked = n_jobs not in (None, 1)
    if not asked and "joblib" not in sys.modules:
        return None
    return _Pool(n_jobs)


class _Pool:
    """joblib with its backend of the moment: loky, threading, dask, ray or another one."""

    def __init__(self, n_jobs: int | None) -> None:
        feature = f"n_jobs={n_jobs}"
        self._joblib: Any = optional_import("joblib", extra="parallel", feature=feature, minimum_version="1.4")
        self._n_jobs = n_jobs

    def workers(self) -> int:
        """Return how many jobs run at a time."""
        return max(1, int(self._joblib.effective_n_jobs(self._n_jobs)))

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        """Yield the outcomes as they come; a backend that can't do that gets a few portions at a time."""
        tasks = [self._joblib.delayed(run_alone)(trials, portion) for portion in portions]
        try:
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1, return_as="generator_unordered")
        except ValueError:  # not every backend can
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1)
            step = PORTIONS_PER_WORKER * self.workers()
            for first in range(0, len(tasks), step):
                yield from map(_checked, parallel(tasks[first : first + step]))
            return
        yield from map(_checked, parallel(tasks))


def _checked(outcome: object) -> Outcome:
    """Return the outcome; a backend may hand back the error of a lost portion instead of raising it."""
    if isinstance(outcome, Outcome):
        return outcome
    raise RiskResearchError(f"a worker returned {outcome!r:.200}")
