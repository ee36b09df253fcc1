"""The result of `historical_stress` and `hypothetical_stress`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class StressTest:
    """Returns of a portfolio and its assets in stress scenarios: see `historical_stress` and `hypothetical_stress`."""

    scenarios: tuple[str, ...]
    assets: tuple[str, ...]
    weights: tuple[float, ...]
    asset_returns: tuple[tuple[float, ...], ...]
    """Return of each asset in each scenario, one tuple per scenario; nan if unknown."""
    sources: tuple[tuple[str, ...], ...]
    """Source of each return: "returns", "betas", "covariance", "given", "unmoved" or "unknown"."""

    @property
    def portfolio_returns(self) -> tuple[float, ...]:
        """Return of the portfolio in each scenario, bought before it and held; nan if a held asset is unknown."""
        return tuple(
            math.fsum(weight * move for weight, move in zip(self.weights, moves, strict=True) if weight != 0.0)
            for moves in self.asset_returns
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row per scenario: the return of the portfolio and the sources of the assets' returns."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        columns = {"portfolio_return": self.portfolio_returns, "source": [_count(row) for row in self.sources]}
        return pd.DataFrame(columns, index=pd.Index(self.scenarios, name="scenario"))

    def contributions(self) -> pd.DataFrame:
        """Return weight times return of each asset (columns) in each scenario (rows)."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        index, columns = pd.Index(self.scenarios, name="scenario"), pd.Index(self.assets, name="asset")
        return pd.DataFrame(list(self.asset_returns), index=index, columns=columns) * list(self.weights)

    def summary(self) -> str:
        """Return the scenarios, the portfolio's returns and their sources as text."""
        width = max(8, *(len(name) for name in self.scenarios))
        lines = [f"{'scenario':<{width}}  {'portfolio':>9}  source"]
        for name, move, row in zip(self.scenarios, self.portfolio_returns, self.sources, strict=True):
            lines.append(f"{name:<{width}}  {move:>9.2%}  {_count(row)}")
        return "\n".join([*lines, "Bought before the scenario and held; negative is a loss; nan: an asset is unknown."])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the return of the portfolio in each known scenario as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        known = self.to_frame()["portfolio_return"].dropna()
        return plot_bars(known, label="Portfolio return", percent=True, ax=ax)

    def __repr__(self) -> str:
        count = len(self.scenarios)
        return f"StressTest({count} scenario{'s' * (count != 1)}, {len(self.assets)} assets)"

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(float_format="{:.4f}".format, border=0)


def _count(sources: tuple[str, ...]) -> str:
    kinds = sorted(set(sources))
    return kinds[0] if len(kinds) == 1 else ", ".join(f"{kind} {sources.count(kind)}" for kind in kinds)
