"""The result of `risk_attribution`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import between, counted, percent, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, table
from riskresearch.portfolio._groups import sums_by_group
from riskresearch.portfolio._stress_result import StressTest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

TOTAL = "total"
NUMBERS = ("effect", "tracking_error", "value_at_risk", "conditional_value_at_risk")
HEADS = {
    "active_weight": "active weight",
    "effect": "return effect",
    "tracking_error": "tracking error",
    "value_at_risk": "VaR",
    "conditional_value_at_risk": "CVaR",
    "share_of_cvar": "share of CVaR",
}


@dataclass(frozen=True, slots=True, eq=False)
class RiskAttribution:
    """Return effects beside risk components of the same active weights, one entry per asset, of `risk_attribution`."""

    assets: tuple[str, ...]
    groups: tuple[str, ...]
    """Group of each asset; empty without groups."""
    active_weights: tuple[float, ...]
    """Weights less those of the benchmark, of which the risk is."""
    effect: tuple[float, ...]
    """Linked sum over rows of active weight times (return less the benchmark's): the total of Brinson's effects."""
    tracking_error: tuple[float, ...]
    """Component per year; `math.fsum` of them is the total, as of the next two."""
    value_at_risk: tuple[float, ...]
    conditional_value_at_risk: tuple[float, ...]
    lower: tuple[tuple[float, ...], ...]
    """Lower bounds of effect, tracking error, VaR and CVaR, by row of `to_frame()`; empty without confidence."""
    upper: tuple[tuple[float, ...], ...]
    episodes: StressTest | None
    """Returns of the active weights in historical episodes."""
    excess_return: float
    """Compounded return less the benchmark's, to which the effects sum."""
    linking: str
    notes: tuple[str, ...]
    """What was decided about the weights, a sentence each."""
    weights_of: str
    has_benchmark: bool
    method: str
    level: float
    bandwidth: float | None
    observations: int
    risk_rows: int
    """Rows that the risk is estimated from: those on which every asset with an active weight has a return."""
    periods_per_year: float
    confidence: float | None
    seed: int | None

    def to_frame(self) -> pd.DataFrame:
        """Return one row per group, or per asset without groups, and bounds where there is a confidence."""
        return self._with_bounds(self._by_group() if self.groups else self._by_asset()).drop(TOTAL)

    def totals(self) -> pd.Series:
        """Return the active weight, return and risk of the whole, and their bounds with confidence."""
        rows: Any = self._with_bounds(self._by_group() if self.groups else self._by_asset()).loc
        found: pd.Series = rows[TOTAL]
        return found

    def by_asset(self) -> pd.DataFrame:
        """Return one row per asset, cash included where weights leave some."""
        return self._by_asset().drop(TOTAL)

    def by_group(self) -> pd.DataFrame:
        """Return the sums by group, in the order in which assets first name them."""
        if not self.groups:
            raise InvalidInputError("groups must be given to risk_attribution for sums by group.")
        return self._by_group().drop(TOTAL)

    def _with_bounds(self, frame: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        bounds: dict[str, tuple[float, ...]] = {}
        for name, low, high in zip(NUMBERS, self.lower, self.upper, strict=False):
            bounds |= {f"{name}_lower": low, f"{name}_upper": high}
        return frame.join(pd.DataFrame(bounds, index=frame.index))

    def _by_asset(self) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return self._with_rest(pd.DataFrame(self._columns(), index=pd.Index(self.assets, name="asset")))

    def _by_group(self) -> pd.DataFrame:
        return self._with_rest(sums_by_group(self.groups, self._columns()))

    def _columns(self) -> dict[str, tuple[float, ...]]:
        return {"active_weight": self.active_weights, **{name: getattr(self, name) for name in NUMBERS}}

    def _with_rest(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the total as its last row, and each share of CVaR."""
        totals = {name: math.fsum(column) for name, column in self._columns().items()}
        frame.loc[TOTAL] = [totals[name] for name in frame.columns]
        whole = totals["conditional_value_at_risk"]
        return frame.assign(share_of_cvar=frame["conditional_value_at_risk"] / whole if whole > 0.0 else math.nan)

    def conventions(self) -> str:
        """Return how the numbers were computed."""
        smooth = "" if self.bandwidth is None else f", VaR smoothed within {self.bandwidth:g} in probability"
        drawn = ""
        if self.confidence is not None:
            drawn = (
                f" {percent_of(self.confidence)} intervals by a block bootstrap of rows, seed {self.seed}: effects as "
                "brinson's, components by quantiles of the draws, too short for tails where volatility clusters."
            )
        active = "Active weights are those less the benchmark's" if self.has_benchmark else "The benchmark is cash"
        return (
            f"{active}. {' '.join(self.notes)} Return effect: sum over "
            f"{counted(self.observations, 'row')} of active weight times the return less the benchmark's, the total of "
            f"Brinson and Fachler's effects, linked ({self.linking}). Risk: Euler components of the "
            f"{self.weights_of} active weights, held constant over {counted(self.risk_rows, 'row')}; tracking error "
            f"per year ({self.periods_per_year:g} rows), {percent_of(self.level)} VaR and CVaR per row, {self.method} "
            f"method{smooth}.{drawn}"
        )

    def summary(self) -> str:
        """Return the tables and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        first = (self._by_group() if self.groups else self._by_asset()).rename_axis("")
        blocks: list[Block] = [frame_table(first, dict.fromkeys(first.columns, percent), heads=HEADS)]
        if self.lower:
            blocks += ["", self._interval_table(list(map(str, first.index)))]
        if self.groups:
            own = self.by_asset().rename_axis("by asset")
            blocks += ["", frame_table(own, dict.fromkeys(own.columns, percent), heads=HEADS)]
        if self.episodes is not None:
            blocks += ["", frame_table(self.in_episodes(), dict.fromkeys(self.in_episodes().columns, percent))]
        return [*blocks, self.conventions()]

    def _interval_table(self, names: list[str]) -> Block:
        columns = [
            [between(percent, *bounds) for bounds in zip(low, high, strict=True)]
            for low, high in zip(self.lower, self.upper, strict=True)
        ]
        head = [f"{percent_of(self.confidence or 0.0)} interval", *(HEADS[name] for name in NUMBERS)]
        return table(head, list(zip(names, *columns, strict=True)))

    def in_episodes(self) -> pd.DataFrame:
        """Return the active weights' return in each historical episode, by group or asset, and their sum."""
        if self.episodes is None:
            raise InvalidInputError("episodes must be named, for returns that are not daily or cover none: episodes=.")
        parts: Any = self.episodes.contributions()
        if self.groups:
            parts = parts.T.groupby(list(self.groups), sort=False).sum(min_count=1).T
        found: pd.DataFrame = parts.assign(total=list(self.episodes.portfolio_returns)).rename_axis("episode")
        return found

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the component of CVaR of each group, or asset without groups, as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        frame = self.by_group() if self.groups else self.by_asset()
        level = percent_of(self.level)
        return plot_bars(
            frame["conditional_value_at_risk"],
            label="Component (%)",
            percent=True,
            title=f"Contributions to the {level} CVaR of the active weights",
            ax=ax,
        )

    def __repr__(self) -> str:
        by = f", {counted(len(set(self.groups)), 'group')}" if self.groups else ""
        assets = counted(len(self.assets), "asset")
        return f"RiskAttribution({assets}{by}, {self.weights_of} weights, level={self.level:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
