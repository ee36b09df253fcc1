"""The result of a sweep: first how far its best set can be trusted, then the sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import between, cell, counted, percent, percent_1, plain, ratio, ratio_3, ratio_4
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, pairs, table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.backtest._backtest import Backtest
    from riskresearch.backtest.breakers._result import BreakerBacktest
    from riskresearch.backtest.selection._overfitting import BacktestOverfitting
    from riskresearch.backtest.selection._superiority import SuperiorityTest
    from riskresearch.core._types import FloatVector, OverTime
    from riskresearch.metrics.inference._interval import Interval

SHOWN = 10
LESS_IS_BETTER = ("max_drawdown",)
PERCENTAGES = ("annual_return", "volatility", "max_drawdown", "time_halted")


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Every set of parameters that was tried, and how trying so many bears on the best: see `sweep`, `sweep_breakers`.

    The fields that only one of the two fills are None in the other: `unhalted` is of breakers.
    """

    trials: pd.DataFrame
    """One row per trial: parameters, universe and costs where there are several, measures, the error if it failed."""
    grid: Mapping[str, tuple[Any, ...]]
    """Values of each parameter."""
    measures: tuple[str, ...]
    """Names of the columns of `trials` that are measures of its account."""
    rank_by: str
    """Measure by which the best trial is the best."""
    best: dict[str, Any]
    """Parameters of the best trial, the first of equals."""
    best_trial: int
    """Its row in `trials`."""
    best_backtest: Backtest | BreakerBacktest
    """Its account; under breakers with the significance of its halts, corrected for the number of trials."""
    best_returns: OverTime
    """Its account's returns per period after the warm-up."""
    deflated_sharpe_ratio: float
    """Probability that the best's Sharpe ratio is above zero, for so many trials as if they were independent."""
    overfitting: BacktestOverfitting | None
    """None for a single trial, and with selection=False."""
    reality_check: SuperiorityTest | None
    """None with selection=False, as the next."""
    superior_predictive_ability: SuperiorityTest | None
    intervals: tuple[Interval, ...]
    """Bootstrap intervals of the best trial's measures, as if it had been the only one; empty with selection=False."""
    unhalted: Mapping[str, float] | None
    """The measures and the deflated Sharpe ratio of the strategy without breakers; what they add is the difference."""
    periods_per_year: float
    observations: int

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return tuple(self.grid)

    @property
    def finished(self) -> int:
        """Number of trials that gave a result."""
        return int((self.trials["error"] == "").sum())

    @property
    def failed(self) -> pd.DataFrame:
        """The trials that raised an error."""
        return self.trials[self.trials["error"] != ""]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per trial, in the order of the grid; of breakers with the robustness of each set."""
        if self.unhalted is None:
            return self.trials.copy()
        table = self.trials.assign(robustness=self.robustness())
        return table[[*(name for name in table if name != "error"), "error"]]

    def heat_map(self, x: str | None = None, y: str | None = None, *, measure: str | None = None) -> pd.DataFrame:
        """Return the mean of a measure by two parameters, `x` across and `y` down.

        By default these are the first two that vary, and the measure is `rank_by`. A cell averages over all the other
        parameters, universes and costs: the best of them would flatter.
        """
        chosen = check_choice(measure or self.rank_by, self.measures, name="measure")
        names = [name for name in self.trials.columns if name not in (*self.measures, "error")]
        for name, given in (("x", x), ("y", y)):
            if given is not None and given not in names:
                raise InvalidInputError(f"{name} must be one of {', '.join(map(repr, names))}, got {given!r}.")
        table = self.trials.assign(**{name: self.trials[name].map(_orderable) for name in names})
        varying = [name for name in names if table[name].nunique() > 1 and name not in (x, y)] or names
        across = x if x is not None else varying[0]
        rest = [name for name in varying if name != across]
        down = y if y is not None else (rest[0] if rest else None)
        if down is None or down == across:
            return table.groupby(across, sort=False)[chosen].mean().to_frame("").T
        return table.pivot_table(chosen, down, across, sort=False, dropna=False, observed=True)

    def beats_unhalted(self) -> np.typing.NDArray[np.bool_]:
        """Return for each set of breakers whether it is better than the strategy without breakers by `rank_by`."""
        if self.unhalted is None:
            raise InvalidInputError(
                "sweep must be of breakers, got one of sizers, which has no strategy without breakers to compare with."
            )
        values, plain = self.trials[self.rank_by].to_numpy(dtype=np.float64), self.unhalted[self.rank_by]
        return values < plain if self.rank_by in LESS_IS_BETTER else values > plain

    def robustness(self) -> FloatVector:
        """Return for each set the share of it and its neighbours that beat the strategy without breakers.

        Neighbours are a step away in one parameter.
        """
        shape = tuple(len(values) for values in self.grid.values())
        good = self.beats_unhalted().reshape(shape).astype(np.float64)
        total, count = good.copy(), np.ones(shape)
        for axis in range(len(shape)):
            for here, there in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
                at = tuple(here if i == axis else slice(None) for i in range(len(shape)))
                to = tuple(there if i == axis else slice(None) for i in range(len(shape)))
                total[at] += good[to]
                count[at] += 1.0
        return np.asarray((total / count).reshape(-1))

    def selection_summary(self) -> str:
        """Return how trying so many sets bears on the best trial, as text."""
        return as_text(*self._selection())

    def _selection(self) -> list[Block]:
        failed = len(self.trials) - self.finished
        number = counted(self.finished, "trial") + (f", {failed:,} more failed" if failed else "")
        tests = self._tests_of_selection()
        return [number, *tests] if self.unhalted is None else [*self._of_breakers(), number, *tests]

    def conventions(self) -> str:
        """Return in a few lines how the numbers were computed."""
        parts = [
            f"Sharpe ratios without risk-free rate, {self.periods_per_year:g} periods a year, {self.observations:,} "
            "rows; turnover per year; the deflated Sharpe ratio is the probability that the best of so many "
            "independent trials has a Sharpe ratio above zero, which is strict where they are alike, and does not "
            "compare with the benchmark: holding what rose has one too."
        ]
        if self.unhalted is not None:
            parts[0] = parts[0].replace("turnover per year", "turnover is the sum of the exposure moved")
        parts += [each.conventions() for each in (self.overfitting, self.superior_predictive_ability) if each]
        return "\n".join(parts)

    def summary(self) -> str:
        """Return how far the best can be trusted, then the best trials, then the conventions, as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        best = frame_table(self._best_rows(), _formats(self.trials, self.measures))
        return [*self._selection(), "", best, "", self.conventions()]

    def plot(
        self, ax: Axes | None = None, *, x: str | None = None, y: str | None = None, measure: str | None = None
    ) -> Axes:
        """Draw the `heat_map` of a measure by two parameters."""
        from riskresearch.plots import plot_heat_map  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        label = f"Mean {(measure or self.rank_by).replace('_', ' ').replace('sharpe', 'Sharpe')}"
        frame = self.heat_map(x, y, measure=measure)
        names = [str(name) for name in dict.fromkeys((frame.index.name, frame.columns.name)) if name is not None]
        title = f"{label} by {' and '.join(names)}, {len(self.trials):,} trial{'s' * (len(self.trials) != 1)}"
        return plot_heat_map(frame, label=label, title=title, ax=ax)

    def _tests_of_selection(self) -> list[Block]:
        hansen, reality = self.superior_predictive_ability, self.reality_check
        volatility = float(np.std(np.asarray(self.best_returns).reshape(-1), ddof=1)) * self.periods_per_year**0.5
        if "volatility" in self.trials:
            volatility = float(self.trials["volatility"].iloc[self.best_trial])
        deflated = f"Deflated Sharpe ratio of the best, volatility {percent_1(volatility)}"
        rows = [(deflated, percent_1(self.deflated_sharpe_ratio))]
        if reality is None or hansen is None:
            left_out = "Tests of selection (PBO, reality check, SPA) were left out: selection=False."
            return [pairs(rows), left_out]
        pbo = "not known" if self.overfitting is None else percent_1(self.overfitting.probability)
        rows += [
            ("Probability of backtest overfitting", pbo),
            ("Reality check, p-value", ratio_4(reality.p_value)),
            ("Superior predictive ability, p-value", ratio_4(hansen.p_value)),
            ("  at least and at most", f"{ratio_4(hansen.p_lower)} and {ratio_4(hansen.p_upper)}"),
        ]
        best = []
        for interval in self.intervals:
            write = percent if interval.measure in PERCENTAGES else ratio_3
            bounds = between(write, interval.lower, interval.upper)
            best.append((interval.measure.replace("_", " "), write(interval.estimate), bounds))
        alone = f"Best trial, {self.intervals[0].confidence:.4g} intervals as if it had been the only one:"
        return [pairs(rows), alone, table([], best)]

    def _of_breakers(self) -> list[Block]:
        """Return the verdict on the halts of the best set, and how many sets beat the strategy without breakers."""
        plain = self.unhalted or {}
        chosen = ", ".join(f"{name}={value}" for name, value in self.best.items())
        robust = float((self.robustness() >= 1.0).mean())
        return [
            f"Best of {len(self.trials)} sets by {self.rank_by}: {chosen}. {self.best_backtest.summary()}",
            f"{self.beats_unhalted().mean():.1%} of the sets beat the strategy without breakers ({self.rank_by} "
            f"{plain[self.rank_by]:.4g}, deflated Sharpe ratio {plain['deflated_sharpe_ratio']:.1%}), {robust:.1%} "
            "with all their neighbours.",
        ]

    def _best_rows(self) -> pd.DataFrame:
        table = self.to_frame()
        finished = table[table["error"] == ""].drop(columns="error")
        ascending = self.rank_by in LESS_IS_BETTER
        return finished.sort_values(self.rank_by, ascending=ascending, kind="stable").head(SHOWN)

    def __repr__(self) -> str:
        return f"Sweep({counted(self.finished, 'trial')}, deflated Sharpe ratio {self.deflated_sharpe_ratio:.4g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _orderable(value: Any) -> Any:
    """Return what can be a label of a table: the value itself, or its text."""
    return value if isinstance(value, int | float | str) else str(value)


def _formats(table: pd.DataFrame, measures: tuple[str, ...]) -> dict[str, Callable[[Any], str]]:
    """Return the format of each column: parameters with all their digits."""
    forms: dict[str, Callable[[Any], str]] = {}
    forms |= dict.fromkeys(map(str, table.columns), _parameter) | {name: ratio_3 for name in measures}
    return forms | {name: percent for name in measures if name in PERCENTAGES} | {"robustness": ratio}


def _parameter(value: Any) -> str:
    return plain(value) if isinstance(value, float) else cell(value)
