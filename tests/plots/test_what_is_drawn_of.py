"""Returns that are passed where wealth, drawdowns, years or months belong: the answer has the line that makes these."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import plots
from riskresearch.core import InvalidInputError

DATES = pd.bdate_range("2020-01-01", periods=600)
RETURNS = pd.DataFrame(np.random.default_rng(0).normal(0.0005, 0.01, (600, 2)), DATES, ["A", "B"])


@pytest.mark.parametrize(
    ("draw", "given", "rule"),
    [
        (plots.plot_growth, RETURNS["A"], "wealth must be positive, got values from -0.0"),
        (plots.plot_underwater, RETURNS["A"], "drawdown must not be negative, got -0.0"),
        (plots.plot_calendar_years, RETURNS["A"], "returns must have one row a year, got 600 rows in 3 years"),
        (plots.plot_monthly_table, RETURNS["A"], "one row a year and one column a month, got 600 rows of dates"),
        (plots.plot_correlation, RETURNS, "the same labels on rows and columns, got 600 rows and 2 columns"),
    ],
)
def test_returns_are_refused_with_the_line_that_works(draw, given, rule):
    with pytest.raises(InvalidInputError, match=rule) as caught:
        draw(given)
    line = re.search(r"((?:riskresearch\.metrics\.\w+\(returns.*\))|returns\.corr\(\))\.$", str(caught.value))[1]
    draw(eval(line, {"riskresearch": riskresearch, "returns": given}))
    plt.close("all")


def test_wealth_that_ends_below_zero_and_years_with_dates_are_drawn():
    wealth = [1.0, 0.4, -0.1, -0.2, -0.2]
    growth = plots.plot_growth(pd.Series(wealth), scale="linear")
    assert growth.lines[0].get_ydata().tolist() == wealth
    years = riskresearch.metrics.aggregate_returns(RETURNS, to="year")
    bars = [bar.get_height() for bar in plots.plot_calendar_years(years).patches]
    assert sorted(bars) == pytest.approx(sorted(100.0 * years.to_numpy().ravel()), rel=1e-12)
    drawn = plots.plot_underwater(pd.Series([0.0, np.nan, 0.1])).lines[0].get_ydata()
    assert drawn[[0, 2]].tolist() == [0.0, -10.0]
    assert np.isnan(drawn[1])
    plt.close("all")
