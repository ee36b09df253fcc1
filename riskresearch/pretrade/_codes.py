"""The closed list of reasons, and what may become of an order."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class LimitCode(IntFlag):
    """Why an order is denied, cut or warned of, as bits of one number; the first nine are those of `CapReason`."""

    WEIGHT = 1 << 0
    GROUP = 1 << 1
    LEVERAGE = 1 << 2
    PARTICIPATION = 1 << 3
    TURNOVER = 1 << 4
    MINIMUM_TRADE = 1 << 5
    LOT_SIZE = 1 << 6
    DRAWDOWN = 1 << 7
    """Of optimisers only: drawdowns are breakers, which limits read as `TRADING_STATE`."""
    LINEAR = 1 << 8
    """Of optimisers only."""
    ORDER_UNITS = 1 << 9
    ORDER_NOTIONAL = 1 << 10
    PRICE_COLLAR = 1 << 11
    TICK_SIZE = 1 << 12
    DUPLICATE_ORDER = 1 << 13
    ORDER_RATE = 1 << 14
    MESSAGE_RATE = 1 << 15
    REPEATED_EXECUTION = 1 << 16
    SELF_TRADE = 1 << 17
    RESTRICTED_LIST = 1 << 18
    ALLOWED_LIST = 1 << 19
    SESSION = 1 << 20
    SHORT_SALE = 1 << 21
    POSITION_UNITS = 1 << 22
    POSITION_NOTIONAL = 1 << 23
    BUYING_POWER = 1 << 24
    GROSS_EXPOSURE = 1 << 25
    NET_EXPOSURE = 1 << 26
    UCITS_CONCENTRATION = 1 << 27
    INSTRUMENT_COUNT = 1 << 28
    VALUE_AT_RISK = 1 << 29
    CONDITIONAL_VALUE_AT_RISK = 1 << 30
    BETA_EXPOSURE = 1 << 31
    FACTOR_EXPOSURE = 1 << 32
    STRESS_LOSS = 1 << 33
    TRADING_STATE = 1 << 34
    CUSTOM = 1 << 35
    INVALID_ORDER = 1 << 36
    """Its units or its limit price are no numbers that can be traded."""
    UNKNOWN_ASSET = 1 << 37
    """The book does not name its asset."""
    UNKNOWN_ACCOUNT = 1 << 38
    """The book is that of another account."""
    BATCH = 1 << 39
    """Another order of an all-or-none batch is denied."""


class Outcome(IntEnum):
    """What becomes of an order."""

    PASS = 0
    WARN = 1
    CLIP = 2
    """It passes with fewer units."""
    DENY = 3


def names_of(mask: int) -> tuple[str, ...]:
    """Return the names of the bits of a mask of `LimitCode`, the lowest first."""
    return tuple(code.name or "" for code in LimitCode if mask & code)
