"""The number of rows per year, from the dates of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

# (shortest and longest median spacing in days, periods per year)
SPACINGS = ((5.0, 9.0, 52.0), (26.0, 35.0, 12.0), (80.0, 100.0, 4.0), (330.0, 400.0, 1.0))
WEEKEND_SHARE_OF_SEVEN_DAY_WEEKS = 0.1
DAYS_PER_YEAR = 365.25
MOST_ROWS_PER_YEAR = 8766.0
"""Hours of a year; faster rows are noisier than their days."""


def periods_from_dates(dates: npt.NDArray[np.datetime64] | None) -> float | None:
    """Return the periods per year that `dates` show, or None for fewer than three dates or none at all."""
    if dates is None or dates.size < 3:
        return None
    days = dates.astype("datetime64[D]").astype(np.int64)
    spacing = float(np.median(np.diff(days)))
    if 1.0 <= spacing < 2.0:
        weekend_share = float(np.mean((days + 3) % 7 >= 5))  # 1970-01-01, day 0, was a Thursday
        return 365.0 if weekend_share > WEEKEND_SHARE_OF_SEVEN_DAY_WEEKS else 252.0
    for shortest, longest, periods in SPACINGS:
        if shortest <= spacing <= longest:
            return periods
    what = "several rows a day" if spacing < 1.0 else f"{spacing:g} days between rows (median)"
    raise InvalidInputError(
        f"periods_per_year must be given for dates with {what}: only daily, weekly, monthly, quarterly and yearly "
        "spacing is read off. Bars of 1 minute in a 6.5-hour session: periods_per_year=252 * 390."
    )


def rows_per_year(dates: npt.NDArray[np.datetime64] | None) -> float | None:
    """Return how many rows a year has, from first to last date, at most those of hours; None without dates."""
    if dates is None or dates.size < 2:
        return None
    years = float((dates[-1] - dates[0]) / np.timedelta64(1, "D")) / DAYS_PER_YEAR
    return min((dates.size - 1) / max(years, 1e-9), MOST_ROWS_PER_YEAR)
