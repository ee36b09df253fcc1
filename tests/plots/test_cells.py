"""Heat maps: colours scale to the numbers, and only numbers and labels that can be read are written."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from riskresearch import plots
from riskresearch.plots._canvas import short_names
from riskresearch.plots._cells import STRONGEST, WEAKEST, Scale, scale_of
from riskresearch.plots._style import GAIN, LOSS
from tests.plots.figures import correlation, grid


def drawn(frame, **size):
    return plots.plot_heat_map(frame, label="Sharpe ratio", ax=plots.blank_axes(**size))


def test_numbers_of_one_sign_use_all_of_one_colour_from_the_smallest_to_the_largest():
    # By hand: 0.5 is the weakest, 0.7 the strongest, 0.6 halfway.
    colours = scale_of(np.array([0.5, 0.7])).colours(np.array([0.5, 0.6, 0.7, np.nan]))
    np.testing.assert_allclose(colours[:, 3], [WEAKEST, 0.5 * (WEAKEST + STRONGEST), STRONGEST, 0.0])
    np.testing.assert_allclose(colours[:, :3], np.tile(to_rgb(GAIN), (4, 1)))


def test_losses_are_stronger_the_larger_they_are():
    colours = scale_of(np.array([-0.5, -0.1])).colours(np.array([-0.5, -0.1]))
    np.testing.assert_allclose(colours[:, 3], [STRONGEST, WEAKEST])
    np.testing.assert_allclose(colours[:, :3], np.tile(to_rgb(LOSS), (2, 1)))


def test_numbers_of_both_signs_are_as_strong_as_they_are_large():
    colours = scale_of(np.array([-1.0, 4.0])).colours(np.array([-1.0, 0.0, 2.0, 4.0]))
    np.testing.assert_allclose(colours[:, 3], [0.25 * STRONGEST, 0.0, 0.5 * STRONGEST, STRONGEST])
    np.testing.assert_allclose(colours[[0, 3], :3], [to_rgb(LOSS), to_rgb(GAIN)])


@pytest.mark.parametrize("values", [[np.nan, np.inf], []])
def test_no_finite_number_has_a_scale_all_the_same(values):
    assert scale_of(np.array(values)) == Scale(0.0, 1.0)


def test_a_colour_bar_goes_from_the_smallest_to_the_largest_number_with_its_name():
    frame = grid(4, 5)
    ax = drawn(frame)
    _, bar = ax.figure.axes
    assert bar.get_ylabel() == "Sharpe ratio"
    np.testing.assert_allclose(bar.get_ylim(), (frame.min(axis=None), frame.max(axis=None)))
    both = drawn(grid(4, 5, mean=0.0))
    low, high = both.figure.axes[1].get_ylim()
    assert low == -high


@pytest.mark.parametrize("value", [0.0, 0.3, -0.3])
def test_equal_numbers_are_drawn(value):
    ax = drawn(pd.DataFrame(np.full((2, 3), value)))
    ax.figure.draw_without_rendering()
    assert len(ax.texts) == 6


@pytest.mark.parametrize(
    ("rows", "columns", "numbers"), [(4, 5, 20), (8, 10, 80), (20, 20, 0), (300, 200, 0), (1, 60, 0)]
)
def test_numbers_are_written_where_all_of_them_are_readable(rows, columns, numbers):
    assert len(drawn(grid(rows, columns)).texts) == numbers
    assert len(plots.plot_heat_map(grid(rows, columns), label="Sharpe ratio").texts) <= max(numbers, 150)


def test_a_new_figure_never_grows_beyond_a_page():
    width, height = plots.plot_heat_map(grid(300, 200), label="Sharpe ratio").figure.get_size_inches() * 72.0
    assert (width, height) == (600.0, 460.0)


@pytest.mark.parametrize("count", [2, 20, 30])
def test_a_correlation_has_numbers_or_a_colour_bar(count):
    ax = plots.plot_correlation(correlation(count), ax=plots.blank_axes(width=600, height=70 + 17 * min(count, 20)))
    assert bool(ax.texts) != (len(ax.figure.axes) == 2)


def test_long_names_keep_what_tells_them_apart():
    names = [f"A fund with a long name {number}" for number in (1, 2)]
    assert [len(name) for name in short_names(names, 16)] == [16, 16]
    assert len(set(short_names(names, 16))) == 2
    assert short_names(["Apple Incorporated", "Bank"], 8) == ["Apple I…", "Bank"]
    assert short_names(["same", "same"], 3) == ["sa…", "sa…"]
