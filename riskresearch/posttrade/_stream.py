"""Fills and prices as they come, and the tables of the whole at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Fill
from riskresearch.posttrade._analyze import Linking, analyze
from riskresearch.posttrade._post_trade_report import PostTradeReport
from riskresearch.posttrade.ledger._events import CashFlow, CorporateAction, ExchangeRates, Prices
from riskresearch.posttrade.ledger._fills import ONE_ACCOUNT
from riskresearch.posttrade.ledger._ledger import BASE, Ledger, Matching
from riskresearch.posttrade.ledger._rules import LedgerRules
from riskresearch.posttrade.trips._rules import RULES, Rule

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data

CLOSED: tuple[type[Exception], ...] = (asyncio.QueueShutDown,) if hasattr(asyncio, "QueueShutDown") else ()
"""What a queue raises that was shut down, from Python 3.13 on."""
EARLY = (CorporateAction, ExchangeRates)
"""What comes before the fills of its bar."""


class StreamedEvent(NamedTuple):
    """An event that a stream has processed.

    Attributes
    ----------
    time : object
        When it happened.
    event : Fill, Prices, CorporateAction, CashFlow or ExchangeRates
        What happened.
    answer : float or LedgerBar
        What the running ledger answered: see `RunningLedger.update`.
    """

    time: Any
    event: Any
    answer: Any


class PostTradeStream:
    """Events in the order of time into a running ledger, and at any time the tables that `analyze` makes of them.

    Each bar has its corporate actions and exchange rates, then fills and cash flows, then its `Prices`. Bars that are
    stamped at midnight are days, and a fill within a day comes before the prices of it.

    Parameters
    ----------
    assets, accounts : sequence of str
        Names of all assets, and of all accounts.
    matching : {"fifo", "lifo", "hifo", "average", "specific"}
        Which lot a closing fill closes.
    rule : {"flat_to_flat", "flat_to_reduced", "per_close", "per_lot"}
        What a round trip is.
    currencies : mapping of asset to str, optional
        The currency of each asset that has another one than the base currency.
    multipliers : mapping of asset to float, optional
        Money for one point of the price and one unit.
    base_currency : str
        Name of the currency of all sums.

    Examples
    --------
    >>> from riskresearch.core import Fill
    >>> from riskresearch.posttrade import PostTradeStream, Prices
    >>> stream = PostTradeStream(assets=["A"])
    >>> stream.update("2024-01-01", Fill("A", "portfolio", None, "order", 10.0, 5.0))
    0.0
    >>> stream.update("2024-01-01", Prices([6.0])).unrealised
    (10.0,)
    >>> float(stream.report().ledger.unrealised["A"].iloc[-1])
    10.0
    """

    def __init__(
        self,
        *,
        assets: Sequence[str],
        accounts: Sequence[str] = (ONE_ACCOUNT,),
        matching: Matching = "fifo",
        rule: Rule = "flat_to_flat",
        currencies: Mapping[str, str] | None = None,
        multipliers: Mapping[str, float] | None = None,
        base_currency: str = BASE,
    ) -> None:
        self.rules = LedgerRules(matching=matching, base_currency=base_currency)
        self.rule: Rule = check_choice(rule, RULES, name="rule")
        self.running = self.rules.start(
            assets=assets, accounts=accounts, currencies=currencies, multipliers=multipliers
        )
        self._assets, self._money, self._multipliers = tuple(assets), dict(currencies or {}), multipliers
        self._times: list[Any] = []
        self._prices: list[Any] = []
        self._rates: list[dict[str, float]] = []
        self._rate: dict[str, float] = {}
        self._fills: list[tuple[int, Any, Fill]] = []
        self._actions: list[tuple[Any, CorporateAction]] = []
        self._flows: list[tuple[int, Any, CashFlow]] = []
        self._ids: set[str] = set()
        self._begun = False

    def update(self, time: Any, event: Any) -> Any:
        """Process one event; one that is refused changes nothing.

        Parameters
        ----------
        time : datetime, date, text, or number of the bar
            When it happened; of prices the label of their bar.
        event : Fill, Prices, CorporateAction, CashFlow or ExchangeRates
            What happened; the time of a fill itself is not used.

        Returns
        -------
        float or LedgerBar
            See `RunningLedger.update`.
        """
        when = self._checked_time(time, event)
        answer = self.running.update(event)
        bar = len(self._times)
        if isinstance(event, Prices):
            given = event.prices
            row = [given.get(name, float("nan")) for name in self._assets] if isinstance(given, Mapping) else given
            self._times.append(when)
            self._prices.append(list(row))
            self._rates.append(dict(self._rate))
            self._begun = False
        elif isinstance(event, Fill):
            self._fills.append((bar, when, event))
            if isinstance(event.id, str):
                self._ids.add(event.id)
            self._begun = True
        elif isinstance(event, CashFlow):
            self._flows.append((bar, when, event))
            self._begun = True
        elif isinstance(event, CorporateAction):
            self._actions.append((when, event))
        else:
            self._rate |= {name: float(rate) for name, rate in event.rates.items()}
        return answer

    def _checked_time(self, time: Any, event: Any) -> Any:
        """Return a time after the last prices; what comes before fills is refused after them."""
        import pandas as pd  # noqa: PLC0415 (a stream loads it with its first event)

        if isinstance(event, EARLY) and self._begun:
            raise InvalidInputError(
                f"a {type(event).__name__} must come before the fills and cash flows of its bar, got one after them."
            )
        try:
            when: Any = time if type(time) is int else pd.Timestamp(time)
            after = not self._times or when > self._times[-1]
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"time must be a date as that of the other events, got {shown(time)}.") from error
        if not after or when is pd.NaT:
            last = f", {self._times[-1]}" if self._times else ""
            raise InvalidInputError(f"time must be after that of the last prices{last}, got {shown(time)}.")
        if isinstance(event, Fill):
            self._check_fill(when, event, time)
        if isinstance(event, Prices):
            self._check_end(when, time)
        return when

    def _check_fill(self, when: Any, fill: Fill, time: Any) -> None:
        """Refuse a fill before the last one, and an id that came before: no table could be made of them."""
        last = self._fills[-1][1] if self._fills else when
        if self._is_before(when, last, time):
            raise InvalidInputError(f"time must not be before that of the last fill, {last}, got {shown(time)}.")
        if isinstance(fill.id, str) and fill.id in self._ids:
            raise InvalidInputError(f"fill must have an id of its own, got {fill.id!r} twice.")

    def _check_end(self, when: Any, time: Any) -> None:
        """Refuse prices before what belongs to their bar; a bar stamped at midnight lasts to the end of its day."""
        bar = len(self._times)
        for own, began, event in (*self._fills[-1:], *self._flows[-1:]):
            day = type(when) is not int and type(began) is not int and when == when.normalize()
            if own == bar and self._is_before(when, began.normalize() if day else began, time):
                raise InvalidInputError(
                    f"time must not be before that of the last {type(event).__name__} of the bar, {began}, got "
                    f"{shown(time)}."
                )

    def _is_before(self, when: Any, other: Any, time: Any) -> bool:
        try:
            return bool(when < other)
        except TypeError as error:
            raise InvalidInputError(
                f"time must be a date as that of the other events, {other}, got {shown(time)}."
            ) from error

    async def run(self, queue: asyncio.Queue[Any]) -> AsyncIterator[StreamedEvent]:
        """Process the events of a queue, one at a time, each when the one before was used.

        A bounded queue therefore holds back who fills it. A task that is cancelled, or a loop that is left, leaves no
        event half processed: the stream can be run again. An event that is refused raises, changes nothing, and is
        taken out of the queue.

        Parameters
        ----------
        queue : asyncio.Queue
            Pairs of a time and an event; None, or the queue's shutdown, ends the run after all that came before.

        Yields
        ------
        StreamedEvent
            Each event with its answer.
        """
        while True:
            try:
                item = await queue.get()
            except CLOSED:
                return
            try:
                if item is None:
                    return
                if not isinstance(item, tuple) or len(item) != 2:
                    raise InvalidInputError(f"queue must hold pairs of a time and an event, got {shown(item)}.")
                streamed = StreamedEvent(*item, self.update(*item))
            finally:
                queue.task_done()
            yield streamed

    def ledger(self) -> Ledger:
        """Return the ledger of all events so far, as `Ledger.from_fills` makes it."""
        return self.report().ledger

    def report(
        self,
        *,
        benchmark_weights: Any = None,
        groups: Any = None,
        linking: Linking = "carino",
        factors: Data | None = None,
        limits: Any = None,
        orders: Any = None,
        market: Any = None,
        horizons: Sequence[Any] | None = None,
    ) -> PostTradeReport:
        """Return the tables of all events so far, with the bits of `analyze`.

        Parameters
        ----------
        benchmark_weights, groups, factors, limits, orders, market : DataFrame or other, optional
            Further inputs: see `analyze`.
        linking : {"carino", "menchero", "grap", "frongello", "davies_laker", "geometric"}
            How `brinson` links the effects of bars.
        horizons : sequence, optional
            Seconds after a fill, for `markouts`.

        Returns
        -------
        PostTradeReport
            The tables, of all accounts and of each.
        """
        if not self._times:
            raise InvalidInputError("a report needs the prices of a bar, got none so far.")
        if any(bar >= len(self._times) for bar, *_ in (*self._fills, *self._flows)):
            raise InvalidInputError("a report needs the prices of the last bar, got fills or cash flows after them.")
        found = analyze(
            **self._tables(), rule=self.rule, matching=self.rules.matching, benchmark_weights=benchmark_weights,
            groups=groups, linking=linking, factors=factors, limits=limits, orders=orders, market=market,
            horizons=horizons,
        )  # fmt: skip
        books = found.ledger.books
        for what, recorded, counted in (
            ("fill", self._fills, books.table.bar.tolist()),
            ("cash flow", self._flows, books.cash_flows.bar.tolist()),
        ):
            wrong = [place for place, (own, bar) in enumerate(zip(recorded, counted, strict=True)) if own[0] != bar]
            if wrong:
                raise InvalidInputError(
                    f"each {what} must come before the prices of its bar, and after those of the bar before, got one "
                    f"at {recorded[wrong[0]][1]} before the prices of {self._times[recorded[wrong[0]][0]]}."
                )
        return found

    def _tables(self) -> dict[str, Any]:
        """Return the arguments of `analyze` that hold what came."""
        import pandas as pd  # noqa: PLC0415 (a stream loads it with its first event)

        index = pd.Index(self._times)
        tables: dict[str, Any] = {
            "fills": self._fill_table(),
            "prices": pd.DataFrame(self._prices, index=index, columns=list(self._assets), dtype=float),
            "multipliers": self._multipliers, "base_currency": self.rules.base_currency, "duplicates": "keep",
        }  # fmt: skip
        if self._flows:
            rows = [
                {
                    "time": when, "amount": flow.amount, "kind": flow.kind,
                    "account": flow.account or self._started("accounts")[0],
                    "currency": flow.currency or self.rules.base_currency,
                }
                for _, when, flow in self._flows
            ]  # fmt: skip
            tables["cash_flows"] = pd.DataFrame(rows)
        if self._actions:
            rows = [
                {
                    "symbol": act.symbol, "date": when, "kind": act.kind, "value": act.value,
                    "new_symbol": act.new_symbol or None, "basis": act.basis,
                }
                for when, act in self._actions
            ]  # fmt: skip
            tables["corporate_actions"] = pd.DataFrame(rows)
        if any(self._rates):
            tables["rates"] = pd.DataFrame(self._rates, index=index)
        return tables

    def _fill_table(self) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 (a stream loads it with its first event)

        frame = pd.DataFrame([fill for _, _, fill in self._fills], columns=list(Fill._fields))
        frame["time"] = [when for _, when, _ in self._fills]
        if self._money:
            frame["currency"] = [self._money.get(name, self.rules.base_currency) for name in frame["asset"]]
        unused = [name for name in ("id", "lot") if frame[name].isna().all()]
        return frame.drop(columns=unused)

    def _started(self, name: str) -> list[str]:
        return list(self.running.to_dict()["start"][name])
