"""The as-of join against pandas.merge_asof, on random data with ties and gaps, and uncompiled."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.kernels.trades import _joins
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED


def random_case(seed, rows, trades, span, assets=3):
    """Return market and trades in order of time; quotes have gaps, and the trades name an asset that is not quoted."""
    rng = np.random.default_rng(seed)
    time, moment = (np.sort(rng.integers(0, span, count)) for count in (rows, trades))
    asset = rng.integers(0, assets, rows).astype(np.int32)
    bid = np.where(rng.random(rows) < 0.2, np.nan, rng.integers(90, 110, rows) * 0.25)
    ask = np.where(rng.random(rows) < 0.2, np.nan, bid + 0.5)
    return asset, time, bid, ask, rng.integers(0, assets + 1, trades).astype(np.int32), moment


def by_pandas(case, offset, strict, oldest):
    asset, time, bid, ask, wanted, moment = case
    market = pd.DataFrame({"time": time, "asset": asset, "mid": (bid + ask) / 2.0})
    trades = pd.DataFrame({"time": moment + offset, "asset": wanted})
    joined = pd.merge_asof(trades, market, on="time", by="asset", allow_exact_matches=not strict, tolerance=oldest)
    return joined["mid"].to_numpy()


@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(0, 60),
    trades=st.integers(0, 20),
    span=st.integers(1, 80),
    offsets=st.lists(st.integers(-40, 40), max_size=5),
    strict=st.booleans(),
    oldest=st.integers(1, 90),
)
@examples(200)
def test_equals_merge_asof_at_every_offset_and_uncompiled(seed, rows, trades, span, offsets, strict, oldest):
    case = random_case(seed, rows, trades, span)
    steps = np.array(offsets, dtype=np.int64)
    settings = {"assets": 3, "strict": strict, "oldest": oldest}
    ours = _joins.prices_as_of(*case, steps, **settings)
    assert ours.shape == (len(offsets), trades)
    for place, offset in enumerate(offsets):
        assert np.array_equal(ours[place], by_pandas(case, offset, strict, oldest), equal_nan=True)
    plain = np.full_like(ours, np.nan)
    UNCOMPILED["trades._asof"].write_prices_as_of(*case, steps, 3, strict, oldest, plain)
    assert np.array_equal(ours.view(np.int64), plain.view(np.int64))


@pytest.mark.parametrize(("strict", "price"), [(False, 12.0), (True, 10.0)])
def test_of_rows_at_one_time_the_last_counts_and_a_row_at_the_moment_unless_strict(strict, price):
    asset, time, quoted = np.zeros(3, dtype=np.int32), np.array([1, 5, 5]), np.array([10.0, 11.0, 12.0])
    trade = np.zeros(1, dtype=np.int32), np.array([5]), np.array([0])
    assert _joins.prices_as_of(asset, time, quoted, quoted, *trade, assets=1, strict=strict).tolist() == [[price]]


def test_later_rows_do_not_change_an_answer():
    asset, time, bid, ask, wanted, moment = random_case(1, 50, 20, 100)
    now = np.array([0])
    whole = _joins.prices_as_of(asset, time, bid, ask, wanted, moment, now, assets=3)
    for cut in range(50):
        known = moment < time[cut]
        market = (each[:cut] for each in (asset, time, bid, ask))
        part = _joins.prices_as_of(*market, wanted[known], moment[known], now, assets=3)
        assert np.array_equal(part, whole[:, known], equal_nan=True)


def test_the_answer_does_not_depend_on_the_number_of_threads():
    case = random_case(2, 900_000, 500, 10**6)
    steps = np.arange(0, 20_000, 1_000)
    found = []
    for threads in (1, 3):
        with riskresearch.options.context(threads=threads):
            found.append(_joins.prices_as_of(*case, steps, assets=3))
    assert np.array_equal(*found, equal_nan=True)
