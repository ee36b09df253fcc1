"""The records that pass between the rooms: a bar, an account, orders, fills, positions, and the decision on a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector

NAN = float("nan")
ORDER_KINDS = ("order", "cancel")
FILL_KINDS = ("order", "settlement", "bankruptcy")
SIDES = ("long", "short")


class TradingState(StrEnum):
    """What orders may do."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    """Targets are multiplied by less than 1."""
    HALTED = "HALTED"
    """No new exposure; orders that only reduce pass, unless everything is frozen."""


class Account(NamedTuple):
    """What an account holds after a bar.

    Attributes
    ----------
    name : str
        Name of the account.
    columns : tuple of str
        Names of its columns, in the order of the arrays.
    equity, peak, cash : float
        In money, columns without a price at their last one; the peak is the highest equity so far, the capital
        included.
    prices : array, shape (n_columns,)
        Last known price of each column, nan before its first.
    weights : array, shape (n_columns,)
        Holdings as fractions of equity, after drift.
    priced : array of bool, shape (n_columns,)
        Whether the column has a price on this bar.
    """

    name: str
    columns: tuple[str, ...]
    equity: float
    peak: float
    cash: float
    prices: FloatVector
    weights: FloatVector
    priced: npt.NDArray[np.bool_]


class ClosedTrade(NamedTuple):
    """A trade that is over, on the bar on which it closed.

    Attributes
    ----------
    profit : float
        Signed, a loss is negative: money or a fraction, whichever the limits of the breakers count in. `simulate` shows
        what the trade earned after its costs as a fraction of the account's equity before the bar on which it opened.
    asset : str
        What was traded; empty where it is not known.
    side : {"long", "short", ""}
        Whether units were held or owed; empty where it is not known.
    """

    profit: float
    asset: str = ""
    side: str = ""


class Bar(NamedTuple):
    """What is observed on one bar; a number that is not known is nan.

    Attributes
    ----------
    time : datetime, date, datetime64, seconds since 1970, or None
        The moment of the bar, None if it is not known.
    equity : float
        Of the account after the bar, in money; at zero or below everything is lost.
    strategy_return : float
        Simple return that the strategy made, or would have made if it had never been halted; a loss is negative.
    price, open, high, low, bid, ask, reference_price, other_price : float
        Prices, positive; `price` is the close or the last trade, `other_price` that of a second feed.
    volume : float
        Units traded.
    volatility, value_at_risk, conditional_value_at_risk : float
        Forecasts made before the bar; VaR and CVaR are positive losses.
    gross_exposure, net_exposure, turnover : float
        Fractions of equity.
    orders, rejects : float
        Number of orders sent, and of those rejected.
    data_age : float
        Seconds since the last message.
    asset_returns : sequence of float
        Simple return of each asset.
    closed_trades : sequence of ClosedTrade, optional
        The trades that closed on the bar, () where none did; None if that is not known.
    units : mapping of str to Bar
        The bar of each asset, strategy or side. One without `closed_trades` of its own has those of its asset or side.
    account : Account, optional
        What the account holds after the bar, where `simulate` shows it.
    row : int, optional
        Number of the bar in a history.
    decision : Decision, optional
        What the gates of the account have decided, where `simulate` shows the bar to limits.
    """

    time: Any = None
    equity: float = NAN
    strategy_return: float = NAN
    price: float = NAN
    open: float = NAN
    high: float = NAN
    low: float = NAN
    volume: float = NAN
    bid: float = NAN
    ask: float = NAN
    reference_price: float = NAN
    other_price: float = NAN
    volatility: float = NAN
    value_at_risk: float = NAN
    conditional_value_at_risk: float = NAN
    gross_exposure: float = NAN
    net_exposure: float = NAN
    turnover: float = NAN
    orders: float = NAN
    rejects: float = NAN
    data_age: float = NAN
    asset_returns: Sequence[float] = ()
    closed_trades: Sequence[ClosedTrade] | None = None
    units: Mapping[str, Bar] = {}
    account: Account | None = None
    row: int | None = None
    decision: Decision | None = None


class Decision(NamedTuple):
    """What holds for orders from the next bar on.

    Attributes
    ----------
    multiplier : float or array, shape (n_columns,)
        Multiplies the target weights; 0 liquidates.
    reduce_only : bool or array of bool, shape (n_columns,)
        No position, or none of these columns, may grow in absolute size or cross zero.
    frozen : bool or array of bool, shape (n_columns,)
        Nothing, or nothing of these columns, may trade, not even an order that reduces.
    reasons : tuple of str
        Codes of what restricts trading, the deciding one first.
    deciding_breaker : str
        Name of the breaker that decides, empty if none does.
    events : tuple of BreakerEvent
        Changes on this bar.
    units : mapping of str to Decision
        The decision for each asset, strategy or side, within which it also trades: an order belongs to the side of the
        position that it leads to, and one that closes a position to that of the position.
    """

    multiplier: float | FloatVector = 1.0
    reduce_only: bool | npt.NDArray[np.bool_] = False
    frozen: bool | npt.NDArray[np.bool_] = False
    reasons: tuple[str, ...] = ()
    deciding_breaker: str = ""
    events: tuple[Any, ...] = ()
    units: Mapping[str, Decision] = {}

    @property
    def state(self) -> TradingState:
        """What orders may do: HALTED if any column is, else REDUCING if any target is multiplied by less than 1."""
        if _any(self.frozen) or _any(self.reduce_only):
            return TradingState.HALTED
        return TradingState.REDUCING if _any(self.multiplier < 1.0) else TradingState.ACTIVE

    def allows(self, order: Order | SignedUnits, *, held: Any) -> Any:
        """Return whether an order, or each of many, passes: none if frozen, those that only reduce if reduce-only.

        Parameters
        ----------
        order : Order or Orders
            What is to be traded.
        held : float or array, shape (n_orders,)
            Signed units held of what each order trades.
        """
        return (order.reduces(held) | _not(self.reduce_only)) & _not(self.frozen)


class SignedUnits(Protocol):
    """Many orders, as `pretrade.Orders` holds them."""

    def reduces(self, held: FloatVector, /) -> npt.NDArray[np.bool_]:
        """Return for each whether it lowers the absolute position and does not cross zero."""


class Order(NamedTuple):
    """An order for one asset, or the cancellation of one.

    Attributes
    ----------
    asset : str
        What is traded.
    units : float
        Signed: positive buys.
    limit_price : float
        The worst price at which it may fill; nan for an order at the market.
    time : datetime, datetime64, Timestamp, seconds since 1970, or None
        When it is sent, None if that is not known.
    account, strategy, order_id : str
        For whom it is, who sends it, and its name; empty where there is none.
    kind : {"order", "cancel"}
        A cancellation trades nothing and is one message.
    """

    asset: str
    units: float
    limit_price: float = NAN
    time: Any = None
    account: str = ""
    strategy: str = ""
    order_id: str = ""
    kind: str = "order"

    def reduces(self, held: float) -> bool:
        """Return whether the order lowers the absolute position and does not cross zero.

        Parameters
        ----------
        held : float
            Signed units held before the order.
        """
        return bool(only_reduces(self.units, held))


class Position(NamedTuple):
    """Units held of one asset.

    Attributes
    ----------
    asset : str
        What is held.
    units : float
        Signed: negative is short.
    price : float
        Last known price, nan before the first.
    """

    asset: str
    units: float
    price: float = NAN

    @property
    def value(self) -> float:
        """Units times price, signed; 0 for no units."""
        return self.units * self.price if self.units else 0.0

    def after(self, fill: Fill) -> Position:
        """Return the position after a fill, at its price.

        Parameters
        ----------
        fill : Fill
            Of the same asset.
        """
        return self._replace(units=self.units + fill.units, price=fill.price)


class Fill(NamedTuple):
    """A trade of one asset, with its costs in money; costs hurt when positive.

    Attributes
    ----------
    asset, account : str
        What was traded, and for whom.
    time : object
        Label of the bar.
    kind : {"order", "settlement", "bankruptcy"}
        A settlement ends a position that has no price, a bankruptcy closes a broken account.
    units, price : float
        Units are signed: positive buys; the price is that before spread and impact.
    commission, spread, impact, fees : float
        Costs.
    id, lot : str, optional
        Its name, and that of the fill whose lot this one closes.
    """

    asset: str
    account: str
    time: Any
    kind: str
    units: float
    price: float
    commission: float = 0.0
    spread: float = 0.0
    impact: float = 0.0
    fees: float = 0.0
    id: str | None = None
    lot: str | None = None

    @property
    def notional(self) -> float:
        """Units times price, signed as the units."""
        return self.units * self.price


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Fills:
    """Many fills, one entry each, ordered by bar; costs are in money and hurt when positive."""

    row: npt.NDArray[np.intp]
    """Number of the bar."""
    column: npt.NDArray[np.intp]
    """Place of the asset in `assets`."""
    kind: npt.NDArray[np.int8]
    """Place in `FILL_KINDS`."""
    units: FloatVector
    price: FloatVector
    commission: FloatVector
    spread: FloatVector
    impact: FloatVector
    assets: tuple[str, ...]
    accounts: tuple[str, ...]
    account_of: npt.NDArray[np.intp]
    """Place in `accounts` of the owner of each asset."""
    times: Any
    """Labels of the bars."""

    @property
    def notional(self) -> FloatVector:
        """Units times price, signed as the units."""
        return self.units * self.price

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, place: int) -> Fill:
        column = int(self.column[place])
        commission, spread, impact = (float(cost[place]) for cost in (self.commission, self.spread, self.impact))
        return Fill(
            self.assets[column], self.accounts[int(self.account_of[column])], self.times[int(self.row[place])],
            FILL_KINDS[int(self.kind[place])], float(self.units[place]), float(self.price[place]), commission,
            spread, impact,
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row per fill: time, asset, account, kind, units, price, notional, commission, spread, impact."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        owner = self.account_of[self.column]
        return pd.DataFrame(
            {
                "time": pd.Index(self.times).take(self.row),
                "asset": pd.Categorical.from_codes(self.column, pd.Index(self.assets)),
                "account": pd.Categorical.from_codes(owner, pd.Index(self.accounts)),
                "kind": pd.Categorical.from_codes(self.kind, pd.Index(FILL_KINDS)),
                "units": self.units, "price": self.price, "notional": self.notional,
                "commission": self.commission, "spread": self.spread, "impact": self.impact,
            }
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Fills({len(self)} fills of {len(self.assets)} assets)"


def _any(flags: Any) -> bool:
    return bool(flags.any()) if hasattr(flags, "any") else bool(flags)


def _not(flags: Any) -> Any:
    return ~flags if hasattr(flags, "any") else not flags


def only_reduces(units: Any, held: Any) -> Any:
    """Return whether trading `units` from `held` lowers the absolute position and does not cross zero."""
    after = held + units
    return (abs(after) < abs(held)) & (after * held >= 0.0)
