"""Volatility targeting and inverse volatility."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._checks import check_choice, check_count, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.compiled._target_weights import InverseRisk, ProportionalWeights
from riskresearch.models._forecasters import (
    EwmaForecast,
    RollingForecast,
    UserForecaster,
    decay_of,
)
from riskresearch.models._protocol import RiskForecaster
from riskresearch.sizing._arguments import (
    MAX_PLAUSIBLE_YEARLY_VOLATILITY,
    OTHER_NAMES,
    OTHER_NAMES_OF_A_TARGET,
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
from riskresearch.sizing._risk_run import RiskTarget, risk_memory, risk_stages
from riskresearch.sizing._rows import nan_policy_of
from riskresearch.sizing._staged import Feed, Forecasts, Formula, StagedSizer

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import NanPolicy
    from riskresearch.kernels._rolling import Sweep
    from riskresearch.models._forecasters import Forecaster

ESTIMATORS = ("ewma", "rolling")


@answers_other_names(OTHER_NAMES_OF_A_TARGET)
@dataclass(frozen=True, slots=True)
class VolatilityPositionSizer(ForecastSizer, StagedSizer):
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

    def _forecaster(self) -> Forecaster:
        if self.model is not None:
            return UserForecaster(self.model)
        return volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)

    def _portfolio(self, columns: int) -> str:
        return self.estimator if self.scope == "portfolio" and columns > 1 else ""

    def _memory(self, columns: int) -> int:
        return risk_memory(self._forecaster(), self._portfolio(columns), self.window)

    def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]:
        columns = feed.source.shape[1]
        portfolio = self._portfolio(columns)
        warn_of_void_leverage(self.max_weight, self.max_leverage, columns)
        target = RiskTarget(
            forecaster=self._forecaster(),
            target=self.target / math.sqrt(periods),
            limits=size_limits(self.max_weight, self.max_leverage, alone=not portfolio),
            band=self.band,
            portfolio=portfolio,
            window=self.window,
            decay=decay_of(self.halflife),
            symmetric=True,
            forecast_scale=1.0 / math.sqrt(periods),
        )
        return risk_stages(feed, target)


@answers_other_names(OTHER_NAMES)
@dataclass(frozen=True, slots=True)
class InverseVolatilitySizer(SignalSizer, StagedSizer):
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

    def _forecaster(self) -> Forecaster:
        return volatility_forecaster(self, self.estimator, self.halflife, self.window, self.min_periods)

    def _memory(self, columns: int) -> int:
        return self._forecaster().memory

    def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]:
        forecasts, raw = Forecasts(feed, self._forecaster(), name="estimate"), np.zeros(feed.weights.shape)
        stages: list[Sweep] = [
            forecasts,
            InverseRisk(forecasts.answers, feed.extras["signals"], 1.0, raw),  # type: ignore[no-untyped-call]
            ProportionalWeights(feed.source, raw, self.gross, self.band, feed.held, feed.weights),  # type: ignore[no-untyped-call]
        ]
        if feed.live:  # no cap can bind, for the sizes sum to `gross`: the weights are what is wanted
            stages.append(Formula(feed, lambda weights: (weights,), [feed.weights], [feed.notes.wanted]))
        return stages


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
