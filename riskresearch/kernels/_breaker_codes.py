"""Numbers that the kernels of breakers and those who start them agree on. Kernels inline them; see `_formulas`."""

# Status.
ARMED = 0
TRIPPED = 1
COOLING_DOWN = 2
# What changes on a bar.
NOTHING = 0
TRIP = 1
REARM = 2
# Rules of re-entry; 1 is the peak reset.
TIMER = 0
SHADOW = 2
MANUAL = 3
# Stages: 1 warns, 3 halts, 5 freezes.
REDUCE = 2
LIQUIDATE = 4
# Where the number of a machine comes from: the bar, equity, or (2) its parts.
OBSERVED = 0
EQUITY = 1
# Where the equity of an account comes from: 1 is returns.
PRICES = 2
