"""The probability of backtest overfitting: how often the best trial of one half of a history is poor in the other."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import column_labels, complete_rows
from riskresearch.core._checks import check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.output._formats import percent_1, ratio_3
from riskresearch.core.output._tables import Block, as_html, as_text, pairs
from riskresearch.kernels.inference import _overfitting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

MOST_BLOCKS = 20
FEWEST_ROWS_PER_BLOCK = 2


@dataclass(frozen=True, slots=True)
class BacktestOverfitting:
    """Performance out of sample of the trials chosen in halves of a history: `probability_of_backtest_overfitting`."""

    probability: float
    """Share of the combinations in which the chosen trial is below or at the median out of sample."""
    logit: tuple[float, ...]
    """Logit of the relative rank out of sample, one for each combination; zero is the median, negative is worse."""
    in_sample: tuple[float, ...]
    """Performance of the chosen trial in the half in which it was chosen."""
    out_of_sample: tuple[float, ...]
    chosen: tuple[int, ...]
    """Number of the chosen trial."""
    trials: tuple[str, ...]
    blocks: int
    observations: int
    measure: str

    @property
    def probability_of_loss(self) -> float:
        """Share of the combinations in which the chosen trial performs below zero out of sample."""
        return sum(value < 0.0 for value in self.out_of_sample) / len(self.out_of_sample)

    @property
    def degradation(self) -> float:
        """Slope of the regression of performance out of sample on that in sample; nan if the latter never varies."""
        inside, outside = np.array(self.in_sample), np.array(self.out_of_sample)
        distance = inside - inside.mean()
        spread = float(distance @ distance)
        return float(distance @ outside) / spread if spread > 0.0 else math.nan

    def to_frame(self) -> pd.DataFrame:
        """Return one row per combination: the chosen trial, its performance in and out of sample, and the logit."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        columns = {
            "chosen": [self.trials[number] for number in self.chosen],
            "in_sample": self.in_sample,
            "out_of_sample": self.out_of_sample,
            "logit": self.logit,
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self.logit), name="combination"))

    def conventions(self) -> str:
        """Return in one line the conventions of the numbers."""
        return (
            f"CSCV of {len(self.trials):,} trials over {self.observations:,} rows in {self.blocks} blocks, "
            f"{len(self.logit):,} combinations, chosen by {self.measure}; overfit where the logit is zero or less."
        )

    def summary(self) -> str:
        """Return the probabilities, the degradation and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = [
            ("Probability of backtest overfitting", percent_1(self.probability)),
            ("Probability of loss out of sample", percent_1(self.probability_of_loss)),
            ("Median in sample", ratio_3(float(np.median(self.in_sample)))),
            ("Median out of sample", ratio_3(float(np.median(self.out_of_sample)))),
            ("Slope of out on in sample", ratio_3(self.degradation)),
        ]
        return [pairs(rows), self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how often each logit occurred, those of overfitting in another colour."""
        from riskresearch.plots import plot_histogram  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        label = "Logit of the rank out of sample (0 is the median)"
        title = f"Probability of backtest overfitting: {self.probability:.1%}"
        return plot_histogram(self.to_frame()["logit"], threshold=0.0, label=label, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"BacktestOverfitting(probability={self.probability:.4g}, {len(self.trials)} trials)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@answers_other_names()
def probability_of_backtest_overfitting(
    returns: Data,
    *,
    blocks: int = 16,
    measure: Callable[[FloatMatrix], FloatVector] | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> BacktestOverfitting:
    """Return how often the trial that is best in half of the history ranks below the median in the other half.

    Parameters
    ----------
    returns : DataFrame or array
        Simple returns per period of all trials that were made, one column each.
    blocks : int
        Even number of consecutive blocks, at most 20; every half of them is once the sample.
    measure : callable, optional
        Takes rows of returns, shape (rows, trials), returns the performance of each trial, more being better. None is
        the yearly Sharpe ratio, zero for a trial that never moves.
    periods_per_year : float, optional
        Rows that make a year, for the Sharpe ratio; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error, or their whole rows are left out.

    Returns
    -------
    BacktestOverfitting
        About one half for trials without skill, near zero where one trial is truly better than the others.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, there are fewer than two trials, or a block has fewer than two rows.

    References
    ----------
    Bailey, Borwein, Lopez de Prado & Zhu, J. Computational Finance 20, 2017.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> noise = np.random.default_rng(1).normal(0.0, 0.01, (400, 10))
    >>> skill = noise + 0.004 * (np.arange(10) == 3)
    >>> riskresearch.backtest.probability_of_backtest_overfitting(skill, blocks=8)
    BacktestOverfitting(probability=0, 10 trials)
    """
    count = check_blocks(blocks)
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=FEWEST_ROWS_PER_BLOCK * count)
    values, trials = complete_rows(panel), column_labels(panel)
    if len(trials) < 2:
        raise InvalidInputError(f"returns must hold at least 2 trials, one a column, got {len(trials)}.")
    edges = _overfitting.block_edges(values.shape[0], count)
    if measure is not None:
        performance = _overfitting.measure_of_halves(values, edges, _checked(measure, len(trials)))
        return overfitting_of(performance, count, trials, values.shape[0], getattr(measure, "__name__", "measure"))
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    return sharpe_overfitting(_overfitting.block_sums(values, edges), edges, trials, periods)


def check_blocks(blocks: int) -> int:
    """Return an even number of blocks from 2 to 20."""
    count = check_count(blocks, name="blocks", minimum=2)
    if count % 2 or count > MOST_BLOCKS:
        raise InvalidInputError(f"blocks must be even and at most {MOST_BLOCKS}, got {blocks!r}.")
    return count


def sharpe_overfitting(sums: FloatMatrix, edges: Any, trials: tuple[str, ...], periods: float) -> BacktestOverfitting:
    """Return the result for the yearly Sharpe ratio from the sums over blocks, shape (2, blocks, trials)."""
    sizes = np.diff(edges).astype(np.float64)
    performance = _overfitting.sharpe_of_halves(sums, sizes)
    return overfitting_of(performance, sizes.size, trials, int(edges[-1]), "sharpe_ratio", scale=periods**0.5)


def overfitting_of(
    performance: _overfitting.Performance,
    blocks: int,
    trials: tuple[str, ...],
    observations: int,
    measure: str,
    *,
    scale: float = 1.0,
) -> BacktestOverfitting:
    """Return the result over all combinations of blocks."""
    choices = _overfitting.choose(performance, blocks, len(trials))
    logit = np.log(choices.relative_rank / (1.0 - choices.relative_rank))
    return BacktestOverfitting(
        probability=float(np.mean(logit <= 0.0)),
        logit=tuple(logit.tolist()),
        in_sample=tuple((choices.in_sample * scale).tolist()),
        out_of_sample=tuple((choices.out_of_sample * scale).tolist()),
        chosen=tuple(choices.chosen.tolist()),
        trials=trials,
        blocks=blocks,
        observations=observations,
        measure=measure,
    )


def _checked(measure: Callable[[FloatMatrix], FloatVector], trials: int) -> Callable[[FloatMatrix], FloatVector]:
    def checked(values: FloatMatrix) -> FloatVector:
        found = np.asarray(measure(values), dtype=np.float64)
        if found.shape != (trials,) or not np.isfinite(found).all():
            raise InvalidInputError(
                f"measure must return one finite number for each of the {trials} trials, got {found!r:.200}."
            )
        return found

    return checked
