"""Numbers that moving windows and those who start them agree on: kinds of measures, and places in the state.

Compiled kernels read them as constants of C from `_window_layout.pxd`, which `setup.py` writes from this file.
"""

# Kinds of `MomentWindow`: a ratio is mean over deviation, or over the root mean square shortfall.
MEAN = 0
DEVIATION = 1
RATIO = 2
DOWNSIDE_RATIO = 3
# Kinds of `ShapeWindow` and of `PairWindow`.
SKEWNESS = 0
EXCESS_KURTOSIS = 1
BETA = 0
CORRELATION = 1
ALPHA = 2

# Sums of `ShapeWindow`: of distances from the center to the powers 1 to 4, each followed by its rounding.
FIRST = 0
SECOND = 2
THIRD = 4
FOURTH = 6
SHAPE_SUMS = 8
# Sums of `PairWindow`: of both sides, their squares and their products, each followed by its rounding.
OURS = 0
THEIRS = 2
OUR_SQUARES = 4
THEIR_SQUARES = 6
PRODUCTS = 8
PAIR_SUMS = 10

# The block of `DrawdownWindow` that is not complete, and each end of the block before.
GROWTH = 0
PEAK = 1
LOWEST = 2
WORST = 3
END_WORST = 2
