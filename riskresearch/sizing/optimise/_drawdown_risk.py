"""The probability that fixed weights lose a part of the starting wealth: a bound and a simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import row_probabilities
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of
from riskresearch.core._weights import weighted_panel
from riskresearch.core.output._formats import percent_of
from riskresearch.core.output._tables import as_html
from riskresearch.kernels.optimise._growth import drawdown_exponent, growth_rate
from riskresearch.kernels.optimise._wealth_paths import falls
from riskresearch.sizing.optimise._kelly_closed_form import checked_drawdown
from riskresearch.sizing.optimise._kelly_scenarios import cash_rates
from riskresearch.sizing.optimise._parameter_uncertainty import Drawn, simulated_chance

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data

UNCERTAINTIES = ("ignore", "predictive")


@dataclass(frozen=True, slots=True)
class DrawdownRisk:
    """The probability that wealth ever falls by a part of its start: see `drawdown_risk`."""

    drawdown: float
    bound: float
    """Over any number of periods, if the scenarios are the truth."""
    simulated: float
    """Share of the simulated paths that fall so far within `periods`."""
    uncertainty: str
    """"ignore" draws all paths from the scenarios, "predictive" each from its own draw of mean and covariance."""
    standard_error: float
    """Of `simulated`, for independent paths."""
    growth_rate: float
    """Expected log growth per period."""
    simulated_growth_rate: float
    """Mean log growth per period of the paths."""
    periods: int
    paths: int
    seed: int
    """What the draws started from, which `rng=seed` repeats."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row of all numbers."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return pd.DataFrame({name: [getattr(self, name)] for name in self.__dataclass_fields__}, index=["wealth"])

    def summary(self) -> str:
        """Return the numbers and how they were found as text."""
        return (
            f"P(wealth ever falls {self.drawdown:.0%} below its start) <= {self.bound:.2%}; simulated over "
            f"{self.periods} periods {self.simulated:.2%} +- {self.standard_error:.2%} ({self.paths} paths, seed "
            f"{self.seed}{self._truths()}).\nGrowth {self.growth_rate:.4%} per period, simulated "
            f"{self.simulated_growth_rate:.4%}; rows are drawn independently."
        )

    def _truths(self) -> str:
        return "" if self.uncertainty == "ignore" else "; each path with its own draw of the unknown truth"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw bound and simulated probability as bars."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        bars = pd.Series({"bound": self.bound, "simulated": self.simulated})
        title = f"Probability that wealth falls by {percent_of(self.drawdown)}"
        return plot_bars(bars, label="Probability (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"DrawdownRisk({self.drawdown:g}, bound={self.bound:.4g}, simulated={self.simulated:.4g})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


@answers_other_names()
def drawdown_risk(
    returns: Data,
    weights: Data,
    *,
    drawdown: float,
    periods: int,
    paths: int = 10_000,
    uncertainty: Literal["ignore", "predictive"] = "ignore",
    probabilities: Data | None = None,
    risk_free: float | Data = 0.0,
    rng: int | np.random.Generator | None = 0,
) -> DrawdownRisk:
    """Return how likely wealth is ever to fall by a part of its start, with constant weights.

    Parameters
    ----------
    returns : Series, DataFrame or array, shape (rows, assets)
        Scenarios of simple returns per period, drawn independently.
    weights : mapping, Series or array, shape (assets,)
        Fractions of wealth, restored each period; the rest is cash.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    drawdown : float
        The part of the starting wealth that is lost, in (0, 1); it is not measured from later peaks.
    periods, paths : int
        Length and number of the simulated paths.
    uncertainty : {"ignore", "predictive"}
        Whether the scenarios are the truth, or a sample of it: then each path has its own draw of mean and covariance
        from their posterior under the diffuse prior. The bound and the growth rates always take them for the truth.
    probabilities : array, shape (rows,), optional
        Of the rows; equal ones by default.
    risk_free : float or Series
        Rate per period of cash and of borrowing.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same; None takes fresh entropy. The result has the `seed`.

    Returns
    -------
    DrawdownRisk

    Raises
    ------
    InvalidInputError
        If an argument is outside its range.

    References
    ----------
    Busseti, Ryu & Boyd, Risk-constrained Kelly gambling, Journal of Investing 25(3), 2016.

    Examples
    --------
    >>> import riskresearch
    >>> risk = riskresearch.sizing.drawdown_risk([1.0, 1.0, -1.0], [0.2], drawdown=0.5, periods=100, rng=0)
    >>> risk.simulated <= risk.bound
    True
    """
    panel, held = weighted_panel(returns, weights)
    rows, rates = panel.values.shape[0], cash_rates(risk_free, panel)
    chances = np.full(rows, 1.0 / rows)
    if probabilities is not None:
        chances = row_probabilities(probabilities, panel, name="probabilities")
    depth = checked_drawdown(drawdown)
    length, count = check_count(periods, name="periods", minimum=1), check_count(paths, name="paths", minimum=2)
    possible = chances > 0.0
    chances = chances[possible]
    wealth = (1.0 + rates + (panel.values - rates[:, None]) @ held)[possible]
    with np.errstate(divide="ignore"):  # ruin is minus infinity
        logs = np.log(np.maximum(wealth, 0.0))
    seed = seed_of(rng)
    below, ends = falls(logs, chances, length, count, math.log1p(-depth), seed)
    if check_choice(uncertainty, UNCERTAINTIES, name="uncertainty") == "predictive":
        if probabilities is not None:
            raise InvalidInputError('uncertainty must be "ignore" with probabilities, got "predictive".')
        if rows <= panel.values.shape[1] + 2:
            raise InvalidInputError(
                f"returns needs more than {panel.values.shape[1] + 2} rows for {panel.values.shape[1]} columns with "
                f"uncertainty='predictive', got {rows}."
            )
        excess = (panel.values - rates[:, None]) / (1.0 + rates[:, None])
        drawn = Drawn(excess, np.log1p(rates))
        below = round(count * simulated_chance(drawn, held, periods=length, depth=depth, paths=count, seed=seed))
    exponent = drawdown_exponent(logs, chances)
    share = below / count
    return DrawdownRisk(
        drawdown=depth,
        bound=0.0 if math.isinf(exponent) else float((1.0 - depth) ** exponent),
        simulated=share,
        uncertainty=uncertainty,
        standard_error=math.sqrt(share * (1.0 - share) / count),
        growth_rate=growth_rate(logs, chances),
        simulated_growth_rate=ends / length,
        periods=length,
        paths=count,
        seed=seed,
    )
