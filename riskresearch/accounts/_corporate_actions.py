"""Corporate actions as events of rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of, show_date
from riskresearch.core._panel import read_numbers
from riskresearch.core._plausibility import warn_user
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector

# Of the logarithm of a ratio: 5 for 4 is told from its inverse by a day that moves less than 20 %; from no split at
# all, 3 for 2.
LEAST_SPLIT = 0.18
LEAST_SPLIT_OF_ADJUSTED = 0.4
KINDS = ("split", "cash_dividend", "spin_off", "delisting", "symbol_change")
APPLIED = ("symbol_change", "split", "spin_off", "cash_dividend", "delisting")
"""The order of those of one day: a new symbol, and one spun off, have their splits and dividends on that day too."""
REMEDIES = {
    "delisting": 'prices end there, and missing_prices="settle" sells what is held at the last one.',
    "spin_off": "a target weight of the old symbol says nothing of the new one; give weights of both from there on.",
    "symbol_change": "end the weight of the old symbol there, and begin that of the new one.",
}
"""What to do in a simulation about the kinds that it does not know."""
OF_TWO = ("spin_off", "symbol_change")
"""Kinds with a `new_symbol`."""
COLUMNS = ("symbol", "date", "kind", "value")


@dataclass(frozen=True, slots=True)
class Events:
    """One entry per event, in the order of rows and days, those of one day in the order of `APPLIED`."""

    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]
    value: FloatVector
    other: npt.NDArray[np.intp]
    """The column of the new symbol; -1 where there is none."""
    basis: FloatVector
    """The share of the cost that moves in a spin-off, nan if the first prices decide."""

    def splits(self) -> Events:
        """Return the splits alone."""
        keep = self.kind == KINDS.index("split")
        return self.chosen(keep)

    def chosen(self, keep: npt.NDArray[Any]) -> Events:
        """Return some of the events, by their numbers or by a mask."""
        return Events(*(getattr(self, each)[keep] for each in self.__slots__))


def no_events() -> Events:
    """Return no events."""
    none = np.empty(0, dtype=np.intp)
    return Events(none, none, none, np.empty(0), none, np.empty(0))


def read_events(actions: pd.DataFrame | None, layout: Layout) -> Events:
    """Return the events of the columns of `layout`; one between two bars falls on the later of them.

    Symbols without a column, and dates outside those of the prices, have nothing to act on and are left out.
    """
    if actions is None:
        return no_events()
    if not is_instance_of(native(actions, name="corporate_actions"), "pandas", "DataFrame"):
        raise InvalidInputError(
            f"corporate_actions must be a DataFrame of pandas with the columns {', '.join(COLUMNS)}, got "
            f"{shown(actions)}."
        )
    actions = native(actions, name="corporate_actions")
    missing = [name for name in COLUMNS if name not in actions.columns]
    if missing:
        raise InvalidInputError(
            f"corporate_actions must have the columns {', '.join(COLUMNS)}, as datasets.load('corporate_actions') has; "
            f"{missing[0]!r} is missing."
        )
    if not len(actions):
        return no_events()
    when, bars = _moments(actions["date"], layout)
    number = {name: place for place, name in enumerate(layout.account_columns)}
    column = np.array([number.get(str(symbol), -1) for symbol in actions["symbol"]], dtype=np.intp)
    kind = np.array([KINDS.index(check_choice(str(k), KINDS, name="kind")) for k in actions["kind"]], dtype=np.intp)
    given = actions["value"].astype(object).where(actions["value"].notna(), np.nan)  # a column of None is no numbers
    value = read_numbers(given.infer_objects().to_numpy(), name="corporate_actions['value']")[0][:, 0]
    _check_values(actions, kind, value, when)
    other, basis = _new_symbols(actions, kind, column, number, when), _basis(actions, kind, when)
    row = np.searchsorted(bars, when).astype(np.intp)
    keep = np.flatnonzero((column >= 0) & (row < len(bars)) & (when >= bars[0]))
    order = keep[_in_order(row[keep], when[keep].astype("datetime64[D]"), kind[keep], column, other, keep, layout)]
    return Events(row[order], column[order], kind[order], value[order], other[order], basis[order])


def _in_order(
    row: npt.NDArray[np.intp],
    day: npt.NDArray[np.datetime64],
    kind: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
    keep: npt.NDArray[np.intp],
    layout: Layout,
) -> npt.NDArray[np.intp]:
    """Return the order in which events are applied; an event under the old symbol of that day becomes the new one's.

    A symbol that is given up and taken on one day changes hands: who gives it up goes first.
    """
    rank = np.zeros(len(keep), dtype=np.intp)
    changes = kind == KINDS.index("symbol_change")
    for today in np.unique(day[changes]):
        of_day = np.flatnonzero(day == today)
        renamed = {int(column[keep[n]]): int(other[keep[n]]) for n in of_day if changes[n]}
        taken = set(renamed.values())
        for n in of_day:
            if changes[n]:
                rank[n] = _steps(int(column[keep[n]]), renamed, layout)
                continue
            for of in (column, other):
                if int(of[keep[n]]) in renamed and int(of[keep[n]]) not in taken:
                    of[keep[n]] = renamed[int(of[keep[n]])]
    phase = np.array([APPLIED.index(KINDS[number]) for number in kind], dtype=np.intp)
    return np.lexsort((column[keep], rank, phase, day, row))


def _steps(column: int, renamed: dict[int, int], layout: Layout) -> int:
    """Return how many changes of one day follow that of a column."""
    steps, at = 0, renamed[column]
    while at in renamed:
        steps, at = steps + 1, renamed[at]
        if steps > len(renamed):
            raise InvalidInputError(
                f"corporate_actions must not exchange symbols in a circle on one day, got one through "
                f"{layout.account_columns[column]}. Name the columns of prices by what is held, not by symbol."
            )
    return steps


def _check_values(
    actions: pd.DataFrame, kind: npt.NDArray[np.intp], value: FloatVector, when: npt.NDArray[np.datetime64]
) -> None:
    """Require positive values; a delisting may pay nothing, and a change of symbol has no value."""
    least_is_zero, none = kind == KINDS.index("delisting"), kind == KINDS.index("symbol_change")
    bad = ~(np.isfinite(value) & ((value > 0.0) | (least_is_zero & (value == 0.0)))) & ~none
    if bad.any():
        place = int(np.argmax(bad))
        raise InvalidInputError(
            f"corporate_actions must have positive values, got {value[place]:g} of {actions['symbol'].iloc[place]} on "
            f"{str(when[place])[:10]}. Only a delisting may pay 0, and only a change of symbol has no value."
        )


def _new_symbols(
    actions: pd.DataFrame,
    kind: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    number: dict[str, int],
    when: npt.NDArray[np.datetime64],
) -> npt.NDArray[np.intp]:
    """Return the column of each new symbol, -1 where the kind has none; one without prices is refused."""
    found = np.full(len(actions), -1, dtype=np.intp)
    named = actions["new_symbol"].notna().to_numpy() if "new_symbol" in actions.columns else np.zeros(len(found), bool)
    for place in np.flatnonzero(np.isin(kind, [KINDS.index(each) for each in OF_TWO]) & (column >= 0)):
        what = f"the {KINDS[kind[place]]} of {actions['symbol'].iloc[place]} on {str(when[place])[:10]}"
        given = actions["new_symbol"].iloc[place] if named[place] else None
        if given is None:
            raise InvalidInputError(f"corporate_actions must have a column 'new_symbol' that names that of {what}.")
        if str(given) not in number or str(given) == str(actions["symbol"].iloc[place]):
            raise InvalidInputError(
                f"corporate_actions must have a new_symbol that is another column of prices, got {given!r} for {what}."
            )
        found[place] = number[str(given)]
    return found


def _basis(actions: pd.DataFrame, kind: npt.NDArray[np.intp], when: npt.NDArray[np.datetime64]) -> FloatVector:
    """Return the share of the cost that each spin-off moves, nan where none is given."""
    if "basis" not in actions.columns:
        return np.full(len(actions), np.nan)
    given = actions["basis"].astype(object).where(actions["basis"].notna(), np.nan)  # a column of None is no numbers
    share = read_numbers(given.infer_objects().to_numpy(), name="corporate_actions['basis']")[0][:, 0]
    bad = (kind == KINDS.index("spin_off")) & ~np.isnan(share) & ~((share >= 0.0) & (share < 1.0))
    if bad.any():
        place = int(np.argmax(bad))
        raise InvalidInputError(
            f"corporate_actions must have a basis in [0, 1), the share of the cost that moves to the new symbol, got "
            f"{share[place]:g} of {actions['symbol'].iloc[place]} on {str(when[place])[:10]}."
        )
    return share


def refuse_unsimulated(events: Events, layout: Layout) -> None:
    """Refuse the kinds that a simulation of target weights does not know."""
    unknown = events.kind > KINDS.index("cash_dividend")
    if unknown.any():
        event = int(np.argmax(unknown))
        kind, symbol = KINDS[events.kind[event]], layout.account_columns[events.column[event]]
        raise InvalidInputError(
            f"corporate_actions must be splits and cash dividends for simulate, got a {kind} of {symbol} at "
            f"{show_date(layout.labels.row_names[int(events.row[event])])}: {REMEDIES[kind]} posttrade.Ledger knows "
            "all kinds."
        )


def check_events(events: Events, prices: FloatMatrix, layout: Layout) -> None:
    """Warn of events that prices contradict: inverted splits, adjusted prices, dividends above the price."""
    doubts = [doubt for event in range(len(events.row)) if (doubt := _doubt(events, event, prices))]
    if doubts:
        event, doubt = next((n, d) for n in range(len(events.row)) if (d := _doubt(events, n, prices)))
        more = f" The same holds for {len(doubts) - 1} more of its events." if len(doubts) > 1 else ""
        where = f"{layout.account_columns[events.column[event]]} at {layout.place(int(events.row[event]), 0)}"
        where = where.partition(" in column")[0].partition(", column")[0]
        warn_user(f"corporate_actions has {doubt} of {where}.{more}")


def _doubt(events: Events, event: int, prices: FloatMatrix) -> str:
    """Return how the prices contradict an event; empty text if they do not, or if one of the two is missing."""
    row, column, value = int(events.row[event]), int(events.column[event]), float(events.value[event])
    before = prices[:row, column]
    before = before[~np.isnan(before)]
    if before.size == 0:
        return ""
    last, here = float(before[-1]), float(prices[row, column])
    if events.kind[event] > KINDS.index("cash_dividend"):
        return ""
    if events.kind[event] == KINDS.index("cash_dividend"):
        if value < last:
            return ""
        return f"a cash dividend of {value:g}, more than the last price of {last:g}: value is money for one share,"
    if np.isnan(here):
        return ""
    size, move = abs(np.log(value)), float(np.log(here / last))
    off, turned, still = abs(move - np.log(value)), abs(move + np.log(value)), abs(move)
    told = (
        f"a split with the value {value:g}, which means {1.0 / value:g} new shares for one and a price times {value:g},"
    )
    if size > LEAST_SPLIT and turned < min(off, still):
        return (
            f"{told} but the price went from {last:g} to {here:g}, as for a value of {1.0 / value:g}. "
            f"The value is old shares for one new: if {value:g} are the new for one old, give its inverse. The split"
        )
    if size > LEAST_SPLIT_OF_ADJUSTED and still < off:
        return (
            f"{told} but the price went from {last:g} to {here:g}, as if there were none: prices that are adjusted for "
            "splits need no events. The split"
        )
    return ""


def _moments(given: pd.Series, layout: Layout) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Return the times of events and bars: instants if the events have a zone, else on the clock of the prices."""
    dates, instants = layout.labels.dates, layout.labels.instants
    if dates is None or instants is None:
        raise InvalidInputError("corporate_actions need prices with dates.")
    if getattr(given.iloc[0] if len(given) else None, "tzinfo", None) is None:
        days = dates.astype("datetime64[ns]")
        return _plain_times(given), np.maximum.accumulate(days)
    if not layout.labels.zoned:
        raise InvalidInputError(
            "corporate_actions must have dates without a zone beside prices without one. Take theirs off with "
            ".dt.tz_localize(None) if both show the same clock."
        )
    import pandas as pd  # noqa: PLC0415 (who has a frame of events has loaded it)

    if given.dtype.kind != "M" and not all(getattr(each, "tzinfo", None) is not None for each in given):
        raise InvalidInputError("corporate_actions must have dates with a zone on every row or on none.")
    when: npt.NDArray[np.datetime64] = pd.to_datetime(given, utc=True).dt.tz_localize(None).to_numpy()
    return when.astype("datetime64[ns]"), instants.astype("datetime64[ns]")


def _plain_times(given: pd.Series) -> npt.NDArray[np.datetime64]:
    """Return dates without a zone; text that is none, and a missing date, are refused."""
    try:
        seconds = np.asarray(given).astype("datetime64[s]")
        times = np.asarray(given).astype("datetime64[ns]")
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"corporate_actions must have dates in the column 'date', got {given.iloc[0]!r} on the first row. Convert "
            "it with corporate_actions['date'] = pd.to_datetime(corporate_actions['date'])."
        ) from error
    wrapped = times.astype("datetime64[s]") != seconds  # beyond what nanoseconds count; no date is none
    if (wrapped & ~np.isnat(times)).any():
        row = int(wrapped.argmax())
        raise InvalidInputError(
            f"corporate_actions must have dates in the years 1678 to 2261, got {given.iloc[row]} on row {row}."
        )
    if np.isnat(times).any():
        row = int(np.isnat(times).argmax())
        raise InvalidInputError(f"corporate_actions must have a date on each row, got none on row {row}.")
    return times
