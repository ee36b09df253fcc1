"""Vince's optimal f, with a warning about its dependence on the worst loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError, WorstLossWarning
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import as_html
from riskresearch.kernels.inlined._formulas import ROUNDING
from riskresearch.sizing._arguments import check_leverage

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatVector


@dataclass(frozen=True, slots=True)
class OptimalF:
    """Vince's optimal f of one series of trades: see `optimal_f`."""

    fraction: float
    """f: the part of wealth that the worst trade of the past would have lost."""
    worst_loss: float
    """The largest loss, positive, in the unit of the trades."""
    units_per_wealth: float
    """f over the worst loss: trades to hold per unit of wealth. If trades are returns it is a weight, and above 1 it
    borrows: see `weight`."""
    weight: float
    """The weight to hold, if trades are returns: `units_per_wealth`, at most `max_leverage`."""
    binding: str
    """"max_leverage" where that binds, else empty."""
    geometric_mean: float
    """Growth factor per trade at f."""
    fraction_without_worst: float
    """f of the same trades less the worst one; 1.0 if no loss is left."""
    trades: int

    @property
    def growth_rate(self) -> float:
        """Logarithm of the geometric mean."""
        return math.log(self.geometric_mean)

    def to_frame(self) -> pd.DataFrame:
        """Return one row of all numbers."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return pd.DataFrame({name: [getattr(self, name)] for name in self.__dataclass_fields__}, index=["trades"])

    def summary(self) -> str:
        """Return the numbers and the warning as text."""
        return (
            f"optimal f {self.fraction:.4f}: {self.units_per_wealth:.6g} units per unit of wealth, growth factor "
            f"{self.geometric_mean:.6f} per trade over {counted(self.trades, 'trade')}.\n"
            f"Driven by the worst loss of {self.worst_loss:g}; without that one trade f is "
            f"{self.fraction_without_worst:.4f}."
            + (f"\nAs a weight it is held to {self.weight:g} by {self.binding}." if self.binding else "")
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw f with and without the worst trade as bars."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        bars = pd.Series({"all trades": self.fraction, "without the worst": self.fraction_without_worst})
        title = f"Optimal f of {self.trades:,} trade{'s' * (self.trades != 1)}"
        return plot_bars(bars, label="Optimal f (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        return f"OptimalF({self.fraction:.4g}, worst_loss={self.worst_loss:g}, {counted(self.trades, 'trade')})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


@answers_other_names()
def optimal_f(trades: Data, *, max_leverage: float | None = 1.0) -> OptimalF:
    """Return Vince's optimal f of a series of trades. Warning: it depends on the single worst loss.

    Parameters
    ----------
    trades : Series or 1-D array
        Profit of each trade per unit held, in money or as a return.
    max_leverage : float, optional
        Largest `weight`, for trades that are returns: 1 never borrows, None is no limit. f itself has none.

    Returns
    -------
    OptimalF
        The f in [0, 1) with the greatest product of 1 + f * trade / worst loss. It is Kelly's criterion on the trades
        taken for the whole truth: it assumes that no loss will ever exceed the worst one so far, and near f halves the
        account often. Half of it is a large bet; `fraction_without_worst` shows how much one trade decides.

    Raises
    ------
    InvalidInputError
        If there is no loss: then f is not defined.

    Warns
    -----
    WorstLossWarning
        Always, with f and what it would be without the worst trade.

    References
    ----------
    Vince, Portfolio Management Formulas, 1990.

    Examples
    --------
    >>> import warnings, riskresearch
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", riskresearch.core.WorstLossWarning)
    ...     riskresearch.sizing.optimal_f([2.0, -1.0])
    OptimalF(0.25, worst_loss=1, 2 trades)
    """
    check_leverage(max_leverage)
    panel = as_panel(trades, name="trades", holds="numbers")
    if panel.values.shape[1] != 1:
        raise InvalidInputError(f"trades must be one series, got {panel.values.shape[1]} columns.")
    profits = panel.values[:, 0]
    worst = -float(profits.min())
    if worst <= 0.0:
        raise InvalidInputError(
            f"trades must hold a loss, got a least profit of {-worst:g}: f is in units of the worst loss."
        )
    fraction = _best_fraction(profits / worst)
    without, most = _without_worst(profits), math.inf if max_leverage is None else float(max_leverage)
    result = OptimalF(
        fraction=fraction,
        worst_loss=worst,
        units_per_wealth=fraction / worst,
        weight=min(fraction / worst, most),
        binding="max_leverage" if fraction / worst > most else "",
        geometric_mean=math.exp(float(np.log1p(fraction * profits / worst).mean())),
        fraction_without_worst=without,
        trades=profits.size,
    )
    warn_user(
        f"optimal f is {fraction:.4g} because the worst of {profits.size} trades lost {worst:g}; without that trade it "
        f"is {without:.4g}. A larger loss to come is not in it: prefer kelly_weights with a drawdown limit.",
        WorstLossWarning,
    )
    return result


def _without_worst(profits: FloatVector) -> float:
    rest = np.delete(profits, int(profits.argmin()))
    if rest.size == 0 or rest.min() >= 0.0:
        return 1.0
    return _best_fraction(rest / -float(rest.min()))


def _best_fraction(multiples: FloatVector) -> float:
    """Return the f in [0, 1) of greatest mean log(1 + f * multiple), whose least multiple is -1."""
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures spare)

    if float(multiples.mean()) <= ROUNDING * float(np.abs(multiples).mean()):
        return 0.0

    def slope(f: float) -> float:
        return float((multiples / (1.0 + f * multiples)).mean())

    high = 0.5
    while slope(1.0 - high) > 0.0:
        high /= 2.0
    return float(optimize.brentq(slope, 0.0, 1.0 - high, xtol=1e-15, rtol=1e-14))
