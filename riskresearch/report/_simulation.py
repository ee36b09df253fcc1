"""Parameters that the simulated sections share."""

COST = 0.0005
"""Fraction of the traded notional."""
MIN_ROWS = 500
"""A simulation needs at least this many returns."""
