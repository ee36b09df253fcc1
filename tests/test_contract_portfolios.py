"""Every measure of weights and returns together: the same of every kind of input, and what it refuses."""

import dataclasses
import inspect

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from tests.contract import BAD_ROW, NAMES, VALUES, frame_for, holed, polars_for, same
from tests.measures import PORTFOLIOS, function_of

each_portfolio = pytest.mark.parametrize("measure", PORTFOLIOS, ids=lambda measure: measure.name)


@each_portfolio
def test_a_portfolio_is_measured_alike_from_pandas_polars_and_arrays(measure):
    frame = frame_for(measure)
    ours = measure(frame)
    pd.testing.assert_frame_equal(frame, frame_for(measure))
    assert same(ours, measure(frame))
    assert same(ours, measure(polars_for(measure)))
    unnamed = measure(VALUES)
    if dataclasses.is_dataclass(ours):
        assert (ours.assets, unnamed.assets) == (tuple(NAMES), ("0", "1", "2"))
        by_name = {"shocks": ours.shocks} if hasattr(ours, "shocks") else {}
        unnamed = dataclasses.replace(unnamed, assets=ours.assets, **by_name)
    assert same(ours, unnamed)


@each_portfolio
def test_a_portfolio_takes_data_and_weights_first_and_everything_else_by_keyword(measure):
    first, *others = inspect.signature(function_of(measure.name)).parameters.values()
    assert first.name == "returns"
    assert [each.name for each in others if each.kind is not each.KEYWORD_ONLY] in ([], ["weights"])


@each_portfolio
def test_a_portfolio_refuses_gaps_infinities_and_weights_that_do_not_fit(measure):
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW} in column 'MSFT'"):
        measure(holed(measure))
    with pytest.raises(InvalidInputError, match=r"An infinity is not a missing value"):
        measure(holed(measure, np.inf))
    with pytest.raises(
        InvalidInputError, match=r"but 'MFST' is in weights only\. Did you mean 'MSFT'\? The columns are"
    ):
        measure(frame_for(measure), weights={"AAPL": 0.5, "MFST": 0.5})
    if measure.omits:
        assert same(measure(holed(measure), nan_policy="omit"), measure(holed(measure).dropna()))
