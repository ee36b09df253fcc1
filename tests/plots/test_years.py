"""Bars of calendar years: one for each number, side by side, their years readable at any count."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from riskresearch import plots
from riskresearch.core import InvalidInputError
from riskresearch.plots._style import LINE_COLOURS


def returns(count, series=2, first=1950):
    numbers = np.random.default_rng(2).normal(0.08, 0.2, (count, series))
    return pd.DataFrame(numbers, index=range(first, first + count), columns=["fund", "index", "a", "b"][:series])


def drawn(frame, **size):
    ax = plots.plot_calendar_years(frame, ax=plots.blank_axes(**size))
    ax.figure.draw_without_rendering()
    return ax


def test_every_number_is_a_bar_in_percent_and_the_bars_of_a_year_stand_side_by_side():
    frame = returns(5)
    bars = drawn(frame).patches
    np.testing.assert_allclose([bar.get_height() for bar in bars], 100.0 * frame.T.to_numpy().ravel())
    centres = np.array([bar.get_x() + 0.5 * bar.get_width() for bar in bars]).reshape(2, 5)
    np.testing.assert_allclose(centres.mean(axis=0), range(5), atol=1e-12)
    np.testing.assert_allclose(centres[1] - centres[0], bars[0].get_width())
    assert [to_hex(bars[place].get_facecolor()) for place in (0, 5)] == list(LINE_COLOURS[:2])


def test_a_series_has_one_bar_a_year_and_no_legend():
    ax = drawn(returns(4)["fund"])
    assert len(ax.patches) == 4
    assert ax.get_legend() is None


def test_missing_years_have_no_bar():
    frame = returns(4)
    frame.iloc[0, 1] = np.nan
    assert len(drawn(frame).patches) == 7
    assert len(drawn(frame * np.nan).patches) == 0


@pytest.mark.parametrize("index", [pd.date_range("2018-12-31", periods=3, freq="YE"), ["2018", "2019", "2020"],
                                   pd.period_range("2018", periods=3, freq="Y"), [2018, 2019, 2020]])  # fmt: skip
def test_years_are_named_as_they_are_or_by_their_dates(index):
    ax = drawn(returns(3).set_axis(index))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2018", "2019", "2020"]


@pytest.mark.parametrize("width", [370, 600])
@pytest.mark.parametrize(("count", "series"), [(1, 1), (1, 2), (3, 4), (20, 2), (73, 2), (300, 1)])
def test_no_name_of_a_year_covers_another_one_and_the_legend_covers_no_bar(count, series, width):
    ax = drawn(returns(count, series), width=width, height=170)
    names = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(names))
    assert ax.get_xticklabels()[-1].get_text() == str(1950 + count - 1)
    if series > 1:
        legend = ax.get_legend()
        for entry in [*legend.get_texts(), *legend.get_patches()]:
            assert not any(entry.get_window_extent().overlaps(bar.get_window_extent()) for bar in ax.patches)


def test_what_is_no_return_is_refused():
    with pytest.raises(InvalidInputError, match="returns must be finite to be drawn as bars"):
        drawn(returns(3).replace(returns(3).iloc[0, 0], np.inf))
    with pytest.raises(InvalidInputError, match="must hold at least one value to draw"):
        drawn(returns(3).iloc[:0])
    with pytest.raises(InvalidInputError, match="returns must be a Series or a DataFrame"):
        drawn([0.1])
