"""What is drawn equals what was handed in: the lines, bars and numbers are read back from the Axes."""

import os
import subprocess
import sys
from contextlib import suppress

import matplotlib
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.axes import Axes

from riskresearch import plots
from riskresearch.core import InvalidInputError
from riskresearch.plots._style import LOSS


@pytest.fixture
def ax() -> Axes:
    return plots.blank_axes()


@pytest.fixture
def returns() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    dates = pd.bdate_range("2019-01-01", periods=300, name="date")
    return pd.DataFrame(rng.normal(0.0005, 0.01, (300, 2)), index=dates, columns=["Portfolio", "Index"])


def test_growth_draws_each_column_on_its_dates(ax, returns):
    wealth = (1.0 + returns).cumprod()
    plots.plot_growth(wealth, ax=ax)
    for line, column in zip(ax.lines, wealth, strict=True):
        np.testing.assert_array_equal(line.get_xdata(orig=True), wealth.index.to_numpy())
        np.testing.assert_array_equal(line.get_ydata(orig=True), wealth[column].to_numpy())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Portfolio", "Index"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("Date", "Growth of 1", "linear")


def test_growth_is_logarithmic_when_the_highest_is_more_than_four_times_the_lowest(ax):
    plots.plot_growth(pd.Series([1.0, 4.1]), ax=ax)
    assert (ax.get_yscale(), ax.get_ylabel(), ax.get_xlabel()) == ("log", "Growth of 1 (log scale)", "Observation")


def test_growth_refuses_a_ruined_series_on_a_logarithmic_scale(ax):
    with pytest.raises(InvalidInputError, match=r"wealth must be positive on a logarithmic scale, got 0\.0"):
        plots.plot_growth(pd.Series([1.0, 0.0]), scale="log", ax=ax)


def test_growth_of_a_ruined_series_is_linear_by_itself(ax):
    assert plots.plot_growth(pd.Series([1.0, 0.0]), ax=ax).get_yscale() == "linear"


def test_underwater_is_negative_percent_and_names_the_deepest_point(ax):
    dates = pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03"])
    plots.plot_underwater(pd.Series([0.0, 0.25, 0.125], index=dates, name="fund"), ax=ax)
    assert ax.lines[0].get_ydata().tolist() == [0.0, -25.0, -12.5]
    assert [text.get_text() for text in ax.texts] == ["−25.0%, 2020-01-02"]
    assert ax.get_ylabel() == "Below running peak (%)"


def test_underwater_marks_nothing_when_there_was_no_drawdown(ax):
    plots.plot_underwater(pd.Series([0.0, 0.0]), ax=ax)
    assert len(ax.lines) == 1
    assert len(ax.texts) == 0


def test_rolling_keeps_the_gap_before_the_window_is_full(ax):
    values = pd.Series([np.nan, np.nan, 0.1, 0.2], name="fund")
    plots.plot_rolling(values, label="Volatility (% per year)", percent=True, ax=ax)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [np.nan, np.nan, 10.0, 20.0])


def test_rolling_draws_the_zero_line_only_where_signs_change(ax):
    plots.plot_rolling(pd.Series([-1.0, 1.0]), label="Sharpe ratio (per year)", ax=ax)
    assert list(ax.lines[1].get_ydata()) == [0.0, 0.0]
    positive = plots.plot_rolling(pd.Series([1.0, 2.0]), label="Sharpe ratio (per year)", ax=plots.blank_axes())
    assert len(positive.lines) == 1


def test_distribution_counts_every_return_and_splits_exactly_at_the_value_at_risk(ax, returns):
    portfolio = returns["Portfolio"]
    threshold = -np.sort(portfolio.to_numpy())[14]
    plots.plot_distribution(
        portfolio, value_at_risk=threshold, conditional_value_at_risk=0.03, level=0.95, period="day", ax=ax
    )
    counts = [bar.get_height() for bar in ax.patches]
    tail = [bar.get_height() for bar in ax.patches if bar.get_facecolor()[:3] == matplotlib.colors.to_rgb(LOSS)]
    assert sum(counts) == 300
    assert sum(tail) == (portfolio < -threshold).sum() == 14
    assert [line.get_xdata()[0] for line in ax.lines[:2]] == [-100.0 * threshold, -3.0]
    assert [text.get_text() for text in ax.texts] == [f"VaR 95%: {100 * threshold:.2f}%", "CVaR 95%: 3.00%"]
    assert ax.get_xlabel() == "Return per day (%)"


def test_distribution_of_constant_returns_is_one_bar(ax):
    plots.plot_distribution(
        pd.Series([0.01, 0.01]), value_at_risk=-0.01, conditional_value_at_risk=-0.01, level=0.95, ax=ax
    )
    assert [bar.get_height() for bar in ax.patches if bar.get_height()] == [2.0]


def test_distribution_refuses_returns_that_are_all_missing(ax):
    with pytest.raises(InvalidInputError, match="at least one finite value"):
        plots.plot_distribution(
            pd.Series([np.nan]), value_at_risk=0.0, conditional_value_at_risk=0.0, level=0.95, ax=ax
        )


def test_monthly_table_writes_percent_and_leaves_missing_months_blank(ax):
    monthly = pd.DataFrame({"Jan": [0.012, np.nan], "Feb": [-0.034, 0.5]}, index=[2020, 2021])
    plots.plot_monthly_table(monthly, ax=ax)
    written = {text.get_position(): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "1.2", (1, 0): "−3.4", (1, 1): "50.0"}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2020", "2021"]


def test_correlation_writes_hundredths_and_refuses_other_labels(ax):
    matrix = pd.DataFrame([[1.0, -0.2], [-0.2, 1.0]], index=["A", "B"], columns=["A", "B"])
    assert [text.get_text() for text in plots.plot_correlation(matrix, ax=ax).texts] == ["100", "−20", "−20", "100"]
    with pytest.raises(InvalidInputError, match="same labels on rows and columns"):
        plots.plot_correlation(matrix.set_axis(["A", "C"]), ax=ax)


def test_correlation_of_many_columns_leaves_the_numbers_to_the_table(ax):
    names = [f"asset {number}" for number in range(26)]
    matrix = pd.DataFrame(np.eye(26), index=names, columns=names)
    assert len(plots.plot_correlation(matrix, ax=ax).texts) == 0


@pytest.mark.parametrize("count", [1, 4, 40])
def test_intervals_are_drawn_from_the_top_and_none_lies_on_the_frame(ax, count):
    frame = pd.DataFrame({"estimate": np.arange(count, dtype=float)}).assign(
        lower=lambda rows: rows["estimate"] - 1.0, upper=lambda rows: rows["estimate"] + 2.0
    )
    plots.plot_intervals(frame, label="Sharpe ratio", ax=ax)
    drawn = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    np.testing.assert_array_equal(drawn, frame[["lower", "upper"]].to_numpy())
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), frame["estimate"].to_numpy())
    bottom, top = ax.get_ylim()
    assert bottom - (count - 1) == pytest.approx(0.7)
    assert top == pytest.approx(-0.7)


def test_no_intervals_are_refused(ax):
    with pytest.raises(InvalidInputError, match="intervals must not be empty"):
        plots.plot_intervals(pd.DataFrame(columns=["estimate", "lower", "upper"], dtype=float), label="", ax=ax)


@pytest.mark.parametrize("draw", [plots.plot_growth, plots.plot_underwater, plots.plot_monthly_table])
def test_nothing_to_draw_is_refused(ax, draw):
    with pytest.raises(InvalidInputError, match="must hold at least one value to draw"):
        draw(pd.DataFrame(), ax=ax)


@pytest.mark.parametrize("name", ["_hidden", "$\\frac$", "<script>"])
def test_names_are_written_as_they_are(ax, name):
    plots.plot_growth(pd.DataFrame({name: [1.0, 2.0]}), ax=ax)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [name]
    assert not ax.get_legend().get_texts()[0].get_parse_math()


def test_dates_with_a_zone_and_periods_are_drawn(ax):
    zoned = pd.Series([1.0, 2.0], index=pd.to_datetime(["2020-01-01", "2020-01-02"]).tz_localize("Asia/Tokyo"))
    plots.plot_growth(zoned, ax=ax)
    monthly = zoned.set_axis(pd.period_range("2020-01", periods=2, freq="M"))
    other = plots.plot_growth(monthly, ax=plots.blank_axes())
    assert ax.lines[0].get_xdata(orig=True)[1] == np.datetime64("2020-01-02")
    assert other.lines[0].get_xdata(orig=True)[1] == np.datetime64("2020-02-01")


def test_the_input_is_not_changed(returns, ax):
    before = returns.copy()
    plots.plot_growth(1.0 + returns, ax=ax)
    plots.plot_rolling(returns, label="Return", ax=ax)
    pd.testing.assert_frame_equal(returns, before)


def test_pyplot_is_only_imported_when_no_axes_are_given():
    script = (
        "import sys, pandas as pd\nfrom riskresearch import plots\nwealth = pd.Series([1.0, 2.0])\n"
        "plots.plot_growth(wealth, ax=plots.blank_axes())\nassert 'matplotlib.pyplot' not in sys.modules\n"
        "print(type(plots.plot_growth(wealth)).__name__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert run.stdout == "Axes\n"


def test_the_session_settings_stay_as_they_were(ax):
    before = dict(matplotlib.rcParams)
    with plots.plot_style():
        plots.figure_to_svg(plots.plot_growth(pd.Series([1.0, 2.0]), ax=ax).figure, name="a", description="b")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize("error", [None, ValueError])
def test_a_backend_that_is_chosen_for_the_first_figure_stays_interactive(monkeypatch, chosen, error):
    monkeypatch.setitem(matplotlib.rcParams, "interactive", not chosen)
    with suppress(ValueError), plots.plot_style():
        matplotlib.interactive(chosen)  # what the inline backend of Jupyter does when the first figure is made
        if error is not None:
            raise error
    assert matplotlib.is_interactive() is chosen


def test_frames_of_polars_and_arrow_are_drawn_as_those_of_pandas(ax, returns):
    wealth = (1.0 + returns).cumprod()
    right = plots.plot_growth(wealth, ax=plots.blank_axes()).lines[0].get_xydata()
    named = wealth if isinstance(wealth, pd.DataFrame) else wealth.to_frame("fund")
    table = pa.Table.from_pandas(named.rename_axis("date").reset_index(), preserve_index=False)
    for given in (table, pl.from_arrow(table)):
        assert np.array_equal(plots.plot_growth(given, ax=plots.blank_axes()).lines[0].get_xydata(), right)


@pytest.mark.parametrize("index", [[True, False], [1j, 2j], pd.interval_range(0, 2), [(1, 2), (3, 4)], [None, None]])
def test_what_cannot_stand_on_an_axis_is_refused(ax, index):
    with pytest.raises(InvalidInputError, match=r"must be indexed by dates, numbers or text, got an index of"):
        plots.plot_underwater(pd.Series([0.0, 0.1], index=pd.Index(index)), ax=ax)


def test_what_has_no_length_is_not_drawn(ax):
    with pytest.raises(InvalidInputError, match=r"must be finite to be drawn as bars"):
        plots.plot_bars(pd.Series([1.0, np.inf]), label="x", ax=ax)
    with pytest.raises(
        InvalidInputError, match=r"intervals must be a DataFrame with the columns estimate, lower and upper"
    ):
        plots.plot_intervals(pd.Series([1.0]), label="x", ax=ax)
    with pytest.raises(InvalidInputError, match=r"volatility must be one number for each asset, got \['x'\]"):
        plots.plot_risk_return(["x"], [0.1], names=["a"], ax=ax)
