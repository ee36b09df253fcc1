"""VaR and CVaR of a moving window together, and against the returns that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core._arguments import check_confidence
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, read_numbers
from riskresearch.core.frames._as_pandas import as_pandas
from riskresearch.core.output._formats import percent
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.metrics._tail_rows import OTHER_NAMES
from riskresearch.metrics.inference._exceedances_result import Exceedances, label_exceedances
from riskresearch.metrics.windows._rolling import rolled
from riskresearch.metrics.windows._windowed import TAIL_RISK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, NanPolicy, OverTime


@dataclass(frozen=True, slots=True, repr=False)
class RollingTailRisk:
    """Historical VaR and CVaR of the last `window` rows, after each row: what `rolling_tail_risk` returns.

    Parameters
    ----------
    value_at_risk, conditional_value_at_risk : same type as the returns
        Losses per period, positive is worse.
    window : int
        Number of rows.
    level : float
        Confidence level.
    returns : same type as the returns
        The returns as they were given, without a copy.
    """

    value_at_risk: OverTime
    conditional_value_at_risk: OverTime
    window: int
    level: float
    returns: OverTime

    def exceedances(self, *, interval: float = 0.95) -> Exceedances:
        """Count the returns that lost more than the VaR of the row before, as `riskresearch.exceedances` does."""
        confidence = check_confidence(interval, name="interval")
        values, labels = read_numbers(self.returns, name="returns")
        panel = Panel("returns", values, labels, has_nan=True, min_rows=1, nan_policy="omit")
        losses, beyond = (
            read_numbers(each, name="forecast")[0] for each in (self.value_at_risk, self.conditional_value_at_risk)
        )
        return label_exceedances(panel, losses, beyond, level=self.level, lag=1, confidence=confidence)

    def to_frame(self) -> pd.DataFrame:
        """Return both side by side as a DataFrame whose columns begin with the measure."""
        import pandas as pd  # noqa: PLC0415 (arrays need no pandas)

        names = ("value_at_risk", "conditional_value_at_risk")
        return pd.concat({name: pd.DataFrame(as_pandas(getattr(self, name), name=name)) for name in names}, axis=1)

    def summary(self) -> str:
        """Return for each measure and column the latest value, the mean and the worst, and the exceedances, as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        shown = self._table()
        names = {"value_at_risk": "VaR", "conditional_value_at_risk": "CVaR"}
        shown.index = [f"{names[measure]} {column}" for measure, column in shown.index]
        formats = dict.fromkeys(shown.columns, percent)
        last = f"last {self.window} rows, level {self.level:g}; losses"
        return [frame_table(shown, formats), last, "", *self.exceedances()._blocks()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the returns, the VaR and CVaR of the row before each, and the exceedances.

        Several assets are drawn below one another, in a new figure.
        """
        return self.exceedances().plot(ax)

    def __repr__(self) -> str:
        """Return one line."""
        return f"RollingTailRisk(window={self.window}, level={self.level:g}, rows={len(self.value_at_risk)})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _table(self) -> pd.DataFrame:
        frame = self.to_frame()
        return frame.agg(["mean", "max"]).T.assign(latest=frame.iloc[-1]).rename(columns={"max": "worst"})


@answers_other_names({**OTHER_NAMES, "lookback": "window"}, second="window")
def rolling_tail_risk(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    level: float = 0.95,
    nan_policy: NanPolicy = "raise",
) -> RollingTailRisk:
    """Return historical VaR and CVaR of the last `window` rows, after each row, from one pass.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 1.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    level : float
        Confidence level in (0.5, 1).
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    RollingTailRisk
        With `value_at_risk` and `conditional_value_at_risk`, of the type of `returns`; each value equals the measure
        of its rows to the last bit.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_tail_risk([0.01, -0.03, 0.02], window=2).conditional_value_at_risk
    array([ nan, 0.03, 0.03])
    """
    panel, results = rolled(
        TAIL_RISK, returns, window=window, min_periods=min_periods, nan_policy=nan_policy, level=level
    )
    var, cvar = (panel.labels.over_time(result) for result in results)
    given = panel.labels.over_time(panel.values) if isinstance(returns, Panel) else returns
    return RollingTailRisk(var, cvar, window, level, given)
