"""Round trips: five fills as three well-known libraries read them, costs, splits, dividends and edges, by hand."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.posttrade import Ledger
from tests.posttrade.trip_cases import DAYS, FIVE, fills_of, prices_of

RULES = ("flat_to_flat", "flat_to_reduced", "per_close", "per_lot")


def trips_of(
    rows, *, rule="flat_to_flat", matching="fifo", prices=None, actions=None, options=None, bars=None, **columns
):
    """Return the round trips of (units, price) of one asset, one fill a bar, closes at the last fill's price."""
    fills = rows if isinstance(rows, pd.DataFrame) else fills_of(rows, bars=bars, **columns)
    prices = prices_of(fills).ffill() if prices is None else prices
    ledger = Ledger.from_fills(fills, prices=prices, matching=matching, corporate_actions=actions)
    return ledger.round_trips(rule=rule, **(options or {}))


def closes(*values):
    """Return closes of A; the last one stays."""
    return pd.DataFrame({"A": [*values, *[values[-1]] * (len(DAYS) - len(values))]}, index=DAYS)


# --- five fills: +100 at 10, +100 at 12, -150 at 15, -100 at 9, +50 at 8. 550 in all by every rule.


@pytest.mark.parametrize(
    ("rule", "matching", "profits", "win_rate", "factor"),
    [
        # pyfolio: one trade a closing fill. 100 (15 - 10) + 50 (15 - 12), 50 (9 - 12), 50 (9 - 8); 700 / 150.
        ("per_close", "fifo", [650, -150, 50], 2 / 3, 700 / 150),
        # backtesting.py: one trade a lot. 700 / 150.
        ("per_lot", "fifo", [500, 150, -150, 50], 3 / 4, 700 / 150),
        # vectorbt's exit trades: average cost 11. 150 (15 - 11), 50 (9 - 11), 50 (9 - 8); 650 / 100.
        ("per_close", "average", [600, -100, 50], 2 / 3, 650 / 100),
        ("flat_to_reduced", "average", [600, -100, 50], 2 / 3, 650 / 100),
        # vectorbt's positions: 150 * 15 + 50 * 9 - 100 * 10 - 100 * 12, and 50 (9 - 8); no loss.
        ("flat_to_flat", "fifo", [500, 50], 1.0, np.inf),
        ("flat_to_flat", "average", [500, 50], 1.0, np.inf),
        # Last in, first out: 100 (15 - 12) + 50 (15 - 10), 50 (9 - 10), 50 (9 - 8); 600 / 50.
        ("per_close", "lifo", [550, -50, 50], 2 / 3, 600 / 50),
        ("per_lot", "hifo", [300, 250, -50, 50], 3 / 4, 600 / 50),
    ],
)
def test_five_fills_give_each_librarys_numbers_by_its_rule(rule, matching, profits, win_rate, factor):
    found = trips_of(FIVE, rule=rule, matching=matching)
    numbers = found.statistics()
    assert found.trips["net"].tolist() == profits
    assert sum(profits) == 550
    assert found.open.empty
    assert numbers["win_rate"] == pytest.approx(win_rate)
    assert numbers["profit_factor"] == pytest.approx(factor)
    assert f'rule="{rule}"' in found.summary()
    assert f'matching="{matching}"' in found.summary()


def test_the_profit_factor_of_returns_is_that_of_backtesting_py():
    # Per lot: 500 / 1000, 150 / 600, -150 / 600, 50 / 450; (1/2 + 1/4 + 1/9) / (1/4) = 3.44.
    found = trips_of(FIVE, rule="per_lot")
    assert found.trips["return"].tolist() == pytest.approx([0.5, 0.25, -0.25, 1 / 9])
    assert found.statistics()["profit_factor_of_returns"] == pytest.approx(31 / 9)
    assert found.statistics()["profit_factor_of_returns"] == pytest.approx(metrics.omega_ratio(found.trips["return"]))


def test_a_position_is_open_until_the_fill_that_leaves_nothing():
    # Without the last fill: 50 short at 9, marked at 7 on the last bar.
    prices = closes(10, 12, 15, 9, 9, 7)
    found = trips_of(FIVE[:4], prices=prices)
    assert found.trips["net"].tolist() == [500]
    assert found.open[["side", "units", "entry_price", "last_price", "gross", "mfe"]].values.tolist() == [
        ["short", 50, 9, 7, 100, 100]
    ]
    # 150 sold of 200: flat to flat the open trip has what was closed, 650, and 50 (9 - 12) that are not.
    half = trips_of(FIVE[:3], prices=closes(10, 12, 15, 9))
    assert half.trips.empty
    assert half.open["gross"].tolist() == [650 - 150]
    assert trips_of(FIVE[:3], rule="per_close", prices=closes(10, 12, 15, 9)).open["gross"].tolist() == [-150]


# --- what a trip is made of


def test_prices_units_times_and_costs_of_a_trip():
    found = trips_of(FIVE, commission=[10.0, 20.0, 15.0, 10.0, 5.0]).trips
    # Entry (100 * 10 + 100 * 12) / 200, exit (150 * 15 + 50 * 9) / 200; half of the fourth fill closes.
    assert found[["units", "entry_price", "exit_price", "gross", "costs", "net"]].values.tolist() == [
        [200, 11, 13.5, 500, 10 + 20 + 15 + 5, 450],
        [50, 9, 8, 50, 5 + 5, 40],
    ]
    assert found["side"].tolist() == ["long", "short"]
    assert found["opened"].tolist() == [DAYS[0], DAYS[3]]
    assert found["closed"].tolist() == [DAYS[3], DAYS[4]]
    assert found["holding"].tolist() == [DAYS[3] - DAYS[0], DAYS[4] - DAYS[3]]
    assert found["bars"].tolist() == [3, 1]
    assert found["return"].tolist() == pytest.approx([450 / 2200, 40 / 450])
    lots = trips_of(FIVE, rule="per_lot", commission=[10.0, 20.0, 15.0, 10.0, 5.0]).trips
    # Of 20 for the second lot half goes with each of its two parts; of 15 two thirds close the first lot.
    assert lots["costs"].tolist() == pytest.approx([10 + 10, 10 + 5, 10 + 5, 5 + 5])


def test_costs_turn_a_winner_into_a_loser_and_a_rebate_is_a_gain():
    assert trips_of([(10, 10.0), (-10, 10.1)], commission=[1.0, 1.0]).statistics()["losers"] == 1
    assert trips_of([(10, 10.0), (-10, 10.0)], commission=[-0.5, -0.5]).trips["net"].tolist() == [1.0]


def test_when_a_trip_began_depends_on_the_rule():
    rows = [(100, 10.0), (100, 12.0), (-100, 15.0), (-100, 9.0)]
    assert trips_of(rows, rule="per_close").trips["opened"].tolist() == [DAYS[0], DAYS[1]]
    assert trips_of(rows, rule="flat_to_reduced").trips["opened"].tolist() == [DAYS[0], DAYS[0]]


def test_partial_fills_at_one_time_are_not_merged():
    # pyfolio merges them at 15 and reports 500.
    found = trips_of([(100, 10.0), (100, 20.0), (-100, 20.0)], rule="per_close", bars=[0, 0, 0])
    assert found.trips["net"].tolist() == [1000]
    assert found.open["entry_price"].tolist() == [20]


def test_fractions_of_units():
    assert trips_of([(1.5, 10.0), (-1.5, 20.0)]).trips["net"].tolist() == [15]
    assert trips_of([(0.1, 10.0), (0.2, 10.0), (-0.3, 20.0)]).trips["net"].tolist() == pytest.approx([3.0])


def test_a_split_between_changes_units_and_prices_but_no_profit():
    actions = pd.DataFrame({"symbol": ["A"], "date": [DAYS[2]], "kind": ["split"], "value": [0.5]})
    # Two for one on bar 2: 10 at 100 are 20 at 50. Closes 100, 90, 48, 60: worst 10 * -10.
    found = trips_of([(10, 100.0), (-20, 60.0)], bars=[0, 3], prices=closes(100, 90, 48, 60), actions=actions).trips
    assert found[["units", "entry_price", "exit_price", "net", "mae", "mfe"]].values.tolist() == [
        [20, 50, 60, 200, 100, 200]
    ]
    # A closing on either side of the split: units are those of the end.
    both = trips_of(
        [(10, 100.0), (-5, 110.0), (-10, 60.0)], bars=[0, 1, 3], prices=closes(100, 110, 55, 60), actions=actions
    ).trips
    assert both[["units", "entry_price", "net"]].values.tolist() == [[20, 50, 50 + 100]]
    assert both["exit_price"].tolist() == [(10 * 55 + 10 * 60) / 20]


@pytest.mark.parametrize("matching", ["fifo", "average"])
def test_dividends_belong_to_the_units_that_were_held(matching):
    actions = pd.DataFrame({"symbol": ["A"] * 2, "date": DAYS[[1, 3]], "kind": ["cash_dividend"] * 2, "value": [1, 2]})
    rows, prices = [(10, 100.0), (10, 100.0), (-5, 100.0), (-15, 100.0)], closes(100)
    options = {"bars": [0, 2, 2, 4], "prices": prices, "actions": actions, "matching": matching}
    # 10 held on bar 1, 15 on bar 3: 10 and 30. Average cost: 5 of 20 units leave with a quarter of the 10.
    assert trips_of(rows, **options).trips["dividends"].tolist() == [40]
    apart = trips_of(rows, rule="per_close", **options).trips
    assert apart["dividends"].tolist() == ([5, 35] if matching == "fifo" else [2.5, 37.5])
    short = trips_of([(-10, 100.0), (10, 100.0)], bars=[0, 4], prices=prices, actions=actions)
    assert short.trips["net"].tolist() == [-30]
    assert short.statistics()["dividends"] == -30


def test_excursions_run_from_entry_to_exit_by_closes():
    # Bought at 10, closes 9 and 13, sold at 11 on a bar that closes at 5: what came after the exit does not count.
    found = trips_of([(100, 10.0), (-100, 11.0)], bars=[0, 3], prices=closes(10, 9, 13, 5)).trips
    assert found[["mae", "mfe"]].values.tolist() == [[100, 300]]
    short = trips_of([(-100, 10.0), (100, 11.0)], bars=[0, 3], prices=closes(10, 9, 13, 5)).trips
    assert short[["mae", "mfe"]].values.tolist() == [[300, 100]]
    # The entry's own bar counts by its close, which is after the entry; entry and exit prices count.
    assert trips_of([(100, 10.0), (-100, 8.0)], prices=closes(12)).trips[["mae", "mfe"]].values.tolist() == [[200, 200]]


def test_excursions_by_highs_and_lows_of_bars_without_a_fill():
    close = closes(10, 10, 10, 10)
    high, low = close + 1.0, close - 2.0
    low.iloc[0], high.iloc[3] = 1.0, 99.0  # before the entry or after the exit, for all that is known
    found = trips_of([(100, 10.0), (-100, 10.0)], bars=[0, 3], prices=close, options={"high": high, "low": low})
    assert found.trips[["mae", "mfe"]].values.tolist() == [[200, 100]]
    with pytest.warns(ConventionWarning, match=r"between low and high, got 12 closes outside, the first at 2024-03-04"):
        trips_of(FIVE, prices=closes(10), options={"high": closes(9), "low": closes(8)})
    assert found.marks == "highs and lows"
    assert "highs and lows" in found.conventions()
    assert trips_of([(100, 10.0), (-100, 10.0)], bars=[0, 3], prices=close).marks == "closes"


def test_excursions_at_average_cost_are_a_share_of_those_of_the_pool():
    # 100 at 10, close 9 (-100); 100 more at 12, average 11. Bar 1 closes at 14: +600. Half is sold at 15: half of each.
    rows, bars, prices = [(100, 10.0), (100, 12.0), (-100, 15.0), (-100, 11.0)], [0, 1, 2, 4], closes(9, 14, 15, 8, 11)
    found = trips_of(rows, rule="per_close", matching="average", bars=bars, prices=prices).trips
    # Then 100 at 11 fall to 8: -300. What they had shown before is half of +800 at 15, and of -100.
    assert found[["net", "mae", "mfe"]].values.tolist() == [[400, 50, 400], [0, 300, 400]]


def test_r_multiples_need_an_initial_risk():
    given = trips_of([(10, 100.0), (-10, 110.0)], options={"risk": {"A": 5.0}})
    assert given.trips["r_multiple"].tolist() == [2.0]
    assert given.statistics()["expectancy_r"] == 2.0
    assert "the given risk of each asset" in given.conventions()
    assert trips_of(FIVE, options={"risk": pd.Series({"A": 2.0})}).trips["r_multiple"].tolist() == [500 / 400, 50 / 100]
    own = trips_of([(10, 100.0), (10, 100.0), (-20, 110.0)], risk=[5.0, 20.0, np.nan])
    assert own.trips["r_multiple"].tolist() == [200 / 250]
    assert "column 'risk'" in own.conventions()
    none = trips_of([(10, 100.0), (-10, 110.0)])
    assert np.isnan(none.trips["r_multiple"]).all()
    assert "No initial risk was given" in none.conventions()


def test_futures_and_currencies_are_in_base_money():
    fills = fills_of([(2, 100.0), (-2, 103.0)], currency="EUR")
    rates = pd.DataFrame({"EUR": np.linspace(1.0, 1.11, len(DAYS))}, index=DAYS)
    ledger = Ledger.from_fills(
        fills, prices=closes(100, 103), base_currency="USD", rates=rates, multipliers={"A": 50.0}
    )
    found = ledger.round_trips(rule="flat_to_flat")
    # 3 points of 50 for 2 contracts at 1.01 dollars for the euro.
    assert found.trips["net"].tolist() == pytest.approx([300 * 1.01])
    assert found.trips["return"].tolist() == pytest.approx([0.03])
    assert found.base_currency == "USD"


# --- refusals


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "fifo"}, r"rule must be"),
        ({"high": closes(11)}, "high and low must be given together, got no low"),
        ({"high": closes(9), "low": closes(11)}, "high must not be below low"),
        ({"high": closes(9).iloc[1:], "low": closes(8)}, "high"),
        ({"risk": {"B": 1.0}}, "risk must name assets that were traded, got 'B'"),
        ({"risk": {"A": -1.0}}, r"risk\['A'\] must be"),
        ({"risk": 2.0}, "risk must be a mapping"),
    ],
)
def test_what_is_refused(options, message):
    rule = options.pop("rule", "per_lot")
    with pytest.raises(InvalidInputError, match=message):
        trips_of(FIVE, rule=rule, options=options)


def test_risks_of_fills_that_cannot_be_are_refused():
    with pytest.raises(InvalidInputError, match=r"fills\['risk'\] must be positive.* on row 1"):
        trips_of(FIVE, risk=[1.0, -1.0, 1.0, 1.0, 1.0])
    with pytest.raises(InvalidInputError, match="must be given by asset with matching"):
        trips_of(FIVE, risk=1.0, matching="average")
    with pytest.raises(InvalidInputError, match="must be numbers"):
        trips_of(FIVE, risk="tight")


# --- spin-offs and changes of symbol


@pytest.mark.parametrize("matching", ["fifo", "average"])
@pytest.mark.parametrize("rule", RULES)
def test_a_change_of_symbol_goes_on_with_the_trip(matching, rule):
    # 10 at 100, a dividend of 1, worst close 80, then B, a dividend of 2, sold at 130.
    actions = pd.DataFrame(
        {
            "symbol": ["A", "A", "B"],
            "date": DAYS[[1, 3, 4]],
            "kind": ["cash_dividend", "symbol_change", "cash_dividend"],
            "value": [1.0, np.nan, 2.0],
            "new_symbol": [None, "B", None],
        }
    )
    prices = pd.DataFrame({"A": [100.0, 80, 110] + [np.nan] * 9, "B": [np.nan] * 3 + [120.0] * 9}, index=DAYS)
    fills = fills_of([(10, 100.0), (-10, 130.0)], bars=[0, 5]).assign(asset=["A", "B"])
    found = trips_of(fills, prices=prices, actions=actions, rule=rule, matching=matching).trips
    assert found[["asset", "opened", "gross", "dividends", "mae", "mfe"]].values.tolist() == [
        ["B", DAYS[0], 300, 30, 200, 300]
    ]


@pytest.mark.parametrize("matching", ["fifo", "average"])
@pytest.mark.parametrize("rule", RULES)
def test_a_spin_off_moves_its_share_of_the_cost(matching, rule):
    # 10 at 100; on bar 2 one B for each A takes 20 % of the cost. A is worth 70 of 80 left, B 25 of 20.
    actions = pd.DataFrame(
        {
            "symbol": ["A"], "date": [DAYS[2]], "kind": ["spin_off"], "value": [1.0], "new_symbol": ["B"],
            "basis": [0.2],
        }
    )  # fmt: skip
    prices = pd.DataFrame({"A": [100.0, 100] + [70.0] * 10, "B": [np.nan] * 2 + [25.0] * 10}, index=DAYS)
    fills = fills_of([(10, 100.0), (-10, 75.0), (-10, 30.0)], bars=[0, 4, 5]).assign(asset=["A", "A", "B"])
    found = trips_of(fills, prices=prices, actions=actions, rule=rule, matching=matching).trips
    assert found[["asset", "entry_price", "net", "mae", "mfe"]].values.tolist() == [
        ["A", 80, -50, 100, 0],
        ["B", 20, 100, 0, 100],
    ]
