"""The market impact of Almgren, Thum, Hauptmann and Li (2005), with the constants of their paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_daily_volatility
from riskresearch.core.output._formats import counted, number, percent, plain
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.kernels.trades._almgren import almgren_permanent, almgren_temporary
from riskresearch.posttrade.impact._vectors import check_each, order_numbers, same_length

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

GAMMA, ETA = 0.314, 0.142
TURNOVER_EXPONENT, RATE_EXPONENT = 0.25, 0.6
BASIS_POINTS = 1e4
SHOWN_ORDERS = 20


@dataclass(frozen=True, slots=True, eq=False)
class AlmgrenImpact:
    """The impact that a model expects of orders: `almgren_impact` makes it. One entry per order.

    All are fractions of the price, positive where they hurt, for buys and sells alike.
    """

    orders: tuple[Any, ...]
    participation: tuple[float, ...]
    """Units over the average volume of a day."""
    permanent: tuple[float, ...]
    """I: how far the price stays moved after the order."""
    temporary: tuple[float, ...]
    """J - I / 2: what the pace of trading costs, and what fades."""
    realised: tuple[float, ...]
    """J: the expected cost against the price before the order, half of the permanent impact and the temporary one."""
    gamma: float
    eta: float
    turnover_exponent: float
    rate_exponent: float

    def to_frame(self) -> pd.DataFrame:
        """Return one row per order."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        names = ("participation", "permanent", "temporary", "realised")
        return pd.DataFrame({name: getattr(self, name) for name in names}, index=pd.Index(self.orders, name="order"))

    def conventions(self) -> str:
        """Return the formulas and their constants."""
        return (
            "Model of Almgren, Thum, Hauptmann and Li (2005), no measurement: permanent I = "
            f"{plain(self.gamma)} volatility X / V (shares / V) ^ {plain(self.turnover_exponent)}, temporary = "
            f"{plain(self.eta)} volatility (X / (V T)) ^ {plain(self.rate_exponent)}, realised J = I / 2 + temporary; "
            "volatility and average volume V of a day, T in days; in basis points of the price. Their constants are "
            "those of US stocks from 2001 to 2003."
        )

    def summary(self) -> str:
        """Return the first orders and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        frame = self.to_frame()
        formats = dict.fromkeys(("permanent", "temporary", "realised"), _basis_points)
        heads = {name: f"{name} (bp)" for name in formats}
        more = len(frame) - SHOWN_ORDERS
        rest = f"{counted(more, 'more order')} in to_frame(). " if more > 0 else ""
        shown = frame_table(frame.head(SHOWN_ORDERS), {**formats, "participation": percent}, heads=heads)
        return [shown, rest + self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the expected cost of the first orders as bars, in basis points."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        costs = self.to_frame()["realised"].head(SHOWN_ORDERS) * BASIS_POINTS
        return plot_bars(costs, label="Expected cost (basis points, model)", title="Impact of Almgren et al.", ax=ax)

    def __repr__(self) -> str:
        return f"AlmgrenImpact({counted(len(self.orders), 'order')}, gamma={self.gamma:g}, eta={self.eta:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _basis_points(value: float) -> str:
    return number(BASIS_POINTS * value, decimals=1)


@answers_other_names(
    {"adv": "average_volume", "sigma": "volatility", "shares": "shares_outstanding", "theta": "shares_outstanding",
     "T": "duration", "horizon": "duration", "beta": "rate_exponent", "delta": "turnover_exponent"}
)  # fmt: skip
def almgren_impact(
    units: Any,
    *,
    average_volume: Any,
    volatility: Any,
    shares_outstanding: Any,
    duration: Any,
    gamma: float = GAMMA,
    eta: float = ETA,
    turnover_exponent: float = TURNOVER_EXPONENT,
    rate_exponent: float = RATE_EXPONENT,
) -> AlmgrenImpact:
    """Return the permanent and temporary impact that Almgren, Thum, Hauptmann and Li expect of orders.

    It is a model, and no measurement: its constants were estimated from orders in US stocks from 2001 to 2003.

    Parameters
    ----------
    units : float, Series or array
        Size of the order; the sign is that of its side, and costs are positive for both.
    average_volume : float, Series or array
        Units traded in the market on an average day.
    volatility : float, Series or array
        Deviation of daily returns, a fraction.
    shares_outstanding : float, Series or array
        Units that exist, so that average_volume / shares_outstanding is the turnover of a day.
    duration : float, Series or array
        Time in days from the first to the last fill, of trading time: 0.5 is half a session.
    gamma, eta : float
        Constants of the permanent and the temporary impact.
    turnover_exponent, rate_exponent : float
        Exponents of the inverse turnover and of the rate of trading.

    Returns
    -------
    AlmgrenImpact
        One entry per order, as fractions of the price.

    Raises
    ------
    InvalidInputError
        If a number is missing or out of range, or the lengths differ.

    References
    ----------
    Almgren, Thum, Hauptmann & Li, Direct estimation of equity market impact, Risk 18(7), 2005.

    Examples
    --------
    The example of the paper, IBM, a tenth of a day's volume traded over half a day, which costs 18 basis points:

    >>> import riskresearch as rr
    >>> impact = rr.posttrade.almgren_impact(
    ...     656_100, average_volume=6.561e6, volatility=0.0157, shares_outstanding=1728e6, duration=0.5
    ... )
    >>> [round(1e4 * each[0]) for each in (impact.permanent, impact.temporary, impact.realised)]
    [20, 8, 18]
    """
    for name, value in (("gamma", gamma), ("eta", eta)):
        if check_number(value, name=name) < 0.0:
            raise InvalidInputError(f"{name} must not be negative, got {value!r}.")
    check_positive(rate_exponent, name="rate_exponent")
    check_number(turnover_exponent, name="turnover_exponent")
    given = {
        "units": units, "average_volume": average_volume, "volatility": volatility,
        "shares_outstanding": shares_outstanding, "duration": duration,
    }  # fmt: skip
    read = {name: order_numbers(value, name=name, like=units, of="units") for name, value in given.items()}
    numbers = same_length(read)
    for name, values in numbers.items():
        if np.isnan(values).any():
            row = int(np.flatnonzero(np.isnan(values))[0])
            raise InvalidInputError(f"{name} must be known for each order, got nan at row {row}. Leave the order out.")
        if name != "units":
            check_each(values, name=name, rule="positive")
    check_daily_volatility(float(np.median(numbers["volatility"])), of="order")
    participation = np.abs(numbers["units"]) / numbers["average_volume"]
    turnover = numbers["average_volume"] / numbers["shares_outstanding"]
    permanent = almgren_permanent(participation, numbers["volatility"], turnover, gamma, turnover_exponent)
    temporary = almgren_temporary(participation / numbers["duration"], numbers["volatility"], eta, rate_exponent)
    named = is_instance_of(units, "pandas", "Series")
    return AlmgrenImpact(
        orders=tuple(units.index) if named else tuple(range(len(participation))),
        participation=tuple(participation.tolist()),
        permanent=tuple(permanent.tolist()),
        temporary=tuple(temporary.tolist()),
        realised=tuple((0.5 * permanent + temporary).tolist()),
        gamma=float(gamma),
        eta=float(eta),
        turnover_exponent=float(turnover_exponent),
        rate_exponent=float(rate_exponent),
    )
