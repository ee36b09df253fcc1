"""The number of periods per year: read from the dates, or given and checked against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._calendar_periods import rows_of_period
from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._options import options
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._spacing import periods_from_dates, read_spacing, rows_per_year

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DEFAULT_PERIODS_PER_YEAR = 252.0
FAR_RATIO = 1.2


def resolve_periods_per_year(given: float | None, dates: npt.NDArray[np.datetime64] | None) -> float:
    """Return the periods per year to use: the given number, else what the dates show, else the option, else 252."""
    if given is None:
        shown = periods_from_dates(dates)
        return shown if shown is not None else float(options.periods_per_year or DEFAULT_PERIODS_PER_YEAR)
    if rows := rows_of_period(given):
        raise InvalidInputError(
            f"periods_per_year must be a number, got {given!r}. Write periods_per_year={rows}, or leave it out: "
            "it is read off the dates."
        )
    number = check_positive(given, name="periods_per_year")
    if number != 1.0:  # which asks for the measure per period
        _warn_if_far(number, dates)
    return number


def _warn_if_far(number: float, dates: npt.NDArray[np.datetime64] | None) -> None:
    if is_near_dates(number, dates):
        return
    shown = read_spacing(dates)
    rows = rows_per_year(dates)
    if shown is not None and not (rows is not None and 1 / FAR_RATIO <= number / rows <= FAR_RATIO):
        warn_user(
            f"periods_per_year={number:g} was given, but the dates show {shown.periods:g} periods a year: "
            f"{shown.seen}.",
            topic="periods",
        )


def is_near_dates(number: float, dates: npt.NDArray[np.datetime64] | None) -> bool:
    """Return whether `number` is near the periods per year that the dates show, or they show none."""
    try:
        shown = periods_from_dates(dates)
    except InvalidInputError:
        return True
    return shown is None or 1 / FAR_RATIO <= number / shown <= FAR_RATIO
