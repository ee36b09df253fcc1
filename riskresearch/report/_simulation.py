"""What the simulated sections have in common."""

COST = 0.0005
"""Of what is traded, a fraction."""
FEWEST_ROWS = 500
"""Fewer returns are not simulated."""
