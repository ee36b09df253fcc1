"""Periods per year of volatility breakers, read from the dates or checked against them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import warn_user

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from riskresearch.breakers._breaker import Breaker

SECONDS_A_DAY = 86400.0
DAYS_A_YEAR = 365.25
FAR_RATIO = 1.2
WEEKEND_SHARE = 0.1
FEWEST_TIMES = 3


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


def warn_of_periods(breakers: Iterable[Breaker], seconds: Sequence[float]) -> None:
    """Warn of periods per year that are far from what bars at these seconds show."""
    shown = periods_shown([moment for moment in seconds if moment == moment])
    for number, name in {number: name for name, number in reversed(yearly(breakers))}.items():
        if shown is None or 1.0 / FAR_RATIO <= number / shown <= FAR_RATIO:
            continue
        many = math.isinf(shown)
        if many and number > DAYS_A_YEAR * FAR_RATIO:
            continue
        what = "several bars a day" if many else f"about {shown:.0f} periods a year"
        warn_user(
            f"{name} takes periods_per_year={number:g}, but the dates of the bars show {what}: its volatility is then "
            f"{'far too small' if many or shown > number else 'too large'} and the limit is another. Pass "
            f"periods_per_year={'252 * bars a day' if many else format(shown, '.0f')}, or 1 for volatility per bar."
        )


def periods_shown(seconds: Sequence[float]) -> float | None:
    """Return how many bars a year the times show, as measures read it; infinity for several a day, None for too few."""
    days = [moment // SECONDS_A_DAY for moment in seconds]
    if len(days) < FEWEST_TIMES:
        return None
    gaps = sorted(after - before for before, after in pairwise(days))
    middle = (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2.0
    if middle < 1.0:
        return math.inf
    if middle >= 2.0:
        return DAYS_A_YEAR / middle
    weekends = sum((day + 3.0) % 7.0 >= 5.0 for day in days) / len(days)  # 1970-01-01, day 0, was a Thursday
    return 365.0 if weekends > WEEKEND_SHARE else 252.0
