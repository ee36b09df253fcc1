"""Exceedances of VaR forecasts: counted by hand, by SciPy's binomial test, and never with knowledge of the return."""

import math

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from matplotlib.axes import Axes
from scipy.stats import binomtest

import riskresearch as rr
from riskresearch import plots
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels.inference._binomial import exact_bounds
from riskresearch.plots._style import LOSS
from tests.examples import examples
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

DATES = pd.bdate_range("2024-01-01", periods=6, name="date")
RETURNS = pd.Series([0.01, -0.02, -0.03, 0.0, -0.021, -0.04], index=DATES, name="fund")
KNOWN = pd.Series([np.nan, 0.02, 0.02, 0.02, 0.02, 0.02], index=DATES)


def panel(rows: int = 600, columns: int = 3) -> pd.DataFrame:
    dates = pd.bdate_range("2015-01-01", periods=rows, name="date")
    return pd.DataFrame(fat_tailed(rows, columns), index=dates, columns=list("ABC")[:columns])


def test_counts_by_hand():
    found = rr.exceedances(RETURNS, KNOWN, level=0.75)
    # Row 0 has no forecast, so rows 2 to 5 are compared: losses 0.03, 0, 0.021 and 0.04 with 0.02.
    assert (found.count, found.observations, found.expected, found.share) == (3, 4, 1.0, 0.75)
    assert found.dates.tolist() == DATES[[2, 4, 5]].tolist()
    frame = found.to_frame()
    assert frame.columns.tolist() == ["return", "value_at_risk", "excess"]
    np.testing.assert_allclose(frame["excess"], [0.01, 0.001, 0.02], rtol=1e-12)


def test_a_loss_equal_to_the_forecast_is_no_exceedance():
    assert rr.exceedances([0.0, -0.02, -0.02], [0.02, 0.02, 0.02], level=0.9).count == 0
    assert rr.exceedances([0.0, -0.02, np.nextafter(-0.02, -1.0)], [0.02, 0.02, 0.02], level=0.9).count == 1


@pytest.mark.parametrize(("counted", "trials"), [(0, 40), (1, 250), (5, 100), (12, 1000), (7, 7), (260, 18116)])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_interval_is_that_of_scipys_exact_binomial_test(counted, trials, confidence):
    bounds = exact_bounds(np.array([float(counted)]), np.array([float(trials)]), confidence)
    expected = binomtest(counted, trials).proportion_ci(confidence, method="exact")
    np.testing.assert_allclose(np.ravel(bounds), [expected.low, expected.high], rtol=1e-7)  # its root search


@pytest.mark.parametrize(("counted", "trials"), [(1, 20), (5, 100), (30, 250)])
def test_at_each_bound_as_many_or_more_and_as_few_or_fewer_have_half_of_what_is_left(counted, trials):
    lower, upper = (float(bound[0]) for bound in exact_bounds(np.array([counted]), np.array([trials]), 0.95))

    def chance(numbers, p):
        return math.fsum(math.comb(trials, i) * p**i * (1.0 - p) ** (trials - i) for i in numbers)

    assert chance(range(counted, trials + 1), lower) == pytest.approx(0.025, rel=1e-9)
    assert chance(range(counted + 1), upper) == pytest.approx(0.025, rel=1e-9)


@of_any_size
@given(returns_arrays(min_rows=6, max_rows=40), st.integers(1, 4), LEVELS)
@examples(60)
def test_rolling_exceedances_are_those_of_a_loop_over_days(values, window, level):
    found = rr.rolling_tail_risk(values, window=window, level=level).exceedances()
    for column in range(values.shape[1]):
        days = [
            row
            for row in range(window, len(values))
            if -values[row, column] > rr.value_at_risk(values[row - window : row, column], level=level)
        ]
        assert np.asarray(found.dates[column] if values.shape[1] > 1 else found.dates).tolist() == days
        assert (found.count[column], found.observations[column]) == (len(days), len(values) - window)


def test_a_forecast_has_not_seen_its_return():
    values = panel(columns=1)["A"]
    before = rr.rolling_tail_risk(values, window=50).exceedances()
    values = values.copy()
    values.iloc[400:] = -0.5
    after = rr.rolling_tail_risk(values, window=50).exceedances()
    assert before.dates[before.dates < values.index[400]].equals(after.dates[after.dates < values.index[400]])
    assert values.index[400] in after.dates
    pd.testing.assert_series_equal(before.value_at_risk.iloc[:401], after.value_at_risk.iloc[:401])


def test_every_spelling_of_a_rolling_forecast_gives_the_same():
    values = panel(columns=1)["A"]
    both = rr.rolling_tail_risk(values, window=100, level=0.99)
    alone = rr.rolling(values, "value_at_risk", window=100, level=0.99)
    calculator = rr.RiskMetricsCalculator(values, level=0.99).rolling_tail_risk(window=100)
    answers = [
        both.exceedances(),
        calculator.exceedances(),
        rr.exceedances(values, both),
        rr.exceedances(values, both, level=0.99),
        rr.exceedances(values, alone, level=0.99),
        rr.exceedances(values, alone.shift(1), level=0.99, lag=0),
        rr.exceedances(values, alone.dropna(), level=0.99),
        rr.exceedances(values, alone.to_frame(), level=0.99),
    ]
    assert {found.count for found in answers} == {answers[0].count}
    assert all(found.dates.equals(answers[0].dates) for found in answers)


def test_columns_of_a_panel_are_counted_as_series_and_matched_by_name():
    values = panel()
    found = rr.rolling_tail_risk(values, window=100, level=0.95).exceedances()
    alone = rr.rolling_tail_risk(values["B"], window=100, level=0.95).exceedances()
    assert (found.count["B"], found.interval[0]["B"]) == (alone.count, alone.interval[0])
    assert found.dates["B"].equals(alone.dates)
    other_order = rr.rolling(values, "value_at_risk", window=100)[["C", "A", "B"]]
    assert rr.exceedances(values, other_order, level=0.95).count.equals(found.count)
    assert found.to_frame()["asset"].unique().tolist() == ["A", "B", "C"]


def test_arrays_polars_and_months_have_their_own_labels():
    values = panel()
    expected = rr.rolling_tail_risk(values, window=100).exceedances()
    arrays = rr.rolling_tail_risk(values.to_numpy(), window=100).exceedances()
    frames = rr.rolling_tail_risk(pl.from_pandas(values.reset_index()), window=100).exceedances()
    assert arrays.count.tolist() == list(frames.count.row(0)) == expected.count.tolist()
    assert frames.dates["A"].tolist() == expected.dates["A"].tolist()
    assert "exceedances" in frames.summary()
    months = values["A"].set_axis(pd.period_range("1990-01", periods=len(values), freq="M"))
    assert rr.rolling_tail_risk(months, window=100).exceedances().count == expected.count["A"]


def test_missing_returns_are_not_counted_where_they_may_be_left_out():
    values = RETURNS.where(RETURNS.index != DATES[4])
    with pytest.raises(InvalidInputError, match=r"returns has 1 non-finite value, the first at 2024-01-05"):
        rr.exceedances(values, KNOWN, level=0.75)
    found = rr.exceedances(values, KNOWN, level=0.75, nan_policy="omit")
    assert (found.count, found.observations) == (2, 3)


def test_a_forecast_that_stops_is_refused_unless_it_may_be_left_out():
    stopped = KNOWN.where(KNOWN.index < DATES[3])
    with pytest.raises(InvalidInputError, match=r"3 missing values after its first, the first at 2024-01-04\. Pass"):
        rr.exceedances(RETURNS, stopped, level=0.75)
    assert rr.exceedances(RETURNS, stopped, level=0.75, nan_policy="omit").observations == 2


@pytest.mark.parametrize(
    ("forecast", "options", "text"),
    [
        (0.02, {"level": 0.99}, r"VaR for each row, got 0\.02.*rolling_tail_risk\(returns, window=250, level=0\.99\)"),
        (rr.tail_risk(RETURNS), {}, r"VaR for each row, got TailRisk.*pass rolling_tail_risk\(returns"),
        (KNOWN, {}, r"level must be given .* exceedances\(returns, forecast, level=0\.99\)"),
        (KNOWN, {"level": 95}, r"level must be in \(0\.5, 1\), got 95"),
        (KNOWN, {"level": 0.9, "lag": -1}, r"lag must be a whole number of at least 0, got -1"),
        (KNOWN, {"level": 0.9, "interval": 95}, r"interval must be in \(0, 1\), got 95"),
        (KNOWN * np.nan, {"level": 0.9}, r"forecast must have a value 1 row before some return, got none"),
        (KNOWN.shift(1, freq="D"), {"level": 0.9}, r"forecast must have the dates of returns"),
        (KNOWN.to_numpy()[1:], {"level": 0.9}, r"forecast must have as many rows as returns, got 5 and 6"),
        (pd.concat([KNOWN, KNOWN], axis=1, keys=["a", "b"]), {"level": 0.9}, r"a column for each of the 1 columns"),
    ],
)
def test_a_forecast_that_cannot_be_compared_is_refused(forecast, options, text):
    with pytest.raises(InvalidInputError, match=text):
        rr.exceedances(RETURNS, forecast, **options)


def test_another_level_than_the_forecasts_and_other_columns_are_refused():
    values = panel()
    known = rr.rolling_tail_risk(values, window=50, level=0.95)
    with pytest.raises(
        InvalidInputError, match=r"level must be that of the forecast, 0\.95, or be left out, got 0\.99"
    ):
        rr.exceedances(values, known, level=0.99)
    with pytest.raises(InvalidInputError, match=r"columns of returns, but 'C' is in returns only"):
        rr.exceedances(values, known.value_at_risk.rename(columns={"C": "D"}), level=0.95)


def test_forecasts_that_are_returns_warn():
    with pytest.warns(ConventionWarning, match=r"100% of its values are below zero.*Pass -forecast"):
        rr.exceedances(RETURNS, -KNOWN, level=0.95)


def test_the_text_says_counted_expected_interval_and_convention():
    found = rr.exceedances(RETURNS, KNOWN, level=0.75)
    assert repr(found) == "Exceedances(3 in 4 rows, 1.0 expected, level=0.75)"
    assert found.summary().splitlines() == [
        "3 exceedances of the 75% VaR in 4 rows, 1.0 expected.",
        "Share 75.00%, 95% interval 19.41% to 99.37%, which contains 25%.",
        "Largest excess: 2024-01-08, a return of -4.00% against a VaR of 2.00%.",
        "VaR of level 0.75 against the return of the next row; a tie is no exceedance. Exact binomial interval "
        "(Clopper & Pearson) of confidence 0.95, for independent exceedances.",
    ]
    assert "against the return of the same row" in rr.exceedances(RETURNS, KNOWN, level=0.75, lag=0).summary()
    assert "the return 2 rows later" in rr.exceedances(RETURNS, KNOWN, level=0.75, lag=2)._repr_html_()
    assert (
        rr.rolling_tail_risk(RETURNS, window=2)
        .summary()
        .endswith(rr.rolling_tail_risk(RETURNS, window=2).exceedances().summary())
    )


def test_a_window_as_long_as_the_history_has_nothing_to_compare():
    both = rr.rolling_tail_risk(RETURNS, window=6)
    assert "No return has a 95% VaR before it." in both.summary()
    assert both.exceedances().to_frame().empty
    assert np.isnan(both.exceedances().interval).all()


def test_the_figure_draws_returns_var_cvar_and_marks_the_exceedances():
    values = panel(rows=8000, columns=1)["A"]
    both = rr.rolling_tail_risk(values, window=250, level=0.99)
    found, ax = both.exceedances(), both.plot(plots.blank_axes())
    marks = ax.lines[-1]
    np.testing.assert_array_equal(marks.get_xdata(orig=True), found.dates.to_numpy())
    np.testing.assert_array_equal(marks.get_ydata(), 100.0 * values[found.dates].to_numpy())
    assert matplotlib.colors.to_hex(marks.get_color()) == LOSS
    # The line at the date of an exceedance is the VaR of the day before. Of 8,000 rows the line has those that show.
    drawn = pd.Series(ax.lines[1].get_ydata(), index=ax.lines[1].get_xdata(orig=True))
    day = found.dates[found.dates.isin(drawn.index)][0]
    assert drawn[day] == -100.0 * both.value_at_risk.shift(1)[day]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "Return", "VaR 99%", "CVaR 99%", f"{found.count} exceedances of the VaR",
    ]  # fmt: skip
    assert ax.get_ylabel() == "Return (% per period)"


def test_assets_are_drawn_below_one_another():
    both = rr.rolling_tail_risk(panel(), window=250, level=0.99)
    ax = both.plot()
    assert isinstance(ax, Axes)
    panels = ax.figure.axes
    assert [each.get_title(loc="right") for each in panels] == ["A", "B", "C"]
    assert [len(each.lines[-1].get_xdata()) for each in panels] == both.exceedances().count.tolist()
    matplotlib.pyplot.close(ax.figure)


def test_a_figure_of_several_assets_needs_its_own_axes():
    both = rr.rolling_tail_risk(panel(), window=250)
    with pytest.raises(InvalidInputError, match=r'ax must be left out for 3 assets.*Pass one asset: returns\["AAPL"\]'):
        both.plot(plots.blank_axes())
    many = pd.DataFrame(np.zeros((3, 13)))
    with pytest.raises(InvalidInputError, match=r"at most 12 assets to be drawn, got 13"):
        plots.plot_exceedances(many, value_at_risk=many, level=0.95)
    with pytest.raises(InvalidInputError, match=r"must have the shape of returns, \(3, 13\), got \(3, 1\)"):
        plots.plot_exceedances(many, value_at_risk=many[[0]], level=0.95)
