"""Markouts by hand, against pandas.merge_asof, their mirror image, half-lives and spreads."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import datasets, posttrade
from riskresearch.core import InvalidInputError
from tests.examples import examples


def seconds(*after):
    return pd.Timestamp("2024-03-05 09:30:00") + pd.to_timedelta(list(after), unit="s")


QUOTES = pd.DataFrame(
    {"time": seconds(0, 2, 5, 20), "asset": "X", "bid": [99.0, 99.5, 101.0, 100.0], "ask": [101.0, 101.5, 103.0, 102.0]}
)
FILLS = pd.DataFrame({"time": seconds(1, 6), "asset": "X", "units": [100.0, -300.0], "price": [101.0, 101.0]})


def test_markouts_and_spreads_by_hand():
    found = posttrade.markouts(FILLS, market=QUOTES, horizons=[1, 4, 10])
    # Mids: 100 at 1 s, 100.5 at 2 s, 102 at 5 s, nan after 20 s; the sale at 6 s sees 102 until 20 s.
    assert found.now.tolist() == [100.0, 102.0]
    assert found.values[0].tolist() == pytest.approx([100.5 / 101 - 1, -(102 / 101 - 1)])
    assert found.values[1].tolist() == pytest.approx([102 / 101 - 1, -(102 / 101 - 1)])
    assert found.effective_spread.tolist() == pytest.approx([0.02, -2 * (101 - 102) / 102])
    frame = found.to_frame()
    one, four = 1e4 * found.values[:2]
    weights = [0.25, 0.75]
    assert frame["markout_bps"].tolist()[:2] == pytest.approx([np.dot(one, weights), np.dot(four, weights)])
    realised = np.dot([2 * (101 - 102) / 100, -2 * (101 - 102) / 102], weights)
    assert frame.loc["4s", "realised_spread_bps"] == pytest.approx(1e4 * realised)
    impact = frame["effective_spread_bps"] - frame["realised_spread_bps"]
    np.testing.assert_allclose(frame["impact_bps"], impact)
    from_mid = posttrade.markouts(FILLS, market=QUOTES, horizons=[1, 4, 10], reference="mid")
    assert from_mid.values[1].tolist() == pytest.approx([0.02, 0.0])


def test_a_horizon_that_ends_after_the_market_is_missing_and_counted():
    found = posttrade.markouts(FILLS, market=QUOTES, horizons=["14s", "15s"])
    assert np.isnan(found.values).tolist() == [[False, False], [False, True]]
    assert found.to_frame()["fills"].tolist() == [2, 1]
    assert "horizons without a price, most after the end of the market: 1." in found.summary()


def test_a_fill_without_a_quote_is_kept_without_numbers():
    early = FILLS.assign(time=seconds(-1, 6))
    found = posttrade.markouts(early, market=QUOTES, horizons=[1, 4])
    assert np.isnan(found.effective_spread).tolist() == [True, False]
    assert len(found.by_fill()) == 2
    assert "Without a price at the fill: 1 fill;" in found.summary()
    other = posttrade.markouts(FILLS.assign(asset=["X", "Y"]), market=QUOTES, horizons=[1])
    assert np.isnan(other.now).tolist() == [False, True]


def random_market(seed, rows=300, count=40):
    rng = np.random.default_rng(seed)
    quotes = pd.DataFrame({"time": seconds(*np.sort(rng.integers(0, 500, rows)))})
    quotes["asset"] = rng.choice(["A", "B", "C"], rows)
    quotes["bid"] = np.where(rng.random(rows) < 0.1, np.nan, 100.0 + rng.integers(-40, 40, rows) * 0.25)
    quotes["ask"] = quotes["bid"] + 0.5
    fills = pd.DataFrame({"time": seconds(*rng.permutation(500)[:count]), "asset": rng.choice(["A", "B", "D"], count)})
    fills["units"] = rng.choice([-1.0, 1.0], count) * rng.integers(1, 9, count)
    fills["price"] = 100.0 + rng.integers(-40, 40, count) * 0.25
    return fills, quotes


@given(seed=st.integers(0, 2**32), strict=st.booleans())
@examples(30)
def test_equals_merge_asof_with_ties_gaps_and_missing_quotes(seed, strict):
    fills, quotes = random_market(seed)
    found = posttrade.markouts(fills, market=quotes, horizons=[1, 7, 30], strict=strict)
    quotes = quotes.assign(mid=(quotes["bid"] + quotes["ask"]) / 2.0)
    for place, horizon in enumerate([0, 1, 7, 30]):
        moved = fills.assign(time=fills["time"] + pd.Timedelta(seconds=horizon), row=range(len(fills)))
        joined = pd.merge_asof(
            moved.sort_values("time"), quotes.drop(columns=["bid", "ask"]), on="time", by="asset",
            allow_exact_matches=not strict,
        ).sort_values("row")  # fmt: skip
        theirs = joined["mid"].where((joined["time"] <= quotes["time"].iloc[-1]) | (place == 0)).to_numpy()
        ours = found.now if place == 0 else found.later[place - 1]
        assert np.array_equal(ours, theirs, equal_nan=True)


@given(seed=st.integers(0, 2**32))
@examples(20)
def test_the_mirror_image_and_the_order_of_rows(seed):
    fills, quotes = random_market(seed)
    one = posttrade.markouts(fills, market=quotes, horizons=[1, 30])
    mirror = posttrade.markouts(fills.assign(units=-fills["units"]), market=quotes, horizons=[1, 30])
    assert np.array_equal(mirror.values, -one.values, equal_nan=True)
    order = np.random.default_rng(seed).permutation(len(fills))
    mixed = posttrade.markouts(fills.iloc[order], market=quotes, horizons=[1, 30])
    assert np.array_equal(mixed.values, one.values[:, order], equal_nan=True)
    apart = posttrade.markouts(fills, market=quotes.sample(frac=1, random_state=seed % 1000), horizons=[1, 30])
    tied = quotes.duplicated(["time", "asset"], keep=False).any()
    assert tied or np.array_equal(apart.values, one.values, equal_nan=True)


def test_later_quotes_change_nothing_of_the_past():
    fills, quotes = random_market(3)
    whole = posttrade.markouts(fills, market=quotes, horizons=[1, 30])
    for cut in (100, 200, 280):
        past = quotes.iloc[:cut]
        last = past["time"].iloc[-1]
        known = (fills["time"] + pd.Timedelta(seconds=30) < last).to_numpy()
        part = posttrade.markouts(fills[known], market=past, horizons=[1, 30])
        assert np.array_equal(part.values, whole.values[:, known], equal_nan=True)


def test_bars_count_those_of_the_asset():
    bars = datasets.load("spy_1min")
    times = bars.index[[10, 500, 1560]] + pd.Timedelta(seconds=30)
    fills = pd.DataFrame({"time": times, "units": [1.0, 1.0, -1.0], "price": 100.0})
    found = posttrade.markouts(fills, market=bars, horizons=[1, 5], unit="bars")
    close = bars["close"].to_numpy()
    assert found.now.tolist() == [close[9], close[499], close[1559]]
    assert found.later[0].tolist() == [close[10], close[500], close[1560]]
    assert np.isnan(found.later[1]).tolist() == [False, False, True]
    assert found.to_frame().index.tolist() == ["1 bar", "5 bars"]
    assert np.isnan(found.effective_spread).all()


def reverting(half_life, amplitude=0.002, count=400, seed=0, noise=1e-4):
    """Return fills every 100 s whose price moves against them with a half-life, and quotes each second."""
    rng = np.random.default_rng(seed)
    grid = np.arange(0.0, 100.0, 1.0)
    path = 100.0 * (1.0 - amplitude * (1.0 - 2.0 ** (-grid / half_life)))
    mid = np.concatenate([path * (1.0 + noise * rng.normal()) for _ in range(count)])
    times = pd.Timestamp("2024-03-05") + pd.to_timedelta(np.arange(mid.size), unit="s")
    quotes = pd.DataFrame({"time": times, "bid": mid - 0.01, "ask": mid + 0.01})
    fills = pd.DataFrame({"time": times[::100], "units": 1.0, "price": 100.0})
    return fills, quotes


def test_the_half_life_of_a_reversion_is_found_with_its_error():
    fills, quotes = reverting(10.0)
    found = posttrade.markouts(fills, market=quotes, horizons=[1, 2, 5, 10, 20, 40, 80], reference="mid")
    life = found.half_life()
    assert life.verdict == "reverts"
    assert life.half_life == pytest.approx(10.0, rel=0.02)
    assert life.lower <= life.half_life <= life.upper
    assert life.amplitude == pytest.approx(20.0, rel=0.02)
    assert life.level == pytest.approx(-20.0, rel=0.02)
    assert f"Half-life: {life.half_life:.6g} seconds, standard error" in found.summary()
    drifts = posttrade.markouts(fills.assign(units=-1.0), market=quotes, horizons=[1, 2, 5, 10, 20, 40, 80])
    assert drifts.half_life().verdict == "drifts"


@pytest.mark.parametrize(
    ("fills", "horizons"),
    [(slice(None), [1, 5, 20]), (slice(0, 8), [1, 2, 5, 10, 20, 40])],
    ids=["horizons", "stretches of time"],
)
def test_few_horizons_or_stretches_of_time_are_too_few_to_say(fills, horizons):
    given, quotes = reverting(10.0, count=30)
    found = posttrade.markouts(given.iloc[fills], market=quotes, horizons=horizons)
    assert found.half_life().verdict == "too few to say"
    assert "Half-life of the reversion: too few to say." in found.summary()


def test_noise_has_no_half_life():
    rng = np.random.default_rng(5)
    times = seconds(*range(40_000))
    mid = 100.0 * np.exp(np.cumsum(1e-4 * rng.normal(size=times.size)))
    quotes = pd.DataFrame({"time": times, "bid": mid, "ask": mid})
    rows = np.arange(0, 39_000, 90)
    fills = pd.DataFrame({"time": times[rows], "units": rng.choice([-1.0, 1.0], rows.size), "price": mid[rows]})
    assert posttrade.markouts(fills, market=quotes, horizons=[1, 5, 10, 30, 60]).half_life().verdict == "too few to say"


def test_groups_and_one_fill_each():
    fills, quotes = random_market(1)
    fills["trader"] = np.where(np.arange(len(fills)) % 2, "one", "two")
    found = posttrade.markouts(fills, market=quotes, horizons=[1, 30])
    for column in ("trader", "side", "asset", "hour"):
        groups = found.by(column)
        assert groups["fills"].sum() == len(fills)
    only = posttrade.markouts(fills[fills["trader"] == "one"], market=quotes, horizons=[1, 30]).to_frame()
    assert found.by("trader").loc["one", ["1s", "30s"]].tolist() == only["markout_bps"].tolist()
    assert found.by_fill()["markout_1s_bps"].tolist() == pytest.approx((1e4 * found.values[0]).tolist(), nan_ok=True)
    with pytest.raises(InvalidInputError, match=r"column must be 'hour', 'side' or a column .*Did you mean 'trader'"):
        found.by("traders")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"horizons": []}, r"horizons must be positive and rising, got \[\]"),
        ({"horizons": [5, 1]}, r"horizons must be positive and rising, got \[5, 1\]"),
        ({"horizons": 5}, r"horizons must be a sequence.*horizons=\[\.\.\.\]"),
        ({"horizons": ["soon"]}, r"numbers of seconds or lengths of time such as '5min', got 'soon'"),
        ({"horizons": [1.5], "unit": "bars"}, r"horizons must be whole numbers of bars, got \[1\.5\]"),
        ({"horizons": ["5min"], "unit": "bars"}, r'numbers with unit="bars", got \'5min\''),
        ({"unit": "bars"}, r'unit must be "seconds" beside quotes, got "bars"'),
        ({"unit": "ticks"}, r"unit must be one of 'seconds', 'bars', got 'ticks'"),
        ({"reference": "bid"}, r"reference must be one of 'price', 'mid', got 'bid'"),
        ({"fills": FILLS.drop(columns="time")}, r"fills must have a column 'time', the time of each fill"),
        ({"fills": FILLS.assign(time=[pd.NaT, FILLS["time"][0]])}, r"a time on each row, got none on row 0"),
        ({"fills": FILLS.iloc[:0]}, r"fills must have a row, got none"),
        ({"fills": FILLS.assign(time=FILLS["time"].dt.tz_localize("UTC"))}, r"market must have a zone on its times"),
        ({"fills": FILLS.drop(columns="asset"), "market": pd.concat([QUOTES, QUOTES.assign(asset="Y")])}, r"'asset'"),
        ({"market": QUOTES.drop(columns="asset"), "fills": FILLS.assign(asset=["X", "Y"])}, r"must name its assets"),
        ({"market": QUOTES.assign(bid=np.inf)}, r"market must have finite prices, got inf"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change, text):
    with pytest.raises(InvalidInputError, match=text):
        posttrade.markouts(**({"fills": FILLS, "market": QUOTES} | change))
