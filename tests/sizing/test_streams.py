"""History and stream decide with equal bits, and neither looks ahead: every sizer, random and real data."""

import dataclasses
import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.datasets import load
from riskresearch.metrics import simple_returns
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays
from tests.sizing.cases import CASES, QUICK, gaps_in, signals_like

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
quick_case = pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
BUNDLED = (
    "index_sp500",
    "btc_usd",
    "equities_adj_close",
    "factor_etfs",
    "fx_ecb",
    "wti",
    "vix",
    "equities_wiki_adj_close",
    "equities_ohlcv",
    "spy_1min",
    "ff3_monthly",
)


def stream(case, returns, *, signals=None, nan_policy="raise", stop_at=None):
    """Return what the stream says after each row; at row `stop_at` it is written down and read again."""
    data, extras = case.inputs(returns)
    extras = extras if signals is None else {**extras, "signals": signals}
    sizer = case.with_policy(nan_policy)
    running, decided = sizer.start(returns.shape[1]), []
    inputs = {sizer.inputs[0]: data, **extras}
    for row in range(len(returns)):
        if row == stop_at:
            running = sizer.resume(json.loads(json.dumps(running.to_dict())))
        decided.append(running.update({name: values[row] for name, values in inputs.items()}))
    return np.array(decided)


def assert_equal_bits(ours, theirs):
    assert np.array_equal(np.ascontiguousarray(ours).view(np.int64), np.ascontiguousarray(theirs).view(np.int64))


def bundled_returns(name):
    """Return the last 400 rows of returns of a bundled data set, whatever its form."""
    frame = load(name)
    if name == "ff3_monthly":
        return frame.select_dtypes("number").dropna().to_numpy()[-400:]
    if "symbol" in frame.columns and name != "spy_1min":
        value = "adj_close" if "adj_close" in frame.columns else "close"
        frame = frame.pivot(index="date", columns="symbol", values=value).drop(columns="FB").dropna()
    elif "close" in frame.columns and name != "vix":
        frame = frame[["close"]]
    frame = frame.select_dtypes("number").dropna()
    frame = frame.loc[:, (frame > 0.0).all()]
    return simple_returns(frame.iloc[-401:].to_numpy())


@quick_case
@given(data=st.data())
@examples(15)
def test_the_stream_has_the_bits_of_history(case, data):
    returns = data.draw(returns_arrays(min_rows=18, max_rows=40, max_columns=3))
    seed = data.draw(st.integers(0, 1000))
    signals = signals_like(returns, seed) if case.signals and data.draw(st.booleans()) else None
    policy = data.draw(st.sampled_from(["raise", "omit"]))
    returns = gaps_in(returns, seed) if policy == "omit" else returns
    stop_at = data.draw(st.integers(0, len(returns)))
    weights = case.decide(returns, signals=signals, nan_policy=policy)
    assert np.isfinite(weights).all()
    assert_equal_bits(weights, stream(case, returns, signals=signals, nan_policy=policy, stop_at=stop_at))


@each_case
def test_it_has_them_on_fat_tails_with_gaps_and_signals(case):
    returns = gaps_in(fat_tailed(90 if case in QUICK else 40, 3))
    signals = signals_like(returns) if case.signals else None
    weights = case.decide(returns, signals=signals, nan_policy="omit")
    assert np.abs(weights).sum() > 0.0
    assert_equal_bits(weights, stream(case, returns, signals=signals, nan_policy="omit", stop_at=25))


@quick_case
@pytest.mark.parametrize("name", BUNDLED)
def test_it_has_them_on_bundled_series(case, name):
    returns = bundled_returns(name)
    assert len(returns) == 400
    signals = signals_like(returns) if case.signals else None
    assert_equal_bits(case.decide(returns, signals=signals), stream(case, returns, signals=signals))


FITTED = tuple(case for case in CASES if case not in QUICK)


@pytest.mark.parametrize(
    ("case", "rows"),
    [(case, rows) for case in QUICK for rows in (17, 40, 63)] + [(case, 20) for case in FITTED],
    ids=lambda each: getattr(each, "name", str(each)),
)
def test_the_future_does_not_change_the_past(case, rows):
    returns = gaps_in(fat_tailed(80 if case in QUICK else 32, 3, seed=2))
    signals = signals_like(returns) if case.signals else None
    cut = None if signals is None else signals[:rows]
    past = case.decide(returns[:rows], signals=cut, nan_policy="omit")
    changed = np.concatenate([returns[:rows], -np.abs(returns[rows:][::-1]) * 5.0])
    assert_equal_bits(case.decide(returns, signals=signals, nan_policy="omit")[:rows], past)
    assert_equal_bits(case.decide(changed, signals=signals, nan_policy="omit")[:rows], past)


@each_case
def test_the_start_up_is_zeros_and_then_it_decides(case):
    returns = fat_tailed(60, 2, seed=3)
    weights = np.abs(case.decide(returns))
    assert (weights[: case.start_up] == 0.0).all()
    assert (weights[case.start_up :].sum(axis=1) > 0.0).all()


@quick_case
def test_columns_may_come_in_any_order(case):
    returns = fat_tailed(60, 3, seed=4)
    order = [2, 0, 1]
    swapped = case.decide(np.ascontiguousarray(returns[:, order]))
    np.testing.assert_allclose(swapped, case.decide(returns)[:, order], rtol=1e-11, atol=0.0)


@quick_case
def test_the_input_is_not_changed_and_labels_come_back(case):
    returns = fat_tailed(40, 2, seed=5)
    data, extras = case.inputs(returns)
    dates = pd.bdate_range("2020-01-01", periods=40)
    frame = pd.DataFrame(data, index=dates, columns=["A", "B"])
    labelled = {name: pd.DataFrame(extra, index=dates, columns=["A", "B"]) for name, extra in extras.items()}
    before = frame.copy()
    weights = case.sizer.weights(frame, **labelled)
    pd.testing.assert_frame_equal(frame, before)
    assert weights.index.equals(dates)
    assert list(weights.columns) == ["A", "B"]
    assert_equal_bits(weights.to_numpy(), case.decide(returns))
    series = case.sizer.weights(frame["A"], **{name: extra["A"] for name, extra in labelled.items()})
    assert isinstance(series, pd.Series)
    frames = {name: pl.from_pandas(each.reset_index(names="date")) for name, each in {"x": frame, **labelled}.items()}
    polars = case.sizer.weights(frames.pop("x"), **frames)
    assert polars.columns == ["date", "A", "B"]
    assert_equal_bits(polars.select("A", "B").to_numpy(), case.decide(returns))


@quick_case
def test_missing_returns_are_refused_unless_omitted(case):
    returns = gaps_in(fat_tailed(40, 2, seed=6))
    with pytest.raises(InvalidInputError, match="non-finite"):
        case.decide(returns)
    data, extras = case.inputs(returns)
    running = case.sizer.start(2)
    row = int(np.isnan(returns).any(axis=1).argmax())
    with pytest.raises(InvalidInputError, match="must be finite, got nan"):
        running.update({case.sizer.inputs[0]: data[row], **{name: extra[row] for name, extra in extras.items()}})


@pytest.mark.parametrize(
    "case",
    [case for case in QUICK if "portfolio" not in case.name and "inverse" not in case.name],
    ids=lambda c: c.name,
)
def test_a_missing_return_keeps_the_weight(case):
    data, extras = case.inputs(fat_tailed(60, 2, seed=7))
    data[40, 0] = np.nan
    sizer = case.with_policy("omit")
    if hasattr(sizer, "max_leverage"):
        sizer = dataclasses.replace(sizer, max_leverage=None)
    weights = sizer.weights(data, **extras)
    assert weights[40, 0] == weights[39, 0] != 0.0
