"""Tail risk by hand and by R; see `_published_data` for the conventions."""

# --- 3. Historical VaR and CVaR that can be checked by hand: (name, losses, level, VaR, CVaR). R: tail.R minimises.
# The tail holds (1 - level) n observations: the whole ones beyond VaR, and the fraction left over of VaR itself.
_WIKIPEDIA_LOSSES = (100, 20, 20, 20, 0, 0, 0, 0, -50, -50)
TAIL_BY_HAND: tuple[tuple[str, tuple[int, ...], float, float, float], ...] = (
    ("n level integral: 19; the tail is the one worst", tuple(range(1, 21)), 0.95, 19.0, 20.0),
    ("n level integral: 18; (19 + 20) / 2", tuple(range(1, 21)), 0.9, 18.0, 19.5),
    ("n level 18.8; (20 + 0.2 x 19) / 1.2", tuple(range(1, 21)), 0.94, 19.0, 23.8 / 1.2),
    ("n level 11.2; (13 + ... + 20 + 0.8 x 12) / 8.8", tuple(range(1, 21)), 0.56, 12.0, 141.6 / 8.8),
    ("n level 19.8: less than one observation in the tail", tuple(range(1, 21)), 0.99, 20.0, 20.0),
    ("n level 9.5", tuple(range(1, 11)), 0.95, 10.0, 10.0),
    # Six equally likely scenarios, VaR = f4, CVaR = (f5 + f6) / 2; then f4/5 + 2 f5/5 + 2 f6/5, which splits the atom;
    # then the last scenario alone. Sarykalin, Serraino, Uryasev (2008), Value-at-Risk vs. Conditional Value-at-Risk,
    # INFORMS tutorial, section on discrete distributions; the numbers are those of tail.R.
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
