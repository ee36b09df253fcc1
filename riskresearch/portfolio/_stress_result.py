"""The result of `historical_stress` and `hypothetical_stress`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core._checks import listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted, percent, plain
from riskresearch.core.output._tables import Block, as_html, as_text, table

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
    shocks: tuple[dict[str, float], ...] = ()
    """The given moves of each scenario by asset or factor, empty for episodes; () where there are episodes only."""

    @property
    def portfolio_returns(self) -> tuple[float, ...]:
        """Return of the portfolio in each scenario, bought before it and held; nan if a held asset is unknown."""
        return tuple(
            math.fsum(weight * move for weight, move in zip(self.weights, moves, strict=True) if weight != 0.0)
            for moves in self.asset_returns
        )

    def append(self, *others: StressTest) -> StressTest:
        """Return these scenarios and then those of other tests of the same portfolio, such as episodes and shocks."""
        tests = (self, *others)
        for other in others:
            if (other.assets, other.weights) != (self.assets, self.weights):
                raise InvalidInputError(
                    f"others must be stress tests of the same assets and weights, got {other!r} of "
                    f"{listed(other.assets)} beside {self!r} of {listed(self.assets)}."
                )
        names = [name for test in tests for name in test.scenarios]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InvalidInputError(f"others must have scenarios of other names, got {twice!r} twice.")
        given = any(test.shocks for test in tests)
        return StressTest(
            scenarios=tuple(names),
            assets=self.assets,
            weights=self.weights,
            asset_returns=tuple(row for test in tests for row in test.asset_returns),
            sources=tuple(row for test in tests for row in test.sources),
            shocks=tuple(row for test in tests for row in test._given()) if given else (),
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
        """Return the scenarios, the portfolio's returns, their sources and the given moves as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows, unknown = [], []
        for name, move, row, given in zip(
            self.scenarios, self.portfolio_returns, self.sources, self._given(), strict=True
        ):
            if math.isnan(move):
                unknown.append(name)
                continue
            moves = ", ".join(f"{what} {plain(shock)}" for what, shock in given.items())
            rows.append((name, percent(move), f"{_count(row)}{f' ({moves})' if moves else ''}"))
        blocks: list[Block] = [table(["scenario", "portfolio", "source"], rows)] if rows else []
        if unknown:
            blocks.append(f"The return is unknown, for a held asset has none then: {', '.join(unknown)}.")
        return [*blocks, "Bought before the scenario and held; negative is a loss."]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the return of the portfolio in each known scenario as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        known = self.to_frame()["portfolio_return"].dropna()
        return plot_bars(known, label="Return (%)", percent=True, title="Portfolio return by scenario", ax=ax)

    def __repr__(self) -> str:
        count = len(self.scenarios)
        return f"StressTest({counted(count, 'scenario')}, {counted(len(self.assets), 'asset')})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _given(self) -> tuple[dict[str, float], ...]:
        return self.shocks or ({},) * len(self.scenarios)


def _count(sources: tuple[str, ...]) -> str:
    kinds = sorted(set(sources))
    return kinds[0] if len(kinds) == 1 else ", ".join(f"{kind} {sources.count(kind)}" for kind in kinds)
