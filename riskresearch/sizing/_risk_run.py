"""From forecasts of risk to weights: the stages of the sizers to a risk target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._moments import deviation
from riskresearch.kernels._rolling import Sweep
from riskresearch.kernels._schedule import is_fitted_after
from riskresearch.kernels.compiled._portfolio_risk import EwmaPortfolio, RollingPortfolio, window_earnings
from riskresearch.kernels.compiled._target_weights import InverseRisk, RiskBudget
from riskresearch.models._tail_forecasters import StudentTTail
from riskresearch.sizing._staged import Feed, Forecasts

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.models._forecasters import Forecaster
    from riskresearch.sizing._arguments import SizeLimits


@dataclass(frozen=True, slots=True)
class RiskTarget:
    """The settings of the stages."""

    forecaster: Forecaster
    target: float
    """Risk per period."""
    limits: SizeLimits
    band: float
    portfolio: str
    """The source of the portfolio risk: "" for none, "ewma" or "rolling" correlation, or "sample" of its returns."""
    window: int
    """Rows of the portfolio's correlation or sample."""
    decay: float
    symmetric: bool
    """Whether a short position has the risk of a long one."""
    forecast_scale: float = 1.0
    """The factor that makes given forecasts risk per period."""


def risk_memory(forecaster: Forecaster, portfolio: str, window: int) -> int:
    """Return how many rows a ring must hold for the forecasts and the portfolio's risk."""
    return max(forecaster.memory, window + 1 if portfolio in ("rolling", "sample") else 1)


def risk_stages(feed: Feed, target: RiskTarget) -> list[Sweep]:
    """Return the stages of one target: forecasts, the portfolio's risk if it counts, and weights within the limits."""
    estimates, signals = Estimates(feed, target), feed.extras["signals"]
    stages: list[Sweep] = [estimates]
    whole = np.full(feed.weights.shape[0] if target.portfolio else 0, np.nan)
    if target.portfolio:
        raw = np.zeros(feed.weights.shape)
        inverse: Sweep = InverseRisk(estimates.answers, signals, target.target, raw)  # type: ignore[no-untyped-call]
        stages += [inverse, _portfolio(feed, target, estimates.answers, raw, whole)]
    stages.append(
        RiskBudget(  # type: ignore[no-untyped-call]
            feed.source, estimates.answers, signals, whole, target.target, target.band, target.limits.numbers(),
            feed.held, feed.weights, feed.notes.wanted, feed.notes.reasons,
        )
    )  # fmt: skip
    return stages


def _portfolio(feed: Feed, target: RiskTarget, estimates: FloatMatrix, raw: FloatMatrix, whole: FloatVector) -> Sweep:
    """Return the stage of the portfolio's risk."""
    columns = feed.source.shape[1]
    sweep: Sweep
    if target.portfolio == "ewma":
        sums = feed.state["sums"] = np.zeros((columns, columns))
        sweep = EwmaPortfolio(feed.source, raw, estimates, target.decay, sums, whole)  # type: ignore[no-untyped-call]
    elif target.portfolio == "rolling":
        sweep = RollingPortfolio(feed.source, raw, estimates, target.window, whole)  # type: ignore[no-untyped-call]
    else:
        sweep = sample = PortfolioSample(feed, target, raw, whole)
        feed.state |= {"portfolio_multiple": sample.multiple, "portfolio_signs": sample.signs}
    return sweep


class Estimates:
    """The stage of each column's risk: given with the row, or forecast for the side that the signal is on."""

    def __init__(self, feed: Feed, target: RiskTarget) -> None:
        self._feed, self._target = feed, target
        self._long = Forecasts(feed, target.forecaster, name="long")
        self.answers = feed.answers() if feed.live else self._long.answers
        self._short = None if target.symmetric else Forecasts(feed, target.forecaster, name="short", short=True)

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`; a stream goes on forecasting while forecasts are given."""
        feed, short = self._feed, self._feed.extras["signals"] < 0.0
        given = checked_forecasts(self._target, feed.extras["forecasts"]) if "forecasts" in feed.given else None
        if feed.live or given is None:
            self._long.run(first, last)
        if self._short is not None and (feed.live or (given is None and short.any())):
            self._short.run(first, last)
        if given is not None:
            self.answers[...] = given
        elif self._short is not None and short.any():
            self.answers[...] = np.where(short, self._short.answers, self._long.answers)
        elif feed.live:
            self.answers[...] = self._long.answers


class PortfolioSample:
    """Risk of today's weights on the last rows, by the forecaster's own measure of a sample."""

    def __init__(self, feed: Feed, target: RiskTarget, raw: FloatMatrix, whole: FloatVector) -> None:
        self._source, self._target, self._raw, self._whole = feed.source, target, raw, whole
        self.multiple, self.signs = np.full(1, np.nan), np.zeros(feed.source.shape[1])

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`."""
        for tick in range(first, last):
            weights = self._raw[tick % len(self._raw)]
            place = tick % len(self._whole)
            if not weights.any():
                self._whole[place] = 0.0  # what has no risk gets its cap, what has no estimate nothing
                continue
            earned = np.empty(min(tick + 1, self._target.window))
            window_earnings(self._source, tick, weights, earned)
            self._whole[place] = self._risk(earned, weights, tick)

    def _risk(self, earned: FloatVector, weights: FloatVector, tick: int) -> float:
        """Return the risk of the portfolio; a Student-t is fitted when its turn comes or the sides have changed."""
        forecaster = self._target.forecaster
        if not isinstance(forecaster, StudentTTail):
            return forecaster.of_sample(earned)
        scale = float(deviation(earned[:, None])[0])
        due = is_fitted_after(tick + 1, window=self._target.window, every=forecaster.refit_every)
        signs = np.sign(weights)
        if scale == 0.0:
            return 0.0
        if due or np.isnan(self.multiple[0]) or (signs != self.signs).any():
            self.multiple[0] = forecaster.of_sample(earned) / scale
            self.signs[...] = signs
        return float(self.multiple[0]) * scale


def checked_forecasts(target: RiskTarget, given: FloatMatrix) -> FloatMatrix:
    """Return forecasts that came with the rows as risk per period."""
    if target.symmetric and np.less(given, 0.0).any():
        raise InvalidInputError(f"forecasts must be 0 or more, got a volatility of {np.nanmin(given):g}.")
    scaled: FloatMatrix = given * target.forecast_scale
    return scaled
