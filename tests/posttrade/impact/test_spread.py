"""Spreads from bars: published code on the same bars, a simulated market of known spread, and properties."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch as rr
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import Bootstrap
from riskresearch.posttrade import estimated_spread
from tests.examples import examples

FOLDER = Path(__file__).parents[2] / "reference" / "posttrade"
REFERENCE = json.loads((FOLDER / "spreads.json").read_text())
BIDASK = json.loads((FOLDER / "edge_bidask.json").read_text())["cases"]
METHODS = ("edge", "roll", "corwin_schultz", "abdi_ranaldo")
FIELDS = ["open", "high", "low", "close"]


def bundled(asset):
    return pd.read_csv(FOLDER / f"spread_bars_{asset}.csv", index_col="date", parse_dates=True)


def simulated(rng, *, rows, spread, volatility=0.02, ticks=60):
    """Return daily bars of trades at bid and ask around a random walk that also moves overnight."""
    moves = rng.normal(0.0, volatility / np.sqrt(ticks), rows * ticks)
    sides = 1.0 + rng.choice([-0.5, 0.5], rows * ticks) * spread
    trades = (100.0 * np.exp(np.cumsum(moves)) * sides).reshape(rows, ticks)
    made = np.column_stack([trades[:, 0], trades.max(axis=1), trades.min(axis=1), trades[:, -1]])
    return pd.DataFrame(made, pd.bdate_range("2020-01-01", periods=rows, name="date"), FIELDS)


def long_table(bars):
    return pd.concat([bars.reset_index().assign(asset=name) for name in "AB"], ignore_index=True)


BARS = simulated(np.random.default_rng(5), rows=60, spread=0.01)


# --- reference values


@pytest.mark.parametrize("asset", ["AAPL", "IBM"])
def test_the_estimators_are_those_of_the_packages_that_publish_them(asset):
    """slippage-tca 0.1.0 and bidask 2.1.0 on 252 bundled bars; see tests/reference/posttrade/README.md."""
    bars, expected = bundled(asset), REFERENCE[asset]
    for method in ("roll", "abdi_ranaldo"):
        for negative, floor in (("keep", False), ("zero", True)):
            found = estimated_spread(bars, method=method, negative=negative)
            assert found.spread[0] == pytest.approx(expected[f"{method}_floor_{floor}"]["spread"], rel=1e-12)
    for negative, floor in (("keep", False), ("zero", True)):
        found = estimated_spread(bars, method="corwin_schultz", negative=negative, overnight=False)
        assert found.spread[0] == pytest.approx(expected[f"corwin_schultz_floor_{floor}"]["spread"], rel=1e-12)
        assert found.negative[0] == expected["corwin_schultz_floor_False"]["rejected"]
        assert found.estimates[0] == expected["corwin_schultz_floor_False"]["windows"]
    assert estimated_spread(bars).spread[0] == pytest.approx(expected["edge_signed"], rel=1e-12)
    assert estimated_spread(bars).negative == (1,)


@pytest.mark.parametrize("case", BIDASK, ids=range(len(BIDASK)))
@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_edge_is_that_of_its_authors_on_bars_with_every_defect(case):
    bars = pd.DataFrame(case["bars"], columns=FIELDS, dtype=float)
    expected = np.nan if case["edge"] is None else case["edge"]
    found = estimated_spread(bars, nan_policy="omit")
    assert found.spread[0] == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
    windows = estimated_spread(bars, window=10, nan_policy="omit").to_frame().iloc[:, 0].to_numpy()
    theirs = np.array(case["windows_of_10"], dtype=float)
    np.testing.assert_allclose(windows, theirs, rtol=1e-7, atol=1e-9)


def test_corwin_and_schultz_move_a_range_above_the_close_before_down_to_it():
    """By hand: the gap of the second bar is 120 / 110 in logarithms, and leaves high = 126 * 110 / 120, low = 110."""
    bars = pd.DataFrame(
        {"open": [105.0, 121.0], "high": [110.0, 126.0], "low": [100.0, 120.0], "close": [110.0, 125.0]}
    )
    moved = bars.copy()
    moved.loc[1, ["open", "high", "low", "close"]] *= 110.0 / 120.0
    gap = estimated_spread(bars, method="corwin_schultz").spread[0]
    assert gap == pytest.approx(estimated_spread(moved, method="corwin_schultz", overnight=False).spread[0], rel=1e-12)
    beta = np.log(1.1) ** 2 + np.log(1.05) ** 2
    gamma = np.log(115.5 / 100.0) ** 2
    alpha = (np.sqrt(2 * beta) - np.sqrt(beta)) / (3 - 2 * np.sqrt(2)) - np.sqrt(gamma / (3 - 2 * np.sqrt(2)))
    assert gap == pytest.approx(2 * (np.exp(alpha) - 1) / (1 + np.exp(alpha)), rel=1e-12)
    assert gap != estimated_spread(bars, method="corwin_schultz", overnight=False).spread[0]


@pytest.mark.parametrize(("method", "share"), [("edge", 0.02), ("roll", 0.05), ("abdi_ranaldo", 0.03)])
def test_a_known_spread_is_recovered_on_average(method, share):
    """Twenty histories of 500 days with a spread of 2 %, as large as the volatility of a day."""
    found = [
        estimated_spread(simulated(np.random.default_rng(seed), rows=500, spread=0.02), method=method).spread[0]
        for seed in range(20)
    ]
    assert np.mean(found) == pytest.approx(0.02, rel=share)


def test_corwin_and_schultz_depend_on_how_often_a_day_trades():
    """Ranges of few trades are too narrow: 20 trades a day lose a third of the spread, 390 hardly any."""
    found = {
        ticks: np.mean(
            [
                estimated_spread(
                    simulated(np.random.default_rng(seed), rows=500, spread=0.02, ticks=ticks), method="corwin_schultz"
                ).spread[0]
                for seed in range(6)
            ]
        )
        for ticks in (20, 390)
    }
    assert found[20] < 0.85 * 0.02
    assert found[390] == pytest.approx(0.02, rel=0.1)


def test_the_interval_covers_a_known_spread_and_is_repeated_by_its_seed():
    found = estimated_spread(simulated(np.random.default_rng(1), rows=500, spread=0.02), confidence=0.95)
    assert found.lower[0] < 0.02 < found.upper[0]
    assert found.lower[0] < found.spread[0] < found.upper[0]
    again = estimated_spread(
        simulated(np.random.default_rng(1), rows=500, spread=0.02), confidence=Bootstrap(0.95, rng=found.seed)
    )
    assert (again.lower, again.upper) == (found.lower, found.upper)


@pytest.mark.parametrize("method", ["percentile", "basic", "bca"])
def test_every_interval_of_a_bootstrap_is_possible(method):
    found = estimated_spread(BARS, confidence=Bootstrap(0.9, draws=200, method=method, rng=3))
    assert found.lower[0] < found.spread[0] < found.upper[0]


# --- properties


@pytest.mark.filterwarnings("ignore:bars has .* gaps? of more than half:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**16), rows=st.integers(12, 40), cut=st.integers(1, 30), scale=st.sampled_from([1e-6, 1e6]))
@examples(15)
def test_neither_the_end_nor_another_future_changes_the_past(method, seed, rows, cut, scale):
    rng = np.random.default_rng(seed)
    bars = simulated(rng, rows=rows + cut, spread=0.01, ticks=5)
    whole = estimated_spread(bars, method=method, window=10).to_frame()[:rows]
    past = estimated_spread(bars[:rows], method=method, window=10).to_frame()
    other = bars.copy()
    other.iloc[rows:] *= scale
    changed = estimated_spread(other, method=method, window=10).to_frame()[:rows]
    for frame in (past, changed):
        assert np.array_equal(frame.to_numpy(), whole.to_numpy(), equal_nan=True)


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**16), scale=st.floats(1e-3, 1e3))
@examples(15)
def test_the_unit_of_prices_does_not_matter_and_a_window_is_the_estimate_of_its_bars(method, seed, scale):
    bars = simulated(np.random.default_rng(seed), rows=25, spread=0.02, ticks=8)
    one = estimated_spread(bars, method=method).spread[0]
    assert estimated_spread(bars * scale, method=method).spread[0] == pytest.approx(one, rel=1e-6, abs=1e-7)
    assert estimated_spread(bars, method=method, window=25).spread[0] == pytest.approx(one, rel=1e-9, abs=1e-10)
    last = estimated_spread(bars, method=method, window=15).spread[0]
    assert last == pytest.approx(estimated_spread(bars[-15:], method=method).spread[0], rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_negative_estimates_are_kept_set_to_zero_or_left_out_and_counted(method):
    bars = bundled("IBM")
    kept = estimated_spread(bars, method=method, window=60)
    zero = estimated_spread(bars, method=method, window=60, negative="zero")
    omitted = estimated_spread(bars, method=method, window=60, negative="omit")
    assert kept.negative == zero.negative == omitted.negative
    assert kept.negative[0] > 0
    assert (zero.to_frame().dropna() >= 0.0).all(axis=None)
    if method != "corwin_schultz":
        values = kept.to_frame().iloc[:, 0]
        assert (values < 0.0).sum() == kept.negative[0]
        assert omitted.to_frame().iloc[:, 0].isna().sum() == 59 + kept.negative[0]
    assert "are kept" in kept.summary()
    assert f"{kept.negative[0]:,} of {kept.estimates[0]:,}" in kept.summary()


# --- layouts


def test_every_layout_of_several_assets_gives_the_same_numbers():
    one, two = bundled("AAPL"), bundled("IBM")
    apart = [estimated_spread(each).spread[0] for each in (one, two)]
    mapping = {"AAPL": one, "IBM": two}
    long = pd.concat([each.reset_index().assign(symbol=name) for name, each in mapping.items()])
    layouts = [
        mapping,
        pd.concat(mapping, axis=1),
        pd.concat(mapping, axis=1).swaplevel(axis=1),
        long,
        long.rename(columns={"symbol": "asset", "date": "time"}),
        pl.DataFrame(long),
        long.astype({"symbol": "category"}),
        pd.concat(mapping),
        {field: pd.DataFrame({name: each[field] for name, each in mapping.items()}) for field in FIELDS},
        {name: pl.DataFrame(each.reset_index()) for name, each in mapping.items()},
        {name: each.rename(columns=str.title).assign(Volume=1, **{"Adj Close": 1.0}) for name, each in mapping.items()},
    ]
    for layout in layouts:
        found = estimated_spread(layout)
        assert found.assets == ("AAPL", "IBM")
        assert found.spread == tuple(apart)


def test_fields_apart_are_the_bars_of_one_asset_or_of_their_columns():
    expected = estimated_spread(BARS).spread
    assert estimated_spread({field: BARS[field] for field in FIELDS}).spread == expected
    assert estimated_spread({field.title(): BARS[field].to_numpy() for field in FIELDS}).spread == expected
    assert estimated_spread({field: BARS[[field]].to_numpy() for field in FIELDS}).assets == ("0",)
    with pytest.raises(InvalidInputError, match=r"bars\['close'\] must have the rows and columns of bars\['open'\]"):
        estimated_spread({field: BARS[field][: 50 if field == "close" else 60] for field in FIELDS})


def test_roll_needs_closes_only_in_any_form():
    bars = bundled("AAPL")
    expected = estimated_spread(bars, method="roll").spread
    close = bars["close"]
    for given_as in (close, close.to_numpy(), close.to_list(), pl.Series(close.to_numpy()), bars[["close"]]):
        assert estimated_spread(given_as, method="roll").spread == expected
    both = estimated_spread(pd.DataFrame({"A": close, "B": close[::-1].to_numpy()}), method="roll")
    assert both.assets == ("A", "B")
    assert both.spread[0] == expected[0]
    assert estimated_spread(close.to_numpy()[:, None], method="roll").assets == ("0",)


def test_what_read_returns_is_read(tmp_path):
    path = tmp_path / "bars.csv"
    bundled("IBM").rename(columns=str.title).to_csv(path)
    assert estimated_spread(rr.read(path)).spread == estimated_spread(bundled("IBM")).spread


def test_assets_of_other_lengths_share_one_history():
    found = estimated_spread({"A": BARS, "B": BARS[20:]}, window=15).to_frame()
    assert found.index.equals(BARS.index)
    assert found["B"].isna().sum() == 34


def test_a_window_longer_than_the_history_is_never_full():
    found = estimated_spread(BARS, window=100)
    assert found.to_frame().isna().all(axis=None)
    assert found.estimates == (0,)


# --- edges


@pytest.mark.parametrize("method", ["edge", "roll"])
def test_prices_that_do_not_move_have_no_spread_that_is_known(method):
    flat = pd.DataFrame(10.0, BARS.index[:20], FIELDS)
    if method == "roll":
        assert estimated_spread(flat, method=method).spread == (0.0,)
        return
    with pytest.warns(ConventionWarning, match="edge spread of bars is undefined: the prices do not move"):
        assert np.isnan(estimated_spread(flat, method=method).spread[0])


def test_missing_prices_are_refused_by_name_or_left_out():
    bars = BARS.copy()
    bars.iloc[7, 2] = np.nan
    with pytest.raises(InvalidInputError, match=r'bars has 1 non-finite value, .* Pass nan_policy="omit"'):
        estimated_spread(bars)
    for method in ("edge", "corwin_schultz", "abdi_ranaldo"):
        found = estimated_spread(bars, method=method, nan_policy="omit")
        assert found.missing == (1,)
        assert np.isfinite(found.spread[0])


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda bars: bars.drop(columns="low"),
            r"bars must have a column 'low', got 'open', 'high' and 'close'.*rename",
        ),
        (lambda bars: bars.assign(High=1.0), r"must have one column 'high', got 'high' and 'High'"),
        (lambda bars: bars - 200.0, r"bars must be positive, got -\d"),
        (lambda bars: bars.assign(high=bars["low"], low=bars["high"]), r"no high below its low, got high=.* and low="),
        (lambda bars: bars[:2], r"bars needs at least 3 rows, got 2"),
        (lambda bars: bars[::-1], r"sort_index"),
        (
            lambda bars: long_table(bars).rename(columns={"asset": "sym"}),
            r"one asset, got 2 texts in column 'sym'.*rename",
        ),
        (lambda bars: long_table(bars[::-1]), r"in the order of 'date' for each asset, got 'A'.*sort_values\(.date.\)"),
        (
            lambda bars: long_table(bars).astype({"date": str}),
            r"dates in 'date', got .*pd\.to_datetime\(bars\[.date.\]\)",
        ),
        (
            lambda bars: long_table(bars).assign(asset=lambda long: long["asset"].where(long["asset"] == "A")),
            r"the asset of each row, got a missing one .* at row 60",
        ),
        (lambda bars: pl.DataFrame(bars.reset_index()).lazy(), r"must be computed, got a LazyFrame.*bars\.collect\(\)"),
        (lambda bars: bars.to_numpy(), r"bars must have columns, got a ndarray"),
        (lambda bars: bars["close"], r"bars must have columns, got a Series. Bars are a frame with the columns open"),
        (lambda bars: {}, r"bars must not be empty, got {}"),
        (lambda bars: 5.0, r"bars must be a frame of prices, got 5\.0"),
        (lambda bars: "bars.csv", r"Read a file with riskresearch\.read\('bars\.csv'\)"),
        (
            lambda bars: bars.assign(asset="A").reset_index(drop=True),
            r"bars must have a column 'time' or 'date' beside",
        ),
    ],
)
def test_bars_that_cannot_be_are_refused_with_the_remedy(change, text):
    with pytest.raises(InvalidInputError, match=text):
        estimated_spread(change(BARS))


def test_opens_and_closes_outside_the_range_are_counted_aloud():
    bars = BARS.copy()
    bars.iloc[3, 3] = bars.iloc[3, 1] * 1.01
    with pytest.warns(ConventionWarning, match=r"bars has 1 of 60 bars whose open or close is outside its range"):
        estimated_spread(bars)


def test_what_may_be_a_split_is_doubted_aloud():
    bars = BARS.copy()
    bars.iloc[30:] /= 2.0
    for method in METHODS:
        with pytest.warns(
            ConventionWarning, match=r"bars has 1 gap of more than half .*a ratio of 0\.\d+\. If they are splits"
        ):
            estimated_spread(bars, method=method)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"method": "corwin"}, r"method must be one of .* Did you mean 'corwin_schultz'\?"),
        ({"negative": "drop"}, r"negative must be one of 'keep', 'zero', 'omit'"),
        ({"window": 2}, r"window must be a whole number of at least 3, got 2"),
        ({"window": 20, "confidence": 0.9}, r"confidence must be left out with a window"),
        ({"confidence": 95}, r"confidence must be in \(0, 1\)"),
        ({"overnight": True}, r'overnight must be left out with method="edge", got True'),
        ({"overnight": 1, "method": "corwin_schultz"}, r"overnight must be True or False, got 1"),
        ({"confidence": Bootstrap(resampling="filtered")}, r"resampling must be 'stationary', 'circular' or 'iid'"),
        ({"sign": True}, r'estimated_spread has no argument .sign., got sign=True. Write negative="keep"'),
    ],
)
def test_options_that_cannot_be_are_refused(options, text):
    with pytest.raises(InvalidInputError, match=text):
        estimated_spread(BARS, **options)


def test_the_input_stays_as_it_is_and_results_say_that_they_are_of_a_model():
    before = BARS.copy()
    found = estimated_spread(BARS, confidence=0.9)
    pd.testing.assert_frame_equal(BARS, before)
    assert "Model estimate, no quotes" in found.summary()
    assert repr(found) == "SpreadEstimate(edge, 1 asset, 60 bars)"
    assert list(found.to_frame().columns) == ["spread", "lower", "upper", "estimates", "negative", "bars", "missing"]
