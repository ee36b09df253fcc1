"""The result of `risk_contributions`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core.output._formats import percent, percent_4, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, table
from riskresearch.kernels._rounding import is_nothing
from riskresearch.portfolio._groups import sums_by_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAMES = {"conditional_value_at_risk": "CVaR", "value_at_risk": "VaR", "volatility": "volatility"}
COLUMNS = ("weights", "marginal", "component", "percentage", "incremental")


@dataclass(frozen=True, slots=True)
class RiskContributions:
    """The risk of a portfolio by asset, one entry each, and by factor: see `risk_contributions`."""

    assets: tuple[str, ...]
    weights: tuple[float, ...]
    marginal: tuple[float, ...]
    """Derivative of the risk with respect to the weight."""
    component: tuple[float, ...]
    """Weight times marginal; `math.fsum` of them is `total`."""
    percentage: tuple[float, ...]
    """Component over total, a fraction; nan if the total is zero."""
    incremental: tuple[float, ...]
    """Total less the risk of the portfolio that holds cash instead of the asset."""
    total: float
    """Risk of the portfolio per period."""
    measure: str
    method: str | None
    """None for volatility."""
    level: float | None
    bandwidth: float | None
    observations: int
    """Number of rows used."""
    factors: tuple[str, ...] = ()
    factor_betas: tuple[float, ...] = ()
    """Betas of the portfolio in one regression on all factors, with intercept."""
    factor_component: tuple[float, ...] = ()
    specific: float | None = None
    """Total less the components of the factors: the part of intercept and residual."""
    groups: tuple[str, ...] = ()
    """Group of each asset, such as its sector; empty without groups."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset: weight, marginal, component, percentage and incremental, as fractions.

        With groups the first column is the group; `by_group` has the sums.
        """
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        columns = {"group": self.groups} if self.groups else {}
        columns |= {name.removesuffix("s"): getattr(self, name) for name in COLUMNS}
        return pd.DataFrame(columns, index=pd.Index(self.assets, name="asset"))

    def by_group(self, groups: Groups | None = None) -> pd.DataFrame:
        """Return weight, component and percentage summed by group, such as sector or strategy.

        `groups` is as for `risk_contributions`, by default what was given there. Groups come in the order in which the
        assets first name them.
        """
        if groups is None and not self.groups:
            raise InvalidInputError(
                "groups must be given to by_group or to risk_contributions: "
                f"by_group({{{self.assets[0]!r}: 'sector', ...}})."
            )
        columns = {"weight": self.weights, "component": self.component, "percentage": self.percentage}
        return sums_by_group(self.groups if groups is None else group_of_each(groups, self.assets), columns)

    def by_factor(self) -> pd.DataFrame:
        """Return beta, component and percentage of each factor, and the specific part in the last row."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        if self.specific is None:
            raise InvalidInputError("factors must be given to risk_contributions for contributions by factor.")
        component = [*self.factor_component, self.specific]
        nothing = is_nothing(self.total, np.array(self.component))
        shares = [math.nan if nothing else part / self.total for part in component]
        columns = {"beta": [*self.factor_betas, math.nan], "component": component, "percentage": shares}
        return pd.DataFrame(columns, index=pd.Index([*self.factors, "specific"], name="factor"))

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        how = "sample deviation (n - 1)" if self.method is None else f"{self.method} method, level {self.level:g}"
        smooth = "" if self.bandwidth is None else f", kernel bandwidth {self.bandwidth:g} in probability"
        return (
            f"{NAMES[self.measure]} per period, {self.observations} rows, {how}{smooth}; components sum to the total; "
            "incremental: without the asset, its weight in cash."
        )

    def summary(self) -> str:
        """Return the table, the total and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        formats = (percent, percent_4, percent_4, percent, percent_4)
        columns = [map(write, getattr(self, name)) for write, name in zip(formats, COLUMNS, strict=True)]
        rows = list(zip(self.assets, *columns, strict=True))
        rows.append(("total", percent(math.fsum(self.weights)), "", percent_4(self.total), "", ""))
        blocks: list[Block] = [table(["", "weight", "marginal", "component", "share", "incremental"], rows)]
        if self.groups:
            forms = {"weight": percent, "component": percent_4, "percentage": percent}
            blocks += ["", frame_table(self.by_group(), forms, heads={"percentage": "share"}, name="by group")]
        return [*blocks, self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the component of each asset as a bar."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        level = "" if self.level is None else f"{percent_of(self.level)} "
        title = f"Contributions to the {level}{NAMES[self.measure]}"
        return plot_bars(self.to_frame()["component"], label="Contribution (%)", percent=True, title=title, ax=ax)

    def __repr__(self) -> str:
        count = len(self.assets)
        level = "" if self.level is None else f", level={self.level:g}"
        return f"RiskContributions({NAMES[self.measure]}, {count} asset{'s' * (count != 1)}{level})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
