"""Sizing to a budget of VaR or CVaR."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from riskresearch.core._checks import check_choice, check_count, check_level, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.sizing._arguments import (
    check_fraction,
    check_limits,
    check_scope,
    default_of_window,
    fewest_values,
    rows_of_halflife,
)
from riskresearch.sizing._forecasters import TAIL_MEASURES, OwnForecaster, RiskForecaster
from riskresearch.sizing._protocol import StepSizer, nan_policy_of
from riskresearch.sizing._risk_run import RiskRun, RiskTarget, risk_history
from riskresearch.sizing._tail_forecasters import TAIL_METHODS, Tail, TailMethod, tail_forecaster

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, NanPolicy, OverTime
    from riskresearch.sizing._protocol import Extras


@dataclass(frozen=True, slots=True)
class VaRPositionSizer(StepSizer):
    """Size each asset, or the portfolio, so that its VaR or CVaR is a given budget.

    A weight is decided after row t and in force from row t + 1 on: budget over the risk of the position, of the other
    tail for a short one. Weights are 0 until a window has `min_periods` values. Where the risk is zero or negative, so
    that even the tail gains, the weight is `max_weight`; where CVaR is infinite it is 0.

    Parameters
    ----------
    budget : float
        Loss per period that VaR or CVaR shall be, a fraction of net asset value: 0.02 is 2 %.
    measure : {"value_at_risk", "conditional_value_at_risk"}
        What the budget is of.
    level : float
        Confidence level in (0.5, 1).
    method : {"historical", "normal", "student_t", "cornish_fisher", "volatility_weighted"}
        As in `value_at_risk`, without its warnings; "volatility_weighted" is Hull and White's historical measure of
        returns over the volatility known before them, times today's.
    window : int
        Number of rows.
    min_periods : int, optional
        Fewest values; None asks for all `window`, or half of them with nan_policy="omit". "volatility_weighted" needs
        `halflife` rows, rounded up, before them.
    scope : {"asset", "portfolio"}
        Whether each asset has the budget, or the portfolio, whose sizes are in proportion to signal over risk and whose
        risk is that of the last `window` returns of these weights; missing returns are 0 in it.
    halflife : float
        For "volatility_weighted": rows after which a squared return counts half.
    refit_every : int
        For "student_t": rows between fits; between them the risk moves with the sample deviation.
    model : RiskForecaster, optional
        Forecasts the risk per period instead of `method`; for short positions from returns of the other sign.
    max_weight, max_leverage, band : float
        As in `VolatilityPositionSizer`.
    nan_policy : {"raise", "omit"}
        Whether missing returns are an error or left out; the asset then keeps its weight.

    References
    ----------
    Hull, J. & White, A. (1998), Incorporating volatility updating into the historical simulation method, J. of Risk 1.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.VaRPositionSizer(budget=0.02, window=3, level=0.7).weights([0.01, -0.04, 0.03, 0.02])
    array([0. , 0. , 0.5, 0.5])
    """

    budget: float = 0.02
    measure: Literal["value_at_risk", "conditional_value_at_risk"] = "value_at_risk"
    level: float = 0.95
    method: TailMethod = "historical"
    window: int = 250
    min_periods: int | None = None
    scope: Literal["asset", "portfolio"] = "asset"
    halflife: float = 33.0
    refit_every: int = 21
    model: RiskForecaster | None = None
    max_weight: float = 1.0
    max_leverage: float | None = None
    band: float = 0.0
    nan_policy: NanPolicy = "raise"

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_fraction(
            self.budget, name="budget", what="a loss per period", example="2 % of net asset value is 0.02, not 2"
        )
        check_choice(self.measure, TAIL_MEASURES, name="measure")
        check_level(self.level)
        check_choice(self.method, TAIL_METHODS, name="method")
        check_scope(self.scope)
        check_limits(self.max_weight, self.max_leverage, self.band)
        check_count(self.refit_every, name="refit_every", minimum=1)
        half = rows_of_halflife(check_positive(self.halflife, name="halflife"))
        rows = check_count(self.window, name="window", minimum=2)
        self._minimum()
        if self.method == "volatility_weighted" and self.scope == "portfolio" and 2 * half > rows:
            raise InvalidInputError(
                f"halflife must be at most half of window={rows} with method='volatility_weighted' and "
                f"scope='portfolio', got {self.halflife!r}: the first rows of the window start the volatility."
            )

    def weights(self, returns: Data, *, signals: Data | None = None, forecasts: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        signals : same shape as `returns`, optional
            From -1 (short) to 1 (long), known after each row; None is long everywhere.
        forecasts : same shape as `returns`, optional
            Risk per period of the signalled side, known after each row, instead of the sizer's own; nan where there is
            none yet.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        return self._weights_of(returns, {"signals": signals, "forecasts": forecasts})

    def _start(self, columns: int, periods: float) -> RiskRun:
        return RiskRun(self._risk_target(), columns)

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        return risk_history(self._risk_target(), values, extras)

    def _minimum(self) -> int:
        default = default_of_window(self.window, nan_policy_of(self))
        return fewest_values(self.min_periods, default=default, least=2, window=self.window)

    def _risk_target(self) -> RiskTarget:
        tail = Tail(self.measure, self.level, self.window, self._minimum())
        own = tail_forecaster(
            self.method, tail, halflife=self.halflife, refit_every=self.refit_every,
            minimum_volatility=rows_of_halflife(self.halflife),
        )  # fmt: skip
        return RiskTarget(
            forecaster=own if self.model is None else OwnForecaster(self.model),
            target=self.budget,
            cap=self.max_weight,
            leverage=math.inf if self.max_leverage is None else self.max_leverage,
            band=self.band,
            portfolio="sample" if self.scope == "portfolio" else "",
            window=self.window,
            decay=0.0,
            symmetric=False,
        )
