"""Statistics of round trips: by hand, by group, and where there are no winners, no losers or no trips."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy.stats import binomtest

from riskresearch.core import InvalidInputError
from riskresearch.posttrade import Ledger
from tests.posttrade.test_round_trips import closes, trips_of
from tests.posttrade.trip_cases import DAYS, FIVE, fills_of


def day_trades(*profits, **columns):
    """Return the trips of one unit bought at 100 on each bar and sold with a profit."""
    rows = [each for profit in profits for each in ((1, 100.0), (-1, 100.0 + profit))]
    return trips_of(
        rows, bars=[bar for bar in range(len(profits)) for _ in "io"], prices=closes(100), **columns
    )  # fmt: skip


def test_statistics_by_hand():
    found = day_trades(10, 20, -5, 0, -15, -10, 30).statistics(confidence=0.9)
    assert found["trips"] == 7
    assert found["winners"] == 3
    assert found["losers"] == 3
    assert found["win_rate"] == pytest.approx(3 / 7)  # the one without a profit is no winner, but a trip
    assert found["net"] == 30
    assert found["expectancy"] == pytest.approx(30 / 7)
    assert found["profit_factor"] == found["profit_factor_of_returns"] == pytest.approx(60 / 30)
    assert found["average_win"] == 20
    assert found["average_loss"] == 10
    assert found["payoff"] == 2
    # +, +, -, 0, -, -, +: the trip without profit ends the streak of losses.
    assert found["longest_winning_streak"] == 2
    assert found["longest_losing_streak"] == 2
    assert found["average_bars"] == 0
    exact = binomtest(3, 7).proportion_ci(0.9, method="exact")
    assert [found["win_rate_lower"], found["win_rate_upper"]] == pytest.approx([exact.low, exact.high], rel=1e-9)


def test_all_winners_and_all_losers():
    won = day_trades(1, 2).statistics()
    assert won["profit_factor"] == won["profit_factor_of_returns"] == np.inf
    assert np.isnan(won["average_loss"])
    assert np.isnan(won["payoff"])
    assert won["win_rate_upper"] == 1.0
    assert won["longest_losing_streak"] == 0
    lost = day_trades(-1, -2).statistics()
    assert lost["profit_factor"] == lost["win_rate"] == lost["win_rate_lower"] == 0.0
    assert np.isnan(lost["average_win"])
    assert np.isnan(lost["payoff"])
    neither = day_trades(0, 0).statistics()
    assert neither["win_rate"] == 0.0
    assert np.isnan(neither["profit_factor"])


def test_a_profit_that_is_rounding_is_none():
    # 0.1 + 0.2 - 0.3 units: 3 * 0.1 bought at 0.1 + 0.2 and sold at 0.3.
    found = trips_of([(0.3, 0.1 + 0.2), (-0.3, 0.3)], rule="per_lot")
    assert found.trips["net"].tolist() == [0.0]
    assert found.statistics()["losers"] == 0


@pytest.mark.parametrize("rows", [[], [(10, 100.0)]])
def test_no_closed_trip_at_all(rows):
    found = trips_of(fills_of(rows), prices=closes(100))
    numbers = found.statistics()
    assert numbers["trips"] == 0
    assert numbers["net"] == 0.0
    assert len(found.open) == len(rows)
    assert all(np.isnan(numbers[name]) for name in ("win_rate", "win_rate_lower", "profit_factor", "expectancy"))
    assert "open trips" in found.summary()
    assert found.by("asset").empty
    assert found._repr_html_()
    assert list(found.trips.columns) == list(trips_of(FIVE).trips.columns)
    with pytest.raises(InvalidInputError, match="at least one closed trip, got none"):
        found.plot()


def test_one_trip_and_a_trip_of_no_length():
    found = day_trades(1)
    assert found.statistics()["trips"] == 1
    assert found.trips["holding"].tolist() == [pd.Timedelta(0)]
    assert repr(found) == "RoundTrips(1 closed trip, 0 open, flat_to_flat, fifo)"


# --- groups


def test_groups_by_side_asset_account_and_columns_of_fills():
    fills = pd.concat(
        [
            fills_of(FIVE, account="one", strategy=["x", "y", "x", "z", "z"]),
            fills_of(FIVE, account="two", strategy="w").assign(units=lambda table: -table["units"], asset="B"),
        ]
    )
    prices = closes(10, 12, 15, 9, 8).assign(B=closes(10, 12, 15, 9, 8)["A"])
    found = Ledger.from_fills(fills, prices=prices).round_trips(rule="flat_to_flat")
    assert found.by("side")["net"].to_dict() == {"long": 500 - 50, "short": 50 - 500}
    assert found.by("asset")["net"].to_dict() == {"A": 550, "B": -550}
    assert found.by("account")["winners"].to_dict() == {"one": 2, "two": 0}
    assert found.by("strategy")["net"].to_dict() == {"w": -550, "x": 500, "z": 50}  # that of the first fill counts
    assert found.by("account", confidence=0.5).loc["one", "win_rate_lower"] > 0.1
    assert sum(found.by("asset")["trips"]) == len(found.trips)


def test_a_column_without_a_value_is_a_group_of_its_own():
    found = day_trades(1, 2, strategy=["x", "x", None, None]).by("strategy")
    assert found["net"].tolist() == [1.0, 2.0]
    assert pd.isna(found.index[1])


def test_hours_are_those_of_the_datas_own_clock():
    times = pd.to_datetime(["2024-03-04 09:45", "2024-03-04 10:15", "2024-03-05 15:30", "2024-03-05 15:45"])
    bars = pd.date_range("2024-03-04 09:30", "2024-03-05 16:00", freq="15min", tz="America/New_York")
    prices = pd.DataFrame({"A": 100.0}, index=bars)
    fills = pd.DataFrame({"asset": "A", "units": [1, -1, 1, -1], "price": [100.0, 101.0, 100.0, 99.0]})
    local = fills.assign(time=times.tz_localize("America/New_York"))
    found = Ledger.from_fills(local, prices=prices).round_trips(rule="flat_to_flat")
    assert found.by("hour")["net"].to_dict() == {9: 1.0, 15: -1.0}
    assert found.by("weekday")["net"].to_dict() == {"Monday": 1.0, "Tuesday": -1.0}
    utc = Ledger.from_fills(local.assign(time=local["time"].dt.tz_convert("UTC")), prices=prices)
    assert utc.round_trips(rule="flat_to_flat").by("hour").index.tolist() == [14, 20]


def test_keys_that_are_refused():
    found = day_trades(1)
    with pytest.raises(InvalidInputError, match=r"key must be a column of the trips .* got 'asets'"):
        found.by("asets")
    with pytest.raises(InvalidInputError, match=r"key must be a column of the trips .* got 'net'"):
        found.by("net")
    with pytest.raises(InvalidInputError, match="key must be a column of names or numbers, got 'tag' with"):
        day_trades(1, tag=[[1], [2]]).by("tag")
    with pytest.raises(InvalidInputError, match="without a time of day, got midnight for all"):
        found.by("hour")
    assert found.by("weekday").index.tolist() == ["Monday"]
    assert found.by("year").index.tolist() == [2024]
    with pytest.raises(InvalidInputError, match="confidence must be in"):
        found.statistics(confidence=95)


def test_prices_without_dates():
    prices = pd.DataFrame({"A": [10.0, 12.0, 15.0, 9.0, 8.0]})
    fills = fills_of(FIVE).assign(time=range(5))
    found = Ledger.from_fills(fills, prices=prices).round_trips(rule="flat_to_flat")
    assert found.trips["holding"].tolist() == [3, 1]
    with pytest.raises(InvalidInputError, match="key must not be 'weekday' for trips without dates"):
        found.by("weekday")


# --- marks that are missing, and figures


def test_a_trip_across_missing_prices_counts_the_bars():
    prices = closes(100, 90, 100, 100)
    prices.iloc[1:3] = np.nan
    found = trips_of([(10, 100.0), (-10, 110.0)], bars=[0, 3], prices=prices)
    assert found.trips["mae"].tolist() == [0.0]
    assert found.unpriced == 2
    assert "2 bars without a price left out" in found.conventions()


def test_a_delisting_closes_a_trip_on_its_day():
    actions = pd.DataFrame({"symbol": ["A"], "date": [DAYS[2]], "kind": ["delisting"], "value": [40.0]})
    found = trips_of([(10, 100.0)], prices=closes(100), actions=actions, strategy="x")
    assert found.trips[["closed", "net", "strategy"]].values.tolist() == [[DAYS[2], -600.0, "x"]]


def test_figures_show_profits_and_excursions():
    found = trips_of([(100, 10.0), (-100, 11.0), (100, 11.0), (-100, 9.0)], prices=closes(10, 9, 13, 5))
    ax = found.plot(ax=Figure().add_subplot())
    assert sum(int(bar.get_height()) for bar in ax.patches) == 2
    ax = found.plot("excursions", ax=Figure().add_subplot())
    points = np.concatenate([each.get_offsets() for each in ax.collections])
    assert points.tolist() == found.trips[["mae", "net"]].to_numpy().tolist()
    with pytest.raises(InvalidInputError, match="kind must be"):
        found.plot("profit")
