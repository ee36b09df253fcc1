"""The running protocol and its saved state: a user's own definition, histories by the loop, and what is refused."""

import json
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import InvalidInputError, over_history
from riskresearch.core._saved_state import by_value, plain, read_saved, revived, saved
from riskresearch.metrics import Online, value_at_risk
from riskresearch.sizing import FixedFractionSizer, VolatilityPositionSizer


@dataclass(frozen=True)
class Count:
    """A user's own definition: how many observations were above a level."""

    level: float = 0.0

    def start(self):
        return RunningCount(self.level)


class RunningCount:
    def __init__(self, level):
        self.level, self.count = level, 0

    def update(self, observation):
        self.count += observation > self.level
        return self.count


def test_a_definition_of_the_user_is_run_over_a_history_by_its_own_stream():
    assert over_history(Count(level=1.0), [0.5, 2.0, 3.0, 0.0]) == [0, 1, 2, 2]


def test_a_definition_with_a_compiled_fold_keeps_the_labels_of_its_history():
    assert over_history(FixedFractionSizer(fraction=0.5), {"returns": [0.1], "signals": [-1.0]}).tolist() == [-0.5]


@pytest.mark.parametrize(
    ("definition", "data", "message"),
    [
        (Count, [1.0], "definition must have start"),
        (1.0, [1.0], r"definition must have start\(\), got 1\.0"),
        (Count(), "text", "data must be a sequence of observations, got str"),
        (Count(), 1.0, "data must be a sequence of observations, got float"),
        (Count(), {"a": 1.0}, "data must be a sequence of observations, got dict"),
    ],
)
def test_mistakes_are_named(definition, data, message):
    with pytest.raises(InvalidInputError, match=message):
        over_history(definition, data)


def test_every_bit_survives_strict_json():
    values = [math.nan, math.inf, -math.inf, -0.0, 5e-324, 0.1, 1e308, 3, True, None, "x"]
    back = revived(json.loads(json.dumps(plain({"a": values}, name="state"), allow_nan=False)))["a"]
    assert [repr(each) for each in back] == [repr(each) for each in values]
    assert plain(np.array([[1.0, math.nan]]), name="state") == [[1.0, {"float": "nan"}]]


def test_a_saved_state_is_read_by_its_own_definition_only():
    data = json.loads(json.dumps(saved(Count(2.0), {"columns": 1}, {"ring": np.array([1.0, math.inf])}, {})))
    assert read_saved(Count(2.0), data) == ({"columns": 1}, {"ring": [1.0, math.inf]}, {})
    with pytest.raises(InvalidInputError, match=r"got one with level=2\.0 where this one has level=3\.0"):
        read_saved(Count(3.0), data)
    with pytest.raises(InvalidInputError, match="its checksum differs"):
        read_saved(Count(2.0), {**data, "state": {"ring": [1.0, 2.0]}})
    with pytest.raises(InvalidInputError, match="version must be 3, got 2"):
        read_saved(Count(2.0), {**data, "version": 2})
    with pytest.raises(InvalidInputError, match="state must hold version, definition, start, state, parts, checksum"):
        read_saved(Count(2.0), {**data, "more": 1})


def test_one_and_true_are_different_parameters():
    with pytest.raises(InvalidInputError, match="got one with level=1 where this one has level=True"):
        read_saved(Count(True), saved(Count(1), {}, {}, {}))


def test_functions_of_this_library_are_stored_by_name_and_those_of_the_user_are_not():
    stored = by_value(partial(value_at_risk, level=0.9), name="measure")
    assert stored == {"partial": {"function": "value_at_risk"}, "args": [], "options": {"level": 0.9}}
    for own in (lambda: 1, test_mistakes_are_named, {1, 2}):
        with pytest.raises(InvalidInputError, match="measure must be numbers, text, or a dataclass of them"):
            by_value(own, name="measure")


@pytest.mark.parametrize("data", [{"A": [0.01], "B": [0.02]}, {"signals": [1.0]}, {}])
def test_a_mapping_without_the_main_input_is_refused_with_its_name(data):
    with pytest.raises(InvalidInputError, match=r"a mapping of returns.* with 'returns' in it.*pd\.DataFrame\(data\)"):
        over_history(FixedFractionSizer(fraction=0.25), data)


@pytest.mark.parametrize("given", ["var.json", Path("var.json"), '{"version": 3}'])
def test_a_file_in_place_of_its_state_is_answered_with_the_line_that_reads_it(given):
    with pytest.raises(InvalidInputError, match=r"From a file: resume\(json\.loads\(path\.read_text\(\)\)\)"):
        Online("volatility", window=20).resume(given)
    with pytest.raises(InvalidInputError, match=r"From a file: resume"):
        DrawdownBreaker(0.1).resume(given)


def test_a_number_in_place_of_a_row_or_a_bar_is_answered_with_both():
    with pytest.raises(InvalidInputError, match=r"must hold 1 number, got 0\.01\. A row of one column is \[0\.01\]"):
        VolatilityPositionSizer().start(1).update(0.01)
    with pytest.raises(InvalidInputError, match=r"a Bar, got 100\.0\. A price is Bar\(price=100\.0\), the equity"):
        DrawdownBreaker(0.1).start(equity=1e6).update(100.0)
