"""A running sizer: an update is all or nothing, a state is strict JSON of its own sizer, and copies go on alike."""

import copy
import dataclasses
import json
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import options
from riskresearch.core import InvalidInputError
from riskresearch.sizing import (
    Constraints,
    FixedFractionSizer,
    KellyPositionSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
)
from tests.examples import examples
from tests.samples import fat_tailed
from tests.sizing.cases import CASES, Case, signals_like

WINDOWED = (
    Case("kelly", KellyPositionSizer(window=12, rebalance_every=4, constraints=Constraints(lower=-0.5)), signals=False),
    Case("parity", RiskParitySizer(window=12, rebalance_every=4), signals=False),
    Case("cvar", MinimumCVaRSizer(window=12, rebalance_every=4), signals=False),
    Case("kelly by month", KellyPositionSizer(window=12, rebalance="month"), signals=False),
    Case("volatility by week", VolatilityPositionSizer(halflife=4.0, rebalance="week", periods_per_year=252)),
)
each_case = pytest.mark.parametrize("case", [*CASES, *WINDOWED], ids=lambda case: case.name)
DAYS = pd.bdate_range("2024-01-15", periods=60)


def feed(stream, case, returns, rows):
    """Feed some rows of returns, with signals and times where there are any; return the weights after them."""
    data, extras = case.inputs(returns)
    if case.signals:
        extras = {**extras, "signals": signals_like(returns)}
    inputs = {case.sizer.inputs[0]: data, **extras, "time": DAYS}
    return np.array([stream.update({name: values[row] for name, values in inputs.items()}) for row in rows])


def strict(state):
    """Return a state through JSON that knows no NaN."""
    return json.loads(json.dumps(state, allow_nan=False))


def same_bits(one, other):
    return np.array_equal(one.view(np.int64), other.view(np.int64))


# --- all or nothing


class Moody:
    """A forecaster that changes its state and then fails on falls of more than half."""

    def start(self, columns):
        return RunningMoody(np.zeros(columns))

    def resume(self, state):
        return RunningMoody(np.array(state["rows"]))


class RunningMoody:
    def __init__(self, rows):
        self.rows = rows

    def update(self, row):
        self.rows += 1.0
        if (row < -0.5).any():
            raise RuntimeError("no")
        return 0.01 * self.rows

    def to_dict(self):
        return {"rows": self.rows.tolist()}


BAD_ROWS = {
    "moody": (VolatilityPositionSizer(model=Moody(), periods_per_year=1), {"returns": [-0.9, 0.0]}, RuntimeError),
    "parity": (RiskParitySizer(window=6, rebalance_every=1), {"returns": [0.0, 0.0]}, InvalidInputError),
    "cvar": (MinimumCVaRSizer(window=6, rebalance_every=1, required_return=0.004), {"returns": [-0.4, -0.4]}, None),
    "kelly": (KellyPositionSizer(window=6, rebalance_every=1), {"returns": [np.nan, 0.0]}, InvalidInputError),
    "signals": (VaRPositionSizer(window=6), {"returns": [0.0, 0.0], "signals": [2.0, 0.0]}, InvalidInputError),
    "forecasts": (VolatilityPositionSizer(), {"returns": [0.0, 0.0], "forecasts": [-1.0, 0.1]}, InvalidInputError),
    "clock": (FixedFractionSizer(rebalance="week"), {"returns": [0.0, 0.0], "time": DAYS[0]}, InvalidInputError),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_an_update_that_raises_changes_nothing(name):
    sizer, bad, error = BAD_ROWS[name]
    returns = np.abs(fat_tailed(20, 2)) + 0.01 * np.eye(2)[np.arange(20) % 2]
    if name == "parity":
        returns[6:] = returns[6:, :1]  # the two become one: without risk long and short only, so make them cancel
        returns[6:, 1] *= -1.0
    stream, twin = sizer.start(2), sizer.start(2)
    raised = False
    for row in range(20):
        state = json.dumps(stream.to_dict())
        try:
            good = {"returns": returns[row], "time": DAYS[row]}
            found = stream.update({"time": DAYS[row]} | bad if row == 10 and name != "parity" else good)
        except (RuntimeError, InvalidInputError) as refusal:
            raised = error is None or isinstance(refusal, error)
            assert json.dumps(stream.to_dict()) == state
            continue
        if row != 10 or name == "parity":
            assert same_bits(found, twin.update(good))
    assert raised


# --- copies


@each_case
def test_copies_and_pickles_made_midway_go_on_with_equal_bits_and_apart(case):
    returns = fat_tailed(30, 2, 4)
    stream = case.sizer.start(("A", "B"))
    feed(stream, case, returns, range(17))
    others = [
        pickle.loads(pickle.dumps(stream)),
        copy.deepcopy(stream),
        copy.copy(stream),
        case.sizer.resume(strict(stream.to_dict())),
    ]
    at = json.dumps(stream.to_dict())
    found = [feed(other, case, returns, range(17, 30)) for other in others]
    assert json.dumps(stream.to_dict()) == at
    weights = feed(stream, case, returns, range(17, 30))
    assert all(same_bits(weights, each) for each in found)
    assert all(json.dumps(stream.to_dict()) == json.dumps(other.to_dict()) for other in others)


def test_a_stream_keeps_the_periods_per_year_it_began_with():
    sizer = VolatilityPositionSizer(halflife=2.0)
    with options.context(periods_per_year=12):
        stream = sizer.start(1)
        stream.update([0.01])
    restored = [sizer.resume(strict(stream.to_dict())), pickle.loads(pickle.dumps(stream))]
    weights = stream.update([0.02])
    assert all(same_bits(weights, each.update([0.02])) for each in restored)


# --- states


@each_case
def test_a_state_is_strict_json_at_every_row(case):
    stream = case.with_policy("omit").start(2)
    returns = fat_tailed(16, 2, 5)
    assert strict(stream.to_dict()) == stream.to_dict()
    for row in range(16):
        feed(stream, case, returns, [row])
        assert strict(stream.to_dict()) == stream.to_dict()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FixedFractionSizer(fraction=0.5), FixedFractionSizer(fraction=np.float64(0.25))),
        (FixedFractionSizer(max_leverage=None), FixedFractionSizer(max_leverage=1.0)),
        (VaRPositionSizer(window=np.int64(5)), VaRPositionSizer(window=np.int64(50))),
        (VaRPositionSizer(refit_every=np.int64(5), window=60), VaRPositionSizer(refit_every=np.int64(50), window=60)),
        (RiskParitySizer(budgets=pd.Series([0.5, 0.5])), RiskParitySizer(budgets=pd.Series([0.4, 0.6]))),
        (RiskParitySizer(budgets=np.array([0.5, 0.5])), RiskParitySizer(budgets=(0.4, 0.6))),
        (
            KellyPositionSizer(constraints=Constraints(lower=None, total=(-math.inf, math.inf))),
            KellyPositionSizer(constraints=Constraints(lower=None, total=(-math.inf, 1.0))),
        ),
        (
            KellyPositionSizer(constraints=Constraints(upper=pd.Series({"A": 0.5, "B": 0.5}))),
            KellyPositionSizer(constraints=Constraints(upper=pd.Series({"A": 0.5, "B": 0.4}))),
        ),
        (KellyPositionSizer(rebalance_every=21), KellyPositionSizer(rebalance="month")),
    ],
)
def test_a_state_is_refused_under_other_parameters_whatever_their_type(one, other):
    state = strict(one.start(("A", "B")).to_dict())
    dataclasses.replace(one).resume(state)
    with pytest.raises(InvalidInputError, match="state must be that of the same definition, got one with "):
        other.resume(state)
    with pytest.raises(InvalidInputError, match="state must be that of the same definition, got one with "):
        one.resume(strict(other.start(("A", "B")).to_dict()))


class Scaled(Moody):
    """A forecaster with a parameter."""

    def __init__(self, scale):
        self.scale = scale


def test_parameters_of_the_users_own_model_count_by_value_and_what_has_none_is_refused():
    sizers = [VolatilityPositionSizer(model=Scaled(scale)) for scale in (np.int64(5), np.int64(50))]
    state = strict(sizers[0].start(1).to_dict())
    VolatilityPositionSizer(model=Scaled(5)).resume(state)
    with pytest.raises(InvalidInputError, match="got one with model="):
        sizers[1].resume(state)
    with pytest.raises(InvalidInputError, match=r"model\.scale must be numbers, text, or a dataclass of them"):
        VolatilityPositionSizer(model=Scaled(lambda: 1)).start(1).to_dict()


def broken_states(state):
    """Yield states that are damaged, foreign or older, each with its name."""
    yield "none", None
    yield "list", [state]
    yield "empty", {}
    yield "older", {**state, "version": 1}
    yield "newer", {**state, "version": 4}
    yield "true", {**state, "version": True}
    for part in state:
        yield f"without {part}", {name: value for name, value in state.items() if name != part}
        for junk in (None, 7, -1, "x", [], {}, [[]], float("nan")):
            if junk != state[part]:
                yield f"{part} {junk!r}", {**state, part: junk}
    yield "further part", {**state, "more": 1}
    yield "other columns", {**state, "start": {**state["start"], "columns": ["X", "Y"]}}
    yield "three columns", {**state, "start": {**state["start"], "columns": ["A", "B", "C"]}}
    yield "other periods", {**state, "start": {**state["start"], "periods_per_year": 12.0}}
    for name, values in state["state"].items():
        for junk in (None, "x", 1e300, [], [values], True):
            yield f"{name} {junk!r}", {**state, "state": {**state["state"], name: junk}}
        yield f"without {name}", {**state, "state": {key: each for key, each in state["state"].items() if key != name}}


def changed(nested, find, number):
    """Return nested lists with one leaf replaced, the `find`-th."""
    flat = np.array(nested, dtype=object).ravel().tolist()
    flat[find % len(flat)] = number
    return np.array(flat, dtype=object).reshape(np.array(nested, dtype=object).shape).tolist()


@each_case
def test_a_bad_state_is_an_error_of_ours_and_leaves_the_stream_as_it_was(case):
    stream = case.sizer.start(("A", "B"))
    feed(stream, case, fat_tailed(17, 2, 6), range(17))
    state = strict(stream.to_dict())
    for name, bad in broken_states(state):
        with pytest.raises(InvalidInputError):
            pytest.fail(f"{name}: {case.sizer.resume(bad)}")
    assert strict(stream.to_dict()) == state


@given(case=st.sampled_from((*CASES, *WINDOWED)), data=st.data())
@examples(60)
def test_any_number_of_a_state_that_changed_is_found(case, data):
    stream = case.sizer.start(("A", "B"))
    feed(stream, case, fat_tailed(17, 2, 6), range(17))
    state = strict(stream.to_dict())
    name = data.draw(st.sampled_from(sorted(name for name, values in state["state"].items() if values)))
    number = data.draw(st.sampled_from([-1, 5, 10**18, 1e300, -0.5, {"float": "inf"}, None, 2**70]))
    values = changed(state["state"][name], data.draw(st.integers(0, 500)), number)
    if values == state["state"][name]:
        return
    with pytest.raises(InvalidInputError):
        case.sizer.resume({**state, "state": {**state["state"], name: values}})
