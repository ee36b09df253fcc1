"""A report against a benchmark of another clock: the common rows of both, with what was done on the page."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_file_report, build_report
from tests.test_cli import run

pytestmark = [
    pytest.mark.usefixtures("few_draws"),
    pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year"),
    pytest.mark.filterwarnings("ignore:.* has gaps in its dates"),
]

BUSINESS_DAYS = pd.bdate_range("2022-01-03", periods=90)
ALL_DAYS = pd.date_range("2022-01-01", "2022-05-10")


def prices(index, seed=1):
    moves = np.random.default_rng(seed).normal(0.0005, 0.01, len(index))
    return pd.Series(100 * np.cumprod(1 + moves), index=index, name="Fund" if seed == 1 else "Index")


@pytest.fixture
def files(tmp_path):
    def write(own, other):
        own.rename_axis("date").to_csv(tmp_path / "fund.csv")
        other.rename_axis("date").to_csv(tmp_path / "index.csv")
        return {"path": tmp_path / "fund.csv", "benchmark": tmp_path / "index.csv", "sections": ["headline"]}

    return write


def moves_between(quotes, days):
    """Returns from one quote to the next of these days, by hand."""
    chosen = quotes.loc[days].to_numpy()
    return chosen[1:] / chosen[:-1] - 1


@pytest.mark.parametrize("coin_first", [True, False])
@pytest.mark.parametrize("nan_policy", ["raise", "omit"])
def test_a_coin_and_an_index_are_priced_on_the_days_of_the_index(files, coin_first, nan_policy):
    sides = [prices(ALL_DAYS), prices(BUSINESS_DAYS, 2)]
    own, other = sides if coin_first else sides[::-1]
    report = build_file_report(**files(own, other), nan_policy=nan_policy)
    days = ALL_DAYS.intersection(BUSINESS_DAYS)
    assert len(report.tables.returns) == len(days) - 1
    for number, quotes in enumerate((own, other)):
        np.testing.assert_allclose(report.tables.returns.iloc[:, number], moves_between(quotes, days), rtol=1e-9)
    assert f"rows that only {'prices' if coin_first else 'benchmark'} has are left out, so that the ret" in report.html


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("ME", "BME"),
        ("MS", "BME"),
        ("BME", "ME"),
        ("W-FRI", "W-SUN"),
        ("QE", "BQE"),
    ],
)
def test_one_row_a_period_on_both_sides_keeps_every_row(files, own, other):
    dates = [pd.date_range("2016-01-04", periods=40, freq=freq) for freq in (own, other)]
    if own == "MS":
        dates[1] = pd.date_range("2016-02-01", periods=40, freq=other)
    fund, index = prices(dates[0]), prices(dates[1], 2)
    report = build_file_report(**files(fund, index))
    assert len(report.tables.returns) == 39
    np.testing.assert_allclose(report.tables.returns["Index"], moves_between(index, index.index), rtol=1e-9)
    assert "stamps up to" in report.html


def test_months_of_a_fund_and_days_of_an_index_make_months(files):
    months, days = pd.date_range("2022-01-31", periods=12, freq="ME"), pd.bdate_range("2022-01-03", "2022-12-30")
    fund, index = prices(months), prices(days, 2)
    report = build_file_report(**files(fund, index))
    last = index.groupby(index.index.to_period("M")).last()
    np.testing.assert_allclose(report.tables.returns["Index"], last.pct_change().iloc[1:], rtol=1e-9)
    assert report.tables.returns.index.equals(months[1:].rename("date"))


def test_a_missing_price_is_no_common_day_of_either(files):
    own = prices(BUSINESS_DAYS)
    own.iloc[[5, 40]] = np.nan
    report = build_file_report(**files(own, prices(BUSINESS_DAYS, 2)), nan_policy="omit")
    days = own.dropna().index
    assert len(report.tables.returns) == 87
    np.testing.assert_allclose(report.tables.returns["Index"], moves_between(prices(BUSINESS_DAYS, 2), days), rtol=1e-9)
    with pytest.raises(InvalidInputError, match=r"fund\.csv has 2 missing values.*--nan-policy omit"):
        build_file_report(**files(own, prices(BUSINESS_DAYS, 2)))


def test_two_readings_are_refused_with_the_option_that_chooses(files, tmp_path):
    shifted = prices(BUSINESS_DAYS + pd.Timedelta(days=1))
    options = files(shifted, prices(BUSINESS_DAYS, 2))
    with pytest.raises(InvalidInputError, match=r"but one later: .*how is benchmark_how \(--benchmark-how\)"):
        build_file_report(**options)
    assert len(build_file_report(**options, benchmark_how="day").tables.returns) == 71
    words = ("report", "fund.csv", "--benchmark", "index.csv", "--sections", "growth", "--out", "page.html")
    assert run(*words, "--benchmark-how", "day", folder=tmp_path).returncode == 0


def test_returns_beside_prices_are_aligned_as_returns(files):
    own, other = prices(ALL_DAYS).pct_change().iloc[1:], prices(BUSINESS_DAYS, 2)
    report = build_file_report(**files(own, other), kind="returns")
    days = ALL_DAYS[2:].intersection(BUSINESS_DAYS)  # the first return of the index is that of 2022-01-04
    np.testing.assert_allclose(report.tables.returns["Fund"], moves_between(prices(ALL_DAYS), days), rtol=1e-9)
    assert "compounded into their next common row" in report.tables.conventions.loc["Common dates", "Value"]


def test_zones_and_periods_are_matched_before_they_leave_the_dates():
    own = prices(BUSINESS_DAYS).pct_change().iloc[1:]
    other = prices(BUSINESS_DAYS, 2).pct_change().iloc[1:].tz_localize("Asia/Tokyo")
    report = build_report(own, benchmark=other, sections=["headline"])
    assert report.tables.returns["Index"].tolist() == other.tolist()
    assert report.tables.returns.index.tz is None
    months = pd.date_range("2016-01-31", periods=30, freq="ME")
    fund = prices(months).pct_change().iloc[1:]
    index = prices(months, 2).pct_change().iloc[1:]
    plain = build_report(fund, benchmark=index, sections=["headline"]).tables.headline
    assert build_report(fund, benchmark=index.to_period("M"), sections=["headline"]).tables.headline.equals(plain)


def test_the_same_dates_are_not_mentioned():
    own, other = (prices(BUSINESS_DAYS, seed).pct_change().iloc[1:] for seed in (1, 2))
    said = build_report(own, benchmark=other, sections=["headline"]).tables.conventions["Value"]
    assert "Common dates" not in said
    assert said["Dates left out"] == "none"
