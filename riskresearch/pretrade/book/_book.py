"""The book that orders are judged against: positions, prices, money, working orders, and the age of each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted
from riskresearch.pretrade.book._book_after import filled
from riskresearch.pretrade.book._book_inputs import (
    by_asset,
    check_decision,
    exposures,
    group_names,
    money_traded,
    numbers,
    read_ages,
    scenario_matrix,
    unit_factors,
)
from riskresearch.pretrade.book._book_of import arguments_of
from riskresearch.pretrade.orders._orders import Orders, instant_of, number_of

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._records import Decision, Order, TradingState
    from riskresearch.core._types import FloatMatrix, FloatVector

NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False, repr=False, init=False)
class Book:
    """One account as it stands when orders are judged; a number that is not known is nan and denies what needs it.

    Mappings and Series are by asset; assets are all that are named in any of them. A price, a volume, a volatility or
    a net asset value that is not positive and finite is not known.

    Parameters
    ----------
    units : mapping or Series
        Signed units held; an asset that is not named is not held.
    prices : mapping or Series
        Last prices, in the currency of the asset.
    nav : float, optional
        Net asset value in money; None is cash and positions, if cash is given. nan is not known.
    cash : float, optional
        Money; None and nan are not known, which buying power counts as none.
    working : orders
        Orders that are working: all of a side may fill at any time.
    average_volume, volatility : mapping or Series, optional
        Units traded a day, and volatility of returns a day.
    groups : mapping of str to groups, optional
        The group of each asset by kind: ``{"sector": {"A": "tech"}, "issuer": {...}}``, or a DataFrame of such columns.
    scenarios : DataFrame, optional
        Simple returns, scenarios x assets.
    betas : mapping or Series, optional
        Market betas.
    factors : DataFrame or mapping of str to mapping, optional
        Exposures to each factor, assets x factors.
    currencies, rates : mapping, optional
        Currency of each asset, and base money for one unit of each currency.
    multipliers : mapping, optional
        Money for one point of the price of one unit; 1 where it is not named.
    locates : mapping or Series, optional
        Units that may be sold short; 0 where it is not named.
    traded : float or mapping of str to float
        Money traded so far today, of the account ("") and of strategies and assets by name.
    recent : orders
        Orders that were sent before, with their times, which rates and duplicates count.
    released : mapping of str to time, optional
        When each strategy (or "", all) was last released: earlier orders are no repeated executions.
    strategy_units : mapping of str to mapping, or DataFrame, optional
        Units held by each strategy.
    opening_prices : mapping or Series, optional
        Prices at the beginning of the period that a collar counts from.
    decision : Decision or TradingState, optional
        What the circuit breakers decided; None is not known.
    time : datetime, date, Timestamp or seconds since 1970, optional
        The moment, which orders without a time are sent at.
    ages : mapping, optional
        Seconds since each argument was known, such as ``{"prices": 2.0}`` or ``{"prices": {"A": 2.0}}``.
    account : str, optional
        Name of the account; orders of another are denied. None takes those of any one account.

    Examples
    --------
    >>> from riskresearch.pretrade import Book
    >>> Book({"A": 100}, {"A": 10.0, "B": 25.0}, cash=4_000)
    Book(2 assets, nav 5,000)
    """

    assets: tuple[str, ...]
    account: str | None
    time: int
    """Nanoseconds since 1970 in UTC."""
    nav: float
    nav_given: bool
    """Whether the net asset value was given; else it is made of cash, units and prices, and as old as the oldest."""
    units: FloatVector
    prices: FloatVector
    factor: FloatVector
    """Base money for one point of the price of one unit."""
    average_volume: FloatVector
    volatility: FloatVector
    opening_prices: FloatVector
    locates: FloatVector
    betas: FloatVector
    factors: dict[str, FloatVector]
    groups: dict[str, tuple[str, ...]]
    """Name of the group of each asset by kind; empty where it has none."""
    scenarios: FloatMatrix | None
    strategy_units: dict[str, FloatVector] | None
    working: Orders
    recent: Orders
    released: dict[str, int]
    decision: Decision | TradingState | None
    ages: dict[str, float | dict[str, float]]
    cash_pair: tuple[float, float]
    traded_pairs: dict[tuple[str, str], tuple[float, float]]

    def __init__(
        self,
        units: Mapping[str, float] | pd.Series,
        prices: Mapping[str, float] | pd.Series,
        *,
        nav: float | None = None,
        cash: float | None = None,
        working: Any = (),
        average_volume: Mapping[str, float] | pd.Series | None = None,
        volatility: Mapping[str, float] | pd.Series | None = None,
        groups: Mapping[str, Any] | pd.DataFrame | None = None,
        scenarios: pd.DataFrame | None = None,
        betas: Mapping[str, float] | pd.Series | None = None,
        factors: pd.DataFrame | Mapping[str, Mapping[str, float]] | None = None,
        currencies: Mapping[str, str] | None = None,
        rates: Mapping[str, float] | None = None,
        multipliers: Mapping[str, float] | None = None,
        locates: Mapping[str, float] | pd.Series | None = None,
        traded: float | Mapping[str, float] = 0.0,
        recent: Any = (),
        released: Mapping[str, Any] | None = None,
        strategy_units: Mapping[str, Mapping[str, float]] | pd.DataFrame | None = None,
        opening_prices: Mapping[str, float] | pd.Series | None = None,
        decision: Decision | TradingState | None = None,
        time: Any = None,
        ages: Mapping[str, Any] | None = None,
        account: str | None = None,
    ) -> None:
        given = {
            "units": units, "prices": prices, "average_volume": average_volume, "volatility": volatility,
            "locates": locates, "betas": betas, "opening_prices": opening_prices,
        }  # fmt: skip
        named = {name: numbers(values, name=name) for name, values in given.items()}
        own = exposures(strategy_units, name="strategy_units")
        orders = Orders.of(working)
        parts = (*named.values(), *own.values())
        assets = tuple(dict.fromkeys([*(each for values in parts for each in values), *orders.assets]))
        assets = tuple(each for each in assets if each)
        put = {name: by_asset(values, assets, missing=0.0 if name in ("units", "locates") else NAN)
               for name, values in named.items()}  # fmt: skip
        for name in ("prices", "average_volume", "volatility", "opening_prices"):
            with np.errstate(invalid="ignore"):
                put[name][~((put[name] > 0.0) & np.isfinite(put[name]))] = NAN
        money = NAN if _is_unknown(cash) else check_number(cash, name="cash")
        given_nav = None if nav is None else number_of(nav, "nav")
        if orders.cancels is not None and orders.cancels.any():
            raise InvalidInputError("working must be orders, got a cancellation. Leave out what has been cancelled.")
        factor = unit_factors(assets, currencies, rates, multipliers)
        if given_nav is None:
            held = put["units"] != 0.0
            with np.errstate(over="ignore", invalid="ignore"):  # a sum beyond a double is not known
                given_nav = money + float((put["units"][held] * (put["prices"] * factor)[held]).sum())
        fields = {
            **put, "assets": assets, "account": None if account is None else str(account), "time": instant_of(time),
            "nav": given_nav if isfinite(given_nav) else NAN, "nav_given": nav is not None, "factor": factor,
            "factors": {
                name: by_asset(values, assets, missing=NAN)
                for name, values in exposures(factors, name="factors").items()
            },
            "groups": group_names(groups, assets), "scenarios": scenario_matrix(scenarios, assets),
            "strategy_units": None if strategy_units is None
            else {name: by_asset(values, assets, missing=0.0) for name, values in own.items()},
            "working": orders, "recent": Orders.of(recent),
            "released": {
                name: instant_of(each)
                for name, each in text_keys({} if released is None else released, name="released").items()
            },
            "decision": check_decision(decision), "ages": read_ages(ages), "cash_pair": (money, 0.0),
            "traded_pairs": money_traded(traded, assets),
        }  # fmt: skip
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, result: Any, row: Any = -1, *, account: str | None = None, **more: Any) -> Book:
        """Return the book of an account after a bar of a simulation.

        Parameters
        ----------
        result : Backtest
            What `simulate` returned.
        row : int, or datetime, Timestamp or str
            Number of the bar, -1 is the last; or its date.
        account : str, optional
            Which account; None if there is one only.
        **more
            Further arguments of `Book`, such as `groups`.

        Returns
        -------
        Book
            With the last known prices, and the volumes and volatilities that the simulation had on the bar.

        Raises
        ------
        InvalidInputError
            If there is no such bar or account.
        """
        return cls(**{**arguments_of(result, row, account), **more})

    @property
    def cash(self) -> float:
        """Money; nan if it is not known."""
        return self.cash_pair[0] + self.cash_pair[1]

    @property
    def value(self) -> FloatVector:
        """Base money for one unit of each asset; nan where it is not known."""
        with np.errstate(over="ignore"):  # money beyond a double is infinite
            return np.asarray(self.prices * self.factor)

    def column(self, asset: str) -> int:
        """Return the place of an asset, -1 for one that the book does not name.

        Parameters
        ----------
        asset : str
            Its name.
        """
        try:
            return self.assets.index(asset)
        except ValueError:
            return -1

    def after(self, orders: Order | Orders | Any) -> Book:
        """Return the book after orders were filled at once, at their limit prices or the last ones.

        Parameters
        ----------
        orders : Order, Orders, DataFrame or sequence
            What is filled, without a look at any limit.

        Returns
        -------
        Book
        """
        after: Book = filled(self, Orders.of(orders))
        return after

    def to_frame(self) -> pd.DataFrame:
        """Return one row an asset: units, prices, value in money, and as fraction of net asset value."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        with np.errstate(invalid="ignore"):
            worth = np.where(self.units == 0.0, 0.0, self.units * self.value)
        weights = worth / self.nav if self.nav > 0.0 else np.full(len(self.assets), NAN)
        return pd.DataFrame(
            {"units": self.units, "price": self.prices, "value": worth, "weight": weights},
            index=pd.Index(self.assets, name="asset"),
        )

    def __repr__(self) -> str:
        nav = f"{self.nav:,.2f}".removesuffix(".00") if self.nav == self.nav else "unknown"
        return f"Book({counted(len(self.assets), 'asset')}, nav {nav})"


def _is_unknown(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)
