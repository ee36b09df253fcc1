"""Reference values for the metrics, each with its origin; nothing here is computed by riskresearch.

Returns are simple, per period, as fractions; losses are minus returns; risk measures are positive losses.
"PA" is R's PerformanceAnalytics: the values named so are what its stored example output prints (file
`tests/Examples/PerformanceAnalytics-Ex.Rout.save`, commit 01a7766, R 2.15.2; where said, the newer
`tests/testthat/_snaps/all_snapshots.md`, commit 3813161, of github.com/braverock/PerformanceAnalytics).
"R:" names the script of this folder that computed a value with base R 4.2.2; its output lies beside it as `*.out`.
`README.md` tells which definitions differ.
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
# the data set that PA ships as portfolio_bacon. bacon.csv. One benchmark month is exactly zero (2001-12).

BACON = read_columns("bacon.csv")
BACON_DATES = read_dates("bacon.csv")
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

EDHEC = read_columns("edhec_excerpt.csv")
EDHEC_DATES = read_dates("edhec_excerpt.csv")
EDHEC_SD_SAMPLE = {"convertible_arbitrage": 0.02004739, "cta_global": 0.0251309, "short_selling": 0.05509917}
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

# --- 3. Historical VaR and CVaR that can be checked by hand: (name, losses, level, VaR, CVaR). R: tail.R minimises.
# The tail holds (1 - level) n observations: the whole ones beyond VaR, and the fraction left over of VaR itself.
_WIKIPEDIA_LOSSES = (100, 20, 20, 20, 0, 0, 0, 0, -50, -50)
TAIL_BY_HAND = (
    ("n level integral: 19; the tail is the one worst", tuple(range(1, 21)), 0.95, 19.0, 20.0),
    ("n level integral: 18; (19 + 20) / 2", tuple(range(1, 21)), 0.9, 18.0, 19.5),
    ("n level 18.8; (20 + 0.2 x 19) / 1.2", tuple(range(1, 21)), 0.94, 19.0, 23.8 / 1.2),
    ("n level 11.2; (13 + ... + 20 + 0.8 x 12) / 8.8", tuple(range(1, 21)), 0.56, 12.0, 141.6 / 8.8),
    ("n level 19.8: less than one observation in the tail", tuple(range(1, 21)), 0.99, 20.0, 20.0),
    ("n level 9.5", tuple(range(1, 11)), 0.95, 10.0, 10.0),
    # Six equally likely scenarios, VaR = f4, CVaR = (f5 + f6) / 2; then f4/5 + 2 f5/5 + 2 f6/5, which splits the atom;
    # then the last scenario alone. Sarykalin, Serraino, Uryasev (2008), Value-at-Risk vs. Conditional Value-at-Risk,
    # INFORMS tutorial, section on discrete distributions (quoted from memory; the numbers are checked by tail.R).
    ("six scenarios, level divides", (100, 200, 300, 400, 500, 600), 2 / 3, 400.0, 550.0),
    ("six scenarios, level splits f4", (100, 200, 300, 400, 500, 600), 7 / 12, 400.0, 520.0),
    ("six scenarios, level inside f6", (100, 200, 300, 400, 500, 600), 7 / 8, 600.0, 600.0),
    # Wikipedia, "Expected shortfall", example 2: profits -100 (10 %), -20 (30 %), 0 (40 %), 50 (20 %), here as ten
    # equally likely outcomes: ES of the worst 5, 10, 20, 30, 40 % = 100, 100, 60, 46.6..., 40.
    ("ten outcomes, worst 5 %", _WIKIPEDIA_LOSSES, 0.95, 100.0, 100.0),
    ("ten outcomes, worst 10 %", _WIKIPEDIA_LOSSES, 0.9, 20.0, 100.0),
    ("ten outcomes, worst 20 %", _WIKIPEDIA_LOSSES, 0.8, 20.0, 60.0),
    ("ten outcomes, worst 30 %", _WIKIPEDIA_LOSSES, 0.7, 20.0, 140 / 3),
    ("ten outcomes, worst 40 %: VaR is 0, not floored", _WIKIPEDIA_LOSSES, 0.6, 0.0, 40.0),
    ("all equal: CVaR is VaR, exactly", (3, 3, 3, 3, 3, 3, 3), 0.95, 3.0, 3.0),
)
# level * n is an integer on paper, and above it in floating point: (level, n, rank on paper, rank that both R's
# quantile type 1 and numpy's inverted_cdf take). R: ranks.R; numpy 2.4. At levels .9 .95 .975 .99 .995 .999 and
# n <= 2000 there is no such case; below .6 there are many.
RANK_TRAPS = (
    (0.55, 100, 55, 56),
    (0.55, 180, 99, 100),
    (0.55, 200, 110, 111),
    (0.54, 450, 243, 244),
    (0.545, 200, 109, 110),
    (0.56, 25, 14, 15),
    (0.58, 50, 29, 29),
    (0.95, 20, 19, 19),
    (0.99, 100, 99, 99),
)

# --- 4. Modified VaR and modified ES of a return with mean 0, deviation 1. Boudt, Peterson, Croux (2008), Journal of
# Risk 11(2), 79-103. h is the second-order Cornish-Fisher quantile at 1 - level; ES is the numerical integral
# -int_{-inf}^{h} z g(z) dz / (1 - level), g the second-order Edgeworth density. R: cornish_fisher.R, integrate();
# mpmath's quad at 30 digits agrees to 5e-13, and so does PA's closed form
# phi(h) (1 + h^3 S/6 + (h^6 - 9 h^4 + 9 h^2 + 3) S^2/72 + (h^4 - 2 h^2 - 1) K/24) / (1 - level), to 1e-29.
# (skewness, excess kurtosis, level, modified VaR = -h, ES without floor, ES with PA's floor max(ES, VaR), mass below h)
# The mass below h differs from 1 - level: the quantile and the density are separate approximations.
CORNISH_FISHER = (
    (0, 0, 0.95, 1.644853626951, 2.062712807507, 2.062712807507, 0.050000000000),
    (0, 0, 0.99, 2.326347874041, 2.665214220346, 2.665214220346, 0.010000000000),
    (-0.5, 1, 0.95, 1.762105822453, 2.478722851095, 2.478722851095, 0.051181165342),
    (-0.5, 1, 0.99, 2.833709035339, 3.538877654332, 3.538877654332, 0.010734588374),
    (0.3, 2, 0.95, 1.517524516641, 1.981171898067, 1.981171898067, 0.044577801376),
    (0.3, 2, 0.99, 2.539458212234, 3.859986316907, 3.859986316907, 0.012412005168),
    (-1, 3, 0.95, 1.849785913169, 3.028312194810, 3.028312194810, 0.054392086997),
    (-1, 3, 0.99, 3.386689052305, 3.469564710345, 3.469564710345, 0.009157210652),
    (0.8, 0, 0.975, 1.487619751548, 2.476700035545, 2.476700035545, 0.043191863351),
    (0, 6, 0.95, 1.523769147574, 2.341077303906, 2.341077303906, 0.031506245827),
    (-0.08, -0.57, 0.95, 1.678977022495, 2.007815845447, 2.007815845447, 0.049568920043),
    (-2.68, 16.2, 0.95, 1.944829959551, 5.309530384703, 5.309530384703, 0.063064537879),
    (-2.68, 16.2, 0.99, 5.381347030334, 0.047092408178, 5.381347030334, 0.000084154504),
)

# --- 5. Student t. Standard t (scale 1, variance df / (df - 2)). R: student_t.R, qt and dt; integrate() of the quantile
# function over (level, 1) agrees to 1e-11. (degrees of freedom, level, VaR, CVaR)
STUDENT_T = (
    (2.5, 0.95, 2.5582186141359, 4.5975344798021),
    (2.5, 0.975, 3.5746548420037, 6.2056824755482),
    (2.5, 0.99, 5.3531111730309, 9.0913550357519),
    (3, 0.95, 2.3533634348018, 3.8742675177193),
    (3, 0.975, 3.1824463052837, 5.0395830611135),
    (3, 0.99, 4.5407028585681, 7.0030820362421),
    (4, 0.95, 2.1318467863266, 3.2028704020949),
    (4, 0.975, 2.7764451051978, 3.9935570227129),
    (4, 0.99, 3.7469473879792, 5.2205841944922),
    (5, 0.95, 2.015048373333, 2.8901289462731),
    (5, 0.975, 2.5705818356363, 3.5215773317394),
    (5, 0.99, 3.3649299989072, 4.452429111818),
    (10, 0.95, 1.8124611228117, 2.4084010418441),
    (10, 0.975, 2.2281388519863, 2.8189975905655),
    (10, 0.99, 2.7637694581127, 3.3632514750146),
    (30, 0.95, 1.697260886594, 2.166001820532),
    (30, 0.975, 2.0422724563012, 2.4792440555847),
    (30, 0.99, 2.4572615424006, 2.8656274300912),
)
# Maximum-likelihood location-scale t on the EDHEC excerpt, all three parameters free. R: optim (Nelder-Mead restarts,
# then BFGS); scipy 1.17 stats.t.fit finds the same log-likelihood to 1e-7 and parameters to 1e-4 relative.
# column: (location, scale, degrees of freedom, log-likelihood)
# convertible_arbitrage has less than two degrees of freedom: the fitted variance is infinite, CVaR is not.
# cta_global has negative excess kurtosis: the likelihood rises for ever with the degrees of freedom. R stops at 2e15,
# scipy at 3e8; the fit IS the normal one (same log-likelihood, 344.738875674): only loglik, VaR and CVaR are stable.
STUDENT_T_FIT = {
    "convertible_arbitrage": (0.0090599528, 0.0083758982, 1.942806, 426.431340325),
    "cta_global": (0.0064894738, 0.0250480968, float("inf"), 344.738875674),
    "short_selling": (0.0021727348, 0.0426773569, 4.849349, 231.021509690),
}
# (column, level): (VaR, CVaR) of those fits, losses. Good to about 5 digits (the optimum is flat).
STUDENT_T_FIT_TAIL = {
    ("convertible_arbitrage", 0.95): (0.015895712, 0.045078015),
    ("convertible_arbitrage", 0.99): (0.051669394, 0.117245129),
    ("cta_global", 0.95): (0.034710979, 0.045177556),
    ("cta_global", 0.99): (0.051781113, 0.060269070),
    ("short_selling", 0.95): (0.084417885, 0.122700240),
    ("short_selling", 0.99): (0.143317946, 0.191506551),
}

# --- 6. The nine quantile definitions (Hyndman and Fan 1996) on fixed losses. R: quantiles.R, quantile(type = 1..9).
# numpy 2.4 agrees with every one of them to 1e-15.
NUMPY_METHODS_BY_R_TYPE = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)
QUANTILE_LOSSES = {
    "losses11": [0.031, -0.012, 0.004, 0.027, -0.005, 0.052, -0.021, 0.013, 0.008, -0.034, 0.019],
    "losses20": [x / 1000 for x in (12, -7, 3, 25, -18, 9, 41, -2, 5, 16, -11, 30, 1, -25, 7, 19, -4, 58, 22, -9)],
    "losses250": [((k * 7919) % 1009 - 504) ** 3 / 1280240640 for k in range(1, 251)],
}
# (sample, level): R's types 1 to 9
QUANTILES = {
    ("losses11", 0.9): (
        0.031,
        0.031,
        0.031,
        0.0306,
        0.0394,
        0.0478,
        0.031,
        0.0422,
        0.0415,
    ),
    ("losses11", 0.95): (
        0.052,
        0.052,
        0.031,
        0.04045,
        0.05095,
        0.052,
        0.0415,
        0.052,
        0.052,
    ),
    ("losses11", 0.99): (
        0.052,
        0.052,
        0.052,
        0.04969,
        0.052,
        0.052,
        0.0499,
        0.052,
        0.052,
    ),
    ("losses11", 0.56): (
        0.013,
        0.013,
        0.008,
        0.0088,
        0.0113,
        0.0116,
        0.011,
        0.0114,
        0.011375,
    ),
    ("losses20", 0.9): (
        0.03,
        0.0355,
        0.03,
        0.03,
        0.0355,
        0.0399,
        0.0311,
        0.0369666666666667,
        0.0366,
    ),
    ("losses20", 0.95): (
        0.041,
        0.0495,
        0.041,
        0.041,
        0.0495,
        0.05715,
        0.04185,
        0.05205,
        0.0514125,
    ),
    ("losses20", 0.99): (
        0.058,
        0.058,
        0.058,
        0.0546,
        0.058,
        0.058,
        0.05477,
        0.058,
        0.058,
    ),
    ("losses20", 0.56): (
        0.009,
        0.009,
        0.007,
        0.0074,
        0.0084,
        0.00852,
        0.00828,
        0.00844,
        0.00843,
    ),
    ("losses250", 0.9): (
        0.0492444857866721,
        0.0499943510620003,
        0.0492444857866721,
        0.0492444857866721,
        0.0499943510620003,
        0.0505942432822629,
        0.0493944588417377,
        0.0501943151354212,
        0.050144324117066,
    ),
    ("losses250", 0.95): (
        0.0721312893176083,
        0.0721312893176083,
        0.0721312893176083,
        0.0711822427383652,
        0.0721312893176083,
        0.0730006833715261,
        0.0712771473962895,
        0.0724210873355809,
        0.0723486378310877,
    ),
    ("losses250", 0.99): (
        0.0935942456880606,
        0.0935942456880606,
        0.0935942456880606,
        0.0924643846644331,
        0.0935942456880606,
        0.0947196238357189,
        0.0924869818849056,
        0.09396937173728,
        0.0938755902249752,
    ),
    ("losses250", 0.56): (
        0.000129956037015041,
        0.000145189110697189,
        0.000129956037015041,
        0.000129956037015041,
        0.000145189110697189,
        0.000147017079539047,
        0.000143361141855332,
        0.000145798433644475,
        0.000145646102907654,
    ),
}

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

# --- 8. Against a benchmark, ten months, a risk-free rate that moves, one benchmark month exactly zero.
# R: benchmark_relative.R, lm() and base arithmetic.
RELATIVE_RETURNS = (0.021, -0.013, 0.034, 0.002, -0.041, 0.028, 0.015, -0.007, 0.052, -0.019)
RELATIVE_BENCHMARK = (0.018, -0.020, 0.025, -0.004, -0.030, 0.022, 0.000, 0.006, 0.038, -0.024)
RELATIVE_RISK_FREE = (0.0010, 0.0010, 0.0012, 0.0012, 0.0015, 0.0015, 0.0015, 0.0011, 0.0010, 0.0010)
RELATIVE_PERIODS_PER_YEAR = 12
RELATIVE = {
    "beta": 1.16647199983011,
    "alpha_period": 0.00358393680052666,
    "alpha_annual_arithmetic": 0.04300724160632,
    "alpha_annual_compounded": 0.0438651950749072,
    "r_squared": 0.9081009978835,
    "alpha_standard_error": 0.00287583749854286,
    "beta_standard_error": 0.131195109471626,
    "beta_rf": 1.16639336968819,
    "alpha_period_rf": 0.00378385259759244,
    "alpha_annual_arithmetic_rf": 0.0454062311711093,
    "alpha_annual_compounded_rf": 0.0463632095326771,
    "r_squared_rf": 0.908312684948047,
    "tracking_error_period_sample": 0.00930292666016692,
    "tracking_error_period_population": 0.00882553114548921,
    "tracking_error_annual_sample": 0.0322262832689923,
    "information_ratio_period": 0.440721522352239,
    "information_ratio_annual": 1.52670413740636,
    "sharpe_period_rf": 0.214075867447794,
    "sharpe_annual_rf": 0.741580558187918,
    "sharpe_annual": 0.890794236377298,
    "up_capture_means": 1.1743119266055,
    "down_capture_means": 0.91025641025641,
    "up_capture_compound": 1.177381545237,
    "down_capture_compound": 0.916608917817886,
    "up_capture_geometric_mean": 1.16877266073409,
    "down_capture_geometric_mean": 0.914301660756266,
    "down_capture_geometric_mean_zero_is_down": 0.726543952764802,
    "up_capture_annualised": 1.19323825607574,
    "down_capture_annualised": 0.922572240167054,
}

# --- 9. More measures of Bacon's 24 months, each on the definition that its name says; MAR is 0.005 a month. R:
# more_measures.R, which minimises and solves the definitions with optimize() and uniroot().
MORE_MAR = 0.005
MORE_RISK_FREE = 0.002
MORE = {
    "entropic value at risk 0.6": 0.0416755266656556,
    "entropic value at risk 0.75": 0.0515027434404218,
    "entropic value at risk 0.9": 0.062531145759869,
    "entropic value at risk 0.95": 0.0648215741935214,
    "expectile 0.6": -0.00267241379310345,
    "expectile 0.75": 0.00795,
    "expectile 0.9": 0.0264285714285714,
    "expectile 0.95": 0.0376153846153846,
    "expectile 0.99": 0.0551454545454545,
    "conditional drawdown at risk 0.6": 0.0921077198147055,
    "conditional drawdown at risk, not compounded 0.6": 0.0904375,
    "conditional drawdown at risk 0.75": 0.105195177527316,
    "conditional drawdown at risk, not compounded 0.75": 0.105333333333333,
    "conditional drawdown at risk 0.9": 0.128501094091758,
    "conditional drawdown at risk, not compounded 0.9": 0.133833333333333,
    "conditional drawdown at risk 0.95": 0.141466208129515,
    "conditional drawdown at risk, not compounded 0.95": 0.148333333333333,
    "semideviation": 0.0277331029637868,
    "semideviation, divisor the months below": 0.0409645079195504,
    "kappa, MAR 0.005, order 1": 0.291793313069909,
    "kappa, MAR 0.005, order 2": 0.156637075660087,
    "kappa, MAR 0.005, order 3": 0.119649789114166,
    "kappa, MAR 0.005, order 4": 0.102634546784778,
    "kappa, MAR 0.005, order 2.5": 0.133996694240959,
    "upside potential ratio MAR 0.005, divisor below": 0.469464746317079,
    "gain to pain": 0.779783393501805,
    "sterling, mean drawdown + 0.1": 0.722908679536497,
    "sterling, mean of the 3 deepest + 0.1": 0.663650132529721,
    "sterling, worst drawdown + 0.1": 0.423742335627456,
    "sterling, worst drawdown + 0.1, rf 0.002": 0.324565996860916,
    "pain ratio, rf 0.002": 1.98582485684534,
    "martin ratio, rf 0.002": 1.29792345940854,
    "treynor geometric": 0.103797635355939,
    "treynor geometric rf 0.002": 0.0795039347230221,
    "treynor arithmetic rf 0.002": 0.0840966936532325,
    "m squared geometric": 0.100619955331647,
    "m squared geometric rf 0.002": 0.101335754492673,
    "m squared arithmetic rf 0.002": 0.105522141905358,
    "appraisal rf 0.002, regression": -0.360194794801376,
    "appraisal rf 0, annual returns, divisor n": -0.430275588339641,
    "batting average": 0.708333333333333,
    "coskewness": -0.198538550391909,
    "cokurtosis": 2.6142406301307,
    "up beta, benchmark above its mean": 1.09685888817134,
    "down beta, benchmark below its mean": 0.951119261413937,
    "up beta, benchmark above 0": 1.07432293098708,
    "down beta, benchmark below 0": 0.98132846871982,
    "up beta, excess above 0, rf 0.002": 1.09685888817134,
    "down beta, excess below 0, rf 0.002": 0.936520061107984,
    "treynor_mazuy alpha": -0.0023043476185843,
    "treynor_mazuy alpha error ols": 0.00264002849225113,
    "treynor_mazuy alpha error hac 2": 0.0027470903589422,
    "treynor_mazuy beta": 0.993211714994705,
    "treynor_mazuy beta error ols": 0.0548771363560866,
    "treynor_mazuy beta error hac 2": 0.0176134336595985,
    "treynor_mazuy timing": 0.892182357896011,
    "treynor_mazuy timing error ols": 1.13077925218364,
    "treynor_mazuy timing error hac 2": 0.870097997634764,
    "treynor_mazuy r squared": 0.941444654751774,
    "henriksson_merton alpha": -0.00313756843833748,
    "henriksson_merton alpha error ols": 0.00333777025959481,
    "henriksson_merton alpha error hac 2": 0.00325235960074284,
    "henriksson_merton beta": 1.06423218178837,
    "henriksson_merton beta error ols": 0.0974290458421955,
    "henriksson_merton beta error hac 2": 0.060587649732126,
    "henriksson_merton timing": 0.14143593819009,
    "henriksson_merton timing error ols": 0.174891051187043,
    "henriksson_merton timing error hac 2": 0.116927442603973,
    "henriksson_merton r squared": 0.941529814500573,
}
