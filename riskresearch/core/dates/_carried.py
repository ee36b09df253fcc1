"""The check for values that were carried forward: weekends, holidays or months of returns that are exactly zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._spacing import NAMES_OF_PERIODS, days_of, read_spacing
from riskresearch.core.dates._weekdays import FIVE_DAY_WEEKS, WEEKDAYS

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, Labels
    from riskresearch.core.dates._holes import Dates
    from riskresearch.core.dates._spacing import Spacing

    Flags = npt.NDArray[np.bool_]

FEWEST_ROWS = 20
FEWEST_ZEROS = 4
LEAST_SHARE_OF_ZEROS, MOST_SHARE_OF_HOLIDAYS = 0.015, 0.15
LEAST_SHARE_OF_STAIRS = 0.7
"""Of weekly values carried over business days, 0.8."""
MOST_UNEVEN, SHARE_OF_EVEN_STEPS = 0.35, 0.8
FEWEST_COLUMNS_OF_HOLIDAYS = 3
FEWEST_FIXED_HOLIDAYS = 3
"""Days of Christmas or New Year that fall on weekdays: two years have three or four."""


def check_carried(values: FloatMatrix, labels: Labels, *, name: str) -> None:
    """Warn if returns are exactly zero, in all columns, on all weekends, on holidays, or but once a week or month."""
    rows = values.shape[0]
    if rows < FEWEST_ROWS or rows - np.count_nonzero(values[:, 0]) < max(FEWEST_ZEROS, LEAST_SHARE_OF_ZEROS * rows):
        return
    dates = labels.dates
    flat: Flags = values[:, 0] == 0.0
    flat[flat] = (values[flat] == 0.0).all(axis=1)
    zeros = int(np.count_nonzero(flat))
    if dates is None or zeros == rows or zeros < max(FEWEST_ZEROS, LEAST_SHARE_OF_ZEROS * rows):
        return
    try:
        spacing = read_spacing(dates)
    except InvalidInputError:
        return
    if spacing is not None and spacing.weekdays is not None:
        text = (
            _weekends(flat, dates, spacing, name) or _stairs(flat, dates, name) or _holidays(flat, values, dates, name)
        )
        if text:
            warn_user(text, topic="carried")


def _weekends(flat: Flags, dates: Dates, spacing: Spacing, name: str) -> str:
    """Return what is said of a week of seven days whose weekends are all zero."""
    if spacing.weekdays is None or not spacing.weekdays.all():
        return ""
    weekday = (days_of(dates) + 3) % 7
    for week in FIVE_DAY_WEEKS:
        weekend = ~week[weekday]
        count = int(np.count_nonzero(weekend))
        if count >= FEWEST_ZEROS and flat[weekend].all() and flat[~weekend].mean() < 0.5:
            first, second = np.flatnonzero(~week).tolist()
            level = 1.0 - 0.05 * flat.size / (flat.size - count)
            return (
                f"{name} has prices carried over weekends: all weekend returns are zero ({WEEKDAYS[first]} and "
                f"{WEEKDAYS[second]}, {count:,} of {flat.size:,} rows). With them a year has "
                f"{spacing.periods:g} periods, without them {252 * spacing.bars:g}, and the 95 % VaR is that of "
                f"{level:.0%} of the other days. Leave them out: {name} = "
                f"{name}[~{name}.index.day_of_week.isin([{first}, {second}])]."
            )
    return ""


def _stairs(flat: Flags, dates: Dates, name: str) -> str:
    """Return what is said of values of weeks or months on days: zero but for one day of each."""
    moving = dates[~flat]
    if flat.mean() < LEAST_SHARE_OF_STAIRS or moving.size < FEWEST_ZEROS:
        return ""
    steps = np.diff(days_of(moving))
    middle = float(np.median(steps))
    if np.mean(np.abs(steps - middle) <= MOST_UNEVEN * middle) < SHARE_OF_EVEN_STEPS:
        return ""
    try:
        found = read_spacing(moving)
    except InvalidInputError:
        return ""
    if found is None or found.weekdays is not None:
        return ""
    unit = NAMES_OF_PERIODS[found.periods]
    return (
        f"{name} has values of one row per {unit} carried over days: {int(flat.sum()):,} of {flat.size:,} returns "
        f"are exactly zero, and the others come once in each {unit}. With the zeros VaR and volatility are those of no "
        f"investment; without them a year has {found.periods:g} periods. Leave them out: {name} = {name}[{name} != 0]."
    )


def _holidays(flat: Flags, values: FloatMatrix, dates: Dates, name: str) -> str:
    """Return what is said of a calendar of weekdays whose holidays are zero in all columns."""
    if not LEAST_SHARE_OF_ZEROS <= flat.mean() <= MOST_SHARE_OF_HOLIDAYS:
        return ""
    own = np.count_nonzero(values == 0.0, axis=0)
    count = int(np.count_nonzero(flat))
    alike = bool(np.count_nonzero(own < flat.size) >= FEWEST_COLUMNS_OF_HOLIDAYS and np.median(own) <= 2 * count)
    if not (alike or _fixed_holidays_are(flat, dates)):
        return ""
    what = "all columns are exactly zero" if values.shape[1] > 1 else "returns are exactly zero"
    keep = f"[({name} != 0).any(axis=1)]" if values.shape[1] > 1 else f"[{name} != 0]"
    return (
        f"{name} has holidays carried forward: {what} on {count:,} of {flat.size:,} dates"
        f"{'' if alike else ', on each 25 December and 1 January among them'}. They count as days without risk: "
        f"VaR and volatility are too small. Leave them out: {name} = {name}{keep}."
    )


def _fixed_holidays_are(flat: Flags, dates: Dates) -> bool:
    """Return whether each 25 December and 1 January in the data is zero, as on hardly any other day."""
    days = dates.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).view(np.int64) + 1
    month = months.view(np.int64) % 12 + 1
    christmas, new_year = (month == 12) & (day == 25), (month == 1) & (day == 1)
    fixed = christmas | new_year
    enough = christmas.any() and new_year.any() and np.count_nonzero(fixed) >= FEWEST_FIXED_HOLIDAYS
    return bool(enough and flat[fixed].all())
