"""Tests of whether the best of many trials beats a benchmark: White's reality check and Hansen's SPA test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import aligned_vector, column_labels
from riskresearch.core._checks import check_choice, check_count, check_number, is_single
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import as_html, as_text
from riskresearch.kernels._moments import deviation
from riskresearch.kernels.inference import _superiority
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.metrics.inference._bootstrap import FEWEST_DRAWS, Bootstrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector

FEWEST_ROWS = 8
SCALES = ("volatility", "none")
CASH_LIKE = 0.01
"""A benchmark whose volatility is below this fraction of that of a typical trial counts as cash, as a bill does."""
WHITE = "White's reality check (2000)"
HANSEN = "Hansen's test of superior predictive ability (2005)"


@dataclass(frozen=True, slots=True)
class SuperiorityTest:
    """The test that no trial beats the benchmark: see `reality_check` and `superior_predictive_ability`."""

    p_value: float
    """Consistent p-value of Hansen's test; the only one of the reality check."""
    p_lower: float
    """Hansen's lower bound, which counts only trials that are better; of the reality check the same as `p_value`."""
    p_upper: float
    """Hansen's upper bound, which puts all trials at the benchmark; of the reality check the same as `p_value`."""
    statistic: float
    """Largest root of n times the mean excess return, over its deviation if studentised; never below zero."""
    best: str
    """Name of the trial with the largest statistic; empty if none beats the benchmark."""
    trials: int
    observations: int
    studentized: bool
    test: str
    block_length: float
    """Mean number of rows in a block of the stationary bootstrap."""
    draws: int
    seed: int
    """Seed of the draws; `rng=seed` repeats them."""
    benchmark: str
    """Its name, or its return per period."""
    scale: str
    """"volatility" if trials were compared at the benchmark's volatility, "none" if as they are."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row: the statistic and the p-values."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        names = ("statistic", "p_lower", "p_value", "p_upper")
        return pd.DataFrame({name: [getattr(self, name)] for name in names}, index=pd.Index([self.best], name="best"))

    def conventions(self) -> str:
        """Return in one line what was tested, and how."""
        studentised = "studentised" if self.studentized else "not studentised"
        at = "at its volatility" if self.scale == "volatility" else "returns as they are"
        return (
            f"{self.test}, {studentised}: the null is that none of {counted(self.trials, 'trial')} has a higher mean "
            f"return than {self.benchmark}, {at}; {counted(self.observations, 'row')}, stationary bootstrap, blocks of "
            f"{self.block_length:.4g} rows, "
            f"{self.draws:,} draws, seed {self.seed}."
        )

    def summary(self) -> str:
        """Return the p-values and the conventions as text."""
        bounds = "" if self.test == WHITE else f"  (between {self.p_lower:.4f} and {self.p_upper:.4f})"
        return as_text(f"p-value  {self.p_value:.4f}{bounds}, statistic {self.statistic:.4f}", self.conventions())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the p-values as bars."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        names = ["p_lower", "p_value", "p_upper"]
        title = f"Superiority of the best of {self.trials:,} trial{'s' * (self.trials != 1)} over the benchmark"
        return plot_bars(self.to_frame()[names].iloc[0], label="p-value", title=title, ax=ax)

    def __repr__(self) -> str:
        trials = counted(self.trials, "trial")
        return f"SuperiorityTest(p_value={self.p_value:.4g}, statistic={self.statistic:.4g}, {trials})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


@answers_other_names()
def reality_check(
    returns: Data,
    *,
    benchmark: float | Data = 0.0,
    scale: Literal["volatility", "none"] = "volatility",
    block_length: float | None = None,
    draws: int = 2000,
    rng: int | np.random.Generator | None = 0,
) -> SuperiorityTest:
    """Test whether the best of all trials has a higher mean return than a benchmark: White's reality check.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period of all trials that were made, one column each, without gaps.
    benchmark : float or Series
        Simple return per period to beat, a number or one series over the same dates. 0 is cash without interest.
    scale : {"volatility", "none"}
        "volatility" compares each trial at the benchmark's volatility, so that a larger position is not taken for
        skill. A trial without any volatility is left as it is, and so are all where the benchmark is a number or has
        less than a hundredth of their volatility, as cash has. "none" compares returns as they are.
    block_length : float, optional
        Mean number of rows in a block. None takes the mean of the automatic lengths (Politis & White) of the trials'
        excess returns, the longer of those for them and for their squares.
    draws : int
        Number of resampled histories, at least 100. All trials share them.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same; None takes fresh entropy. The result has the `seed`.

    Returns
    -------
    SuperiorityTest
        With p = (1 + draws at least as far) / (draws + 1).

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    White, Econometrica 68, 2000; Politis & Romano, JASA 89, 1994.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> noise = np.random.default_rng(1).normal(0.0, 0.01, (300, 20))
    >>> riskresearch.backtest.reality_check(noise, rng=1).p_value > 0.05
    True
    """
    return _test(returns, benchmark, scale, block_length, draws, rng, test=WHITE, studentized=False)


@answers_other_names()
def superior_predictive_ability(
    returns: Data,
    *,
    benchmark: float | Data = 0.0,
    scale: Literal["volatility", "none"] = "volatility",
    studentized: bool = True,
    block_length: float | None = None,
    draws: int = 2000,
    rng: int | np.random.Generator | None = 0,
) -> SuperiorityTest:
    """Test whether the best of all trials has a higher mean return than a benchmark: Hansen's SPA test.

    More powerful than `reality_check`: trials are measured by their own deviation, and poor ones do not weaken it.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period of all trials that were made, one column each, without gaps.
    benchmark : float or Series
        Simple return per period to beat, a number or one series over the same dates. 0 is cash without interest.
    scale : {"volatility", "none"}
        "volatility" compares each trial at the benchmark's volatility, so that a larger position is not taken for
        skill. A trial without any volatility is left as it is, and so are all where the benchmark is a number or has
        less than a hundredth of their volatility, as cash has. "none" compares returns as they are.
    studentized : bool
        Divide each mean by its deviation under the stationary bootstrap, which is known without drawing.
    block_length : float, optional
        Mean rows of a block; None as in `reality_check`.
    draws : int
        Number of resampled histories, at least 100. All trials share them.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same; None takes fresh entropy. The result has the `seed`.

    Returns
    -------
    SuperiorityTest
        With the consistent p-value and its bounds, each (1 + draws at least as far) / (draws + 1).

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Hansen, J. Business & Economic Statistics 23, 2005; Politis & Romano, JASA 89, 1994.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> noise = np.random.default_rng(1).normal(0.0, 0.01, (300, 20))
    >>> found = riskresearch.backtest.superior_predictive_ability(noise + 0.003, rng=1)
    >>> found.p_lower <= found.p_value <= found.p_upper < 0.01
    True
    """
    return _test(returns, benchmark, scale, block_length, draws, rng, test=HANSEN, studentized=bool(studentized))


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """Returns and name of the benchmark, and whether trials are compared at its volatility."""

    returns: FloatVector
    name: str
    equal_volatility: bool

    def effects(self, returns: FloatVector) -> FloatVector:
        """Return the excess of a trial over the benchmark, row by row."""
        if self.equal_volatility:
            return _superiority.equal_volatility_effects(returns, self.returns)
        return returns - self.returns

    @property
    def scale(self) -> str:
        """Return how trials are compared, as `SuperiorityTest.scale`."""
        return "volatility" if self.equal_volatility else "none"


def read_benchmark(benchmark: Any, panel: Panel, scale: str, *, skipped: int = 0) -> Benchmark:
    """Return the benchmark over the rows of `panel`, whose columns show the volatility of the trials."""
    check_choice(scale, SCALES, name="scale")
    vector = benchmark_vector(benchmark, panel)[skipped:]
    if is_single(benchmark):
        return Benchmark(vector, f"a return of {float(benchmark):.6g} per row", False)
    name = getattr(benchmark, "name", None)
    called = "the benchmark" if name is None else str(name)
    if scale == "none":
        return Benchmark(np.ascontiguousarray(vector), called, False)
    moves = [float(deviation(column[~np.isnan(column)][:, None], 0)[0]) for column in panel.values[skipped:].T]
    usual = float(np.median([size for size in moves if size > 0.0] or [0.0]))
    moving = float(deviation(vector[:, None], 0)[0]) > CASH_LIKE * usual
    return Benchmark(np.ascontiguousarray(vector), called, moving and usual > 0.0)


def _test(
    returns: Data,
    benchmark: float | Data,
    scale: str,
    block_length: float | None,
    draws: int,
    rng: int | np.random.Generator | None,
    *,
    test: str,
    studentized: bool,
) -> SuperiorityTest:
    count = check_count(draws, name="draws", minimum=FEWEST_DRAWS)
    seed = Bootstrap(draws=count, block_length=block_length, rng=rng).seed()
    panel = as_panel(returns, min_rows=FEWEST_ROWS)
    compared = read_benchmark(benchmark, panel, scale)
    effects = np.stack([compared.effects(column) for column in panel.values.T])
    trials, rows = effects.shape
    length = block_length or common_length(effects.T)
    counts = _superiority.plan_counts(rows, make_plan(rows, count, "stationary", length, seed))
    statistics, maxima = [], np.full((3, count), -np.inf)
    for effect in effects:
        model = _superiority.model_draws(effect, counts, length)
        statistics.append(_superiority.statistic(model, rows, studentized=studentized))
        maxima = np.maximum(maxima, _superiority.drawn_statistics(model, rows, studentized=studentized))
    number = int(np.argmax(statistics))
    best = statistics[number]
    name = column_labels(panel)[number] if best > 0.0 else ""
    return superiority_result(test, best, maxima, name, trials, compared, length, seed, studentized=studentized)


def superiority_result(
    test: str,
    best: float,
    maxima: FloatMatrix,
    name: str,
    trials: int,
    benchmark: Benchmark,
    length: float,
    seed: int,
    *,
    studentized: bool,
) -> SuperiorityTest:
    """Return the result from the largest statistic and the maxima of the draws, shape (3, draws)."""
    lower, consistent, upper = (float(p) for p in _superiority.p_values(best, maxima))
    if test == WHITE:
        lower = consistent = upper
    return SuperiorityTest(
        p_value=consistent,
        p_lower=lower,
        p_upper=upper,
        statistic=max(best, 0.0),
        best=name,
        trials=trials,
        observations=benchmark.returns.size,
        studentized=studentized,
        test=test,
        block_length=float(length),
        draws=maxima.shape[1],
        seed=seed,
        benchmark=benchmark.name,
        scale=benchmark.scale,
    )


def common_length(excess: FloatMatrix) -> float:
    """Return the mean of the automatic block lengths of the columns, without those of constant columns."""
    lengths = [automatic_length(column, "stationary") for column in excess.T if column.min() < column.max()]
    return float(np.mean(lengths)) if lengths else 1.0


def benchmark_vector(benchmark: Any, panel: Panel) -> FloatVector:
    """Return the benchmark's return on each row of `panel`."""
    if is_single(benchmark):
        return np.full(panel.values.shape[0], check_number(benchmark, name="benchmark"))
    return aligned_vector(benchmark, panel, name="benchmark", nan_policy="raise")
