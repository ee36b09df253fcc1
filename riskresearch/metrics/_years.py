"""The periods per year of measures that compound to a year, with a warning where the dates contradict the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._periods import is_near_dates, resolve_periods_per_year
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._years import years_of
from riskresearch.kernels._compounding import yearly_growth

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core.dates._years import Years


def periods_to_compound(given: float | None, panel: Panel, *, measure: str) -> float:
    """Return the periods per year as `resolve_periods_per_year` does; warn of years that are missing or too few."""
    periods = resolve_periods_per_year(given, panel.dates)
    dates = panel.labels.dates
    if dates is None or dates.size < 2 or periods == 1.0:
        return periods
    if panel.has_nan:
        dates = dates[~np.isnan(panel.values).all(axis=1)]
    years = years_of(dates, periods)
    if years.apart and is_near_dates(periods, dates):
        _warn_of_missing_years(years, panel, measure)
    elif years.short:
        _warn_of_few_years(years, panel, measure)
    return periods


def _warn_of_missing_years(years: Years, panel: Panel, measure: str) -> None:
    by_rows, by_dates, where = _largest(panel, years.periods, years.rows / years.by_dates)
    warn_user(
        f"{measure} compounds over the years that the rows make, and {years.words()}: rows are missing or of another "
        f"frequency. Growth{where} is {by_rows:.1%} a year by the rows and {by_dates:.1%} by the dates, for which pass "
        f"periods_per_year={years.rows / years.by_dates:.4g}.",
        topic="years",
    )


def _warn_of_few_years(years: Years, panel: Panel, measure: str) -> None:
    of_a_year, total, where = _largest(panel, years.periods, 1.0 * years.rows)
    if of_a_year == total:  # nothing was earned, or everything lost
        return
    warn_user(
        f"{measure} extrapolates {years.by_rows:.2f} years to a year: growth{where} of {total:.2%} in {years.rows:,} "
        f"rows becomes {of_a_year:.2%} a year. periods_per_year=1 (--periods-per-year 1) gives it per row.",
        topic="years",
    )


def _largest(panel: Panel, periods: float, other: float) -> tuple[float, float, str]:
    """Return the growth by both numbers of periods, and in which column they differ most."""
    growths = [panel.per_column(lambda values, each=each: yearly_growth(values, each)) for each in (periods, other)]
    column = int(np.abs(growths[0] - growths[1]).argmax())
    where = "" if growths[0].size == 1 else f" in column {panel.labels.column_name(column)}"
    return float(growths[0][column]), float(growths[1][column]), where
