"""Drawdowns, benchmark-relative and further measures by hand or by R: inputs and results, see `_published_series`."""

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
