"""Many orders in columns, read from a frame, rows, mappings or records."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core._records import NAN, ORDER_KINDS, Order, only_reduces
from riskresearch.core.dates._moments import moment_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector

    Instants = npt.NDArray[np.int64]
    Places = npt.NDArray[np.intp]

NO_TIME = int(np.iinfo(np.int64).min)
LARGEST_SECOND = 9.2e9
LEAST_LIKENESS = 0.87
"""Of a misspelt name, so that "strategy_id" is none."""
FIELDS = Order._fields


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Orders:
    """Many orders, one entry each, in the order in which they are sent.

    `Orders.of` makes them of what users have; all but the first three may be left out.

    Parameters
    ----------
    assets : tuple of str
        Names of the assets.
    column : array of int, shape (n_orders,)
        Place of each order's asset in `assets`.
    units : array, shape (n_orders,)
        Signed: positive buys. A number that is not finite is kept, and denied.
    limit_price : array, shape (n_orders,), optional
        Worst prices; nan for an order at the market.
    time : array of int64, shape (n_orders,), optional
        Nanoseconds since 1970 in UTC; the least number is a time that is not known.
    accounts, strategies : tuple of str
        Names of the accounts and strategies.
    account_of, strategy_of : array of int, shape (n_orders,), optional
        Places in `accounts` and `strategies`.
    order_ids : tuple of str
        Name of each order; empty where they have none.
    cancels : array of bool, shape (n_orders,), optional
        Which entries cancel an order.

    Examples
    --------
    >>> from riskresearch.pretrade import Orders
    >>> Orders.of([{"asset": "A", "units": 5}, {"asset": "B", "units": -2, "limit_price": 9.5}])
    Orders(2 orders of 2 assets)
    """

    assets: tuple[str, ...]
    column: Places
    units: FloatVector
    limit_price: FloatVector | None = None
    time: Instants | None = None
    accounts: tuple[str, ...] = ("",)
    account_of: Places | None = None
    strategies: tuple[str, ...] = ("",)
    strategy_of: Places | None = None
    order_ids: tuple[str, ...] = ()
    cancels: npt.NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, data: Any, *, rename: Mapping[str, str] | None = None) -> Orders:
        """Return the orders of a table, of rows or mappings, of one `Order` or many, or of `Orders`.

        Parameters
        ----------
        data : DataFrame, sequence of mappings or Order, mapping, Order or Orders
            With `asset` and signed `units`, and as far as they are known `limit_price`, `time`, `account`, `strategy`,
            `order_id` and `kind`, "order" or "cancel"; or `side`, "buy" or "sell", beside positive units.
        rename : mapping of str to str, optional
            Names of columns to the names above.

        Returns
        -------
        Orders

        Raises
        ------
        InvalidInputError
            If a column is missing or holds what it cannot.
        """
        if isinstance(data, Orders):
            return data
        if isinstance(data, Order):
            return _of_records([data])
        if isinstance(data, Mapping) and not any(_is_column(value) for value in data.values()):
            data = [data]
        is_table = hasattr(data, "columns") or isinstance(data, Mapping | str) or getattr(data, "ndim", 1) == 0
        if isinstance(data, Iterable) and not is_table:
            rows = list(data)
            if not rows or all(isinstance(row, Order) for row in rows):
                return _of_records(rows)
            data = [row._asdict() if isinstance(row, Order) else row for row in rows]
        return _of_table(data, rename)

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, place: int) -> Order:
        kind = ORDER_KINDS[0 if self.cancels is None else int(self.cancels[place])]
        time = None if self.time is None or self.time[place] == NO_TIME else np.datetime64(int(self.time[place]), "ns")
        return Order(
            self.assets[int(self.column[place])], float(self.units[place]),
            NAN if self.limit_price is None or self.limit_price[place] != self.limit_price[place]
            else float(self.limit_price[place]), time,
            self.accounts[0 if self.account_of is None else int(self.account_of[place])],
            self.strategies[0 if self.strategy_of is None else int(self.strategy_of[place])],
            self.order_ids[place] if self.order_ids else "", kind,
        )  # fmt: skip

    def take(self, places: Any) -> Orders:
        """Return some of the orders.

        Parameters
        ----------
        places : slice or array of int or bool
            Which, in their order.

        Returns
        -------
        Orders
        """
        part = {
            name: None if (array := getattr(self, name)) is None else array[places]
            for name in ("limit_price", "time", "account_of", "strategy_of", "cancels")
        }
        chosen = np.arange(len(self))[places]
        return Orders(
            self.assets, self.column[places], self.units[places], part["limit_price"], part["time"], self.accounts,
            part["account_of"], self.strategies, part["strategy_of"],
            tuple(self.order_ids[place] for place in chosen) if self.order_ids else (), part["cancels"],
        )  # fmt: skip

    def reduces(self, held: FloatVector) -> npt.NDArray[np.bool_]:
        """Return for each order whether it lowers the absolute position and does not cross zero.

        Parameters
        ----------
        held : array, shape (n_orders,)
            Signed units held of the order's asset before it.
        """
        found: npt.NDArray[np.bool_] = only_reduces(self.units, held)
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return one row per order: asset and units, and what else is known of them."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        table: dict[str, Any] = {
            "asset": pd.Categorical.from_codes(self.column, pd.Index(self.assets)), "units": self.units,
        }  # fmt: skip
        if self.limit_price is not None:
            table["limit_price"] = self.limit_price
        if self.time is not None:
            table["time"] = pd.DatetimeIndex(self.time)
        for name, names, places in (
            ("account", self.accounts, self.account_of), ("strategy", self.strategies, self.strategy_of),
        ):  # fmt: skip
            if places is not None:
                table[name] = pd.Categorical.from_codes(places, pd.Index(names))
        if self.order_ids:
            table["order_id"] = list(self.order_ids)
        if self.cancels is not None:
            table["kind"] = np.where(self.cancels, "cancel", "order")
        return pd.DataFrame(table)

    def __repr__(self) -> str:
        return f"Orders({len(self)} orders of {len(self.assets)} assets)"


def instant_of(time: Any) -> int:
    """Return nanoseconds since 1970 of a time of any kind, `NO_TIME` if it is not known or cannot be."""
    if time is None:
        return NO_TIME
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError as error:
            raise InvalidInputError(f"time must be such as 2024-01-31 09:30:00, got {shown(time)}.") from error
    if isinstance(time, np.datetime64) and time == time:
        whole = int(time.astype("datetime64[s]").astype(np.int64))
        return int(time.astype("datetime64[ns]").astype(np.int64)) if abs(whole) <= LARGEST_SECOND else NO_TIME
    try:
        exact = getattr(time, "value", None)
        if isinstance(exact, int) and time == time and hasattr(time, "isoformat"):  # a Timestamp, in UTC
            return int(time.as_unit("ns").value)
        seconds = moment_of(time).instant
    except InvalidInputError:
        raise
    except (OverflowError, ValueError):  # beyond the range of nanoseconds
        return NO_TIME
    if seconds != seconds or abs(seconds) > LARGEST_SECOND:
        return NO_TIME
    return round(seconds * 1e6) * 1000


def number_of(value: Any, name: str) -> float:
    """Return a number, infinite where a double cannot hold it."""
    if type(value) is float:
        return value
    if isinstance(value, bool | str | bytes):
        raise InvalidInputError(f"{name} must be a number, got {shown(value)}.")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{name} must be a number, got {shown(value)}.") from error


def check_kind(kind: Any) -> bool:
    """Return whether an order of this kind cancels another one."""
    return bool(check_choice(kind, ORDER_KINDS, name="kind") == "cancel")


def _is_column(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str | bytes)


def _name(given: Any) -> str:
    return "" if given is None or (isinstance(given, float) and given != given) else str(given)


def _places(names: Iterable[str]) -> tuple[tuple[str, ...], Places]:
    seen: dict[str, int] = {}
    places = [seen.setdefault(name, len(seen)) for name in names]
    return tuple(seen) or ("",), np.array(places, dtype=np.intp)


def _of_records(rows: list[Order]) -> Orders:
    assets, column = _places(_name(row.asset) for row in rows)
    accounts, account_of = _places(_name(row.account) for row in rows)
    strategies, strategy_of = _places(_name(row.strategy) for row in rows)
    return Orders(
        assets, column, np.array([number_of(row.units, "units") for row in rows], dtype=np.float64),
        np.array([number_of(row.limit_price, "limit_price") for row in rows], dtype=np.float64),
        np.array([instant_of(row.time) for row in rows], dtype=np.int64), accounts, account_of, strategies, strategy_of,
        tuple(str(row.order_id) for row in rows) if any(row.order_id for row in rows) else (),
        np.array([check_kind(row.kind) for row in rows], dtype=bool),
    )  # fmt: skip


def _factorized(column: pd.Series, name: str) -> tuple[Any, Any]:
    """Return the place of each name among the different ones, and these."""
    import pandas as pd  # noqa: PLC0415 (records need none)

    try:
        return pd.factorize(column)
    except TypeError as error:
        wrong = next(each for each in column if not isinstance(each, Hashable))
        raise InvalidInputError(f"orders[{name!r}] must hold names, got {shown(wrong)}.") from error


def _refuse_misspelt(columns: Any) -> None:
    """Refuse a column whose name is nearly one that is read and missing: an order would pass without its price."""
    absent = [field for field in FIELDS if field not in columns]
    for column in columns:
        near = get_close_matches(column, absent, n=1, cutoff=LEAST_LIKENESS) if column not in FIELDS else []
        if near:
            raise InvalidInputError(
                f"orders must have the names of columns as they are read, got {column!r}. Did you mean {near[0]!r}? "
                f"Orders.of(orders, rename={{{column!r}: {near[0]!r}}}) reads it; any other name is left alone."
            )


def _of_table(data: Any, rename: Mapping[str, str] | None) -> Orders:
    from riskresearch.files.tables._columns import check_rename, read_columns  # noqa: PLC0415 (as pandas)
    from riskresearch.files.tables._trades import signed_units  # noqa: PLC0415 (as pandas)

    check_rename(rename, orders=data)
    columns = read_columns(data, name="orders", rename=rename)
    columns.need("asset")
    columns.need("units")
    _refuse_misspelt(columns.frame.columns)
    if "price" in columns and "limit_price" not in columns:
        warn_user(
            "orders have a column 'price', which is not read: without a column 'limit_price' they are orders at the "
            'market. If it is their limit price, pass Orders.of(orders, rename={"price": "limit_price"}).',
            topic="units",
            of="price",
        )
    units = signed_units(columns) if "side" in columns else columns.numbers("units", infinite=True)
    found: dict[str, Any] = {}
    for name in ("asset", "account", "strategy"):
        if name in columns:
            codes, names = _factorized(columns.frame[name].astype(object).where(columns.frame[name].notna(), ""), name)
            found[name] = (tuple(map(str, names)) or ("",), codes.astype(np.intp))
    if "time" in columns:
        found["time"] = columns.times("time").instants
    if "kind" in columns:
        kinds = columns.frame["kind"].astype(object)
        found["kind"] = np.array([check_kind(kind) for kind in kinds.where(kinds.notna(), "order")], dtype=bool)
    ids = columns.frame["order_id"].tolist() if "order_id" in columns else []
    accounts, account_of = found.get("account", (("",), None))
    strategies, strategy_of = found.get("strategy", (("",), None))
    return Orders(
        found["asset"][0], found["asset"][1], units,
        columns.numbers("limit_price", infinite=True) if "limit_price" in columns else None,
        found.get("time"), accounts, account_of, strategies, strategy_of,
        tuple("" if each is None or each != each else str(each) for each in ids), found.get("kind"),
    )  # fmt: skip
