"""Cases of ten months against a benchmark, with a risk-free rate that moves."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference import _published_relative as relative
from riskresearch.reference._case import R_RELATIVE, Case, Options, case


def relative_cases() -> Iterator[Case]:
    """Yield the cases of measures against a benchmark."""
    values, rates = relative.RELATIVE, relative.RELATIVE_RISK_FREE
    months: Options = {"periods_per_year": 12}
    against: Options = {"benchmark": relative.RELATIVE_BENCHMARK}
    for key, name, options in (
        ("beta", "beta", against),
        ("beta_rf", "beta", against | {"risk_free": rates}),
        ("alpha_annual_arithmetic", "alpha", against | months),
        ("alpha_annual_arithmetic_rf", "alpha", against | months | {"risk_free": rates}),
        ("tracking_error_annual_sample", "tracking_error", against | months),
        ("information_ratio_annual", "information_ratio", against | months),
        ("sharpe_annual_rf", "sharpe_ratio", months | {"risk_free": rates}),
    ):
        yield case(name, relative.RELATIVE_RETURNS, values[key], R_RELATIVE, **options)
