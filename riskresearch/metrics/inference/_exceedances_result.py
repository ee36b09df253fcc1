"""The result of `exceedances`, and how it is made from checked returns and forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._labels import show_date
from riskresearch.core.output._formats import count as written_count, counted, number, percent, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.kernels.inference._binomial import exact_bounds

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, OverTime, PerColumn


@dataclass(frozen=True, slots=True, eq=False)
class Exceedances:
    """Losses above the VaR that was known before them: what `exceedances` returns.

    Counts and shares have the form of a measure: a number for one series, one per column for several.
    """

    count: PerColumn
    """Number of exceedances."""
    observations: PerColumn
    """Number of returns with a forecast before them."""
    expected: PerColumn
    """Exceedances to be expected: (1 - level) times the observations."""
    share: PerColumn
    """Count over observations."""
    interval: tuple[PerColumn, PerColumn]
    """Exact binomial bounds of the share, for independent exceedances (Clopper & Pearson)."""
    level: float
    confidence: float
    """Coverage probability of the interval."""
    lag: int
    """Rows from a forecast to its return."""
    returns: OverTime
    value_at_risk: OverTime
    """The VaR that was known before each return, on the row of the return; nan where there was none."""
    conditional_value_at_risk: OverTime | None = None
    """The CVaR of the same forecast, if it has one."""

    @property
    def dates(self) -> Any:
        """The dates of the exceedances, or row numbers of undated data; by column where there are several."""
        frame = self.to_frame()
        if "asset" not in frame:
            return frame.index
        return {asset: frame.index[frame["asset"] == asset] for asset in self._counts().index}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per exceedance, by date: return, VaR, and the excess of the loss over it.

        CVaR follows if the forecast has it; of several assets, one after the other, the first column is the asset.
        """
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        frames = {name: _as_frame(getattr(self, name)) for name in self._paths()}
        values = {name: frame.to_numpy(dtype=np.float64) for name, frame in frames.items()}
        shape, names = frames["returns"], frames["returns"].columns
        # Column by column, each in the order of its dates.
        assets, rows = np.nonzero((-values["returns"] > values["value_at_risk"]).T)
        found = {name: column[rows, assets] for name, column in values.items()}
        table: dict[str, Any] = {"asset": names[assets]} if len(names) > 1 else {}
        table |= {"return": found.pop("returns"), "value_at_risk": found.pop("value_at_risk")}
        table |= {"excess": -table["return"] - table["value_at_risk"], **found}
        return pd.DataFrame(table, index=shape.index[rows])

    def summary(self) -> str:
        """Return the counts, their interval, the largest excess and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        counts = self._counts()
        if len(counts) == 1:
            return ["\n".join([self._sentence(counts.iloc[0]), *self._worst(), self.conventions()])]
        forms: Any = [written_count, written_count, _tenths, percent, percent, percent]
        return [frame_table(counts, dict(zip(map(str, counts.columns), forms, strict=True))), self.conventions()]

    def conventions(self) -> str:
        """Return in one line what is compared and how the interval is made."""
        after = {0: "the return of the same row", 1: "the return of the next row"}.get(
            self.lag, f"the return {self.lag} rows later"
        )
        return (
            f"VaR of level {self.level:g} against {after}; a tie is no exceedance. Exact binomial interval "
            f"(Clopper & Pearson) of confidence {self.confidence:g}, for independent exceedances."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the returns, the VaR and CVaR known before them, and the exceedances; assets below one another."""
        from riskresearch.plots import plot_exceedances  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_exceedances(
            self.returns,
            value_at_risk=self.value_at_risk,
            conditional_value_at_risk=self.conditional_value_at_risk,
            level=self.level,
            title=f"Returns under the {percent_of(self.level)} VaR known before them",
            ax=ax,
        )

    def __repr__(self) -> str:
        counts = self._counts()
        if len(counts) > 1:
            return f"Exceedances({counted(len(counts), 'asset')}, level={self.level:g})"
        count, rows, expected = counts.iloc[0, :3]
        return f"Exceedances({count:,.0f} in {counted(rows, 'row')}, {expected:,.1f} expected, level={self.level:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _paths(self) -> tuple[str, ...]:
        further = () if self.conditional_value_at_risk is None else ("conditional_value_at_risk",)
        return ("returns", "value_at_risk", *further)

    def _counts(self) -> pd.DataFrame:
        """Return one row per asset: count, rows, expected, share and its bounds."""
        import pandas as pd  # noqa: PLC0415

        columns = {
            "exceedances": self.count,
            "rows": self.observations,
            "expected": self.expected,
            "share": self.share,
            "lower": self.interval[0],
            "upper": self.interval[1],
        }
        names = _as_frame(self.returns).columns
        return pd.DataFrame({name: _numbers(column) for name, column in columns.items()}, index=names)

    def _sentence(self, row: pd.Series) -> str:
        count, rows, expected, share, lower, upper = (float(each) for each in row)
        var = f"{percent_of(self.level)} VaR"
        if rows == 0.0:
            return f"No return has a {var} before it."
        nominal = 1.0 - self.level
        around = "contains" if lower <= nominal <= upper else "does not contain"
        return (
            f"{counted(count, 'exceedance')} of the {var} in {counted(rows, 'row')}, "
            f"{_tenths(expected)} expected.\n"
            f"Share {percent(share)}, {percent_of(self.confidence)} interval {percent(lower)} to {percent(upper)}, "
            f"which {around} {percent_of(nominal)}."
        )

    def _worst(self) -> list[str]:
        frame = self.to_frame()
        if frame.empty:
            return []
        place = int(frame["excess"].to_numpy().argmax())
        row = frame.iloc[place]
        return [
            f"Largest excess: {show_date(frame.index[place])}, a return of {percent(row['return'])} against a VaR of "
            f"{percent(row['value_at_risk'])}."
        ]


def label_exceedances(
    panel: Panel,
    losses: FloatMatrix,
    further: FloatMatrix | None,
    *,
    level: float,
    lag: int,
    confidence: float,
) -> Exceedances:
    """Compare the returns of `panel` with the forecasts `lag` rows before, shape (rows, columns), and label the result.

    `further` is the CVaR of the same forecast.
    """
    known = _lagged(losses, lag)
    compared = ~np.isnan(known) & ~np.isnan(panel.values)
    counts: Any = (compared & (-panel.values > known)).sum(axis=0)
    trials: Any = compared.sum(axis=0)
    bounds = exact_bounds(counts, trials, confidence)
    label = panel.labels.per_column
    with np.errstate(invalid="ignore"):
        share = counts / trials
    return Exceedances(
        count=_whole(label(counts)),
        observations=_whole(label(trials)),
        expected=label(trials - level * trials),
        share=label(share),
        interval=(label(bounds[0]), label(bounds[1])),
        level=level,
        confidence=confidence,
        lag=lag,
        returns=panel.labels.over_time(panel.values),
        value_at_risk=panel.labels.over_time(known),
        conditional_value_at_risk=None if further is None else panel.labels.over_time(_lagged(further, lag)),
    )


def _lagged(values: FloatMatrix, lag: int) -> FloatMatrix:
    """Return the values on the row `lag` later; nan before."""
    moved = np.full(values.shape, np.nan)
    moved[lag:] = values[: max(values.shape[0] - lag, 0)]
    return moved


def _whole(counts: PerColumn) -> PerColumn:
    return int(counts) if isinstance(counts, float) else counts


def _as_frame(data: Any) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    from riskresearch.core.frames._as_pandas import as_pandas  # noqa: PLC0415

    made = as_pandas(data, name="returns")
    return made if isinstance(made, pd.DataFrame) else pd.DataFrame(made)


def _numbers(value: Any) -> Any:
    if hasattr(value, "row"):  # one row of a polars frame
        value = value.row(0)
    return np.atleast_1d(np.asarray(value, dtype=np.float64))


def _tenths(value: float) -> str:
    return number(value, decimals=1)
