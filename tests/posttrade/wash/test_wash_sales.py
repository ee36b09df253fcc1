"""Wash sales of ledgers: by hand, over splits, shorts and accounts, and what must add up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch as rr
from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes
from riskresearch.posttrade import Ledger, wash_sales
from tests.examples import examples


def ledger_of(*fills, prices=None, days=400, **options):
    """Return the ledger of (day, asset, units, price, account) tuples, days counted from 1 January 2024."""
    start = pd.Timestamp("2024-01-01")
    rows = [(*fill, "one")[:5] for fill in fills]
    table = pd.DataFrame(rows, columns=["day", "asset", "units", "price", "account"])
    table["time"] = start + pd.to_timedelta(table.pop("day"), unit="D")
    bars = pd.date_range(start, periods=days)
    if prices is None:
        prices = pd.DataFrame(10.0, bars, sorted(set(table["asset"])))
    return Ledger.from_fills(table, prices=prices, **options)


def test_the_example_of_publication_550():
    """Bought for 1,000, sold for 750, bought again for 800: no loss is reported, and the new cost is 1,050."""
    found = wash_sales(ledger_of((0, "X", 100, 10.0), (60, "X", -100, 7.5), (75, "X", 100, 8.0)))
    assert found.closings["reported"].tolist() == [0.0]
    assert found.lots[["units", "adjustment"]].values.tolist() == [[100.0, 250.0]]
    assert 100 * 8.0 + found.lots["adjustment"][0] == 1050.0
    match = found.matches.iloc[0]
    assert (match["bought"], match["units"]) == (pd.Timestamp("2024-03-16"), 100.0)


@pytest.mark.parametrize(("day", "deferred"), [(29, 0.0), (30, 250.0), (90, 250.0), (91, 0.0)])
def test_thirty_days_before_and_after_count(day, deferred):
    """Sold on day 60; what is bought before it must still be held, so the first lot is the one that is sold."""
    fills = sorted([(0, "X", 100, 10.0), (60, "X", -100, 7.5), (day, "X", 100, 8.0)])
    assert wash_sales(ledger_of(*fills)).deferred == deferred
    assert wash_sales(ledger_of(*fills), window_days=10).deferred == 0.0


def test_costs_are_part_of_the_loss():
    """A loss of 10 a unit, and 3 and 2 of commissions: 1,005."""
    start = pd.Timestamp("2024-01-01")
    fills = pd.DataFrame(
        {
            "asset": "X", "time": start + pd.to_timedelta([0, 5, 6], unit="D"), "units": [100, -100, 100],
            "price": [20.0, 10.0, 10.0], "commission": [3.0, 2.0, 1.0],
        }
    )  # fmt: skip
    ledger = Ledger.from_fills(fills, prices=pd.DataFrame({"X": 10.0}, pd.date_range(start, periods=10)))
    assert wash_sales(ledger).deferred == 1005.0


def test_a_split_between_keeps_the_units_comparable():
    """100 sold at a loss of 300, then two for one, and 100 new units bought: half of it is replaced."""
    bars = pd.date_range("2024-01-01", periods=100)
    prices = pd.DataFrame({"X": np.where(np.arange(100) < 20, 10.0, 5.0)}, bars)
    actions = pd.DataFrame({"symbol": ["X"], "date": [bars[20]], "kind": ["split"], "value": [0.5]})
    ledger = ledger_of(
        (0, "X", 100, 10.0), (1, "X", 50, 10.0), (10, "X", -100, 7.0), (30, "X", 60, 5.0), (80, "X", -100, 9.0),
        prices=prices, corporate_actions=actions,
    )  # fmt: skip
    found = wash_sales(ledger)
    # The lot of day 1 is held on: 50 of the 100; then 60 new units are 30 old ones.
    assert found.matches["units"].tolist() == [50.0, 30.0]
    assert found.matches["deferred"].tolist() == [150.0, pytest.approx(90.0)]
    assert found.closings["reported"].tolist()[0] == pytest.approx(-60.0)
    # On day 80 all 100 new units of the second lot are sold and bring the 150 along.
    assert found.closings["taken_over"].tolist() == [0.0, 150.0]
    assert found.closings["reported"].tolist()[1] == pytest.approx(100 * (9.0 - 5.0) - 150.0)
    assert found.lots[["units", "adjustment"]].values.tolist() == [[60.0, pytest.approx(90.0)]]


def test_shorts_are_washed_by_shorts_and_not_by_longs():
    """Sold short at 10, bought back at 12, sold short again: the loss of 200 lowers the new proceeds."""
    short = wash_sales(ledger_of((0, "X", -100, 10.0), (40, "X", 100, 12.0), (50, "X", -100, 11.0)))
    assert short.deferred == 200.0
    assert short.lots["adjustment"].tolist() == [200.0]
    flipped = wash_sales(ledger_of((0, "X", -100, 10.0), (40, "X", 150, 12.0)))
    assert flipped.deferred == 0.0
    both = wash_sales(ledger_of((0, "X", 100, 10.0), (40, "X", -150, 8.0), (45, "X", 100, 9.0)))
    # The 100 bought close the short of 50 at a loss, and open 50 that replace half of the long.
    assert both.closings["deferred"].tolist() == [100.0, 0.0]


def test_accounts_are_one_taxpayer_unless_they_are_apart():
    fills = [(0, "X", 100, 10.0, "one"), (40, "X", -100, 8.0, "one"), (45, "X", 100, 8.0, "two")]
    assert wash_sales(ledger_of(*fills)).matches["bought_in"].tolist() == ["two"]
    assert wash_sales(ledger_of(*fills), pooled=False).deferred == 0.0


def test_other_assets_replace_nothing_and_gains_are_reported():
    found = wash_sales(ledger_of((0, "X", 100, 10.0), (40, "X", -100, 8.0), (45, "Y", 100, 8.0)))
    assert found.closings["reported"].tolist() == [-200.0]
    gain = wash_sales(ledger_of((0, "X", 100, 10.0), (40, "X", -100, 12.0), (45, "X", 100, 12.0)))
    assert gain.closings["reported"].tolist() == [200.0]
    assert "No wash sale in 1 closing" in gain.summary()


def test_a_chain_of_replacements_reports_all_of_it_at_the_end():
    found = wash_sales(
        ledger_of(
            (0, "X", 10, 20.0), (10, "X", -10, 10.0), (20, "X", 10, 11.0), (40, "X", -10, 7.0), (45, "X", 10, 8.0),
            (200, "X", -10, 9.0),
        )
    )  # fmt: skip
    assert found.closings["profit"].tolist() == [-100.0, -40.0, 10.0]
    assert found.closings["deferred"].tolist() == [100.0, 140.0, 0.0]
    assert found.closings["reported"].tolist() == [0.0, 0.0, -130.0]
    assert len(found.lots) == 0


@pytest.mark.parametrize("matching", ["fifo", "lifo", "hifo"])
@given(seed=st.integers(0, 2**20))
@examples(15)
def test_what_is_reported_and_what_is_carried_add_up_to_the_profit(matching, seed):
    rng = np.random.default_rng(seed)
    fills = [
        (int(day), rng.choice(["X", "Y"]), float(rng.integers(1, 20) * rng.choice([-1, 1])), float(rng.uniform(5, 15)))
        for day in np.sort(rng.choice(300, 25, replace=False))
    ]
    ledger = ledger_of(*fills, matching=matching)
    found = wash_sales(ledger, window_days=int(rng.integers(0, 60)))
    closings = found.to_frame()
    carried = found.lots["adjustment"].sum()
    assert closings["profit"].sum() == pytest.approx(ledger.realised.iloc[-1].sum(), abs=1e-8)
    assert closings["reported"].sum() == pytest.approx(closings["profit"].sum() + carried, abs=1e-8)
    assert found.matches["deferred"].sum() == pytest.approx(closings["deferred"].sum(), abs=1e-8)
    assert (closings["deferred"] >= 0.0).all()
    bought = (found.matches["bought"] - found.matches["closed"]).abs()
    assert (bought <= pd.Timedelta(days=60)).all()


def test_a_ledger_without_losses_or_fills_has_nothing_to_wash():
    empty = Ledger.from_fills(
        pd.DataFrame({"asset": [], "time": [], "units": [], "price": []}),
        prices=pd.DataFrame({"X": [1.0, 2.0]}, pd.date_range("2024-01-01", periods=2)),
    )
    found = wash_sales(empty)
    assert (len(found.closings), found.deferred) == (0, 0.0)
    assert "No wash sale in 0 closings" in found.summary()


def test_a_flip_that_leaves_dust_is_read():
    """0.1 + 0.2 is more than 0.3 by rounding: what is left of the third fill is no lot of a size."""
    ledger = ledger_of(
        (0, "X", 0.1, 10.0), (1, "X", 0.2, 10.0), (5, "X", -0.3, 8.0), (6, "X", 0.3, 8.0), (50, "X", -1, 9.0)
    )
    found = wash_sales(ledger)
    assert found.closings["deferred"].sum() == pytest.approx(0.6)


def test_the_ledger_of_a_simulation_is_read():
    prices = rr.datasets.load("equities_adj_close").iloc[-200:, :3]
    weights = prices.pct_change().rank(axis=1).iloc[1:] / 6
    ledger = rr.simulate(weights, prices.iloc[1:], costs=0.001).ledger(matching="hifo")
    found = wash_sales(ledger)
    assert found.deferred > 0.0
    assert found.plot(ax=blank_axes()).get_xlabel() == "Deferred losses"
    assert repr(found).startswith("WashSales(")
    assert "No tax advice" in found.summary()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: pd.DataFrame({"a": [1.0]}), r"ledger must be a Ledger, got a DataFrame\. Make one with"),
        (lambda: ledger_of((0, "X", 1, 10.0), matching="average"), r'by lots, got matching="average".*matching="fifo"'),
        (
            lambda: Ledger.from_fills(
                pd.DataFrame({"asset": ["X"], "time": [0], "units": [1.0], "price": [1.0]}),
                prices=pd.DataFrame({"X": [1.0]}),
            ),
            r"ledger must have dates",
        ),
        (
            lambda: ledger_of(
                (0, "X", 1, 10.0),
                prices=pd.DataFrame(10.0, pd.date_range("2024-01-01", periods=9), ["X", "Y"]),
                corporate_actions=pd.DataFrame(
                    {"symbol": ["X"], "date": [pd.Timestamp("2024-01-05")], "kind": ["symbol_change"], "value": [1.0],
                     "new_symbol": ["Y"]}
                ),
            ),
            r"ledger must be without events of the kind 'symbol_change', which turn one asset into another",
        ),
    ],
)  # fmt: skip
def test_ledgers_that_cannot_be_washed_are_refused(make, text):
    with pytest.raises(InvalidInputError, match=text):
        wash_sales(make())


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"window_days": -1}, r"window_days must be a whole number of at least 0, got -1"),
        ({"window_days": "30D"}, r"window_days must be a whole number .* Write window_days=30"),
        ({"pooled": 1}, r"pooled must be True or False, got 1"),
        ({"window": 30}, r"wash_sales has no argument 'window', got window=30\. Write window_days=30"),
    ],
)
def test_options_that_cannot_be_are_refused(options, text):
    with pytest.raises(InvalidInputError, match=text):
        wash_sales(ledger_of((0, "X", 1, 10.0)), **options)
