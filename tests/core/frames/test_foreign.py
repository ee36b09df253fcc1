"""Objects that are no tables of numbers yet are refused by name, with the line that converts them; others are read.

Packages that are not installed here are played by classes with their module and name, for only these are looked at.
"""

import datetime
import decimal
import io
import pathlib

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel
from tests.samples import SeriesWithConstructor, WithConstructor

DAYS = pd.bdate_range("2024-01-01", periods=6, name="date")
VALUES = np.array([[0.01, -0.02], [0.02, 0.01], [-0.03, 0.0], [0.01, 0.012], [0.004, -0.003], [0.02, 0.01]])
FRAME = pd.DataFrame(VALUES, index=DAYS, columns=["A", "B"])
SERIES = FRAME["A"]
TABLE = pa.table({"date": DAYS.to_numpy(), "A": VALUES[:, 0], "B": VALUES[:, 1]})


def stand_in(module, name, **members):
    """Return an object of a class that a package would have."""
    return type(name, (), {"__module__": module, **members})()


class Subclass(stand_in("modin.pandas.dataframe", "DataFrame").__class__):
    """A user's class on one of another package."""


# --- other packages


@pytest.mark.parametrize(
    ("module", "name", "remedy"),
    [
        (
            "dask.dataframe.dask_expr._collection",
            "DataFrame",
            r"dask\.DataFrame\. Compute it first: returns\.compute\(\)",
        ),
        ("dask.array.core", "Array", r"dask\.Array\. Compute it first: returns\.compute\(\)"),
        ("cudf.core.dataframe", "DataFrame", r"cudf\.DataFrame\. Copy it from the device: returns\.to_pandas\(\)"),
        ("cupy", "ndarray", r"cupy\.ndarray\. Copy it from the device: returns\.get\(\)"),
        ("modin.pandas.series", "Series", r"modin\.Series\. Convert it with returns\.modin\.to_pandas\(\)"),
        ("torch", "Tensor", r"torch\.Tensor\. Convert it with returns\.detach\(\)\.cpu\(\)\.numpy\(\)"),
        ("jaxlib.xla_extension", "ArrayImpl", r"jaxlib\.ArrayImpl\. Convert it with np\.asarray\(returns\)"),
        ("tensorflow.python.framework.ops", "EagerTensor", r"Convert it with returns\.numpy\(\)"),
        ("pyspark.sql.dataframe", "DataFrame", r"pyspark\.DataFrame\. Collect it first: returns\.toPandas\(\)"),
        ("pyspark.pandas.frame", "DataFrame", r"Collect it first: returns\.to_pandas\(\)"),
        ("_duckdb", "DuckDBPyRelation", r"duckdb\.DuckDBPyRelation\. Execute it first: returns\.df\(\)"),
        ("ibis.expr.types.relations", "Table", r"Execute it first: returns\.to_pandas\(\)"),
    ],
)
def test_an_object_of_another_package_is_refused_with_its_conversion(module, name, remedy):
    def raw(*_):
        raise RuntimeError("nothing is computed, copied or collected in silence")

    given = stand_in(module, name, __array__=raw, __len__=raw, __iter__=raw, to_pandas=raw, iloc=property(raw))
    with pytest.raises(InvalidInputError, match=rf"array of 1 or 2 dimensions, got .*{remedy}"):
        as_panel(given)


def test_a_class_made_from_one_of_another_package_is_known_by_it():
    with pytest.raises(InvalidInputError, match=r"Convert it with prices\.modin\.to_pandas\(\)"):
        as_panel(Subclass(), name="prices")


def test_real_dask_and_sparse_objects_are_refused():
    dataframe, array = pytest.importorskip("dask.dataframe"), pytest.importorskip("dask.array")
    for given in (dataframe.from_pandas(FRAME, npartitions=2), array.from_array(VALUES)):
        with pytest.raises(InvalidInputError, match=r"Compute it first: returns\.compute\(\)"):
            as_panel(given)
    for given in (sparse.csr_matrix(VALUES), sparse.csr_array(VALUES)):
        with pytest.raises(InvalidInputError, match=r"got scipy\.csr_\w+\. Convert it with returns\.toarray\(\)"):
            as_panel(given)


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        (FRAME.groupby("A"), r"DataFrameGroupBy\. Take one group of it"),
        (SERIES.groupby(SERIES), r"SeriesGroupBy\. Take one group of it"),
        (FRAME.rolling(2), r"Rolling\. It is a window without a measure.*riskresearch\.rolling"),
        (FRAME.ewm(span=2), r"It is a window without a measure"),
        (FRAME.resample("W"), r"Resampler\. It has no values yet: returns\.last\(\)"),
        (pl.LazyFrame({"a": [0.1]}), r"LazyFrame\. Collect it first: returns\.collect\(\)"),
        (pl.col("a"), r"polars\.Expr\. Evaluate it: frame\.select\(returns\)"),
        (pl.DataFrame({"a": [0.1]}).group_by("a"), r"Aggregate it first"),
        (pa.array([{"a": 1.0}]), r"Convert it with returns\.to_pylist\(\)"),
    ],
)
def test_a_table_that_is_not_finished_is_refused_with_what_finishes_it(given, remedy):
    with pytest.raises(InvalidInputError, match=remedy):
        as_panel(given)


# --- plain Python


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("prices.csv", r"got str\. Read a file with riskresearch\.read\('prices\.csv'\)"),
        (pathlib.PurePosixPath("a/b.csv"), r"Read a file with riskresearch\.read\('a/b\.csv'\)"),
        ("date,a\n2024-01-01,1\n", r"Read a file with riskresearch\.read\(path\)"),
        (b"date,a", r"Read a file with riskresearch\.read\(path\)"),
        (io.StringIO("date,a"), r"Read a file with riskresearch\.read\(path\)"),
        ((x for x in [0.1]), r"got generator\. Collect its values: list\(returns\)"),
        (map(float, [1]), r"got map\. Collect its values: list\(returns\)"),
        ({"a": 0.1}.values(), r"Collect its values: list\(returns\)"),
        ({"2024-01-01": 0.1}.items(), r"Convert it with pd\.Series\(dict\(returns\)\)"),
        (bytearray(b"date,a"), r"Read a file with riskresearch\.read\(path\)"),
        ({0.1, 0.2}, r"got set\. A set has no order"),
        ({"A": [0.1]}, r"got dict\. Convert it with pd\.DataFrame\(returns\)"),
        ({"2024-01-01": 0.1}, r"got dict\. Convert it with pd\.Series\(returns\)"),
        ([{"A": 0.1}, {"A": 0.2}], r"rows with names: convert it with pd\.DataFrame\(returns\)"),
        ([SERIES, SERIES], r"labelled: put them side by side with pd\.concat\(returns, axis=1\)"),
        ((FRAME, FRAME), r"pd\.concat\(returns, axis=1\)"),
        ([pl.Series([0.1])], r"pl\.DataFrame\(returns\)"),
        ([[0.1], [0.1, 0.2]], r"got list\. Its rows have different lengths"),
        (FRAME.pct_change, r"It is a function: call it"),
        (pd.DataFrame, r"It is a class: call it"),
        (metrics.Bootstrap(), r"array of 1 or 2 dimensions, got riskresearch\.Bootstrap\.$"),
        (np.zeros((2, 2, 2)), r"got ndarray\.$"),
        (5, r"got int\.$"),
        (None, r"got NoneType\.$"),
    ],
)
def test_what_python_has_instead_of_a_table_is_refused_with_its_conversion(given, remedy):
    with pytest.raises(InvalidInputError, match=remedy):
        as_panel(given)


def test_an_object_that_numpy_or_its_own_methods_fail_on_is_refused_in_our_words():
    class Stubborn:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("not today")

    class Half:
        def to_pandas(self):
            raise KeyError("lost")

    with pytest.raises(InvalidInputError, match=r"got tests.Stubborn\. NumPy cannot read it: RuntimeError: not today"):
        as_panel(Stubborn())
    with pytest.raises(InvalidInputError, match=r"got tests.Half\. Its to_pandas\(\) fails: KeyError"):
        as_panel(Half())


def test_a_foreign_warning_of_a_conversion_is_kept_inside():
    class Old:
        def __array__(self):  # NumPy 2 warns that it lacks copy=
            return VALUES

    assert (as_panel(Old()).values == VALUES).all()


# --- read: subclasses, Arrow, xarray, arrays of every make


class Plain(pd.DataFrame):
    pass


class PlainSeries(pd.Series):
    pass


@pytest.mark.parametrize("kind", [WithConstructor, Plain])
def test_a_subclass_of_a_frame_keeps_its_dates_and_its_checks(kind):
    panel = as_panel(kind(FRAME))
    assert panel.dates.tolist() == as_panel(FRAME).dates.tolist()
    pd.testing.assert_series_equal(metrics.volatility(kind(FRAME)), metrics.volatility(FRAME))
    pd.testing.assert_index_equal(metrics.wealth_index(kind(FRAME)).index, DAYS)
    with pytest.raises(InvalidInputError, match=r"in the order of its dates"):
        as_panel(kind(FRAME[::-1]))
    with pytest.raises(InvalidInputError, match=r"non-finite values, the first at 2024-01-02 in column 'A'"):
        as_panel(kind(FRAME.where(FRAME != 0.02)))


@pytest.mark.parametrize("kind", [SeriesWithConstructor, PlainSeries])
def test_a_subclass_of_a_series_keeps_its_dates_and_its_checks(kind):
    monthly = pd.Series(VALUES.ravel(), index=pd.date_range("2023-01-31", periods=12, freq="ME"), name="fund")
    assert metrics.volatility(kind(monthly)) == pytest.approx(
        float(np.std(VALUES.ravel(), ddof=1)) * 12**0.5, rel=1e-12
    )
    assert metrics.wealth_index(kind(monthly)).name == "fund"
    with pytest.raises(InvalidInputError, match=r"in the order of its dates"):
        metrics.volatility(kind(monthly[::-1]))


@pytest.mark.parametrize("table", [TABLE, TABLE.to_batches()[0], pa.Table.from_pandas(FRAME)])
def test_an_arrow_table_is_read_with_its_dates_and_comes_back_as_pandas(table):
    assert as_panel(table).dates.tolist() == as_panel(FRAME).dates.tolist()
    pd.testing.assert_series_equal(metrics.volatility(table), metrics.volatility(FRAME))
    pd.testing.assert_frame_equal(metrics.wealth_index(table), metrics.wealth_index(FRAME), check_freq=False)


def test_an_arrow_table_keeps_the_zone_of_its_dates():
    local = pa.table({"date": pa.array(DAYS.tz_localize("Asia/Tokyo")), "A": VALUES[:, 0]})
    assert as_panel(local).labels.zoned
    assert as_panel(local).dates.tolist() == as_panel(FRAME).dates.tolist()
    with pytest.raises(InvalidInputError, match=r"Sort it with \.sort_by\('date'\)"):
        as_panel(local.take([1, 0]))


def test_arrow_columns_decimals_and_missing_values_are_read():
    for column in (TABLE["A"], TABLE["A"].combine_chunks()):
        assert metrics.max_drawdown(column) == metrics.max_drawdown(VALUES[:, 0])
    money = pa.table({"A": pa.array([decimal.Decimal("0.01"), None, decimal.Decimal("0.02")])})
    assert as_panel(money, nan_policy="omit").values[[0, 2], 0].tolist() == [0.01, 0.02]
    assert as_panel(pa.table({"day": pa.array(DAYS.date), "A": VALUES[:, 0]})).dates[0] == np.datetime64("2024-01-01")
    polars = pl.DataFrame({"A": [decimal.Decimal("0.01"), decimal.Decimal("0.02")]})
    assert as_panel(polars).values[:, 0].tolist() == [0.01, 0.02]
    assert as_panel(polars["A"]).values[:, 0].tolist() == [0.01, 0.02]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            TABLE.append_column("note", [["x"] * 6]),
            r"got string in column 'note'.*'x'.*returns\.drop_columns\(\['note'\]\)",
        ),
        (TABLE.append_column("t", [["x"] * 6]).select(["t"]), r"got string in column 't'\. The first value is 'x'\.$"),
        (TABLE.append_column("settled", TABLE["date"]), r"at most one column of dates, got 'date', 'settled'"),
        (TABLE.append_column("A", TABLE["B"]), r"a different name for each column, got 'A' twice"),
        (TABLE.sort_by([("date", "descending")]), r"Sort it with \.sort_by\('date'\)"),
        (TABLE.slice(0, 0), r"must not be empty"),
        (
            pa.table({"t": ["2024-01-02"], "A": [0.1]}),
            r"returns\.set_column\(0, 't', pc\.strptime\(returns\['t'\], '%Y",
        ),
        (pa.table({"ok": [True]}), r"got bool in column 'ok'"),
    ],
)
def test_an_arrow_table_that_is_none_of_returns_is_refused_in_its_own_words(table, text):
    with pytest.raises(InvalidInputError, match=text):
        as_panel(table)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_arrays_of_every_make_are_read():
    for given in (
        np.matrix(VALUES),
        np.asfortranarray(VALUES),
        VALUES.astype(">f8"),
        VALUES.tolist(),
        tuple(map(tuple, VALUES)),
    ):
        assert (as_panel(given).values == VALUES).all()
    for given in (pd.Index([0.5, 1.5]), pd.array([0.5, 1.5]), memoryview(np.array([0.5, 1.5]))):
        assert as_panel(given).values[:, 0].tolist() == [0.5, 1.5]
    assert np.isnan(as_panel(pd.array([0.5, None], dtype="Float64"), nan_policy="omit").values[1, 0])
    assert as_panel(FRAME.astype("float16")).values.dtype == np.float64
    tiny = np.array([5e-324, -5e-324, 0.0])
    assert (as_panel(tiny).values[:, 0] == tiny).all()


def test_rows_of_dates_and_numbers_are_no_array():
    rows = [(datetime.date(2024, 1, 1), 0.1), (datetime.date(2024, 1, 2), 0.2)]
    with pytest.raises(
        InvalidInputError, match=r"first value that is not a number is datetime\.date\(2024, 1, 1\) at row 0"
    ):
        as_panel(rows)


def test_a_frame_of_one_row_names_a_number_for_each_column():
    right = metrics.portfolio_returns(FRAME, weights={"A": 0.25, "B": 0.75})
    row = pd.DataFrame({"B": [0.75], "A": [0.25]})
    dated = pl.DataFrame({"date": [datetime.date(2024, 1, 1)], "B": [0.75], "A": [0.25]})
    for weights in (row, pl.from_pandas(row), dated, pa.Table.from_pandas(row), row.set_axis(DAYS[:1], axis=0)):
        pd.testing.assert_series_equal(metrics.portfolio_returns(FRAME, weights=weights), right)
    with pytest.raises(InvalidInputError, match=r"weights must be one finite number for each of the 2 columns, got a"):
        metrics.portfolio_returns(FRAME, weights=pd.concat([row, row]))


def test_numbers_that_numpy_has_no_type_for_are_read_from_polars():
    wide = pl.Series("A", [1, 2, 3], dtype=pl.Int128) if hasattr(pl, "Int128") else pl.Series("A", [1.0, 2.0, 3.0])
    assert as_panel(wide, holds="numbers").values[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert as_panel(wide.to_frame(), holds="numbers").values[:, 0].tolist() == [1.0, 2.0, 3.0]


def test_the_lines_for_arrow_tables_convert_them():
    months = pa.table({"month": [202401 + row for row in range(6)], "A": VALUES[:, 0]})
    long = pa.table({"day": [*DAYS.date, *DAYS.date], "ticker": ["A"] * 6 + ["B"] * 6, "close": VALUES.T.ravel()})
    for table, dates, values in ((months, 6, VALUES[:, :1]), (long, 6, VALUES)):
        with pytest.raises(InvalidInputError, match=r"Convert it with returns\.to_pandas\(\)") as caught:
            as_panel(table)
        made = eval(str(caught.value).partition("Convert it with ")[2].removesuffix("."), {"returns": table, "pd": pd})
        made.index = pd.to_datetime(made.index) if made.index.dtype == object else made.index
        assert len(as_panel(made).dates) == dates
        assert (as_panel(made).values == values).all()
