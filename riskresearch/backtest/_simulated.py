"""Simulated accounts as arrays, with what their tables need: names, dates, and the bar of each first fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.accounts._book import Market, Record, Settings
from riskresearch.accounts._inputs import Layout
from riskresearch.accounts._series import account_returns
from riskresearch.backtest._benchmark import Benchmark
from riskresearch.backtest._holding import first_fills, hold
from riskresearch.backtest._limit_verdicts import LimitRecord

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatMatrix


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """Accounts after a simulation."""

    layout: Layout
    settings: Settings
    market: Market
    record: Record
    benchmark: Benchmark | None
    limit_records: tuple[LimitRecord, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.layout.accounts

    @property
    def returns(self) -> FloatMatrix:
        """The return of each bar, shape (bars, accounts)."""
        return account_returns(self.record, self.settings)

    @property
    def first(self) -> npt.NDArray[np.intp]:
        """The row of each account's first fill, -1 without any."""
        return first_fills(self.record, self.layout)

    @property
    def index(self) -> pd.Index:
        """The dates of the bars, or their numbers."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        names = self.layout.labels.row_names
        if isinstance(names, pd.Index):
            return names
        return pd.RangeIndex(len(names)) if isinstance(names, range) else pd.Index(names)

    def on(self, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
        """Return the date of a row of each account, without those that have none."""
        index = self.index
        return {name: index[int(row)] for name, row in zip(self.names, rows, strict=True) if row >= 0}

    def holding(self) -> Simulated:
        """Return accounts that hold what these bought first."""
        settings, market, record = hold(self.settings, self.market, self.layout, self.record)
        return Simulated(self.layout, settings, market, record, None)
