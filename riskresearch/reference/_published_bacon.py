"""Published numbers of Bacon's 24 months; see `_published_data` for the conventions."""

from riskresearch.reference._published_data import read_columns, read_dates

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
