"""The closed trades that breakers see are the round trips of a ledger of the same fills, flat to flat, one by one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import simulate
from riskresearch.accounts import Costs
from riskresearch.posttrade import Ledger
from tests.backtest.samples import EVERY_COST, impact_panels
from tests.backtest.test_round_trips import Watch
from tests.examples import examples

BARS = 20
DAYS = pd.bdate_range("2024-03-04", periods=BARS)
NAMES = list("ABC")


@given(
    st.integers(0, 10**6),
    st.sampled_from(["every_bar", "on_change"]),
    st.sampled_from([0.0, 0.002]),
    st.sampled_from(["fifo", "average"]),
    st.booleans(),
)
@examples(60)
def test_closed_trades_are_round_trips_flat_to_flat(seed, rebalance, rate, matching, events):
    rng = np.random.default_rng(seed)
    weights = pd.DataFrame(rng.choice([0.0, 0.3, -0.3, 0.2], (BARS, 3)), DAYS, NAMES)
    moves = rng.normal(0.0, 0.03, (BARS, 3))
    prices = 100.0 * np.cumprod(1.0 + moves, axis=0)
    actions = None
    if events:
        rows = np.sort(rng.integers(1, BARS, 2))
        prices[rows[0] :, 0] *= 0.5
        actions = pd.DataFrame(
            {"symbol": ["A", "B"], "date": DAYS[rows], "kind": ["split", "cash_dividend"], "value": [0.5, 1.5]}
        )
    quotes = pd.DataFrame(prices, DAYS, NAMES)
    watch = Watch()
    costs = Costs(commission=rate, half_spread=rate, commission_minimum=rate)
    result = simulate(
        weights, quotes, gates=[watch], rebalance=rebalance, costs=costs, corporate_actions=actions, capital=1000.0
    )
    ledger = Ledger.from_fills(result.fills, prices=quotes, matching=matching, corporate_actions=actions)
    trips = ledger.round_trips(rule="flat_to_flat").trips
    equity = np.array([1000.0, *result.equity])
    before = equity[DAYS.get_indexer(trips["opened"])]
    ours = pd.DataFrame(
        {"row": DAYS.get_indexer(trips["closed"]), "profit": trips["net"] / before, "asset": trips["asset"],
         "side": trips["side"]}
    ).sort_values(["row", "asset"])  # fmt: skip
    theirs = pd.DataFrame(watch.trades, columns=["row", "profit", "asset", "side"]).sort_values(["row", "asset"])
    assert ours[["row", "asset", "side"]].values.tolist() == theirs[["row", "asset", "side"]].values.tolist()
    assert ours["profit"].to_numpy() == pytest.approx(theirs["profit"].to_numpy(dtype=float), rel=1e-9, abs=1e-12)


def both(weights, prices, **options):
    """Return the profits of closed trades as breakers see them, in money, and as a ledger has them."""
    watch = Watch()
    result = simulate(weights, prices, gates=[watch], rebalance="on_change", **options)
    trips = Ledger.from_fills(result.fills, prices=prices).round_trips(rule="flat_to_flat").trips
    equity = np.array([1.0, *watch.equity])[prices.index.get_indexer(trips["opened"])]
    return [profit for _, profit, *_ in watch.trades], (trips["net"] / equity).tolist()


def test_orders_of_one_bar_each_have_their_own_impact_and_least_commission():
    weights = pd.DataFrame({"A": [0.5, 0.1, 0, 0], "B": [0.01, 0, 0, 0]}, DAYS[:4])
    prices = pd.DataFrame({"A": [100.0, 101, 99, 98], "B": [10.0, 11, 12, 13]}, DAYS[:4])
    seen, made = both(weights, prices, costs=EVERY_COST, **impact_panels(prices))
    assert len(made) == 2
    assert seen == pytest.approx(made, rel=1e-9)


def test_settlements_and_bankruptcies_cost_nothing():
    weights = pd.DataFrame({"A": [0.5] * 5, "B": [0.2, 0.2, 0, 0, 0]}, DAYS[:5])
    prices = pd.DataFrame({"A": [100, 100, 90, np.nan, np.nan], "B": [10.0, 11, 12, 13, 14]}, DAYS[:5])
    seen, made = both(weights, prices, costs=Costs(commission=0.01), missing_prices="settle")
    assert len(made) == 2
    assert sorted(seen) == pytest.approx(sorted(made), rel=1e-9)
    weights = pd.DataFrame({"A": [2.0, 2.0, 1.5, 1.5], "B": [0.0, 0.1, 0.1, 0.1]}, DAYS[:4])
    prices = pd.DataFrame({"A": [100.0, 100, 40, 40], "B": [10.0, 10, 10, 10]}, DAYS[:4])
    seen, made = both(weights, prices, costs=Costs(commission=0.001))
    assert len(made) >= 1
    assert sorted(seen) == pytest.approx(sorted(made), rel=1e-9)
