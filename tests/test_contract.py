"""Every public measure over every kind of input: type, labels, error text, and the input left as it was."""

import dataclasses
import inspect
import math
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.measures import CALLABLE, MEASURES, NUMBERS, PATHS, PORTFOLIOS, benchmark_like

ROWS = 12
DATES = pd.date_range("2024-01-01", periods=ROWS, freq="B", name="date")
VALUES = np.array(
    [
        [0.012, -0.007, 0.003], [-0.021, 0.004, 0.0], [0.008, 0.011, -0.013], [0.0, -0.016, 0.002],
        [0.017, 0.009, 0.006], [-0.009, 0.0, -0.004], [0.004, 0.013, 0.019], [-0.013, -0.022, -0.006],
        [0.022, 0.006, 0.001], [-0.002, 0.015, -0.017], [0.011, -0.003, 0.008], [-0.006, 0.002, 0.005],
    ]
)  # fmt: skip
NAMES = ["AAPL", "MSFT", "BTC"]
BAD_ROW = "2024-01-04"  # row 3

each_measure = pytest.mark.parametrize("measure", CALLABLE, ids=lambda measure: measure.name)
each_number = pytest.mark.parametrize("measure", NUMBERS, ids=lambda measure: measure.name)
each_path = pytest.mark.parametrize("measure", PATHS, ids=lambda measure: measure.name)
each_omitting = pytest.mark.parametrize(
    "measure", [measure for measure in CALLABLE if measure.omits], ids=lambda measure: measure.name
)


def numbers_for(measure):
    """Return prices for what takes prices, returns for the others."""
    return 100.0 * np.cumprod(1.0 + VALUES, axis=0) if measure.of_prices else VALUES


def frame_for(measure):
    return pd.DataFrame(numbers_for(measure).copy(), index=DATES, columns=pd.Index(NAMES, name="ticker"))


def polars_for(measure):
    columns = {name: numbers_for(measure)[:, i] for i, name in enumerate(NAMES)}
    return pl.DataFrame({"date": DATES.to_numpy().astype("M8[us]"), **columns})


def same(one, other):
    """Say whether two results hold the same bits, nan equal to nan."""
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and same(dataclasses.astuple(one), dataclasses.astuple(other))
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, (np.ndarray, pd.Series, pd.DataFrame, pl.Series)):
        return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype.kind == "f")
    if isinstance(one, pl.DataFrame):
        return one.equals(other)
    return one == other or (one != one and other != other)


def column_of(measure, result, number, name=None):
    """Return what a measure of a panel says of one column."""
    if measure.result == "number":
        return result.iloc[number] if isinstance(result, pd.Series) else result[number]
    return result.iloc[:, number] if isinstance(result, pd.DataFrame) else result[:, number]


# --- the table is complete


def test_every_public_name_is_in_the_table():
    assert set(MEASURES) == set(metrics.__all__)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)
def test_the_table_tells_the_kind_of_result_right(measure):
    function = getattr(metrics, measure.name)
    if measure.result == "type":
        assert dataclasses.is_dataclass(function)
        assert function.__dataclass_params__.frozen
        return
    if measure.result in ("portfolio", "other"):
        assert ("nan_policy" in inspect.signature(function).parameters) == (measure in PORTFOLIOS and measure.omits)
        return
    answer = inspect.signature(function).return_annotation
    assert {"PerColumn": "number", "OverTime": "path", "Any": "path"}.get(answer, "record") == measure.result
    parameters = inspect.signature(function).parameters
    assert ("nan_policy" in parameters) == measure.omits
    assert ("benchmark" in parameters) == measure.benchmark or measure.name == "summary"


@each_measure
def test_data_come_first_and_everything_else_has_a_keyword(measure):
    parameters = list(inspect.signature(getattr(metrics, measure.name)).parameters.values())
    assert parameters[0].name == ("prices" if measure.of_prices else "returns")
    for parameter in parameters[1:]:
        if parameter.name != "benchmark":
            assert parameter.kind is parameter.KEYWORD_ONLY
    defaults = {parameter.name: parameter.default for parameter in parameters}
    shared = {"nan_policy": "raise", "periods_per_year": None, "level": 0.95, "risk_free": 0.0, "required_return": 0.0}
    assert {name: defaults[name] for name in shared if name in defaults} == {
        name: default for name, default in shared.items() if name in defaults
    }


# --- measures of a portfolio: the same of every kind of input

each_portfolio = pytest.mark.parametrize("measure", PORTFOLIOS, ids=lambda measure: measure.name)


@each_portfolio
def test_a_portfolio_is_measured_alike_from_pandas_polars_and_arrays(measure):
    frame = frame_for(measure)
    before = fingerprint(frame)
    ours = measure(frame)
    assert fingerprint(frame) == before
    assert same(ours, measure(frame))
    assert same(ours, measure(polars_for(measure)))
    unnamed = measure(VALUES)
    if dataclasses.is_dataclass(ours):
        assert (ours.assets, unnamed.assets) == (tuple(NAMES), ("0", "1", "2"))
        unnamed = dataclasses.replace(unnamed, assets=ours.assets)
    assert same(ours, unnamed)


@each_portfolio
def test_a_portfolio_takes_data_first_and_everything_else_by_keyword(measure):
    first, *others = inspect.signature(getattr(metrics, measure.name)).parameters.values()
    assert first.name == "returns"
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in others)


@each_portfolio
def test_a_portfolio_refuses_gaps_infinities_and_weights_that_do_not_fit(measure):
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW} in column 'MSFT'"):
        measure(holed(measure))
    with pytest.raises(InvalidInputError, match=r"An infinity is not a missing value"):
        measure(holed(measure, np.inf))
    with pytest.raises(InvalidInputError, match=r"must name the columns of returns, but 'BTC' is in returns only"):
        measure(frame_for(measure), weights={"AAPL": 0.5, "MSFT": 0.5})
    if measure.omits:
        assert same(measure(holed(measure), nan_policy="omit"), measure(holed(measure).dropna()))


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
        if field.name in ("assets", "column", "start", "end", "peak", "trough", "recovery"):
            continue
        assert same(values[0], values[1])
        assert same(values[0], values[2])


# --- numbers


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
    return record.max_drawdown, record.assets


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
@pytest.mark.parametrize("dtype", ["int64", "float32", "Int64", "Float64", "double[pyarrow]"])
def test_other_number_types_are_read_as_floats(measure, dtype):
    whole = np.array([[2, 1], [0, 3], [1, 0], [3, 2], [0, 1]])
    frame = pd.DataFrame(whole + measure.of_prices, index=DATES[:5], columns=NAMES[:2])
    assert same(measure(frame.astype(dtype)), measure(frame.astype(float)))


@each_measure
def test_an_array_of_int_is_read_as_floats(measure):
    whole = np.array([[2, 1], [0, 3], [1, 0], [3, 2], [0, 1]]) + measure.of_prices
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
    text = r"at least 2 rows, got 1" if measure.omits else r"window must be at most the 1 rows of returns, got 3"
    with pytest.raises(InvalidInputError, match=text):
        measure(frame)


# Of returns that are all 1 %: what each measure is, exactly. nan where the definition divides by zero.
OF_EQUAL_RETURNS = {
    "alpha": 0.01 * 252, "annual_return": 1.01**252 - 1.0, "average_drawdown": 0.0, "beta": 0.0,
    "burke_ratio": math.nan, "calmar_ratio": math.nan, "conditional_value_at_risk": -0.01,
    "excess_kurtosis": math.nan, "max_drawdown": 0.0, "omega_ratio": math.nan, "sharpe_ratio": math.nan,
    "skewness": math.nan, "sortino_ratio": math.nan, "tail_ratio": -1.0, "ulcer_index": 0.0,
    "value_at_risk": -0.01, "volatility": 0.0,
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


# --- missing and infinite values


def holed(measure, value=np.nan):
    frame = frame_for(measure)
    frame.loc[BAD_ROW, "MSFT"] = value
    return frame


@each_measure
def test_a_missing_value_is_named_by_date_and_column(measure):
    what = "prices" if measure.of_prices else "returns"
    text = rf"{what} has 1 non-finite value, the first at {BAD_ROW} in column 'MSFT'\. Pass nan_policy=\"omit\""
    with pytest.raises(InvalidInputError, match=text):
        measure(holed(measure))
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW}\. Pass"):
        measure(holed(measure)["MSFT"])
    with pytest.raises(InvalidInputError, match=r"the first at row 3, column 1\. Pass"):
        measure(holed(measure).to_numpy())
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW} 00:00:00 in column 'MSFT'\. Pass"):
        measure(polars_for(measure).with_columns(MSFT=pl.Series(holed(measure)["MSFT"].to_numpy())))


@pytest.mark.parametrize("measure", [m for m in NUMBERS if m.omits], ids=lambda measure: measure.name)
def test_an_omitted_row_is_as_if_it_had_never_been(measure):
    frame = holed(measure)
    result = measure(frame, nan_policy="omit")
    others = (benchmark_like(frame).drop(pd.Timestamp(BAD_ROW)),) if measure.benchmark else ()
    without = getattr(metrics, measure.name)(frame["MSFT"].dropna(), *others)
    assert same(result["MSFT"], without)
    assert same(result["AAPL"], measure(frame["AAPL"]))
    assert same(list(measure(pl.from_pandas(frame.reset_index()), nan_policy="omit").row(0)), result.tolist())


@pytest.mark.parametrize("measure", [m for m in PATHS if m.omits], ids=lambda measure: measure.name)
def test_a_missing_value_stays_missing_in_a_path(measure):
    frame = holed(measure)
    result = measure(frame, nan_policy="omit")
    if measure.name == "portfolio_returns":
        assert not result.isna().any()
        return
    missing = result.index[result["MSFT"].isna()].strftime("%Y-%m-%d").tolist()
    assert missing == ([BAD_ROW, "2024-01-05"] if measure.of_prices else [BAD_ROW])
    assert not result["AAPL"].isna().any()
    if not measure.of_prices:
        assert same(result["MSFT"].dropna().to_numpy(), measure(frame["MSFT"].dropna()).to_numpy())


@each_omitting
def test_a_column_without_any_value_is_named(measure):
    frame = frame_for(measure)
    frame["MSFT"] = np.nan
    if measure.name in ("portfolio_returns", "simple_returns"):
        assert not np.isinf(np.asarray(measure(frame, nan_policy="omit"))).any()
        return
    text = rf"at least {measure.minimum} observations in each column, got 0 in column 'MSFT' after leaving out"
    with pytest.raises(InvalidInputError, match=text):
        measure(frame, nan_policy="omit")


@each_measure
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_an_infinity_is_refused_whatever_the_policy(measure, value):
    frame = holed(measure, value)
    text = rf"has 1 infinite value, the first at {BAD_ROW} in column 'MSFT'\. An infinity is not a missing value"
    for options in ({}, {"nan_policy": "omit"}) if measure.omits else ({},):
        with pytest.raises(InvalidInputError, match=text):
            measure(frame, **options)


# --- what is refused


@each_measure
def test_unsorted_dates_are_refused(measure):
    turned = frame_for(measure).iloc[[0, 2, 1, *range(3, ROWS)]]
    text = r"must be in the order of its dates, got 2024-01-02 after 2024-01-03 on row 2\. Sort it with \.sort_index"
    with pytest.raises(InvalidInputError, match=text):
        measure(turned)
    with pytest.raises(InvalidInputError, match=r"must be in the order of its dates"):
        measure(polars_for(measure)[[0, 2, 1]])


@each_measure
def test_duplicate_dates_are_refused(measure):
    twice = frame_for(measure).iloc[[0, 1, 1, 2]]
    with pytest.raises(
        InvalidInputError, match=r"one row for each date, got 2024-01-02 twice, the second time on row 2"
    ):
        measure(twice)


@each_measure
@pytest.mark.parametrize("empty", [[], np.empty((0, 2)), pd.Series(dtype=float), pd.DataFrame(), pl.DataFrame()])
def test_nothing_is_refused(measure, empty):
    with pytest.raises(InvalidInputError, match=r"must not be empty, got shape"):
        getattr(metrics, measure.name)(empty, *([[]] if measure.benchmark else []), **dict(measure.options))


@each_measure
def test_text_is_refused_by_its_place(measure):
    frame = frame_for(measure).astype({"MSFT": object})
    frame.loc[BAD_ROW, "MSFT"] = "n/a"
    with pytest.raises(InvalidInputError, match=rf"must hold numbers, .*'n/a' at {BAD_ROW} in column 'MSFT'"):
        measure(frame)
    with pytest.raises(InvalidInputError, match=r"must hold numbers, got dtype <U"):
        measure(np.array(["0.01", "0.02", "0.03"]))


@each_measure
def test_truth_values_are_refused(measure):
    for data in (np.array([True, False, True]), pd.Series([True, False, True]), pl.Series([True, False, True])):
        with pytest.raises(InvalidInputError, match=r"must hold numbers, got dtype (bool|object|Boolean)"):
            measure(data)


@each_measure
def test_two_columns_of_one_name_are_refused(measure):
    frame = frame_for(measure).set_axis(["AAPL", "BTC", "BTC"], axis=1)
    with pytest.raises(InvalidInputError, match=r"a different name for each column, got 'BTC' twice"):
        measure(frame)


@pytest.mark.parametrize("measure", [m for m in CALLABLE if m.compounds], ids=lambda measure: measure.name)
def test_a_loss_of_more_than_everything_is_refused_where_returns_compound(measure):
    text = rf"returns must be -1 or more to be compounded, got -5 at {BAD_ROW} in column 'MSFT'.*-5 % is -0\.05"
    with pytest.raises(InvalidInputError, match=text):
        measure(holed(measure, -5.0))


@each_omitting
def test_an_unknown_nan_policy_is_refused(measure):
    with pytest.raises(InvalidInputError, match=r"nan_policy must be one of 'raise', 'omit', got 'drop'"):
        measure(frame_for(measure), nan_policy="drop")


# --- side effects


def fingerprint(data):
    if isinstance(data, np.ndarray):
        return data.tobytes(), data.shape, data.flags.writeable
    if isinstance(data, pl.DataFrame):
        return data.hash_rows().to_list(), data.schema
    names = data.columns if isinstance(data, pd.DataFrame) else data.name
    return pd.util.hash_pandas_object(data).tolist(), repr(names), data.index.name, data.index.freq, data.attrs


@each_measure
@pytest.mark.parametrize("kind", ["array", "frame", "series", "polars", "holed"])
def test_the_input_is_left_as_it_was(measure, kind):
    data = {
        "array": numbers_for(measure).copy(), "frame": frame_for(measure), "series": frame_for(measure)["MSFT"].copy(),
        "polars": polars_for(measure), "holed": holed(measure),
    }[kind]  # fmt: skip
    before = fingerprint(data)
    result = measure(data, **({"nan_policy": "omit"} if kind == "holed" and measure.omits else {})) if (
        kind != "holed" or measure.omits
    ) else None  # fmt: skip
    if isinstance(result, np.ndarray):
        result[...] = -1.0
    elif isinstance(result, (pd.Series, pd.DataFrame)):
        result.iloc[:] = -1.0
        result.index.name = "changed"
    assert fingerprint(data) == before


@each_measure
def test_calling_twice_gives_the_same_bits(measure):
    assert same(measure(frame_for(measure)), measure(frame_for(measure)))


# --- one convention for one word


@pytest.mark.parametrize(
    "name",
    [m.name for m in (*CALLABLE, *PORTFOLIOS) if "level" in inspect.signature(getattr(metrics, m.name)).parameters],
)
@pytest.mark.parametrize("level", [0.05, 95, 0.5, 1.0])
def test_every_level_is_a_confidence_level(name, level):
    with pytest.raises(
        InvalidInputError, match=rf"level must be in \(0\.5, 1\), got {re.escape(str(level))}\. It is a"
    ):
        MEASURES[name](VALUES, level=level)


@pytest.mark.parametrize(
    "name", [m.name for m in CALLABLE if "periods_per_year" in inspect.signature(getattr(metrics, m.name)).parameters]
)
def test_every_periods_per_year_is_held_against_the_dates(name):
    measure = MEASURES[name]
    with pytest.warns(ConventionWarning, match=r"periods_per_year=12 was given, but the dates show 252") as caught:
        measure(frame_for(measure), periods_per_year=12)
    assert len(caught) == 1
    with pytest.raises(InvalidInputError, match=r"periods_per_year must be positive, got 0"):
        measure(frame_for(measure), periods_per_year=0)
    assert same(measure(VALUES, periods_per_year=252), measure(VALUES))
