"""A fitted law of impact, its errors, and how far it can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core.output._formats import counted, percent_of, ratio_3, significant
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.kernels.trades._impact_fit import unit_impact
from riskresearch.posttrade.impact._vectors import check_each, order_numbers, same_length

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector

FEWEST_ORDERS = 30
"""Orders, or clusters of them, below which the verdict is "too few to say"."""
DEVIATIONS = 2.0
BINS = 12
ROWS = ("coefficient", "intercept", "exponent")


@dataclass(frozen=True, slots=True, eq=False)
class SquareRootLaw:
    """A law of impact fitted to orders: `fit_square_root_law` makes it.

    cost = coefficient * volatility * participation ^ exponent + intercept, as a fraction of the notional.
    """

    coefficient: float
    """What `Costs(impact=)` takes if the exponent is 0.5."""
    intercept: float
    """Fraction of the notional that an order of any size pays; nan if none was estimated."""
    exponent: float
    coefficient_error: float
    """Robust standard error; likewise `intercept_error` and `exponent_error`, nan for what was given."""
    intercept_error: float
    exponent_error: float
    lower: tuple[float, ...]
    """Of coefficient, intercept and exponent; nan without `confidence`, as is `upper`."""
    upper: tuple[float, ...]
    r_squared: float
    """Of cost over volatility, about its mean: negative where the law fits worse than a constant."""
    orders: int
    clusters: int | None
    omitted: int
    """Orders left out for a missing number."""
    estimated_exponent: bool
    confidence: float | None
    interval: str
    seed: int | None
    sizes: tuple[float, ...]
    """Participation of each order."""
    scaled_costs: tuple[float, ...]
    """Cost over volatility of each order."""

    @property
    def verdict(self) -> str:
        """Whether orders show that cost grows with size: "too few to say" with fewer than 30 orders or clusters."""
        if (self.orders if self.clusters is None else self.clusters) < FEWEST_ORDERS:
            return "too few to say"
        if self.coefficient > DEVIATIONS * self.coefficient_error:
            return "cost grows with size"
        return "cost does not differ from one that is the same for all sizes"

    def cost(self, *, participation: Any, volatility: Any) -> FloatVector:
        """Return the cost that the law expects of orders, as fractions of their notional.

        Parameters
        ----------
        participation, volatility : float, Series or array
            As in `fit_square_root_law`.

        Returns
        -------
        ndarray, shape (orders,)
        """
        read = {
            "participation": order_numbers(participation, name="participation"),
            "volatility": order_numbers(volatility, name="volatility"),
        }
        numbers = same_length(read)
        for name, values in numbers.items():
            check_each(values, name=name, rule="not negative")
        level = 0.0 if np.isnan(self.intercept) else self.intercept
        expected: FloatVector = (
            self.coefficient * numbers["volatility"] * unit_impact(numbers["participation"], self.exponent) + level
        )
        return expected

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each number of the law: estimate, standard error and bounds."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        columns: dict[str, Any] = {
            "estimate": [getattr(self, name) for name in ROWS],
            "standard_error": [getattr(self, f"{name}_error") for name in ROWS],
        }
        if self.confidence is not None:
            columns |= {"lower": self.lower, "upper": self.upper}
        frame = pd.DataFrame(columns, index=pd.Index(ROWS, name="number"))
        return frame[frame["estimate"].notna()]

    def conventions(self) -> str:
        """Return the regression, its errors and the verdict."""
        errors = "White (HC1)" if self.clusters is None else f"clustered (CR1, {counted(self.clusters, 'cluster')})"
        exponent = "estimated" if self.estimated_exponent else "given"
        left_out = f", {counted(self.omitted, 'order')} left out" if self.omitted else ""
        seed = "" if self.seed is None else f"; seed {self.seed}"
        interval = (
            "" if self.confidence is None else f" Interval of {percent_of(self.confidence)}: {self.interval}{seed}."
        )
        return (
            f"Fitted to {counted(self.orders, 'order')}{left_out}: cost / volatility on participation ^ "
            f"exponent ({exponent}), least squares; errors: {errors}; R squared about the mean "
            f"{ratio_3(self.r_squared)}.{interval} Verdict: {self.verdict}. The law is a model of the cost of other "
            "orders, and no measurement."
        )

    def summary(self) -> str:
        """Return the numbers and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        frame = self.to_frame()
        return [frame_table(frame, dict.fromkeys(frame.columns, significant), name=""), self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw mean costs over volatility of orders of like size, and the law."""
        import pandas as pd  # noqa: PLC0415 (what arrays give need not load it)

        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        sizes, costs = np.array(self.sizes), np.array(self.scaled_costs)
        parts = np.array_split(np.argsort(sizes, kind="stable"), min(BINS, len(sizes)))
        middle = np.array([sizes[part].mean() for part in parts])
        law = self.coefficient * unit_impact(middle, self.exponent)
        frame = pd.DataFrame({"orders, mean": [costs[part].mean() for part in parts], "law (model)": law}, index=middle)
        drawn = plot_rolling(frame, label="Cost / volatility", title="Cost by size of the order", ax=ax)
        drawn.set_xlabel("Participation in the average volume")
        return drawn

    def __repr__(self) -> str:
        power = "" if self.exponent == 0.5 else f", exponent={self.exponent:.3g}"
        of = counted(self.orders, "order")
        return f"SquareRootLaw(coefficient={self.coefficient:.3g} +- {self.coefficient_error:.2g}{power}, {of})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
