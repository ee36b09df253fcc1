"""All tables of an analysis of fills, and what was left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core.output import _formats as formats
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels._compounding import compounded
from riskresearch.posttrade.attribution._attribution import Attribution
from riskresearch.posttrade.attribution._factor_result import FactorAttribution
from riskresearch.posttrade.attribution._risk_result import RiskAttribution
from riskresearch.posttrade.breaches._compliance_result import Compliance
from riskresearch.posttrade.costs._markouts_result import Markouts
from riskresearch.posttrade.costs._transaction_costs_result import TransactionCosts
from riskresearch.posttrade.ledger._ledger import Ledger
from riskresearch.posttrade.ledger._profit import whole_returns
from riskresearch.posttrade.trips._round_trips import RoundTrips

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector

TITLES = {
    "ledger": "Ledger",
    "round_trips": "Round trips",
    "brinson": "Attribution to allocation and selection",
    "factors": "Attribution to factors",
    "risk": "Risk of the active weights",
    "compliance": "Limits",
    "transaction_costs": "Transaction costs",
    "markouts": "Prices after the fills",
}
"""The title of each table, in the order of the report."""
WHOLE = "all accounts"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PostTradeReport:
    """What happened, why, and what it cost: `posttrade.analyze` makes it. A table without its inputs is None."""

    ledger: Ledger
    round_trips: RoundTrips
    brinson: Attribution | None
    factors: FactorAttribution | None
    risk: RiskAttribution | None
    compliance: Compliance | None
    transaction_costs: TransactionCosts | None
    markouts: Markouts | None
    skipped: Mapping[str, str]
    """Why each table that is None was not made."""
    accounts: Mapping[str, PostTradeReport]
    """The report of each account, where there are several; transaction costs are of the whole only."""

    @property
    def tables(self) -> dict[str, Any]:
        """The tables that were made, by name."""
        return {name: getattr(self, name) for name in TITLES if getattr(self, name) is not None}

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each account, and one for all: equity, flows, profit, return, round trips.

        `return` compounds the profit of each bar over the equity before it; deposits and withdrawals are none.
        """
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        whole = {WHOLE: self} if self.accounts else {self.ledger.books.accounts[0]: self}
        rows = {name: part._row() for name, part in {**self.accounts, **whole}.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("account")

    def _row(self) -> dict[str, float]:
        profit, trips = self.ledger.books.profit, self.round_trips.statistics()
        earned = profit.earned.sum(axis=1)
        return {
            "equity": float(profit.equity[-1].sum()),
            "flows": float(profit.flows.sum()),
            "profit": float(earned.sum()),
            "return": _compounded(whole_returns(profit)),
            "realised": float(profit.realised[-1].sum()),
            "unrealised": float(profit.unrealised[-1].sum()),
            "costs": float((self.ledger.books.history.fill_costs * self.ledger.books.history.fill_rate).sum()),
            "round_trips": float(len(self.round_trips.trips)),
            "win_rate": float(trips["win_rate"]),
            "net_profit_of_trips": float(self.round_trips.trips["net"].sum()),
        }

    def conventions(self) -> str:
        """Return how each table was made, and which were not, and why."""
        return "\n".join(
            [*(f"{TITLES[name]}: {each.conventions()}" for name, each in self.tables.items()), *self._left()]
        )

    def _left(self) -> list[str]:
        return [f"Not made: {TITLES[name].lower()}. {why}" for name, why in self.skipped.items()]

    def summary(self) -> str:
        """Return the row of each account, the summary of each table, and what was left out and why."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the profit by cause."""
        return self.ledger.plot(ax=ax)

    def __repr__(self) -> str:
        return f"PostTradeReport({', '.join(self.tables)}; {formats.counted(len(self.accounts) or 1, 'account')})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _blocks(self) -> list[Block]:
        frame = self.to_frame()
        write = {"return": formats.percent, "round_trips": formats.count, "win_rate": formats.percent}
        columns = [str(column) for column in frame]
        rows = [
            (str(name), *(write.get(column, formats.money)(value) for column, value in zip(columns, row, strict=True)))
            for name, row in zip(frame.index, frame.to_numpy().tolist(), strict=True)
        ]
        blocks: list[Block] = [table(["account", *(column.replace("_", " ") for column in columns)], rows)]
        for name, each in self.tables.items():
            blocks += ["", TITLES[name], *each._blocks()]
        return [*blocks, "", *self._left()]


def _compounded(returns: FloatVector) -> float:
    """Return what bars compound to; nan where one has no return, or lost more than everything."""
    if not bool((returns >= -1.0).all()):
        return math.nan
    return float(compounded(returns[:, None], 1.0)[0] - 1.0)
