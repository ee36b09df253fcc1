"""The interval that measures return: labels, words, frame and figure, over every kind of input."""

import html
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes
from tests.contract import BAD_ROW, NAMES, VALUES, frame_for, holed, polars_for, same
from tests.measures import INTERVALS

NUMBERS = ("estimate", "lower", "upper", "standard_error")
each_interval = pytest.mark.parametrize("measure", INTERVALS, ids=lambda measure: measure.name)


@each_interval
def test_numbers_have_the_form_of_the_input(measure):
    series, frame = measure(frame_for(measure)["MSFT"]), measure(frame_for(measure))
    matrix, polars = measure(VALUES), measure(polars_for(measure))
    for name in NUMBERS:
        assert type(getattr(series, name)) is float
        assert isinstance(getattr(frame, name), pd.Series)
        pd.testing.assert_index_equal(getattr(frame, name).index, frame_for(measure).columns)
        assert getattr(matrix, name).shape == (3,)
        assert getattr(polars, name).columns == NAMES
        assert same(getattr(frame, name).to_numpy(), getattr(matrix, name))
        assert getattr(frame, name)["MSFT"] == getattr(series, name)
        assert getattr(polars, name)["MSFT"][0] == getattr(series, name)


@each_interval
def test_the_estimate_is_within_its_interval(measure):
    found = measure(frame_for(measure))
    assert (found.lower <= found.estimate).all()
    assert (found.estimate <= found.upper).all()
    assert (found.standard_error > 0.0).all()


@each_interval
def test_missing_values_are_named_or_left_out(measure):
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW} in column 'MSFT'\. Pass nan_policy"):
        measure(holed(measure))
    found = measure(holed(measure), nan_policy="omit")
    assert found.lower["AAPL"] == measure(frame_for(measure)["AAPL"]).lower


@each_interval
def test_the_input_is_left_as_it_was(measure):
    frame = frame_for(measure)
    found = measure(frame)
    found.estimate.iloc[:] = 0.0
    pd.testing.assert_frame_equal(frame, frame_for(measure))


@each_interval
@pytest.mark.parametrize("kind", [frame_for, polars_for, lambda measure: VALUES], ids=["pandas", "polars", "array"])
def test_it_becomes_a_frame_of_one_row_per_asset(measure, kind):
    found = measure(kind(measure))
    table = found.to_frame()
    assert table.shape == (3, 4 + (found.p_value is not None))
    assert list(table.index) == (NAMES if kind is not None and not isinstance(kind(measure), np.ndarray) else [0, 1, 2])
    assert same(table["lower"].to_numpy(), measure(VALUES).lower)


@each_interval
def test_it_says_what_it_is_without_addresses(measure):
    alone, many = measure(frame_for(measure)["MSFT"]), measure(frame_for(measure))
    assert repr(alone) == repr(measure(frame_for(measure)["MSFT"]))
    assert repr(alone).startswith(f"Interval({alone.measure}=")
    assert repr(many) == f"Interval({many.measure} of 3 assets, confidence=0.95)"
    for text in (many.summary(), html.unescape(many._repr_html_())):
        assert many.method in text
        assert "MSFT" in text
    assert alone.to_frame().index.tolist() == ["returns"]


def test_it_is_drawn_from_the_lower_to_the_upper_bound():
    found = metrics.sharpe_ratio_interval(pd.DataFrame(VALUES, columns=NAMES))
    ax = found.plot(ax=blank_axes())
    assert ax.lines[0].get_xdata().tolist() == found.estimate.tolist()
    segments = ax.collections[0].get_segments()
    assert [list(segment[:, 0]) for segment in segments] == list(map(list, zip(found.lower, found.upper, strict=True)))
    assert (ax.get_xlabel(), ax.get_title(loc="left")) == ("Sharpe ratio", "Sharpe ratio with its 95% interval")
    assert not math.isnan(found.lower.sum())


def test_a_polars_series_gives_plain_floats():
    assert type(metrics.sharpe_ratio_interval(pl.Series("MSFT", VALUES[:, 1])).lower) is float
