"""The parts of a trade, and the numbers by which the kernel of limits knows its rules, outcomes and faults.

Kernels inline what stands here; see `_formulas`.
"""

from __future__ import annotations

from riskresearch.kernels.inlined._formulas import sum_error

# What a rule measures.
SIZE = 0
COLLAR = 1
LOT = 2
TICK = 3
DUPLICATE = 4
RATE = 5
SELF_TRADE = 6
LISTED = 7
FLAGGED = 8
SHORT_SALE = 9
POSITION = 10
SUM = 11
LARGE_GROUPS = 12
COUNT = 13
TURNOVER = 14
BUYING_POWER = 15
MINIMUM = 16
STATE = 17
# What a size or a position is counted in.
UNITS = 0
MONEY = 1
OF_TABLE = 2
# What the value is a fraction of.
NOTHING = 0
NAV = 1
GROSS = 2
GIVEN = 3
# How a sum is judged: as it is, by its absolute value, or so that what lowers it passes.
PLAIN = 0
SIGNED = 1
LOSS = 2
# What a rule counts together.
ACCOUNT = 0
STRATEGY = 1
ASSET = 2
# What becomes of an order.
PASS = 0
WARN = 1
CLIP = 2
DENY = 3
# How far orders see one another, and what a breach does.
INDEPENDENT = 0
CUMULATIVE = 1
REFUSE = 0
REDUCE = 1
RECORD = 2

MONEY_TIE = 1e-12
"""How far money and ratios may be from a limit, relative to it, and be at it."""
UNIT_TIE = 2.0**-50
"""The same of units and counts: 4 epsilon."""
LOT_TIE = 1e-9
"""How far a number of lots may be from a whole number and be whole."""
ALL_WHOLE = 2.0**52
"""From here on every double is a whole number; adding it rounds a smaller one to the nearest whole number."""


def unraised(after: float, held: float) -> float:
    """Return where the part of a trade ends that only lowers the absolute position: `after`, 0 if it crosses, `held`.

    From `held` to there the trade lowers the exposure, from there to `after` it raises it.
    """
    if (held > 0.0 and after <= 0.0) or (held < 0.0 and after >= 0.0):
        return 0.0
    return after if abs(after) <= abs(held) else held


def off_lot(units: float, lot: float) -> float:
    """Return what is left of units of at least zero over whole lots; 0 if it is rounding."""
    lots = units / lot
    nearest = (lots + ALL_WHOLE) - ALL_WHOLE
    whole = nearest - 1.0 if nearest > lots else nearest
    rest = units - whole * lot
    rest = 0.0 if lots - whole <= LOT_TIE else rest
    rest = 0.0 if whole + 1.0 - lots <= LOT_TIE else rest
    return 0.0 if lots >= ALL_WHOLE else rest


def exceeds(value: float, limit: float, inclusive: bool, counted: bool) -> bool:
    """Return whether a value is over a limit, or at it where that counts, beyond what rounding makes of a tie."""
    room = (UNIT_TIE if counted else MONEY_TIE) * abs(limit)
    return value >= limit - room if inclusive else value > limit + room


def graded(value: float, limit: float, warn: float, inclusive: bool, counted: bool, missing: float) -> float:
    """Return what becomes of an order whose value is judged by a limit; `missing` where either is not known."""
    grade = float(WARN) if exceeds(value, warn, inclusive, counted) else float(PASS)
    grade = float(DENY) if exceeds(value, limit, inclusive, counted) else grade
    grade = missing if value != value else grade
    return missing if limit != limit else grade


def fired(fires: bool, value: float, limit: float, missing: float) -> float:
    """Return what becomes of an order that a rule denies if it fires; `missing` where value or limit is not known."""
    grade = float(DENY) if fires else float(PASS)
    grade = missing if value != value else grade
    return missing if limit != limit else grade


def beyond(price: float, reference: float, side: float, two_sided: bool) -> float:
    """Return how far a price is on the side of the reference that costs a buyer, 1, or a seller, -1; or on either.

    A fraction of the reference.
    """
    distance = (price - reference) / reference * side
    return abs(distance) if two_sided else distance


def paid_for_a_unit(limit: float, value: float, sells: bool, worst: bool) -> float:
    """Return money for a unit: its limit price in money, nan for none; of a sale, if `worst`, at least its value."""
    dearer = limit if limit > value else value
    paid = dearer if worst and sells else limit
    return paid if limit == limit else value


def plus(high: float, low: float, term: float) -> tuple[float, float]:
    """Return a sum in two numbers, the second what rounding takes off the first, after one more term."""
    total = high + term
    rest = sum_error(high, term) + low
    rounded = total + rest
    return rounded, rest - (rounded - total)
