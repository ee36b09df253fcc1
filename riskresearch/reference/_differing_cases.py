"""Cases in which this library differs from the published number on purpose, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference import (
    _published_bacon as bacon,
    _published_edhec as edhec,
    _published_field as field,
    _published_relative as relative,
)
from riskresearch.reference._case import PA, PA_EDHEC, PA_OLD, Case, Options, case

BACON, BENCHMARK = bacon.BACON["portfolio"], bacon.BACON["benchmark"]
M_SQUARED_PA_OLD = 0.1068


def differing_cases() -> Iterator[Case]:
    """Yield the cases that differ on purpose."""
    months: Options = {"periods_per_year": 12}
    against: Options = months | {"benchmark": BENCHMARK}
    runs: Options = months | {"drawdowns": "losing_runs"}
    adds = "it compounds 1 + r / 100 on returns that are fractions, so it adds; ours compounds"
    yield case("burke_ratio", BACON, bacon.BACON_PA["burke"][1], PA, differs=adds, **runs)
    yield case("burke_ratio", BACON, bacon.BACON_PA["burke_modified"][1], PA, differs=adds, **runs, modified=True)
    yield case("pain_index", BACON, bacon.BACON_PA["pain_index"][1], PA, differs=adds)
    for name in ("pain_ratio", "martin_ratio"):
        yield case(name, BACON, bacon.BACON_PA[name][1], PA, differs=adds, **months)
    reason = "it takes compounded annual returns; ours is the regression's intercept times periods"
    yield case("alpha", BACON, bacon.BACON_PA["jensen_alpha_annual"][1], PA, differs=reason, **against)
    reason = "it is what the ratio of deviations upside down gives; the newer documentation says 0.10062"
    yield case("m_squared", BACON, M_SQUARED_PA_OLD, PA_OLD, differs=reason, **against)
    exact, source = bacon.BACON_EXACT, "PerformanceAnalytics' definition, by bacon.R"
    reason = "it divides the compounded annual return; ours the mean"
    yield case("sharpe_ratio", BACON, exact["sharpe_annual_geometric"], source, differs=reason, **months)
    reason = "it subtracts compounded annual returns; ours averages differences"
    published = exact["information_ratio_annual_geometric"]
    yield case("information_ratio", BACON, published, source, differs=reason, **against)
    reason = "it counts the month in which the benchmark did not move as a fall; ours on neither side"
    published = relative.RELATIVE["down_capture_geometric_mean_zero_is_down"]
    source = "PerformanceAnalytics' definition, by benchmark_relative.R"
    market = relative.RELATIVE_BENCHMARK
    yield case("down_capture", relative.RELATIVE_RETURNS, published, source, differs=reason, benchmark=market)
    yield from _differing_field()
    yield from _differing_tails()


def _differing_field() -> Iterator[Case]:
    printed = bacon.BACON_PA
    months: Options = {"periods_per_year": 12}
    reason = "it adds a systematic risk that divides by n - 1 to a specific risk that divides by n; ours divides alike"
    total = printed["total_risk_annual"][1]
    yield case("total_risk", BACON, total, PA, differs=reason, benchmark=BENCHMARK, **months)
    reason = "it puts the compounded yearly ratio beside monthly moments; ours adjusts the monthly ratio"
    yield case("adjusted_sharpe_ratio", BACON, field.ADJUSTED_SHARPE_PA, PA, differs=reason, **months)
    reason = "it divides the required return by the number of rows; ours subtracts it whole, as Bacon's formula does"
    yield case("prospect_ratio", BACON, field.PROSPECT_PA, PA, differs=reason, required_return=field.PROSPECT_PA_MAR)


def _differing_tails() -> Iterator[Case]:
    strictly = "it averages returns strictly beyond an interpolated quantile; ours is coherent"
    divisor = "its deviation divides by n, ours by n - 1"
    for (column, level), (_, strict, normal, normal_cvar, _, _) in edhec.EDHEC_PA.items():
        if strict is None:
            continue
        returns = edhec.EDHEC[column]
        options: Options = {"level": level}
        yield case("conditional_value_at_risk", returns, strict, PA_EDHEC, differs=strictly, **options)
        options["method"] = "normal"
        yield case("value_at_risk", returns, normal, PA_EDHEC, differs=divisor, **options)
        yield case("conditional_value_at_risk", returns, normal_cvar, PA_EDHEC, differs=divisor, **options)
