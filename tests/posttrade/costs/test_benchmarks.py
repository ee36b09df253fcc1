"""Costs against the market: what was known when, benchmarks by hand, own fills, totals by group."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import datasets, posttrade
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.examples import examples


def at(*clock):
    return pd.to_datetime([f"2024-03-05 {each}" for each in clock])


MINUTES = pd.DataFrame(
    {
        "open": [10.0, 10.1, 10.2, 10.4, 10.3],
        "high": [10.2, 10.3, 10.5, 10.6, 10.4],
        "low": [9.9, 10.0, 10.1, 10.2, 10.1],
        "close": [10.1, 10.2, 10.4, 10.3, 10.2],
        "volume": [1000.0, 2000.0, 4000.0, 2000.0, 1000.0],
    },
    index=pd.date_range("2024-03-05 09:30", periods=5, freq="min"),
)
# Decided at 09:31:20, when the bar of 09:30 is over; arrived at 09:32:10; two fills, the last at 09:33:30.
ORDER = pd.DataFrame(
    {"order": ["a"], "asset": ["X"], "units": [1000], "decided": at("09:31:20"), "arrived": at("09:32:10")}
)
FILLS = pd.DataFrame(
    {"order": ["a", "a"], "units": [600, 400], "price": [10.4, 10.5], "time": at("09:32:40", "09:33:30")}
)
EVERY = ["decision", "arrival", "vwap", "vwap_ex_own", "twap", "open", "close"]


def costs_of(orders=ORDER, fills=FILLS, market=MINUTES, **options):
    return posttrade.transaction_costs(orders, fills, market=market, **options)


def test_a_close_is_known_when_its_bar_is_over():
    table = costs_of().to_frame().loc["a"]
    assert (table["decision_price"], table["arrival_price"]) == (10.1, 10.2)
    # Stamped at their end, the bar of 09:31 is over at the decision, that of 09:32 at the arrival.
    table = costs_of(stamped="end").to_frame().loc["a"]
    assert (table["decision_price"], table["arrival_price"]) == (10.2, 10.4)


def test_benchmarks_by_hand():
    costs = costs_of(benchmarks=EVERY)
    table = costs.to_frame().loc["a"]
    # From 09:32:10 to 09:33:30: the bars of 09:32 and 09:33, 6000 units.
    typical = [(10.5 + 10.1 + 10.4) / 3, (10.6 + 10.2 + 10.3) / 3]
    value = 4000 * typical[0] + 2000 * typical[1]
    paid = 0.6 * 10.4 + 0.4 * 10.5
    assert table["average_price"] == pytest.approx(paid)
    assert table["vwap_price"] == pytest.approx(value / 6000)
    assert table["vwap_ex_own_price"] == pytest.approx((value - 1000 * paid) / 5000)
    assert table["twap_price"] == pytest.approx(sum(typical) / 2)
    assert (table["open_price"], table["close_price"]) == (10.0, 10.2)
    assert table["participation"] == pytest.approx(1 / 6)
    assert table["vwap_cost"] == pytest.approx(1000 * (paid - value / 6000))
    assert table["vwap_bps"] == pytest.approx(1e4 * (paid / (value / 6000) - 1))
    assert table["arrival_cost"] == pytest.approx(1000 * (paid - 10.2)) == table["trading"]
    # Wagner by hand: 1000 x 0.1 and 1000 x (10.44 - 10.2).
    assert table[["delay", "trading", "shortfall"]].tolist() == pytest.approx([100.0, 240.0, 340.0])


@given(share=st.floats(0.01, 0.9), side=st.sampled_from([-1.0, 1.0]), price=st.floats(9.9, 10.6))
@examples(30)
def test_own_fills_in_the_vwap_hide_their_share_of_the_cost(share, side, price):
    units = side * share * 6000.0
    orders = ORDER.assign(units=units, ended=at("09:33:59"))
    fills = FILLS.iloc[:1].assign(units=units, price=price)
    table = costs_of(orders, fills, benchmarks=["vwap", "vwap_ex_own"]).to_frame().loc["a"]
    assert table["vwap_cost"] == pytest.approx((1.0 - share) * table["vwap_ex_own_cost"], rel=1e-6, abs=1e-6)


def test_fills_that_are_the_whole_volume_leave_no_vwap_without_them():
    fills = FILLS.assign(units=[3600, 2400])
    table = costs_of(ORDER.assign(units=6000), fills, benchmarks=["vwap_ex_own"]).to_frame()
    assert np.isnan(table["vwap_ex_own_price"]["a"])


def test_the_opportunity_cost_of_the_rest_ends_when_the_order_does():
    orders = ORDER.assign(units=1500, ended=at("09:34:30"))
    table = costs_of(orders).to_frame().loc["a"]
    # Known at 09:34:30: the close of 09:33, 10.3, after an arrival at 10.2.
    assert table["final_price"] == 10.3
    assert table["opportunity"] == pytest.approx(500 * 0.1)
    without = costs_of(ORDER.assign(units=1500)).to_frame().loc["a"]
    assert without["missing"] == "final price"


DAYS = pd.bdate_range("2024-03-04", periods=5)
DAILY = {
    "open": pd.DataFrame({"X": [10.0, 11.0, 12.0, 13.0, 14.0]}, DAYS),
    "close": pd.DataFrame({"X": [10.5, 11.5, 12.5, 13.5, 14.5]}, DAYS),
    "volume": pd.DataFrame({"X": [1e4] * 5}, DAYS),
}


@pytest.mark.parametrize("stamped", ["start", "end"])
def test_days_are_decided_at_their_close_and_arrive_at_their_open(stamped):
    orders = pd.DataFrame({"order": [1], "asset": ["X"], "units": [100], "decided": DAYS[:1], "arrived": DAYS[1:2]})
    fills = pd.DataFrame({"order": [1, 1], "units": [50, 50], "price": [11.2, 12.4], "time": DAYS[1:3]})
    names = ["arrival", "vwap", "open", "close", "previous_close"]
    table = costs_of(orders, fills, DAILY, benchmarks=names, stamped=stamped).to_frame().loc[1]
    assert (table["decision_price"], table["arrival_price"]) == (10.5, 11.0)
    assert table["vwap_price"] == 12.0
    assert (table["open_price"], table["close_price"], table["previous_close_price"]) == (11.0, 12.5, 10.5)
    # Without an arrival the span begins after the day of the decision.
    again = costs_of(orders.drop(columns="arrived"), fills, DAILY, benchmarks=["vwap"], stamped=stamped).to_frame()
    assert again["vwap_price"].tolist() == [12.0]
    # Without opens an order that arrives on a day finds the close before it.
    closes = costs_of(orders, fills, DAILY["close"], stamped=stamped).to_frame().loc[1]
    assert closes["arrival_price"] == 10.5


QUOTES = pd.DataFrame(
    {
        "time": at("09:30:00", "09:30:02", "09:30:02", "09:30:08"),
        "asset": ["X", "X", "X", "X"],
        "bid": [9.9, 9.8, 10.0, np.nan],
        "ask": [10.1, 10.4, 10.2, 10.6],
    }
)


def test_quotes_give_mids_of_the_last_one_and_time_weighted_prices():
    orders = ORDER.assign(decided=at("09:30:01"), arrived=at("09:30:02"))
    fills = FILLS.assign(time=at("09:30:03", "09:30:06"))
    table = costs_of(orders, fills, QUOTES, benchmarks=["arrival", "twap", "mid"]).to_frame().loc["a"]
    assert (table["decision_price"], table["arrival_price"]) == pytest.approx((10.0, 10.1))
    assert (table["twap_price"], table["mid_price"]) == pytest.approx((10.1, 10.1))
    strict = costs_of(orders, fills, QUOTES, strict=True).to_frame().loc["a"]
    assert strict["arrival_price"] == pytest.approx(10.0)
    old = costs_of(orders, fills, QUOTES, max_age=0.5).to_frame().loc["a"]
    assert np.isnan(old["decision_price"])
    assert old["missing"] == "decision price"


def test_a_quote_with_one_side_has_no_mid():
    fills = FILLS.assign(time=at("09:30:03", "09:30:09"))
    orders = ORDER.assign(decided=at("09:30:01"), arrived=at("09:30:02"))
    table = costs_of(orders, fills, QUOTES, benchmarks=["mid"]).to_frame()
    assert np.isnan(table["mid_price"]["a"])
    with pytest.raises(InvalidInputError, match=r"'vwap' needs bars as market with the column 'volume'"):
        costs_of(orders, fills, QUOTES, benchmarks=["vwap"])


def random_orders(seed=0, count=60):
    """Return orders on the bundled minutes, some of them unfilled."""
    bars = datasets.load("spy_1min")
    rng = np.random.default_rng(seed)
    decided = pd.Series(bars.index[np.sort(rng.integers(0, 1400, count))] + pd.Timedelta(seconds=7))
    orders = pd.DataFrame({"order": range(count), "asset": "SPY", "units": rng.choice([-1.0, 1.0], count) * 500.0})
    orders = orders.assign(
        decided=decided, arrived=decided + pd.Timedelta(seconds=90), desk=rng.choice(["x", "y"], count)
    )
    orders["ended"] = orders["arrived"] + pd.Timedelta(minutes=12)
    fills = orders.loc[orders.index.repeat(2), ["order", "asset", "units"]].reset_index(drop=True)
    fills["units"] /= 2.0
    seconds = rng.permutation(600)[: 2 * count] + 30
    fills["time"] = orders["arrived"].repeat(2).reset_index(drop=True) + pd.to_timedelta(seconds, unit="s")
    fills["price"] = bars["close"].reindex(fills["time"].dt.floor("min"), method="ffill").to_numpy()
    return orders, fills[fills["order"] % 7 != 0], bars


def test_later_bars_change_nothing_of_an_order_that_is_over():
    orders, fills, bars = random_orders()
    names = ["arrival", "vwap", "vwap_ex_own", "twap", "open", "previous_close"]
    whole = costs_of(orders, fills, bars, benchmarks=names).to_frame()
    for cut in (200, 800, 1200):
        over = orders["ended"] < bars.index[cut]
        part = costs_of(orders[over], fills[fills["order"].isin(orders["order"][over])], bars[:cut], benchmarks=names)
        pd.testing.assert_frame_equal(part.to_frame(), whole[over.to_numpy()], check_exact=True)


def test_the_order_of_rows_and_the_form_of_the_bars_do_not_matter():
    orders, fills, bars = random_orders(1)
    one = costs_of(orders, fills, bars).to_frame()
    mixed = costs_of(orders.sample(frac=1, random_state=1), fills.sample(frac=1, random_state=2), bars).to_frame()
    pd.testing.assert_frame_equal(mixed.sort_index(), one)
    tall = bars.rename_axis("time").reset_index().assign(asset="SPY").sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(costs_of(orders, fills, tall).to_frame(), one)
    wide = pd.concat({"SPY": bars}, axis=1)
    pd.testing.assert_frame_equal(costs_of(orders, fills, wide).to_frame(), one)
    zone = "America/New_York"
    times = ["decided", "arrived", "ended"]
    zoned = orders.assign(**{name: orders[name].dt.tz_localize(zone).dt.tz_convert("UTC") for name in times})
    later = fills.assign(time=fills["time"].dt.tz_localize(zone))
    other = costs_of(zoned, later, bars.tz_localize(zone)).to_frame()
    pd.testing.assert_frame_equal(other.drop(columns=times), one.drop(columns=times))


def test_closes_by_asset_may_have_their_times_in_a_column():
    orders, fills, bars = random_orders(3)
    closes = bars[["close"]].rename(columns={"close": "SPY"})
    one = costs_of(orders, fills, closes).to_frame()
    pd.testing.assert_frame_equal(costs_of(orders, fills, closes.rename_axis("time").reset_index()).to_frame(), one)
    with pytest.raises(InvalidInputError, match=r"fields under the names open.*got 'Open'.*rename=.'Open': 'open'"):
        costs_of(orders, fills, bars.rename(columns=str.title))
    tall = pd.concat({"SPY": bars.rename(columns=str.title)}, axis=1)
    with pytest.raises(InvalidInputError, match=r"fields and assets as its two levels of columns.*'SPY Open'"):
        costs_of(orders, fills, tall)
    names = {name.title(): name for name in bars.columns}
    pd.testing.assert_frame_equal(
        costs_of(orders, fills, tall, rename=names).to_frame(), costs_of(orders, fills, bars).to_frame()
    )


def test_groups_share_the_total_and_their_intervals_hold_the_estimate():
    orders, fills, bars = random_orders(2)
    costs = costs_of(orders, fills, bars)
    for column in ("desk", "side", "hour", "day", "status"):
        groups = costs.by(column)
        assert groups["shortfall"].sum() == pytest.approx(costs.totals().loc["shortfall", "money"])
        assert groups["orders"].sum() == 60
    totals = costs.totals(confidence=0.9)
    assert (totals["lower"] <= totals["bps"]).all()
    assert (totals["bps"] <= totals["upper"]).all()
    wider = costs.totals(confidence=0.99)
    assert wider.loc["shortfall", "lower"] < totals.loc["shortfall", "lower"]
    with pytest.raises(
        InvalidInputError, match=r"column must be 'hour', 'day' or a column .*, got 'deks'.*Did you mean"
    ):
        costs.by("deks")


def test_outliers_are_judged_among_enough_orders_of_their_group():
    count = 40
    orders = pd.DataFrame({"order": range(count), "units": 100.0, "decision_price": 10.0, "final_price": 10.0})
    orders["venue"] = ["big"] * 30 + ["small"] * 10
    price = 10.0 + 0.001 * np.random.default_rng(0).normal(size=count)
    price[[3, 35]] = 10.5
    costs = posttrade.transaction_costs(orders, pd.DataFrame({"order": range(count), "units": 100.0, "price": price}))
    found = costs.outliers(by="venue")
    assert found.index[found["verdict"] == "outlier"].tolist() == [3]
    assert set(found["verdict"][30:]) == {"too few to say"}
    bps = found["bps"][:30]
    by_hand = 0.6744897501960817 * (bps[3] - bps.median()) / (bps - bps.median()).abs().median()
    assert found["z"][3] == pytest.approx(by_hand)
    assert costs.outliers(fewest=3, threshold=1e9)["verdict"].eq("ordinary").all()
    same = posttrade.transaction_costs(orders, pd.DataFrame({"order": range(count), "units": 100.0, "price": 10.1}))
    assert set(same.outliers()["verdict"]) == {"no spread"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"market": MINUTES.tz_localize("UTC")}, r"must have a zone on its times where market has one"),
        (
            {"market": pd.concat([MINUTES, MINUTES])},
            r"one bar for each time and asset, got 2024-03-05 09:30:00 .* twice",
        ),
        ({"market": MINUTES.assign(volume=-1.0)}, r"market\['volume'\] must not be negative, got -1 on row 0"),
        ({"market": MINUTES.iloc[:0]}, r"market must have a row, got none"),
        ({"market": MINUTES.reset_index(drop=True)}, r"market must have a column 'time', or its index must be dates"),
        ({"market": QUOTES.drop(columns="ask")}, r"market must have a column 'ask', since it has quotes"),
        ({"stamped": "left"}, r"stamped must be one of 'start', 'end', got 'left'"),
        ({"max_age": 0.0}, r"max_age must be positive"),
        ({"delay_basis": "order"}, r"delay_basis must be one of 'ordered', 'executed', got 'order'"),
        ({"orders": ORDER.assign(decided="5/3/24")}, r"orders\['decided'\] must hold times or text such as"),
        ({"orders": ORDER.assign(decided=3)}, r"orders\['decided'\] must hold times, got int64 such as 3"),
        ({"fills": pd.concat([FILLS, FILLS])}, r"fills must differ from one another, got 2 .* on row 2.*duplicates"),
    ],
)
def test_what_cannot_be_is_refused(change, text):
    with pytest.raises(InvalidInputError, match=text):
        costs_of(**change)


def test_fills_before_the_arrival_are_named():
    with pytest.warns(ConventionWarning, match=r"1 filled before the arrival: a\. They are kept"):
        costs = costs_of(fills=FILLS.assign(time=at("09:32:00", "09:33:00")))
    assert costs.settings.odd == {"filled before the arrival": 1}


def test_an_asset_that_the_market_lacks_is_kept_and_named():
    table = costs_of(ORDER.assign(asset="Y"), market=MINUTES.assign(asset="X")).to_frame()
    assert table["missing"].tolist() == ["decision price, arrival price"]
