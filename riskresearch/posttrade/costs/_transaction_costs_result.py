"""The costs of orders, their totals, groups and outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_count, check_positive, name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import between, count, counted, money, percent_1, ratio
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.posttrade.costs._cost_sentences import CostSettings, cost_sentences
from riskresearch.posttrade.costs._outliers import robust_outliers
from riskresearch.posttrade.costs._totals import (
    BASIS_POINTS,
    clusters_of,
    cost_matrices,
    orders_left_out,
    ratio_intervals,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BASIS_POINTS", "TransactionCosts"]

PART_WORDS = {
    "delay": "Delay",
    "execution": "Execution",
    "trading": "Trading",
    "opportunity": "Opportunity",
    "fees": "Fees",
    "shortfall": "Shortfall",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TransactionCosts:
    """What orders cost: see `transaction_costs`. Costs are positive where they hurt."""

    table: pd.DataFrame
    """One row an order; money, and basis points in the columns that end with `_bps`."""
    settings: CostSettings
    """What was asked for, and what of it could be had."""

    @property
    def left_out(self) -> pd.DataFrame:
        """Orders that no total of the shortfall holds, because a price is not known: what is missing, and notional."""
        return orders_left_out(self.table)[["missing", "units", "filled", "paper_notional"]].copy()

    def to_frame(self) -> pd.DataFrame:
        """Return one row an order: prices, parts of the shortfall in money, and the cost against each benchmark."""
        return self.table.copy()

    def totals(self, *, confidence: float | None = None) -> pd.DataFrame:
        """Return money, basis points and their interval of each part, of the shortfall, and against each benchmark.

        Parts and shortfall are over the paper notional, benchmarks over the filled units at the benchmark.
        """
        return self._totals_of(self.table, self._level(confidence))

    def by(self, column: str, *, confidence: float | None = None) -> pd.DataFrame:
        """Return the totals of each group of orders: by "asset", "side", "status", "hour", "day" or another column."""
        level = self._level(confidence)
        rows = {}
        for name, part in self.table.groupby(self._key(column), sort=True, dropna=False):
            totals = self._totals_of(part, level)
            row: dict[str, Any] = {"orders": len(part), "left_out": int((part["missing"] != "").sum())}
            row["paper_notional"] = part["paper_notional"].where(part["missing"] == "").sum()
            row["shortfall"] = totals.loc["shortfall", "money"]
            row |= {f"{each}_bps": totals.loc[each, "bps"] for each in totals.index}
            row |= {f"shortfall_{each}_bps": totals.loc["shortfall", each] for each in ("lower", "upper")}
            rows[name] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(index=column)

    def outliers(
        self, *, by: str | None = None, measure: str = "shortfall", threshold: float = 3.5, fewest: int = 20
    ) -> pd.DataFrame:
        """Return the robust z of each order among its group, and the verdict.

        z = 0.6745 (x - median) / median absolute deviation, of the cost in basis points (Iglewicz & Hoaglin 1993). An
        order is an outlier where it is beyond `threshold` on either side; a group with fewer than `fewest` orders is
        too few to say.
        """
        check_positive(threshold, name="threshold")
        check_count(fewest, name="fewest", minimum=3)
        column = f"{measure}_bps"
        if column not in self.table:
            names = [str(each)[:-4] for each in self.table if str(each).endswith("_bps")]
            raise InvalidInputError(f"measure must be one of {names}, got {measure!r}.")
        group = None if by is None else self._key(by)
        return robust_outliers(self.table[column], group, threshold=threshold, fewest=fewest)

    def conventions(self) -> str:
        """Return by which conventions the costs were computed."""
        return "\n".join(self._sentences())

    def summary(self, *, confidence: float | None = None) -> str:
        """Return the totals and the conventions as text."""
        return as_text(*self._blocks(confidence))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the parts and the shortfall in basis points, each on its interval."""
        from riskresearch.plots import plot_intervals  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        totals = self.totals().rename(columns={"bps": "estimate"}).drop(columns=["money", "orders"])
        totals.index = [self._label(name) for name in totals.index]
        wide = totals.dropna(subset=["estimate"])
        return plot_intervals(
            wide.fillna({"lower": -np.inf, "upper": np.inf}),
            label="Cost in basis points",
            title=f"What trading cost, with {self.settings.confidence:.0%} intervals",
            ax=ax,
        )

    def __repr__(self) -> str:
        return f"TransactionCosts({counted(len(self.table), 'order')}, delay_basis={self.settings.delay_basis!r})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _key(self, column: str) -> pd.Series:
        """Return the group of each order."""
        if column in ("hour", "day"):
            times = next((each for each in ("decided", "arrived") if each in self.table), None)
            if times is None:
                raise InvalidInputError(f"column must not be {column!r} where orders have no 'decided' or 'arrived'.")
            dates = self.table[times].dt
            when: pd.Series = dates.hour if column == "hour" else dates.normalize()
            return when.rename(column)
        if column not in self.table:
            names = [str(each) for each in self.table.columns]
            raise InvalidInputError(
                f"column must be 'hour', 'day' or a column of the orders, got {column!r}."
                f"{name_remedy(str(column), names, what='column')}"
            )
        return self.table[column].rename(column)

    def _level(self, confidence: float | None) -> float:
        return self.settings.confidence if confidence is None else check_confidence(confidence)

    def _totals_of(self, orders: pd.DataFrame, confidence: float) -> pd.DataFrame:
        costs, notionals = cost_matrices(orders, self.settings.parts, self.settings.benchmarks)
        clusters, _ = clusters_of(orders)
        points, lower, upper, _ = ratio_intervals(
            costs, notionals, clusters, confidence, self.settings.draws, self.settings.seed
        )
        known = ~(np.isnan(costs) | np.isnan(notionals))
        sums = np.where(known, costs, 0.0).sum(axis=0)
        return pd.DataFrame(
            {"money": sums, "bps": points, "lower": lower, "upper": upper, "orders": known.sum(axis=0)},
            index=[*self.settings.parts, "shortfall", *self.settings.benchmarks],
        )

    def _label(self, name: str) -> str:
        words = name.replace("_ex_own", " without own fills").replace("_", " ").replace("vwap", "VWAP")
        return PART_WORDS.get(name) or f"Against {words.replace('twap', 'TWAP')}"

    def _blocks(self, confidence: float | None = None) -> list[Block]:
        level = self._level(confidence)
        totals = self.totals(confidence=level)
        rows = [
            (self._label(str(name)), money(row["money"]), ratio(row["bps"]), between(ratio, row["lower"], row["upper"]),
             count(row["orders"]))
            for name, row in totals.iterrows()
        ]  # fmt: skip
        head = ["", "Money", "bps", f"{level:.0%} interval", "Orders"]
        return [self._count_sentence(), table(head, rows), "", *self._sentences(level)]

    def _count_sentence(self) -> str:
        status = self.table["status"].value_counts()
        parts = [f"{status[each]:,} {each}" for each in ("filled", "part filled", "unfilled") if each in status]
        complete = self.table["missing"] == ""
        paper = self.table["paper_notional"].where(complete)
        whole = float(paper.sum())
        filled = float((paper * (self.table["filled"] / self.table["units"]).clip(upper=1.0)).sum())
        return f"{counted(len(self.table), 'order')} ({', '.join(parts)}), paper notional {money(whole)}" + (
            f", {percent_1(filled / whole)} of it filled." if whole > 0.0 else "."
        )

    def _sentences(self, confidence: float | None = None) -> list[str]:
        return cost_sentences(self.table, self.settings, self.settings.confidence if confidence is None else confidence)
