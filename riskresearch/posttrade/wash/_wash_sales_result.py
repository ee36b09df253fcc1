"""Deferred losses in tables: by closing, by match, and on the lots that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core.output._formats import counted, money, number
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.kernels.trades._wash_sales import Washed
    from riskresearch.posttrade.ledger._ledger import Ledger

SHOWN_MATCHES = 20


@dataclass(frozen=True, slots=True, eq=False)
class WashSales:
    """Losses that are deferred because what was closed was bought again: `wash_sales` makes it.

    Money is that of the position, net of costs.
    """

    closings: pd.DataFrame
    """One row a closing: asset, account, opened, closed, units, `profit`, `taken_over` (deferred losses that the lot
    brought along), `deferred`, and `reported` = profit - taken_over + deferred."""
    matches: pd.DataFrame
    """One row a match: the closing, the lot that replaces it, units as of the closing, and the loss that moved."""
    lots: pd.DataFrame
    """One row for each open lot that carries a deferred loss at the end: its cost is higher by `adjustment`, or the
    proceeds of a short lower."""
    window_days: int
    pooled: bool

    @property
    def deferred(self) -> float:
        """Sum of the losses that were deferred, those that were deferred again included."""
        return float(self.closings["deferred"].sum())

    def to_frame(self) -> pd.DataFrame:
        """Return the closings with what was deferred and what is reported."""
        return self.closings.copy()

    def conventions(self) -> str:
        """Return the rule in a few sentences."""
        accounts = "in any account" if self.pooled else "in the same account"
        return (
            f"A loss is deferred where the asset was bought {accounts} within {self.window_days} calendar days before "
            "or after, first purchases first, each unit once, by units; earlier lots with what is still held. The rule "
            "is that of IRS Publication 550 for the same asset; substantially identical assets, options and holding "
            "periods are not looked at. No tax advice."
        )

    def summary(self) -> str:
        """Return sums by asset, the matches, and the rule as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        names = ["profit", "taken_over", "deferred", "reported"]
        sums = self.closings.groupby("asset", sort=True)[names].sum()
        sums["carried_at_the_end"] = self.lots.groupby("asset")["adjustment"].sum().reindex(sums.index, fill_value=0.0)
        blocks: list[Block] = [frame_table(sums, dict.fromkeys(sums.columns, money))] if len(sums) else []
        if len(self.matches):
            shown = self.matches.head(SHOWN_MATCHES).drop(columns="closing").set_index("asset")
            blocks.append(frame_table(shown, {"units": _units, "deferred": money}))
        more = len(self.matches) - SHOWN_MATCHES
        rest = f"The first {SHOWN_MATCHES} of {len(self.matches):,} matches are shown. " if more > 0 else ""
        found = "" if len(self.matches) else f"No wash sale in {counted(len(self.closings), 'closing')}. "
        return [*blocks, found + rest + self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the deferred losses of each asset as bars."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        sums = self.closings.groupby("asset", sort=True)["deferred"].sum()
        return plot_bars(sums, label="Deferred losses", title="Wash sales by asset", ax=ax)

    def __repr__(self) -> str:
        closings, matches = counted(len(self.closings), "closing"), len(self.matches)
        return f"WashSales({closings}, {matches:,} matched, deferred={self.deferred:.6g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _units(value: float) -> str:
    return number(value, decimals=6).rstrip("0").rstrip(".")


def washed_tables(
    ledger: Ledger,
    found: Washed,
    lot_fills: IntVector,
    times: npt.NDArray[np.datetime64],
    factor: FloatVector,
    profit: FloatVector,
    *,
    window_days: int,
    pooled: bool,
) -> WashSales:
    """Return the tables of what was matched; `factor` is what one unit of each fill became by the end."""
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    books, sold = ledger.books, ledger.closing_arrays
    places = books.history.positions
    asset = np.array(books.columns, dtype=object)[places.asset[books.history.fill_position]]
    account = np.array(books.accounts, dtype=object)[places.account[books.history.fill_position]]
    closings = pd.DataFrame(
        {
            "asset": asset[sold.close_fill],
            "account": account[sold.close_fill],
            "opened": times[sold.open_fill],
            "closed": times[sold.close_fill],
            "units": sold.units,
            "profit": profit,
            "taken_over": found.taken_over,
            "deferred": found.deferred,
            "reported": profit - found.taken_over + found.deferred,
        }
    )
    closing, bought = sold.close_fill[found.closing], lot_fills[found.lot]
    matches = pd.DataFrame(
        {
            "closing": found.closing,
            "asset": asset[closing],
            "account": account[closing],
            "closed": times[closing],
            "bought": times[bought],
            "bought_in": account[bought],
            "units": found.units / factor[closing],
            "deferred": found.amount,
        }
    )
    carrying = np.flatnonzero(found.left > 0.0)
    own = lot_fills[carrying]
    lots = pd.DataFrame(
        {
            "asset": asset[own],
            "account": account[own],
            "opened": times[own],
            "units": found.held[carrying],
            "adjustment": found.left[carrying],
        }
    )
    return WashSales(closings, matches, lots, window_days, pooled)
