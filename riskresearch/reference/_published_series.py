"""Published and independently computed numbers of two published series; nothing here is computed by riskresearch.

Returns are simple, per period, as fractions; losses are minus returns; risk measures are positive losses.
"PA" is R's PerformanceAnalytics: the values named so are what its stored example output prints (file
`tests/Examples/PerformanceAnalytics-Ex.Rout.save`, commit 01a7766, R 2.15.2; where said, the newer
`tests/testthat/_snaps/all_snapshots.md`, commit 3813161, of github.com/braverock/PerformanceAnalytics).
"R:" names the script of `tests/reference` in the repository that computed a value with base R 4.2.2; its output lies
beside it as `*.out`, and the README there tells which definitions differ.
"""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent


def read_columns(name: str) -> dict[str, list[float]]:
    """Return the columns of a CSV file of this folder without its dates, in order."""
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [float(row[key]) for row in rows] for key in rows[0] if key != "date"}


def read_dates(name: str) -> list[str]:
    """Return the dates of a CSV file of this folder, as ISO text."""
    with (FOLDER / name).open(newline="") as file:
        return [row["date"] for row in csv.DictReader(file)]


# --- 1. Bacon's 24 months: C. Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed. 2008;
# the data set that PA ships as portfolio_bacon. One benchmark month is exactly zero (2001-12).

BACON = read_columns("_bacon.csv")
BACON_DATES = read_dates("_bacon.csv")
BACON_PERIODS_PER_YEAR = 12
BACON_MAR = 0.005  # minimum acceptable return per month where a value below says MAR

# name: (value that PA's documentation announces ("expected") or None, value that PA prints or None). The printed value
# is the one to test against, and only where the comment says no more than the definition.
BACON_PA = {
    "mean_absolute_deviation": (0.0310, 0.03108333),
    "downside_deviation_mar": (None, 0.02553674),  # divisor: all n; per month (snapshot file)
    "downside_potential_mar": (None, 0.01370833),  # mean of max(MAR - r, 0) over all n (snapshot file)
    "upside_risk_mar": (0.02937, 0.02937332),  # divisor: all n
    "upside_variance_mar": (0.08628, 0.0008627917),  # the announced value is in other units (x 100)
    "upside_potential_mar": (0.01771, 0.01770833),
    "downside_frequency_mar": (0.458, 0.4583333),
    "upside_frequency_mar": (0.542, 0.5416667),
    "omega_0": (1.78, 1.779783),  # printed as the Bernardo-Ledoit ratio: gains / losses, threshold 0
    "omega_sharpe_mar": (0.29, 0.2917933),  # Omega(MAR) - 1
    "sortino_mar": (0.157, 0.1566371),  # printed as Kappa of order 2: (mean - MAR) / downside deviation, per month
    "volatility_skewness_mar": (1.32, 1.323046),
    "variability_skewness_mar": (1.15, 1.150238),
    "kurtosis_population": (2.43, None),
    "excess_kurtosis_population": (-0.57, None),
    "skewness_sample": (-0.09, None),
    "jensen_alpha_annual": (-0.014, -0.01416944),  # from annual geometric returns, not 12 x intercept; rf 0
    "regression_epsilon": (-0.013, -0.01313932),  # the line above minus the monthly intercept
    "systematic_risk_annual": (0.013, 0.132806),  # announced value misprinted; beta x sample sd(benchmark) x sqrt(12)
    "specific_risk_annual": (0.0329, 0.03293109),  # population (n) deviation of the residuals x sqrt(12)
    "total_risk_annual": (0.0134, 0.136828),  # misprinted too; root of the sum of the two squares; mixes n - 1 and n
    "fama_beta": (1.03, 1.030395),  # sd(portfolio) / sd(benchmark)
    "appraisal_ratio": (-0.430, -0.4302756),  # jensen_alpha_annual / specific_risk_annual
    "treynor_modified": (0.7975, 0.7806747),  # annual geometric return / systematic_risk_annual; vignette: 1.677
    "burke": (0.74, 0.7447309),  # NOT compounded: see BACON_BURKE
    "burke_modified": (3.65, 3.648421),
    "pain_index": (0.04, 0.0390113),  # printed by code that compounds percent-scaled returns: exact is 0.03998969
    "pain_ratio": (2.66, 2.657647),  # same flaw: exact is 2.592625
    "martin_ratio": (1.70, 1.70772),  # same flaw: exact is 1.694525 (Bacon's 1.70 rounds from either)
}

# R: bacon.R. Exact values on the definition that the name says.
BACON_EXACT = {
    "mean": 0.009,
    "sd_sample": 0.0395485392463709,
    "sd_population": 0.0387158451627582,
    "benchmark_sd_sample": 0.0383819241499078,
    "total_return": 0.218105767220917,
    "benchmark_total_return": 0.249886861812479,
    "annual_return_geometric": 0.103678289729809,
    "benchmark_annual_return_geometric": 0.117983390669324,
    "annual_return_arithmetic": 0.108,
    "volatility_annual_sample": 0.137000158679692,
    "volatility_annual_population": 0.134115621759734,
    "skewness_population": -0.082562455208568,
    "kurtosis_population": 2.43245379410787,
    "excess_kurtosis_population": -0.567546205892126,
    "sharpe_month_sample": 0.227568455662389,
    "sharpe_month_population": 0.232462960892749,
    "sharpe_annual_sample": 0.788320254814486,  # mean / sd x sqrt(12)
    "sharpe_annual_geometric": 0.756774960912347,  # annual geometric return / annual sd: PA's SharpeRatio.annualized
    "sharpe_annual_sample_rf_0.002": 0.613137975966822,
    "downside_deviation_full_mar": 0.0255367382412085,
    "downside_deviation_subset_mar": 0.0377202622183116,  # divisor: the number of months below MAR
    "downside_deviation_full_0": 0.0229374148499782,
    "sortino_month_mar": 0.156637075660087,
    "sortino_month_0": 0.392372028795065,
    "sortino_annual_0": 1.35921657868386,
    "sortino_annual_mar": 0.542606746784561,
    "omega_0": 1.7797833935018,
    "omega_mar": 1.29179331306991,
    "upside_potential_ratio_mar": 0.693445387036842,
    "max_drawdown": 0.144672955739218,
    "pain_index": 0.0399896906873047,  # mean of the drawdown series, zeros included
    "ulcer_index": 0.0611842872618962,  # root of the mean square of the drawdown series
    "pain_ratio": 2.59262544790634,
    "martin_ratio": 1.69452476067948,
    "calmar": 0.716639051162374,  # annual geometric return / max drawdown
    "beta": 0.998850208622575,
    "alpha_month": -0.00103012084491836,  # intercept of lm(portfolio ~ benchmark), rf 0
    "alpha_annual_arithmetic": -0.0123614501390203,
    "alpha_annual_compounded": -0.0122916542360757,
    "jensen_alpha_annual_geometric": -0.014169444654244,
    "alpha_month_rf_0.002": -0.0010324204276732,
    "r_squared": 0.939708858081459,
    "correlation": 0.969385814875305,
    "tracking_error_month_sample": 0.00971094929612363,
    "tracking_error_month_population": 0.00950648535942116,
    "tracking_error_annual_sample": 0.0336397151412227,
    "tracking_error_annual_population": 0.0329314312878543,
    "information_ratio_month_sample": -0.107267233604286,
    "information_ratio_annual_arithmetic": -0.371584597179964,  # mean / sd of the differences x sqrt(12)
    "information_ratio_annual_geometric": -0.425244413618273,  # PA: difference of annual returns / tracking error
    "active_premium_geometric": -0.014305100939515,
    "up_capture_means": 0.959266802443992,
    "down_capture_means": 0.984,  # months with benchmark < 0; the zero month belongs to neither side
    "up_capture_compound": 0.945618894685048,
    "down_capture_compound": 0.985544116247163,
    "down_capture_compound_zero_is_down": 1.01645632777867,  # PA puts the zero month (benchmark <= 0) on the down side
    "up_capture_geometric_mean": 0.955676982919241,
    "down_capture_geometric_mean": 0.983813722544461,
    "up_capture_annualised": 0.947877935605943,
    "down_capture_annualised": 0.986473972539002,
}

# Burke's ratio of the same series on five definitions of "the drawdowns" and two denominators. R: bacon.R.
BACON_BURKE = {
    "drawdowns_from_peak": 0.711206046109404,  # one per stay under water (4 of them, the open one included)
    "drawdowns_from_peak_modified": 3.48418382990073,  # times sqrt(24)
    "losing_runs_compounded": 0.756221029805272,  # Bacon's count: 7 uninterrupted runs of losing months
    "losing_runs_compounded_modified": 3.70471131156989,
    "losing_runs_rms": 2.00077278106191,  # divided by the number of runs inside the root (pyperfanalytics 1.3)
    "pa": 0.744730872768091,  # PA: runs of losing months, compounded as (1 + r/100), in effect summed
    "pa_modified": 3.6484212679588,
}
BACON_DRAWDOWNS_FROM_PEAK = (0.010, 0.014, 0.005, 0.144672955739218)
BACON_LOSING_RUNS = (0.010, 0.014, 0.005, 0.095743, 0.069922, 0.065, 0.013955)

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
