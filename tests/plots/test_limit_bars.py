"""Bars of used limits and of counts: lengths and numbers by hand, values that no bar can show, none at all."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import plots
from riskresearch.core import InvalidInputError


def bars(ax):
    """Return row, start and length of each bar that is seen."""
    shapes = [(bar.get_y() + 0.5 * bar.get_height(), bar.get_x(), bar.get_width()) for bar in ax.patches]
    return [(round(row), start, length) for row, start, length in shapes if length]


def test_a_bar_is_as_long_as_what_is_used_and_hatched_over_the_limit():
    used = pd.Series({"LEVERAGE": 0.5, "WEIGHT": 1.0, "GROUP": 1.25, "CUSTOM": 0.0})
    ax = plots.plot_used(used, ax=plots.blank_axes())
    assert bars(ax) == [(0, 0.0, 50.0), (1, 0.0, 100.0), (2, 0.0, 125.0)]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True, False]
    assert [text.get_text() for text in ax.texts] == ["50%", "100%", "125%", "0%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(used.index)
    assert set(ax.lines[0].get_xdata()) == {100.0}


def test_values_that_no_bar_can_show_are_written():
    ax = plots.plot_used(pd.Series([np.inf, 41.0, np.nan, -0.2, 0.00123]), ax=plots.blank_axes())
    assert bars(ax)[:2] == [(0, 0.0, 200.0), (1, 0.0, 200.0)]
    assert bars(ax)[2] == (4, 0.0, pytest.approx(0.123, rel=1e-15))
    assert [text.get_text() for text in ax.texts] == ["∞", "4,100%", "unknown", "\u221220%", "0.123%"]


def test_the_kinds_of_a_count_stand_one_after_the_other_and_are_told_apart_without_colour():
    counts = pd.DataFrame({"denied": [12, 3, 0], "warned": [0, 4, 0]}, index=["WEIGHT", "LEVERAGE", "TURNOVER"])
    ax = plots.plot_counts(counts, ax=plots.blank_axes())
    assert bars(ax) == [(0, 0.0, 12.0), (1, 0.0, 3.0), (1, 3.0, 4.0)]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True]
    assert [text.get_text() for text in ax.texts] == ["12", "3 + 4", "0"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["denied", "warned"]


@pytest.mark.parametrize("draw", [plots.plot_used, plots.plot_counts])
def test_nothing_to_draw_is_said(draw):
    empty = pd.Series(dtype=float) if draw is plots.plot_used else pd.DataFrame(columns=["denied", "warned"], dtype=int)
    ax = draw(empty, ax=plots.blank_axes())
    assert bars(ax) == []
    assert [text.get_text() for text in ax.texts] == ["None"]


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_what_is_no_count_is_refused(wrong):
    with pytest.raises(InvalidInputError, match=f"counts must be finite and 0 or more, got {wrong}"):
        plots.plot_counts(pd.DataFrame({"denied": [2.0, wrong]}))


def test_what_is_no_number_is_refused():
    with pytest.raises(InvalidInputError, match="used must"):
        plots.plot_used(pd.Series({"LEVERAGE": "half"}))
