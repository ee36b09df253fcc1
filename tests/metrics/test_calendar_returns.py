"""Returns by calendar year and month: by hand, against the aggregated returns, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.samples import fat_tailed

RETURNS = pd.Series(fat_tailed(900, 1)[:, 0], pd.bdate_range("1968-11-04", periods=900), name="fund")


def test_by_hand_across_1970():
    days = pd.to_datetime(["1969-12-30", "1969-12-31", "1970-01-02", "1970-03-02"])
    table = metrics.calendar_returns(pd.Series([0.1, 0.2, -0.5, 0.25], index=days))
    assert table.index.tolist() == [1969, 1970]
    assert table.columns.tolist() == [*"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Total".split()]
    assert table.loc[1969, ["Dec", "Total"]].tolist() == pytest.approx([0.32, 0.32])
    assert table.loc[1970, ["Jan", "Mar", "Total"]].tolist() == pytest.approx([-0.5, 0.25, -0.375])
    assert table.loc[1970].isna().sum() == 10


@pytest.mark.parametrize("to", ["month", "quarter", "year"])
def test_the_cells_are_the_aggregated_returns_in_order(to):
    rows = metrics.aggregate_returns(RETURNS, to=to)
    table = metrics.calendar_returns(RETURNS if to == "month" else rows)
    cells = table.to_numpy()[:, :-1] if to != "year" else table.to_numpy()
    assert table.shape[1] == {"month": 13, "quarter": 5, "year": 1}[to]
    assert cells[~np.isnan(cells)].tolist() == rows.tolist()
    years = metrics.aggregate_returns(RETURNS if to == "month" else rows, to="year")
    assert table["Total"].tolist() == years.tolist()


@given(st.integers(0, 899))
@examples(20)
def test_months_of_a_year_compound_to_it(rows):
    table = metrics.calendar_returns(RETURNS.iloc[: 1 + rows])
    months = (1.0 + table.drop(columns="Total")).prod(axis=1) - 1.0
    assert months.tolist() == pytest.approx(table["Total"].tolist(), rel=1e-12, abs=1e-14)


def test_months_of_pandas_and_a_single_row_are_months():
    months = metrics.aggregate_returns(RETURNS, to="month")
    periods = months.set_axis(months.index.to_period("M"))
    pd.testing.assert_frame_equal(metrics.calendar_returns(periods), metrics.calendar_returns(months))
    assert metrics.calendar_returns(months.iloc[:1])["Nov"].tolist() == [months.iloc[0]]


def test_missing_values_are_left_out_by_name():
    gap = RETURNS.where(RETURNS.index != RETURNS.index[3])
    with pytest.raises(InvalidInputError, match="has 1 non-finite value"):
        metrics.calendar_returns(gap)
    left = metrics.calendar_returns(gap, nan_policy="omit")
    pd.testing.assert_frame_equal(left, metrics.calendar_returns(RETURNS.drop(RETURNS.index[3])))


def test_several_columns_and_rows_without_dates_are_refused():
    with pytest.raises(InvalidInputError, match=r"must be one series, got 2 columns\. Pass one of them, or `aggregate"):
        metrics.calendar_returns(pd.concat([RETURNS, RETURNS.rename("other")], axis=1))
    with pytest.raises(InvalidInputError, match="returns must have dates"):
        metrics.calendar_returns([0.01, 0.02])
