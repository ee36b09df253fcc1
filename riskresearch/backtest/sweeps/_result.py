"""The result of a sweep: first how far its best set can be trusted, then the sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.backtest.sweeps._trials import MEASURES
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.backtest.selection._overfitting import BacktestOverfitting
    from riskresearch.backtest.selection._superiority import SuperiorityTest
    from riskresearch.core._types import OverTime
    from riskresearch.metrics.inference._interval import Interval

SHOWN = 10
PERCENTAGES = ("annual_return", "volatility", "max_drawdown")


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Every set of parameters that was tried, and what trying so many makes of the best: see `sweep`."""

    trials: pd.DataFrame
    """One row per trial: parameters, universe and costs where there are several, measures, the error if it failed."""
    parameters: tuple[str, ...]
    best: dict[str, Any]
    """Parameters of the trial with the highest Sharpe ratio, the first of equals."""
    best_trial: int
    """Its row in `trials`."""
    best_returns: OverTime
    """Its account's returns per period after the warm-up."""
    deflated_sharpe_ratio: float
    """Probability that the best's Sharpe ratio is above zero, for so many trials as if they were independent."""
    overfitting: BacktestOverfitting | None
    """None for a single trial, or where the history is too short for the blocks."""
    reality_check: SuperiorityTest
    superior_predictive_ability: SuperiorityTest
    intervals: tuple[Interval, ...]
    """Bootstrap intervals of the best trial's measures, as if it had been the only one."""
    periods_per_year: float
    observations: int

    @property
    def finished(self) -> int:
        """Trials that gave a result."""
        return int((self.trials["error"] == "").sum())

    @property
    def failed(self) -> pd.DataFrame:
        """The trials that raised an error."""
        return self.trials[self.trials["error"] != ""]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per trial, in the order of the grid, the last parameter varying fastest."""
        return self.trials.copy()

    def selection_summary(self) -> str:
        """Return what selection has made of the best trial, as text."""
        failed = len(self.trials) - self.finished
        hansen = self.superior_predictive_ability
        pbo = "not known" if self.overfitting is None else f"{self.overfitting.probability:.1%}"
        lines = [
            f"{self.finished:,} trials" + (f", {failed:,} more failed" if failed else ""),
            f"Deflated Sharpe ratio of the best, volatility {self._best_volatility():.1%}".ljust(57)
            + f"{self.deflated_sharpe_ratio:>8.1%}",
            f"Probability of backtest overfitting                      {pbo:>8}",
            f"Reality check, p-value                                   {self.reality_check.p_value:>8.4f}",
            f"Superior predictive ability, p-value                     {hansen.p_value:>8.4f}"
            f"  (between {hansen.p_lower:.4f} and {hansen.p_upper:.4f})",
            f"Best trial, {self.intervals[0].confidence:.4g} intervals as if it had been the only one:",
        ]
        for interval in self.intervals:
            form = ".2%" if interval.measure in PERCENTAGES else ".3f"
            numbers = [format(number, form) for number in (interval.estimate, interval.lower, interval.upper)]
            lines.append(f"  {interval.measure:<14} {numbers[0]:>9}  in [{numbers[1]}, {numbers[2]}]")
        return "\n".join(lines)

    def conventions(self) -> str:
        """Return in a few lines how the numbers were computed."""
        pbo = "" if self.overfitting is None else f"\n{self.overfitting.conventions()}"
        return (
            f"Sharpe ratios without risk-free rate, {self.periods_per_year:g} periods a year, {self.observations:,} "
            "rows; turnover per year; the deflated Sharpe ratio is the probability that the best of so many "
            "independent trials has a Sharpe ratio above zero, which is strict where they are alike, and does not "
            f"compare with the benchmark: holding what rose has one too.{pbo}\n"
            f"{self.superior_predictive_ability.conventions()}"
        )

    def summary(self) -> str:
        """Return how far the best can be trusted, then the best trials, then the conventions, as text."""
        table = self._best_rows().to_string(formatters=_formatters(self.trials))
        return f"{self.selection_summary()}\n\n{table}\n\n{self.conventions()}"

    def plot(self, ax: Axes | None = None, *, x: str | None = None, y: str | None = None) -> Axes:
        """Draw the mean Sharpe ratio by two parameters, `x` across and `y` down; by default the first two that vary.

        A cell averages over all the other parameters, universes and costs: the best of them would flatter.
        """
        from riskresearch.plots import plot_heat_map  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        names = [name for name in self.trials.columns if name not in (*MEASURES, "error")]
        for name, given in (("x", x), ("y", y)):
            if given is not None and given not in names:
                raise InvalidInputError(f"{name} must be one of {', '.join(map(repr, names))}, got {given!r}.")
        table = self.trials.assign(**{name: self.trials[name].map(_orderable) for name in names})
        varying = [name for name in names if table[name].nunique() > 1 and name not in (x, y)] or names
        across = x if x is not None else varying[0]
        rest = [name for name in varying if name != across]
        down = y if y is not None else (rest[0] if rest else None)
        if down is None or down == across:
            cells = table.groupby(across, sort=False)["sharpe_ratio"].mean().to_frame("").T
        else:
            cells = table.pivot_table("sharpe_ratio", down, across, sort=False, dropna=False, observed=True)
        return plot_heat_map(cells, label="Mean Sharpe ratio", ax=ax)

    def _best_volatility(self) -> float:
        return float(self.trials["volatility"].iloc[self.best_trial])

    def _best_rows(self) -> pd.DataFrame:
        finished = self.trials[self.trials["error"] == ""].drop(columns="error")
        return finished.sort_values("sharpe_ratio", ascending=False, kind="stable").head(SHOWN)

    def __repr__(self) -> str:
        return f"Sweep({self.finished:,} trials, deflated Sharpe ratio {self.deflated_sharpe_ratio:.4g})"

    def _repr_html_(self) -> str:
        table = self._best_rows().to_html(formatters=_formatters(self.trials), border=0)
        return f"<pre>{self.selection_summary()}</pre>{table}<p>{self.conventions()}</p>"


def _orderable(value: Any) -> Any:
    """Return what can be a label of a table: the value itself, or its text."""
    return value if isinstance(value, int | float | str) else str(value)


def _formatters(table: pd.DataFrame) -> dict[Any, Any]:
    forms = {name: "{:.2%}".format if name in PERCENTAGES else "{:.3f}".format for name in MEASURES}
    return {name: form for name, form in forms.items() if name in table}
