"""The result of `monte_carlo_risk`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core.output._formats import counted, percent, percent_of, ratio_4
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels._rounding import shares_of
from riskresearch.portfolio._groups import sums_by_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SHOWN = 20


@dataclass(frozen=True, slots=True)
class MonteCarloRisk:
    """VaR and CVaR of a simulated book in money, with standard errors, and by position: see `monte_carlo_risk`."""

    positions: tuple[str, ...]
    value_at_risk: float
    conditional_value_at_risk: float
    """`math.fsum` of `component`."""
    value_at_risk_error: float
    """Standard error of the simulation, not of the model."""
    conditional_value_at_risk_error: float
    component_value_at_risk: tuple[float, ...]
    """Kernel estimate of the loss of each position where the book loses its VaR, scaled to sum to VaR."""
    component_value_at_risk_error: tuple[float, ...]
    """Standard errors of the mean loss near VaR, conditional on VaR."""
    component: tuple[float, ...]
    """Mean loss of each position over the tail scenarios of the book."""
    component_error: tuple[float, ...]
    """Standard errors of the simulation, including the estimation of VaR."""
    incremental_positions: tuple[str, ...]
    """Positions of the next two fields, in order."""
    incremental_value_at_risk: tuple[float, ...]
    """VaR of the book less VaR of the book without the position, in the same scenarios."""
    incremental: tuple[float, ...]
    """CVaR of the book less CVaR of the book without the position."""
    level: float
    n_scenarios: int
    bandwidth: float
    """Bandwidth of component VaR, in probability."""
    seed: int
    """The seed of the draws: `rng=seed` repeats every digit."""
    groups: tuple[str, ...] = ()
    """Group of each position, if groups were given."""
    group_incremental_value_at_risk: tuple[float, ...] = ()
    """VaR less that of the book without each group in order, in the same scenarios."""
    group_incremental: tuple[float, ...] = ()
    """CVaR less that of the book without each group in order."""

    @property
    def percentage(self) -> tuple[float, ...]:
        """Component CVaR over CVaR, as fractions; nan for a perfect hedge."""
        return tuple(shares_of(np.array(self.component), self.conditional_value_at_risk).tolist())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per position: components with errors, share of CVaR, and incremental risk where computed."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        columns = {
            "component_value_at_risk": self.component_value_at_risk,
            "component_value_at_risk_error": self.component_value_at_risk_error,
            "component": self.component,
            "component_error": self.component_error,
            "percentage": self.percentage,
        }
        frame = pd.DataFrame(columns, index=pd.Index(self.positions, name="position"))
        if self.incremental_positions:
            added = {"incremental_value_at_risk": self.incremental_value_at_risk, "incremental": self.incremental}
            frame = frame.join(pd.DataFrame(added, index=pd.Index(self.incremental_positions, name="position")))
        return frame

    def by_group(self, groups: Groups | None = None) -> pd.DataFrame:
        """Return the components summed by group, in the order of first occurrence.

        `groups` is as for `monte_carlo_risk`. By default it is what was given there, and the incremental VaR and CVaR
        of each group are included.
        """
        if groups is None and not self.groups:
            raise InvalidInputError("groups must be given to by_group or to monte_carlo_risk.")
        columns = {name: getattr(self, name) for name in ("component_value_at_risk", "component", "percentage")}
        group_of = self.groups if groups is None else group_of_each(groups, self.positions, what="position")
        frame = sums_by_group(group_of, columns)
        if groups is None:
            frame["incremental_value_at_risk"] = self.group_incremental_value_at_risk
            frame["incremental"] = self.group_incremental
        return frame

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        return (
            f"{self.n_scenarios:,} scenarios, level {self.level:g}; VaR is the loss of rank ceil(level * n); "
            f"standard errors are those of the simulation; component VaR smoothed over {self.bandwidth:g} in "
            f"probability; seed {self.seed}."
        )

    def summary(self) -> str:
        """Return the two numbers, the largest components and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        risks = [
            ("VaR", ratio_4(self.value_at_risk), ratio_4(self.value_at_risk_error)),
            ("CVaR", ratio_4(self.conditional_value_at_risk), ratio_4(self.conditional_value_at_risk_error)),
        ]
        rows = [
            (
                self.positions[number],
                ratio_4(self.component[number]),
                ratio_4(self.component_error[number]),
                percent(self.percentage[number]),
            )
            for number in self._largest()
        ]
        more = [f"and {len(self.positions) - SHOWN:,} more positions"] * (len(self.positions) > SHOWN)
        blocks: list[Block] = [table(["", "money", "standard error"], risks)]
        blocks += [table(["position", "component of CVaR", "standard error", "share"], rows), *more]
        if self.groups:
            sums = self.by_group()[["component", "percentage"]].itertuples()
            groups = [(str(group), ratio_4(component), percent(share)) for group, component, share in sums]
            blocks.append(table(["by group", "component of CVaR", "share"], groups))
        return [*blocks, self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the twenty largest components of CVaR as bars."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        largest = self.to_frame()["component"].iloc[self._largest()]
        title = f"Contributions to the {percent_of(self.level)} CVaR, {self.n_scenarios:,} scenarios"
        return plot_bars(largest, label="Contribution", title=title, ax=ax)

    def _largest(self) -> list[int]:
        numbers = range(len(self.positions))
        return sorted(numbers, key=lambda number: -abs(self.component[number]))[:SHOWN]

    def __repr__(self) -> str:
        positions = counted(len(self.positions), "position")
        return f"MonteCarloRisk({positions}, {self.n_scenarios} scenarios, level={self.level:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
