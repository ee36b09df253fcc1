"""What leaves the doubles is infinite, or undefined: no measure of returns lets a warning of NumPy out."""

import inspect
import warnings

import numpy as np
import pytest

from riskresearch import metrics
from riskresearch.core import RiskResearchError, RiskResearchWarning
from riskresearch.metrics import annual_return, m_squared, up_capture
from tests.measures import MEASURES

COLUMNS = {
    "gains of millions": [1e6, 2e6, -0.5, 3e6],
    "hundreds of digits": [1e100, -0.2, 3e100, 1e90],
    "the largest": [1.7e308, 1.7e308, -0.5, 1e308],
    "large and small": [-1e300, 1e300, 1e-300, 2.0],
    "the smallest": [5e-324, 0.0, -5e-324, 5e-324],
    "small": [1e-300, -1e-300, 3e-300, 2e-310],
    "ruin": [0.1, -1.0, 0.2, 0.3],
    "idle": [0.0, 0.0, 0.0, 0.0],
}
OPTIONS = [
    {}, {"periods_per_year": 1e9}, {"required_return": 5e-324}, {"required_return": 1e-300}, {"risk_free": -0.5},
    {"risk_free": 1e-320}, {"risk_free": 0.5, "periods_per_year": 8766},
]  # fmt: skip
NUMBERS = [
    measure
    for measure in MEASURES.values()
    if measure.result == "number" and measure.name not in {"bootstrap_interval"}
]


@pytest.mark.parametrize("measure", NUMBERS, ids=lambda measure: measure.name)
@pytest.mark.parametrize("column", COLUMNS)
def test_no_measure_lets_a_raw_warning_out(measure, column):
    data = np.column_stack([COLUMNS[column], COLUMNS[column][::-1]])
    accepted = 0
    known = inspect.signature(getattr(metrics, measure.name)).parameters
    for options in OPTIONS:
        if not known.keys() >= options.keys():
            continue
        for values in (data, data[:, 0]):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RiskResearchWarning)
                try:
                    measure(values, **options)
                    accepted += 1
                except RiskResearchError:
                    pass
    assert accepted or measure.compounds


@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_annual_numbers_beyond_a_double_are_infinite():
    assert annual_return([5.0, 6.0, 7.0], periods_per_year=8766) == np.inf
    gains = [5.0, 6.0, -0.5]
    assert up_capture(gains, [1e-4, 2e-4, -1e-4], compounding="annualized", periods_per_year=8766) == np.inf
    assert m_squared(gains, [0.1, 0.2, -0.1], periods_per_year=8766) == np.inf
