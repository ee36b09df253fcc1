"""How many periods make a year: read off the dates, or given and held against them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_positive
from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._options import options

if TYPE_CHECKING:
    import numpy.typing as npt

DEFAULT_PERIODS_PER_YEAR = 252.0
# (shortest and longest median spacing in days, periods per year, what they are)
SPACINGS = ((5.0, 9.0, 52.0), (26.0, 35.0, 12.0), (80.0, 100.0, 4.0), (330.0, 400.0, 1.0))
WEEKEND_SHARE_OF_SEVEN_DAY_WEEKS = 0.1
FAR_RATIO = 1.2


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


def resolve_periods_per_year(given: float | None, dates: npt.NDArray[np.datetime64] | None) -> float:
    """Return the periods per year to use: the given number, else what the dates show, else the option, else 252."""
    if given is None:
        shown = periods_from_dates(dates)
        return shown if shown is not None else float(options.periods_per_year or DEFAULT_PERIODS_PER_YEAR)
    number = check_positive(given, name="periods_per_year")
    if number != 1.0:  # which asks for the measure per period
        _warn_if_far(number, dates)
    return number


def _warn_if_far(number: float, dates: npt.NDArray[np.datetime64] | None) -> None:
    try:
        shown = periods_from_dates(dates)
    except InvalidInputError:
        return
    if shown is not None and not 1 / FAR_RATIO <= number / shown <= FAR_RATIO:
        warnings.warn(
            f"periods_per_year={number:g} was given, but the dates show {shown:g} periods a year.",
            ConventionWarning,
            stacklevel=4,
        )
