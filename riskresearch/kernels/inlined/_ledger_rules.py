"""Numbers by which the ledger's kernel knows rules of matching, events and faults, and its rule of rounding."""

from __future__ import annotations

FIFO = 0
LIFO = 1
HIFO = 2
AVERAGE = 3
SPECIFIC = 4
# Events between fills; a change of symbol is a spin-off of everything.
MARK = 0
FLOW = 1
SPLIT = 2
DIVIDEND = 3
SPIN_OFF = 4
DELISTING = 5
# Why a fill or an event was refused.
NO_SUCH_LOT = 1
LOT_TOO_SMALL = 2
OPPOSITE_POSITION = 3

DUST = 1e-12
"""Of the largest size of a position since it was flat."""


def dust_of(largest: float) -> float:
    """Return the size below which what is left of a lot is rounding, and not held."""
    return DUST * largest
