"""Published numbers of three EDHEC hedge fund indices; see `_published_data` for the conventions."""

from riskresearch.reference._published_data import read_columns, read_dates

# --- 2. EDHEC hedge fund indices, monthly, 1997-01 to 2009-08 (152 months), three columns of PA's data/edhec.csv
# (commit 153857a). The excerpt reproduces PA's printed deviations, VaR, ES and drawdown tables to the last digit.

EDHEC = read_columns("_edhec_excerpt.csv")
EDHEC_DATES = read_dates("_edhec_excerpt.csv")
EDHEC_SD_SAMPLE = {"convertible_arbitrage": 0.02004739, "cta_global": 0.0251309, "short_selling": 0.05509917}
# Population moments. R: more_measures.R.
EDHEC_SKEWNESS_POPULATION = {
    "convertible_arbitrage": -2.6836566837348705,
    "cta_global": 0.13447513388792529,
    "short_selling": 0.5777606207048109,
}
EDHEC_EXCESS_KURTOSIS_POPULATION = {
    "convertible_arbitrage": 16.17818540438648,
    "cta_global": -0.11333032552878297,
    "short_selling": 2.24858167949243,
}
# (column, level): (historical VaR, historical ES, Gaussian VaR, Gaussian ES, modified VaR, modified ES), signs turned;
# None where PA's examples do not print it. Historical VaR is numpy's "linear" (R type 7). Historical ES is the mean of
# the returns strictly below that quantile: two CTA months tie with it at -0.0354 and PA leaves them out, so its ES is
# 0.0453 where the mean with ties is 0.0431 and the coherent estimator 0.0445. Gaussian and modified use POPULATION
# moments (divisor n). Modified ES has the floor (operational = TRUE).
EDHEC_PA = {
    ("convertible_arbitrage", 0.95): (0.01916, 0.048775, 0.02645782, 0.0348072, 0.03247395, 0.09954768),
    ("cta_global", 0.95): (0.0354, 0.04527143, 0.03471098, 0.04517756, 0.03380228, 0.04284185),
    ("short_selling", 0.95): (0.07848, 0.110575, 0.08617027, 0.1091181, 0.07431463, 0.09022777),
    ("convertible_arbitrage", 0.99): (None, None, None, None, 0.1009223, 0.1009223),  # the floor binds: ES = VaR
    ("cta_global", 0.99): (None, None, None, None, 0.04847019, 0.05572595),
    ("short_selling", 0.99): (None, None, None, None, 0.122236, 0.1697459),
}
# The same columns on riskresearch's definitions: order statistic of rank ceil(level n), and the Rockafellar-Uryasev
# minimum, found by minimising, without the fractional-weight formula. R: tail.R. (column, level): (VaR, CVaR)
EDHEC_HISTORICAL = {
    ("convertible_arbitrage", 0.9): (0.0106, 0.0325473684210526),
    ("convertible_arbitrage", 0.95): (0.0196, 0.0503105263157894),
    ("convertible_arbitrage", 0.975): (0.0317, 0.0746473684210526),
    ("convertible_arbitrage", 0.99): (0.1027, 0.116515789473684),
    ("cta_global", 0.9): (0.0208, 0.0368460526315789),
    ("cta_global", 0.95): (0.0354, 0.0444921052631579),
    ("cta_global", 0.975): (0.0445, 0.0501052631578947),
    ("cta_global", 0.99): (0.0532, 0.0539236842105263),
    ("short_selling", 0.9): (0.0574, 0.0900118421052632),
    ("short_selling", 0.95): (0.082, 0.112078947368421),
    ("short_selling", 0.975): (0.1135, 0.121684210526316),
    ("short_selling", 0.99): (0.1239, 0.130544736842105),
}
# PA's table.Drawdowns: from (first month under water), trough, to (month of recovery or None), depth to 4 digits,
# months from `from` to recovery inclusive (to the end of the data if open), months to trough, months of recovery.
# The last row of short_selling starts with the FIRST month of the data: a loss from the starting wealth of 1.
EDHEC_DRAWDOWNS_PA = {
    "convertible_arbitrage": (
        ("2007-11-30", "2008-11-30", None, 0.2927, 23, 13, None),
        ("2004-05-31", "2005-05-31", "2006-02-28", 0.0822, 22, 13, 9),
        ("1998-08-31", "1998-10-31", "1999-03-31", 0.0712, 8, 3, 5),
        ("2003-06-30", "2003-08-31", "2003-10-31", 0.0215, 5, 3, 2),
        ("2007-07-31", "2007-08-31", "2007-10-31", 0.0197, 4, 2, 2),
    ),
    "short_selling": (
        ("1998-09-30", "2000-08-31", "2002-09-30", 0.4956, 49, 24, 25),
        ("2002-10-31", "2007-05-31", "2009-02-28", 0.3630, 77, 56, 21),
        ("2009-03-31", "2009-08-31", None, 0.1972, 7, 6, None),
        ("1997-04-30", "1997-09-30", "1998-03-31", 0.1502, 12, 6, 6),
        ("1997-01-31", "1997-01-31", "1997-02-28", 0.0166, 2, 1, 1),
    ),
}
