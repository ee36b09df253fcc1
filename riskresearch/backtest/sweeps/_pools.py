"""Pools that run the jobs of a sweep: processes of this machine, and other backends of joblib than dask.

Each pool recovers from the loss of a worker: it names the jobs that may have ended it and runs each of them alone, so
that a set of parameters that ends its process costs no other set its result.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from riskresearch.backtest.sweeps._trials import Outcome, Trials, run_alone
from riskresearch.core._errors import RiskResearchError
from riskresearch.core.importing._optional import optional_import

PORTIONS_PER_WORKER = 4
"""Number of portions for each worker, so that all workers end at about the same time."""

Portion = tuple[int, ...]


class WorkerLostError(RiskResearchError):
    """A worker process ended while it ran a job."""


class Pool:
    """A backend of joblib that is trusted to keep its workers: threads, or one that this library does not know."""

    def __init__(self, joblib: Any, n_jobs: int | None, workers: int) -> None:
        self._joblib = joblib
        self._n_jobs = n_jobs
        self.workers = workers
        self._journal = ""

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        """Yield the outcomes as they arrive; a backend that cannot do that gets a few portions at a time."""
        tasks = [self._joblib.delayed(run_alone)(trials, portion, self._journal) for portion in portions]
        try:
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1, return_as="generator_unordered")
        except ValueError:  # the backend cannot yield results one by one
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1)
            step = PORTIONS_PER_WORKER * self.workers
            for first in range(0, len(tasks), step):
                yield from map(checked, parallel(tasks[first : first + step]))
            return
        yield from map(checked, parallel(tasks))

    def suspects(self) -> Portion:
        """Return the jobs that may have ended the workers that the last run lost."""
        return ()

    def alone(self, trials: Trials, job: int) -> Outcome:
        """Run one job where it can end nothing but its own process, or raise `WorkerLostError`."""
        return run_alone(trials, (job,))

    def close(self) -> None:
        """Remove the files of the pool."""


class Processes(Pool):
    """Processes of this machine by loky. Each writes the job that it runs to a journal."""

    def __init__(self, joblib: Any, n_jobs: int | None, workers: int) -> None:
        super().__init__(joblib, n_jobs, workers)
        self._journal = tempfile.mkdtemp(prefix="riskresearch-sweep-")

    def suspects(self) -> Portion:
        entries = sorted(Path(self._journal).iterdir())
        jobs = {int(text) for entry in entries if (text := entry.read_text(encoding="ascii")).isdecimal()}
        for entry in entries:
            entry.unlink(missing_ok=True)
        return tuple(sorted(jobs))

    def alone(self, trials: Trials, job: int) -> Outcome:
        loky: Any = optional_import("joblib.externals.loky", extra="parallel", feature=f"n_jobs={self._n_jobs}")
        with loky.ProcessPoolExecutor(max_workers=1) as executor:
            try:
                return checked(executor.submit(run_alone, trials, (job,), self._journal).result())
            except BrokenExecutor as error:
                raise WorkerLostError(_exit_code(error)) from error

    def close(self) -> None:
        shutil.rmtree(self._journal, ignore_errors=True)


class Forks(Processes):
    """Processes by multiprocessing, whose backend in joblib waits for ever for the result of a lost worker."""

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        executor = ProcessPoolExecutor(
            self.workers, multiprocessing.get_context(), initializer=_keep, initargs=(trials, self._journal)
        )
        try:
            for future in as_completed([executor.submit(_run_kept, portion) for portion in portions]):
                yield checked(future.result())
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _exit_code(error: BaseException) -> str:
    found = re.search(r"exit codes? of the workers? (?:is|are) \{(.*?)\}", str(error))
    return f"exit code {found[1]}" if found else type(error).__name__


_kept: list[Any] = []


def _keep(trials: Trials, journal: str) -> None:
    """Keep the trials in a worker for all its jobs; where processes are forked nothing is copied."""
    _kept[:] = trials, journal


def _run_kept(portion: Portion) -> Outcome:
    trials, journal = _kept
    return run_alone(trials, portion, journal)


def checked(outcome: object) -> Outcome:
    """Return the outcome; a backend may hand back the error of a lost portion instead of raising it."""
    if isinstance(outcome, Outcome):
        return outcome
    raise RiskResearchError(f"a worker returned {outcome!r:.200}")
