"""Marks of VaR and CVaR at several levels: at their values, and no name covers anything, whatever the returns are."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics, plots
from riskresearch.core import InvalidInputError
from tests.examples import examples

RNG = np.random.default_rng(5)
NORMAL = RNG.normal(0.0, 0.01, 500)
SAMPLES = {
    "normal": NORMAL,
    "few": np.array([0.01, -0.02, 0.03, -0.01, 0.0, 0.02, -0.04]),
    "equal": np.full(30, 0.01),
    "equal losses": np.full(30, -0.01),
    "one": np.array([-0.01]),
    "zero": np.zeros(5),
    "a crash": np.append(NORMAL, -0.9),
    "a jump": np.append(NORMAL, 50.0),
    "both": np.concatenate([NORMAL, [-0.99, 8.0]]),
    "uniform": RNG.uniform(-0.02, 0.02, 300),
    "two values": np.tile([-0.02, 0.02], 40),
    "only gains": RNG.uniform(0.01, 0.02, 100),
    "fat tails": np.expm1(0.01 * RNG.standard_t(2, 2_000)),
    "tiny": 1e-9 * NORMAL,
}


def risk(returns, levels):
    return {
        "level": list(levels),
        "value_at_risk": [metrics.value_at_risk(returns, level=one) for one in levels],
        "conditional_value_at_risk": [metrics.conditional_value_at_risk(returns, level=one) for one in levels],
    }


def drawn(returns, levels=(0.95, 0.99), **size):
    ax = plots.blank_axes(**size)
    plots.plot_distribution(pd.Series(returns), **risk(returns, levels), period="day", ax=ax)
    ax.figure.draw_without_rendering()
    return ax


def assert_clear(ax):
    """Check that names lie within the axes, on no other name, no bar and no line."""
    boxes = [text.get_window_extent() for text in ax.texts]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.shrunk(1.0, 0.9).overlaps(other)
    bars = [bar.get_window_extent() for bar in ax.patches if bar.get_height() > 0]
    lines = [line.get_transform().transform(line.get_xydata()) for line in ax.lines[: len(boxes)]]
    for box in boxes:
        assert ax.bbox.x0 <= box.x0 < box.x1 <= ax.bbox.x1
        assert ax.bbox.y0 < box.y0 < box.y1 <= ax.bbox.y1
        assert not any(box.shrunk(1.0, 0.8).overlaps(bar) for bar in bars)
        for (x, bottom), (_, top) in lines:
            assert not (box.x0 < x < box.x1 and bottom < box.y1 - 1.0 and top > box.y0 + 1.0)


@pytest.mark.parametrize(("width", "height"), [(600, 240), (370, 190)])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_name_covers_another_one_nor_a_bar_nor_a_line_nor_the_axis(name, width, height):
    assert_clear(drawn(SAMPLES[name], width=width, height=height))


@given(st.lists(st.floats(-0.9, 3.0), min_size=1, max_size=40), st.sampled_from([(0.95,), (0.9, 0.95, 0.99)]))
@examples(15)
def test_names_are_clear_for_any_returns(returns, levels):
    assert_clear(drawn(np.array(returns), levels, width=500, height=240))


def test_each_level_has_a_line_at_its_value_at_risk_and_one_at_its_mean_loss():
    ax, right = drawn(NORMAL), risk(NORMAL, (0.95, 0.99))
    values = [-100.0 * right[name][number] for number in (0, 1)
              for name in ("value_at_risk", "conditional_value_at_risk")]  # fmt: skip
    assert [line.get_xdata()[0] for line in ax.lines[:4]] == values
    assert [text.get_text() for text in ax.texts] == [
        f"{word} {level}%: {-value:.2f}%"
        for (level, word), value in zip(itertools.product((95, 99), ("VaR", "CVaR")), values, strict=True)
    ]


def test_the_colour_changes_at_the_value_at_risk_of_the_lowest_level_in_any_order():
    one, other = drawn(NORMAL, (0.95, 0.99)), drawn(NORMAL, (0.99, 0.95))
    colours = [[bar.get_facecolor() for bar in ax.patches] for ax in (one, other)]
    assert colours[0] == colours[1]
    edges = np.array([bar.get_x() for bar in one.patches])
    assert np.abs(edges + 100.0 * metrics.value_at_risk(NORMAL, level=0.95)).min() < 1e-12


def test_counts_are_whole_numbers_on_the_axis():
    assert all(float(tick).is_integer() for tick in drawn(np.array([-0.01])).get_yticks())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"level": [0.95]}, r"must have one number for each level, got 1, 2 and 2"),
        ({"value_at_risk": [0.1, np.nan]}, r"value_at_risk must be finite, one number for each level"),
        ({"conditional_value_at_risk": ["a", "b"]}, r"conditional_value_at_risk must be a number, or one for each"),
    ],
)
def test_marks_that_do_not_match_are_refused(changed, message):
    with pytest.raises(InvalidInputError, match=message):
        plots.plot_distribution(pd.Series(NORMAL), **{**risk(NORMAL, (0.95, 0.99)), **changed}, ax=plots.blank_axes())


@pytest.mark.parametrize("count", [0, 5])
def test_none_or_too_many_levels_are_refused(count):
    some = [0.9] * count
    with pytest.raises(InvalidInputError, match=f"level must be 1 to 4 levels to be readable, got {count}"):
        plots.plot_distribution(
            pd.Series(NORMAL), level=some, value_at_risk=some, conditional_value_at_risk=some, ax=plots.blank_axes()
        )
