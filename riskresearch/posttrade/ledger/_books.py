"""What a ledger keeps, and its sums by asset and by account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._corporate_actions import Events
from riskresearch.posttrade.ledger._fills import FillTable
from riskresearch.posttrade.ledger._history import History
from riskresearch.posttrade.ledger._inputs import CashFlows
from riskresearch.posttrade.ledger._profit import Profit
from riskresearch.posttrade.ledger._timeline import Bars

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatMatrix


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
