"""Which order statistic a confidence level means, counted exactly."""

from fractions import Fraction
from math import ceil


def tail_rank(level: float, rows: int) -> tuple[int, float]:
    """Return which worst return is minus VaR, counted from the worst as 1, and how many observations the level leaves.

    VaR is the loss of rank ceil(level * rows) from below. `level` is taken as the decimal fraction that it prints as:
    in binary arithmetic 0.56 * 100 is 56.00000000000001 and (1 - 0.95) * 20 is 1.0000000000000009, one rank off each.
    """
    below = Fraction(repr(level)) * rows
    return rows - ceil(below) + 1, float(rows - below)
