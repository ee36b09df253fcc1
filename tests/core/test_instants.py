"""Rows are the same rows where their instants are: zones, the hour that comes twice, and dates without a zone."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel
from tests.examples import examples

ZONES = ["America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
NIGHTS = ["2024-11-03", "2024-10-27", "2024-04-06", "2024-03-10", "2024-03-31", "2024-10-05"]
NAIVE_AND_ZONED = "must have a zone on its dates where"


def hours(night, rows=30):
    """Hours around a night on which a clock is set, in UTC."""
    return pd.date_range(night, periods=rows, freq="h", tz="UTC")


def numbers(rows=30, seed=1):
    return np.random.default_rng(seed).normal(0.0, 0.01, rows)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", NIGHTS)
def test_hours_of_every_zone_are_in_order_and_have_instants_and_clocks(zone, night):
    index = hours(night).tz_convert(zone)
    panel = as_panel(pd.Series(numbers(), index=index))
    assert np.array_equal(panel.instants, hours(night).tz_localize(None).to_numpy())
    assert np.array_equal(panel.dates, index.tz_localize(None).to_numpy())
    polar = as_panel(pl.DataFrame({"time": pl.Series(hours(night).tz_localize(None)).dt.replace_time_zone("UTC")
                                   .dt.convert_time_zone(zone), "a": numbers()}))  # fmt: skip
    assert np.array_equal(polar.instants.astype("datetime64[us]"), panel.instants.astype("datetime64[us]"))
    assert np.array_equal(polar.dates.astype("datetime64[us]"), panel.dates.astype("datetime64[us]"))
    assert panel.labels.zoned
    assert polar.labels.zoned


def test_dates_without_a_zone_are_their_own_instants():
    for data in (
        pd.Series(numbers(), index=hours("2024-11-03").tz_localize(None)),
        pd.Series(numbers(), index=pd.period_range("2024-01-01", periods=30, freq="D")),
        pl.DataFrame({"time": hours("2024-11-03").tz_localize(None).to_numpy(), "a": numbers()}),
        pl.DataFrame({"time": list(pd.date_range("2024-01-01", periods=30).date), "a": numbers()}),
    ):
        panel = as_panel(data)
        assert not panel.labels.zoned
        assert np.array_equal(panel.instants, panel.dates)


def test_a_clock_that_goes_back_is_refused_with_a_zone_and_without():
    index = hours("2024-11-03").tz_convert("America/New_York")
    with pytest.raises(InvalidInputError, match="returns must have one row for each date"):
        as_panel(pd.Series(numbers(), index=index.tz_localize(None)))
    with pytest.raises(InvalidInputError, match="returns must be in the order of its dates"):
        as_panel(pd.Series(numbers(), index=index[::-1]))


def beta(returns, benchmark):
    return riskresearch.metrics.beta(returns, benchmark)


def sharpe_with_rates(returns, rates):
    return riskresearch.sharpe_ratio(returns, risk_free=rates * 1e-4, periods_per_year=1)


def simulated(weights, prices):
    return float(riskresearch.simulate(weights.abs() * 10.0, 100.0 + prices.cumsum()).equity.iloc[-1])


TOGETHER = [beta, sharpe_with_rates, simulated]


@pytest.mark.parametrize("function", TOGETHER)
@given(zone=st.sampled_from(ZONES), other=st.sampled_from(ZONES), night=st.sampled_from(NIGHTS))
@examples(10)
def test_the_same_instants_in_two_zones_are_the_same_rows(function, zone, other, night):
    index = hours(night)
    first, second = pd.Series(numbers(), index=index), pd.Series(numbers(seed=2), index=index)
    assert function(first.tz_convert(zone), second.tz_convert(other)) == function(first, second)


def clocks(days):
    """The same days with the zone of New York, that of UTC, and none."""
    return days.tz_localize("America/New_York"), days.tz_localize("UTC"), days


@pytest.mark.parametrize("function", TOGETHER)
def test_the_same_clock_in_two_zones_is_not_the_same_hours(function):
    new_york, utc, _ = clocks(hours("2024-01-01").tz_localize(None))
    with pytest.raises(InvalidInputError, match="show the same clock in different zones: pass both"):
        function(pd.Series(numbers(), index=new_york), pd.Series(numbers(seed=2), index=utc))


@pytest.mark.parametrize("function", TOGETHER)
@pytest.mark.parametrize("zoned_first", [True, False])
def test_a_zone_on_one_of_two_is_refused_for_hours(function, zoned_first):
    zoned, _, plain = clocks(hours("2024-01-01").tz_localize(None))
    both = (zoned, plain) if zoned_first else (plain, zoned)
    with pytest.raises(InvalidInputError, match=NAIVE_AND_ZONED):
        function(*(pd.Series(numbers(seed=seed), index=index) for seed, index in zip((1, 2), both, strict=True)))


@pytest.mark.parametrize("function", [beta, sharpe_with_rates])
@pytest.mark.parametrize("places", [(0, 1), (0, 2), (2, 0)])
def test_days_of_each_clock_are_the_same_rows(function, places):
    """A session is a day, whatever the zone of its stamps: one row a day on each side has one reading."""
    found = clocks(pd.bdate_range("2024-01-01", periods=30))
    first, second = (pd.Series(numbers(seed=place), index=found[at]) for place, at in enumerate(places, start=1))
    plain = [side.tz_localize(None) for side in (first, second)]
    assert function(first, second) == function(*plain)


def test_weights_and_prices_of_other_clocks_are_refused():
    new_york, utc, plain = clocks(pd.date_range("2024-01-01", periods=30))
    with pytest.raises(InvalidInputError, match="show the same clock in different zones: pass both"):
        simulated(pd.Series(numbers(), index=new_york), pd.Series(numbers(seed=2), index=utc))
    with pytest.raises(InvalidInputError, match=NAIVE_AND_ZONED):
        simulated(pd.Series(numbers(), index=new_york), pd.Series(numbers(seed=2), index=plain))


def test_missing_dates_are_named_as_their_clock_shows_them():
    index = pd.date_range("2024-01-01", periods=30).tz_localize("Asia/Tokyo")
    returns = pd.Series(numbers(), index=index)
    with pytest.raises(InvalidInputError, match="but 2024-01-05 is in returns only"):
        beta(returns, returns.drop(index[4]).reindex(index[:4].append(index[5:])))


@pytest.mark.parametrize("zone", [None, *ZONES])
def test_factors_of_a_portfolio_and_of_stress_pair_by_instants(zone):
    days = pd.bdate_range("2020-01-01", "2020-06-30", tz=zone)
    returns = pd.DataFrame({"a": numbers(len(days)), "b": numbers(len(days), 2)}, index=days)
    factors = pd.DataFrame({"f": numbers(len(days), 3)}, index=days)
    plain = riskresearch.portfolio.historical_stress(
        returns, weights=[0.5, 0.5], factors=factors, episodes=["2020 pandemic"]
    )
    moved = factors if zone is None else factors.tz_convert("UTC")
    assert riskresearch.portfolio.historical_stress(
        returns, weights=[0.5, 0.5], factors=moved, episodes=["2020 pandemic"]
    ).sources == plain.sources  # fmt: skip
    if zone is not None:
        with pytest.raises(InvalidInputError, match=NAIVE_AND_ZONED):
            riskresearch.PortfolioRiskMetrics(returns, [0.5, 0.5], factors=factors.tz_localize(None))
        same, other = (
            riskresearch.PortfolioRiskMetrics(returns, [0.5, 0.5], factors=given).to_frame()
            for given in (factors, moved)
        )
        assert same.equals(other)


def split(zone, when, kind="datetime64"):
    dates = pd.Series([when])
    dates = dates.astype(object) if kind == "object" else dates
    actions = pd.DataFrame({"symbol": ["a"], "date": dates, "kind": ["split"], "value": [0.5]})
    index = pd.date_range("2024-11-01 10:00", periods=80, freq="h", tz=zone)
    prices = pd.DataFrame({"a": np.where(np.arange(80) < 40, 100.0, 50.0)}, index=index)
    return riskresearch.simulate(prices * 0.0 + 1.0, prices, corporate_actions=actions)


@pytest.mark.filterwarnings("ignore:corporate_actions has a split:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["datetime64", "object"])
def test_events_with_a_zone_fall_on_instants_and_days_on_the_own_clock(zone, kind):
    index = pd.date_range("2024-11-01 10:00", periods=80, freq="h", tz=zone)
    for other in ("UTC", "Asia/Tokyo", zone):
        units = split(zone, index[40].tz_convert(other), kind).units["a"]
        assert units.iloc[39] < units.iloc[40] == pytest.approx(2.0 * units.iloc[39])
    midnight = pd.Timestamp("2024-11-03")
    day = split(zone, midnight, kind).units["a"]
    first = int((index < midnight.tz_localize(zone)).sum())
    assert day.iloc[first - 1] < day.iloc[first] == pytest.approx(2.0 * day.iloc[first - 1])
    with pytest.raises(InvalidInputError, match="corporate_actions must have dates without a zone"):
        split(None, index[40], kind)


def test_an_index_of_objects_of_several_zones_is_refused_with_a_remedy_that_works():
    index = hours("2024-11-03", 4).tz_convert("America/New_York")
    mixed = pd.Index([*index[:2], *index[2:].tz_convert("UTC")], dtype=object)
    returns = pd.Series(numbers(4), index=mixed)
    with pytest.raises(InvalidInputError, match=r"returns\.index = pd\.to_datetime\(returns\.index, utc=True\)"):
        as_panel(returns)
    returns.index = pd.to_datetime(returns.index, utc=True)
    assert as_panel(returns).labels.zoned
