"""A section of the report: the numbers that it computes, and the blocks that show them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.posttrade import Ledger
from riskresearch.report._blocks import Drawn
from riskresearch.report._inputs import Inputs, NanPolicy
from riskresearch.report._intervals import Intervals
from riskresearch.report._money import Capital
from riskresearch.report._simulation import account_of

WIDE_POINTS = 600.0
HALF_POINTS = 370.0
SHADES = 5
"""Steps of the shades up1 to up5 and down1 to down5 in the style sheet."""


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
    settings_from: str = ""
    """The file of settings, and what came from it; empty for none."""
    capital: Capital | None = None
    """Money that the page converts losses to; None shows fractions only."""


class Context:
    """The inputs and settings of one report, and the measures that several of its sections show."""

    def __init__(self, inputs: Inputs, settings: Settings, summary: metrics.RiskSummary) -> None:
        self.inputs, self.settings, self.summary = inputs, settings, summary
        self.compared = inputs.compared
        """Returns of the portfolio and, beside it, of the benchmark."""
        self.intervals = Intervals(inputs, summary, settings.confidence)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by name, with the values that were decided."""
        settings, equity = self.settings, self.settings.capital
        return {
            "level": settings.level,
            "risk_free": settings.risk_free,
            "periods_per_year": self.summary.periods_per_year,
            "window": settings.window,
            "confidence": settings.confidence,
            "nan_policy": settings.nan_policy,
            "capital": None if equity is None else equity.amount,
        }

    @cached_property
    def beside(self) -> metrics.RiskSummary | None:
        """The measures of the benchmark alone; None without one."""
        if self.inputs.benchmark is None:
            return None
        return metrics.summary(
            self.inputs.benchmark.to_frame(), level=self.summary.level, risk_free=self.settings.risk_free,
            periods_per_year=self.summary.periods_per_year,
        )  # fmt: skip

    @cached_property
    def account(self) -> tuple[Ledger | None, str]:
        """The ledger of the portfolio's weights as an account that trades, or why there is none."""
        return account_of(self.inputs)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Growth of 1 of both sides after each return."""
        found: pd.DataFrame = metrics.wealth_index(self.compared)
        return found

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
    title : str
        Its heading, and its name in the list of contents.
    compute : callable
        Returns its tables by name; called only for a section that the page shows.
    draw : callable
        Returns its blocks from the tables of the report, or why it does not apply.
    tables : tuple of str, by keyword
        Names of its tables.
    follows : str or None, by keyword
        The section that it comes after on the page; None is the first.
    references : tuple of str, by keyword
        The sources of its methods, which the page lists at its end.
    """

    name: str
    title: str
    compute: Callable[[Context], Tables]
    draw: Callable[[ReportTables, Context], Drawn]
    tables: tuple[str, ...] = field(default=(), kw_only=True)
    follows: str | None = field(kw_only=True)
    references: tuple[str, ...] = field(default=(), kw_only=True)


class ReportTables(Mapping[str, Any]):
    """Every table of a report by name, as an item or an attribute: `report.tables.headline`.

    As a mapping it holds the tables of the page: always `returns`, those of portfolio and benchmark; `headline` and
    `intervals` (measures as rows; fractions, not percent) and `conventions`; with a capital `amounts`; and those of
    each section that the page shows, such as `growth`, `drawdowns`, `stress`, `contributions`, `sizing` and `breaker`.
    As an attribute, a table of any other section is computed when it is first asked for.
    """

    def __init__(self, tables: Mapping[str, Any], later: Mapping[str, Callable[[], Tables]]) -> None:
        self._tables, self._later = dict(tables), dict(later)
        self._made_later: dict[str, Any] = {}

    def with_table(self, name: str, table: Any) -> ReportTables:
        """Return the tables with one more, or with another of this name."""
        return ReportTables({**self._tables, name: table}, self._later)

    def __getitem__(self, name: str) -> Any:
        return self._tables[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # while it is being copied or unpickled
            raise AttributeError(name)
        if name in self._tables:
            return self._tables[name]
        if name not in self._made_later and name in self._later:
            self._made_later |= self._later[name]()
        if name in self._made_later:
            return self._made_later[name]
        known = ", ".join(sorted({*self._tables, *self._later}))
        raise AttributeError(f"a report has no table {name!r}. It has: {known}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._tables, *self._later]

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


def shade(value: float, scale: float) -> str:
    """Return the class of a shaded cell: blue above zero, orange below, darkest from `scale` on."""
    step = 0 if math.isnan(value) else min(SHADES, math.ceil(SHADES * abs(value) / scale - 0.5))
    return f"{'up' if value > 0 else 'down'}{step}" if step > 0 else ""
