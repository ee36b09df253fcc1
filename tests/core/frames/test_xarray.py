"""xarray objects: the dimension of dates is the rows, whatever the order; where there are more, they are named.

The package is optional: without it, objects with the members that are looked at play its part.
"""

import numpy as np
import pandas as pd
import pytest

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel

DAYS = pd.bdate_range("2024-01-01", periods=6, name="time")
VALUES = np.array([[0.01, -0.02], [0.02, 0.01], [-0.03, 0.0], [0.01, 0.012], [0.004, -0.003], [0.02, 0.01]])
FRAME = pd.DataFrame(VALUES, index=DAYS, columns=pd.Index(["A", "B"], name="asset"))


def standing_in(dims, pandas, *, chunksizes=None):
    """Return an object of a class as xarray's DataArray, which becomes `pandas`, turned if its rows are no dates."""
    indexes = {"time": DAYS, "asset": FRAME.columns, "field": pd.Index(["close", "volume"])}

    class DataArray:
        __module__ = "xarray.core.dataarray"
        name = "fund"

        def __init__(self, order):
            self.dims = tuple(order)
            self.sizes = {each: len(indexes[each]) for each in order}
            self.indexes = {each: indexes[each] for each in order}
            self.chunksizes = chunksizes or {}

        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("read without its dates")

        def transpose(self, first, _):
            return DataArray([first, *(each for each in self.dims if each != first)])

        def to_pandas(self):
            return pandas if self.dims[0] == "time" else pandas.T

    return DataArray(dims)


@pytest.mark.parametrize("dims", [("time", "asset"), ("asset", "time")])
def test_dates_are_the_rows_whatever_the_order_of_dimensions(dims):
    array = standing_in(dims, FRAME)
    pd.testing.assert_series_equal(metrics.volatility(array), metrics.volatility(FRAME))
    pd.testing.assert_frame_equal(metrics.wealth_index(array), metrics.wealth_index(FRAME))
    assert metrics.wealth_index(standing_in(("time",), FRAME["A"])).name == "fund"


def test_a_third_dimension_and_what_is_not_computed_are_refused_by_name():
    with pytest.raises(
        InvalidInputError,
        match=r"got xarray\.DataArray\. It has the dimensions field \(2\), time \(6\), asset \(2\)\. Choose one entry "
        r"of a dimension: returns\.sel\(field='close'\)",
    ):
        as_panel(standing_in(("field", "time", "asset"), None))
    with pytest.raises(InvalidInputError, match=r"It is not computed yet: returns\.compute\(\)"):
        as_panel(standing_in(("time", "asset"), FRAME, chunksizes={"time": (3, 3)}))


def test_real_xarray_objects():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray(VALUES, coords={"time": DAYS, "asset": ["A", "B"]}, dims=("time", "asset"), name="fund")
    right = metrics.volatility(FRAME).tolist()
    assert metrics.volatility(array).tolist() == right
    assert metrics.volatility(array.T).tolist() == right
    assert metrics.volatility(array.to_dataset("asset")).tolist() == right
    assert metrics.volatility(array.sel(asset="A")) == right[0]
    assert (
        metrics.volatility(array.sel(asset=["A"]).to_dataset("asset").assign_coords(vendor="x")).tolist() == right[:1]
    )
    assert as_panel(array).dates.tolist() == as_panel(FRAME).dates.tolist()
    cube = xarray.concat([array, array], "field")
    for given, text in (
        (cube, r"Choose one entry of a dimension: returns\.isel\(field=0\)"),
        (cube.assign_coords(field=["x", "y"]), r"Choose one entry of a dimension: returns\.sel\(field='x'\)"),
        (
            array.to_dataset(name="r"),
            r"It has the dimensions time \(6\), asset \(2\)\. Choose one of its variables: returns\['r'\]",
        ),
        (xarray.DataArray(1.0), r"got xarray\.DataArray\.$"),
        (
            xarray.DataArray(np.eye(6), {"one": DAYS.rename("one"), "two": DAYS.rename("two")}),
            r"two dimensions of dates",
        ),
        (array.rolling(time=2), r"DataArrayRolling\. Finish it, as in returns\.mean\(\)"),
        (array[::-1], r"in the order of its dates"),
        (xarray.Dataset(), r"got xarray\.Dataset"),
    ):
        with pytest.raises(InvalidInputError, match=text):
            as_panel(given)
