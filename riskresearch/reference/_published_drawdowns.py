"""Drawdowns by hand; see `_published_data` for the conventions."""

# --- 7. Drawdowns by hand: 12 periods, a first-day loss of 20 %, a second drawdown in two legs, an open third one.
# Wealth from 1: .8, 1, 1.1, .99, 1.0395, .8316, 1.0395, 1.14345, 1.14345, 1.0862775, .97764975, 1.01675574.
DRAWDOWN_RETURNS = (-0.20, 0.25, 0.10, -0.10, 0.05, -0.20, 0.25, 0.10, 0.0, -0.05, -0.10, 0.04)
DRAWDOWN_SERIES = (0.2, 0.0, 0.0, 0.1, 0.055, 0.244, 0.055, 0.0, 0.0, 0.05, 0.145, 0.1108)
# Worst first, positions from 0: (first high before the fall, -1 = the start, before the first period; last period at
# that high; first period under water; trough; recovery = first period at or above the old high, None = open; depth).
# Two answers for the peak of the third drawdown are right, 7 and 8: the wealth is flat there. PA's "From" is the
# first period under water.
DRAWDOWN_TABLE = (
    (2, 2, 3, 5, 7, 0.244),
    (-1, -1, 0, 0, 1, 0.2),
    (7, 8, 9, 10, None, 0.145),
)
DRAWDOWN_MAX = 0.244
DRAWDOWN_MEAN_OF_SERIES = 0.9598 / 12
DRAWDOWN_MEAN_OF_DEPTHS = 0.589 / 3
DRAWDOWN_ULCER = (0.15138764 / 12) ** 0.5
