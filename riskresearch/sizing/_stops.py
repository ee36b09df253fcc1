"""Sizing by the distance to a stop, either given or a multiple of the average true range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar, overload

import numpy as np

from riskresearch.core._checks import check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.compiled._ranges import AverageTrueRange
from riskresearch.kernels.compiled._target_weights import RiskBudget
from riskresearch.sizing._arguments import (
    check_band,
    check_fraction,
    check_limits,
    check_rebalance,
    size_limits,
    warn_of_void_leverage,
)
from riskresearch.sizing._staged import Feed, Formula, StagedSizer

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import Data, FloatMatrix, Labelled, NanPolicy, OverTime, State
    from riskresearch.kernels._rolling import Sweep
    from riskresearch.sizing._capped_weights import CappedWeights


@answers_other_names()
@dataclass(frozen=True, slots=True)
class FixedRiskSizer(StagedSizer):
    """Size each position so that hitting its stop loses a given fraction of net asset value.

    The weight is risk / (distance / price + costs) where distance is that from price to stop; a stop above the price
    is that of a short position. It is decided after row t and in force from row t + 1 on, and computed again on each
    row: a trailing stop is a stop that moves. A gap through the stop loses more. There is no start-up. A stop at the
    price gives the largest size that the caps allow, a missing stop 0; a missing price keeps the weight.

    Parameters
    ----------
    risk : float
        Loss at the stop, a fraction of net asset value: 0.01 is 1 %.
    costs : float
        Cost of entry and exit together, a fraction of the position's notional.
    max_weight : float, optional
        Largest size of one weight; None leaves it to `max_leverage`.
    max_leverage : float, optional
        Largest sum of sizes; all are scaled down to it. 1 never borrows, None is no limit.
    band : float
        A weight is held while the new one is within this fraction of itself.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Hold the weights decided on the last row of each period through the next one; None decides on each row.
    nan_policy : {"raise", "omit"}
        Whether missing prices and stops are an error or as above.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.FixedRiskSizer(risk=0.01)
    >>> sizer.weights([100.0, 102.0, 102.0], stops=[95.0, 99.0, 105.0])
    array([ 0.2 ,  0.34, -0.34])
    """

    inputs: ClassVar[tuple[str, ...]] = ("prices", "stops", "signals")
    required: ClassVar[tuple[str, ...]] = ("stops",)

    risk: float = 0.01
    _: KW_ONLY
    costs: float = 0.0
    max_weight: float | None = None
    max_leverage: float | None = 1.0
    band: float = 0.0
    rebalance: Period | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        _check_risk(self.risk)
        if not 0.0 <= check_number(self.costs, name="costs") < 1.0:
            raise InvalidInputError(f"costs must be in [0, 1), got {self.costs!r}. 5 basis points are 0.0005.")
        check_limits(self.max_weight, self.max_leverage)
        check_band(self.band)
        check_rebalance(self.rebalance)

    @overload
    def weights(self, prices: Labelled, *, stops: Data, signals: Data | None = None) -> Labelled: ...
    @overload
    def weights(self, prices: Data, *, stops: Data, signals: Data | None = None) -> OverTime: ...
    def weights(self, prices: Data, *, stops: Data, signals: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        prices : Series, DataFrame or array
            Prices, one column per asset.
        stops : same shape as `prices`
            The price at which each position would be closed.
        signals : same shape as `prices`, optional
            From -1 to 1: 0 is no position, a fraction a part of one; the sign must be that of price less stop.

        Returns
        -------
        same type as `prices`
            Fractions of net asset value, never nan.
        """
        return self._weights_of(prices, {"stops": stops, "signals": signals}, name="prices")

    def explain(self, prices: Data, *, stops: Data, signals: Data | None = None) -> CappedWeights:
        """Return the same weights with what was wanted before caps, and which cap bound where.

        Parameters
        ----------
        prices, stops, signals : Series, DataFrame or array
            As in `weights`.

        Returns
        -------
        CappedWeights
        """
        return self._explained(prices, {"stops": stops, "signals": signals}, name="prices")

    def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]:
        losses, sides = feed.answers(), feed.answers()

        def losses_of(prices: FloatMatrix, stops: FloatMatrix, signals: FloatMatrix) -> tuple[FloatMatrix, ...]:
            return stop_losses(prices, stops, signals if "signals" in feed.given else None, self.costs)

        parts = [feed.source, feed.extras["stops"], feed.extras["signals"]]
        return [Formula(feed, losses_of, parts, [losses, sides]), risk_budget(self, feed, feed.source, losses, sides)]


@answers_other_names()
@dataclass(frozen=True, slots=True)
class ATRSizer(StagedSizer):
    """Size each position so that a move of a multiple of the average true range loses a fraction of net asset value.

    The weight is risk times price over (multiple times the range), by Wilder's average, which takes its first true
    range from the second row. It is decided after row t and in force from row t + 1 on; 0 for the first `window` rows.
    A range of zero gives the largest size that the caps allow; a row that misses a price keeps the weight.

    Parameters
    ----------
    risk : float
        Loss wanted at the multiple, a fraction of net asset value: 0.01 is 1 %.
    multiple : float
        Average true ranges from the price to where the loss is taken.
    window : int
        Rows of Wilder's average.
    max_weight : float, optional
        Largest size of one weight; None leaves it to `max_leverage`.
    max_leverage : float, optional
        Largest sum of sizes; all are scaled down to it. 1 never borrows, None is no limit.
    band : float
        A weight is held while the new one is within this fraction of itself.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Hold the weights decided on the last row of each period through the next one; None decides on each row.
    nan_policy : {"raise", "omit"}
        Whether missing prices are an error or leave the average as it was.

    References
    ----------
    Wilder, J. W. (1978), New Concepts in Technical Trading Systems.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.ATRSizer(risk=0.01, multiple=2.0, window=2)
    >>> close, high, low = [100.0, 101.0, 100.0, 102.0], [101.0, 102.0, 102.0, 102.0], [99.0, 100.0, 100.0, 100.0]
    >>> sizer.weights(close, high=high, low=low)
    array([0.   , 0.   , 0.25 , 0.255])
    """

    inputs: ClassVar[tuple[str, ...]] = ("close", "high", "low", "signals")
    required: ClassVar[tuple[str, ...]] = ("high", "low")

    risk: float = 0.01
    _: KW_ONLY
    multiple: float = 2.0
    window: int = 20
    max_weight: float | None = None
    max_leverage: float | None = 1.0
    band: float = 0.0
    rebalance: Period | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        _check_risk(self.risk)
        check_positive(self.multiple, name="multiple")
        check_count(self.window, name="window", minimum=1)
        check_limits(self.max_weight, self.max_leverage)
        check_band(self.band)
        check_rebalance(self.rebalance)

    @overload
    def weights(self, close: Labelled, *, high: Data, low: Data, signals: Data | None = None) -> Labelled: ...
    @overload
    def weights(self, close: Data, *, high: Data, low: Data, signals: Data | None = None) -> OverTime: ...
    def weights(self, close: Data, *, high: Data, low: Data, signals: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        close : Series, DataFrame or array
            Closing prices, one column per asset.
        high, low : same shape as `close`
            Highest and lowest prices of the same bars.
        signals : same shape as `close`, optional
            From -1 (short) to 1 (long), known after each row; None is long everywhere.

        Returns
        -------
        same type as `close`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        return self._weights_of(close, {"high": high, "low": low, "signals": signals}, name="close")

    def explain(self, close: Data, *, high: Data, low: Data, signals: Data | None = None) -> CappedWeights:
        """Return the same weights with what was wanted before caps, and which cap bound where.

        Parameters
        ----------
        close, high, low, signals : Series, DataFrame or array
            As in `weights`.

        Returns
        -------
        CappedWeights
        """
        return self._explained(close, {"high": high, "low": low, "signals": signals}, name="close")

    def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]:
        bars = close, high, low = feed.source, feed.extras["high"], feed.extras["low"]
        ranges, losses, complete = feed.answers(), feed.answers(), feed.answers()
        state = new_range_state(close.shape[1])
        feed.state |= state
        average: Sweep = AverageTrueRange(close, high, low, self.window, state, ranges)  # type: ignore[no-untyped-call]

        def losses_of(ranges: FloatMatrix, close: FloatMatrix) -> tuple[FloatMatrix]:
            return (ranges * self.multiple / close,)

        return [
            Formula(feed, checked_bars, bars, [complete]),
            average,
            Formula(feed, losses_of, [ranges, close], [losses]),
            risk_budget(self, feed, complete, losses, feed.extras["signals"]),
        ]


def risk_budget(
    sizer: FixedRiskSizer | ATRSizer, feed: Feed, source: FloatMatrix, losses: FloatMatrix, signals: FloatMatrix
) -> Sweep:
    """Return the last stage: risk over loss, capped and held within the band, where `source` is not missing."""
    limits = size_limits(sizer.max_weight, sizer.max_leverage, alone=True)
    warn_of_void_leverage(sizer.max_weight, sizer.max_leverage, source.shape[1])
    sweep: Sweep = RiskBudget(  # type: ignore[no-untyped-call]
        source, losses, signals, np.empty(0), sizer.risk, sizer.band, limits.numbers(), feed.held, feed.weights,
        feed.notes.wanted, feed.notes.reasons,
    )  # fmt: skip
    return sweep


def stop_losses(
    prices: FloatMatrix, stops: FloatMatrix, signals: FloatMatrix | None, costs: float
) -> tuple[FloatMatrix, FloatMatrix]:
    """Return what a position of weight 1 loses at its stop, nan without a stop, and the signed part of a position."""
    _check_prices(prices, name="prices")
    _check_prices(stops, name="stops")
    apart = prices - stops
    side: FloatMatrix = np.where(apart < 0.0, -1.0, 1.0)
    if signals is not None:
        if (signals * apart < 0.0).any():
            row, column = np.argwhere(signals * apart < 0.0)[0]
            raise InvalidInputError(
                f"stops must be below the price of a long position and above that of a short one, got a stop of "
                f"{stops[row, column]:g} at a price of {prices[row, column]:g} with signal {signals[row, column]:g}."
            )
        side = signals
    return np.abs(apart) / prices + costs, side


def checked_bars(close: FloatMatrix, high: FloatMatrix, low: FloatMatrix) -> tuple[FloatMatrix]:
    """Check bars, and return numbers that are nan where a price is missing."""
    _check_prices(low, name="low")
    wrong = (high < low) | (close > high) | (close < low)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InvalidInputError(
            f"high and low must enclose the close, got high {high[row, column]:g}, low {low[row, column]:g} and close "
            f"{close[row, column]:g} on row {row}, column {column}."
        )
    return (close + high + low,)


def new_range_state(columns: int) -> State:
    """Return the state of an average true range before the first row."""
    return {"before": np.full(columns, np.nan), "average": np.zeros(columns), "count": np.zeros(columns)}


def _check_risk(risk: float) -> None:
    check_fraction(risk, name="risk", what="the loss at the stop", example="1 % of net asset value is 0.01, not 1")


def _check_prices(values: FloatMatrix, *, name: str) -> None:
    if (values <= 0.0).any():
        raise InvalidInputError(f"{name} must be positive, got {values[values <= 0.0][0]:g}.")
