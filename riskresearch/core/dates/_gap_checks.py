"""The check of holes in the dates of returns and prices, at the door of every function that takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._holes import enough_rows, holes_in
from riskresearch.core.dates._spacing import read_spacing

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, Labels
    from riskresearch.core.dates._holes import Dates, Holes
    from riskresearch.core.dates._spacing import Spacing

FEWEST_ROWS = 5
FEW_ROWS = 12
"""Rows of more than two weeks, whose weekdays are looked at first."""
TICKS_A_DAY = {
    np.dtype(f"datetime64[{unit}]"): 86_400 * 1000**power for power, unit in enumerate(("s", "ms", "us", "ns"))
}
FIVE_DAY_WEEK = (1.3, 1.55, 18.0)
"""Least and most days a row where at most a tenth is missing, and the most days from row to row."""
# (least and most days a row, most days from row to row) of rows in which nothing can be missing
OTHER_ROWS = (
    (0.0, 0.9, 5.0), (0.9, 1.05, 5.0), (6.9, 7.3, 20.0), (28.0, 33.0, 40.0), (88.0, 95.0, 110.0), (360.0, 370.0, 400.0),
)  # fmt: skip


def check_gaps(values: FloatMatrix, labels: Labels, *, name: str, has_nan: bool, prices: bool = False) -> None:
    """Warn if more sessions, weeks or months have no row than holidays explain; a row without any value is none."""
    if values.shape[0] < FEWEST_ROWS or labels.instants is None:
        return
    if not has_nan and _obviously_complete(labels.instants):
        return
    whole = dates = labels.dates
    if whole is None or dates is None:
        return
    if has_nan:
        kept = ~np.isnan(values).all(axis=1)
        dates, values = dates[kept], values[kept]
        if dates.size < FEWEST_ROWS or _obviously_complete(dates):
            return
    found = extraordinary_holes(dates, whole)
    if found is not None:
        holes, spacing = found
        moves = moves_over(holes, values, prices=prices)
        warn_user(_text(holes, spacing, dates, moves, name), topic="gaps")


def _obviously_complete(dates: Dates) -> bool:
    """Return whether the mean and the longest step leave no doubt, which is all that usual data cost."""
    ticks = TICKS_A_DAY.get(dates.dtype)
    if ticks is None:
        return False
    times = dates.view(np.int64)
    longest = int(np.maximum.reduce(times[1:] - times[:-1])) / ticks
    mean = (int(times[-1]) - int(times[0])) / (ticks * (times.size - 1))
    least, most, far = FIVE_DAY_WEEK
    if least <= mean <= most:
        return longest <= far and len({(time // ticks) % 7 for time in times[:FEW_ROWS].tolist()}) <= 5
    return any(least <= mean <= most and longest <= far for least, most, far in OTHER_ROWS)


def extraordinary_holes(dates: Dates, whole: Dates) -> tuple[Holes, Spacing] | None:
    """Return the holes in `dates` by the calendar of the `whole`; None where no more than usual is missing."""
    try:
        spacing = read_spacing(whole)
    except InvalidInputError:
        return None
    if spacing is None:
        return None
    holes = holes_in(dates, spacing)
    return (holes, spacing) if holes.extraordinary and enough_rows(holes.rows, holes.unit) else None


def moves_over(holes: Holes, values: FloatMatrix, *, prices: bool) -> FloatVector:
    """Return the largest return, of any column, on the row after each hole; nan where none is known."""
    after = values[holes.after]
    with np.errstate(divide="ignore", invalid="ignore"):  # a price of zero, which others refuse
        moves = after / values[holes.after - 1] - 1.0 if prices else after
    sizes = np.where(np.isfinite(moves), np.abs(moves), -1.0)
    column = sizes.argmax(axis=1)
    largest: FloatVector = moves[np.arange(len(column)), column]
    return largest


def largest_move(moves: FloatVector) -> int | None:
    """Return the number of the hole with the largest move, None if none is known."""
    known = np.flatnonzero(np.isfinite(moves))
    return int(known[np.abs(moves[known]).argmax()]) if known.size else None


def _text(holes: Holes, spacing: Spacing, dates: Dates, moves: FloatVector, name: str) -> str:
    longest, units = int(holes.missing.argmax()), f"{holes.unit}s"
    row = holes.after[longest]
    many = f"{holes.missing.size} gaps, the longest" if holes.missing.size > 1 else "one gap,"
    text = (
        f"{name} has gaps in its dates: {holes.total:,} of {holes.expected:,} {units} ({spacing.seen}) are missing in "
        f"{many} from {show_day(dates[row - 1])} to {show_day(dates[row])} "
        f"({count_of(holes.missing[longest], holes.unit)})."
    )
    found = largest_move(moves)
    if found is not None:
        text += (
            f" The largest move over a gap is {moves[found]:.2%} on {show_day(dates[holes.after[found]])}: it counts "
            f"as one row and took {holes.missing[found] + 1:,} {units}."
        )
    return f"{text} Complete the data, or measure the parts apart; riskresearch.core.find_gaps lists the gaps."


def count_of(number: int, unit: str) -> str:
    """Return a number of sessions, weeks or months in words."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def show_day(date: np.datetime64) -> str:
    """Return the day of a date."""
    return str(date.astype("datetime64[D]"))
