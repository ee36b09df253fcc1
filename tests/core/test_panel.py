"""Every kind of input comes in as the same numbers and goes out with its own labels, and is never changed."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel
from tests.samples import of_any_size, returns_arrays

NUMBERS = np.array([[0.01, -0.02], [0.03, 0.04], [-0.05, 0.06]])
DATES = pd.date_range("2024-01-29", periods=3, freq="B", name="date")


def total(values):
    return values.sum(axis=0)


def twice(values):
    return 2.0 * values


# --- labels come back


def test_a_series_gives_a_plain_float_and_a_series_of_its_name_and_index():
    series = pd.Series(NUMBERS[:, 0], index=DATES, name="AAPL")
    panel = as_panel(series)
    assert type(panel.reduce(total)) is float
    assert panel.reduce(total) == NUMBERS[:, 0].sum()
    pd.testing.assert_series_equal(panel.transform(twice), 2 * series, check_freq=True)


def test_a_frame_gives_a_series_by_column_and_a_frame_of_its_labels():
    frame = pd.DataFrame(NUMBERS, index=DATES, columns=pd.Index(["AAPL", "MSFT"], name="ticker"))
    panel = as_panel(frame)
    pd.testing.assert_series_equal(panel.reduce(total), frame.sum())
    pd.testing.assert_frame_equal(panel.transform(twice), 2 * frame)


def test_columns_of_any_kind_keep_their_kind():
    columns = pd.MultiIndex.from_tuples([("equity", 1), ("bond", 2)], names=["class", "number"])
    frame = pd.DataFrame(NUMBERS, index=DATES, columns=columns)
    pd.testing.assert_index_equal(as_panel(frame).reduce(total).index, columns)
    pd.testing.assert_index_equal(as_panel(frame).transform(twice).columns, columns)


def test_a_vector_gives_a_plain_float_and_a_vector():
    panel = as_panel(NUMBERS[:, 0])
    assert type(panel.reduce(total)) is float
    assert panel.transform(twice).shape == (3,)
    assert (panel.transform(twice) == 2 * NUMBERS[:, 0]).all()


def test_a_matrix_gives_a_vector_and_a_matrix():
    panel = as_panel(NUMBERS)
    assert (panel.reduce(total) == NUMBERS.sum(axis=0)).all()
    assert (panel.transform(twice) == 2 * NUMBERS).all()
    assert panel.transform(twice).shape == (3, 2)


@pytest.mark.parametrize("data", [[0.01, 0.02], (0.01, 0.02), range(2), memoryview(np.array([0.01, 0.02]))])
def test_what_numpy_reads_as_a_vector_is_one(data):
    panel = as_panel(data)
    assert type(panel.reduce(total)) is float
    assert isinstance(panel.transform(twice), np.ndarray)


def test_a_polars_series_comes_back_as_one():
    series = pl.Series("AAPL", NUMBERS[:, 0])
    panel = as_panel(series)
    assert type(panel.reduce(total)) is float
    assert panel.transform(twice).equals(2 * series, check_names=True)


def test_a_polars_frame_comes_back_with_its_dates_first():
    frame = pl.DataFrame({"AAPL": NUMBERS[:, 0], "date": DATES.to_numpy().astype("M8[D]"), "MSFT": NUMBERS[:, 1]})
    panel = as_panel(frame)
    assert panel.reduce(total).equals(pl.DataFrame({"AAPL": [total(NUMBERS)[0]], "MSFT": [total(NUMBERS)[1]]}))
    expected = frame.select("date", pl.col("AAPL") * 2, pl.col("MSFT") * 2)
    assert panel.transform(twice).equals(expected)
    assert panel.dates.tolist() == DATES.date.tolist()


def test_a_polars_frame_without_dates_is_numbered():
    frame = pl.DataFrame({"AAPL": NUMBERS[:, 0], "MSFT": NUMBERS[:, 1]})
    assert as_panel(frame).dates is None
    assert as_panel(frame).transform(twice).equals(frame.select(pl.all() * 2))


def test_a_result_may_start_at_a_later_row():
    frame = pd.DataFrame(NUMBERS, index=DATES, columns=["AAPL", "MSFT"])
    later = as_panel(frame).labels.over_time(NUMBERS[1:], first_row=1)
    pd.testing.assert_frame_equal(later, frame.iloc[1:], check_freq=False)
    polars = pl.DataFrame({"date": DATES.to_numpy().astype("M8[us]"), "AAPL": NUMBERS[:, 0], "MSFT": NUMBERS[:, 1]})
    assert as_panel(polars).labels.over_time(NUMBERS[1:], first_row=1).equals(polars[1:])


# --- dates


def test_dates_with_a_time_zone_are_those_on_the_wall():
    dates = pd.date_range("2024-01-01", periods=3, freq="B", tz="Asia/Tokyo")
    panel = as_panel(pd.Series([0.01, 0.02, 0.03], index=dates))
    assert panel.dates.astype("M8[D]").tolist() == [date.date() for date in dates]
    assert panel.transform(twice).index.equals(dates)


def test_polars_dates_with_a_time_zone_are_those_on_the_wall():
    dates = pl.Series(["2024-01-01", "2024-01-02"]).str.to_datetime("%Y-%m-%d", time_zone="Asia/Tokyo")
    panel = as_panel(pl.DataFrame({"date": dates, "AAPL": [0.01, 0.02]}))
    assert panel.dates.astype("M8[s]").astype(str).tolist() == ["2024-01-01T00:00:00", "2024-01-02T00:00:00"]
    assert panel.transform(twice)["date"].equals(dates)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_the_hour_that_a_clock_repeats_in_autumn_is_in_order(library):
    index = pd.date_range("2024-10-27 00:00", periods=4, freq="30min", tz="UTC").tz_convert("Europe/Berlin")
    walls = index.tz_localize(None)
    assert not walls.is_unique or not walls.is_monotonic_increasing
    data = pd.DataFrame({"a": [0.01, 0.02, 0.03, 0.04]}, index=index)
    if library == "polars":
        instants = index.tz_convert(None).to_numpy().astype("M8[us]")
        dates = pl.Series(instants).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
        data = pl.DataFrame({"date": dates, "a": data["a"].to_numpy()})
    assert as_panel(data).values[:, 0].tolist() == [0.01, 0.02, 0.03, 0.04]


def test_periods_are_dated_by_their_start():
    series = pd.Series([0.01, 0.02], index=pd.period_range("2024-02", periods=2, freq="M"))
    assert as_panel(series).dates.astype("M8[D]").astype(str).tolist() == ["2024-02-01", "2024-03-01"]


@pytest.mark.parametrize("index", [pd.RangeIndex(3), pd.Index([2021, 2022, 2023]), pd.Index([0.5, 1.0, 1.5])])
def test_a_numeric_index_is_undated_and_kept(index):
    panel = as_panel(pd.Series([0.01, 0.02, 0.03], index=index))
    assert panel.dates is None
    pd.testing.assert_index_equal(panel.transform(twice).index, index)


@pytest.mark.parametrize("kind", ["datetime", "period", "tz", "polars"])
def test_unsorted_dates_are_refused_with_both_dates(kind):
    days = pd.DatetimeIndex(["2024-01-02", "2024-01-04", "2024-01-03"])
    data = pd.Series([0.01, 0.02, 0.03], index=days)
    if kind == "period":
        data.index = days.to_period("D")
    elif kind == "tz":
        data.index = days.tz_localize("UTC")
    elif kind == "polars":
        data = pl.DataFrame({"date": days.to_numpy().astype("M8[D]"), "a": data.to_numpy()})
    with pytest.raises(InvalidInputError, match=r"order of its dates, got 2024-01-03 after 2024-01-04 on row 2. Sort"):
        as_panel(data)


def test_a_date_given_twice_is_named():
    data = pd.Series([0.01, 0.02, 0.03], index=pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-03"]))
    with pytest.raises(
        InvalidInputError, match=r"one row for each date, got 2024-01-03 twice, the second time on row 2"
    ):
        as_panel(data)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_missing_date_is_named_by_its_row(library):
    dates = pd.DatetimeIndex(["2024-01-02", None, "2024-01-04"])
    data = pd.DataFrame({"a": [0.01, 0.02, 0.03]}, index=dates)
    if library == "polars":
        data = pl.DataFrame({"date": dates.to_numpy().astype("M8[us]"), "a": data["a"].to_numpy()})
    with pytest.raises(InvalidInputError, match=r"must have a date on each row, got none on row 1"):
        as_panel(data)


def test_dates_as_text_are_refused_with_the_remedy():
    series = pd.Series([0.01, 0.02], index=["2024-01-02", "2024-01-03"])
    with pytest.raises(InvalidInputError, match=r"starts with '2024-01-02'.*returns\.index = pd\.to_datetime"):
        as_panel(series)


def test_two_columns_of_dates_are_refused():
    day = pl.Series(["2024-01-02"]).str.to_date()
    with pytest.raises(InvalidInputError, match=r"at most one column of dates, got 'first', 'second'"):
        as_panel(pl.DataFrame({"first": day, "second": day, "a": [0.01]}))


# --- numbers


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32", "float16", "longdouble", ">f8", "<i2"])
def test_every_kind_of_number_is_read(dtype):
    data = np.array([0, 1, 2, 5], dtype=dtype)
    for given_as in (data, pd.Series(data) if dtype not in ("float16", ">f8") else data, pl.Series([0, 1, 2, 5])):
        panel = as_panel(given_as)
        assert panel.values.dtype == np.float64
        assert panel.values[:, 0].tolist() == [0.0, 1.0, 2.0, 5.0]


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "double[pyarrow]", "int64[pyarrow]"])
def test_nullable_numbers_are_read_and_their_gaps_are_missing(dtype):
    series = pd.Series([1, None, 3], dtype=dtype, index=DATES)
    panel = as_panel(series, nan_policy="omit")
    assert panel.has_nan
    assert panel.reduce(total) == 4.0
    assert as_panel(series.iloc[[0, 2]]).values[:, 0].tolist() == [1.0, 3.0]
    with pytest.raises(InvalidInputError, match=r"1 non-finite value, the first at 2024-01-30. Pass nan_policy"):
        as_panel(series)


def test_nullable_and_plain_columns_go_together():
    frame = pd.DataFrame({"plain": [0.1, 0.2], "gap": pd.array([1, None], dtype="Int64")})
    assert as_panel(frame, nan_policy="omit").reduce(total).tolist() == pytest.approx([0.3, 1.0])


def test_polars_nulls_are_missing():
    frame = pl.DataFrame({"a": [1, None, 3], "b": [0.5, 0.5, None]})
    assert as_panel(frame, nan_policy="omit").reduce(total).row(0) == (4.0, 1.0)


def test_masked_values_are_missing():
    masked = np.ma.array([[0.1, 0.2], [0.3, 99.0]], mask=[[0, 0], [0, 1]])
    assert as_panel(masked, nan_policy="omit").reduce(total).tolist() == pytest.approx([0.4, 0.2])
    with pytest.raises(InvalidInputError, match=r"1 non-finite value, the first at row 1, column 1"):
        as_panel(masked)
    assert as_panel(np.ma.array([1, 2], mask=[True, False]), nan_policy="omit").reduce(total) == 2.0


def test_the_first_value_that_is_no_number_is_named_with_its_place():
    frame = pd.DataFrame({"AAPL": [0.1, 0.2, 0.3], "MSFT": [0.1, "n/a", None]}, index=DATES)
    with pytest.raises(InvalidInputError, match=r"dtype object. .* is 'n/a' at 2024-01-30 in column 'MSFT'"):
        as_panel(frame)
    with pytest.raises(InvalidInputError, match=r"not a number is None at 2024-01-31"):
        as_panel(pd.Series([0.1, 0.2, None], index=DATES, dtype=object))
    with pytest.raises(InvalidInputError, match=r"not a number is True at row 1, column 0"):
        as_panel(np.array([[0.1], [True]], dtype=object))
    with pytest.raises(InvalidInputError, match=r"dtype object\. Convert it with \.astype\(float\)"):
        as_panel(pd.Series([0.1, 0.2], dtype=object))


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (np.array([True, False]), "bool"),
        (np.array(["a", "b"]), "<U1"),
        (np.array([1j]), "complex128"),
        (np.array(["2024-01-02"], dtype="M8[D]"), r"datetime64\[D\]"),
        (pl.Series([True, False]), "Boolean"),
        (pl.Series(["a"]), "String"),
    ],
)
def test_what_is_no_number_is_refused_with_its_dtype(data, dtype):
    with pytest.raises(InvalidInputError, match=rf"returns must hold numbers, got dtype {dtype}"):
        as_panel(data)


def test_a_polars_column_of_text_is_named():
    with pytest.raises(InvalidInputError, match=r"must hold numbers, got String in column 'note'"):
        as_panel(pl.DataFrame({"a": [0.1], "note": ["x"]}))


@pytest.mark.parametrize("data", [0.1, "text", None, {"a": [1.0]}, np.zeros((2, 2, 2)), [[1.0], [1.0, 2.0]], object()])
def test_other_shapes_are_refused_with_their_type(data):
    with pytest.raises(InvalidInputError, match=rf"array of 1 or 2 dimensions, got {type(data).__name__}"):
        as_panel(data)


def test_a_lazy_frame_is_to_be_collected_first():
    with pytest.raises(InvalidInputError, match=r"polars Series or DataFrame, got LazyFrame. Collect it first"):
        as_panel(pl.LazyFrame({"a": [0.1]}))


@pytest.mark.parametrize(
    "data",
    [
        [],
        np.empty((0, 3)),
        np.empty((3, 0)),
        pd.Series(dtype=float),
        pd.DataFrame(),
        pl.DataFrame(),
        pl.Series([0.1])[:0],
    ],
    ids=lambda data: type(data).__module__.partition(".")[0] + type(data).__name__ + str(np.shape(data)),
)
def test_nothing_at_all_is_refused(data):
    with pytest.raises(InvalidInputError, match=r"returns must not be empty, got shape \("):
        as_panel(data)


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(InvalidInputError, match=r"a different name for each column, got 'AAPL' twice"):
        as_panel(pd.DataFrame(NUMBERS, columns=["AAPL", "AAPL"]))


def test_too_few_rows_are_counted():
    with pytest.raises(InvalidInputError, match=r"prices needs at least 2 rows, got 1"):
        as_panel([100.0], name="prices", min_rows=2)


# --- missing and infinite values


def test_missing_values_are_counted_and_the_first_is_named():
    values = NUMBERS.copy()
    values[1:, 1] = np.nan
    frame = pd.DataFrame(values, index=DATES, columns=["AAPL", "MSFT"])
    with pytest.raises(InvalidInputError, match=r"2 non-finite values, the first at 2024-01-30 in column 'MSFT'. Pass"):
        as_panel(frame)


@pytest.mark.parametrize("nan_policy", ["raise", "omit"])
@pytest.mark.parametrize("values", [[0.1, np.inf], [np.inf, -np.inf], [np.nan, -np.inf], [np.inf, np.nan, -np.inf]])
def test_an_infinity_is_refused_under_every_policy(values, nan_policy):
    count = int(np.isinf(values).sum())
    first = int(np.isinf(values).argmax())
    with pytest.raises(
        InvalidInputError, match=rf"has {count} infinite values?, the first at row {first}. An infinity"
    ):
        as_panel(values, nan_policy=nan_policy)


@of_any_size
def test_finite_values_whose_sum_overflows_are_fine():
    assert as_panel([1e308, 1e308, -1e308]).values[:, 0].tolist() == [1e308, 1e308, -1e308]


def test_an_unknown_policy_is_refused_with_the_nearest():
    with pytest.raises(
        InvalidInputError, match=r"nan_policy must be one of 'raise', 'omit', got 'omitt'. Did you mean"
    ):
        as_panel([0.1], nan_policy="omitt")


def test_a_column_with_too_few_values_left_is_named():
    frame = pd.DataFrame({"AAPL": [0.1, 0.2], "MSFT": [0.1, np.nan]})
    panel = as_panel(frame, nan_policy="omit", min_rows=2)
    with pytest.raises(
        InvalidInputError, match=r"at least 2 observations in each column, got 1 in column 'MSFT' after"
    ):
        panel.reduce(total)


@given(returns_arrays(min_rows=3), st.data())
def test_omitting_equals_computing_each_column_without_its_gaps(values, data):
    gaps = data.draw(st.lists(st.booleans(), min_size=values.size, max_size=values.size))
    holed = np.where(np.reshape(gaps, values.shape), np.nan, values)
    holed[0] = values[0]
    panel = as_panel(holed, nan_policy="omit")
    doubled = panel.over_time(twice)
    for column in range(values.shape[1]):
        kept = ~np.isnan(holed[:, column])
        assert panel.per_column(total)[column] == holed[kept, column].sum()
        assert (np.isnan(doubled[:, column]) == ~kept).all()
        assert (doubled[kept, column] == 2.0 * holed[kept, column]).all()


def test_a_row_that_is_missing_in_the_other_series_is_left_out():
    panel = as_panel(NUMBERS)
    other = np.array([1.0, np.nan, 3.0])
    seen = panel.per_column(lambda values, weight: (values * weight[:, None]).sum(axis=0), other)
    assert seen == pytest.approx(NUMBERS[0] + 3.0 * NUMBERS[2])


# --- the input is not touched


def fingerprint(data):
    """Return all that could be changed in `data`: its numbers, labels and name."""
    if isinstance(data, np.ndarray):
        return data.tobytes(), data.shape, data.dtype, data.flags.writeable
    if isinstance(data, pl.DataFrame):
        return data.hash_rows().to_list(), data.schema
    names = data.columns.tolist() if isinstance(data, pd.DataFrame) else data.name
    return pd.util.hash_pandas_object(data).to_numpy().tobytes(), names, data.index.name, data.index.freq


def every_kind():
    locked = NUMBERS.copy()
    locked.flags.writeable = False
    frame = pd.DataFrame(NUMBERS, index=DATES, columns=["a", "b"])
    polars = pl.DataFrame({"date": DATES.to_numpy().astype("M8[us]"), "a": NUMBERS[:, 0], "b": NUMBERS[:, 1]})
    return [NUMBERS.copy(), np.asfortranarray(NUMBERS), locked, NUMBERS.copy()[::-1], frame, frame["a"], polars]


@pytest.mark.parametrize("data", every_kind(), ids=lambda data: type(data).__name__)
def test_the_input_is_not_changed_and_results_do_not_share_its_memory(data):
    before = fingerprint(data)
    panel = as_panel(data)
    panel.reduce(total)
    result = panel.transform(twice)
    if isinstance(result, np.ndarray):
        result[:] = 0.0
    assert fingerprint(data) == before
