"""The result of a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.accounts._book import COST_KINDS, INCOME_KINDS, Market, Record, Settings
from riskresearch.accounts._fills import find_fills
from riskresearch.accounts._inputs import Layout
from riskresearch.accounts._series import account_returns, gross_exposure, net_exposure, turnover, weights_held
from riskresearch.backtest._benchmark import Benchmark
from riskresearch.backtest._limit_verdicts import LimitRecord, verdicts_frame
from riskresearch.backtest._simulated import Simulated
from riskresearch.backtest.breakers._recorded import RecordedBreakers
from riskresearch.breakers._types import events_frame
from riskresearch.core._checks import check_choice
from riskresearch.core.output._tables import Block, as_html, as_text
from riskresearch.posttrade.ledger._book import MATCHING
from riskresearch.posttrade.ledger._ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatMatrix


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Backtest:
    """Accounts that followed target weights: see `simulate`.

    The arrays of the simulation are kept; each property makes its Series or DataFrame of them when asked. Tables over
    time have the rows of the prices and a column per account, or are a Series where there is one account only; beside
    polars prices they are polars frames with the column of dates. Fills and events are DataFrames.
    """

    layout: Layout
    settings: Settings
    market: Market
    record: Record
    breaker_records: tuple[RecordedBreakers, ...] = ()
    """What the breakers among the gates measured and decided, account by account."""
    benchmark: Benchmark | None = None
    """The benchmark that was given, on the bars."""
    limit_records: tuple[LimitRecord, ...] = ()
    """What the limits said of the orders, limit by limit and account by account."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Names of the accounts."""
        return self.layout.accounts

    @property
    def equity(self) -> Any:
        """Cash plus units times price after each bar, in money; 0 from a bankruptcy on."""
        return self._by_account(self.record.equity)

    @property
    def cash(self) -> Any:
        """Cash after each bar, in money; negative is borrowed."""
        return self._by_account(self.record.cash)

    @property
    def returns(self) -> Any:
        """Simple return of each bar on the equity of the bar before, on the first bar on the capital; costs are in."""
        return self._by_account(account_returns(self.record, self.settings))

    @property
    def units(self) -> Any:
        """Units held after each bar, of each column."""
        return self._by_column(self.record.units)

    @property
    def weights(self) -> Any:
        """What is held after each bar as a fraction of its account's equity, after drift; 0 after a bankruptcy."""
        return self._by_column(weights_held(self.record, self.market, self.layout))

    @property
    def gross_exposure(self) -> Any:
        """Sum of absolute weights held after each bar."""
        return self._by_account(gross_exposure(self.record, self.market, self.layout))

    @property
    def net_exposure(self) -> Any:
        """Sum of weights held after each bar."""
        return self._by_account(net_exposure(self.record, self.market, self.layout))

    @property
    def turnover(self) -> Any:
        """Notional of the orders of each bar, buys and sales, over the equity of the bar before."""
        return self._by_account(turnover(self.record, self.market, self.layout, self.settings))

    @property
    def costs(self) -> Any:
        """Money paid on each bar by kind: commission, spread, impact, borrow; with more accounts, columns by both."""
        return self._flows(COST_KINDS)

    @property
    def income(self) -> Any:
        """Money received on each bar by kind: interest, dividends, and what a bankruptcy left to be written off."""
        return self._flows((*INCOME_KINDS, "written_off"))

    @property
    def fills(self) -> pd.DataFrame:
        """One row a fill: time, asset, account, kind, units, price, notional (both signed), commission, spread, impact.

        `price` is the fill price before spread and impact; the three costs are money. A settlement is the end of a
        position without a price, a bankruptcy the closing of a broken account; neither has costs.
        """
        return find_fills(self.record, self.market, self.layout, self.settings).to_frame()

    @property
    def events(self) -> pd.DataFrame:
        """One row per change of a breaker among the gates, with the account: see `BreakerEvent`."""
        frame = events_frame([event for one in self.breaker_records for event in one.events])
        frame.insert(0, "account", [one.account for one in self.breaker_records for _ in one.events])
        return frame

    @property
    def limit_verdicts(self) -> pd.DataFrame:
        """One row for each order and limit that did not pass it: time, account, asset, code, outcome, value, limit.

        `time` is the bar after which was decided, missing before the first; `value` is what was compared with `limit`;
        `units_wanted` and `units_accepted` are those of the order at the last known price. `sizing.Caps` show the size
        of the weight that was wanted as the value, and of the one that they left as the limit.
        """
        return verdicts_frame(self.limit_records, self._simulated.index)

    @property
    def bankruptcies(self) -> dict[str, Any]:
        """The date, or number of the row, on which each bankrupt account stopped."""
        return self._simulated.on(self.record.stopped)

    @property
    def unfilled(self) -> dict[str, int]:
        """How many orders of each account met no price and were left; accounts without any are not named."""
        return {name: int(n) for name, n in zip(self.accounts, self.record.unfilled, strict=True) if n}

    @property
    def first_fills(self) -> dict[str, Any]:
        """The date, or number of the row, of the first fill of each account, from which its risk is measured."""
        return self._simulated.on(self._simulated.first)

    @property
    def holding(self) -> Backtest:
        """Accounts that hold what each account first bought: its whole capital, long, from its first fill on."""
        held = self._simulated.holding()
        return Backtest(held.layout, held.settings, held.market, held.record)

    def ledger(self, *, matching: Literal["fifo", "lifo", "hifo", "average"] = "fifo") -> Ledger:
        """Return the fills as lots, with profit realised and not, by cause, and round trips.

        The ledger counts splits, dividends, cash and equity by itself, and must reach those of the simulation on each
        bar.

        Parameters
        ----------
        matching : {"fifo", "lifo", "hifo", "average"}
            Which lot a closing fill closes: see `posttrade.Ledger.from_fills`.

        Returns
        -------
        Ledger

        Raises
        ------
        AccountingError
            If equity or cash differ from those of the simulation; it names the first bar.

        Examples
        --------
        >>> import riskresearch
        >>> result = riskresearch.simulate([1.0, 1.0, 0.0, 0.0], [10.0, 10.0, 11.0, 12.0])
        >>> result.ledger().realised.iloc[:, 0].round(4).tolist()
        [0.0, 0.0, 0.0, 0.2]
        """
        from riskresearch.backtest._ledger import ledger_of  # noqa: PLC0415 (only when asked)

        rules = tuple(each for each in MATCHING if each != "specific")
        return ledger_of(self._simulated, check_choice(matching, rules, name="matching"))

    def to_frame(self) -> pd.DataFrame:
        """Return the risk, costs and exposure of each account, of holding what it first bought, and of the benchmark.

        Rows by account and by series: "account", "holding" and, if one was given, "benchmark". Turnover and cost are a
        year and over equity, costs by kind are money; see `conventions`.
        """
        from riskresearch.backtest._backtest_tables import risk_frame  # noqa: PLC0415 (measures, only when asked)

        return risk_frame(self._simulated)

    def conventions(self) -> str:
        """Return how the accounts were kept, and how their risk was measured."""
        from riskresearch.backtest._backtest_tables import conventions  # noqa: PLC0415 (measures, only when asked)

        return conventions(self._simulated)

    def summary(self) -> str:
        """Return risk, costs and turnover of the accounts beside holding and the benchmark, and the conventions."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what one unit of capital became, costs included, in each account."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_growth  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        growth = self.record.equity / self.settings.capital
        wealth = pd.DataFrame(growth, index=self._simulated.index, columns=list(self.accounts))
        lost = (growth <= 0.0).any()
        return plot_growth(wealth, scale="linear" if lost else "auto", title="Backtest: equity after costs", ax=ax)

    def __repr__(self) -> str:
        rows, columns = self.record.units.shape
        count = len(self.accounts)
        shape = f"{rows} bar{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}"
        return f"Backtest({shape}, {count} account{'s' * (count != 1)})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _blocks(self) -> list[Block]:
        from riskresearch.backtest._backtest_tables import blocks  # noqa: PLC0415 (measures, only when asked)

        return blocks(self._simulated)

    @property
    def _simulated(self) -> Simulated:
        return Simulated(self.layout, self.settings, self.market, self.record, self.benchmark, self.limit_records)

    def _by_account(self, values: FloatMatrix) -> Any:
        labels = self.layout.labels
        if len(self.accounts) == 1:
            return labels.series(self.accounts[0], values[:, 0])
        return labels.frame(values, self.accounts)

    def _by_column(self, values: FloatMatrix) -> Any:
        return self.layout.labels.frame(self.layout.input_order(values), self.layout.columns)

    def _flows(self, kinds: tuple[str, ...]) -> Any:
        """Return the money of each bar by kind; of several accounts by kind and account."""
        shape = self.record.equity.shape
        flows = {kind: np.broadcast_to(self.record.flows.get(kind, np.zeros(1)), shape) for kind in kinds}
        if "written_off" in flows:
            flows["written_off"] = np.zeros(shape)
            broken = np.flatnonzero(self.record.stopped >= 0)
            flows["written_off"][self.record.stopped[broken], broken] = self.record.written_off[broken]
        values = np.concatenate(list(flows.values()), axis=1)
        if len(self.accounts) == 1:
            return self.layout.labels.frame(values, kinds)
        table = self.layout.labels.frame(values, [f"{kind} {account}" for kind in kinds for account in self.accounts])
        if hasattr(table, "iloc"):
            import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

            table.columns = pd.MultiIndex.from_product([kinds, self.accounts])
        return table
