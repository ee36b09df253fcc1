"""The trials of a sweep: one sizer and one universe make weights, each set of costs makes an account of them."""

from __future__ import annotations

import functools
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._simulate import simulate
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._options import options
from riskresearch.kernels import _ratios
from riskresearch.kernels.compiled._drawdown import worst_drawdown
from riskresearch.kernels.inference import _overfitting, _superiority
from riskresearch.kernels.inference._bootstrap import make_plan

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.backtest.selection._superiority import Rival
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.compiled._draw_counts import Counts

MEASURES = ("sharpe_ratio", "annual_return", "volatility", "max_drawdown", "turnover")
TESTS = ("mean_excess", "spa_statistic", "reality_statistic")
MAXIMA = ("lower", "consistent", "upper", "reality")
LONGEST_ERROR = 500
LARGE_BYTES = 8_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What some trials gave: a row each, and the maxima of their draws."""

    trial: npt.NDArray[np.int64]
    numbers: FloatMatrix
    """Shape (trials, columns of `number_names`); nan for a trial that failed."""
    errors: tuple[str, ...]
    """Empty for a trial that went well."""
    maxima: FloatMatrix
    """Shape (4, draws): see `MAXIMA`."""
    seconds: tuple[float, ...]
    """What each job took; no result depends on it."""


def number_names(blocks: int) -> tuple[str, ...]:
    """Return the names of the numbers of a trial."""
    sums = [f"{what}_{block}" for what in ("sum", "squares") for block in range(blocks)]
    return (*MEASURES, *TESTS, *sums)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Trials:
    """All that a worker needs. Called with numbers of jobs, it runs them and returns the outcome.

    A job is a set of parameters in one universe; its trials are one for each set of costs.
    """

    make: Callable[..., Any]
    grid: tuple[tuple[str, tuple[Any, ...]], ...]
    universes: tuple[tuple[str, Sequence[int]], ...]
    """Name, and the numbers of its columns."""
    costs: tuple[tuple[str, Any], ...]
    prices: Any
    returns: Any
    """One row less than `prices`."""
    fill_prices: Any
    lag: int
    simulation: Mapping[str, Any]
    warm_up: int
    against: Rival
    """After the warm-up."""
    periods: float
    edges: npt.NDArray[np.int64]
    draws: int
    length: float
    """Mean rows of a block of the draws."""
    seed: int

    def __sizeof__(self) -> int:
        """Return the bytes of the data where they are many: joblib's dask backend then sends them only once."""
        data = sum(int(np.asarray(each).nbytes) for each in (self.prices, self.returns, self.fill_prices))
        return data if data > LARGE_BYTES else object.__sizeof__(self)

    @property
    def sets(self) -> int:
        """Number of sets of parameters."""
        return math.prod(len(values) for _, values in self.grid)

    @property
    def jobs(self) -> int:
        """Number of jobs."""
        return self.sets * len(self.universes)

    def parameters(self, trial: int) -> dict[str, Any]:
        """Return the parameters of a trial; the last one of the grid varies fastest."""
        number = trial // (len(self.universes) * len(self.costs))
        chosen = []
        for name, values in reversed(self.grid):
            number, place = divmod(number, len(values))
            chosen.append((name, values[place]))
        return dict(reversed(chosen))

    def universe(self, trial: int) -> tuple[str, Sequence[int]]:
        """Return name and columns of the universe of a trial."""
        return self.universes[trial // len(self.costs) % len(self.universes)]

    def cost(self, trial: int) -> tuple[str, Any]:
        """Return name and costs of a trial."""
        return self.costs[trial % len(self.costs)]

    def __call__(self, jobs: Sequence[int], journal: str = "") -> Outcome:
        """Run some jobs; one that raises is an outcome too. A worker's entry in `journal` is the job that it is at."""
        columns = number_names(self.edges.size - 1)
        trials, rows, errors, seconds = [], [], [], []
        maxima = np.full((len(MAXIMA), self.draws), -np.inf)
        for job in jobs:
            note_job(journal, str(job))
            start = time.perf_counter()
            for trial, result in self._job(job):
                trials.append(trial)
                errors.append(result if isinstance(result, str) else "")
                rows.append(np.full(len(columns), np.nan) if isinstance(result, str) else result[0])
                if not isinstance(result, str):
                    maxima = np.maximum(maxima, result[1])
            seconds.append(time.perf_counter() - start)
        note_job(journal, "")
        return Outcome(np.array(trials, dtype=np.int64), np.array(rows), tuple(errors), maxima, tuple(seconds))

    def failed(self, job: int, error: str) -> Outcome:
        """Return the outcome of a job that cannot be run."""
        numbers = range(job * len(self.costs), (job + 1) * len(self.costs))
        return Outcome(
            trial=np.array(numbers, dtype=np.int64),
            numbers=np.full((len(numbers), len(number_names(self.edges.size - 1))), np.nan),
            errors=(error,) * len(numbers),
            maxima=np.full((len(MAXIMA), self.draws), -np.inf),
            seconds=(0.0,),
        )

    def _counts(self) -> Counts:
        return shared_counts(self.against.returns.size, self.draws, self.length, self.seed)

    def _job(self, job: int) -> list[tuple[int, str | tuple[FloatVector, FloatMatrix]]]:
        trials = range(job * len(self.costs), (job + 1) * len(self.costs))
        try:
            weights = self._weights(trials[0])
        except (Exception, SystemExit) as error:
            return [(trial, error_text(error)) for trial in trials]
        results: list[tuple[int, str | tuple[FloatVector, FloatMatrix]]] = []
        for trial in trials:
            try:
                results.append((trial, self._measure(*self._account(trial, weights))))
            except Exception as error:
                results.append((trial, error_text(error)))
        return results

    def returns_of(self, trial: int) -> FloatVector:
        """Return the account's returns after the warm-up."""
        return self._account(trial, self._weights(trial))[0]

    def _weights(self, trial: int) -> Any:
        """Return the weights over the rows of the prices; none is held on the first one."""
        sizer = self.make(**self.parameters(trial))
        decide = getattr(sizer, "weights", sizer)
        if not callable(decide):
            raise InvalidInputError(
                f"sizer must return a sizer or a function of the returns, got {type(sizer).__name__}."
            )
        columns = self.universe(trial)[1]
        returns = select(self.returns, columns)
        weights = decide(returns)
        if hasattr(weights, "columns") and hasattr(returns, "columns"):
            weights = weights.reindex(columns=returns.columns)
        if hasattr(weights, "index") and hasattr(returns, "index") and not weights.index.equals(returns.index):
            raise InvalidInputError("the sizer must return weights with the index of the returns.")
        values = np.asarray(weights, dtype=np.float64)
        if values.shape != np.shape(returns):
            raise InvalidInputError(
                f"the sizer must return weights of the shape of the returns, {np.shape(returns)}, got {values.shape}."
            )
        return like(np.concatenate([np.zeros_like(values[:1]), values]), select(self.prices, columns))

    def _account(self, trial: int, weights: Any) -> tuple[FloatVector, float]:
        """Return the account's returns and its turnover per year, both after the warm-up."""
        columns = self.universe(trial)[1]
        fills = None if self.fill_prices is None else select(self.fill_prices, columns)
        prices = select(self.prices, columns)
        result = simulate(
            weights, prices, lag=self.lag, fill_prices=fills, costs=self.cost(trial)[1], **self.simulation
        )
        rows = self.against.returns.size
        returns = np.asarray(result.returns, dtype=np.float64)[-rows:]
        if returns.shape != (rows,) or not np.isfinite(returns).all():
            raise InvalidInputError(f"the account must have a finite return on each of {rows} rows.")
        turnover = np.asarray(result.turnover, dtype=np.float64)[-rows:]
        return np.ascontiguousarray(returns), float(turnover.sum()) / rows * self.periods

    def _measure(self, returns: FloatVector, turnover: float) -> tuple[FloatVector, FloatMatrix]:
        """Return the numbers of a trial and the statistics of its draws; nothing here depends on other trials."""
        column, rows = returns[:, None], returns.shape[0]
        model = _superiority.model_draws(self.against.effects(returns), self._counts(), self.length)
        draws = _superiority.drawn_statistics(model, rows, studentized=True)
        reality = _superiority.drawn_statistics(model, rows, studentized=False)[2:]
        numbers = [
            float(_ratios.sharpe(column, np.zeros(rows), self.periods)[0]),
            float(_ratios.yearly_growth(column, self.periods)[0]),
            float(_ratios.deviation(column)[0]) * self.periods**0.5,
            float(worst_drawdown(column)[0]),
            turnover,
            model.mean,
            _superiority.statistic(model, rows, studentized=True),
            _superiority.statistic(model, rows, studentized=False),
        ]
        sums = _overfitting.block_sums(column, self.edges)
        return np.concatenate([numbers, sums.ravel()]), np.concatenate([draws, reality])


@functools.lru_cache(maxsize=1)
def shared_counts(rows: int, draws: int, length: float, seed: int) -> Counts:
    """Return the draws that all trials share; a worker makes them once."""
    return _superiority.plan_counts(rows, make_plan(rows, draws, "stationary", length, seed))


def run_alone(trials: Trials, jobs: Sequence[int], journal: str = "") -> Outcome:
    """Run jobs in a worker, where further threads would only wait for cores that other workers have."""
    with options.context(threads=1):
        return trials(jobs, journal)


def note_job(journal: str, text: str) -> None:
    """Write down what this process is at, in a folder that outlives it."""
    if journal:
        Path(journal, str(os.getpid())).write_text(text, encoding="ascii")


def select(data: Any, columns: Sequence[int]) -> Any:
    """Return some columns of a frame or matrix; one series stays as it is."""
    if data.ndim == 1 or len(columns) == data.shape[1]:
        return data
    return data.iloc[:, list(columns)] if hasattr(data, "iloc") else data[:, list(columns)]


def like(values: FloatMatrix, data: Any) -> Any:
    """Return `values` with the labels of `data`."""
    if not hasattr(data, "index"):
        return values
    labels = {"columns": data.columns} if data.ndim == 2 else {"name": data.name}
    return type(data)(values, index=data.index, **labels)


def error_text(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}"
    return text if len(text) <= LONGEST_ERROR else f"{text[: LONGEST_ERROR - 1]}…"
