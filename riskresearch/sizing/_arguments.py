"""Checks that several sizers share."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riskresearch.core._calendar_periods import PERIODS, Period, check_period
from riskresearch.core._checks import check_choice, check_count, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.sizing._cap_reasons import CapReason

YEARLY = "`periods_per_year` is a number, and None reads it off the dates."
OTHER_NAMES = {
    **dict.fromkeys(
        ("cap", "leverage", "leverage_cap", "max_lev", "max_exposure", "exposure_cap", "max_gross", "gross_limit"),
        "max_leverage",
    ),
    **dict.fromkeys(("freq", "frequency", "rebalancing", "rebalance_freq", "rebalance_frequency"), "rebalance"),
    **dict.fromkeys(("lookback", "n_days", "rolling_window"), "window"),
    **dict.fromkeys(("annualization", "ann_factor", "trading_days"), YEARLY),
    **dict.fromkeys(("bounds", "weight_bounds"), "`constraints` of optimisers have `lower` and `upper`."),
}
"""What sizers' arguments are called in other packages."""
OTHER_NAMES_OF_A_TARGET = {
    **OTHER_NAMES,
    **dict.fromkeys(("vol", "volatility", "target_vol", "target_volatility", "vol_target"), "target"),
    "span": "`halflife` is in rows: of an `ewm` span s it is log(2) / log((s + 1) / (s - 1)).",
}
SCOPES = ("portfolio", "asset")
MAX_PLAUSIBLE_YEARLY_VOLATILITY = 5.0


def check_fraction(value: float, *, name: str, what: str, example: str, most: float = 1.0) -> float:
    """Return a number above 0 and below `most`; a larger one is taken for percent."""
    number = check_number(value, name=name)
    if not 0.0 < number < most:
        raise InvalidInputError(f"{name} must be in (0, {most:g}), got {value!r}. It is {what}, a fraction: {example}.")
    return number


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """The largest weight and the largest sum of sizes, infinite where there is none, and the size without risk."""

    cap: float
    cap_reason: int
    full: float
    full_reason: int
    leverage: float

    def numbers(self) -> tuple[float, int, float, int, float, int]:
        """Return them as the kernel takes them."""
        leverage = int(CapReason.LEVERAGE)
        return self.cap, self.cap_reason, self.full, self.full_reason, self.leverage, leverage


def size_limits(max_weight: float | None, max_leverage: float | None, *, alone: bool) -> SizeLimits:
    """Return the limits of a sizer; where each asset stands alone, no size is more than all may be together."""
    cap = math.inf if max_weight is None else float(max_weight)
    leverage = math.inf if max_leverage is None else float(max_leverage)
    weight_reason, leverage_reason = int(CapReason.WEIGHT), int(CapReason.LEVERAGE)
    full, full_reason = (cap, weight_reason) if max_weight is not None else (leverage, leverage_reason)
    if math.isinf(full):
        full, full_reason = 1.0, 0
    if alone and math.isinf(cap):
        return SizeLimits(leverage, leverage_reason, full, full_reason, leverage)
    return SizeLimits(cap, weight_reason, full, full_reason, leverage)


def check_limits(max_weight: float | None, max_leverage: float | None) -> None:
    """Check the largest weight and the largest sum of sizes, which must not make it void."""
    check_leverage(max_leverage)
    if max_weight is None:
        return
    if check_positive(max_weight, name="max_weight") > (math.inf if max_leverage is None else max_leverage):
        raise InvalidInputError(
            f"max_weight must be at most max_leverage={max_leverage:g}, the largest sum of all sizes, got "
            f"{max_weight!r}. Pass max_leverage={max_weight:g} or more as well, or None for no such limit."
        )


def check_leverage(max_leverage: float | None) -> None:
    """Check the largest sum of sizes."""
    if max_leverage is not None:
        check_positive(max_leverage, name="max_leverage")


def warn_of_void_leverage(max_weight: float | None, max_leverage: float | None, columns: int) -> None:
    """Warn where so many columns at `max_weight` cannot come to a leverage that was asked for."""
    if max_weight is None or max_leverage is None or not columns * max_weight < max_leverage or max_leverage <= 1.0:
        return
    warn_user(
        f"max_leverage={max_leverage:g} has no effect: {columns} column(s) with max_weight={max_weight:g} come to "
        f"{columns * max_weight:g} at most. Raise max_weight, or leave it out."
    )


def check_rebalance(rebalance: Period | None) -> None:
    """Check a calendar period, or None for every row."""
    if rebalance in ("every_bar", "day", "daily", "D"):
        raise InvalidInputError(
            f"rebalance must be one of {', '.join(map(repr, PERIODS))}, got {rebalance!r}. None decides on every row."
        )
    if rebalance is not None:
        check_period(rebalance, PERIODS, name="rebalance")


def check_band(band: float) -> None:
    """Check a rebalancing band."""
    if not 0.0 <= check_number(band, name="band") < 1.0:
        raise InvalidInputError(
            f"band must be in [0, 1), got {band!r}. It is a fraction of the new weight: 0.1 holds it while within 10 %."
        )


def check_scope(scope: str) -> str:
    """Return whether each asset or the whole portfolio has the target."""
    return check_choice(scope, SCOPES, name="scope")


def min_observations(min_periods: int | None, *, default: int, least: int, window: int | None = None) -> int:
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
