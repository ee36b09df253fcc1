"""Drawdowns: the path, the worst, the average, the Ulcer index, and the table of episodes."""

import dataclasses
import math
import re
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.metrics import (
    DrawdownTable,
    average_drawdown,
    drawdown,
    drawdown_table,
    max_drawdown,
    simple_returns,
    ulcer_index,
    wealth_index,
)
from riskresearch.plots import blank_axes
from tests.reference import published
from tests.samples import fat_tailed, returns_arrays

HAND = published.DRAWDOWN_RETURNS
EDHEC_MONTHS = pd.DatetimeIndex(published.EDHEC_DATES)
SHALLOW = 0.5  # above half the peak, peak - wealth is exact and the drawdown is rounded once


def exact_path(wealth):
    """Return the drawdowns of float wealths as exact fractions, the first peak being 1."""
    peak, path = Fraction(1), []
    for value in map(Fraction, wealth):
        peak = max(peak, value)
        path.append((peak - value) / peak)
    return path


# --- reference values


def test_the_hand_made_path_is_found():
    assert drawdown(HAND) == pytest.approx(np.array(published.DRAWDOWN_SERIES), rel=1e-12, abs=1e-15)
    assert max_drawdown(HAND) == pytest.approx(published.DRAWDOWN_MAX, rel=1e-12)
    assert average_drawdown(HAND) == pytest.approx(published.DRAWDOWN_MEAN_OF_DEPTHS, rel=1e-12)
    assert ulcer_index(HAND) == pytest.approx(published.DRAWDOWN_ULCER, rel=1e-12)
    assert drawdown(HAND).mean() == pytest.approx(published.DRAWDOWN_MEAN_OF_SERIES, rel=1e-12)


def test_the_hand_made_table_is_found():
    """The wealth is flat on rows 7 and 8: the peak is the last row at the peak, 8."""
    table = drawdown_table(HAND)
    _, peaks, starts, troughs, recoveries, depths = zip(*published.DRAWDOWN_TABLE, strict=True)
    assert table.peak == (2, None, 8)
    assert [-1 if peak is None else peak for peak in table.peak] == list(peaks)
    assert table.start == starts
    assert table.trough == troughs
    assert table.recovery == recoveries
    assert table.depth == pytest.approx(depths, rel=1e-12)
    assert table.rows_down == (3, 1, 2)
    assert table.rows_up == (2, 1, None)


def test_bacons_drawdowns_equal_r():
    returns = published.BACON["portfolio"]
    assert max_drawdown(returns) == pytest.approx(published.BACON_EXACT["max_drawdown"], rel=1e-12)
    assert ulcer_index(returns) == pytest.approx(published.BACON_EXACT["ulcer_index"], rel=1e-12)
    assert drawdown(returns).mean() == pytest.approx(published.BACON_EXACT["pain_index"], rel=1e-12)
    assert sorted(drawdown_table(returns).depth) == pytest.approx(
        sorted(published.BACON_DRAWDOWNS_FROM_PEAK), rel=1e-12
    )
    expected = sum(published.BACON_DRAWDOWNS_FROM_PEAK) / 4
    assert average_drawdown(returns) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("column", published.EDHEC_DRAWDOWNS_PA)
def test_edhec_tables_equal_performanceanalytics(column):
    """PA counts the months from the first under water to the recovery, both included."""
    expected = published.EDHEC_DRAWDOWNS_PA[column]
    table = drawdown_table(pd.Series(published.EDHEC[column], index=EDHEC_MONTHS), top=5)
    days = [pd.Timestamp(day) if day else None for row in expected for day in row[:3]]
    found = [day for fields in zip(table.start, table.trough, table.recovery, strict=True) for day in fields]
    assert found == days
    assert [round(depth, 4) for depth in table.depth] == [row[3] for row in expected]
    assert list(table.rows_down) == [row[5] for row in expected]
    assert list(table.rows_up) == [row[6] for row in expected]
    rows = {day: row for row, day in enumerate(EDHEC_MONTHS)}
    # PA's length of an open drawdown ends one month after the data.
    ends = [len(rows) if day is None else rows[day] for day in table.recovery]
    lengths = [end - rows[day] + 1 for end, day in zip(ends, table.start, strict=True)]
    assert lengths == [row[4] for row in expected]
    peaks = [EDHEC_MONTHS[rows[day] - 1] if rows[day] else None for day in table.start]
    assert list(table.peak) == peaks


# --- edges of a path


def test_a_loss_on_the_first_day_counts_from_the_starting_wealth():
    assert drawdown([-0.2, 0.1]).tolist() == pytest.approx([0.2, 0.12], rel=1e-12)
    assert max_drawdown([-0.2, 0.5]) == pytest.approx(0.2, rel=1e-12)
    table = drawdown_table(pd.Series([-0.2, 0.5], index=pd.to_datetime(["2024-01-02", "2024-01-03"])))
    assert table.peak == (None,)
    assert table.start == (pd.Timestamp("2024-01-02"),)
    assert table.to_frame()["peak"].isna().all()


def test_an_open_drawdown_has_no_recovery():
    table = drawdown_table([0.1, -0.2, 0.05])
    assert (table.peak, table.trough, table.recovery, table.rows_up) == ((0,), (1,), (None,), (None,))
    assert table.to_frame()["rows_up"].isna().all()


@pytest.mark.parametrize("flat", [1, 2, 5])
def test_the_peak_is_the_last_row_of_a_flat_top(flat):
    table = drawdown_table([0.1] + [0.0] * flat + [-0.1, 0.2])
    assert table.peak == (flat,)
    assert table.rows_down == (1,)


def test_wealth_just_back_at_the_peak_has_recovered():
    table = drawdown_table([-0.5, 1.0, -0.5, 1.0])
    assert table.recovery == (1, 3)
    assert drawdown([-0.5, 1.0]).tolist() == [0.5, 0.0]


def test_everything_lost_stays_a_drawdown_of_one():
    assert drawdown([0.5, -1.0, 7.0, -0.5]).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert max_drawdown([0.5, -1.0, 7.0]) == 1.0
    table = drawdown_table([0.5, -1.0, 7.0])
    assert (table.trough, table.recovery, table.depth) == ((1,), (None,), (1.0,))


def test_gains_only_have_no_drawdown():
    for measure in (max_drawdown, average_drawdown, ulcer_index):
        assert measure([0.1, 0.0, 0.2]) == 0.0
    assert drawdown([0.1, 0.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("value", [-1.0000000000000002, -1.5, -20.0])
def test_a_return_below_minus_one_is_refused_by_its_place(value):
    for measure in (drawdown, max_drawdown, average_drawdown, ulcer_index, drawdown_table):
        with pytest.raises(
            InvalidInputError, match=r"returns must be -1 or more to be compounded, got -.* at row 1\. "
        ):
            measure([0.1, value])


# --- exact ties


def test_drawdowns_on_the_cent_grid_are_the_correctly_rounded_ones():
    """From 100.00 to every price down to 50.00, directly and through a new high of 123.45."""
    cents = np.arange(5000, 10000)
    prices = np.stack([np.full(cents.size, 100.0), cents / 100.0])
    for path in (prices, np.insert(prices, 1, 123.45, axis=0)):
        returns = simple_returns(path)
        ours, worst, wealth = drawdown(returns), max_drawdown(returns), wealth_index(returns)
        for column in range(cents.size):
            exact = exact_path(wealth[:, column].tolist())
            assert worst[column] == ours[-1, column]
            if exact[-1] <= SHALLOW:
                assert ours[-1, column] == float(exact[-1])


def test_a_fall_by_a_tenth_is_a_tenth_less_the_rounding_of_its_wealth():
    """0.9 is no binary number: the wealth 0.9 lies above it, and the drawdown below 0.1 by what that is."""
    assert wealth_index(simple_returns([100.0, 90.0])).tolist() == [0.9]
    assert max_drawdown(simple_returns([100.0, 90.0])) == float(1 - Fraction(0.9)) == 0.09999999999999998
    # Where the wealth is a binary number, the limit is hit exactly.
    for price, limit in ((75.0, 0.25), (87.5, 0.125), (50.0, 0.5), (62.5, 0.375), (93.75, 0.0625)):
        assert max_drawdown(simple_returns([100.0, price])) == limit
        assert max_drawdown(simple_returns([80.0, 100.0, price])) == pytest.approx(limit, rel=1e-15)


@given(returns_arrays())
def test_every_drawdown_is_within_two_roundings_of_the_exact_one(returns):
    path, wealth = drawdown(returns), wealth_index(returns)
    for column in range(returns.shape[1]):
        for ours, exact in zip(path[:, column].tolist(), exact_path(wealth[:, column].tolist()), strict=True):
            assert ours == float(exact) if exact <= SHALLOW else abs(ours - float(exact)) <= 2 * math.ulp(float(exact))


# --- properties


@given(returns_arrays())
def test_every_depth_equals_brute_force_over_all_pairs(returns):
    wealth = np.vstack([np.ones(returns.shape[1]), wealth_index(returns)])
    lost = np.array(
        [(wealth[: row + 1] - wealth[row]) / wealth[: row + 1] for row in range(1, len(wealth))], dtype=object
    )
    brute = np.array([pairs.max(axis=0) for pairs in lost])
    assert drawdown(returns) == pytest.approx(brute, rel=1e-15, abs=1e-16)
    assert max_drawdown(returns) == pytest.approx(brute.max(axis=0), rel=1e-15, abs=1e-16)


@given(returns_arrays())
def test_the_measures_agree_with_the_path_and_the_table(returns):
    path = drawdown(returns)
    assert ((path >= 0.0) & (path <= 1.0)).all()
    assert (max_drawdown(returns) == path.max(axis=0)).all()
    assert ulcer_index(returns) == pytest.approx(np.sqrt((path**2).mean(axis=0)), rel=1e-12, abs=1e-150)
    for column in range(returns.shape[1]):
        depths = drawdown_table(returns[:, column], top=10**6).depth
        assert list(depths) == sorted(depths, reverse=True)
        assert max(depths, default=0.0) == max_drawdown(returns[:, column])
        expected = math.fsum(depths) / len(depths) if depths else 0.0
        assert average_drawdown(returns[:, column]) == pytest.approx(expected, rel=1e-12)


@given(returns_arrays())
def test_the_table_describes_the_path(returns):
    column = returns[:, 0]
    path = drawdown(column)
    table = drawdown_table(column, top=10**6)
    for peak, start, trough, recovery, depth, down, up in zip(
        table.peak, table.start, table.trough, table.recovery, table.depth, table.rows_down, table.rows_up, strict=True
    ):
        before = -1 if peak is None else peak
        end = len(path) if recovery is None else recovery
        assert start == before + 1
        assert (path[start:end] > 0.0).all()
        assert before == -1 or path[before] == 0.0
        assert recovery is None or path[recovery] == 0.0
        assert path[trough] == depth == path[start:end].max()
        assert down == trough - before
        assert up == (None if recovery is None else recovery - trough)
    covered = sum(
        (len(path) if end is None else end) - start for start, end in zip(table.start, table.recovery, strict=True)
    )
    assert covered == (path > 0.0).sum()


@given(returns_arrays(), st.sampled_from([0.0, 0.25, 0.5]))
def test_a_gain_on_a_new_first_day_changes_nothing(returns, gain):
    longer = np.vstack([np.full(returns.shape[1], gain), returns])
    assert max_drawdown(longer) == pytest.approx(max_drawdown(returns), rel=1e-12, abs=1e-15)


@given(returns_arrays(), st.integers(1, 4))
def test_the_table_of_the_top_is_the_head_of_the_whole(returns, top):
    whole, head = drawdown_table(returns[:, 0], top=10**6), drawdown_table(returns[:, 0], top=top)
    for field in dataclasses.fields(DrawdownTable):
        assert getattr(head, field.name) == getattr(whole, field.name)[:top]


def test_panel_and_column_agree_to_the_last_bit():
    returns = fat_tailed(500, 5)
    for measure in (max_drawdown, average_drawdown, ulcer_index):
        assert measure(returns).tolist() == [measure(returns[:, i]) for i in range(5)]
    assert drawdown(returns).T.tolist() == [drawdown(returns[:, i]).tolist() for i in range(5)]


# --- the result


def hand_series():
    return pd.Series(HAND, index=pd.date_range("2024-01-01", periods=len(HAND), freq="B"), name="fund")


def test_the_frame_has_one_row_a_drawdown():
    frame = drawdown_table(hand_series()).to_frame()
    assert frame.index.tolist() == [1, 2, 3]
    assert frame.index.name == "rank"
    places, counts = ["peak", "start", "trough", "recovery"], ["rows_down", "rows_up", "days_down", "days_up"]
    assert frame.columns.tolist() == [*places, "depth", *counts]
    assert frame["start"].tolist() == [hand_series().index[i] for i in (3, 0, 9)]
    assert frame["rows_up"].dtype == "Int64"
    assert frame["recovery"].isna().tolist() == [False, False, True]
    assert frame["depth"].tolist() == list(drawdown_table(HAND).depth)


def test_days_are_those_of_the_calendar_beside_the_rows():
    # By hand: Friday to Tuesday is two rows and four days; back on the Monday after, four rows and six days.
    dates = pd.to_datetime(
        ["2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12", "2024-01-15"]
    )
    path = pd.Series([100.0, 90.0, 80.0, 85.0, 90.0, 95.0, 100.0], dates)
    table = drawdown_table(path.pct_change().dropna())
    assert (table.rows_down, table.days_down) == ((2,), (1,))  # from the first row, a Monday, as none is before it
    table = drawdown_table(path.pct_change().fillna(0.0))
    assert (table.rows_down, table.rows_up, table.days_down, table.days_up) == ((2,), (4,), (4,), (6,))
    frame = table.to_frame()
    assert (frame["days_down"].tolist(), frame["days_up"].tolist()) == ([4], [6])
    hours = pd.Series(path.to_numpy(), pd.date_range("2024-01-05 20:00", periods=7, freq="3h"))
    assert drawdown_table(hours.pct_change().fillna(0.0)).days_down == (1,)


def test_rows_without_dates_have_no_days():
    table = drawdown_table([0.1, -0.2, 0.3, -0.1])
    assert table.days_down == table.days_up == (None, None)
    assert "days" not in table.summary()
    assert "days_down" not in table.to_frame()


@pytest.mark.parametrize("data", [[0.1, -0.2], [-0.2, 0.1], [-0.1] * 5, hand_series(), hand_series().to_frame("a")])
def test_an_open_drawdown_says_so_and_nothing_missing_is_shown(data):
    table = drawdown_table(data)
    assert None in table.recovery
    for shown in (table.summary(), table._repr_html_(), repr(table), str(table)):
        assert not re.search("NaT|NA|nan|None", shown)
    assert "not yet" in table.summary()
    assert "not yet" in table._repr_html_()
    assert table.to_frame()["recovery"].isna().sum() == 1
    assert ("before the first row" in table.summary()) == (None in table.peak)


def test_a_frame_of_several_columns_names_the_one_that_fell():
    frame = pd.DataFrame({"fund": HAND, "index": [-0.1] * 12, "cash": 0.0}, index=hand_series().index)
    table = drawdown_table(frame, top=2)
    assert table.column == ("fund", "fund", "index")
    assert table.to_frame()["column"].tolist() == ["fund", "fund", "index"]
    assert drawdown_table(frame[["cash", "index"]]).to_frame()["column"].tolist() == ["index"]
    assert drawdown_table(np.array(frame)).column == (0, 0, 0, 1)
    assert set(drawdown_table(frame[["fund"]]).column) == {None}


def test_polars_dates_name_the_rows():
    dates = hand_series().index
    frame = pl.DataFrame({"date": dates.to_numpy().astype("M8[D]"), "fund": list(HAND)})
    table = drawdown_table(frame)
    assert table.trough == tuple(dates[i].date() for i in (5, 0, 10))
    assert table.depth == drawdown_table(hand_series()).depth
    assert table.to_frame()["trough"].tolist() == list(table.trough)


def test_missing_rows_are_left_out_and_not_counted():
    series = hand_series()
    holed = pd.concat([series.iloc[:4], pd.Series([np.nan], index=[pd.Timestamp("2024-01-04 12:00")]), series.iloc[4:]])
    assert drawdown_table(holed, nan_policy="omit") == drawdown_table(series)


def test_no_drawdown_makes_an_empty_table():
    table = drawdown_table([0.1, 0.0])
    assert table.depth == ()
    assert len(table.to_frame()) == 0
    assert table.summary() == "no drawdown"
    assert repr(table) == "DrawdownTable(0 drawdowns, deepest 0.00%)"


def test_the_representations_are_constant_and_have_no_addresses():
    table, again = drawdown_table(hand_series()), drawdown_table(hand_series())
    assert repr(table) == "DrawdownTable(3 drawdowns, deepest 24.40%)"
    assert repr(drawdown_table([-0.1])) == "DrawdownTable(1 drawdown, deepest 10.00%)"
    assert table._repr_html_() == again._repr_html_()
    assert table._repr_html_().count("<tr") == 1 + 3
    assert not re.search(r"0x[0-9a-f]{6}|id=", table._repr_html_())
    assert table.summary() == again.summary()
    assert "24.40%" in table.summary()
    assert "2024-01-08" in table.summary()


def test_the_table_is_frozen_and_plain():
    table = drawdown_table(hand_series())
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.depth = ()
    assert not hasattr(table, "__dict__")
    assert table == drawdown_table(hand_series())
    assert hash(table) == hash(drawdown_table(hand_series()))
    assert all(type(depth) is float for depth in table.depth)
    assert all(type(rows) is int for rows in table.rows_down)


def test_the_plot_draws_one_bar_a_drawdown():
    axes = drawdown_table(hand_series()).plot(ax=blank_axes())
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([-24.4, -20.0, -14.5])
    assert [label.get_text() for label in axes.get_yticklabels()] == ["2024-01-08", "2024-01-01", "2024-01-15"]


@pytest.mark.parametrize("top", [0, -1, 2.5, "3", True])
def test_top_is_a_whole_number(top):
    with pytest.raises(InvalidInputError, match=r"top must be a whole number of at least 1, got "):
        drawdown_table(HAND, top=top)


def test_the_top_level_name_is_the_same_function():
    assert riskresearch.max_drawdown is max_drawdown
