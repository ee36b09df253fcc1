"""What a ledger keeps, and its sums by asset and by account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._book import Market
from riskresearch.accounts._corporate_actions import Events
from riskresearch.accounts._marks import last_prices
from riskresearch.posttrade.ledger._fills import FillTable
from riskresearch.posttrade.ledger._history import History, read_positions, run_history
from riskresearch.posttrade.ledger._inputs import CashFlows
from riskresearch.posttrade.ledger._profit import Profit, check_identity, count_profit
from riskresearch.posttrade.ledger._timeline import Bars

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The inputs of a ledger, what the kernel made of them, and the profit."""

    table: FillTable
    bars: Bars
    columns: tuple[str, ...]
    """Names of the assets of prices."""
    accounts: tuple[str, ...]
    currencies: tuple[str, ...]
    base_currency: str
    matching: str
    prices: FloatMatrix
    marks: FloatMatrix
    rates: FloatMatrix
    events: Events
    cash_flows: CashFlows
    history: History
    profit: Profit

    def asset_sums(self, values: FloatMatrix) -> FloatMatrix:
        found = np.zeros((len(values), len(self.columns)))
        for position, asset in enumerate(self.history.positions.asset):
            found[:, asset] += values[:, position]
        return found

    def rate_growth(self) -> FloatMatrix:
        """Return what one unit of the currency of each asset became on each bar in the base currency."""
        found = np.ones((len(self.rates), len(self.columns)))
        places = self.history.positions
        own = self.rates[:, places.currency]
        found[1:, places.asset] = own[1:] / own[:-1]
        return found

    def by_asset(self, values: FloatMatrix) -> pd.DataFrame:
        return self.frame(self.asset_sums(values))

    def frame(self, values: FloatMatrix) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        return pd.DataFrame(values, index=self.bars.index, columns=list(self.columns))

    def sums(self, pools: FloatMatrix) -> FloatMatrix:
        """Return the sums of pools over the currencies of each account."""
        return np.asarray(pools.reshape(len(pools), len(self.accounts), -1).sum(axis=2))

    def by_account(self, pools: FloatMatrix) -> Any:
        return self.labelled(self.sums(pools))

    def labelled(self, values: FloatMatrix) -> Any:
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        if len(self.accounts) == 1:
            return pd.Series(values[:, 0], index=self.bars.index, name=self.accounts[0])
        return pd.DataFrame(values, index=self.bars.index, columns=list(self.accounts))


def make_books(
    table: FillTable,
    bars: Bars,
    columns: tuple[str, ...],
    prices: FloatMatrix,
    rates: FloatMatrix,
    multiplier: FloatVector,
    events: Events,
    flows: CashFlows,
    *,
    accounts: list[str],
    currencies: list[str],
    base_currency: str,
    matching: str,
) -> Books:
    """Run the kernel over what was read, count the profit, and check that cash and lots agree."""
    positions = read_positions(table, columns, events, multiplier, accounts, currencies)
    history = run_history(
        table, positions, events, flows, rates, bars, prices, matching=matching, accounts=accounts,
        currencies=currencies, columns=columns,
    )  # fmt: skip
    none = np.zeros((1, prices.shape[1]))
    marks = last_prices(Market(prices, prices, none, none, events))
    profit = count_profit(history, table, flows, rates, prices, marks)
    check_identity(profit, bars, tuple(accounts))
    return Books(
        table, bars, columns, tuple(accounts), tuple(currencies), base_currency, matching, prices, marks, rates,
        events, flows, history, profit,
    )  # fmt: skip
