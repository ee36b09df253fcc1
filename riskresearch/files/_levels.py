"""Which column of one instrument is its level: the adjusted close before the close, an account's equity, or returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from riskresearch.core import InvalidInputError
from riskresearch.files._columns import Column
from riskresearch.files._vocabulary import is_benchmark, plain

Family = Literal["bars", "equity", "wide"]
BAR_ROLES = ("open", "high", "low")
SHOWN = 6
"""Columns that a message names before it says how many more there are."""
_MEANING = {
    "adjusted": "an adjusted price",
    "close": "a price",
    "equity": "the value of an account",
    "open": "a price of the bar",
    "high": "a price of the bar",
    "low": "a price of the bar",
    "quote": "a quote",
    "volume": "no price",
    "return": "a return or a profit",
    "beside": "a statistic",
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Hold the columns that are assets, what table they are part of, the columns left out, and why."""

    family: Family
    columns: tuple[Column, ...]
    left_out: tuple[Column, ...]
    reason: str


def choose_levels(numbers: Sequence[Column], *, name: str) -> Levels:
    """Return which of the columns of numbers are levels or returns of assets, by the words of their headers.

    Raises
    ------
    InvalidInputError
        If the words leave more than one reading, or the only column of numbers is a volume.
    """
    benchmarks = [column for column in numbers if is_benchmark(column.name)]
    own = [column for column in numbers if column not in benchmarks]
    roles = {column.role for column in own}
    unknown = [column for column in own if not column.role]
    if len(own) <= 1 or not roles - {""}:
        return _all_of(numbers, own, name)
    if roles & {"adjusted", "close"}:
        return _bars(own, unknown, benchmarks, name)
    if "equity" in roles or ("return" in roles and not unknown):
        return _account(own, unknown, benchmarks, name)
    return _names_of_their_own(own, unknown, benchmarks, name)


def _all_of(numbers: Sequence[Column], own: Sequence[Column], name: str) -> Levels:
    if len(own) == 1 and own[0].role == "volume":
        raise InvalidInputError(
            f"{name} has no column of prices or returns: {own[0].name!r} is a volume. If it holds prices all the same, "
            f"pass columns={[own[0].name]!r} (--columns {own[0].name!r})."
        )
    several = f"{len(numbers)} columns of numbers, each an asset" if len(numbers) > 1 else "one column of numbers"
    return Levels("wide", tuple(numbers), (), several)


def _bars(own: Sequence[Column], unknown: Sequence[Column], benchmarks: Sequence[Column], name: str) -> Levels:
    is_bars = any(column.role in BAR_ROLES for column in own)
    levels = [column for column in own if column.role == "adjusted"] or [
        column for column in own if column.role == "close"
    ]
    exact = [column for column in levels if plain(column.field or column.name) in ("adjclose", "close")]
    level = levels[0] if len(levels) == 1 else exact[0] if len(exact) == 1 and is_bars else None
    if level is None or (unknown and not is_bars):
        raise _several(own, name)
    family: Family = "bars" if is_bars or len(own) > 1 else "wide"
    rest = tuple(column for column in own if column is not level)
    word = "adjusted close" if level.role == "adjusted" else "close"
    named = " and ".join(sorted({column.role for column in rest} & {*BAR_ROLES, "volume"}))
    return Levels(
        family, (level, *benchmarks), rest,
        f"the level is {level.name!r}, the {word}" + (f", beside {named} of the same instrument" if named else ""),
    )  # fmt: skip


def _account(own: Sequence[Column], unknown: Sequence[Column], benchmarks: Sequence[Column], name: str) -> Levels:
    levels = [column for column in own if column.role == "equity"] or [
        column for column in own if column.role == "return"
    ]
    exact = [column for column in levels if plain(column.field or column.name) in ("equity", "return", "returns")]
    level = levels[0] if len(levels) == 1 else exact[0] if len(exact) == 1 and levels[0].role == "equity" else None
    if level is None or unknown or any(column.role in BAR_ROLES for column in own):
        raise _several(own, name)
    rest = tuple(column for column in own if column is not level)
    what = "the value of the account" if level.role == "equity" else "its returns or profits"
    return Levels("equity", (level, *benchmarks), rest, f"the level is {level.name!r}, {what}; the rest are statistics")


def _names_of_their_own(
    own: Sequence[Column], unknown: Sequence[Column], benchmarks: Sequence[Column], name: str
) -> Levels:
    """Return the assets where no column is called a close, an equity or a return."""
    side = [column for column in own if column.role in ("volume", "beside", "quote")]
    bars = [column for column in own if column.role in BAR_ROLES]
    if len(unknown) == 1 and side and not bars:
        return Levels(
            "bars" if any(column.role == "volume" for column in side) else "equity",
            (unknown[0], *benchmarks),
            tuple(side),
            f"the level is {unknown[0].name!r}; the other columns are called volumes or statistics",
        )
    cash = all(plain(column.name) == "cash" for column in side)
    if unknown and cash:  # tickers such as LOW and OPEN, and the cash of a portfolio
        return Levels("wide", (*own, *benchmarks), (), f"{len(own)} columns of numbers, each an asset")
    raise _several(own, name)


def _several(columns: Sequence[Column], name: str) -> InvalidInputError:
    shown = ", ".join(f"{c.name!r} ({_MEANING.get(c.role, 'unknown')})" for c in columns[:SHOWN])
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    first = next((c for c in columns if c.role in ("adjusted", "close", "equity", "return", "")), columns[0]).name
    return InvalidInputError(
        f"{name} has columns that can be read in more than one way: {shown}{more}. Choose the assets with "
        f"columns={[first]!r} (--columns {first!r}), or leave columns out with drop=[...] (--drop NAME)."
    )
