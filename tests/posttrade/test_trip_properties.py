"""Round trips on random fills: a slow walk over bars, mirrored signs, and sums that no rule changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.posttrade import Ledger
from riskresearch.posttrade.trips._made import make_round_trips
from tests.examples import examples
from tests.posttrade.trip_cases import traded_of

RULES = ("flat_to_flat", "flat_to_reduced", "per_close", "per_lot")
MATCHING = ("fifo", "lifo", "hifo", "average")
SEEDS = st.integers(0, 10**6)
BARS = 15
DAYS = pd.bdate_range("2024-01-01", periods=BARS)


def market(seed, *, fills=20, assets="AB", gaps=True):
    """Return random fills with costs, closes with gaps, and a split and a dividend."""
    rng = np.random.default_rng(seed)
    prices = pd.DataFrame(100.0 + rng.integers(-30, 30, (BARS, len(assets))), DAYS, list(assets))
    if gaps:
        prices = prices.mask(rng.random(prices.shape) < 0.1)
        prices.iloc[0] = 100.0
    table = pd.DataFrame(
        {
            "asset": rng.choice(list(assets), fills),
            "time": DAYS[np.sort(rng.integers(0, BARS, fills))],
            "units": rng.choice([-3, -2, -1, 1, 2, 4], fills) * 1.0,
            "price": 100.0 + rng.integers(-30, 30, fills),
            "commission": rng.random(fills),
            "id": np.arange(fills),
        }
    )
    actions = [(int(rng.integers(1, BARS)), "A", "split", 0.5), (int(rng.integers(1, BARS)), "A", "cash_dividend", 2.0)]
    return table, prices, actions if rng.random() < 0.5 else []


def ledger_of(table, prices, actions, matching):
    frame = pd.DataFrame(
        [(asset, DAYS[bar], kind, value) for bar, asset, kind, value in actions],
        columns=["symbol", "date", "kind", "value"],
    )
    return Ledger.from_fills(table, prices=prices, matching=matching, corporate_actions=frame if actions else None)


@given(SEEDS, st.sampled_from(RULES), st.sampled_from(MATCHING))
@examples(60)
def test_the_ledgers_trips_are_those_of_a_slow_matcher(seed, rule, matching):
    table, prices, actions = market(seed)
    found = ledger_of(table, prices, actions, matching).round_trips(rule=rule)
    slow = make_round_trips(traded_of(table, prices, matching=matching, actions=actions), rule=rule)
    order = ["asset", "opened", "closed", "entry_price", "units", "gross"]
    ours, theirs = (each.trips.drop(columns="currency").sort_values(order) for each in (found, slow))
    pd.testing.assert_frame_equal(
        ours.reset_index(drop=True), theirs.reset_index(drop=True), rtol=1e-9, atol=1e-9, check_dtype=False
    )


@given(SEEDS, st.sampled_from(["fifo", "average"]))
@examples(40)
def test_excursions_are_those_of_a_walk_over_the_bars_of_the_position(seed, matching):
    """From flat to flat the rule of matching does not matter: profit so far and at each mark, step by step."""
    table, prices, _ = market(seed, assets="A")
    found = ledger_of(table, prices, [], matching).round_trips(rule="flat_to_flat")
    walked = []
    held = spent = worst = best = 0.0
    for bar, day in enumerate(DAYS):
        for fill in table[table["time"] == day].itertuples():
            left = fill.units
            if held and held * left < 0.0 and abs(left) >= abs(held):
                gain = held * fill.price - spent
                walked.append((-min(worst, gain), max(best, gain)))
                left += held
                held = spent = worst = best = 0.0
            held, spent = held + left, spent + left * fill.price
            gain = held * fill.price - spent
            worst, best = min(worst, gain), max(best, gain)
        close = prices["A"].iloc[bar]
        if held and not np.isnan(close):
            gain = held * close - spent
            worst, best = min(worst, gain), max(best, gain)
    assert found.trips[["mae", "mfe"]].to_numpy() == pytest.approx(np.array(walked).reshape(-1, 2), abs=1e-9)
    if held:
        assert found.open[["mae", "mfe"]].to_numpy() == pytest.approx(np.array([[-worst, best]]), abs=1e-9)


@given(SEEDS, st.sampled_from(MATCHING))
@examples(40)
def test_profits_sum_to_what_the_ledger_realised_by_every_rule(seed, matching):
    table, prices, actions = market(seed)
    ledger = ledger_of(table, prices, actions, matching)
    realised = ledger.realised.iloc[-1].sum()
    for rule in RULES:
        found = ledger.round_trips(rule=rule)
        if rule != "flat_to_flat":
            assert found.trips["gross"].sum() == pytest.approx(realised, rel=1e-9, abs=1e-9)
            assert found.open["gross"].sum() == pytest.approx(ledger.unrealised.iloc[-1].sum(), rel=1e-9, abs=1e-9)
        assert found.trips["gross"].sum() + found.open["gross"].sum() == pytest.approx(
            realised + ledger.unrealised.iloc[-1].sum(), rel=1e-9, abs=1e-9
        )
        costs = found.trips["costs"].sum() + found.open["costs"].sum()
        assert costs == pytest.approx(table["commission"].sum(), rel=1e-9)
        by_asset = found.by("asset")
        assert by_asset["net"].sum() == pytest.approx(found.trips["net"].sum(), rel=1e-9, abs=1e-9)


@given(SEEDS, st.sampled_from(RULES))
@examples(40)
def test_from_flat_to_flat_no_rule_of_matching_changes_a_trip(seed, rule):
    table, prices, actions = market(seed)
    trips = [ledger_of(table, prices, actions, each).round_trips(rule="flat_to_flat").trips for each in MATCHING]
    for other in trips[1:]:
        pd.testing.assert_frame_equal(trips[0], other, rtol=1e-9, atol=1e-9)
    # The mirror image of all fills mirrors profits before costs and swaps the excursions.
    plain, mirrored = (
        ledger_of(each, prices, actions, "fifo").round_trips(rule=rule).trips
        for each in (table, table.assign(units=-table["units"]))
    )
    assert mirrored["gross"].to_numpy() == pytest.approx(-plain["gross"].to_numpy(), abs=1e-9)
    assert mirrored[["mfe", "mae"]].to_numpy() == pytest.approx(plain[["mae", "mfe"]].to_numpy(), abs=1e-9)


@given(SEEDS, st.sampled_from(RULES), st.sampled_from(MATCHING))
@examples(40)
def test_excursions_bound_the_gross_profit_and_highs_and_lows_widen_them(seed, rule, matching):
    table, prices, actions = market(seed, gaps=False)
    ledger = ledger_of(table, prices, actions, matching)
    found = ledger.round_trips(rule=rule).trips
    assert (found["mae"] >= np.maximum(-found["gross"], 0.0) - 1e-9).all()
    assert (found["mfe"] >= np.maximum(found["gross"], 0.0) - 1e-9).all()
    wide = ledger.round_trips(rule=rule, high=prices + 1.0, low=prices - 1.0).trips
    assert (wide["mae"] >= found["mae"]).all()
    assert (wide["mfe"] >= found["mfe"]).all()
    same = ledger.round_trips(rule=rule, high=prices, low=prices).trips
    pd.testing.assert_frame_equal(same, found)


@given(SEEDS, st.sampled_from(RULES))
@examples(30)
def test_a_fill_in_two_parts_changes_no_total(seed, rule):
    table, prices, _ = market(seed)
    halves = table.loc[table.index.repeat(2)].assign(
        units=lambda each: each["units"] / 2, commission=lambda each: each["commission"] / 2, id=range(2 * len(table))
    )
    whole, parts = (ledger_of(each, prices, [], "fifo").round_trips(rule=rule) for each in (table, halves))
    assert parts.trips["net"].sum() == pytest.approx(whole.trips["net"].sum(), abs=1e-9)
    if rule == "flat_to_flat":
        assert parts.trips["net"].to_numpy() == pytest.approx(whole.trips["net"].to_numpy(), abs=1e-9)
