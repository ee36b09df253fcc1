"""Sizing to a budget of VaR or CVaR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Literal

from riskresearch.core._checks import check_choice, check_count, check_level, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.models._forecasters import TAIL_MEASURES, UserForecaster
from riskresearch.models._protocol import RiskForecaster
from riskresearch.models._tail_forecasters import TAIL_METHODS, Tail, TailMethod, tail_forecaster
from riskresearch.sizing._arguments import (
    OTHER_NAMES,
    check_band,
    check_fraction,
    check_limits,
    check_rebalance,
    check_scope,
    default_of_window,
    min_observations,
    rows_of_halflife,
    size_limits,
    warn_of_void_leverage,
)
from riskresearch.sizing._protocol import ForecastSizer
from riskresearch.sizing._risk_run import RiskTarget, risk_memory, risk_stages
from riskresearch.sizing._rows import nan_policy_of
from riskresearch.sizing._staged import Feed, StagedSizer

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import NanPolicy
    from riskresearch.kernels._rolling import Sweep
    from riskresearch.models._forecasters import Forecaster


@answers_other_names(OTHER_NAMES)
@dataclass(frozen=True, slots=True)
class VaRPositionSizer(ForecastSizer, StagedSizer):
    """Size the portfolio, or each asset, so that its VaR or CVaR is a given budget, without borrowing by default.

    A weight is decided after row t and in force from row t + 1 on: budget over the risk of the position, of the other
    tail for a short one. Weights are 0 until a window has `min_periods` values. Where the risk is zero or negative, so
    that even the tail gains, the caps are the size; where CVaR is infinite it is 0. `explain` returns the weights with
    the caps that bound.

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
    scope : {"portfolio", "asset"}
        Whether the portfolio has the budget, its sizes in proportion to signal over risk and its risk that of the last
        `window` returns of these weights, in which missing returns are 0; or each asset by itself, whatever their
        number. For one asset they are the same.
    halflife : float
        For "volatility_weighted": rows after which a squared return counts half.
    refit_every : int
        For "student_t": rows between fits; between them the risk moves with the sample deviation.
    model : RiskForecaster, optional
        Forecasts the risk per period instead of `method`; for short positions from returns of the other sign.
    max_weight, max_leverage, band, rebalance : optional
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
    _: KW_ONLY
    measure: Literal["value_at_risk", "conditional_value_at_risk"] = "value_at_risk"
    level: float = 0.95
    method: TailMethod = "historical"
    window: int = 250
    min_periods: int | None = None
    scope: Literal["portfolio", "asset"] = "portfolio"
    halflife: float = 33.0
    refit_every: int = 21
    model: RiskForecaster | None = None
    max_weight: float | None = None
    max_leverage: float | None = 1.0
    band: float = 0.0
    rebalance: Period | None = None
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
        check_limits(self.max_weight, self.max_leverage)
        check_band(self.band)
        check_rebalance(self.rebalance)
        check_count(self.refit_every, name="refit_every", minimum=1)
        check_positive(self.halflife, name="halflife")
        check_count(self.window, name="window", minimum=2)
        self._minimum()

    def _check_start_up(self) -> None:
        """Require rows enough to start the volatility of a portfolio, whose returns are those of the window alone."""
        if self.method == "volatility_weighted" and 2 * rows_of_halflife(self.halflife) > self.window:
            raise InvalidInputError(
                f"halflife must be at most half of window={self.window} with method='volatility_weighted' and "
                f"scope='portfolio', got {self.halflife!r}: the first rows of the window start the volatility. Each "
                "asset by itself needs no such rows: scope='asset'."
            )

    def _minimum(self) -> int:
        default = default_of_window(self.window, nan_policy_of(self))
        return min_observations(self.min_periods, default=default, least=2, window=self.window)

    def _forecaster(self) -> Forecaster:
        if self.model is not None:
            return UserForecaster(self.model)
        return tail_forecaster(
            self.method, Tail(self.measure, self.level, self.window, self._minimum()), halflife=self.halflife,
            refit_every=self.refit_every, minimum_volatility=rows_of_halflife(self.halflife),
        )  # fmt: skip

    def _portfolio(self, columns: int) -> str:
        return "sample" if self.scope == "portfolio" and columns > 1 else ""

    def _memory(self, columns: int) -> int:
        return risk_memory(self._forecaster(), self._portfolio(columns), self.window)

    def _stages(self, feed: Feed, periods: float) -> Sequence[Sweep]:
        columns = feed.source.shape[1]
        portfolio = self._portfolio(columns)
        warn_of_void_leverage(self.max_weight, self.max_leverage, columns)
        if portfolio:
            self._check_start_up()
        target = RiskTarget(
            forecaster=self._forecaster(),
            target=self.budget,
            limits=size_limits(self.max_weight, self.max_leverage, alone=not portfolio),
            band=self.band,
            portfolio=portfolio,
            window=self.window,
            decay=0.0,
            symmetric=False,
        )
        return risk_stages(feed, target)
