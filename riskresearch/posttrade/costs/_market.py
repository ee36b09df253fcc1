"""Quotes or bars as one table in the order of time, and the prices that were known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import check_choice, check_positive, listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.files.tables._columns import (
    DAY,
    NANOSECONDS,
    Columns,
    Instants,
    Times,
    read_columns,
)
from riskresearch.kernels.compiled.trades._asof import NEVER
from riskresearch.kernels.trades._joins import prices_as_of

Stamped = Literal["start", "end"]
FIELDS = ("open", "high", "low", "close", "vwap", "volume")
MOST_CODES_BY_VALUE = 1_000_000
NAMELESS = pd.Index([""], dtype=object)
"""The one asset of a market that does not name its assets."""
AT_ONCE = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Rows in the order of the time at which they were known."""

    kind: Literal["quotes", "bars"]
    asset: npt.NDArray[np.int32]
    assets: pd.Index
    known: Instants
    begin: Instants
    """Begin of a bar; of a quote its time."""
    local: Instants
    """The stamp on the market's clock."""
    bid: FloatVector
    ask: FloatVector
    """Both the close where there are bars."""
    fields: dict[str, FloatVector]
    zone: Any
    are_days: bool
    """Whether the bars are days, stamped at midnight."""
    width: int
    """Nanoseconds of a bar."""
    stamped: Stamped
    strict: bool
    oldest: int

    @property
    def day(self) -> Instants:
        """Number of the day of each row on the market's clock; one that ends at midnight is of the day before."""
        ends = self.stamped == "end" and self.kind == "bars" and not self.are_days
        return (self.local - ends) // DAY

    def numbers_of(self, names: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Return the number of each named asset; those that are not in the market have the next number."""
        codes = _codes_among(names, self.assets)
        return np.where(codes < 0, len(self.assets), codes).astype(np.int32)

    @property
    def crossed(self) -> int:
        """How many quotes have a bid above their ask."""
        return int(np.count_nonzero(self.bid > self.ask))

    @property
    def times(self) -> Times:
        """Times as far as their clock matters."""
        return Times(self.known[:1], self.local[:1], self.zone, "market")

    @property
    def stamps(self) -> Instants:
        """Time of each row as it was given."""
        return self.known - (self.width if self.stamped == "start" else 0)

    def prices(self, asset: npt.NDArray[np.int32], moment: Instants, offsets: Instants = AT_ONCE) -> FloatMatrix:
        """Return the close or mid that was known at each moment plus each offset, shape (offsets, moments)."""
        found = self._as_of(self.known, self.bid, self.ask, asset, moment, offsets, self.strict, self.oldest)
        if np.isinf(found).any():  # quotes are many, so only what was found of them is checked
            self.refuse_infinite()
        return found

    def refuse_infinite(self) -> None:
        """Refuse an infinite quote."""
        wrong = np.isinf(self.bid) | np.isinf(self.ask)
        if wrong.any():
            row = int(wrong.argmax())
            raise InvalidInputError(f"market must have finite prices, got {self.bid[row]:g} and {self.ask[row]:g}.")

    def opens(self, asset: npt.NDArray[np.int32], moment: Instants) -> FloatVector:
        """Return the open of the bar that has each moment as its stamp; nan where there is none."""
        opened = self.fields["open"]
        found: FloatVector = self._as_of(self.stamps, opened, opened, asset, moment, AT_ONCE, False, 0)[0]
        return found

    def _as_of(
        self, time: Instants, bid: FloatVector, ask: FloatVector, asset: npt.NDArray[np.int32], moment: Instants,
        offsets: Instants, strict: bool, oldest: int,
    ) -> FloatMatrix:  # fmt: skip
        options: dict[str, Any] = {"assets": len(self.assets), "strict": strict, "oldest": oldest}
        if moment.size < 2 or bool((moment[1:] >= moment[:-1]).all()):
            return prices_as_of(self.asset, time, bid, ask, asset, moment, offsets, **options)
        order = np.argsort(moment, kind="stable")
        back = np.empty((offsets.size, moment.size))
        back[:, order] = prices_as_of(self.asset, time, bid, ask, asset[order], moment[order], offsets, **options)
        return back


def read_market(
    market: Any, *, rename: Mapping[str, str] | None, stamped: Stamped, strict: bool, max_age: float | None
) -> Market:
    """Return quotes, or bars in one of their forms, as one table."""
    check_choice(stamped, ("start", "end"), name="stamped")
    oldest = NEVER if max_age is None else int(check_positive(max_age, name="max_age") * NANOSECONDS)
    columns = _long(market, rename)
    if len(columns) == 0:
        raise InvalidInputError("market must have a row, got none.")
    columns.need("time", "or its index must be dates")
    times = columns.times("time")
    times.check_known("market")
    code, assets = _coded(columns)
    if "bid" in columns or "ask" in columns:
        return _quotes(columns, times, code, assets, strict, oldest)
    return _bars(columns, times, code, assets, stamped, strict, oldest)


def _quotes(
    columns: Columns, times: Times, code: npt.NDArray[np.int32], assets: pd.Index, strict: bool, oldest: int
) -> Market:
    for side in ("bid", "ask"):
        columns.need(side, "since it has quotes")
    bid, ask = (_quoted(columns, side) for side in ("bid", "ask"))
    instants, local = times.instants, times.local
    if not (instants[1:] >= instants[:-1]).all():
        order = np.argsort(instants, kind="stable")
        instants, local, code, bid, ask = instants[order], local[order], code[order], bid[order], ask[order]
    return Market(
        "quotes", code, assets, instants, instants, local, np.ascontiguousarray(bid), np.ascontiguousarray(ask), {},
        times.zone, False, 0, "end", strict, oldest,
    )  # fmt: skip


def _quoted(columns: Columns, side: str) -> FloatVector:
    """Return bids or asks, nan where there is none; one of zero is none in many feeds, which halves the mid."""
    prices = columns.numbers(side, infinite=True)
    wrong = prices <= 0.0
    if wrong.any():
        row = int(wrong.argmax())
        raise InvalidInputError(
            f"market[{side!r}] must be positive where it is known, got {prices[row]:g} on row {row} "
            f"({int(wrong.sum()):,} in all). A quote that is not there is nan: "
            f"market[{side!r}].where(market[{side!r}] > 0)."
        )
    return prices


def _bars(
    columns: Columns, times: Times, code: npt.NDArray[np.int32], assets: pd.Index, stamped: Stamped, strict: bool,
    oldest: int,
) -> Market:  # fmt: skip
    columns.need("close", "or bid and ask")
    close = columns.prices("close")
    fields = {field: columns.prices(field) for field in FIELDS if field in columns and field not in ("close", "volume")}
    if "volume" in columns:
        fields["volume"] = columns.numbers("volume")
        if (fields["volume"] < 0.0).any():
            row = int((fields["volume"] < 0.0).argmax())
            raise InvalidInputError(
                f"market['volume'] must not be negative, got {fields['volume'][row]:g} on row {row}."
            )
    there = np.flatnonzero(~np.isnan(close))
    order = there[np.lexsort((code[there], times.instants[there]))]
    instants, local, code = times.instants[order], times.local[order], code[order]
    _refuse_two_bars(instants, code, assets)
    are_days = bool((local % DAY == 0).all())
    width = DAY if are_days else _width(instants)
    known = instants + (width if stamped == "start" else 0)
    begin = instants - (width if stamped == "end" else 0)
    close = close[order]
    return Market(
        "bars", code, assets, known, begin, local, close, close, {name: each[order] for name, each in fields.items()},
        times.zone, are_days, width, stamped, strict, oldest,
    )  # fmt: skip


def _refuse_two_bars(instants: Instants, code: npt.NDArray[np.int32], assets: pd.Index) -> None:
    same = (instants[1:] == instants[:-1]) & (code[1:] == code[:-1])
    if same.any():
        row = int(same.argmax())
        raise InvalidInputError(
            f"market must have one bar for each time and asset, got {pd.Timestamp(instants[row])} of "
            f"{assets[code[row]]!r} twice."
        )


def _width(instants: Instants) -> int:
    """Return the most frequent step between neighbouring times."""
    steps = np.diff(np.unique(instants))
    if not steps.size:
        return 0
    values, counts = np.unique(steps, return_counts=True)
    return int(values[counts.argmax()])


def _long(market: Any, rename: Mapping[str, str] | None) -> Columns:
    """Return quotes or bars as one table with the columns time, asset and fields."""
    if isinstance(market, Mapping) and market and all(isinstance(each, pd.DataFrame) for each in market.values()):
        market = pd.concat({str(field): frame for field, frame in market.items()}, axis=1)
    if isinstance(market, pd.Series):
        market = market.to_frame(str(market.name) if market.name is not None else "close")
    if isinstance(market, pd.DataFrame) and isinstance(market.index, pd.DatetimeIndex | pd.PeriodIndex):
        market = _from_wide(market, rename or {})
    columns = read_columns(market, name="market", rename=rename)
    if "time" not in columns and "date" in columns:
        columns = Columns(columns.frame.rename(columns={"date": "time"}), "market")
    if "time" in columns and not {*FIELDS, "bid", "ask", "asset"} & set(columns.frame.columns):
        times = pd.DatetimeIndex(columns.times("time").stamps)
        return Columns(_from_wide(columns.frame.drop(columns="time").set_axis(times), {}), "market")
    return columns


def _from_wide(market: pd.DataFrame, rename: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose index is time with time as a column: fields of one asset, of several, or closes by asset."""
    market = market.rename_axis(index="time")
    if isinstance(market.columns, pd.MultiIndex):
        market = market.rename(columns=dict(rename))
        known = {*FIELDS, "bid", "ask"}
        levels = [set(market.columns.get_level_values(level)) for level in range(market.columns.nlevels)]
        if len(levels) != 2 or not (levels[0] | levels[1]) & known:
            shown = [" ".join(map(str, column)) for column in market.columns]
            raise InvalidInputError(
                f"market must have fields and assets as its two levels of columns, the fields under the names "
                f"{', '.join(FIELDS)} or bid and ask, got {listed(shown)}. Pass rename={{'yours': 'close'}}."
            )
        fields = 0 if levels[0] & known else 1
        tall = market.stack(1 - fields, **_new_stack())
        return tall.rename_axis(index=["time", "asset"]).reset_index()
    names = {rename.get(str(column), str(column)) for column in market.columns}
    if names & {*FIELDS, "bid", "ask"}:
        return market.reset_index()
    alike = [str(column) for column in market.columns if str(column).strip().lower() in (*FIELDS, "bid", "ask")]
    if alike:
        raise InvalidInputError(
            f"market must have its fields under the names {', '.join(FIELDS)} or bid and ask, got {alike[0]!r}. Pass "
            f"rename={{{alike[0]!r}: {alike[0].strip().lower()!r}}}."
        )
    # A column of closes for each asset.
    try:
        closes = market.to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise InvalidInputError(
            "market must have a column of closes for each asset, or time, asset and close, or time, bid and ask; its "
            f"columns are {listed(list(map(str, market.columns)))}, and not all are numbers. Pass rename={{'yours': "
            "'close'}}."
        ) from error
    rows, count = closes.shape
    return pd.DataFrame(
        {
            "time": np.repeat(market.index, count),
            "asset": np.tile(market.columns.astype(str).to_numpy(dtype=object), rows),
            "close": closes.ravel(),
        }
    )


def _new_stack() -> dict[str, Any]:
    """Return the argument by which pandas 2 stacks as pandas 3 does, which needs none."""
    return {"future_stack": True} if int(pd.__version__.split(".")[0]) < 3 else {}


def _coded(columns: Columns) -> tuple[npt.NDArray[np.int32], pd.Index]:
    """Return the number of the asset of each row, and the assets."""
    if "asset" not in columns:
        return np.zeros(len(columns), dtype=np.int32), NAMELESS
    series = columns.frame["asset"]
    if series.isna().any():
        raise InvalidInputError(
            f"market must name an asset on each row, got none on row {int(series.isna().argmax())}."
        )
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy().astype(np.int32), series.cat.categories
    values = series.to_numpy() if series.dtype.kind in "iu" else None
    if values is not None and values.size:
        low, high = int(values.min()), int(values.max())
        if high - low < MOST_CODES_BY_VALUE:
            codes = np.empty(values.shape, dtype=np.int32)
            np.subtract(values, low, out=codes, casting="unsafe")
            return codes, pd.RangeIndex(low, high + 1)
    numbers, assets = pd.factorize(series)
    return numbers.astype(np.int32), pd.Index(assets)


def _codes_among(names: npt.NDArray[Any], assets: pd.Index) -> npt.NDArray[np.intp]:
    """Return the place of each name among the assets, -1 where it is none; one market without names serves all."""
    if assets is NAMELESS:
        return np.zeros(len(names), dtype=np.intp)
    if isinstance(assets, pd.RangeIndex) and getattr(names, "dtype", np.dtype(object)).kind in "iu":
        return np.asarray(assets.get_indexer(pd.Index(names)))
    words = pd.Index([str(asset) for asset in assets], dtype=object)
    codes, unique = pd.factorize(np.asarray(names))
    return words.get_indexer(pd.Index([str(each) for each in unique], dtype=object))[codes]
