"""Market timing regressions of Treynor and Mazuy, and of Henriksson and Merton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import asset_names, panel_and_benchmark, risk_free_vector
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.output._formats import ratio_4
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels.benchmark._timing import timing_regression
from riskresearch.metrics._measure import Measure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatVector, NanPolicy

ERRORS = ("ols", "hac")
NUMBERS = ("alpha", "alpha_error", "beta", "beta_error", "timing", "timing_error", "r_squared")
THIRD_REGRESSOR = {"treynor_mazuy": "m ^ 2", "henriksson_merton": "max(-m, 0)"}


@dataclass(frozen=True, slots=True)
class TimingRegression:
    """A timing regression of each asset: `treynor_mazuy` and `henriksson_merton` make it. One entry per asset."""

    assets: tuple[str, ...]
    alpha: tuple[float, ...]
    """Intercept per year: the excess return that beta and timing do not explain."""
    alpha_error: tuple[float, ...]
    """Standard error of `alpha`; likewise `beta_error` and `timing_error`."""
    beta: tuple[float, ...]
    beta_error: tuple[float, ...]
    timing: tuple[float, ...]
    """Coefficient of the third regressor; positive if the exposure is higher when the market rises."""
    timing_error: tuple[float, ...]
    r_squared: tuple[float, ...]
    observations: tuple[int, ...]
    lags: tuple[int, ...]
    """Lags of the HAC standard errors; 0 with ordinary ones."""
    model: str
    errors: str
    periods_per_year: float

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers as rows and the assets as columns."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        rows = {name: getattr(self, name) for name in NUMBERS}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(self.assets))

    def conventions(self) -> str:
        """Return a one-line description of the regression."""
        rows = " / ".join(str(count) for count in sorted(set(self.observations)))
        lags = " / ".join(str(count) for count in sorted(set(self.lags)))
        hac = f"HAC (Bartlett weights, {lags} lags)" if self.errors == "hac" else "ordinary (n - 3)"
        return (
            f"Excess return = alpha + beta m + timing {THIRD_REGRESSOR[self.model]}, m the benchmark's excess return; "
            f"{rows} rows; alpha times {self.periods_per_year:g}; standard errors: {hac}."
        )

    def summary(self) -> str:
        """Return the table and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = [(name.replace("_", " "), *map(ratio_4, getattr(self, name))) for name in NUMBERS]
        return [table(["", *self.assets], rows), self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the timing coefficients over their standard errors as bars."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        frame = self.to_frame().T
        scores = frame["timing"] / frame["timing_error"]
        return plot_bars(scores, label="Timing over its error", title="Market timing, t statistics", ax=ax)

    def __repr__(self) -> str:
        count = len(self.assets)
        return f"TimingRegression({self.model}, {count} asset{'s' * (count != 1)}, {self.errors} errors)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@answers_other_names()
def treynor_mazuy(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    errors: Literal["ols", "hac"] = "ols",
    lags: int | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> TimingRegression:
    """Regress excess returns on the benchmark's and on its square, which shows a beta that rises with the market.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset, at least 4 rows.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    errors : {"ols", "hac"}
        Ordinary standard errors, or Newey-West's, which hold under changing variance and autocorrelation.
    lags : int, optional
        With "hac", the number of lags; None takes the whole part of 4 (n / 100) ^ (2 / 9).
    periods_per_year : float, optional
        Rows that make a year, for alpha; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    TimingRegression
        All nan where the benchmark takes too few values for three coefficients.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Treynor & Mazuy, Harvard Business Review 44, 1966. HAC: Newey & West, Econometrica 55, 1987.

    Examples
    --------
    >>> import riskresearch
    >>> market = [0.01, -0.02, 0.03, -0.01, 0.0]
    >>> result = riskresearch.metrics.treynor_mazuy([m + 2 * m * m for m in market], market)
    >>> round(result.beta[0], 6), round(result.timing[0], 6)
    (1.0, 2.0)
    """
    count = _lags(lags, errors)
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=4)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return _regress(panel, market, rates, "treynor_mazuy", errors, count, periods)


@answers_other_names()
def henriksson_merton(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    errors: Literal["ols", "hac"] = "ols",
    lags: int | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> TimingRegression:
    """Regress excess returns on the benchmark's and on the payoff of a put on it, the worth of timing.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset, at least 4 rows.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`. It is the put's strike.
    errors : {"ols", "hac"}
        Ordinary standard errors, or Newey-West's, which hold under changing variance and autocorrelation.
    lags : int, optional
        With "hac", the number of lags; None takes the whole part of 4 (n / 100) ^ (2 / 9).
    periods_per_year : float, optional
        Rows that make a year, for alpha; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    TimingRegression
        `beta` is that of the up market, `beta - timing` that of the down market. All nan where the benchmark's excess
        return is never, or always, negative.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Henriksson & Merton, J. Business 54, 1981. HAC: Newey & West, Econometrica 55, 1987.

    Examples
    --------
    >>> import riskresearch
    >>> market = [0.01, -0.02, 0.03, -0.01, 0.0]
    >>> result = riskresearch.metrics.henriksson_merton([max(m, 0.0) for m in market], market)
    >>> round(result.beta[0], 6), round(result.timing[0], 6)
    (1.0, 1.0)
    """
    count = _lags(lags, errors)
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=4)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return _regress(panel, market, rates, "henriksson_merton", errors, count, periods)


def _lags(lags: int | None, errors: str) -> int | None:
    if check_choice(errors, ERRORS, name="errors") == "ols" and lags is not None:
        raise InvalidInputError(f'lags must be left out with errors="ols", got {lags!r}: they are for errors="hac".')
    return None if lags is None else check_count(lags, name="lags", minimum=0)


def _regress(
    panel: Panel,
    market: FloatVector,
    rates: FloatVector,
    model: str,
    errors: str,
    lags: int | None,
    periods: float,
) -> TimingRegression:
    if lags is not None and lags >= panel.values.shape[0]:
        raise InvalidInputError(f"lags must be below the {panel.values.shape[0]} rows of returns, got {lags}.")
    table = panel.per_column(
        lambda values, other, free: timing_regression(values, other, free, model, errors, lags), market, rates
    )
    alpha, beta, timing, alpha_error, beta_error, timing_error, r_squared = (tuple(row) for row in table[:7].tolist())
    return TimingRegression(
        assets=asset_names(panel),
        alpha=tuple(value * periods for value in alpha),
        alpha_error=tuple(value * periods for value in alpha_error),
        beta=beta,
        beta_error=beta_error,
        timing=timing,
        timing_error=timing_error,
        r_squared=r_squared,
        observations=tuple(int(count) for count in table[8]),
        lags=tuple(int(count) for count in table[7]),
        model=model,
        errors=errors,
        periods_per_year=periods,
    )


MEASURES = (
    Measure(treynor_mazuy, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=4, answer="record"),
    Measure(henriksson_merton, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=4, answer="record"),
)
