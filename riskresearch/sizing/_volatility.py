"""Volatility targeting and inverse volatility."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._checks import check_choice, check_count, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.compiled._target_weights import InverseRisk, ProportionalWeights
from riskresearch.models._forecasters import (
    EwmaForecast,
    RollingForecast,
    UserForecaster,
    decay_of,
)
from riskresearch.models._protocol import RiskForecaster
from riskresearch.models._tail_forecasters import flat_state
from riskresearch.sizing._arguments import (
    MAX_PLAUSIBLE_YEARLY_VOLATILITY,
    check_band,
    check_fraction,
    check_leverage,
    check_limits,
    check_rebalance,
    check_scope,
    default_of_window,
    min_observations,
    rows_of_halflife,
    size_limits,
    warn_of_void_leverage,
)
from riskresearch.sizing._protocol import ForecastSizer, SignalSizer
from riskresearch.sizing._risk_run import RiskRun, RiskTarget, risk_history
from riskresearch.sizing._rows import nan_policy_of
from riskresearch.sizing._run import Notes, new_notes

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import FloatMatrix, FloatVector, NanPolicy, State
    from riskresearch.kernels._rolling import Sweep
    from riskresearch.models._forecasters import Forecaster
    from riskresearch.sizing._run import Extras

ESTIMATORS = ("ewma", "rolling")


@dataclass(frozen=True, slots=True)
class VolatilityPositionSizer(ForecastSizer):
    """Size the portfolio, or each asset, to a target volatility, without borrowing unless told otherwise.

    A weight is decided after row t and in force from row t + 1 on: target over the volatility forecast. Weights are 0
    until the estimate has `min_periods` values. A missing return keeps the asset's weight and counts as its mean in the
    correlation. `explain` returns the weights with the caps that bound.

    Parameters
    ----------
    target : float
        Yearly volatility wanted: 0.10 is 10 %.
    scope : {"portfolio", "asset"}
        Whether the portfolio has the target, its sizes in proportion to signal over volatility and its volatility
        that of the covariance; or each asset by itself, whatever their number. For one asset they are the same.
    estimator : {"ewma", "rolling"}
        Exponentially weighted about zero, or the sample deviation of the last rows; for the correlation as well.
    halflife : float
        For "ewma": rows after which a return counts half.
    window : int
        For "rolling": number of rows.
    min_periods : int, optional
        Fewest values; None asks for `halflife` rounded up, or for all `window` (half with nan_policy="omit").
    model : RiskForecaster, optional
        Forecasts the deviation per period instead of `estimator`, which the correlation keeps.
    max_weight : float, optional
        Largest size of one weight; None leaves it to `max_leverage`. Other sizes stay, so the portfolio's volatility
        is no longer the target.
    max_leverage : float, optional
        Largest sum of sizes; all are scaled down to it. 1 never borrows, None is no limit.
    band : float
        A weight is held while the new one is within this fraction of itself.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Hold the weights decided on the last row of each period through the next one; None decides on each row.
    periods_per_year : float, optional
        None reads it off the dates; a stream takes the option, else 252.
    nan_policy : {"raise", "omit"}
        Whether missing returns are an error or left out.

    References
    ----------
    Moreira, A. & Muir, T. (2017), Volatility-managed portfolios, Journal of Finance 72.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.VolatilityPositionSizer(target=0.1, estimator="rolling", window=2, periods_per_year=1)
    >>> sizer.weights([0.0, 0.4, 0.8, 0.8]).round(4)
    array([0.    , 0.3536, 0.3536, 1.    ])
    """

    target: float = 0.10
    _: KW_ONLY
    scope: Literal["portfolio", "asset"] = "portfolio"
    estimator: Literal["ewma", "rolling"] = "ewma"
    halflife: float = 33.0
    window: int = 63
    min_periods: int | None = None
    model: RiskForecaster | None = None
    max_weight: float | None = None
    max_leverage: float | None = 1.0
    band: float = 0.0
    rebalance: Period | None = None
    periods_per_year: float | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_fraction(
            self.target, name="target", what="a yearly volatility", example="10 % is 0.1, not 10",
            most=MAX_PLAUSIBLE_YEARLY_VOLATILITY,
        )  # fmt: skip
        check_scope(self.scope)
        check_limits(self.max_weight, self.max_leverage)
        check_band(self.band)
        check_rebalance(self.rebalance)
        volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)

    def _start(self, columns: int, periods: float) -> RiskRun:
        return RiskRun(self._risk_target(columns, periods), columns)

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        return risk_history(self._risk_target(values.shape[1], periods), values, extras)

    def _risk_target(self, columns: int, periods: float) -> RiskTarget:
        own = volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)
        together = self.scope == "portfolio" and columns > 1
        warn_of_void_leverage(self.max_weight, self.max_leverage, columns)
        return RiskTarget(
            forecaster=own if self.model is None else UserForecaster(self.model),
            target=self.target / math.sqrt(periods),
            limits=size_limits(self.max_weight, self.max_leverage, alone=not together),
            band=self.band,
            portfolio=self.estimator if together else "",
            window=self.window,
            decay=decay_of(self.halflife),
            symmetric=True,
            forecast_scale=1.0 / math.sqrt(periods),
        )


@dataclass(frozen=True, slots=True)
class InverseVolatilitySizer(SignalSizer):
    """Hold weights in proportion to signal over volatility, their sizes summing to a given gross exposure.

    A weight is decided after row t and in force from row t + 1 on. Weights are 0 until an asset's estimate has
    `min_periods` values; those that have one share the whole. An asset of zero volatility gets no weight, for it would
    take all; one with a missing return keeps its weight.

    Parameters
    ----------
    gross : float
        Sum of the sizes of the weights, at most `max_leverage`.
    estimator : {"ewma", "rolling"}
        Exponentially weighted about zero, or the sample deviation of the last rows.
    halflife : float
        For "ewma": rows after which a return counts half.
    window : int
        For "rolling": number of rows.
    min_periods : int, optional
        Fewest values; None asks for `halflife` rounded up, or for all `window` (half with nan_policy="omit").
    max_leverage : float, optional
        Largest sum of sizes: 1 never borrows, None is no limit.
    band : float
        A weight is held while the new one is within this fraction of itself.
    rebalance : {"week", "month", "quarter", "year"}, optional
        Hold the weights decided on the last row of each period through the next one; None decides on each row.
    nan_policy : {"raise", "omit"}
        Whether missing returns are an error or left out.

    Examples
    --------
    >>> import riskresearch
    >>> sizer = riskresearch.sizing.InverseVolatilitySizer(estimator="rolling", window=2)
    >>> sizer.weights([[0.0, 0.0], [0.01, 0.03]])
    array([[0.  , 0.  ],
           [0.75, 0.25]])
    """

    gross: float = 1.0
    _: KW_ONLY
    estimator: Literal["ewma", "rolling"] = "ewma"
    halflife: float = 33.0
    window: int = 63
    min_periods: int | None = None
    max_leverage: float | None = 1.0
    band: float = 0.0
    rebalance: Period | None = None
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_leverage(self.max_leverage)
        if check_positive(self.gross, name="gross") > (math.inf if self.max_leverage is None else self.max_leverage):
            raise InvalidInputError(
                f"gross must be at most max_leverage={self.max_leverage:g}, got {self.gross!r}. Pass "
                f"max_leverage={self.gross:g} as well to hold more than the equity."
            )
        check_band(self.band)
        check_rebalance(self.rebalance)
        volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)

    def _start(self, columns: int, periods: float) -> InverseRun:
        return InverseRun(self, columns)

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        estimates = self._forecaster().over_time(values)
        raw, weights = np.zeros(values.shape), np.zeros(values.shape)
        signals = extras.get("signals", np.ones((1, values.shape[1])))
        for sweep in self._stages(values, estimates, signals, raw, np.zeros(values.shape[1]), weights):
            sweep.run(0, values.shape[0])
        return weights

    def _forecaster(self) -> Forecaster:
        return volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)

    def _stages(
        self,
        source: FloatMatrix,
        estimates: FloatMatrix,
        signals: FloatMatrix,
        raw: FloatMatrix,
        held: FloatVector,
        weights: FloatMatrix,
    ) -> tuple[Sweep, ...]:
        return (
            InverseRisk(estimates, signals, 1.0, raw),  # type: ignore[no-untyped-call]
            ProportionalWeights(source, raw, self.gross, self.band, held, weights),  # type: ignore[no-untyped-call]
        )


class InverseRun:
    """The stages of `InverseVolatilitySizer` over a ring of the last rows."""

    def __init__(self, sizer: InverseVolatilitySizer, columns: int) -> None:
        forecaster = sizer._forecaster()
        self._ring, self._tick = np.full((forecaster.memory, columns), np.nan), np.zeros(1, dtype=np.int64)
        self._signals, self._weights, held = np.ones((1, columns)), np.zeros((1, columns)), np.zeros(columns)
        estimates, estimate = np.full((1, columns), np.nan), forecaster.new_state(columns)
        self._sweeps = (
            forecaster.bind(self._ring, estimate, estimates),
            *sizer._stages(self._ring, estimates, self._signals, np.zeros((1, columns)), held, self._weights),
        )
        self._state = {"ring": self._ring, "tick": self._tick, "held": held, **flat_state({"estimate": estimate})}
        self._notes = new_notes(columns)._replace(wanted=self._weights[0])

    @property
    def state(self) -> State:
        """The ring, the number of rows so far, the weights held, and the state of the estimate."""
        return self._state

    @property
    def notes(self) -> Notes:
        """The weights themselves: no cap can bind, for their sizes sum to `gross`."""
        return self._notes

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row and return the weights decided after it."""
        tick = int(self._tick[0])
        self._ring[tick % len(self._ring)] = row
        self._signals[0] = extras.get("signals", 1.0)
        for sweep in self._sweeps:
            sweep.run(tick, tick + 1)
        self._tick[0] = tick + 1
        weights: FloatVector = self._weights[0]
        return weights


def volatility_forecaster(
    sizer: object, estimator: str, halflife: float, window: int, min_periods: int | None
) -> EwmaForecast | RollingForecast:
    """Return the estimate of volatility that a sizer's parameters describe, all of them checked."""
    check_choice(estimator, ESTIMATORS, name="estimator")
    half = check_positive(halflife, name="halflife")
    rows = check_count(window, name="window", minimum=2)
    if estimator == "ewma":
        return EwmaForecast(half, min_observations(min_periods, default=rows_of_halflife(half), least=1))
    default = default_of_window(rows, nan_policy_of(sizer))
    return RollingForecast(rows, min_observations(min_periods, default=default, least=2, window=rows))
