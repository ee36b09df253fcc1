"""What `reference_check` recomputes: a call of a public measure, the number that someone else printed, and who."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from riskresearch import metrics
from riskresearch.reference import _published_paths as paths, _published_series as series, _published_tails as tails

Options: TypeAlias = dict[str, Any]

BACON, BENCHMARK = series.BACON["portfolio"], series.BACON["benchmark"]
MAR, RATE = series.BACON_MAR, paths.MORE_RISK_FREE
PA = "PerformanceAnalytics' stored examples (01a7766), Bacon's 24 months"
PA_EDHEC = "PerformanceAnalytics' stored examples (01a7766), EDHEC indices"
PA_SNAPSHOT = "PerformanceAnalytics' documentation of MSquared and its snapshots, Bacon's 24 months"
PA_OLD = "PerformanceAnalytics' older documentation of MSquared, Bacon's 24 months"
R_BACON = "R 4.2.2, bacon.R, Bacon's 24 months (Bacon 2008)"
R_MORE = "R 4.2.2, more_measures.R, Bacon's 24 months (Bacon 2008)"
R_EDHEC = "R 4.2.2, more_measures.R, EDHEC indices"
R_RELATIVE = "R 4.2.2, benchmark_relative.R"
M_SQUARED_PA, M_SQUARED_PA_OLD = 0.10062, 0.1068
STUDENT_T_TOLERANCE = 3e-4  # relative: the likelihood is flat at its maximum, R gives about 5 digits
INTEGRAL_TOLERANCE = 1e-8  # relative: R integrated numerically
TABLE_TOLERANCE = 5e-5  # tables printed with 4 decimals, trailing zeros included


@dataclass(frozen=True, slots=True)
class Case:
    """One published number and how to compute it."""

    measure: str
    options: str
    published: float
    compute: Callable[[], float]
    source: str
    tolerance: float | None = None
    """None for half a unit of the last printed digit."""
    differs: str = ""
    """Why ours is another number on purpose; empty where it must agree."""


def case(
    name: str,
    data: Any,
    published: Any,
    source: str,
    *,
    benchmark: Any = None,
    field: str = "",
    tolerance: float | None = None,
    differs: str = "",
    **options: Any,
) -> Case:
    """Return the case of the public measure `name` of `data`; with `field`, of the first entry of that field."""

    def compute() -> float:
        others = () if benchmark is None else (benchmark,)
        result = getattr(metrics, name)(data, *others, **options)
        return float(getattr(result, field)[0] if field else result)

    shown = {key: value if np.ndim(value) == 0 else "a series" for key, value in options.items()}
    text = ", ".join([*(f"{key}={value}" for key, value in shown.items()), *([field] if field else [])])
    return Case(name, text, published, compute, source, tolerance, differs)


def all_cases() -> Iterator[Case]:
    """Yield every case, those that differ on purpose last."""
    yield from _bacon()
    yield from _burke()
    yield from _bacon_against_benchmark()
    yield from _more()
    yield from _timing()
    yield from _relative()
    yield from _edhec()
    yield from _tails()
    yield from _cornish_fisher()
    yield from _sharpe_inference()
    yield from _drawdowns()
    yield from _differing()


def _bacon() -> Iterator[Case]:
    exact = series.BACON_EXACT
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
        yield case(name, BACON, series.BACON_PA[key][1], PA, **options)
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
    for drawdowns, key in (("from_peak", "drawdowns_from_peak"), ("losing_runs", "losing_runs_compounded")):
        for modified, suffix in ((False, ""), (True, "_modified")):
            options: Options = {"drawdowns": drawdowns, "modified": modified, "periods_per_year": 12}
            yield case("burke_ratio", BACON, series.BACON_BURKE[key + suffix], R_BACON, **options)


def _bacon_against_benchmark() -> Iterator[Case]:
    months: Options = {"benchmark": BENCHMARK, "periods_per_year": 12}
    exact, appraisal = series.BACON_EXACT, series.BACON_PA["appraisal_ratio"][1]
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
    more = paths.MORE
    mar: Options = {"required_return": paths.MORE_MAR}
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
            yield case(name, BACON, paths.MORE[key], R_MORE, field=field, **options)
            yield case(name, BACON, paths.MORE[f"{key} error ols"], R_MORE, field=f"{field}_error", **options)
            hac = options | {"errors": "hac", "lags": 2}
            yield case(name, BACON, paths.MORE[f"{key} error hac 2"], R_MORE, field=f"{field}_error", **hac)


def _relative() -> Iterator[Case]:
    values, rates = paths.RELATIVE, paths.RELATIVE_RISK_FREE
    months: Options = {"periods_per_year": 12}
    against: Options = {"benchmark": paths.RELATIVE_BENCHMARK}
    for key, name, options in (
        ("beta", "beta", against),
        ("beta_rf", "beta", against | {"risk_free": rates}),
        ("alpha_annual_arithmetic", "alpha", against | months),
        ("alpha_annual_arithmetic_rf", "alpha", against | months | {"risk_free": rates}),
        ("tracking_error_annual_sample", "tracking_error", against | months),
        ("information_ratio_annual", "information_ratio", against | months),
        ("sharpe_annual_rf", "sharpe_ratio", months | {"risk_free": rates}),
    ):
        yield case(name, paths.RELATIVE_RETURNS, values[key], R_RELATIVE, **options)


def _edhec() -> Iterator[Case]:
    for column, returns in series.EDHEC.items():
        yield case("volatility", returns, series.EDHEC_SD_SAMPLE[column], PA_EDHEC, periods_per_year=1)
        yield case("skewness", returns, series.EDHEC_SKEWNESS_POPULATION[column], R_EDHEC)
        yield case("excess_kurtosis", returns, series.EDHEC_EXCESS_KURTOSIS_POPULATION[column], R_EDHEC)
        for row, table in enumerate(series.EDHEC_DRAWDOWNS_PA.get(column, ())):
            yield _table_row(returns, row, table[3])
    for (column, level), (linear, _, _, _, modified, shortfall) in series.EDHEC_PA.items():
        returns = series.EDHEC[column]
        if linear is not None:
            yield case("value_at_risk", returns, linear, PA_EDHEC, level=level, quantile="linear")
        yield case("value_at_risk", returns, modified, PA_EDHEC, level=level, method="cornish_fisher")
        yield case("conditional_value_at_risk", returns, shortfall, PA_EDHEC, level=level, method="cornish_fisher")


def _table_row(returns: list[float], row: int, depth: float) -> Case:
    def compute() -> float:
        return float(metrics.drawdown_table(returns, top=row + 1).depth[row])

    return Case("drawdown_table", f"depth, rank {row + 1}", depth, compute, PA_EDHEC, TABLE_TOLERANCE)


def _both(data: Any, var: float, cvar: float, source: str, **options: Any) -> Iterator[Case]:
    yield case("value_at_risk", data, var, source, **options)
    yield case("conditional_value_at_risk", data, cvar, source, **options)


def _tails() -> Iterator[Case]:
    for (column, level), (var, cvar) in series.EDHEC_HISTORICAL.items():
        source = "R 4.2.2, tail.R minimises Rockafellar & Uryasev's function, EDHEC indices"
        yield from _both(series.EDHEC[column], var, cvar, source, level=level)
    for name, losses, level, var, cvar in tails.TAIL_BY_HAND:
        yield from _both(-np.asarray(losses, np.float64), var, cvar, f"by hand: {name}", level=level)
    for level, rows, rank, _ in tails.RANK_TRAPS:
        yield case("value_at_risk", -np.arange(1.0, rows + 1), rank, f"by hand: rank among 1..{rows}", level=level)
    for (sample, level), published in tails.QUANTILES.items():
        sampled = np.array(tails.QUANTILE_LOSSES[sample])
        for definition, value in zip(tails.NUMPY_METHODS_BY_R_TYPE, published, strict=True):
            source = "R 4.2.2, quantile(), Hyndman & Fan 1996"
            yield case("value_at_risk", -sampled, value, source, level=level, quantile=definition)
    for (column, level), (var, cvar) in tails.STUDENT_T_FIT_TAIL.items():
        source = "R 4.2.2, student_t.R (maximum likelihood by optim), EDHEC indices"
        tolerance = STUDENT_T_TOLERANCE * cvar
        yield from _both(series.EDHEC[column], var, cvar, source, level=level, method="student_t", tolerance=tolerance)


def _cornish_fisher() -> Iterator[Case]:
    source = "R 4.2.2, cornish_fisher.R (integral of Boudt, Peterson & Croux 2008)"
    for skewness, kurtosis, level, var, shortfall, _, _ in tails.CORNISH_FISHER:
        shape = f"level={level}, skewness={skewness}, excess kurtosis={kurtosis}"
        for name, value, part in (("modified VaR", var, 0), ("modified CVaR, no floor", shortfall, 1)):
            compute = _modified(skewness, kurtosis, level, part)
            yield Case(name, shape, value, compute, source, INTEGRAL_TOLERANCE * value)


def _modified(skewness: float, kurtosis: float, level: float, part: int) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.distributions import _parametric_tail  # noqa: PLC0415 (SciPy)

        shape = np.array([float(skewness)]), np.array([float(kurtosis)])
        quantile = _parametric_tail.cornish_fisher_quantile(1.0 - level, *shape)
        if part == 0:
            return float(-quantile[0])
        return float(-_parametric_tail.edgeworth_lower_mean(quantile, *shape)[0] / (1.0 - level))

    return compute


def _sharpe_inference() -> Iterator[Case]:
    """Yield the worked examples of Bailey & Lopez de Prado, which give moments instead of returns."""
    source = "Bailey & Lopez de Prado, J. Risk 15, 2012"
    for periods, skewness, kurtosis, years in (
        (252, 0, 0, 2.73),
        (52, 0, 0, 2.83),
        (12, 0, 0, 3.24),
        (12, -0.72, 2.78, 4.99),
    ):
        shape = f"yearly ratio 2 against 1, {periods} periods, skewness={skewness}, excess kurtosis={kurtosis}, years"
        yield Case("minimum_track_record_length", shape, years, _track_record(periods, skewness, kurtosis), source)
    for skewness, kurtosis, published in ((0.0, 0.0, 0.982), (-2.448, 7.164, 0.913)):
        shape = f"24 months, ratio 0.458, skewness={skewness}, excess kurtosis={kurtosis}"
        compute = _probability(0.458, skewness, kurtosis, 24)
        yield Case("probabilistic_sharpe_ratio", shape, published, compute, source)
    source = "Bailey & Lopez de Prado, J. Portfolio Management 40, 2014"
    for trials, published in ((100, 0.9004), (46, 0.9505)):
        shape = f"yearly ratio 2.5, 1250 days, best of {trials}, variance 1/2, skewness=-3, excess kurtosis=7"
        compute = _probability(2.5 / 250**0.5, -3.0, 7.0, 1250, trials=trials)
        yield Case("deflated_sharpe_ratio", shape, published, compute, source)


def _track_record(periods: int, skewness: float, kurtosis: float) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.inference import _sharpe_errors  # noqa: PLC0415 (SciPy)

        ratio, shape = np.array([2.0 / periods**0.5]), (np.array([skewness]), np.array([kurtosis]))
        return float(_sharpe_errors.track_record_rows(ratio, *shape, 1.0 / periods**0.5, 0.95)[0]) / periods

    return compute


def _probability(
    ratio: float, skewness: float, kurtosis: float, rows: int, trials: int | None = None
) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.inference import _sharpe_errors  # noqa: PLC0415 (SciPy)

        against = 0.0 if trials is None else _sharpe_errors.expected_best(trials, 0.5 / 250)
        shape = np.array([skewness]), np.array([kurtosis])
        return float(_sharpe_errors.probabilistic_sharpe(np.array([ratio]), *shape, rows, against)[0])

    return compute


def _drawdowns() -> Iterator[Case]:
    returns, source = paths.DRAWDOWN_RETURNS, "by hand: twelve returns"
    for name, published in (
        ("max_drawdown", paths.DRAWDOWN_MAX),
        ("pain_index", paths.DRAWDOWN_MEAN_OF_SERIES),
        ("average_drawdown", paths.DRAWDOWN_MEAN_OF_DEPTHS),
        ("ulcer_index", paths.DRAWDOWN_ULCER),
    ):
        yield case(name, returns, published, source)


def _differing() -> Iterator[Case]:
    months: Options = {"periods_per_year": 12}
    against: Options = months | {"benchmark": BENCHMARK}
    runs: Options = months | {"drawdowns": "losing_runs"}
    adds = "it compounds 1 + r / 100 on returns that are fractions, so it adds; ours compounds"
    yield case("burke_ratio", BACON, series.BACON_PA["burke"][1], PA, differs=adds, **runs)
    yield case("burke_ratio", BACON, series.BACON_PA["burke_modified"][1], PA, differs=adds, **runs, modified=True)
    yield case("pain_index", BACON, series.BACON_PA["pain_index"][1], PA, differs=adds)
    for name in ("pain_ratio", "martin_ratio"):
        yield case(name, BACON, series.BACON_PA[name][1], PA, differs=adds, **months)
    reason = "it takes compounded annual returns; ours is the regression's intercept times periods"
    yield case("alpha", BACON, series.BACON_PA["jensen_alpha_annual"][1], PA, differs=reason, **against)
    reason = "it is what the ratio of deviations upside down gives; the newer documentation says 0.10062"
    yield case("m_squared", BACON, M_SQUARED_PA_OLD, PA_OLD, differs=reason, **against)
    exact, source = series.BACON_EXACT, "PerformanceAnalytics' definition, by bacon.R"
    reason = "it divides the compounded annual return; ours the mean"
    yield case("sharpe_ratio", BACON, exact["sharpe_annual_geometric"], source, differs=reason, **months)
    reason = "it subtracts compounded annual returns; ours averages differences"
    published = exact["information_ratio_annual_geometric"]
    yield case("information_ratio", BACON, published, source, differs=reason, **against)
    reason = "it counts the month in which the benchmark did not move as a fall; ours on neither side"
    published = paths.RELATIVE["down_capture_geometric_mean_zero_is_down"]
    source = "PerformanceAnalytics' definition, by benchmark_relative.R"
    market = paths.RELATIVE_BENCHMARK
    yield case("down_capture", paths.RELATIVE_RETURNS, published, source, differs=reason, benchmark=market)
    yield from _differing_tails()


def _differing_tails() -> Iterator[Case]:
    strictly = "it averages returns strictly beyond an interpolated quantile; ours is coherent"
    divisor = "its deviation divides by n, ours by n - 1"
    for (column, level), (_, strict, normal, normal_cvar, _, _) in series.EDHEC_PA.items():
        if strict is None:
            continue
        returns = series.EDHEC[column]
        options: Options = {"level": level}
        yield case("conditional_value_at_risk", returns, strict, PA_EDHEC, differs=strictly, **options)
        options["method"] = "normal"
        yield case("value_at_risk", returns, normal, PA_EDHEC, differs=divisor, **options)
        yield case("conditional_value_at_risk", returns, normal_cvar, PA_EDHEC, differs=divisor, **options)
