"""Shaded spans lie where their dates are, are numbered in order, and no number covers another or the legend."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from matplotlib.dates import date2num

from riskresearch import metrics, plots
from riskresearch.core import InvalidInputError
from tests.examples import examples

DATES = pd.bdate_range("2015-01-01", periods=1_000, name="date")


def wealth(index=DATES, rows=1_000):
    returns = np.random.default_rng(3).normal(0.0005, 0.01, rows)
    return pd.Series(np.cumprod(1.0 + returns), index=index[:rows], name="fund")


def drawn(shaded, values=None, **size):
    return plots.plot_growth(wealth() if values is None else values, shaded=shaded, ax=plots.blank_axes(**size))


def ends(ax):
    return [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches]


def test_spans_lie_at_their_dates_and_are_numbered_in_the_order_given():
    ax = drawn([("2017-03-01", "2017-06-01"), (pd.Timestamp("2015-02-02"), np.datetime64("2015-09-01"))])
    right = [date2num([np.datetime64(one), np.datetime64(other)]) for one, other in
             [("2017-03-01", "2017-06-01"), ("2015-02-02", "2015-09-01")]]  # fmt: skip
    np.testing.assert_allclose(ends(ax), right)
    assert [text.get_text() for text in ax.texts] == ["1", "2"]
    assert [text.get_position() for text in ax.texts] == [(0.0, -1.0), (0.0, -1.0)]
    np.testing.assert_allclose([text.xy[0] for text in ax.texts], np.mean(right, axis=1))


def test_the_worst_drawdowns_are_a_frame_of_two_columns_and_the_last_may_not_be_over():
    table = metrics.drawdown_table(wealth().pct_change().dropna(), top=3).to_frame()
    pairs = table[["peak", "recovery"]]
    unfinished = pairs.assign(recovery=pairs["recovery"].mask(pairs["recovery"].notna()))
    named = pairs.set_axis(["start", "end"], axis=1).assign(depth=0.1)
    assert ends(drawn(pairs)) == ends(drawn(named)) == ends(drawn(list(pairs.itertuples(index=False, name=None))))
    assert {end for _, end in ends(drawn(unfinished))} == {date2num(DATES[-1].to_datetime64())}


@pytest.mark.parametrize("nothing", [[], (), pd.DataFrame({"start": [], "end": []})])
def test_no_span_is_no_shade_and_takes_no_room(nothing):
    ax, plain = drawn(nothing), plots.plot_growth(wealth(), ax=plots.blank_axes())
    assert len(ax.patches) == 0
    assert ax.get_ylim() == plain.get_ylim()


def test_what_reaches_beyond_the_dates_is_cut_and_what_lies_outside_keeps_its_number():
    ax = drawn([("1990-01-01", "1995-01-01"), ("2010-01-01", "2015-06-01"), (None, None), ("2030-01-01", None)])
    first, last = date2num([DATES[0].to_datetime64(), DATES[-1].to_datetime64()])
    assert [text.get_text() for text in ax.texts] == ["2", "3"]
    assert ends(ax)[0][0] == first
    np.testing.assert_allclose(ends(ax)[1], (first, last))


def test_rows_without_dates_periods_and_zones_are_shaded_by_their_own_labels():
    assert ends(drawn([(10, 20), (30, np.nan)], wealth(pd.RangeIndex(1_000)))) == [(10.0, 20.0), (30.0, 999.0)]
    months = pd.period_range("2015-01", periods=24, freq="M")
    span = [(months[2], months[5])]
    assert ends(drawn(span, wealth(months, 24))) == ends(drawn([("2015-03-01", "2015-06-01")], wealth(months, 24)))
    tokyo = wealth(DATES.tz_localize("Asia/Tokyo"))
    instant = pd.Timestamp("2015-03-01 15:00", tz="UTC")  # midnight of 2 March in Tokyo
    assert ends(drawn([(instant, None)], tokyo))[0][0] == date2num(np.datetime64("2015-03-02"))


@pytest.mark.parametrize(
    ("shaded", "message"),
    [
        ([("2016-05-01", "2016-01-01")], r"shaded must not end before it starts, got 2016-05-01 to 2016-01-01"),
        ([("2016-05-01",)], r"shaded must be pairs of \(start, end\) or a DataFrame .* drawdown_table"),
        ("2016", r"must be"),
        ([(1, 2)], r"shaded must start and end at dates, as the rows of what is drawn have, got \[1\]"),
        ([("never", None)], r"shaded must start and end at dates"),
        (pd.DataFrame({"a": [1], "b": [2], "c": [3]}), r"shaded must be pairs of \(start, end\)"),
    ],
)
def test_what_is_no_span_of_dates_is_refused(shaded, message):
    with pytest.raises(InvalidInputError, match=message):
        drawn(shaded)


def test_rows_named_by_text_have_no_spans():
    with pytest.raises(InvalidInputError, match="shaded needs an index of dates or numbers"):
        drawn([("a", "b")], pd.Series([1.0, 1.1], index=["a", "b"]))


@given(
    starts=st.lists(st.integers(0, 990), min_size=1, max_size=12),
    length=st.integers(0, 60),
    wide=st.sampled_from([370, 600]),
)
@examples(15)
def test_no_number_covers_another_one_nor_the_legend(starts, length, wide):
    ax = drawn([(DATES[start], DATES[min(start + length, 999)]) for start in starts], width=wide, height=220)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts] + [ax.get_legend().get_texts()[0].get_window_extent()]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.shrunk(0.98, 0.98).overlaps(other)
    assert all(box.y1 <= ax.bbox.y1 for box in boxes)
