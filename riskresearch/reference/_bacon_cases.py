"""Cases of Bacon's 24 months."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference import _published_bacon as bacon
from riskresearch.reference._case import PA, PA_SNAPSHOT, R_BACON, R_MORE, Case, Options, case

BACON, BENCHMARK = bacon.BACON["portfolio"], bacon.BACON["benchmark"]
MAR, RATE = bacon.BACON_MAR, bacon.MORE_RISK_FREE
M_SQUARED_PA = 0.10062


def bacon_cases() -> Iterator[Case]:
    """Yield the cases of Bacon's 24 months."""
    yield from _alone()
    yield from _burke()
    yield from _against_benchmark()
    yield from _more()
    yield from _timing()


def _alone() -> Iterator[Case]:
    exact = bacon.BACON_EXACT
    months: Options = {"periods_per_year": 12}
    once: Options = {"periods_per_year": 1}
    mar: Options = {"required_return": MAR}
    printed: tuple[tuple[str, str, Options], ...] = (
        ("downside_deviation", "downside_deviation_mar", mar | once),
        ("downside_potential", "downside_potential_mar", mar),
        ("upside_potential", "upside_potential_mar", mar),
        ("omega_ratio", "omega_0", {}),
        ("kappa_ratio", "sortino_mar", mar | {"order": 2}),
    )
    for name, key, options in printed:
        yield case(name, BACON, bacon.BACON_PA[key][1], PA, **options)
    computed: tuple[tuple[str, str, Options], ...] = (
        ("volatility", "volatility_annual_sample", months),
        ("volatility", "volatility_annual_population", months | {"ddof": 0}),
        ("annual_return", "annual_return_geometric", months),
        ("annual_return", "annual_return_arithmetic", months | {"compounding": "arithmetic"}),
        ("skewness", "skewness_population", {}),
        ("excess_kurtosis", "excess_kurtosis_population", {}),
        ("sharpe_ratio", "sharpe_annual_sample", months),
        ("sharpe_ratio", "sharpe_annual_sample_rf_0.002", months | {"risk_free": RATE}),
        ("sortino_ratio", "sortino_annual_0", months),
        ("sortino_ratio", "sortino_annual_mar", mar | months),
        ("downside_deviation", "downside_deviation_subset_mar", mar | once | {"divisor": "below"}),
        ("omega_ratio", "omega_mar", mar),
        ("upside_potential_ratio", "upside_potential_ratio_mar", mar),
        ("max_drawdown", "max_drawdown", {}),
        ("pain_index", "pain_index", {}),
        ("ulcer_index", "ulcer_index", {}),
        ("pain_ratio", "pain_ratio", months),
        ("martin_ratio", "martin_ratio", months),
        ("calmar_ratio", "calmar", months),
    )
    for name, key, options in computed:
        yield case(name, BACON, exact[key], R_BACON, **options)


def _burke() -> Iterator[Case]:
    for counted, key in (("from_peak", "drawdowns_from_peak"), ("losing_runs", "losing_runs_compounded")):
        for modified, suffix in ((False, ""), (True, "_modified")):
            options: Options = {"drawdowns": counted, "modified": modified, "periods_per_year": 12}
            yield case("burke_ratio", BACON, bacon.BACON_BURKE[key + suffix], R_BACON, **options)


def _against_benchmark() -> Iterator[Case]:
    months: Options = {"benchmark": BENCHMARK, "periods_per_year": 12}
    exact, appraisal = bacon.BACON_EXACT, bacon.BACON_PA["appraisal_ratio"][1]
    yield case("appraisal_ratio", BACON, appraisal, PA, **months, alpha_from="annual_returns", ddof=0)
    yield case("m_squared", BACON, M_SQUARED_PA, PA_SNAPSHOT, **months)
    yield case("beta", BACON, exact["beta"], R_BACON, benchmark=BENCHMARK)
    yield case("correlation", BACON, exact["correlation"], R_BACON, benchmark=BENCHMARK)
    yield case("alpha", BACON, exact["alpha_annual_arithmetic"], R_BACON, **months)
    yield case("tracking_error", BACON, exact["tracking_error_annual_sample"], R_BACON, **months)
    yield case("information_ratio", BACON, exact["information_ratio_annual_arithmetic"], R_BACON, **months)
    for side in ("up", "down"):
        for compounding, key in (
            ("arithmetic", "means"),
            ("geometric", "geometric_mean"),
            ("annualized", "annualised"),
        ):
            published = exact[f"{side}_capture_{key}"]
            yield case(f"{side}_capture", BACON, published, R_BACON, **months, compounding=compounding)


def _more() -> Iterator[Case]:
    more = bacon.MORE
    mar: Options = {"required_return": bacon.MORE_MAR}
    months: Options = {"periods_per_year": 12}
    rate = months | {"risk_free": RATE}
    for level in (0.6, 0.75, 0.9, 0.95):
        yield case("entropic_value_at_risk", BACON, more[f"entropic value at risk {level}"], R_MORE, level=level)
        yield case("expectile_value_at_risk", BACON, more[f"expectile {level}"], R_MORE, level=level)
        for compounding, key in (("geometric", ""), ("arithmetic", ", not compounded")):
            published = more[f"conditional drawdown at risk{key} {level}"]
            options: Options = {"level": level, "compounding": compounding}
            yield case("conditional_drawdown_at_risk", BACON, published, R_MORE, **options)
    for order in (1, 2, 2.5, 3, 4):
        yield case("kappa_ratio", BACON, more[f"kappa, MAR 0.005, order {order}"], R_MORE, **mar, order=order)
    yield case("semideviation", BACON, more["semideviation"], R_MORE, periods_per_year=1)
    yield case("gain_to_pain_ratio", BACON, more["gain to pain"], R_MORE)
    yield case("sterling_ratio", BACON, more["sterling, mean drawdown + 0.1"], R_MORE, **months)
    yield case("sterling_ratio", BACON, more["sterling, mean of the 3 deepest + 0.1"], R_MORE, **months, top=3)
    yield case("sterling_ratio", BACON, more["sterling, worst drawdown + 0.1"], R_MORE, **months, drawdowns="max")
    against: tuple[tuple[str, str, Options], ...] = (
        ("treynor_ratio", "treynor geometric rf 0.002", rate),
        ("treynor_ratio", "treynor arithmetic rf 0.002", rate | {"compounding": "arithmetic"}),
        ("m_squared", "m squared geometric rf 0.002", rate),
        ("m_squared", "m squared arithmetic rf 0.002", rate | {"compounding": "arithmetic"}),
        ("appraisal_ratio", "appraisal rf 0.002, regression", rate),
        ("batting_average", "batting average", {}),
        ("coskewness", "coskewness", {}),
        ("cokurtosis", "cokurtosis", {}),
        ("up_beta", "up beta, benchmark above its mean", {}),
        ("down_beta", "down beta, benchmark below its mean", {}),
        ("up_beta", "up beta, benchmark above 0", {"threshold": "zero"}),
        ("down_beta", "down beta, benchmark below 0", {"threshold": "zero"}),
    )
    for name, key, options in against:
        yield case(name, BACON, more[key], R_MORE, benchmark=BENCHMARK, **options)


def _timing() -> Iterator[Case]:
    options: Options = {"benchmark": BENCHMARK, "risk_free": RATE, "periods_per_year": 1}
    for name in ("treynor_mazuy", "henriksson_merton"):
        for field in ("alpha", "beta", "timing"):
            key = f"{name} {field}"
            yield case(name, BACON, bacon.MORE[key], R_MORE, field=field, **options)
            yield case(name, BACON, bacon.MORE[f"{key} error ols"], R_MORE, field=f"{field}_error", **options)
            hac = options | {"errors": "hac", "lags": 2}
            yield case(name, BACON, bacon.MORE[f"{key} error hac 2"], R_MORE, field=f"{field}_error", **hac)
