"""A schedule of execution, and the frontier of expected cost and risk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted, money, plain, significant
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, pairs
from riskresearch.kernels.trades._almgren import Schedule, almgren_chriss_schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

POINTS = 25
SLOWEST, FASTEST = 0.1, 10.0
"""Kappa times the horizon at the ends of a frontier without risk aversions: almost even slices, almost at once."""
SHOWN_STEPS = 20


@dataclass(frozen=True, slots=True)
class ExecutionSchedule:
    """The optimal schedule of one order under the model of Almgren and Chriss: `almgren_chriss` makes it.

    Costs and deviations are expectations of the model, in money, against the price before the order.
    """

    units: float
    horizon: float
    steps: int
    volatility: float
    temporary: float
    permanent: float
    risk_aversion: float
    half_spread: float

    @property
    def expected_cost(self) -> float:
        """Expected cost in money: of the permanent impact, the spread and the temporary impact."""
        size, trades = abs(self.units), self._schedule().trades
        step = self.horizon / self.steps
        pace = (self.temporary - 0.5 * self.permanent * step) * float(np.sum(trades * trades)) / step
        return size * (0.5 * self.permanent * size + self.half_spread + pace * size)

    @property
    def variance(self) -> float:
        """Variance of the cost, in money squared."""
        left = self._schedule().remaining[1:]
        step = self.horizon / self.steps
        return self.volatility**2 * step * float(np.sum(left * left)) * self.units**2

    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the cost, in money."""
        return float(np.sqrt(self.variance))

    @property
    def decay(self) -> float:
        """Kappa: the rate at which the remainder decays if the horizon is far, per unit of time."""
        return self._schedule().decay

    @property
    def half_life(self) -> float:
        """Theta, which the paper calls the half-life: 1 / kappa, the time in which the remainder falls by the factor e.

        It doesn't depend on the horizon nor on the units; infinite without risk aversion.
        """
        return 1.0 / self.decay if self.decay > 0.0 else float("inf")

    def _schedule(self) -> Schedule:
        step = self.horizon / self.steps
        slope = self.temporary - 0.5 * self.permanent * step
        return almgren_chriss_schedule(self.steps, step, self.risk_aversion * self.volatility**2 / slope)

    def to_frame(self) -> pd.DataFrame:
        """Return time, the units that remain to be traded after it, and the units traded in the step that ends then."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        schedule = self._schedule()
        return pd.DataFrame(
            {
                "time": self.horizon * np.arange(self.steps + 1) / self.steps,
                "remaining": self.units * schedule.remaining + 0.0,
                "trade": np.concatenate([[0.0], self.units * schedule.trades]),
            },
            index=pd.RangeIndex(self.steps + 1, name="step"),
        )

    def frontier(self, risk_aversions: Sequence[float] | None = None) -> ExecutionFrontier:
        """Return expected cost and deviation of the optimal schedules of other risk aversions.

        By default 25 of them, from almost even slices to almost everything at once, behind zero.
        """
        if risk_aversions is None:
            risk_aversions = self._usual_aversions()
        numbers = [check_number(each, name="risk_aversions") for each in risk_aversions]
        if not numbers or min(numbers) < 0.0:
            raise InvalidInputError(f"risk_aversions must be one or more numbers of at least zero, got {numbers!r}.")
        return ExecutionFrontier(tuple(replace(self, risk_aversion=each) for each in numbers))

    def _usual_aversions(self) -> list[float]:
        if self.volatility == 0.0:
            raise InvalidInputError("risk_aversions must be given where volatility is zero: no schedule has a risk.")
        step = self.horizon / self.steps
        kappas = np.geomspace(SLOWEST, FASTEST, POINTS - 1) / self.horizon
        slope = self.temporary - 0.5 * self.permanent * step
        rates = (2.0 / step * np.sinh(0.5 * step * kappas)) ** 2 * slope / self.volatility**2
        return [0.0, *rates.tolist()]

    def conventions(self) -> str:
        """Return what the numbers are, in a few sentences."""
        return (
            "Model of Almgren and Chriss (2000), no measurement: arithmetic random walk without drift, linear impact, "
            "cost in money against the price before the order; expected cost + risk aversion x variance is least. The "
            "half-life is theirs, 1 / kappa: the remainder falls by the factor e."
        )

    def summary(self) -> str:
        """Return the schedule, its numbers and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        numbers = [
            ("risk aversion", plain(self.risk_aversion)),
            ("expected cost", money(self.expected_cost)),
            ("cost per unit", significant(self.expected_cost / abs(self.units))),
            ("standard deviation", money(self.standard_deviation)),
            ("half-life", significant(self.half_life)),
        ]
        frame = self.to_frame()
        more = len(frame) - SHOWN_STEPS
        rest = f"{counted(more, 'more step')} in to_frame(). " if more > 0 else ""
        return [frame_table(frame.head(SHOWN_STEPS)), pairs(numbers), rest + self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what remains to be traded over time."""
        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        left = self.to_frame().set_index("time")["remaining"]
        drawn = plot_rolling(left, label="Units to trade (model)", title="Schedule of Almgren and Chriss", ax=ax)
        drawn.set_xlabel("Time")
        return drawn

    def __repr__(self) -> str:
        return (
            f"ExecutionSchedule({self.units:g} units, {counted(self.steps, 'step')}, "
            f"risk_aversion={self.risk_aversion:g}, expected_cost={self.expected_cost:.6g})"
        )

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@dataclass(frozen=True, slots=True)
class ExecutionFrontier:
    """Optimal schedules of one order by risk aversion: `ExecutionSchedule.frontier` makes it."""

    schedules: tuple[ExecutionSchedule, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per risk aversion: expected cost, standard deviation and half-life."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        names = ("expected_cost", "standard_deviation", "half_life")
        columns: dict[str, Any] = {name: [getattr(each, name) for each in self.schedules] for name in names}
        index = pd.Index([each.risk_aversion for each in self.schedules], name="risk_aversion")
        return pd.DataFrame(columns, index=index)

    def summary(self) -> str:
        """Return the table and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        formats = {"expected_cost": money, "standard_deviation": money, "half_life": significant}
        frame = self.to_frame().reset_index()
        frame.index = frame.index + 1
        return [frame_table(frame, {**formats, "risk_aversion": significant}), self.schedules[0].conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw expected cost over the standard deviation of the cost."""
        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        line = self.to_frame().set_index("standard_deviation")["expected_cost"].sort_index()
        drawn = plot_rolling(line, label="Expected cost (model)", title="Frontier of Almgren and Chriss", ax=ax)
        drawn.set_xlabel("Standard deviation of the cost")
        return drawn

    def __repr__(self) -> str:
        return f"ExecutionFrontier({counted(len(self.schedules), 'schedule')} of {self.schedules[0].units:g} units)"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
