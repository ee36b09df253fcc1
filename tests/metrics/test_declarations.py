"""Every public measure is declared once, and what it declares is true."""

import inspect

import numpy as np
import pytest

from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import RiskMetricsCalculator
from riskresearch.metrics._all_measures import MEASURES, declared
from riskresearch.metrics._measure import SHARED_OPTIONS
from riskresearch.metrics._summary import LABELS, OWN_LABELS
from tests.samples import fat_tailed

# Functions of the room that are no measure of given returns: they make returns, samples or moving windows.
NO_MEASURES = {
    "aggregate_returns", "bootstrap_interval", "calendar_returns", "deflated_sharpe_ratio_from_moments", "exceedances",
    "filtered_bootstrap", "minimum_track_record_length_from_moments", "portfolio_returns",
    "probabilistic_sharpe_ratio_from_moments",
    "range_volatility", "rolling", "rolling_range_volatility", "rolling_tail_risk", "simple_returns", "summary",
}  # fmt: skip
each_declared = pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.name)


def test_every_public_measure_is_declared():
    functions = {name for name in metrics.__all__ if inspect.isfunction(getattr(metrics, name))}
    assert set(MEASURES) == functions - NO_MEASURES
    assert all(declared(getattr(metrics, name)) is MEASURES[name] for name in MEASURES)
    assert declared(np.mean) is None


@each_declared
def test_a_declaration_says_what_the_function_takes_and_gives(measure):
    signature = inspect.signature(measure.function)
    options = {each.name: each for each in signature.parameters.values() if each.kind is each.KEYWORD_ONLY}
    assert set(measure.takes) == set(options) & set(SHARED_OPTIONS)
    assert measure.benchmark == ("benchmark" in signature.parameters)
    assert set(measure.needs) == {name for name, each in options.items() if each.default is each.empty}
    assert "nan_policy" in options
    kinds = {"PerColumn": "number", "NumberPerColumn": "number", "OverTime": "path"}
    assert measure.answer == kinds.get(signature.return_annotation, "record")
    if measure.answer == "number":
        assert measure.has_interval == ("interval" in options)
    assert callable(getattr(RiskMetricsCalculator, measure.name))


@each_declared
def test_a_declaration_says_how_few_rows_are_enough_and_whether_they_compound(measure):
    given = {"trials": 5, "trial_variance": 0.1} if measure.needs else {}
    values = fat_tailed(40, 2)
    others = (values[:, 1],) if measure.benchmark else ()
    if measure.min_rows > 1:
        short = [column[: measure.min_rows - 1] for column in (values[:, 0], *others)]
        with pytest.raises(InvalidInputError, match=rf"at least {measure.min_rows} rows"):
            measure.function(*short, **given)
    wiped = values.copy()
    wiped[3, 0] = -1.5
    with (
        pytest.warns(ConventionWarning, match="-1")
        if not measure.compounds
        else pytest.raises(InvalidInputError, match="compounded")
    ):
        measure.function(wiped[:, 0], *others, **given)


def test_rows_of_a_summary_are_measures_with_a_label():
    assert set(LABELS) == {name for name, each in MEASURES.items() if each.label} | set(OWN_LABELS)
    assert all(LABELS.values())
