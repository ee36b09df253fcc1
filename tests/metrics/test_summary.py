"""The summary is the measures of those names, to the last bit, and says by which conventions."""

import dataclasses
import inspect
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import RiskSummary, summary
from riskresearch.metrics._summary import LABELS, PERCENT
from riskresearch.plots import blank_axes
from tests.examples import examples
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, returns_arrays

MONTHS = pd.DatetimeIndex(published.EDHEC_DATES)
EDHEC = pd.DataFrame(published.EDHEC, index=MONTHS)
BENCHMARK = EDHEC["cta_global"]
RELATIVE = ("alpha", "beta", "correlation", "tracking_error", "information_ratio", "up_capture", "down_capture")
# Fields without a function of their name: what they are, in NumPy.
BY_NUMPY = {
    "best": lambda column, _: column.max(),
    "worst": lambda column, _: column.min(),
    "positive_share": lambda column, _: np.count_nonzero(column > 0.0) / column.size,
}


def by_function(name, column, benchmark, level, risk_free, periods, nan_policy):
    """Return one measure of one column from the public function of that name."""
    shared = {"nan_policy": nan_policy, "periods_per_year": periods, "level": level, "risk_free": risk_free}
    options = {
        key: value for key, value in shared.items() if key in inspect.signature(getattr(metrics, name)).parameters
    }
    data = (column, benchmark) if name in RELATIVE else (column,)
    return getattr(metrics, name)(*data, **options)


def assert_fields_equal_functions(returns, benchmark=None, *, level=0.95, risk_free=0.0, periods=252.0, **options):
    policy = options.get("nan_policy", "raise")
    result = summary(returns, benchmark, level=level, risk_free=risk_free, periods_per_year=periods, nan_policy=policy)
    for name in LABELS:
        if name in RELATIVE and benchmark is None:
            assert getattr(result, name) is None
            continue
        for number, ours in enumerate(getattr(result, name)):
            column = returns[:, number]
            present = column[~np.isnan(column)]
            assert type(ours) is float
            if name == "correlation":
                continue
            if name in BY_NUMPY:
                expected = BY_NUMPY[name](present, None)
            else:
                expected = by_function(name, column, benchmark, level, risk_free, periods, policy)
            assert np.array_equal(ours, expected, equal_nan=True), name


# --- the numbers


@given(returns_arrays(max_columns=3), LEVELS, st.sampled_from([0.0, 1e-4]))
@examples(50)
def test_every_field_is_the_function_of_its_name_to_the_last_bit(returns, level, risk_free):
    assert_fields_equal_functions(returns, level=level, risk_free=risk_free)


@given(returns_arrays(min_rows=3, max_columns=3), st.sampled_from([0.0, 1e-4]))
@examples(50)
def test_so_is_every_field_against_a_benchmark(returns, risk_free):
    assert_fields_equal_functions(returns, np.roll(returns[:, 0], 1), risk_free=risk_free)


@given(returns_arrays(min_rows=4, max_columns=3), st.data())
@examples(50)
def test_so_is_every_field_where_missing_values_are_omitted(returns, data):
    holes = np.reshape(data.draw(st.lists(st.booleans(), min_size=returns.size, max_size=returns.size)), returns.shape)
    holes[:2] = False
    benchmark = np.where(np.roll(holes[:, 0], 2), np.nan, np.roll(returns[:, 0], 1))
    benchmark[:2] = returns[:2, 0]
    assert_fields_equal_functions(np.where(holes, np.nan, returns), benchmark, nan_policy="omit")


def test_so_is_every_field_of_a_large_panel():
    assert_fields_equal_functions(fat_tailed(2000, 6), fat_tailed(2000, 1, seed=5)[:, 0], level=0.99)


def test_a_moving_rate_is_used_by_the_same_measures():
    rates = np.array(published.RELATIVE_RISK_FREE)
    returns = np.array(published.RELATIVE_RETURNS)[:, None]
    assert_fields_equal_functions(returns, np.array(published.RELATIVE_BENCHMARK), risk_free=rates, periods=12.0)


def test_correlation_equals_numpys_and_its_square_is_rs_r_squared():
    result = summary(published.BACON["portfolio"], published.BACON["benchmark"], periods_per_year=12)
    assert result.correlation[0] == pytest.approx(published.BACON_EXACT["correlation"], rel=1e-12)
    assert result.correlation[0] ** 2 == pytest.approx(published.BACON_EXACT["r_squared"], rel=1e-12)
    panel = summary(EDHEC, BENCHMARK)
    expected = [np.corrcoef(EDHEC[name], BENCHMARK)[0, 1] for name in EDHEC]
    assert panel.correlation == pytest.approx(expected, rel=1e-12)
    assert panel.correlation[1] == pytest.approx(1.0, rel=1e-15)


@given(returns_arrays(min_rows=3))
def test_correlation_stays_within_one_where_it_is_one_but_for_rounding(returns):
    values = np.array(summary(returns * 3.0, returns[:, 0]).correlation)
    assert (np.isnan(values) | (np.abs(values) <= 1.0)).all()
    if np.ptp(returns[:, 0]) > 1e-6:
        assert values[0] == pytest.approx(1.0, rel=1e-14)


# --- the record


def test_edhec_by_name_and_date():
    result = summary(EDHEC)
    assert result.assets == tuple(EDHEC.columns)
    assert result.observations == (152, 152, 152)
    assert pd.Timestamp(result.start) == MONTHS[0]
    assert pd.Timestamp(result.end) == MONTHS[-1]
    assert (result.level, result.periods_per_year, result.risk_free, result.nan_policy) == (0.95, 12.0, 0.0, "raise")
    for number, name in enumerate(EDHEC):
        var, cvar = published.EDHEC_HISTORICAL[name, 0.95]
        assert result.value_at_risk[number] == pytest.approx(var, rel=1e-12)
        assert result.conditional_value_at_risk[number] == pytest.approx(cvar, rel=1e-12)


def test_missing_values_are_counted_column_by_column():
    holed = EDHEC.copy()
    holed.iloc[3:7, 1] = np.nan
    assert summary(holed, nan_policy="omit").observations == (152, 148, 152)
    assert "148 / 152 returns" in summary(holed, nan_policy="omit").conventions()


@pytest.mark.parametrize(
    ("data", "assets"),
    [
        ([0.01, -0.02], ("returns",)),
        (np.array([[0.01, 0.02], [0.03, -0.01]]), ("0", "1")),
        (np.array([[0.01], [0.03]]), ("returns",)),
        (pd.Series([0.01, -0.02]), ("returns",)),
        (pd.Series([0.01, -0.02], name="fund"), ("fund",)),
        (pd.DataFrame({2024: [0.01, -0.02]}), ("2024",)),
        (pl.Series([0.01, -0.02]), ("returns",)),
        (pl.Series("fund", [0.01, -0.02]), ("fund",)),
        (pl.DataFrame({"fund": [0.01, -0.02], "index": [0.0, 0.01]}), ("fund", "index")),
    ],
    ids=str,
)
def test_assets_have_their_names_or_numbers(data, assets):
    result = summary(data)
    assert result.assets == assets
    assert result.to_frame().columns.tolist() == list(assets)
    assert result.start is None


def test_the_record_is_frozen_and_plain():
    result = summary(EDHEC)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.volatility = ()
    assert not hasattr(result, "__dict__")
    assert result == summary(EDHEC)
    for field in dataclasses.fields(RiskSummary):
        value = getattr(result, field.name)
        if field.name in LABELS and value is not None:
            assert [type(number) for number in value] == [float] * 3
    assert type(result.risk_free) is float
    assert {type(count) for count in result.observations} == {int}


def test_the_frame_has_one_labelled_row_a_measure():
    plain, against = summary(EDHEC).to_frame(), summary(EDHEC, BENCHMARK, level=0.975).to_frame()
    assert len(plain) == len(LABELS) - len(RELATIVE)
    assert len(against) == len(LABELS)
    assert plain.columns.tolist() == list(EDHEC.columns)
    assert "VaR, historical (0.95)" in plain.index
    assert "CVaR, historical (0.975)" in against.index
    assert against.loc["Beta"].tolist() == metrics.beta(EDHEC, BENCHMARK).tolist()
    assert against.loc["Maximum drawdown"].tolist() == metrics.max_drawdown(EDHEC).tolist()
    assert (plain.dtypes == np.float64).all()


def test_every_measure_has_a_label_and_a_field():
    fields = [field.name for field in dataclasses.fields(RiskSummary)]
    assert [name for name in fields if name in LABELS] == list(LABELS)
    assert set(LABELS) > PERCENT
    assert len(set(LABELS.values())) == len(LABELS)


def test_the_conventions_are_one_line():
    text = summary(EDHEC, risk_free=0.001).conventions()
    assert text == (
        "1997-01-31 to 2009-08-31, 152 returns; 12 periods a year; risk-free 0.001 a period; level 0.95; VaR is the "
        "order statistic of rank ceil(level * n); deviations divide by n - 1; missing values: raise."
    )
    assert summary([0.01, -0.02]).conventions().startswith("2 returns; 252 periods a year; risk-free 0 a period;")


def test_the_text_holds_the_table_and_the_conventions():
    result = summary(EDHEC, BENCHMARK)
    lines = result.summary().splitlines()
    assert len(lines) == len(LABELS) + 2
    assert lines[0].split() == list(EDHEC.columns)
    assert lines[-1] == result.conventions()
    volatility = next(line for line in lines if line.startswith("Volatility"))
    assert volatility.split()[-3:] == [f"{value:.2%}" for value in result.volatility]
    beta = next(line for line in lines if line.startswith("Beta"))
    assert beta.split()[-3:] == [f"{value:.3f}" for value in result.beta]
    assert len({len(line) for line in lines[:-1]}) == 1


def test_the_representations_are_constant_and_have_no_addresses():
    assert repr(summary(EDHEC)) == "RiskSummary(3 assets, level=0.95)"
    assert repr(summary(EDHEC[["cta_global"]], BENCHMARK)) == "RiskSummary(1 asset against a benchmark, level=0.95)"
    html = summary(EDHEC)._repr_html_()
    assert html == summary(EDHEC)._repr_html_()
    assert summary(EDHEC).conventions() in html
    assert not re.search(r"0x[0-9a-f]{6}|id=", html)


def test_the_plot_has_one_point_an_asset():
    result = summary(EDHEC)
    axes = result.plot(ax=blank_axes())
    points = np.concatenate([np.asarray(part.get_offsets()) for part in axes.collections])
    assert points == pytest.approx(np.array([result.volatility, result.annual_return]).T, rel=1e-12)


# --- edges


def test_a_benchmark_with_other_dates_is_refused():
    with pytest.raises(InvalidInputError, match=r"benchmark must have the dates of returns, but 2009-08-31 is in"):
        summary(EDHEC, BENCHMARK.iloc[:-1])


def test_one_row_is_too_few():
    with pytest.raises(InvalidInputError, match=r"returns needs at least 2 rows, got 1"):
        summary([0.01])


def test_a_warning_points_at_the_line_of_the_user():
    with pytest.warns(ConventionWarning, match=r"is a rate per period; 0\.05 at 12 periods a year is 60%") as caught:
        summary(EDHEC, risk_free=0.05)
    assert [warning.filename for warning in caught] == [__file__]


def test_the_top_level_name_is_the_same_function():
    assert riskresearch.summary is summary
