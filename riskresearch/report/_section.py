"""A section of the report: the numbers that it computes, and the HTML that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.report._inputs import Inputs, NanPolicy

WIDE_POINTS = 600.0
HALF_POINTS = 370.0
NOT_ASKED = "Not asked for."
MIN_RETURNS = 30
"""Fewer returns give neither intervals nor contributions."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a report."""

    level: float
    risk_free: float
    periods_per_year: float | None
    window: int
    confidence: float
    nan_policy: NanPolicy
    source: str


class Context:
    """The inputs and settings of one report, and the measures that several of its sections show."""

    def __init__(self, inputs: Inputs, settings: Settings, summary: metrics.RiskSummary) -> None:
        self.inputs, self.settings, self.summary = inputs, settings, summary
        self.compared = inputs.compared
        """Returns of the portfolio and, beside it, of the benchmark."""

    @cached_property
    def drawdown(self) -> pd.DataFrame:
        """Drawdown of both sides after each return."""
        found: pd.DataFrame = metrics.drawdown(self.compared)
        return found

    @cached_property
    def rolling_volatility(self) -> pd.DataFrame:
        """Volatility per year of both sides over the window."""
        found: pd.DataFrame = metrics.rolling(
            self.compared, "volatility", window=self.settings.window, periods_per_year=self.summary.periods_per_year
        )
        return found

    @cached_property
    def rolling_sharpe_ratio(self) -> pd.DataFrame:
        """Sharpe ratio per year of both sides over the window."""
        found: pd.DataFrame = metrics.rolling(
            self.compared, "sharpe_ratio", window=self.settings.window, risk_free=self.settings.risk_free,
            periods_per_year=self.summary.periods_per_year,
        )  # fmt: skip
        return found


Tables = Mapping[str, Any]
"""The numbers of a section by name: frames, or a record of several."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: each file of `sections/` holds one, as SECTION.

    Attributes
    ----------
    name : str
        Name in `sections=` and anchor on the page.
    compute : callable
        Returns its tables by name.
    draw : callable
        Returns its HTML from all tables of the report; empty where it does not apply.
    follows : str or None, by keyword
        The section that it comes after on the page; None is the first.
    without : callable, optional
        Returns empty tables for a costly section that the page does not show; None always computes them.
    """

    name: str
    compute: Callable[[Context], Tables]
    draw: Callable[[ReportTables, Context], str]
    without: Callable[[], Tables] | None = None
    follows: str | None = field(kw_only=True)


class ReportTables(Mapping[str, Any]):
    """Every table of a report by name, as an item or an attribute: `report.tables.headline`.

    Each section adds its own tables, among them `headline` and `intervals` (measures as rows; fractions, not
    percent), `conventions`, `now`, `growth`, `drawdown`, `drawdowns`, `monthly`, `assets`, `contributions`,
    `diversification`, `stress`, `correlation`, `rolling_volatility` and `rolling_sharpe_ratio` (per year), `sizing`,
    `breaker`, and `returns`, those of portfolio and benchmark.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> Any:
        return self._tables[name]

    def __getattr__(self, name: str) -> Any:
        tables = self.__dict__.get("_tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"a report has no table {name!r}. It has: {', '.join(tables)}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._tables]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"ReportTables({len(self['headline'])} measures, {len(self['returns']):,} dates)"


def figure(
    name: str,
    description: str,
    draw: Callable[[Any], Any],
    *,
    width: float = WIDE_POINTS,
    height: float,
    fit_labels: bool = False,
) -> str:
    """Return what `draw` draws on new Axes as SVG for the page, with a description for readers who cannot see it."""
    with plots.plot_style():
        ax = plots.blank_axes(width=width, height=height, fit_labels=fit_labels)
        draw(ax)
        return plots.figure_to_svg(ax.figure.figure, name=name, description=description)
