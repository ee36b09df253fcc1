"""What compounds to a year warns where the dates contradict the rows, and where they are less than a year."""

import warnings

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics
from riskresearch.core import ConventionWarning

GAPS = "ignore:.* has gaps in its dates"
COMPOUNDING = (
    metrics.annual_return, metrics.calmar_ratio, metrics.burke_ratio, metrics.pain_ratio, metrics.martin_ratio,
    metrics.sterling_ratio, riskresearch.summary,
)  # fmt: skip
NAMES = {"summary": "annual_return"}
each_compounding = pytest.mark.parametrize("measure", COMPOUNDING, ids=lambda measure: measure.__name__)


def doubling(dates):
    """Returns that double the money over `dates`, with ups and downs."""
    noise = np.random.default_rng(0).normal(0.0, 0.01, len(dates))
    return pd.Series(np.expm1(noise - noise.mean() + np.log(2.0) / len(dates)), index=dates)


def without_a_year():
    dates = pd.bdate_range("2019-01-02", "2021-12-17")
    return doubling(dates[(dates < "2020-01-01") | (dates > "2020-12-31")])


@pytest.mark.filterwarnings(GAPS)
def test_a_year_without_rows_shows_both_rates():
    returns = without_a_year()
    rows = len(returns)
    span = (returns.index[-1] - returns.index[0]).days / 365.25 + 1 / 252
    by_rows, by_dates = 2 ** (252 / rows) - 1, 2 ** (1 / span) - 1
    text = (
        rf"^annual_return compounds over the years that the rows make, and {rows} rows at 252 a year are "
        rf"{rows / 252:.2f} years, those from first to last date {span:.2f}: rows are missing or of another "
        rf"frequency\. Growth is {by_rows:.1%} a year by the rows and {by_dates:.1%} by the dates, for which pass "
        rf"periods_per_year={rows / span:.4g}\.$"
    )
    with pytest.warns(ConventionWarning, match=text) as caught:
        assert metrics.annual_return(returns) == pytest.approx(by_rows, rel=1e-10)
    assert [each.filename for each in caught if "compounds" in str(each.message)] == [__file__]
    # The remedy of the message gives the other rate, in silence.
    assert metrics.annual_return(returns, periods_per_year=rows / span) == pytest.approx(by_dates, rel=1e-10)


@pytest.mark.filterwarnings(GAPS)
@each_compounding
def test_what_compounds_warns_once_of_a_year_that_is_missing(measure):
    with pytest.warns(ConventionWarning, match=r" a year by the rows and .* by the dates") as caught:
        measure(pd.DataFrame({"a": without_a_year(), "b": without_a_year() * 2}))
    said = [str(each.message) for each in caught if "by the dates" in str(each.message)]
    assert len(said) == 1
    assert said[0].startswith(NAMES.get(measure.__name__, measure.__name__))
    assert "Growth in column 'b' is" in said[0]


@each_compounding
def test_what_compounds_warns_of_less_than_a_year(measure):
    returns = doubling(pd.bdate_range("2024-01-01", periods=90))
    name = NAMES.get(measure.__name__, measure.__name__)
    text = rf"^{name} extrapolates 0\.36 years to a year: growth of 100\.00% in 90 rows becomes 596\.4"
    with pytest.warns(ConventionWarning, match=text) as caught:  # 2 ** 2.8 - 1 = 5.9644
        measure(returns)
    assert [each.filename for each in caught] == [__file__]
    measure(returns, periods_per_year=1)


def warnings_of(call, *given, **options):
    """Return the messages of all warnings that a call gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(*given, **options)
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize(
    "dates",
    [
        pd.bdate_range("2024-01-02", "2024-12-31"),
        pd.bdate_range("2024-01-02", periods=242),  # sessions of Shanghai in 2024
        pd.date_range("2024-01-31", periods=12, freq="ME"),
        pd.date_range("2024-03-31", periods=4, freq="QE"),
        pd.date_range("2020-12-31", periods=4, freq="YE"),
        pd.date_range("2024-01-01", periods=365),
        pd.bdate_range("2010-01-01", periods=2600),
        pd.bdate_range("2022-01-03", periods=500, freq="C", weekmask="Sun Mon Tue Wed Thu"),
        pd.bdate_range("2022-01-03", periods=600, freq="C", weekmask="Sun Mon Tue Wed Thu Fri"),
        pd.bdate_range("2022-01-03", periods=200, freq="C", weekmask="Mon Wed Fri"),
        pd.date_range("2022-01-07", periods=60, freq="W-FRI"),
        pd.date_range("2022-01-07", periods=60, freq="2W-FRI"),
        pd.date_range("2022-01-01", periods=24 * 366, freq="1h"),
    ],
)
def test_a_year_and_more_of_each_frequency_is_silent(dates):
    assert warnings_of(metrics.annual_return, doubling(dates)) == []
    assert warnings_of(riskresearch.summary, doubling(dates)) == []


def test_volatility_and_sharpe_scale_and_do_not_extrapolate():
    returns = doubling(pd.bdate_range("2024-01-01", periods=90))
    assert warnings_of(metrics.volatility, returns) == []
    assert warnings_of(riskresearch.sharpe_ratio, returns) == []
    assert warnings_of(metrics.annual_return, returns, compounding="arithmetic") == []


def test_rows_without_dates_have_no_span():
    assert warnings_of(metrics.annual_return, np.array([0.01, -0.02, 0.03])) == []
    assert warnings_of(riskresearch.summary, [0.01, -0.02, 0.03]) == []


def test_a_calculator_s_table_warns_once():
    calculator = riskresearch.RiskMetricsCalculator(doubling(pd.bdate_range("2024-01-01", periods=90)))
    with pytest.warns(ConventionWarning, match="extrapolates") as caught:
        calculator.to_frame()
    assert len(caught) == 1
    assert caught[0].filename == __file__
