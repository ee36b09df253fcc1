"""No look-ahead: what a measure says of a day does not depend, in one bit, on what came after."""

import inspect

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.datasets import load
from tests.examples import examples
from tests.measures import MEASURES, PATHS
from tests.samples import fat_tailed, of_any_size, returns_arrays

each_path = pytest.mark.parametrize("measure", PATHS, ids=lambda measure: measure.title)


def input_for(measure, returns):
    return 100.0 * np.cumprod(1.0 + returns, axis=0) if measure.of_prices else returns


def past_of(measure, result, rows):
    """Return the part of a result that stands for the first `rows` rows of the input, as an array."""
    return np.asarray(result)[: rows - measure.of_prices]


def assert_the_past_stays(measure, values, rows, other_future, **options):
    past = past_of(measure, measure(values, **options), rows)
    cut = np.asarray(measure(values[:rows], **options))
    assert cut.shape == past.shape
    assert np.array_equal(cut, past, equal_nan=True)
    changed = np.concatenate([values[:rows], other_future])
    assert np.array_equal(past_of(measure, measure(changed, **options), rows), past, equal_nan=True)


def test_every_function_over_time_is_checked_here():
    over_time = {
        name
        for name in metrics.__all__
        if inspect.isfunction(getattr(metrics, name))
        and inspect.signature(getattr(metrics, name)).return_annotation in ("OverTime", "Any")
        and MEASURES[name].result not in ("bars", "periods", "other")
    }
    assert over_time == {measure.name for measure in PATHS if measure.field is None}
    rolled = {name for name in metrics.__all__ if name.startswith("rolling_") and MEASURES[name].result != "bars"}
    assert {measure.name for measure in PATHS} >= rolled
    assert {MEASURES[name].result for name in over_time} == {"path"}


@of_any_size
@each_path
@given(data=st.data())
@examples(40)
def test_neither_the_end_of_history_nor_another_future_changes_the_past(measure, data):
    returns = data.draw(returns_arrays(min_rows=measure.minimum + 1, max_rows=30))
    rows = data.draw(st.integers(measure.minimum, len(returns) - 1))
    values = input_for(measure, returns)
    wild = st.sampled_from([-0.9, 0.0, 0.5, 3.0] if not measure.of_prices else [0.01, 1.0, 1e6])
    future = np.full((data.draw(st.integers(1, 20)), returns.shape[1]), data.draw(wild))
    assert_the_past_stays(measure, values, rows, future)


@each_path
@pytest.mark.parametrize("columns", [1, 3, 17])
@pytest.mark.parametrize("rows", [3, 64, 100, 511, 1023])
def test_neither_does_the_length_of_a_long_history(measure, rows, columns):
    """Matrix products, pairwise sums and vector loops treat the last rows of an odd number otherwise."""
    values = input_for(measure, fat_tailed(1024, columns))
    assert_the_past_stays(measure, values, rows, values[rows:][::-1])


@pytest.mark.filterwarnings("ignore:.* missing prices:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("measure", [m for m in PATHS if m.omits], ids=lambda measure: measure.title)
def test_neither_do_gaps_of_the_future(measure):
    values = input_for(measure, fat_tailed(40, 3))
    values[[5, 11], [0, 2]] = np.nan
    future = values[20:].copy()
    future[3:9, 1] = np.nan
    assert_the_past_stays(measure, values, 20, future, nan_policy="omit")
    whole = values.copy()
    whole[25:, 0] = np.nan  # a gap that begins later must not turn the past to another path of the code
    without_gaps = input_for(measure, fat_tailed(40, 3))
    first = past_of(measure, measure(without_gaps, nan_policy="omit"), 20)
    without_gaps[25:, 0] = np.nan
    assert np.array_equal(past_of(measure, measure(without_gaps, nan_policy="omit"), 20), first, equal_nan=True)


@each_path
@pytest.mark.parametrize("cut", ["2016-12-30", "2020-03-16"])
def test_bundled_histories_of_labelled_data_stay_too(measure, cut):
    prices = load("factor_etfs")
    data = prices if measure.of_prices else metrics.simple_returns(prices)
    whole, past = measure(data), measure(data.loc[:cut])
    assert past.equals(whole.loc[:cut])
    polars = pl.from_pandas(data.reset_index())
    rows = len(data.loc[:cut])
    assert measure(polars[:rows]).equals(measure(polars)[: rows - measure.of_prices])
    assert isinstance(whole, (pd.Series, pd.DataFrame))
