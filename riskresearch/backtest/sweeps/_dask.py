"""A sweep on a dask cluster, without joblib, under which a task whose workers were killed never ends.

By default dask runs a task that killed its worker on three more workers, and the nanny of a worker that is killed while
it starts does not restart it: one such task may leave a cluster without workers, and everything on it waits for ever.
So a portion is marked on the scheduler while it runs, and one that is marked already is not run there again.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from riskresearch.backtest.sweeps._pools import Pool, Portion, WorkerLostError, checked
from riskresearch.backtest.sweeps._trials import Outcome, Trials, run_alone
from riskresearch.core._errors import RiskResearchError
from riskresearch.core.importing._optional import optional_import

NO_WORKER_SECONDS = 60.0
"""Longest time without a worker; a nanny needs some seconds to restart one."""
LOOK_SECONDS = 1.0
"""Time between two counts of the workers while no task ends."""
SETTLING_SECONDS = 0.5
"""Time for which a new worker gets no task: its nanny does not restart one that is killed earlier."""
SENT_ONCE_BYTES = 1_000
LONGEST_REASON = 200
OWN_PROCESS = "from riskresearch.backtest.sweeps._dask import answer; answer()"


class NoWorkerError(RiskResearchError):
    """A cluster has had no worker for too long."""


class Cluster(Pool):
    """A dask cluster."""

    def __init__(self, joblib: Any, n_jobs: int | None, workers: int, client: Any) -> None:
        super().__init__(joblib, n_jobs, workers)
        self._client = client
        self._settled = frozenset(client.nthreads())
        self._name = f"riskresearch-sweep-{uuid.uuid4().hex}"
        self._submitted = 0
        self._lost: list[int] = []

    def run(self, trials: Trials, portions: Sequence[Portion]) -> Iterator[Outcome]:
        sent = self._sent(trials)
        marks = [self._mark() for _ in portions]
        futures = {
            self._submit(run_noted, sent, portion, mark, self._settled): portion
            for portion, mark in zip(portions, marks, strict=True)
        }
        lost: BaseException | None = None
        try:
            for future in self._ended(list(futures)):
                outcome = _result(future)
                if isinstance(outcome, BaseException):
                    lost = outcome
                    self._lost += futures[future] if isinstance(lost, WorkerLostError) else ()
                else:
                    yield checked(outcome)
        finally:
            self._client.cancel(list(futures))
            self._forget(marks)
        if lost is not None:
            raise lost

    def suspects(self) -> Portion:
        jobs, self._lost = tuple(sorted(self._lost)), []
        return jobs

    def alone(self, trials: Trials, job: int) -> Outcome:
        future = self._submit(run_in_own_process, self._sent(trials), job)
        (ended,) = self._ended([future])
        answer = _result(ended)
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, str):
            raise WorkerLostError(answer)
        return checked(answer)

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self._client.submit(function, *arguments, pure=False)

    def _ended(self, futures: Sequence[Any]) -> Iterator[Any]:
        """Yield the futures as they end; raise `NoWorkerError` where the cluster has no worker for them."""
        ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for future in futures:
            future.add_done_callback(ended.put)
        left, seen = len(futures), time.monotonic()
        while left:
            try:
                future = ended.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                seen = self._seen(seen)
                continue
            if future.status in ("lost", "pending"):  # its result went with a worker, and dask makes it again
                future.add_done_callback(ended.put)
                continue
            left -= 1
            yield future

    def _seen(self, seen: float) -> float:
        """Return when the cluster last had a worker."""
        now = time.monotonic()
        if self._client.nthreads():
            return now
        if now - seen > NO_WORKER_SECONDS:
            raise NoWorkerError(f"the dask cluster has had no worker for {NO_WORKER_SECONDS:.0f} seconds")
        return seen

    def _mark(self) -> str:
        self._submitted += 1
        return f"{self._name}-{self._submitted}"

    def _forget(self, marks: Sequence[str]) -> None:
        """Remove the marks of portions that did not end; those of the others are gone."""
        if self._lost:
            for mark in marks:
                _event(mark, self._client).clear()

    def _sent(self, trials: Trials) -> Any:
        """Return the trials, or where their data are large a future of them, which is sent to the cluster once."""
        if sys.getsizeof(trials) <= SENT_ONCE_BYTES:
            return trials
        return self._client.scatter(trials, hash=False)


def run_noted(trials: Trials, portion: Portion, mark: str, settled: frozenset[str]) -> Outcome:
    """Run a portion in a worker of dask, unless it ran already when a worker was lost."""
    event = _event(mark)
    if event.is_set():
        raise WorkerLostError("a worker of dask was lost while it ran")
    event.set()
    _settle(settled)
    outcome = run_alone(trials, portion)
    event.clear()
    return outcome


def run_in_own_process(trials: Trials, job: int) -> Outcome | str:
    """Run one job in a process that a worker of dask starts; return how that process ended if it gave no outcome."""
    cloudpickle: Any = optional_import("cloudpickle", extra="dask", feature="the dask backend")
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", OWN_PROCESS],
        input=cloudpickle.dumps((trials, job)),
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        check=False,
    )
    if done.returncode == 0 and done.stdout:
        outcome: Outcome = pickle.loads(done.stdout)
        return outcome
    return _ending(done.returncode, done.stderr)


def answer() -> None:
    """Run the job that is read from stdin and write its outcome, and nothing else, to stdout."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        trials, job = pickle.load(sys.stdin.buffer)
        out.write(pickle.dumps(run_alone(trials, (job,))))


def _ending(code: int, said: bytes) -> str:
    try:
        name = f"{signal.Signals(-code).name}({code})"
    except ValueError:
        name = str(code)
    lines = said.decode(errors="replace").strip().splitlines()
    return f"exit code {name}" + (f": {lines[-1][:LONGEST_REASON]}" if lines and code == 1 else "")


_settled_here: list[str] = []


def _settle(settled: frozenset[str]) -> None:
    """Wait once in a worker that was not there when the sweep began."""
    distributed: Any = optional_import("distributed", extra="dask", feature="the dask backend")
    address = distributed.get_worker().address
    if address not in settled and address not in _settled_here:
        time.sleep(SETTLING_SECONDS)
        _settled_here.append(address)


def _event(name: str, client: Any = None) -> Any:
    distributed: Any = optional_import("distributed", extra="dask", feature="the dask backend")
    return distributed.Event(name, client=client)


def _result(future: Any) -> Any:
    """Return the result of a future of dask that has ended, or the error that it has in its place."""
    if future.status == "finished":
        try:
            return future.result(timeout=NO_WORKER_SECONDS)
        except TimeoutError:
            return WorkerLostError("its result was lost with a worker of dask")
    if future.status == "error":
        error: BaseException = future.exception()
        lost = type(error).__name__ == "KilledWorker"
        return WorkerLostError("killed on each worker that the cluster tried") if lost else error
    return WorkerLostError(f"its data were lost with a worker of dask ({future.status})")
