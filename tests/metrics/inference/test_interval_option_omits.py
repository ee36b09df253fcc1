"""An interval over rows of which a companion misses some is that over the rows on which all are known."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.metrics import (
    Bootstrap,
    alpha,
    annual_return,
    beta,
    information_ratio,
    kappa_ratio,
    sharpe_ratio,
    sharpe_ratio_interval,
    tracking_error,
    treynor_ratio,
    up_capture,
)
from riskresearch.portfolio import risk_contributions
from tests.samples import fat_tailed

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

ROWS = 90
RETURNS = fat_tailed(ROWS, 1, seed=2)[:, 0]
MARKET = 0.5 * RETURNS + fat_tailed(ROWS, 1, seed=3)[:, 0]
RATES = np.random.default_rng(4).uniform(0.0, 0.0003, ROWS)
GONE = {"returns": [4, 50], "market": [4, 9], "rates": [0, 9, 77]}
OPTIONS = {"periods_per_year": 252}

MEASURES = {
    "sharpe_ratio": lambda r, m, f, **o: sharpe_ratio(r, risk_free=f, **OPTIONS, **o),
    "alpha": lambda r, m, f, **o: alpha(r, m, risk_free=f, **OPTIONS, **o),
    "beta": lambda r, m, f, **o: beta(r, m, risk_free=f, **o),
    "treynor_ratio": lambda r, m, f, **o: treynor_ratio(r, m, risk_free=f, **OPTIONS, **o),
    "information_ratio": lambda r, m, f, **o: information_ratio(r + 0.0 * f, m, **OPTIONS, **o),
    "tracking_error": lambda r, m, f, **o: tracking_error(r + 0.0 * f, m, **OPTIONS, **o),
    "up_capture": lambda r, m, f, **o: up_capture(r + 0.0 * f, m, **OPTIONS, **o),
    "annual_return": lambda r, m, f, **o: annual_return(r + 0.0 * f, **OPTIONS, **o),
    "kappa_ratio": lambda r, m, f, **o: kappa_ratio(r + 0.0 * f, **o),
}


def columns(*, missing):
    series = []
    for name, values in (("returns", RETURNS), ("market", MARKET), ("rates", RATES)):
        own = values.copy()
        if missing:
            own[GONE[name]] = np.nan
        series.append(pd.Series(own, index=pd.bdate_range("2024-01-01", periods=ROWS)))
    return series


@pytest.mark.parametrize("measure", MEASURES)
def test_an_interval_omits_rows_that_a_companion_misses(measure):
    function, alone = MEASURES[measure], measure in {"sharpe_ratio", "annual_return", "kappa_ratio"}
    whole, holed = columns(missing=False), columns(missing=True)
    known = ~sum(series.isna() for series in (holed[0], holed[2], *([] if alone else [holed[1]]))).astype(bool)
    settings = Bootstrap(draws=200, rng=1, block_length=3)
    found = function(*holed, interval=settings, nan_policy="omit")
    expected = function(*(series[known] for series in whole), interval=settings)
    for field in ("estimate", "lower", "upper", "standard_error"):
        assert getattr(found, field) == pytest.approx(getattr(expected, field), rel=1e-12)
    with pytest.raises(InvalidInputError, match="nan_policy"):
        function(*holed, interval=settings)


@pytest.mark.parametrize("errors", ["mertens", "iid", "hac"])
def test_the_interval_of_a_sharpe_ratio_omits_rows_without_a_rate(errors):
    returns, _, rates = columns(missing=True)
    known = ~(returns.isna() | rates.isna())
    found = sharpe_ratio_interval(returns, risk_free=rates, method=errors, nan_policy="omit", **OPTIONS)
    expected = sharpe_ratio_interval(returns[known], risk_free=rates[known], method=errors, **OPTIONS)
    assert (found.lower, found.upper) == pytest.approx((expected.lower, expected.upper), rel=1e-12)


def test_probabilities_go_with_complete_rows_only():
    returns = fat_tailed(40, 2)
    returns[3, 1] = np.nan
    with pytest.raises(InvalidInputError, match="probabilities must be given for returns without missing values"):
        risk_contributions(returns, weights=[0.5, 0.5], probabilities=np.full(40, 1 / 40), nan_policy="omit")
