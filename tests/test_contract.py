"""Every public measure over every kind of input: type, labels, and the same bits however the numbers come."""

import dataclasses
import inspect
import math

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from riskresearch.core import InvalidInputError
from tests.contract import (
    DATES,
    EXTRAPOLATED,
    NAMES,
    ROWS,
    VALUES,
    each_measure,
    each_number,
    each_path,
    frame_for,
    numbers_for,
    polars_for,
    same,
)
from tests.measures import CALLABLE, INTERVALS, MEASURES, PORTFOLIOS, ROOMS, benchmark_like, function_of
from tests.samples import SeriesWithConstructor, WithConstructor

pytestmark = pytest.mark.filterwarnings(EXTRAPOLATED)


def column_of(measure, result, number, name=None):
    """Return what a measure of a panel says of one column."""
    if measure.result == "number":
        return result.iloc[number] if isinstance(result, pd.Series) else result[number]
    return result.iloc[:, number] if isinstance(result, pd.DataFrame) else result[:, number]


# --- the table is complete


def test_every_public_name_is_in_the_table():
    assert set(MEASURES) == {name for room in ROOMS for name in room.__all__}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)
def test_the_table_tells_the_kind_of_result_right(measure):
    function = function_of(measure.name)
    if measure.result == "stream":
        assert callable(function.start)
        return
    if measure.result == "calculator":
        assert callable(function.measures)
        return
    if measure.result == "type":
        assert dataclasses.is_dataclass(function)
        assert function.__dataclass_params__.frozen
        return
    if measure.result == "bars":
        names = list(inspect.signature(function).parameters)
        assert names[:4] == ["close", "high", "low", "open"]
        assert names[-2:] == ["periods_per_year", "nan_policy"]
        return
    if measure.result == "periods":
        names = [each for each in inspect.signature(function).parameters if each != "to"]
        assert names == ["returns", "nan_policy"]
        return
    if measure.result in ("portfolio", "other"):
        assert ("nan_policy" in inspect.signature(function).parameters) == (
            (measure in PORTFOLIOS and measure.omits) or measure.name == "exceedances"
        )
        return
    answer = inspect.signature(function).return_annotation
    kinds = {
        "PerColumn": "number",
        "NumberPerColumn": "number",
        "OverTime": "path",
        "Any": "path",
        "Interval": "interval",
    }
    kind = kinds.get(answer, "record")
    assert kind == ("record" if measure.field else measure.result)
    parameters = inspect.signature(function).parameters
    assert ("nan_policy" in parameters) == measure.omits
    assert ("benchmark" in parameters) == measure.benchmark or measure.name in ("summary", "rolling")


@each_measure
def test_data_come_first_and_everything_else_has_a_keyword(measure):
    parameters = list(inspect.signature(function_of(measure.name)).parameters.values())
    assert parameters[0].name == ("prices" if measure.of_prices else "returns")
    for parameter in parameters[1:]:
        if parameter.name not in ("benchmark", "measure"):
            assert parameter.kind is parameter.KEYWORD_ONLY
    defaults = {parameter.name: parameter.default for parameter in parameters}
    shared = {"nan_policy": "raise", "periods_per_year": None, "level": 0.95, "risk_free": 0.0, "required_return": 0.0}
    assert {name: defaults[name] for name in shared if name in defaults} == {
        name: default for name, default in shared.items() if name in defaults
    }


# --- types and labels


@each_number
def test_a_series_gives_a_plain_float(measure):
    result = measure(frame_for(measure)["MSFT"])
    assert type(result) is float
    assert math.isfinite(result)


@each_number
def test_a_vector_and_a_list_give_a_plain_float(measure):
    column = numbers_for(measure)[:, 1]
    assert type(measure(column)) is float
    assert type(measure(column.tolist())) is float
    assert measure(column) == measure(column.tolist())


@each_number
def test_a_frame_gives_a_series_by_column(measure):
    result = measure(frame_for(measure))
    assert isinstance(result, pd.Series)
    assert result.dtype == np.float64
    pd.testing.assert_index_equal(result.index, frame_for(measure).columns)


@each_number
def test_a_matrix_gives_a_vector(measure):
    result = measure(numbers_for(measure))
    assert isinstance(result, np.ndarray)
    assert result.shape == (3,)
    assert result.dtype == np.float64


@each_number
def test_polars_gives_a_plain_float_or_a_frame_of_one_row(measure):
    assert type(measure(pl.Series("MSFT", numbers_for(measure)[:, 1]))) is float
    result = measure(polars_for(measure))
    assert isinstance(result, pl.DataFrame)
    assert result.shape == (1, 3)
    assert result.columns == NAMES
    assert same(list(result.row(0)), measure(frame_for(measure)).tolist())


@each_path
def test_a_path_keeps_type_and_labels(measure):
    frame = frame_for(measure)
    first = 1 if measure.of_prices else 0
    whole, series = measure(frame), measure(frame["MSFT"])
    assert isinstance(series, pd.Series)
    pd.testing.assert_index_equal(series.index, DATES[first:])
    pd.testing.assert_index_equal(whole.index, DATES[first:])
    if measure.name == "portfolio_returns":
        assert (whole.name, series.name) == ("portfolio", "portfolio")
        return
    assert series.name == "MSFT"
    pd.testing.assert_index_equal(whole.columns, frame.columns)
    assert (whole.dtypes == np.float64).all()


@each_path
def test_a_path_of_arrays_is_an_array(measure):
    values = numbers_for(measure)
    rows = ROWS - measure.of_prices
    assert isinstance(measure(values), np.ndarray)
    assert measure(values).shape == ((rows,) if measure.name == "portfolio_returns" else (rows, 3))
    assert measure(values[:, 0]).shape == (rows,)
    assert measure(values[:, 0].tolist()).shape == (rows,)


@each_path
def test_a_path_of_polars_is_polars(measure):
    frame, rows = polars_for(measure), ROWS - measure.of_prices
    series = measure(frame["MSFT"])
    assert isinstance(series, pl.Series)
    assert len(series) == rows
    whole = measure(frame)
    if measure.name == "portfolio_returns":
        assert isinstance(whole, pl.Series)
        assert (whole.name, series.name) == ("portfolio", "portfolio")
        return
    assert series.name == "MSFT"
    assert whole.columns == frame.columns
    assert whole["date"].equals(frame["date"][ROWS - rows :])
    assert same(whole.select(NAMES).to_numpy(), measure(frame_for(measure)).to_numpy())


@pytest.mark.parametrize("name", ["summary", "drawdown_table"])
def test_a_record_is_the_same_from_pandas_polars_and_arrays_but_for_its_labels(name):
    measure = MEASURES[name]
    ours, polars, array = measure(frame_for(measure)), measure(polars_for(measure)), measure(VALUES)
    for field in dataclasses.fields(ours):
        values = [getattr(record, field.name) for record in (ours, polars, array)]
        if field.name in ("assets", "column", "start", "end", "peak", "trough", "recovery", "days_down", "days_up"):
            continue
        assert same(values[0], values[1])
        assert same(values[0], values[2])


class PlainFrame(pd.DataFrame):
    """A user's frame whose operations give frames of pandas."""


@each_measure
def test_subclasses_and_arrow_tables_are_the_frames_that_they_hold(measure):
    frame = frame_for(measure)
    right = measure(frame)
    for kind in (WithConstructor, PlainFrame):
        assert same(measure(kind(frame)), right)
    assert same(measure(SeriesWithConstructor(frame["MSFT"])), measure(frame["MSFT"]))
    others = {"benchmark": benchmark_like(frame)} if measure.benchmark else {}
    options = {**others, **measure.arguments(frame)}
    result = function_of(measure.name)(pa.Table.from_pandas(frame.reset_index(), preserve_index=False), **options)
    assert same(result if measure.field is None else getattr(result, measure.field), right)


# --- numbers

NUMBER_TYPES = ("int64", "float32", "Int64", "Float64", "double[pyarrow]")


@each_measure
def test_a_column_of_a_panel_has_the_bits_of_the_series(measure):
    frame = frame_for(measure)
    if measure.result == "record":
        for name in NAMES:
            alone, among = measure(frame[[name]]), measure(frame)
            of_name = (among.column if measure.name == "drawdown_table" else among.assets).index(name)
            if measure.name == "summary":
                assert same(alone.sharpe_ratio[0], among.sharpe_ratio[of_name])
            assert same([d for d, c in zip(*depths(among), strict=True) if c == name], list(depths(alone)[0]))
        return
    if measure.name == "portfolio_returns":
        assert same(measure(frame["MSFT"]).to_numpy(), frame["MSFT"].to_numpy())
        return
    panel = measure(frame)
    for number, name in enumerate(NAMES):
        assert same(column_of(measure, panel, number), measure(frame[name]))
        assert same(column_of(measure, measure(frame.to_numpy()), number), measure(frame.to_numpy()[:, number]))


def depths(record):
    if hasattr(record, "depth"):
        return record.depth, record.column
    return record.timing if hasattr(record, "timing") else record.max_drawdown, record.assets


@each_measure
def test_the_order_of_columns_is_irrelevant(measure):
    frame = frame_for(measure)
    turned = frame[NAMES[::-1]]
    if measure.name == "portfolio_returns":
        weights = {"AAPL": 0.5, "MSFT": 0.25, "BTC": 0.25}
        assert same(measure(frame, weights=weights), measure(turned, weights=weights))
    elif measure.result == "record":
        one, two = measure(frame), measure(turned)
        key = sorted(zip(*depths(one), strict=True))
        assert key == sorted(zip(*depths(two), strict=True))
    else:
        columns_back = measure(turned).to_numpy()[..., ::-1]
        assert same(columns_back, measure(frame).to_numpy())


@each_measure
def test_other_number_types_are_read_as_floats(measure):
    """Once as columns of one frame, each of another type, and once alone: a frame of one type is one array."""
    whole = np.array([[2, 1, 2, 0, 1], [0, 3, 1, 1, 3], [1, 0, 0, 3, 0], [3, 2, 3, 0, 2], [0, 1, 1, 2, 1]])
    whole += measure.of_prices
    frame = pd.DataFrame(whole, index=DATES[:5], columns=list(NUMBER_TYPES))
    as_floats = measure(frame.astype(float))
    assert same(measure(frame.astype(dict(zip(frame.columns, NUMBER_TYPES, strict=True)))), as_floats)
    for dtype in NUMBER_TYPES:
        assert same(measure(frame.astype(dtype)), as_floats), dtype
    assert same(measure(whole), measure(whole.astype(float)))


@each_measure
def test_read_only_and_strided_arrays_give_the_same_bits(measure):
    values = numbers_for(measure)
    locked = values.copy()
    locked.flags.writeable = False
    for layout in (locked, np.asfortranarray(values), np.repeat(values, 2, axis=0)[::2], values[::-1].copy()[::-1]):
        assert same(measure(layout), measure(values))


@each_measure
def test_one_row_gives_a_number_or_the_number_of_rows_it_needs(measure):
    frame = frame_for(measure).iloc[:1]
    if measure.minimum == 1:
        result = measure(frame)
        assert len(result.depth if measure.result == "record" else result) in (1, 3)
        return
    text = (
        rf"at least {measure.minimum} rows, got 1"
        if "window" not in measure.options
        else r"window must be at most the 1 rows of returns, got 3"
    )
    with pytest.raises(InvalidInputError, match=text):
        measure(frame)


# Of returns that are all 1 %: what each measure is, exactly. nan where the definition divides by zero.
OF_EQUAL_RETURNS = {
    "alpha": 0.01 * 252, "annual_return": 1.01**252 - 1.0, "appraisal_ratio": math.nan, "average_drawdown": 0.0,
    "beta": 0.0, "cokurtosis": math.nan, "correlation": math.nan, "coskewness": math.nan,
    "m_squared": math.nan, "treynor_ratio": math.nan, "modified_treynor_ratio": math.nan, "specific_risk": 0.0,
    "adjusted_sharpe_ratio": math.nan, "beta_cokurtosis": 0.0, "beta_coskewness": 0.0, "d_ratio": 0.0,
    "prospect_ratio": math.nan, "rachev_ratio": math.nan, "systematic_risk": 0.0, "total_risk": 0.0,
    "burke_ratio": math.nan, "calmar_ratio": math.nan, "conditional_drawdown_at_risk": 0.0,
    "conditional_value_at_risk": -0.01, "downside_deviation": 0.0, "downside_potential": 0.0,
    "entropic_value_at_risk": -0.01, "excess_kurtosis": math.nan, "expectile_value_at_risk": -0.01,
    "gain_to_pain_ratio": math.nan, "kappa_ratio": math.nan, "martin_ratio": math.nan,
    "max_drawdown": 0.0, "omega_ratio": math.nan, "pain_index": 0.0, "pain_ratio": math.nan, "semideviation": 0.0,
    "sharpe_ratio": math.nan, "skewness": math.nan, "sortino_ratio": math.nan, "stability": 1.0,
    "sterling_ratio": (1.01**252 - 1.0) / 0.1, "tail_ratio": 1.0, "tail_risk": -0.01, "ulcer_index": 0.0,
    "upside_potential": 0.01, "deflated_sharpe_ratio": math.nan, "minimum_track_record_length": math.nan,
    "probabilistic_sharpe_ratio": math.nan,
    "upside_potential_ratio": math.nan, "value_at_risk": -0.01, "volatility": 0.0,
}  # fmt: skip


@each_number
def test_equal_returns_have_exact_measures(measure):
    result = measure(pd.Series(0.01, index=DATES))
    if measure.name in OF_EQUAL_RETURNS:
        assert result == pytest.approx(OF_EQUAL_RETURNS[measure.name], rel=1e-12, abs=0.0, nan_ok=True)
    else:
        assert measure.benchmark
        assert math.isfinite(result)


@each_measure
def test_equal_returns_give_no_warning_and_no_infinity_in_paths_and_records(measure):
    equal = pd.DataFrame({"up": 0.01, "down": -0.01, "flat": 0.0}, index=DATES) + measure.of_prices
    result = measure(equal)
    if measure.result == "record":
        result = result.to_frame().select_dtypes("float")
    assert not np.isinf(np.asarray(result, dtype=float)).any()


RECORDS = [
    m for m in (*CALLABLE, *INTERVALS, *PORTFOLIOS) if m.field or m.result in ("record", "interval", "portfolio")
]


@pytest.mark.parametrize("measure", RECORDS, ids=lambda measure: measure.title)
def test_a_record_has_a_table_of_pandas_and_a_summary_that_prints_whatever_the_input(measure):
    whole = dataclasses.replace(measure, field=None)
    for data in (frame_for(measure), polars_for(measure), numbers_for(measure)):
        result = whole(data)
        if dataclasses.is_dataclass(result):  # two measures of weights are numbers
            assert isinstance(result.to_frame(), pd.DataFrame)
            assert isinstance(result.summary(), str)
