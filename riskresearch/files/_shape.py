"""What a table is: bars, a column per asset, one row per date and ticker, an account, fills or positions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import name_remedy
from riskresearch.files._by_value import Bars, find_bars, find_total
from riskresearch.files._columns import Column
from riskresearch.files._grid import Grid
from riskresearch.files._levels import SHOWN, Levels, choose_levels
from riskresearch.files._vocabulary import (
    BENCHMARKS,
    CORPORATE_EVENTS,
    FIELD_COLUMNS,
    FILL_WORDS,
    HOLDINGS,
    IDENTIFIERS,
    NUMERIC_KEYS,
    POSITION_WORDS,
    PRICE_FIELDS,
    QUANTITIES,
    SIDES,
    TICKERS,
    plain,
    role_of,
)

Shape = Literal["auto", "wide", "bars", "long", "equity", "fills", "positions"]
SHAPES = ("auto", "wide", "bars", "long", "equity", "fills", "positions")
MOST_TICKERS_PER_ROW = 0.5
"""A column that names tickers repeats them: a remark on each row is none."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """Describe what the columns of a table are.

    Attributes
    ----------
    shape : str
        One of `SHAPES` but "auto".
    values : tuple of Column
        The levels or returns of assets; in a long table the one column of values.
    names : tuple of str
        The name of each asset; empty for a long table.
    key, field_key : Column, optional
        In a long table the column of tickers, and one that names fields such as "Close".
    bars : tuple of Column
        The fields of the bars of one instrument.
    left_out : tuple of (str, str)
        Names of columns that are not used, and the reason.
    reason : str
        How the shape shows.
    """

    shape: Shape
    values: tuple[Column, ...] = ()
    names: tuple[str, ...] = ()
    key: Column | None = None
    field_key: Column | None = None
    bars: tuple[Column, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def decide_shape(
    grid: Grid,
    columns: Sequence[Column],
    *,
    dates: npt.NDArray[np.int64],
    shape: Shape = "auto",
    wanted: Sequence[str] | None = None,
) -> TableShape:
    """Return what the table is; `columns` are those beside the dates, `dates` the number of each row's date."""
    numbers = [
        c for c in columns if c.holds in ("numbers", "dates") and c.role != "part of a date" and _is_number(grid, c)
    ]
    texts = [column for column in columns if column.holds == "text" or plain(column.name) in IDENTIFIERS]
    numbers = [column for column in numbers if column not in texts] or numbers
    parts = tuple(
        (c.name, "a part of the date") for c in columns if c.role == "part of a date" and c.holds == "numbers"
    )
    ledger = _ledger(columns, shape)
    if ledger:
        return TableShape(ledger, tuple(columns), reason=_ledger_reason(columns))
    if shape in ("fills", "positions"):
        return TableShape(shape, tuple(columns), reason="as stated")
    _refuse_events(grid, texts, shape)
    repeated = len(np.unique(dates)) < len(dates)
    key, field_key = _keys(grid, numbers, texts, dates) if repeated or shape == "long" else (_ticker(grid, texts), None)
    if shape == "long" and key is None:
        raise InvalidInputError(f"{grid.name} was given as a long table, but has no column that names the tickers.")
    if key is not None:
        return _long(grid, key, field_key, numbers, wanted, parts)
    return _by_columns(grid, numbers, texts, shape, wanted, parts)


def _refuse_events(grid: Grid, texts: Sequence[Column], shape: Shape) -> None:
    """Refuse a table of dividends and splits, whose numbers are neither levels nor returns."""
    for column in texts if shape == "auto" else ():
        words = {plain(str(word)) for word in pd.unique(_key_cells(grid, column))}
        if words & CORPORATE_EVENTS:
            raise InvalidInputError(
                f"{grid.name} holds corporate actions, as column {column.name!r} says {listed(sorted(words - {''}))}, "
                "and no prices or returns. Pass them to simulate as corporate_actions=; shape='long' (--shape long) "
                "reads the table all the same."
            )


def pick(wanted: Sequence[str], columns: Sequence[Column], *, argument: str, name: str) -> tuple[Column, ...]:
    """Return the columns of these names; an unknown one is answered with the nearest."""
    by_name = {column.name: column for column in columns}
    check_names(wanted, list(by_name), argument=argument, name=name)
    return tuple(by_name[each] for each in wanted)


def check_names(wanted: Sequence[str], names: Sequence[str], *, argument: str, name: str) -> None:
    """Raise `InvalidInputError` if a wanted name is none of `names`, or is there twice."""
    for each in wanted:
        if each not in names:
            remedy = name_remedy(each, names, what="column")
            raise InvalidInputError(f"{argument} (--{argument}) must name columns of {name}, got {each!r}.{remedy}")
    if len(set(wanted)) < len(wanted):
        raise InvalidInputError(f"{argument} must name each column once, got {', '.join(wanted)}.")


def listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(map(str, names[:SHOWN])) + more


def _is_number(grid: Grid, column: Column) -> bool:
    """Return whether a column is one of numbers; whole numbers can read as days as well, times cannot."""
    cells = grid.columns[column.number]
    return column.holds == "numbers" or (isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu")


def _ledger(columns: Sequence[Column], shape: Shape) -> Literal["fills", "positions", ""]:
    """Return whether the names are those of fills or of positions."""
    if shape != "auto":
        return ""
    words = {plain(column.name) for column in columns}
    named = words & TICKERS
    quantity, side = words & QUANTITIES, words & SIDES
    bars = {column.role for column in columns} & {"open", "high", "low"}
    if not named or bars or not (quantity or words & POSITION_WORDS):
        return ""
    price = any(column.role in ("close", "adjusted") for column in columns) or bool(words & FILL_WORDS)
    if quantity and (side or (words & FILL_WORDS and price)):
        return "fills"
    if quantity - {"amount", "size"} or (quantity and words & POSITION_WORDS) or words & HOLDINGS:
        return "positions"
    return ""


def _ledger_reason(columns: Sequence[Column]) -> str:
    names = [c.name for c in columns if plain(c.name) in SIDES | QUANTITIES | FILL_WORDS | POSITION_WORDS]
    return f"it has columns such as {listed(names)}"


def _ticker(grid: Grid, texts: Sequence[Column]) -> Column | None:
    """Return a column of several tickers in a table whose dates do not repeat."""
    for column in texts:
        cells = grid.columns[column.number]
        distinct = len(pd.unique(np.asarray(cells, dtype=object)))
        if plain(column.name) in TICKERS and 1 < distinct <= MOST_TICKERS_PER_ROW * len(cells):
            return column
    return None


def _keys(
    grid: Grid, numbers: Sequence[Column], texts: Sequence[Column], dates: npt.NDArray[np.int64]
) -> tuple[Column | None, Column | None]:
    """Return the column of tickers of a table whose dates repeat, and one of fields if there is one."""
    named = [column for column in texts if plain(column.name) in TICKERS]
    named += [column for column in numbers if plain(column.name) in NUMERIC_KEYS]
    named.sort(key=lambda column: column.holds != "text")
    candidates = [*named, *(column for column in texts if column not in named)]
    varied = [column for column in candidates if len(set(_key_cells(grid, column))) > 1]
    fields = [c for c in varied if plain(c.name) in FIELD_COLUMNS and _are_fields(grid, c)]
    for column in varied:
        if _are_unique(grid, (column,), dates):
            return column, None
    for field in fields:
        for column in varied:
            if column is not field and _are_unique(grid, (column, field), dates):
                return column, field
    return (varied[0] if varied else None), None


def _key_cells(grid: Grid, column: Column) -> npt.NDArray[np.object_]:
    return np.asarray(grid.columns[column.number]).astype(str).astype(object)


def _are_unique(grid: Grid, keys: Sequence[Column], dates: npt.NDArray[np.int64]) -> bool:
    frame = pd.DataFrame({"date": dates, **{str(k.number): _key_cells(grid, k) for k in keys}})
    return not frame.duplicated().any()


def _are_fields(grid: Grid, column: Column) -> bool:
    words = set(_key_cells(grid, column))
    return any(role_of(word) in PRICE_FIELDS for word in words)


def _long(
    grid: Grid,
    key: Column,
    field_key: Column | None,
    numbers: Sequence[Column],
    wanted: Sequence[str] | None,
    parts: tuple[tuple[str, str], ...],
) -> TableShape:
    values = [column for column in numbers if column is not key and plain(column.name) not in IDENTIFIERS]
    if not values:
        raise InvalidInputError(f"{grid.name} has no column of numbers beside its dates and {key.name!r}.")
    names = {column.name for column in values}
    chosen = [each for each in wanted or () if each in names]
    if len(chosen) > 1:
        raise InvalidInputError(
            f"columns must name one column of values of {grid.name}, which has one row per date and {key.name}, got "
            f"{', '.join(chosen)}."
        )
    if chosen:
        levels = Levels("wide", pick(chosen, values, argument="columns", name=grid.name), (), "as stated")
    else:
        levels = choose_levels(values, name=grid.name)
        if len(levels.columns) > 1:
            first = levels.columns[0].name
            raise InvalidInputError(
                f"{grid.name} has one row per date and {key.name}, and several columns of values: "
                f"{listed([c.name for c in levels.columns])}. Choose one with columns={first!r} (--columns {first!r})."
            )
    left = tuple((c.name, "not the level") for c in values if c is not levels.columns[0])
    count = len(set(_key_cells(grid, key)))
    reason = f"one row per date and ticker, {count} in column {key.name!r}"
    if levels.left_out:
        reason += f"; {levels.reason}"
    return TableShape("long", levels.columns, (), key, field_key, (), (*left, *parts), reason)


def _by_columns(
    grid: Grid,
    numbers: Sequence[Column],
    texts: Sequence[Column],
    shape: Shape,
    wanted: Sequence[str] | None,
    parts: tuple[tuple[str, str], ...],
) -> TableShape:
    if not numbers and not wanted:
        raise _nothing(grid, texts)
    labels = tuple((column.name, "text") for column in texts)
    instrument = _instrument(grid, texts)
    if wanted is not None:
        chosen = pick(wanted, [*numbers, *texts], argument="columns", name=grid.name)
        rest = tuple((c.name, "not chosen") for c in numbers if c not in chosen)
        names = _names(chosen, instrument, stated=True)
        return TableShape("wide", chosen, names, left_out=(*rest, *labels, *parts), reason="the columns are as stated")
    if shape == "wide":
        return TableShape(
            "wide", tuple(numbers), _names(numbers, instrument, stated=True), left_out=labels, reason="as stated"
        )
    if all(column.field for column in numbers):
        return _bars_of_tickers(numbers, labels, grid.name)
    nameless = None if {c.role for c in numbers} - {"", "beside", "volume"} else find_bars(grid, numbers)
    if nameless is not None:
        return _bars_by_value(nameless, instrument, (*labels, *parts))
    levels = _account_of_parts(grid, numbers) or choose_levels(numbers, name=grid.name)
    if shape in ("bars", "equity") and levels.family != shape:
        raise InvalidInputError(
            f"{grid.name} was given as {shape}, but its columns {listed([c.name for c in numbers])} read as "
            f"{levels.family}: {levels.reason}."
        )
    bars = tuple(c for c in numbers if levels.family == "bars" and c.role in (*PRICE_FIELDS, "volume"))
    left = tuple((column.name, "not the level") for column in levels.left_out)
    names = _names(levels.columns, instrument, stated=False)
    return TableShape(levels.family, levels.columns, names, None, None, bars, (*left, *labels, *parts), levels.reason)


def _account_of_parts(grid: Grid, numbers: Sequence[Column]) -> Levels | None:
    """Return the account whose value is the sum of the other columns, where no name says what they are."""
    if any(column.role not in ("", "beside") for column in numbers):
        return None
    return find_total(grid, [column for column in numbers if plain(column.name) not in BENCHMARKS])


def _bars_by_value(bars: Bars, instrument: str, left: tuple[tuple[str, str], ...]) -> TableShape:
    opens, high, low, close = (column.name for column in bars.columns)
    reason = f"{high!r} is highest and {low!r} lowest on every row, beside {opens!r}: bars, whose close is {close!r}"
    rest = tuple((c.name, "not the level") for c in (*bars.columns[:3], *bars.beside))
    name = instrument if _is_generic(bars.close, stated=False) else close
    return TableShape("bars", (bars.close,), (name,), None, None, bars.columns, (*rest, *left), reason)


def _bars_of_tickers(numbers: Sequence[Column], labels: tuple[tuple[str, str], ...], name: str) -> TableShape:
    """Return bars of tickers side by side: the level of each, where all must be the same field."""
    groups: dict[str, list[Column]] = {}
    for column in numbers:
        groups.setdefault(column.ticker, []).append(column)
    chosen = [choose_levels(group, name=f"{name} ({ticker})") for ticker, group in groups.items()]
    fields = {plain(levels.columns[0].field): levels.columns[0].field for levels in chosen}
    if len(fields) > 1 or any(len(levels.columns) > 1 for levels in chosen):
        raise InvalidInputError(
            f"{name} has columns of different fields for its tickers: {', '.join(fields.values())}. Choose them with "
            "columns=[...] (--columns NAME,NAME)."
        )
    level = next(iter(fields.values()))
    left = tuple((column.name, "not the level") for levels in chosen for column in levels.left_out)
    bars = tuple(numbers) if len(groups) == 1 else ()
    what = f"{len(groups)} tickers" if len(groups) > 1 else f"{next(iter(groups))}"
    return TableShape(
        "bars" if left else "wide", tuple(levels.columns[0] for levels in chosen), tuple(groups), None, None, bars,
        (*left, *labels), f"the columns name {what} and fields; the level is {level!r}",
    )  # fmt: skip


def _instrument(grid: Grid, texts: Sequence[Column]) -> str:
    """Return the name that a column of text repeats on each row, if it is one of names."""
    for column in texts:
        words = set(_key_cells(grid, column)) - {""}
        if plain(column.name) in TICKERS and len(words) == 1:
            return str(next(iter(words)))
    return ""


def _names(columns: Sequence[Column], instrument: str, *, stated: bool) -> tuple[str, ...]:
    """Return the names of assets; "" stands for the name of the file.

    A single asset whose header is that of a field, such as "Close", has the name of its instrument.
    """
    alone = sum(plain(column.name) not in BENCHMARKS for column in columns) == 1
    return tuple(
        instrument
        if alone and plain(column.name) not in BENCHMARKS and _is_generic(column, stated=stated)
        else (column.name if stated else column.ticker or column.name)
        for column in columns
    )


def _is_generic(column: Column, *, stated: bool) -> bool:
    unnamed = column.name == f"column {column.number + 1}"
    return unnamed or (bool(column.role) and not column.ticker and not stated)


def _nothing(grid: Grid, texts: Collection[Column]) -> InvalidInputError:
    seen = f", but text in {listed([column.name for column in texts])}" if texts else ""
    return InvalidInputError(f"{grid.name} has no column of numbers beside its dates{seen}.")
