"""The result of an optimisation without a growth rate: risk parity and the weights of least or priced CVaR."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import percent
from riskresearch.core.output._tables import Block, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class OptimalWeights:
    """Optimal weights, one entry per asset: what `risk_parity`, `minimum_cvar` and `mean_cvar` return.

    Parameters
    ----------
    assets : tuple of str
        Names of the assets.
    weights : tuple of float
        Fractions of wealth.
    binding : tuple of str
        The constraints that the weights stand at: "lower of X", "upper of X", "group G", "total", "max_leverage",
        "linear " and the constraint as it was written, or "inequalities row R" and "equalities row R".
    objective : str
        What is optimal.
    """

    assets: tuple[str, ...]
    weights: tuple[float, ...]
    binding: tuple[str, ...]
    objective: str

    @property
    def cash(self) -> float:
        """What the weights leave to 1."""
        return 1.0 - math.fsum(self.weights)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset, in fractions of wealth."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return pd.DataFrame({"weight": self.weights}, index=pd.Index(self.assets, name="asset"))

    def limits(self) -> str:
        """Return in one line which constraints bind."""
        return f"bound by {', '.join(self.binding)}" if self.binding else "no constraint binds"

    def summary(self) -> str:
        """Return the weights, the constraints that bind and the objective as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = list(zip(self.assets, map(percent, self.weights), strict=True))
        return [table(["", "weight"], rows), f"{self.limits()}\n{self.objective}."]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the weight of each asset as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_bars(
            self.to_frame()["weight"], label="Weight (%)", percent=True, title=f"Weights: {self.objective}", ax=ax
        )

    def __repr__(self) -> str:
        """Return one line."""
        count = len(self.assets)
        return f"OptimalWeights({count} asset{'s' * (count != 1)}, {self.objective})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
