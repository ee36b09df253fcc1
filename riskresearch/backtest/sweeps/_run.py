"""Run the jobs of a sweep in portions, in this process or by joblib, until each has an outcome."""

from __future__ import annotations

import contextlib
import math
import statistics
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from riskresearch.backtest.sweeps._dask import Cluster, NoWorkerError
from riskresearch.backtest.sweeps._pools import (
    PORTIONS_PER_WORKER,
    Forks,
    Pool,
    Portion,
    Processes,
    WorkerLostError,
)
from riskresearch.backtest.sweeps._trials import Outcome, Trials
from riskresearch.core._errors import RiskResearchError, RiskResearchWarning
from riskresearch.core._plausibility import warn_user
from riskresearch.core.importing._optional import optional_import

SECONDS_OF_A_PORTION = 0.5
MOST_JOBS_AT_ONCE = 256
FRUITLESS_ROUNDS = 3
TRIES_ALONE = 2
"""Number of times that a job that may have ended a worker is run alone before its set is recorded as failed."""


def outcomes_of(trials: Trials, jobs: Sequence[int], n_jobs: int | None, chunk_size: int | None) -> Iterator[Outcome]:
    """Yield the outcomes of all jobs, in portions and in any order.

    The first portions are single jobs, which show how long one takes. After the loss of a worker, the jobs that may
    have ended it are run one at a time, each in a process of its own; a job that ends that process too is recorded as
    failed, and the others go on. An error that a job raises is an outcome.
    """
    pool = pool_of(n_jobs)
    with contextlib.closing(pool) if pool is not None else contextlib.nullcontext():
        yield from _outcomes(trials, jobs, pool, chunk_size)


def pool_of(n_jobs: int | None) -> Pool | None:
    """Return the pool of workers; None runs the jobs in this process, where no workers were asked for."""
    asked = n_jobs not in (None, 1)
    if not asked and "joblib" not in sys.modules:
        return None
    joblib: Any = optional_import("joblib", extra="parallel", feature=f"n_jobs={n_jobs}", minimum_version="1.4")
    backend = joblib.parallel.get_active_backend()[0]
    workers = max(1, int(joblib.effective_n_jobs(n_jobs)))
    if type(backend).__name__ == "DaskDistributedBackend":
        return Cluster(joblib, n_jobs, workers, backend.client)
    if workers > 1 and isinstance(backend, joblib.parallel.MultiprocessingBackend):
        return Forks(joblib, n_jobs, workers)
    if workers > 1 and isinstance(backend, joblib.parallel.LokyBackend):
        return Processes(joblib, n_jobs, workers)
    return Pool(joblib, n_jobs, workers)


def _outcomes(trials: Trials, jobs: Sequence[int], pool: Pool | None, chunk_size: int | None) -> Iterator[Outcome]:
    pending = dict.fromkeys(jobs)
    suspects: Portion = ()
    seconds: list[float] = []
    fruitless = 0
    while pending:
        before = len(pending)
        try:
            for outcome in _round(trials, tuple(pending), suspects, pool, chunk_size, seconds):
                seconds.extend(outcome.seconds)
                for trial in outcome.trial.tolist():
                    pending.pop(trial // trials.per_job, None)
                yield outcome
            suspects = ()
        except Exception as error:
            if pool is None:
                raise
            if isinstance(error, NoWorkerError):
                raise _stopped("the sweep stops", error, len(pending)) from error
            fruitless = 0 if len(pending) < before else fruitless + 1
            suspects = tuple(job for job in pool.suspects() if job in pending)
            _lost(error, len(pending), fruitless)


def _round(
    trials: Trials,
    pending: Portion,
    suspects: Portion,
    pool: Pool | None,
    chunk_size: int | None,
    seconds: list[float],
) -> Iterator[Outcome]:
    """Yield the outcomes of the suspects, if there are any, else of the pending jobs."""
    if pool is not None and suspects:
        for job in suspects:
            yield _alone(pool, trials, job)
        return
    workers = 1 if pool is None else pool.workers
    if trials.runs_together and chunk_size is None:
        chunk_size = math.ceil(len(pending) / workers)
    portions = _portions(pending, workers, chunk_size, statistics.median(seconds) if seconds else None)
    yield from map(trials, portions) if pool is None else pool.run(trials, portions)


def _alone(pool: Pool, trials: Trials, job: int) -> Outcome:
    """Return the outcome of a job that may have ended its worker; one that does so again is a failed trial."""
    for attempt in range(1, TRIES_ALONE + 1):
        try:
            return pool.alone(trials, job)
        except WorkerLostError as error:
            if attempt == TRIES_ALONE:
                text = f"{error}, first beside others, then {TRIES_ALONE} times in a process of its own"
                return trials.failed(job, f"WorkerLostError: it ended its worker process ({text})")
    raise AssertionError("TRIES_ALONE is at least 1")


def _lost(error: Exception, pending: int, fruitless: int) -> None:
    if fruitless >= FRUITLESS_ROUNDS:
        raise _stopped(f"the workers failed {FRUITLESS_ROUNDS} times without a result", error, pending) from error
    warn_user(
        f"a worker was lost ({type(error).__name__}: {error}); {pending:,} jobs without a result are run again. Rounds "
        f"in a row without any result: {fruitless} of {FRUITLESS_ROUNDS}.",
        RiskResearchWarning,
    )


def _stopped(what: str, error: Exception, pending: int) -> RiskResearchError:
    return RiskResearchError(
        f"{what}, {pending:,} jobs are left: {type(error).__name__}: {error}. Results that a store has are kept."
    )


def _portions(pending: Portion, workers: int, chunk_size: int | None, seconds: float | None) -> list[Portion]:
    """Return the next portions: single jobs at first, then portions of `SECONDS_OF_A_PORTION`."""
    if chunk_size is not None:
        size = chunk_size
    elif seconds is None:
        return [(job,) for job in pending[:workers]]
    else:
        even = math.ceil(len(pending) / (PORTIONS_PER_WORKER * workers))
        size = max(1, min(even, MOST_JOBS_AT_ONCE, int(SECONDS_OF_A_PORTION / max(seconds, 1e-9))))
    return [pending[first : first + size] for first in range(0, len(pending), size)]
