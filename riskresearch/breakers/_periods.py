"""Periods per year of volatility breakers, read from the dates or checked against them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._periods import FAR_RATIO, resolve_periods_per_year
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._spacing import DAYS_PER_YEAR, periods_from_dates, rows_per_year

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riskresearch.breakers._breaker import Breaker


def yearly(breakers: Iterable[Breaker]) -> list[tuple[str, float]]:
    """Return name and periods per year of each breaker, or part of one, whose number is per year; 1 asks for none."""
    found = []
    for breaker in breakers:
        number = getattr(breaker, "periods_per_year", None)
        if number is not None and number != 1.0 and getattr(breaker, "long_window", None) is None:
            found.append((breaker.label(), float(number)))
        found += yearly(breaker.members())
    return found


def with_periods(breakers: Iterable[Breaker], dates: npt.NDArray[np.datetime64] | None) -> tuple[Breaker, ...]:
    """Return the breakers with the periods per year that the dates of a history show where they have none."""
    return tuple(_with_periods(breaker, dates) if breaker.lacks_periods() else breaker for breaker in breakers)


def _with_periods(breaker: Breaker, dates: npt.NDArray[np.datetime64] | None) -> Breaker:
    changed: dict[str, Any] = {}
    if breaker.members():
        changed["parts"] = with_periods(breaker.members(), dates)
    else:
        changed["periods_per_year"] = resolve_periods_per_year(None, dates)
    return replace(breaker, **changed)


def warn_of_periods(breakers: Iterable[Breaker], dates: npt.NDArray[np.datetime64] | None) -> None:
    """Warn of periods per year that are far from what the dates of the bars show."""
    shown = periods_shown(dates)
    for number, name in {number: name for name, number in reversed(yearly(breakers))}.items():
        if shown is None or 1.0 / FAR_RATIO <= number / shown <= FAR_RATIO:
            continue
        many = math.isinf(shown)
        if many and number > DAYS_PER_YEAR * FAR_RATIO:
            continue
        what = "several bars a day" if many else f"about {shown:.0f} periods a year"
        warn_user(
            f"{name} takes periods_per_year={number:g}, but the dates of the bars show {what}: its volatility is then "
            f"{'far too small' if many or shown > number else 'too large'} and the limit is another. Pass "
            f"periods_per_year={'252 * bars a day' if many else format(shown, '.0f')}, or 1 for volatility per bar."
        )


def periods_shown(dates: npt.NDArray[np.datetime64] | None) -> float | None:
    """Return the periods per year that the dates show, as measures read them, else the bars of a year.

    Irregular bars count from first to last date; infinity for several of them a day, None for too few dates.
    """
    try:
        return periods_from_dates(dates)
    except InvalidInputError:
        rows = rows_per_year(dates)
        return math.inf if rows is not None and rows > DAYS_PER_YEAR * FAR_RATIO else rows
