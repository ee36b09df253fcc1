"""VaR and CVaR together, with their conventions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core.output._formats import counted, percent, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import PerColumn


@dataclass(frozen=True, slots=True)
class TailRisk:
    """VaR and CVaR of the same returns, from one pass: `tail_risk` makes it."""

    value_at_risk: PerColumn
    """As `value_at_risk` gives it."""
    conditional_value_at_risk: PerColumn
    """As `conditional_value_at_risk` gives it."""
    level: float
    method: str
    horizon: int = 1
    """Number of rows of the loss horizon."""
    horizon_method: str = "overlapping"
    weights: dict[str, float] | None = None
    """Weights of the portfolio by asset; None if each asset is measured by itself."""
    observations: tuple[int, ...] = ()
    """Number of returns of each column; of windows where the horizon is longer than a row."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset, with both measures as columns."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        pair = {"value_at_risk": self.value_at_risk, "conditional_value_at_risk": self.conditional_value_at_risk}
        if hasattr(self.value_at_risk, "to_dicts"):
            pair = {name: pd.Series(row.to_dicts()[0]) for name, row in pair.items()}
        return pd.DataFrame({name: column if np.ndim(column) else [column] for name, column in pair.items()})

    def summary(self) -> str:
        """Return the table and its conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        frame = self.to_frame()
        if np.ndim(self.value_at_risk) == 0:
            frame.index = ["returns" if self.weights is None else "portfolio"]
        heads = {"value_at_risk": "VaR", "conditional_value_at_risk": "CVaR"}
        shown = frame_table(frame, dict.fromkeys(heads, percent), heads=heads)
        return [shown, f"level {self.level:g}, {self.method}; losses{self._of_what()}"]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw CVaR as bars, one per asset."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        shortfall = self.to_frame()["conditional_value_at_risk"]
        over = f", {self.horizon} rows" if self.horizon > 1 else ""
        title = f"{percent_of(self.level)} CVaR{over}, {self.method}"
        return plot_bars(shortfall, label="CVaR (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        of = (
            counted(np.size(self.to_frame()) // 2, "asset")
            if self.weights is None
            else f"portfolio of {len(self.weights)}"
        )
        over = f", horizon={self.horizon}" if self.horizon > 1 else ""
        return f"TailRisk({of}, level={self.level:g}, method={self.method!r}{over})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _of_what(self) -> str:
        """Return the horizon and the weights in words; nothing for single rows of assets."""
        parts = []
        if self.horizon > 1:
            counts = " / ".join(str(count) for count in sorted(set(self.observations)))
            parts.append(
                f"horizon {self.horizon} rows, single rows scaled by sqrt({self.horizon})"
                if self.horizon_method == "sqrt"
                else f"horizon {self.horizon} rows, {counts} {self.horizon_method} windows, compounded"
            )
        if self.weights is not None:
            held = ", ".join(f"{asset} {weight:g}" for asset, weight in self.weights.items())
            parts.append(f"portfolio of {held}, rebalanced on each row")
        return "".join(f"; {part}" for part in parts)
