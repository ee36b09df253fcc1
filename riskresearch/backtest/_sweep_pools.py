"""Where the jobs of a sweep run: in processes of this machine, on a dask cluster, or by another backend of joblib.

Each place answers for the workers that it loses: it names the jobs that may have ended one, and runs such a job by
itself, so that what a set of parameters does to its process costs no other set its result.
"""

from __future__ import annotations

import multiprocessing
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from riskresearch.backtest._sweep_trials import Outcome, Trials, run_alone
from riskresearch.core._errors import RiskResearchError
from riskresearch.core._optional import optional_import

PORTIONS_PER_WORKER = 4
"""At least so many, that all workers end at about the same time."""
NO_WORKER_SECONDS = 10.0
"""How long a cluster that has no worker is waited for before what ran there is taken for lost."""

SENT_ONCE_BYTES = 1_000

Portion = tuple[int, ...]


class WorkerLostError(RiskResearchError):
    """A worker process ended while it ran a job."""


def pool_of(n_jobs: int | None) -> Pool | None:
    """Return what runs jobs elsewhere; None to run them here, where nobody has asked for workers."""
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


class Pool:
    """A backend of joblib that is trusted to keep its workers: threads, or one that this library does not know."""

    def __init__(self, joblib: Any, n_jobs: int | None, workers: int) -> None:
        self._joblib = joblib
        self._n_jobs = n_jobs
        self.workers = workers
        self._journal = ""

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        """Yield the outcomes as they come; a backend that can't do that gets a few portions at a time."""
        tasks = [self._joblib.delayed(run_alone)(trials, portion, self._journal) for portion in portions]
        try:
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1, return_as="generator_unordered")
        except ValueError:  # not every backend can
            parallel = self._joblib.Parallel(n_jobs=self._n_jobs, batch_size=1)
            step = PORTIONS_PER_WORKER * self.workers
            for first in range(0, len(tasks), step):
                yield from map(_checked, parallel(tasks[first : first + step]))
            return
        yield from map(_checked, parallel(tasks))

    def suspects(self) -> Portion:
        """Return the jobs that may have ended the workers that the last run lost."""
        return ()

    def alone(self, trials: Trials, job: int) -> Outcome:
        """Run one job where it can end nothing but its own process, or raise `WorkerLostError`."""
        return run_alone(trials, (job,))

    def close(self) -> None:
        """Remove what the pool has on disk."""


class Processes(Pool):
    """Processes of this machine by loky. Each writes down the job that it is at."""

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
                return _checked(executor.submit(run_alone, trials, (job,), self._journal).result())
            except BrokenExecutor as error:
                raise WorkerLostError(_exit_code(error)) from error

    def close(self) -> None:
        shutil.rmtree(self._journal, ignore_errors=True)


class Forks(Processes):
    """Processes by multiprocessing. joblib's own backend waits for ever for the result of a worker that is gone."""

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        executor = ProcessPoolExecutor(
            self.workers, multiprocessing.get_context(), initializer=_keep, initargs=(trials, self._journal)
        )
        try:
            for future in as_completed([executor.submit(_run_kept, portion) for portion in portions]):
                yield _checked(future.result())
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


class Cluster(Pool):
    """A dask cluster, asked directly: under joblib a task whose workers were killed has no end."""

    def __init__(self, joblib: Any, n_jobs: int | None, workers: int, client: Any) -> None:
        super().__init__(joblib, n_jobs, workers)
        self._client = client
        self._lost: list[int] = []

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        distributed: Any = optional_import("distributed", extra="dask", feature="the dask backend")
        sent = self._sent(trials)
        futures = {self._client.submit(run_alone, sent, portion, pure=False): portion for portion in portions}
        lost: BaseException | None = None
        try:
            for future in distributed.as_completed(list(futures)):
                if future.status == "lost" and sent is trials:
                    self._end_of(future)  # nothing that the set needs is gone: dask runs it once more by itself
                if future.status == "finished":
                    yield _checked(future.result())
                else:
                    lost = _reason(future)
                    self._lost += futures[future] if _is_killed(lost) else ()
        finally:
            self._client.cancel(list(futures))
        if lost is not None:
            raise lost

    def suspects(self) -> Portion:
        jobs, self._lost = tuple(sorted(self._lost)), []
        return jobs

    def alone(self, trials: Trials, job: int) -> Outcome:
        future = self._client.submit(run_alone, self._sent(trials), (job,), pure=False)
        error = self._end_of(future)
        if error is None:
            return _checked(future.result())
        if _is_killed(error):
            raise WorkerLostError("killed on each worker that the cluster tried") from error
        raise error

    def _end_of(self, future: Any) -> BaseException | None:
        """Wait for the end of a future; a cluster without a worker would never answer."""
        while True:
            try:
                error: BaseException | None = future.exception(timeout=NO_WORKER_SECONDS)
            except TimeoutError:
                if not self._client.scheduler_info()["workers"]:
                    self._client.cancel([future])
                    raise WorkerLostError("the cluster has no worker left") from None
            else:
                return error

    def _sent(self, trials: Trials) -> Any:
        """Return the trials, or where their data are large a promise of them that is sent to the cluster once."""
        if sys.getsizeof(trials) <= SENT_ONCE_BYTES:
            return trials
        return self._client.scatter(trials, hash=False)


def _reason(future: Any) -> BaseException:
    """Return why a future of dask has no result; one whose data are lost is cancelled and holds no error."""
    if future.status == "error":
        error: BaseException = future.exception()
        return error
    return WorkerLostError(f"its data were lost with a worker ({future.status})")


def _is_killed(error: BaseException) -> bool:
    return type(error).__name__ == "KilledWorker"


def _exit_code(error: BaseException) -> str:
    found = re.search(r"exit codes? of the workers? (?:is|are) \{(.*?)\}", str(error))
    return f"exit code {found[1]}" if found else type(error).__name__


_kept: list[Any] = []


def _keep(trials: Trials, journal: str) -> None:
    """Keep in a worker what all its jobs need; where processes are forked nothing is copied for it."""
    _kept[:] = trials, journal


def _run_kept(portion: Portion) -> Outcome:
    trials, journal = _kept
    return run_alone(trials, portion, journal)


def _checked(outcome: object) -> Outcome:
    """Return the outcome; a backend may hand back the error of a lost portion instead of raising it."""
    if isinstance(outcome, Outcome):
        return outcome
    raise RiskResearchError(f"a worker returned {outcome!r:.200}")
