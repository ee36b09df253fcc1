"""The caps that bound a weight, as bits of one number."""

from __future__ import annotations

from enum import IntFlag


class CapReason(IntFlag):
    """Which caps bound, as bits of one number."""

    WEIGHT = 1
    GROUP = 2
    LEVERAGE = 4
    PARTICIPATION = 8
    TURNOVER = 16
    MINIMUM_TRADE = 32
    LOT_SIZE = 64
    DRAWDOWN = 128
    LINEAR = 256


OF_OPTIMISERS = (CapReason.DRAWDOWN, CapReason.LINEAR)
"""Those that no cap has."""

REASON_NAMES = tuple(reason.name or "" for reason in CapReason)
"""Names of the bits, the lowest first."""


def names_of(reason: int) -> str:
    """Return the names of the bits of `reason`, joined by plus signs."""
    return "+".join(name for bit, name in enumerate(REASON_NAMES) if reason >> bit & 1)
