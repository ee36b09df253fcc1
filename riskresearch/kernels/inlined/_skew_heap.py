"""A heap of open lots, the worst price first, as functions of the arrays that hold it.

Lots are numbers, -1 is none. `left` and `right` hold the children of each; see Sleator and Tarjan, Self-adjusting
heaps, SIAM Journal on Computing 15, 1986.
"""

from __future__ import annotations

from riskresearch.core._types import FloatVector, IntVector


def is_worse(price: FloatVector, units: FloatVector, one: int, other: int) -> bool:
    """Return whether a lot has the worse price: the higher cost of a long, the lower proceeds of a short, then age."""
    if price[one] == price[other]:
        return one < other
    return (price[one] > price[other]) == (units[one] > 0.0)


def merged(price: FloatVector, units: FloatVector, left: IntVector, right: IntVector, one: int, other: int) -> int:
    """Return the root of two heaps merged into one."""
    if one < 0:
        return other
    if other < 0:
        return one
    root: int = one
    if is_worse(price, units, other, one):
        root = other
        other = one
    place: int = root
    below: int = right[place]
    swapped: int = -1
    while below >= 0:
        right[place] = left[place]
        if is_worse(price, units, other, below):
            swapped = below
            below = other
            other = swapped
        left[place] = below
        place = below
        below = right[place]
    right[place] = left[place]
    left[place] = other
    return root
