"""Portfolio risk in one result: measures with intervals, contributions, diversification and stress tests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import each_topic_once
from riskresearch.core.output._formats import between, percent, ratio_3
from riskresearch.core.output._tables import Block, Table, as_html, as_text, frame_table, table
from riskresearch.metrics._summary import PERCENT, label_of
from riskresearch.portfolio._portfolio_fields import AGAINST_BENCHMARK, HEADLINE, portfolio_fields

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._groups import Groups
    from riskresearch.core._types import Data, NanPolicy
    from riskresearch.metrics._summary import RiskSummary
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._interval import Interval
    from riskresearch.portfolio._risk_contributions import RiskContributions
    from riskresearch.portfolio._stress_result import StressTest

SPLIT = ("volatility", "value_at_risk", "conditional_value_at_risk")


@answers_other_names()
@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class PortfolioRiskMetrics:
    """Measure the risk of a portfolio of constant weights: measures, intervals, contributions and stress tests.

    Each number is the result of the function of its name for the returns of the portfolio or of its assets.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value, held constant; the rest to 1 is cash that earns nothing.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    benchmark : Series or 1-D array, optional
        Simple returns of a benchmark on the same dates; adds the relative measures.
    factors : Series, DataFrame or array, optional
        Factor returns over the same rows, for contributions by factor. Dated factors may begin earlier: in an older
        stress episode an asset without returns moves by its betas.
    groups : mapping, Series or list, optional
        The group of each asset, such as sector or strategy, as for `risk_contributions`.
    bandwidth : float, optional
        Smooth the contributions to VaR over order statistics within this distance in probability, as
        `risk_contributions` does; they then sum to the smoothed VaR.
    level : float
        Confidence level of VaR and CVaR, both historical, in (0.5, 1).
    risk_free : float or Series
        Simple rate per period, not per year.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Add an interval of this confidence to each headline number, by the method of its function.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset or the benchmark is missing; stress episodes use all known returns.

    Examples
    --------
    >>> import riskresearch
    >>> scenarios = [[-0.04, 0.01], [0.02, -0.01], [0.01, 0.02], [0.0, -0.02]]
    >>> risk = riskresearch.PortfolioRiskMetrics(scenarios, [0.5, 0.5], level=0.75)
    >>> risk.conditional_value_at_risk.component, risk.herfindahl_index
    ((0.02, -0.005), 0.5)
    """

    assets: tuple[str, ...]
    weights: tuple[float, ...]
    headline: RiskSummary
    """Summary of the returns of the portfolio; its one asset is "portfolio"."""
    intervals: tuple[Interval, ...]
    """Interval of each headline measure; empty without `interval`."""
    volatility: RiskContributions
    """Sample deviation per period, by asset and factor."""
    value_at_risk: RiskContributions
    """By the boundary scenario only, which is exact but noisy, or smoothed with `bandwidth`."""
    conditional_value_at_risk: RiskContributions
    diversification_ratio: float
    effective_number_of_bets: float
    """nan where the sample covariance is singular or the portfolio does not move."""
    herfindahl_index: float
    """Concentration of the weights; its inverse is the effective number of positions."""
    stress: StressTest | None
    """Historical episodes; None where the returns have no daily dates."""
    groups: tuple[str, ...]
    """The group of each asset; empty without groups."""

    def __init__(
        self,
        returns: Data,
        weights: Mapping[str, float] | Data,
        *,
        benchmark: Data | None = None,
        factors: Data | None = None,
        groups: Groups | None = None,
        bandwidth: float | None = None,
        level: float = 0.95,
        risk_free: float | Data = 0.0,
        periods_per_year: float | None = None,
        interval: float | Bootstrap | None = None,
        nan_policy: NanPolicy = "raise",
    ) -> None:
        with each_topic_once():
            fields = portfolio_fields(
                returns,
                weights,
                benchmark=benchmark,
                factors=factors,
                groups=groups,
                bandwidth=bandwidth,
                level=level,
                risk_free=risk_free,
                periods_per_year=periods_per_year,
                interval=interval,
                nan_policy=nan_policy,
            )
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per headline measure: estimate and, with intervals, bounds, standard error and method."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        if self.intervals:
            rows = {each.measure: [each.estimate, each.lower, each.upper, each.standard_error, each.method]
                    for each in self.intervals}  # fmt: skip
            columns = ["estimate", "lower", "upper", "standard_error", "method"]
        else:
            names = [name for name in (*HEADLINE, *AGAINST_BENCHMARK) if getattr(self.headline, name) is not None]
            rows, columns = {name: [getattr(self.headline, name)[0]] for name in names}, ["estimate"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("measure")

    def contributions(self) -> pd.DataFrame:
        """Return one row per asset: weight, and components and shares of volatility, VaR and CVaR per period."""
        return self._side_by_side([split.to_frame() for split in self._splits()])

    def by_group(self) -> pd.DataFrame:
        """Return the contributions by group, in the order of first occurrence."""
        if not self.groups:
            raise InvalidInputError("groups must be given to PortfolioRiskMetrics for contributions by group.")
        return self._side_by_side([split.by_group() for split in self._splits()])

    def by_factor(self) -> pd.DataFrame:
        """Return the contributions by factor, with betas; the unexplained rest is "specific"."""
        return self._side_by_side([split.by_factor() for split in self._splits()])

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        smooth = self.value_at_risk.bandwidth
        var = (
            ""
            if smooth is None
            else (
                f" Those of VaR are smoothed, kernel bandwidth {smooth:g} in probability, and sum to "
                f"{self.value_at_risk.total:.2%}."
            )
        )
        return (
            f"{self.headline.conventions()} Weights held constant; components are per period and sum to the "
            f"portfolio's risk.{var}"
        )

    def summary(self) -> str:
        """Return the headline numbers, diversification, contributions and stress as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        blocks: list[Block] = [table([], self._lines()), *self._methods(), "", self._diversification()]
        blocks += ["", _in_percent(self.contributions())]
        if self.groups:
            blocks += ["", _in_percent(self.by_group())]
        if self.conditional_value_at_risk.factors:
            blocks += ["", _in_percent(self.by_factor())]
        if self.stress is not None:
            blocks += ["", *self.stress._blocks()]
        return [*blocks, "", self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the contribution of each asset to CVaR as a bar."""
        return self.conditional_value_at_risk.plot(ax)

    def __repr__(self) -> str:
        count, rows = len(self.assets), self.headline.observations[0]
        return f"PortfolioRiskMetrics({count} asset{'s' * (count != 1)}, {rows} rows, level={self.headline.level:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _splits(self) -> tuple[RiskContributions, ...]:
        return self.volatility, self.value_at_risk, self.conditional_value_at_risk

    def _side_by_side(self, frames: list[pd.DataFrame]) -> pd.DataFrame:
        first = frames[0]
        columns: dict[str, Any] = {name: first[name] for name in ("weight", "beta") if name in first}
        for name, frame in zip(SPLIT, frames, strict=True):
            columns |= {name: frame["component"], f"{name}_share": frame["percentage"]}
        return type(first)(columns)

    def _diversification(self) -> str:
        positions = 1.0 / self.herfindahl_index if self.herfindahl_index > 0.0 else math.nan
        return (
            f"Diversification ratio {self.diversification_ratio:.3f}; effective number of bets "
            f"{self.effective_number_of_bets:.2f}, of positions {positions:.2f} among {len(self.assets)}."
        )

    def _lines(self) -> list[tuple[str, ...]]:
        """Return label, estimate and interval of each headline measure."""
        lines: list[tuple[str, ...]] = []
        for name, estimate, *bounds in self.to_frame().itertuples():
            write = percent if name in PERCENT else ratio_3
            interval = [between(write, bounds[0], bounds[1])] if bounds else []
            lines.append((label_of(name, self.headline.level), write(estimate), *interval))
        return lines

    def _methods(self) -> list[str]:
        """Return one line for each interval method, with its measures."""
        found: dict[str, list[str]] = {}
        for each in self.intervals:
            what = "intervals" if each.kind == "interval" else "of resampled histories"
            found.setdefault(f"{100.0 * each.confidence:g} % {what}, {each.method}", []).append(each.measure)
        return [f"{how}: {', '.join(measures)}." for how, measures in found.items()]


def _in_percent(frame: pd.DataFrame) -> Table:
    names = {"value_at_risk": "VaR", "conditional_value_at_risk": "CVaR"}
    columns = list(map(str, frame.columns))
    heads = {name: "share" if name.endswith("_share") else names.get(name, name) for name in columns}
    return frame_table(frame, {name: ratio_3 if name == "beta" else percent for name in columns}, heads=heads)
