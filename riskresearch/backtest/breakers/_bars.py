"""The bars that breakers observe in a history: read, checked, and given their clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.breakers._trades import COLUMNS, read_trades
from riskresearch.breakers._breaker import Breaker
from riskresearch.core._bar_checks import BEYOND, LEAST, check_bar_number
from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel, read_numbers
from riskresearch.core.dates._moments import calendar, days_begun
from riskresearch.core.frames._native import dates_among, is_frame, native

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds, Labels

RETURNS, PRICES = 1, 2
NOTHING: FloatMatrix = np.empty(0)
FIELDS = frozenset(LEAST) - {"equity"}
TICKS_A_BAR = 4
ORDERS = {"low_first": ("open", "low", "high", "close"), "high_first": ("open", "high", "low", "close")}


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one account: what it earns, what breakers are shown, and the clocks."""

    returns: FloatVector
    """Of the strategy as if never halted; nan on the first bar of prices."""
    prices: FloatVector
    """Without rows if the account is made of returns."""
    columns: Mapping[str, Any]
    """Fields of `Bar`, shape (rows,); asset_returns (rows, assets); closed_trades a `TradeColumn`."""
    clocks: FloatMatrix
    """Shape (5, rows): bars, seconds of UTC where there is a zone, and day, week and month of the clock shown."""
    furthest: FloatVector
    """Seconds of the clock shown where it was furthest, up to each row; nan where there are no dates."""
    times: Any
    """What a bar is called, by row."""
    dates: npt.NDArray[np.datetime64] | None
    labels: Labels
    """Of what was given, one row a bar."""

    def clocks_with(self, times: tuple[float, ...]) -> FloatMatrix:
        """Return the clocks, and below them those of times of day."""
        own = [days_begun(self.furthest, at) for at in times]
        return np.vstack([self.clocks, *own]) if own else self.clocks

    @property
    def start(self) -> float:
        """Equity before the first bar."""
        return float(self.prices[0]) if len(self.prices) else 1.0

    @property
    def source(self) -> int:
        """What the account's equity is made of."""
        return PRICES if len(self.prices) else RETURNS


def read_bars(
    returns: Data | None,
    prices: Data | None,
    bar_fields: pd.DataFrame | Mapping[str, Any] | None,
    intrabar: str | None = None,
    trades: pd.DataFrame | None = None,
) -> tuple[Bars, int]:
    """Return the bars of one account, and how many ticks each has."""
    if (returns is None) == (prices is None):
        raise InvalidInputError("give either returns or prices, not both and not neither.")
    if intrabar is not None:
        check_choice(intrabar, tuple(ORDERS), name="intrabar")
        return _ticks(prices, bar_fields, ORDERS[intrabar], trades), TICKS_A_BAR
    if returns is None:
        panel = complete_panel(prices, name="prices", holds="prices")
    else:
        panel = complete_panel(returns, name="returns", holds="compounded")
    if panel.values.shape[1] != 1:
        raise InvalidInputError(
            f"{panel.name} must be one series, got {panel.values.shape[1]} columns. Pass one, or weights and prices."
        )
    values = np.ascontiguousarray(panel.values[:, 0])
    columns = read_columns(bar_fields, len(values))
    clocks = make_clocks(panel.labels, len(values))
    if trades is not None:
        columns["closed_trades"] = read_trades(trades, panel.labels, clocks)
    furthest = furthest_shown(panel.labels, len(values))
    if returns is not None:
        check_column(values, "strategy_return", name="returns")
        columns.setdefault("strategy_return", values)
        return Bars(values, NOTHING, columns, clocks, furthest, panel.labels.row_names, panel.dates, panel.labels), 1
    made = _returns_of(values)
    columns.setdefault("strategy_return", made)
    columns.setdefault("price", values)
    return Bars(made, values, columns, clocks, furthest, panel.labels.row_names, panel.dates, panel.labels), 1


def complete_panel(data: Any, *, name: str, holds: Holds, min_rows: int = 1) -> Panel:
    """Return data as a panel; halts are runs of rows, so that a row without a number is refused."""
    panel = as_panel(data, name=name, holds=holds, min_rows=min_rows, nan_policy="omit")
    if panel.has_nan:
        missing = np.isnan(panel.values)
        row, column = map(int, np.argwhere(missing)[0])
        raise InvalidInputError(
            f"{name} must have a number in each row, got {int(missing.sum())} non-finite, the first at "
            f"{panel.labels.place(row, column)}. Leave such rows out: {name}.dropna()."
        )
    return panel


def _ticks(given: Any, bar_fields: Any, order: tuple[str, ...], trades: Any) -> Bars:
    prices = native(given, name="prices")
    names: dict[str, Any] = {}
    for name in prices.columns if is_frame(prices) else ():
        if str(name).lower() in order and str(name).lower() in names:
            raise InvalidInputError(
                f"prices must have one column for each of {', '.join(order)}, got {names[str(name).lower()]!r} and "
                f"{name!r}."
            )
        names[str(name).lower()] = name
    missing = [name for name in order if name not in names]
    if missing:
        raise InvalidInputError(f"prices must have a column {missing[0]!r} for intrabar: open, high, low and close.")
    kept = [*dates_among(prices), *(names[name] for name in order)]
    panel = complete_panel(prices[kept], name="prices", holds="prices")
    ticks = np.ascontiguousarray(panel.values.reshape(-1))
    rows = len(panel.values)
    columns: dict[str, Any] = {
        name: np.repeat(values, TICKS_A_BAR, axis=0) for name, values in read_columns(bar_fields, rows).items()
    }
    made = _returns_of(ticks)
    columns["strategy_return"], columns["price"] = made, ticks
    dates = None if panel.dates is None else np.repeat(panel.dates, TICKS_A_BAR)
    times = [panel.labels.row_names[row] for row in range(rows) for _ in range(TICKS_A_BAR)]
    clocks = make_clocks(panel.labels, rows, TICKS_A_BAR)
    if trades is not None:
        columns["closed_trades"] = read_trades(trades, panel.labels, clocks, TICKS_A_BAR)
    furthest = np.repeat(furthest_shown(panel.labels, rows), TICKS_A_BAR)
    return Bars(made, ticks, columns, clocks, furthest, times, dates, panel.labels)


def _returns_of(prices: FloatVector) -> FloatVector:
    if prices.min() <= 0.0:
        raise InvalidInputError(f"prices must be positive, got {prices.min():g}.")
    check_column(prices, "price", name="prices")
    return np.concatenate([[np.nan], prices[1:] / prices[:-1] - 1.0])


def read_columns(given: Any, rows: int) -> dict[str, Any]:
    """Return the further fields of `rows` bars that a user gives, missing numbers included."""
    columns: dict[str, Any] = {}
    for name, series in _fields(given).items():
        if name not in FIELDS:
            raise InvalidInputError(f"bar_fields must be fields of Bar, got {name!r}.")
        values, _ = read_numbers(series, name=f"bar_fields[{name!r}]")
        if len(values) != rows:
            raise InvalidInputError(f"bar_fields must have the {rows} rows of the bars, got {len(values)} of {name!r}.")
        check_column(values, name, name=f"bar_fields[{name!r}]")
        columns[name] = np.ascontiguousarray(values if name == "asset_returns" else values[:, 0])
    return columns


def _fields(given: Any) -> Mapping[Any, Any]:
    """Return series by name of a mapping or a frame; a frame's column of dates is none of them."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return given
    table = native(given, name="bar_fields")
    if not is_frame(table):
        raise InvalidInputError(f"bar_fields must be a DataFrame or a mapping of names to series, got {shown(given)}.")
    return {name: table[name] for name in table.columns if name not in dates_among(table)}


def check_column(values: FloatVector | FloatMatrix, field: str, *, name: str) -> None:
    """Refuse numbers that running breakers would refuse; `name` is what errors call them."""
    with np.errstate(invalid="ignore"):
        wrong = ~((values >= LEAST[field]) & (values < BEYOND)) & ~np.isnan(values)
    if wrong.any():
        place = np.argwhere(wrong)[0]
        check_bar_number(float(values[tuple(place)]), field, within=f"{name}: ", where=f" in row {int(place[0])}")


def make_clocks(labels: Labels, rows: int, ticks: int = 1) -> FloatMatrix:
    """Return the clocks of `rows` bars of `ticks` ticks each; nan where there are no dates."""
    clocks = np.full((5, rows), np.nan)
    clocks[0] = np.arange(rows)
    if labels.dates is not None and labels.instants is not None:
        clocks[1] = _seconds(labels.instants)
        clocks[2], clocks[3], clocks[4] = calendar(_seconds(labels.dates))
    return clocks if ticks == 1 else np.repeat(clocks, ticks, axis=1)


def furthest_shown(labels: Labels, rows: int) -> FloatVector:
    """Return the seconds of the clock shown, where one that is set back stands still; nan where there are no dates."""
    return np.full(rows, np.nan) if labels.dates is None else np.maximum.accumulate(_seconds(labels.dates))


def _seconds(dates: npt.NDArray[np.datetime64]) -> FloatVector:
    seconds: FloatVector = dates.astype("datetime64[us]").astype(np.int64) / 1_000_000
    return seconds


def plain_time(label: Any) -> Any:
    """Return the time of a bar's label: a datetime for pandas' times and periods."""
    if hasattr(label, "start_time"):
        label = label.start_time
    return label.to_pydatetime(warn=False) if hasattr(label, "to_pydatetime") else label


def moment_or_none(label: Any) -> Any:
    """Return the moment that a bar's label is; None of one that is no time, such as text or the number of a row."""
    time = plain_time(label)
    return time if hasattr(time, "toordinal") or isinstance(time, np.datetime64) else None


def check_shown(breakers: tuple[Breaker, ...], columns: Mapping[str, Any], clocks: FloatMatrix) -> None:
    """Refuse breakers that observe fields which the bars lack."""
    for breaker in breakers:
        for part in (breaker, *breaker.members()):
            observer = part.observer()
            for name in observer.fields if observer else ():
                if name == "closed_trades" and name not in columns:
                    raise InvalidInputError(
                        f"trades must be given for {breaker.label()!r}: a DataFrame with a row for each closed trade, "
                        f"with {COLUMNS}."
                    )
                if name not in columns:
                    raise InvalidInputError(
                        f"bar_fields must have {name!r}, which {breaker.label()!r} observes: a column of numbers on "
                        "the dates of the bars."
                    )
        if breaker.needs_dates() and not np.isfinite(clocks[1]).all():
            raise InvalidInputError(
                f"the bars must have dates for {breaker.label()!r}, which counts in time or by the calendar. Pass a "
                "Series with a DatetimeIndex."
            )
