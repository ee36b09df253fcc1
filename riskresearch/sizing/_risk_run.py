"""From forecasts of risk to weights: the stages of the sizers to a risk target, for a panel or for a ring of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._ratios import deviation
from riskresearch.kernels._rolling import Sweep
from riskresearch.kernels.compiled._portfolio_risk import EwmaPortfolio, RollingPortfolio, window_earnings
from riskresearch.kernels.compiled._target_weights import InverseRisk, RiskBudget
from riskresearch.models._tail_forecasters import StudentTTail, flat_state
from riskresearch.sizing._run import Notes

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, State
    from riskresearch.models._forecasters import Forecaster
    from riskresearch.sizing._arguments import SizeLimits
    from riskresearch.sizing._run import Extras


@dataclass(frozen=True, slots=True)
class RiskTarget:
    """What the stages need to know."""

    forecaster: Forecaster
    target: float
    """Risk per period."""
    limits: SizeLimits
    band: float
    portfolio: str
    """How the portfolio's risk is found: "" not at all, "ewma" or "rolling" correlation, or "sample" of its returns."""
    window: int
    """Rows of the portfolio's correlation or sample."""
    decay: float
    symmetric: bool
    """Whether a short position has the risk of a long one."""
    forecast_scale: float = 1.0
    """What forecasts that are handed in are multiplied by to be per period."""


class Stages:
    """The stages of one target over one source: the arrays between them, and their state.

    `source` and `estimates` are whole panels, or a ring and one row; `signals` are a panel or one row.
    """

    def __init__(
        self, target: RiskTarget, source: FloatMatrix, estimates: FloatMatrix, signals: FloatMatrix, *, notes: bool
    ) -> None:
        shape = estimates.shape
        self.wanted = np.zeros((int(notes), shape[1]))
        self.reasons = np.zeros((int(notes), shape[1]), dtype=np.longlong)
        self.target, self.source, self.estimates, self.signals = target, source, estimates, signals
        self.weights, self.held = np.empty(shape), np.zeros(shape[1])
        self.raw = np.zeros(shape if target.portfolio else (0, shape[1]))
        self.whole = np.full(shape[0] if target.portfolio else 0, np.nan)
        self.state: State = {"held": self.held}
        self._after: list[Sweep] = [self._inverse()] if target.portfolio else []
        if target.portfolio:
            self._after.append(self._portfolio(shape[1]))
        self._after.append(
            RiskBudget(  # type: ignore[no-untyped-call]
                source, estimates, signals, self.whole, target.target, target.band, target.limits.numbers(),
                self.held, self.weights, self.wanted, self.reasons,
            )
        )  # fmt: skip

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`, from estimates to weights."""
        for sweep in self._after:
            sweep.run(first, last)

    def _inverse(self) -> Sweep:
        sweep: Sweep = InverseRisk(self.estimates, self.signals, self.target.target, self.raw)  # type: ignore[no-untyped-call]
        return sweep

    def _portfolio(self, columns: int) -> Sweep:
        target = self.target
        sweep: Sweep
        if target.portfolio == "ewma":
            sums = self.state["sums"] = np.zeros((columns, columns))
            sweep = EwmaPortfolio(self.source, self.raw, self.estimates, target.decay, sums, self.whole)  # type: ignore[no-untyped-call]
        elif target.portfolio == "rolling":
            sweep = RollingPortfolio(self.source, self.raw, self.estimates, target.window, self.whole)  # type: ignore[no-untyped-call]
        else:
            sweep = PortfolioSample(self)
            self.state |= {"portfolio_multiple": sweep.multiple, "portfolio_signs": sweep.signs}
        return sweep


class PortfolioSample:
    """Risk of today's weights on the last rows, by the forecaster's own measure of a sample."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self.multiple, self.signs = np.full(1, np.nan), np.zeros(stages.source.shape[1])

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`."""
        stages, window = self._stages, self._stages.target.window
        for tick in range(first, last):
            weights = stages.raw[tick % len(stages.raw)]
            place = tick % len(stages.whole)
            if not weights.any():
                stages.whole[place] = 0.0  # what has no risk gets its cap, what has no estimate nothing
                continue
            earned = np.empty(min(tick + 1, window))
            window_earnings(stages.source, tick, weights, earned)
            stages.whole[place] = self._risk(earned, weights, tick)

    def _risk(self, earned: FloatVector, weights: FloatVector, tick: int) -> float:
        """Return the risk of the portfolio; a Student-t is fitted when its turn comes or the sides have changed."""
        forecaster = self._stages.target.forecaster
        if not isinstance(forecaster, StudentTTail):
            return forecaster.of_sample(earned)
        scale = float(deviation(earned[:, None])[0])
        due = (tick + 1 - self._stages.target.window) % forecaster.refit_every == 0
        signs = np.sign(weights)
        if scale == 0.0:
            return 0.0
        if due or np.isnan(self.multiple[0]) or (signs != self.signs).any():
            self.multiple[0] = forecaster.of_sample(earned) / scale
            self.signs[...] = signs
        return float(self.multiple[0]) * scale


def risk_history(target: RiskTarget, values: FloatMatrix, extras: Extras) -> FloatMatrix:
    """Return the weights after each row of a panel."""
    rows, columns = values.shape
    signals = extras.get("signals", np.ones((1, columns)))
    if "forecasts" in extras:
        estimates = checked_forecasts(target, extras["forecasts"])
    else:
        estimates = target.forecaster.over_time(values)
        short = signals < 0.0
        if not target.symmetric and short.any():
            estimates = np.where(short, target.forecaster.over_time(-values), estimates)
    stages = Stages(target, values, estimates, signals, notes=False)
    stages.run(0, rows)
    return stages.weights


def checked_forecasts(target: RiskTarget, given: FloatMatrix) -> FloatMatrix:
    """Return forecasts that were handed in as risk per period."""
    if target.symmetric and np.less(given, 0.0).any():
        raise InvalidInputError(f"forecasts must be 0 or more, got a volatility of {np.nanmin(given):g}.")
    scaled: FloatMatrix = given * target.forecast_scale
    return scaled


class RiskRun:
    """The same stages over a ring of the last rows, one row at a time."""

    def __init__(self, target: RiskTarget, columns: int) -> None:
        forecaster = target.forecaster
        length = max(forecaster.memory, target.window + 1 if target.portfolio in ("rolling", "sample") else 1)
        self._ring, self._tick = np.full((length, columns), np.nan), np.zeros(1, dtype=np.int64)
        self._signals, self._mirror = np.ones((1, columns)), np.full((length, columns), np.nan)
        self._long, self._short = np.full((1, columns), np.nan), np.full((1, columns), np.nan)
        self._target, self._estimates = target, np.full((1, columns), np.nan)
        self._stages = Stages(target, self._ring, self._estimates, self._signals, notes=True)
        states = {"long": forecaster.new_state(columns)}
        self._sweeps = [forecaster.bind(self._ring, states["long"], self._long)]
        if not target.symmetric:
            states["short"] = forecaster.new_state(columns)
            self._sweeps.append(forecaster.bind(self._mirror, states["short"], self._short))
        arrays = {"ring": self._ring, "mirror": self._mirror, "tick": self._tick}
        self._state = {**self._stages.state, **flat_state(states), **arrays}

    @property
    def state(self) -> State:
        """The rings, the number of rows so far, the weights held, and the states of the stages."""
        return self._state

    @property
    def notes(self) -> Notes:
        """What the last step noted of caps."""
        return Notes(self._stages.wanted[0], self._stages.reasons[0])

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row and return the weights decided after it."""
        given = extras.get("forecasts")
        forecasts = None if given is None else checked_forecasts(self._target, given[None, :])
        tick = int(self._tick[0])
        place = tick % len(self._ring)
        self._ring[place] = row
        self._mirror[place] = -row
        self._signals[0] = extras.get("signals", 1.0)
        for sweep in self._sweeps:
            sweep.run(tick, tick + 1)
        if forecasts is not None:
            self._estimates[...] = forecasts
        else:
            mirrored = not self._target.symmetric and self._signals < 0.0
            self._estimates[...] = np.where(mirrored, self._short, self._long)
        self._stages.run(tick, tick + 1)
        self._tick[0] = tick + 1
        weights: FloatVector = self._stages.weights[0]
        return weights
