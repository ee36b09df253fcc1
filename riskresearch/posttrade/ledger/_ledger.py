"""The ledger: fills into lots, positions, cash and profit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.accounts._corporate_actions import read_events
from riskresearch.accounts._inputs import read_layout, read_prices
from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core.output._tables import Block, as_html, as_text
from riskresearch.files.tables._columns import read_columns
from riskresearch.files.tables._trades import Duplicates
from riskresearch.posttrade.ledger._book import MATCHING
from riskresearch.posttrade.ledger._books import Books, make_books
from riskresearch.posttrade.ledger._closings import Closings, closings_of
from riskresearch.posttrade.ledger._fills import ONE_ACCOUNT, read_fills
from riskresearch.posttrade.ledger._inputs import check_flow_assets, read_cash_flows, read_multipliers, read_rates
from riskresearch.posttrade.ledger._profit import bar_returns, check_identity
from riskresearch.posttrade.ledger._timeline import Bars

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data
    from riskresearch.posttrade.trips._round_trips import RoundTrips
    from riskresearch.posttrade.trips._rules import Rule

Matching = Literal["fifo", "lifo", "hifo", "average", "specific"]
BASE = "base"
"""The name of the currency where none is given."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ledger:
    """Fills as lots, positions, cash and profit: see `Ledger.from_fills`.

    The arrays are kept; each property makes its Series or DataFrame when asked. Tables over time have the rows of the
    prices. Money is in the base currency unless a table says otherwise.
    """

    books: Books

    @classmethod
    @answers_other_names({"method": "matching", "cost_basis": "matching"})
    def from_fills(
        cls,
        fills: Any,
        *,
        prices: Data,
        matching: Matching = "fifo",
        cash_flows: pd.DataFrame | None = None,
        corporate_actions: pd.DataFrame | None = None,
        rates: Data | None = None,
        multipliers: Mapping[str, float] | None = None,
        rename: Mapping[str, str] | None = None,
        base_currency: str = BASE,
        duplicates: Duplicates = "raise",
    ) -> Ledger:
        """Match fills to lots, count cash, positions and profit, and check that they agree.

        Parameters
        ----------
        fills : DataFrame, or a file of fills that `riskresearch.read` read
            One row a fill: `asset`, `time`, `units` (signed, or positive beside a column `side` of buy and sell) and
            `price`. Optional are `account`, `currency`, the costs `commission`, `spread`, `impact` and `fees` in money
            (positive is paid), `id`, and `lot`, the id of the fill whose lot is closed. `Backtest.fills` is such a
            table.
        prices : Series, DataFrame or array, shape (bars, assets)
            Prices of the bars, nan where there is none: the last one is used.
        matching : {"fifo", "lifo", "hifo", "average", "specific"}
            Which lot a closing fill closes: the first, the last, that of the worst price, one pool at average cost, or
            that which the fill names.
        cash_flows : DataFrame, optional
            `time`, `amount` from the account's view, and `kind`: "deposit", "withdrawal" and "transfer" are no profit,
            "dividend", "interest", "borrow", "fee", "tax" and "written_off" are. Optional are `account`, `currency`.
        corporate_actions : DataFrame, optional
            `symbol`, `date`, `kind` and `value`, as `datasets.load("corporate_actions")` has them; spin-offs and
            changes of symbol have a `new_symbol`, and spin-offs may have a `basis`, the share of the cost that moves.
        rates : DataFrame, shape (rows, currencies), optional
            Money of the base currency for one unit of each other currency; the last rate at or before a bar holds.
        multipliers : mapping of asset to float, optional
            Money for one point of the price and one unit, as of futures.
        rename : mapping of str, optional
            Your names of the columns of fills and ours, `{"symbol": "asset"}`; nothing is guessed.
        base_currency : str
            Name of the currency of all sums, and of fills without one.
        duplicates : {"raise", "keep"}
            What happens to a fill that equals an earlier one in all columns, where they have no `id`.

        Returns
        -------
        Ledger
            Whose `summary` has equity, and profit by cause.

        Raises
        ------
        InvalidInputError
            If a column is missing, a number is none, an asset has no prices, or a fill occurs twice.
        AccountingError
            If cash and lots disagree beyond rounding.

        References
        ----------
        Bacon (2008), Practical Portfolio Performance Measurement and Attribution, chapter 2.

        Examples
        --------
        >>> import pandas as pd
        >>> from riskresearch.posttrade import Ledger
        >>> days = pd.date_range("2024-01-01", periods=3)
        >>> fills = pd.DataFrame({"asset": "A", "time": days[:2], "units": [10, -4], "price": [5.0, 6.0]})
        >>> ledger = Ledger.from_fills(fills, prices=pd.DataFrame({"A": [5.0, 6.0, 7.0]}, index=days))
        >>> ledger.realised["A"].tolist(), ledger.unrealised["A"].tolist()
        ([0.0, 4.0, 4.0], [0.0, 6.0, 12.0])
        """
        check_choice(matching, MATCHING, name="matching")
        if not isinstance(base_currency, str):
            raise InvalidInputError(f'base_currency must be a name such as "USD", got {shown(base_currency)}.')
        values, labels = read_prices(prices, name="prices")
        layout = read_layout(labels, values.shape[1], None)
        bars = Bars(labels, len(values))
        table = read_fills(fills, bars, rename=rename, duplicates=duplicates, base_currency=base_currency)
        events = read_events(
            None
            if corporate_actions is None
            else read_columns(corporate_actions, name="corporate_actions", rename=None, renamed=False).frame,
            layout,
        )
        accounts, currencies = list(table.accounts), list(table.currencies)
        flows = read_cash_flows(cash_flows, bars, accounts, currencies, base_currency)
        check_flow_assets(flows, layout.columns)
        accounts, currencies = accounts or [ONE_ACCOUNT], currencies or [base_currency]
        rate = read_rates(rates, bars, currencies, base_currency)
        multiplier = read_multipliers(multipliers, layout.columns)
        return cls(
            make_books(
                table, bars, layout.columns, values, rate, multiplier, events, flows, accounts=accounts,
                currencies=currencies, base_currency=base_currency, matching=matching,
            )
        )  # fmt: skip

    @property
    def closing_arrays(self) -> Closings:
        """Arrays of the closings, which round trips are made of."""
        return closings_of(self.books.history)

    @property
    def fills(self) -> pd.DataFrame:
        """The fills in the order of time, equal times in the order given."""
        return self.books.table.frame.copy()

    @property
    def lots(self) -> pd.DataFrame:
        """Open lots in the order of opening: units, cost, value, and what is not realised by price and currency.

        `price` is per unit and in the currency of the asset, after splits and spin-offs; money is in the base currency
        but for `costs`. The price earns at the last rate, the currency on the cost.
        """
        from riskresearch.posttrade.ledger._lot_tables import lot_frame  # noqa: PLC0415 (only when asked)

        return lot_frame(self.books)

    @property
    def closings(self) -> pd.DataFrame:
        """Closings of lots in their order: units signed as the lot, both prices, and what is realised before costs.

        `open_fill` and `close_fill` are numbers of the fills in the order of time, the first -1 of a pool at average
        cost. The price earns at the rate of the closing, the currency on the cost; both costs are shared by units and
        in the currency of the asset.
        """
        from riskresearch.posttrade.ledger._lot_tables import closing_frame  # noqa: PLC0415 (only when asked)

        return closing_frame(self.books)

    @property
    def positions(self) -> pd.DataFrame:
        """Units of each asset after each bar, over all accounts."""
        return self.books.by_asset(self.books.history.held)

    @property
    def value(self) -> pd.DataFrame:
        """Money that each asset is worth after each bar, over all accounts; short positions are negative."""
        return self.books.by_asset(self.books.profit.value)

    @property
    def cash(self) -> Any:
        """Cash after each bar; one column an account where there are several."""
        return self.books.by_account(self.books.profit.cash)

    @property
    def equity(self) -> Any:
        """Cash and value after each bar; one column an account where there are several."""
        return self.books.by_account(self.books.profit.equity)

    @property
    def flows(self) -> Any:
        """Deposits, withdrawals and transfers on each bar; one column an account where there are several."""
        return self.books.by_account(self.books.profit.flows)

    @property
    def returns(self) -> Any:
        """Profit of each bar over the equity before it; where that was nothing, over what flowed in on the bar."""
        profit, sums = self.books.profit, self.books.sums
        return self.books.labelled(bar_returns(sums(profit.equity), sums(profit.flows), sums(profit.earned)))

    @property
    def pnl(self) -> pd.DataFrame:
        """Profit of each bar by cause, over all accounts; costs are negative, and causes without money are left out."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        every = self.books.profit.causes
        causes = {name: each.sum(axis=1) for name, each in every.items() if name == "price" or each.any()}
        return pd.DataFrame(causes, index=self.books.bars.index)

    @property
    def realised(self) -> pd.DataFrame:
        """Profit of lots closed so far, before costs, of each asset."""
        return self.books.by_asset(self.books.profit.realised)

    @property
    def unrealised(self) -> pd.DataFrame:
        """Profit of lots that are open after each bar, before costs, of each asset."""
        return self.books.by_asset(self.books.profit.unrealised)

    @property
    def asset_returns(self) -> pd.DataFrame:
        """Simple total returns of each asset in the base currency: dividends, splits and spin-offs are in."""
        from riskresearch.posttrade.ledger._asset_returns import asset_returns  # noqa: PLC0415 (only when asked)

        own = asset_returns(self.books.marks, self.books.events)
        return self.books.frame((1.0 + own) * self.books.rate_growth() - 1.0)

    @property
    def weights(self) -> pd.DataFrame:
        """Weights with which each bar began: they earned its return, and go into `brinson` row by row.

        What each asset was worth after the bar before, over the equity then; 0 on the first bar.
        """
        held = self.weights_held.to_numpy()
        return self.books.frame(np.concatenate([np.zeros((1, held.shape[1])), held[:-1]]))

    @property
    def weights_held(self) -> pd.DataFrame:
        """What each asset is worth after each bar over the equity; 0 where nothing is left."""
        equity = self.books.profit.equity.sum(axis=1, keepdims=True)
        value = self.books.asset_sums(self.books.profit.value)
        return self.books.frame(np.divide(value, equity, out=np.zeros_like(value), where=equity > 0.0))

    def round_trips(
        self,
        *,
        rule: Rule,
        high: Data | None = None,
        low: Data | None = None,
        risk: Mapping[str, float] | None = None,
    ) -> RoundTrips:
        """Return the closed trades by a named rule, with their statistics, and apart from them the open ones.

        Parameters
        ----------
        rule : {"flat_to_flat", "flat_to_reduced", "per_close", "per_lot"}
            What a trade is: from the first fill of a position to the one that leaves none of it; from the first fill
            to each fill that reduces the position; each fill that closes units, from the oldest one that it closes
            units of; or each part of a lot. There is no default, since win rate and profit factor depend on it.
        high, low : DataFrame, optional
            Highs and lows of the bars, like `prices`, for excursions; without them closes alone count. Only bars
            without a fill of the trade use them: what came before an entry or after an exit is no part of it.
        risk : mapping of asset to float, optional
            Distance between entry and stop, in points of the price, by which R multiples divide; each fill may have
            its own in a column `risk`. Without either there are no R multiples.

        Returns
        -------
        RoundTrips
            Partial fills are trades of their own where the rule makes them so, and are never merged.

        Raises
        ------
        InvalidInputError
            If the rule is unknown, or highs, lows or risks break theirs.

        Examples
        --------
        >>> import pandas as pd
        >>> from riskresearch.posttrade import Ledger
        >>> days = pd.date_range("2024-01-01", periods=3)
        >>> fills = pd.DataFrame({"asset": "A", "time": days, "units": [10, -4, -6], "price": [5.0, 6.0, 4.0]})
        >>> ledger = Ledger.from_fills(fills, prices=pd.DataFrame({"A": [5.0, 6.0, 4.0]}, index=days))
        >>> ledger.round_trips(rule="flat_to_flat").trips["net"].tolist()
        [-2.0]
        >>> ledger.round_trips(rule="per_close").trips["net"].tolist()
        [4.0, -6.0]
        """
        from riskresearch.posttrade.ledger._traded import traded_of  # noqa: PLC0415 (only when asked)
        from riskresearch.posttrade.trips._made import make_round_trips  # noqa: PLC0415 (only when asked)

        return make_round_trips(traded_of(self.books), rule=rule, high=high, low=low, risk=risk)

    def by(self, column: str) -> pd.DataFrame:
        """Return profit by asset, account or currency, or by another column of fills, such as a strategy.

        By another column a lot belongs to the fill that opened it, and costs to the fill that paid them; dividends and
        cash flows belong to no fill. `other` is interest, fees and taxes among the cash flows, those of the asset or of
        the account, and of accounts and currencies also what rates did to cash.

        Parameters
        ----------
        column : str
            "asset", "account", "currency", or a column of fills.
        """
        from riskresearch.posttrade.ledger._lot_tables import profit_by  # noqa: PLC0415 (only when asked)

        return profit_by(self.books, column)

    def check_identity(self) -> None:
        """Raise AccountingError, with the first date, unless cash and lots agree; `from_fills` has checked it."""
        check_identity(self.books.profit, self.books.bars, self.books.accounts)

    def to_frame(self) -> pd.DataFrame:
        """Return the profit of each asset in each account."""
        from riskresearch.posttrade.ledger._tables import position_frame  # noqa: PLC0415 (only when asked)

        return position_frame(self.books)

    def conventions(self) -> str:
        """Return how fills were matched and valued."""
        from riskresearch.posttrade.ledger._tables import conventions  # noqa: PLC0415 (only when asked)

        return conventions(self.books)

    def summary(self) -> str:
        """Return equity, flows and profit by cause, what is realised and what is not, and the conventions."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the profit by cause."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_bars(self.pnl.sum(), label="money", title="Ledger: profit by cause", ax=ax)

    def __repr__(self) -> str:
        fills, closings = len(self.books.history.fill_units), len(self.closing_arrays.units)
        return f"Ledger({fills:,} fills, {closings:,} closings, matching={self.books.matching!r})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _blocks(self) -> list[Block]:
        from riskresearch.posttrade.ledger._tables import blocks  # noqa: PLC0415 (only when asked)

        return blocks(self.books)
