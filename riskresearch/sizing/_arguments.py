"""Checks that several sizers share."""

from __future__ import annotations

import math

from riskresearch.core._checks import check_choice, check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError

SCOPES = ("asset", "portfolio")
MAX_PLAUSIBLE_YEARLY_VOLATILITY = 5.0


def check_fraction(value: float, *, name: str, what: str, example: str, most: float = 1.0) -> float:
    """Return a number above 0 and below `most`; a larger one is taken for percent."""
    number = check_number(value, name=name)
    if not 0.0 < number < most:
        raise InvalidInputError(f"{name} must be in (0, {most:g}), got {value!r}. It is {what}, a fraction: {example}.")
    return number


def check_limits(max_weight: float, max_leverage: float | None, band: float) -> None:
    """Check the largest weight, the largest sum of sizes and the rebalancing band."""
    check_positive(max_weight, name="max_weight")
    if max_leverage is not None:
        check_positive(max_leverage, name="max_leverage")
    check_band(band)


def check_band(band: float) -> None:
    """Check a rebalancing band."""
    if not 0.0 <= check_number(band, name="band") < 1.0:
        raise InvalidInputError(
            f"band must be in [0, 1), got {band!r}. It is a fraction of the new weight: 0.1 holds it while within 10 %."
        )


def check_scope(scope: str) -> str:
    """Return whether each asset or the whole portfolio has the target."""
    return check_choice(scope, SCOPES, name="scope")


def fewest_values(min_periods: int | None, *, default: int, least: int, window: int | None = None) -> int:
    """Return how many values must have come before there is an estimate."""
    if min_periods is None:
        return max(default, least)
    minimum = check_count(min_periods, name="min_periods", minimum=least)
    if window is not None and minimum > window:
        raise InvalidInputError(f"min_periods must be at most window={window}, got {minimum}.")
    return minimum


def rows_of_halflife(halflife: float) -> int:
    """Return a halflife in whole rows, rounded up."""
    return math.ceil(halflife)


def default_of_window(window: int, nan_policy: str) -> int:
    """Return the fewest values of a window: all, or half of them where missing ones are left out."""
    return window if nan_policy == "raise" else -(-window // 2)
