"""Which rows a report is of, what it refuses, and that it leaves its input and an older page as they were."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.report import build_report

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here


@pytest.mark.usefixtures("few_draws")
def test_given_weights_form_the_portfolio(stocks):
    weights = dict(zip(stocks.columns, (0.5, 0.3, 0.2), strict=True))
    report = build_report(stocks, weights=weights, sections=["headline"])
    np.testing.assert_allclose(report.tables.returns["Portfolio"], stocks @ [0.5, 0.3, 0.2])
    assert "given weights in 3 assets" in report.tables.conventions.loc["Portfolio", "Value"]


@pytest.mark.usefixtures("few_draws")
def test_a_missing_asset_is_refused_or_its_weight_is_shared(stocks):
    gappy = stocks.copy()
    gappy.iloc[:100, 0] = np.nan
    with pytest.raises(InvalidInputError, match="the first at 2019-01-01 in column 'AAA'"):
        build_report(gappy)
    report = build_report(gappy, nan_policy="omit", sections=["headline"])
    np.testing.assert_allclose(report.tables.returns["Portfolio"], gappy.mean(axis=1))
    assert report.tables.assets.loc["AAA", "observations"] == 500
    assert "shared among the others" in report.tables.conventions.loc["Portfolio", "Value"]


@pytest.mark.usefixtures("few_draws")
def test_dates_without_any_return_are_left_out_and_counted(stocks):
    gappy = stocks["AAA"].copy()
    gappy.iloc[5:8] = np.nan
    report = build_report(gappy, nan_policy="omit", sections=["headline"])
    assert len(report.tables.returns) == 597
    assert report.tables.conventions.loc["Dates left out", "Value"] == "3 dates without any return"


@pytest.mark.usefixtures("few_draws")
def test_both_are_cut_to_the_span_they_share(stocks, index):
    report = build_report(stocks.iloc[50:], benchmark=index.iloc[:-20], sections=["headline"])
    assert report.tables.returns.index.equals(stocks.index[50:-20])
    said = report.tables.conventions["Value"]
    assert said["Dates left out"] == (
        f"Left out of returns, outside the common rows: 20 after {stocks.index[-21]:%Y-%m-%d}; "
        f"Left out of benchmark, outside the common rows: 50 before {stocks.index[50]:%Y-%m-%d}"
    )
    assert said["Common dates"].startswith(f"The first return of returns, {stocks.index[50]:%Y-%m-%d}, is taken to")


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("nan_policy", ["raise", "omit"])
def test_a_return_that_only_one_side_has_is_compounded_and_said(stocks, index, nan_policy):
    holey = index.drop(index.index[100])
    report = build_report(stocks["AAA"], benchmark=holey, nan_policy=nan_policy, sections=["headline"])
    own = report.tables.returns["AAA"]
    assert len(own) == 599
    assert own.iloc[100] == pytest.approx((1 + stocks["AAA"].iloc[100:102]).prod() - 1, rel=1e-12)
    assert (1 + own).prod() == pytest.approx((1 + stocks["AAA"]).prod(), rel=1e-12)
    said = report.tables.conventions.loc["Common dates", "Value"]
    assert said == "1 row that only returns has is compounded into its next common row."
    assert said in report.html


def test_a_benchmark_of_weeks_turns_days_into_weeks(stocks, index):
    weekly = index.loc[index.index.day_name() == "Friday"]
    report = build_report(stocks["AAA"], benchmark=weekly, sections=["headline"])
    first = stocks["AAA"].loc["2019-01-07":"2019-01-11"]
    assert report.tables.returns["AAA"].iloc[0] == pytest.approx((1 + first).prod() - 1, rel=1e-12)
    assert "compounded" in report.tables.conventions.loc["Common dates", "Value"]


def test_no_common_dates_are_refused(stocks, index):
    with pytest.raises(InvalidInputError, match="share no span of time: returns ends before benchmark begins"):
        build_report(stocks.iloc[:100], benchmark=index.iloc[200:])


@pytest.mark.filterwarnings("ignore:.* has gaps in its dates")
def test_dates_without_a_common_return_are_refused_and_no_index_error(stocks, index):
    own = stocks["AAA"].copy()
    own.iloc[1::2] = np.nan
    other = index.copy()
    other.iloc[::2] = np.nan
    with pytest.raises(InvalidInputError, match="must have two dates with a return of both, got 0"):
        build_report(own, benchmark=other, nan_policy="omit")


@pytest.mark.usefixtures("few_draws")
def test_a_benchmark_of_the_portfolio_s_name_keeps_its_own_column(stocks):
    report = build_report(stocks["AAA"], benchmark=stocks["BBB"].rename("AAA"), sections=["headline"])
    assert list(report.tables.headline.columns) == ["AAA", "AAA (2)"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"level": 95}, r"level must be in \(0.5, 1\), got 95. .*not 0.05 and not 95"),
        ({"window": 1}, "window must be a whole number from 2 to the 600 dates, got 1"),
        ({"window": 601}, "got 601"),
        ({"risk_free": float("nan")}, "risk_free must be a finite number"),
        ({"periods_per_year": -1}, "periods_per_year must be positive"),
        ({"nan_policy": "drop"}, "nan_policy must be one of"),
        ({"weights": {"AAB": 1.0}}, "weights must name the columns of returns, but 'AAB' is in weights only"),
    ],
)
def test_wrong_arguments_are_refused(stocks, change, message):
    with pytest.raises(InvalidInputError, match=message):
        build_report(stocks, **change)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda r: r.reset_index(drop=True), "indexed by dates, got an index of int64"),
        (lambda r: r.iloc[::-1], "in the order of its dates"),
        (lambda r: pd.concat([r, r.iloc[-1:]]), "one row for each date"),
        (lambda r: r.to_numpy(), "a Series or a DataFrame with dates, got ndarray"),
        (lambda r: r.iloc[:1], "at least 2 rows"),
        (lambda r: r.astype(object).where(r != r.iloc[3, 0], "x"), "must hold numbers"),
    ],
)
def test_wrong_returns_are_refused(stocks, spoil, message):
    with pytest.raises(InvalidInputError, match=message):
        build_report(spoil(stocks))


@pytest.mark.usefixtures("few_draws")
def test_the_checksum_changes_with_the_data_alone(stocks):
    def checksum(returns, **options):
        return build_report(returns, sections=["headline"], **options).tables.conventions.loc[
            "SHA-256 of returns", "Value"
        ]

    changed = stocks.copy()
    changed.iloc[5, 1] += 1e-9
    assert checksum(stocks) == checksum(stocks.copy(), level=0.99, title="other")
    assert len({checksum(stocks), checksum(changed), checksum(stocks.iloc[1:]), checksum(stocks["AAA"])}) == 4


@pytest.mark.usefixtures("few_draws")
def test_the_input_is_not_changed(stocks, index, report):
    before = stocks.copy(), index.copy()
    build_report(stocks, benchmark=index, sections=["headline"])
    pd.testing.assert_frame_equal(stocks, before[0])
    pd.testing.assert_series_equal(index, before[1])


def test_saving_replaces_the_old_page_and_leaves_nothing_else(report, tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    assert report.save(target) == target
    assert target.read_text(encoding="utf-8") == report.html
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.usefixtures("few_draws")
def test_a_page_that_cannot_be_encoded_leaves_the_old_one(stocks, tmp_path):
    target = tmp_path / "report.html"
    target.write_text("old")
    broken = replace(build_report(stocks["AAA"], sections=["headline"]), html="lone \ud800")
    with pytest.raises(UnicodeEncodeError):
        broken.save(target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
