"""Implementation shortfall of orders and its parts."""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatVector


class ShortfallParts(NamedTuple):
    """Money, positive where it hurts, one entry an order; fees are not in it."""

    delay: FloatVector
    trading: FloatVector
    opportunity: FloatVector
    direct: FloatVector
    """Paper less real portfolio: what the three parts sum to."""
    size: FloatVector
    """Sum of the absolute amounts that `direct` is a difference of, for a tolerance."""


def shortfall_parts(
    side: FloatVector,
    units: FloatVector,
    filled: FloatVector,
    decision: FloatVector,
    arrival: FloatVector,
    average: FloatVector,
    final: FloatVector,
    multiplier: FloatVector,
    *,
    ordered: bool,
) -> ShortfallParts:
    """Return Wagner's parts of Perold's shortfall; the delay counts on the units `ordered`, or on those filled.

    An order that was filled with more than its units counts as one for what was filled. What is not needed, such as
    the final price of an order that was filled, may be nan.
    """
    target = np.maximum(units, filled)
    unfilled = target - filled
    per_unit = side * multiplier

    def worth(count: FloatVector, price: FloatVector, before: FloatVector) -> FloatVector:
        return np.where(count > 0.0, per_unit * count * (price - before), 0.0)

    delay = worth(target if ordered else filled, arrival, decision)
    trading = worth(filled, average, arrival)
    opportunity = worth(unfilled, final, arrival if ordered else decision)
    direct = worth(filled, average, decision) + worth(unfilled, final, decision)
    size = multiplier * target * np.fmax(np.fmax(decision, arrival), np.fmax(average, final))
    return ShortfallParts(delay, trading, opportunity, direct, size)
