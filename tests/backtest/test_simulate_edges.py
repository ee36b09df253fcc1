"""What simulate refuses, and what it does where data is missing or an account breaks."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch
from riskresearch.accounts import Costs
from riskresearch.backtest import simulate
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels import _threads
from tests.backtest.samples import EVERY_COST, impact_panels, market

WEIGHTS, PRICES = market(rows=8, columns=3)


def changed(frame, row, column, value):
    copy = frame.copy()
    copy.iloc[row, column] = value
    return copy


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (WEIGHTS[["S1", "S0", "S2"]], r"another order: pass weights\[prices.columns\]"),
        (WEIGHTS.rename(columns={"S2": "S9"}), "'S9' is in weights only. The columns are 'S0', 'S1' and 'S2'"),
        (WEIGHTS.iloc[::2], r"shape of prices \(8, 3\), got \(4, 3\).*reindex\(prices.index, method=\"ffill\"\)"),
        (WEIGHTS.iloc[:-1], r"shape of prices \(8, 3\), got \(7, 3\)"),
        (
            WEIGHTS.shift(freq="D"),
            "weights must have the rows of prices, got 2023-01-03.* beside 2023-01-02.* on row 0",
        ),
        (WEIGHTS.to_numpy()[1:], r"got \(7, 3\)"),
        (changed(WEIGHTS, 3, 1, np.nan), "1 missing value.*2023-01-05 in column 'S1'.*missing_weights=\"hold\""),
        (changed(WEIGHTS, 3, 1, np.inf), "weights must be finite, got inf at 2023-01-05 in column 'S1'"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, message):
    with pytest.raises(InvalidInputError, match=message):
        simulate(weights, PRICES)


@pytest.mark.parametrize("bad", [0.0, -3.0, np.inf])
def test_prices_must_be_positive_and_finite(bad):
    with pytest.raises(InvalidInputError, match=f"prices must be positive and finite, got {bad:g} at 2023-01-04 in"):
        simulate(WEIGHTS, changed(PRICES, 2, 0, bad))
    with pytest.raises(InvalidInputError, match="fill_prices must be positive"):
        simulate(WEIGHTS, PRICES, fill_prices=changed(PRICES, 2, 0, bad))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lag": -1}, "lag must be a whole number of at least 0"),
        ({"costs": -0.1}, "commission must not be negative"),
        ({"costs": 5.0}, "commission must be a fraction below 1, got 5.0. Five basis points are 0.0005"),
        ({"capital": 0.0}, "capital must be positive"),
        ({"rebalance": "daily"}, "rebalance must be one of 'every_bar', 'on_change'"),
        ({"rebalance": -0.1}, "rebalance must not be negative"),
        ({"lot_size": 0.0}, "lot_size must be positive"),
        ({"min_trade_notional": -1.0}, "min_trade_notional must not be negative"),
        ({"missing_prices": "drop"}, "missing_prices must be one of"),
        ({"missing_weights": "zero"}, "missing_weights must be one of"),
        ({"accounts": "all"}, 'accounts must be None, "columns" or a mapping'),
        ({"accounts": {"S0": "a"}}, "account of every column, but 'S1' has none"),
        ({"accounts": {"S0": "a", "S1": "a", "S2": "a", "S3": "a"}}, "must name columns of prices, got 'S3'"),
        ({"costs": Costs(impact=0.1)}, "average_volume and volatility must be given for an impact"),
        ({"average_volume": PRICES}, "are for costs with an impact"),
        ({"costs": Costs(impact=0.1), "average_volume": 0.0 * PRICES, "volatility": PRICES}, "must be positive"),
        ({"corporate_actions": PRICES}, "'symbol' is missing"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(InvalidInputError, match=message):
        simulate(WEIGHTS, PRICES, **options)


def test_filling_on_the_bar_of_the_decision_warns():
    with pytest.warns(ConventionWarning, match="same-close look-ahead"):
        shifted = simulate(WEIGHTS.shift(1).fillna(0.0), PRICES, lag=0)
    pd.testing.assert_frame_equal(shifted.units, simulate(WEIGHTS, PRICES).units, check_exact=True)


@pytest.mark.filterwarnings("ignore:corporate_actions has:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_no_bit_and_name_the_same_missing_price(threads, monkeypatch):
    weights, prices = market(rows=40, columns=9)
    accounts = {name: name[1:] if number % 3 else "shared" for number, name in enumerate(prices.columns)}
    actions = pd.DataFrame(
        {"symbol": ["S7", "S1"], "date": prices.index[[9, 20]], "kind": ["split", "cash_dividend"], "value": [0.5, 1.0]}
    )
    options = {"costs": EVERY_COST, "accounts": accounts, "corporate_actions": actions, **impact_panels(prices)}
    whole = simulate(weights, prices, **options)
    holes = prices.copy()
    holes.iloc[30, 1], holes.iloc[12, 8], holes.iloc[12, 7] = np.nan, np.nan, np.nan
    with pytest.raises(InvalidInputError, match="got nan at") as alone:
        simulate(weights, holes, **options)
    monkeypatch.setattr(_threads, "HEAVY_ELEMENTS_PER_THREAD", 8)
    with riskresearch.options.context(threads=threads):
        split = simulate(weights, prices, **options)
        with pytest.raises(InvalidInputError, match="got nan at 2023-01-18") as apart:
            simulate(weights, holes, **options)
    assert str(apart.value) == str(alone.value)
    pd.testing.assert_frame_equal(split.units, whole.units, check_exact=True)
    pd.testing.assert_frame_equal(split.equity, whole.equity, check_exact=True)
    pd.testing.assert_frame_equal(split.fills, whole.fills, check_exact=True)
    assert split.bankruptcies == whole.bankruptcies


def test_leverage_beyond_the_cap_names_the_bar_and_the_account():
    weights = changed(WEIGHTS.clip(-0.2, 0.2), 4, 1, -3.0)
    simulate(weights, PRICES, max_leverage=3.5)
    with pytest.raises(InvalidInputError, match=r"max_leverage=2, got 3 at 2023-01-06 in account 'b'"):
        simulate(weights, PRICES, max_leverage=2.0, accounts={"S0": "a", "S1": "b", "S2": "a"})


def test_labelled_weights_may_begin_later_as_those_made_of_returns_do():
    later = simulate(WEIGHTS.iloc[2:], PRICES, costs=0.001)
    padded = WEIGHTS.copy()
    padded.iloc[:2] = 0.0
    same = simulate(padded, PRICES, costs=0.001)
    pd.testing.assert_series_equal(later.equity, same.equity, check_exact=True)


def test_a_missing_weight_may_hold_what_is_there():
    held = simulate(changed(WEIGHTS, 3, 1, np.nan), PRICES, missing_weights="hold")
    assert held.units["S1"].iloc[4] == held.units["S1"].iloc[3]
    assert held.units["S0"].iloc[4] != held.units["S0"].iloc[3]
    never = simulate(WEIGHTS * np.nan, PRICES, missing_weights="hold")
    assert (never.equity == 1.0).all()


def test_a_held_position_without_a_price_raises_unless_a_policy_is_chosen():
    gap = changed(PRICES, 4, 1, np.nan)
    with pytest.raises(InvalidInputError, match="where a position is held, got nan at 2023-01-06 in column 'S1'"):
        simulate(WEIGHTS, gap)
    with pytest.raises(InvalidInputError, match="where a position is held, got nan at 2023-01-06 in column 'S1'"):
        simulate(WEIGHTS, gap, accounts={"S0": "a", "S1": "b", "S2": "a"})
    held = simulate(WEIGHTS, gap, missing_prices="hold")
    assert held.units["S1"].iloc[4] == held.units["S1"].iloc[3]
    assert held.unfilled == {"portfolio": 1}
    assert "portfolio: 1 order without a price, left unfilled" in held.summary()
    settled = simulate(WEIGHTS, gap, missing_prices="settle")
    assert settled.units["S1"].iloc[4] == 0.0
    assert settled.units["S1"].iloc[5] != 0.0
    assert settled.fills.query("kind == 'settlement'")["price"].tolist() == [PRICES["S1"].iloc[3]]


def test_an_order_without_a_price_raises_but_a_column_not_listed_yet_is_no_order():
    young = PRICES.copy()
    young.iloc[:4, 2] = np.nan
    with pytest.raises(InvalidInputError, match="where an order is due, got nan at 2023-01-03 in column 'S2'"):
        simulate(WEIGHTS, young)
    weights = WEIGHTS.copy()
    weights.iloc[:4, 2] = 0.0
    assert simulate(weights, young).units["S2"].iloc[:5].eq(0.0).all()
    no_fill = changed(PRICES, 3, 0, np.nan)
    with pytest.raises(InvalidInputError, match="where an order is due, got nan at 2023-01-05 in column 'S0'"):
        simulate(WEIGHTS, PRICES, fill_prices=no_fill)
    kept = simulate(WEIGHTS, PRICES, fill_prices=no_fill, missing_prices="hold")
    assert kept.units["S0"].iloc[3] == kept.units["S0"].iloc[2]


def test_a_bankrupt_account_leaves_the_others_alone():
    prices = PRICES.copy()
    prices.iloc[4:, 0] *= 3.0
    weights = pd.DataFrame({"S0": -2.0, "S1": 0.5, "S2": 0.5}, index=PRICES.index)
    both = simulate(weights, prices, accounts={"S0": "short", "S1": "long", "S2": "long"})
    assert list(both.bankruptcies) == ["short"]
    assert both.bankruptcies["short"] == PRICES.index[4]
    assert (both.equity["short"].iloc[4:] == 0.0).all()
    assert (both.equity >= 0.0).all().all()
    alone = simulate(weights[["S1", "S2"]], prices[["S1", "S2"]])
    pd.testing.assert_series_equal(both.equity["long"], alone.equity, check_names=False, check_exact=True)
    assert both.to_frame().xs("account", level="series")["bankrupt"].isna().tolist() == [False, True]


def test_a_break_between_fill_and_close_closes_at_the_close():
    prices = pd.Series([100.0, 100.0, 30.0], index=PRICES.index[:3])
    fills = pd.Series([100.0, 100.0, 99.0], index=PRICES.index[:3])
    broken = simulate([3.0] * 3, prices, fill_prices=fills, capital=1000.0, costs=0.001)
    # 30 units and a debt of 2003 on bar 1; the order of bar 2 is filled at 99, then 30 is the end
    assert broken.fills["kind"].tolist() == ["order", "order", "bankruptcy"]
    assert broken.equity.iloc[-1] == 0.0
    assert broken.fills["units"].sum() == pytest.approx(0.0, abs=1e-12)
    assert broken.income["written_off"].iloc[-1] > 0.0


def test_costs_alone_can_break_an_account():
    broken = simulate([1.0, 1.0, 1.0], [10.0, 10.0, 10.0], costs=Costs(commission_minimum=2.0))
    assert broken.bankruptcies == {"portfolio": 1}
    assert broken.income["written_off"].tolist() == [0.0, 1.0, 0.0]


def test_one_bar_is_a_whole_history():
    with pytest.warns(ConventionWarning):
        one = simulate([0.5], [10.0], lag=0, costs=0.01)
    assert one.equity.tolist() == [0.995]
    assert one.costs["commission"].tolist() == [0.005]


def test_arrays_and_polars_give_the_numbers_of_frames():
    frame = simulate(WEIGHTS, PRICES, costs=0.001)
    array = simulate(WEIGHTS.to_numpy(), PRICES.to_numpy(), costs=0.001)
    assert array.equity.tolist() == frame.equity.tolist()
    assert list(array.equity.index) == list(range(8))
    polars = [pl.from_pandas(data.reset_index()) for data in (WEIGHTS, PRICES)]
    from_polars = simulate(*polars, costs=0.001)
    date = polars[1].columns[0]
    for name in ("equity", "returns", "turnover", "gross_exposure", "net_exposure", "cash"):
        table = getattr(from_polars, name)
        assert table.columns == [date, "portfolio"]
        assert table[date].to_list() == polars[1][date].to_list()
        assert table["portfolio"].to_list() == getattr(frame, name).tolist()
    for name in ("units", "weights", "costs", "income"):
        table = getattr(from_polars, name)
        assert table.columns == [date, *getattr(frame, name).columns]
        assert table.drop(date).to_numpy().tolist() == getattr(frame, name).to_numpy().tolist()
    mixed = simulate(WEIGHTS, PRICES.to_numpy(), costs=0.001)
    assert list(mixed.units.columns) == ["S0", "S1", "S2"]


def test_inputs_stay_as_they_were():
    before = WEIGHTS.copy(), PRICES.copy()
    simulate(WEIGHTS, PRICES, costs=EVERY_COST, **impact_panels(PRICES), accounts={"S0": "a", "S1": "b", "S2": "a"})
    pd.testing.assert_frame_equal(WEIGHTS, before[0])
    pd.testing.assert_frame_equal(PRICES, before[1])
