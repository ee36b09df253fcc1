"""A portfolio with one deposit; see `_published_data` for the conventions."""

# --- 100 at the beginning of the first of two years of equal length, 300 at the end of the second, and an inflow of 50
# between them: a gain of 150 on an average capital of 100 + 50 / 2, so 120 %; the internal rate is 50 % a year, for
# 100 x 1.5 x 1.5 + 50 x 1.5 = 300.
DIETZ_SOURCE = "Wikipedia, Modified Dietz method, first example (the method of Dietz 1966)"
DIETZ_VALUES = {"2020-12-31": 100.0, "2022-12-31": 300.0}
DIETZ_FLOWS = {"2021-12-31": 50.0}
DIETZ_YEARLY = [-100.0, -50.0, 300.0]
DIETZ_RETURN = 1.2
DIETZ_RATE = 0.5
