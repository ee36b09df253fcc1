"""Cases of risk against a benchmark, of ratios of gains to losses and of betas of co-moments and drawdowns."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference import _published_bacon as bacon, _published_edhec as edhec, _published_field as published
from riskresearch.reference._case import PA, Case, Options, case

BACON, BENCHMARK = bacon.BACON["portfolio"], bacon.BACON["benchmark"]
RATE = bacon.MORE_RISK_FREE
SOURCE = "R 4.2.2, field_measures.R, Bacon's 24 months (Bacon 2008)"
SOURCE_EDHEC = "R 4.2.2, field_measures.R, EDHEC indices"
DERIVATIVE_TOLERANCE = 1e-9  # R took a difference quotient


def field_cases() -> Iterator[Case]:
    """Yield the cases that must agree."""
    yield from _risks()
    yield from _ratios()
    yield from _betas()


def _risks() -> Iterator[Case]:
    exact = published.FIELD
    months: Options = {"periods_per_year": 12, "benchmark": BENCHMARK}
    for free in (0, RATE):
        for ddof in (0, 1):
            tag, options = f"rf {free:g}, divisor n - {ddof}", months | {"risk_free": free, "ddof": ddof}
            for name in ("systematic_risk", "specific_risk", "total_risk"):
                yield case(name, BACON, exact[f"{name.replace('_', ' ')}, {tag}"], SOURCE, **options)
            for compounding in ("geometric", "arithmetic"):
                value = exact[f"modified treynor {compounding}, {tag}"]
                yield case("modified_treynor_ratio", BACON, value, SOURCE, **options, compounding=compounding)
    printed = bacon.BACON_PA
    yield case("systematic_risk", BACON, printed["systematic_risk_annual"][1], PA, **months)
    yield case("specific_risk", BACON, printed["specific_risk_annual"][1], PA, **months, ddof=0)
    yield case("modified_treynor_ratio", BACON, printed["treynor_modified"][1], PA, **months)
    source = "Bacon 2008, announced in PerformanceAnalytics' documentation of TreynorRatio"
    yield case("modified_treynor_ratio", BACON, published.MODIFIED_TREYNOR_BACON, source, **months, ddof=0)


def _ratios() -> Iterator[Case]:
    exact = published.FIELD
    for level in (0.6, 0.75, 0.9):
        yield case("rachev_ratio", BACON, exact[f"rachev {level}"], SOURCE, level=level)
    value = exact["rachev, losses 0.9, gains 0.75, rf 0.002"]
    yield case("rachev_ratio", BACON, value, SOURCE, level=0.9, gain_level=0.75, risk_free=RATE)
    for column, returns in edhec.EDHEC.items():
        yield case("rachev_ratio", returns, exact[f"rachev 0.9 {column}"], SOURCE_EDHEC, level=0.9)
    for required in (0, 0.005):
        yield case("prospect_ratio", BACON, exact[f"prospect, MAR {required}"], SOURCE, required_return=required)
    yield case("d_ratio", BACON, exact["d ratio"], SOURCE)
    yield case("d_ratio", BACON, published.D_RATIO_PA, PA)
    yield case("adjusted_sharpe_ratio", BACON, exact["adjusted sharpe, month"], SOURCE, periods_per_year=1)
    yield case("adjusted_sharpe_ratio", BACON, exact["adjusted sharpe, year"], SOURCE, periods_per_year=12)
    value = exact["adjusted sharpe, year, rf 0.002"]
    yield case("adjusted_sharpe_ratio", BACON, value, SOURCE, periods_per_year=12, risk_free=RATE)


def _betas() -> Iterator[Case]:
    exact = published.FIELD
    market: Options = {"benchmark": BENCHMARK}
    yield case("beta", BACON, exact["beta covariance"], SOURCE, **market)
    yield case("beta_coskewness", BACON, exact["beta coskewness"], SOURCE, **market)
    yield case("beta_cokurtosis", BACON, exact["beta cokurtosis"], SOURCE, **market)
    for level in (0.6, 0.75, 0.9, 0.95):
        yield case("cdar_beta", BACON, exact[f"cdar beta {level}"], SOURCE, level=level, **market)
        value = exact[f"cdar beta, summed {level}"]
        options: Options = {"level": level, "compounding": "arithmetic", "tolerance": DERIVATIVE_TOLERANCE}
        yield case("cdar_beta", BACON, value, SOURCE, **options, **market)
    convertible, cta, short = (edhec.EDHEC[name] for name in ("convertible_arbitrage", "cta_global", "short_selling"))
    for level in (0.9, 0.95, 0.999):
        value = exact[f"cdar beta of convertible arbitrage on cta global {level}"]
        yield case("cdar_beta", convertible, value, SOURCE_EDHEC, benchmark=cta, level=level)
        value = exact[f"cdar beta of short selling on convertible arbitrage {level}"]
        yield case("cdar_beta", short, value, SOURCE_EDHEC, benchmark=convertible, level=level)
