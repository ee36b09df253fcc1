"""The result of a Kelly optimisation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import between, percent, percent_4, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.sizing.optimise._kelly_closed_form import checked_drawdown

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class KellyResult:
    """Weights of greatest growth, one entry per asset, and what they promise: see `kelly_weights`."""

    assets: tuple[str, ...]
    weights: tuple[float, ...]
    """Fractions of wealth; what they leave to 1 is cash, or borrowed if negative."""
    binding: tuple[str, ...]
    """The constraints that the weights stand at, before `fraction`: "lower of X", "upper of X", "group G", "total",
    "max_leverage", "drawdown", "linear " and the constraint as it was written, or "inequalities row R" and
    "equalities row R"."""
    unconstrained: tuple[float, ...] | None
    """The weights of greatest growth without any of them, times `fraction`; None where growth then has no bound."""
    growth_rate: float
    """Expected log growth per period over the scenarios, or moments, as `uncertainty` widens or shrinks them."""
    sample_growth_rate: float
    """The same over the scenarios, or moments, as they were given."""
    drawdown_exponent: float
    """The largest power p with E[wealth ** -p] <= 1 over the widened or shrunk scenarios; see `drawdown_bound`."""
    method: str
    """"exact", "quadratic", or "continuous" for moments."""
    uncertainty: str
    uncertainty_factor: float
    """By how much deviations were multiplied ("predictive") or excess means ("shrinkage"); 1 if neither."""
    fraction: float
    drawdown: float | None
    drawdown_probability: float | None
    drawdown_periods: int | None
    drawdown_simulated: float | None
    """The probability of `drawdown` over `drawdown_periods`, each simulated path with its own draw of the unknown mean
    and covariance; None without a limit, or where `uncertainty` is "ignore". Its standard error is 0.5 % at 10 %."""
    observations: int | None
    """Rows that were used; None for moments that are taken for the truth."""
    confidence: float | None
    """Of the intervals; None where they were not asked for, nor are they then there."""
    weight_intervals: tuple[tuple[float, float], ...] | None
    """For each asset, what the weight would be if the truth were known, under the same constraints and `fraction`."""
    growth_interval: tuple[float, float] | None
    """Of the true growth rate per period of these weights."""
    robust_fraction: float | None
    """The fraction of the weights (before `fraction`) whose growth interval has the highest lower end, from 0 to 1: 0
    where no bet is sure to grow faster than cash. None if there are no weights, or if cash alone may not be held."""
    seed: int | None
    """Seed of the intervals, which `rng=seed` repeats."""

    @property
    def cash(self) -> float:
        """What the weights leave to 1."""
        return 1.0 - math.fsum(self.weights)

    def drawdown_bound(self, drawdown: float) -> float:
        """Return a bound on the probability that wealth ever falls by a part of its start.

        Holds over any number of periods if the scenarios are the truth and the periods independent (Busseti, Ryu &
        Boyd 2016); `drawdown_risk` simulates it.

        Parameters
        ----------
        drawdown : float
            The part of the starting wealth that is lost, in (0, 1).

        Returns
        -------
        float
            (1 - drawdown) ** drawdown_exponent.
        """
        left = 1.0 - checked_drawdown(drawdown)
        return 0.0 if math.isinf(self.drawdown_exponent) else float(left**self.drawdown_exponent)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset, in fractions of wealth; with its interval where there is a `confidence`."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        free = (math.nan,) * len(self.assets) if self.unconstrained is None else self.unconstrained
        columns = {"weight": self.weights, "unconstrained": free}
        if self.weight_intervals is not None:
            lower, upper = zip(*self.weight_intervals, strict=True)
            columns = {"weight": self.weights, "lower": lower, "upper": upper, "unconstrained": free}
        return pd.DataFrame(columns, index=pd.Index(self.assets, name="asset"))

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        factor = "" if self.uncertainty == "ignore" else f" (factor {self.uncertainty_factor:.4g})"
        limit = ""
        if self.drawdown is not None and self.drawdown_probability is not None:
            limit = f", P(wealth ever falls {self.drawdown:.0%}) <= {self.drawdown_probability:.0%}"
            limit += " if the scenarios are the truth"
            if self.drawdown_simulated is not None:
                limit += (
                    f"; {self.drawdown_simulated:.1%} over {self.drawdown_periods} periods, one unknown truth a path"
                )
        rows = "known moments" if self.observations is None else f"{self.observations} rows"
        rest = "continuously" if self.method == "continuous" else "each period"
        return (
            f"{self.method} growth per period, {rows}, uncertainty {self.uncertainty}{factor}, "
            f"fraction {self.fraction:g}{limit}; rebalanced {rest}, the rest in cash."
        )

    def limits(self) -> str:
        """Return in one line which constraints bind, and the sum of sizes with and without them."""
        if not self.binding:
            return "no constraint binds"
        held = math.fsum(map(abs, self.weights))
        free = "without bound" if self.unconstrained is None else f"{math.fsum(map(abs, self.unconstrained)):.2f}"
        return f"bound by {', '.join(self.binding)}: gross {held:.2f}, unconstrained {free}"

    def summary(self) -> str:
        """Return weights, growth and drawdown bounds as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        columns = {"weight": list(map(percent, self.weights))}
        if self.weight_intervals is not None:
            columns[f"{self.confidence:.4g} interval"] = [between(percent, *pair) for pair in self.weight_intervals]
        if self.unconstrained is not None:
            columns["unconstrained"] = list(map(percent, self.unconstrained))
        rows = list(zip(self.assets, *columns.values(), strict=True))
        rows.append(("cash", percent(self.cash), *([""] * (len(columns) - 1))))
        given = "moments" if self.method == "continuous" else "scenarios"
        lines = [
            f"growth {percent_4(self.growth_rate)} per period, over the {given} as given "
            f"{percent_4(self.sample_growth_rate)}",
            *self._certainty(),
            f"P(wealth ever halves) <= {percent(self.drawdown_bound(0.5))}",
            self.limits(),
        ]
        return [table(["", *columns], rows), "\n".join([*lines, self.conventions()])]

    def _certainty(self) -> list[str]:
        """Return the interval of the growth rate and the robust fraction in words."""
        if self.growth_interval is None or self.confidence is None:
            return []
        low, high = self.growth_interval
        lines = [
            f"{percent_of(self.confidence)} intervals: of the true Kelly weights, beside them; of the true growth "
            f"of these weights, {low:.4%} to {high:.4%} per period (seed {self.seed})"
        ]
        if self.robust_fraction is not None:
            lines.append(
                f"robust fraction of Kelly: {self.robust_fraction:.2f}, where the lower end of the growth is highest"
                + ("; no bet is sure to grow faster than cash" if self.robust_fraction == 0.0 else "")
            )
        return lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the weight of each asset as a bar, or as a point on its interval."""
        from riskresearch.plots import plot_bars, plot_intervals  # noqa: PLC0415 (matplotlib, only for figures)

        if self.weight_intervals is not None:
            frame = self.to_frame().rename(columns={"weight": "estimate"})
            title = f"Kelly weights with their {percent_of(self.confidence or 0.0)} intervals"
            return plot_intervals(frame, label="Weight", title=title, ax=ax)
        return plot_bars(self.to_frame()["weight"], label="Weight (%)", percent=True, title="Kelly weights", ax=ax)

    def __repr__(self) -> str:
        count = len(self.assets)
        return f"KellyResult({count} asset{'s' * (count != 1)}, {self.method}, growth_rate={self.growth_rate:.4g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
