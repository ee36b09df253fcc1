"""The trials of a sweep: jobs that a worker runs, and the outcomes that it sends back."""

from __future__ import annotations

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from riskresearch.backtest.sweeps._grid import Grid, grid_point, grid_size
from riskresearch.backtest.sweeps._selection import MAXIMA, Selection
from riskresearch.core._options import options
from riskresearch.core._plausibility import TOPICS_OF_DATES, each_topic_once
from riskresearch.core.output._text import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from riskresearch.backtest._backtest import Backtest
    from riskresearch.backtest.breakers._result import BreakerBacktest
    from riskresearch.core._types import FloatMatrix, FloatVector

LONGEST_ERROR = 500
LARGE_BYTES = 8_000_000

Result = str | tuple[Any, Any]
"""The error of a trial, or its numbers and the statistics of its draws."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The result of some trials: a row of numbers each, and the maxima over their draws."""

    trial: npt.NDArray[np.int64]
    numbers: FloatMatrix
    """Shape (trials, columns of `Trials.columns`); nan for a trial that failed."""
    errors: tuple[str, ...]
    """Empty text for a trial that gave a result."""
    maxima: FloatMatrix
    """Shape (4, draws): see `MAXIMA`."""
    seconds: tuple[float, ...]
    """How long each job took; no result depends on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """The best trial, run again."""

    backtest: Backtest | BreakerBacktest
    returns: FloatVector
    """Returns of its account on the rows that the statistics count."""
    labelled: Any
    """The same with the dates of the data, where they have dates."""
    sharpe_ratio: float
    """Yearly, computed as for the table of trials."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True, kw_only=True)
class Trials(ABC):
    """All that a worker needs. Called with numbers of jobs, it runs them and returns the outcome.

    A job is a set of parameters (and a universe of assets); it has one trial or more.
    """

    make: Callable[..., Any]
    grid: Grid
    periods: float
    selection: Selection | None
    """None where the tests of selection were not asked for."""
    seed: int

    owner: ClassVar[str]
    """Name of the argument that takes the parameters, for errors."""
    measures: ClassVar[tuple[str, ...]]
    """Columns of the table of trials."""

    def __sizeof__(self) -> int:
        """Return the bytes of the data where they are many: joblib's dask backend then sends them only once."""
        data = sum(int(np.asarray(each).nbytes) for each in self.data())
        return data if data > LARGE_BYTES else object.__sizeof__(self)

    @property
    def sets(self) -> int:
        """Number of sets of parameters."""
        return grid_size(self.grid)

    @property
    def jobs(self) -> int:
        """Number of jobs."""
        return self.sets

    @property
    def per_job(self) -> int:
        """Number of trials of a job."""
        return 1

    @property
    def runs_together(self) -> bool:
        """Whether many jobs take hardly longer than one, so that they are not divided into small portions."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the numbers of a trial."""
        return self.measures if self.selection is None else (*self.measures, *self.selection.columns)

    @property
    def draws(self) -> int:
        """Number of resampled histories that the trials share."""
        return 0 if self.selection is None else self.selection.draws

    def parameters(self, trial: int) -> dict[str, Any]:
        """Return the parameters of a trial."""
        return grid_point(self.grid, trial)

    def axes(self, trial: int) -> dict[str, Any]:
        """Return what else tells a trial from others, by column of the table."""
        return {}

    def __call__(self, jobs: Sequence[int], journal: str = "") -> Outcome:
        """Run some jobs; one that raises is an outcome too. A worker's entry in `journal` is the job that it is at."""
        found: list[tuple[int, Result]] = []
        seconds = []
        for job in jobs:
            note_job(journal, str(job))
            start = time.perf_counter()
            with each_topic_once(*TOPICS_OF_DATES):  # the dates were checked where the sweep began
                found += self.run_job(job)
            seconds.append(time.perf_counter() - start)
        note_job(journal, "")
        return self.outcome(found, seconds)

    def outcome(self, found: Sequence[tuple[int, Result]], seconds: Sequence[float]) -> Outcome:
        """Return the outcome that the results of some trials make."""
        maxima = np.full((len(MAXIMA), self.draws), -np.inf)
        numbers = np.full((len(found), len(self.columns)), np.nan)
        for row, (_, result) in enumerate(found):
            if not isinstance(result, str):
                numbers[row], draws = result
                maxima = np.maximum(maxima, draws)
        errors = tuple(result if isinstance(result, str) else "" for _, result in found)
        trial = np.array([number for number, _ in found], dtype=np.int64)
        return Outcome(trial, numbers, errors, maxima, tuple(seconds))

    def failed(self, job: int, error: str) -> Outcome:
        """Return the outcome of a job that cannot be run."""
        return self.outcome([(trial, error) for trial in self.trials_of(job)], [0.0])

    def trials_of(self, job: int) -> range:
        """Return the numbers of the trials of a job."""
        return range(job * self.per_job, (job + 1) * self.per_job)

    def measured(self, measures: Sequence[float], returns: FloatVector) -> Result:
        """Return the result of a trial: its measures, and what the tests of selection need of its returns."""
        if self.selection is None:
            return np.array(measures), np.empty((len(MAXIMA), 0))
        numbers, draws = self.selection.measure(returns, self.seed)
        return np.concatenate([measures, numbers]), draws

    @abstractmethod
    def run_job(self, job: int) -> list[tuple[int, Result]]:
        """Return the results of the trials of a job."""

    @abstractmethod
    def repeat(self, trial: int, *, tried: int, confidence: float) -> Repeated:
        """Run the best trial again, chosen from `tried` ones."""

    @abstractmethod
    def data(self) -> tuple[Any, ...]:
        """Return the arrays that a worker is sent."""

    @abstractmethod
    def identity(self) -> dict[str, str]:
        """Return what a stored result depends on, by the word that a refusal names."""

    def unhalted(self, *, tried: int, trial_variance: float) -> Mapping[str, float] | None:
        """Return the measures of the strategy without breakers; None for sizers.

        Its Sharpe ratio is deflated by the number of trials and the variance of theirs.
        """
        return None

    def readable(self) -> dict[str, Any]:
        """Return what tells a reader of the store which trial has which number."""
        return {
            "order": ["parameters (the last varies fastest)"],
            "grid": {name: [repr(value) for value in values] for name, values in self.grid},
        }


def run_alone(trials: Trials, jobs: Sequence[int], journal: str = "") -> Outcome:
    """Run jobs in a worker, where further threads would only wait for cores that other workers have."""
    with options.context(threads=1):
        return trials(jobs, journal)


def note_job(journal: str, text: str) -> None:
    """Write down the job that this process is at, in a folder that outlives it."""
    if journal:
        Path(journal, str(os.getpid())).write_text(text, encoding="ascii")


def error_text(error: BaseException) -> str:
    """Return the class and message of an error, cut where they are long."""
    return shortened(f"{type(error).__name__}: {error}", LONGEST_ERROR)
