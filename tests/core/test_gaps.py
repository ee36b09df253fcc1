"""Holes in the dates: counted by the calendar that the dates show, with a warning at every door, never for holidays."""

import sys
import types
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.backtest import sweep_breakers
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import ConventionWarning, InvalidInputError, OptionalDependencyError, find_gaps
from tests.examples import examples

WEEKDAYS = pd.bdate_range("2020-01-01", periods=560)
HOLED = WEEKDAYS.delete(range(200, 260))  # 60 sessions, of which the first is 2020-10-07
ISRAEL = "Sun Mon Tue Wed Thu"


def returns_on(dates, columns=None):
    rng = np.random.default_rng(0)
    if columns is None:
        return pd.Series(rng.normal(0.0, 0.01, len(dates)), index=dates)
    return pd.DataFrame(rng.normal(0.0, 0.01, (len(dates), columns)), index=dates)


def is_silent(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        riskresearch.value_at_risk(data)
    return True


def test_sixty_missing_sessions_are_counted_with_the_move_over_them():
    returns = returns_on(HOLED)
    returns.iloc[200] = 0.13
    gaps = find_gaps(returns)
    assert (gaps.missing, gaps.moves, gaps.expected, gaps.unit) == ((60,), (0.13,), 560, "session")
    assert gaps.before == (np.datetime64("2020-10-06"),)
    assert gaps.after == (np.datetime64("2020-12-30"),)
    assert (gaps.total, gaps.longest, gaps.largest, gaps.extraordinary) == (60, 0, 0, True)
    assert gaps.calendar == "Monday to Friday, read off the dates"
    assert gaps.summary() == (
        "60 of 560 sessions without a row, in 1 gap; the longest from 2020-10-06 to 2020-12-30 (60 sessions); the "
        "largest move over one 13.00% on 2020-12-30.\n"
        "before           after  sessions missing    move\n2020-10-06  2020-12-30                60  13.00%\n"
        "Calendar: Monday to Friday, read off the dates."
    )
    assert repr(gaps) == "Gaps(60 of 560 sessions in 1 gap)"
    assert "13.00%" in gaps._repr_html_()
    assert gaps.to_frame().to_dict("list") == {
        "before": [pd.Timestamp("2020-10-06")], "after": [pd.Timestamp("2020-12-30")], "missing": [60], "move": [0.13],
    }  # fmt: skip


def test_the_warning_shows_what_is_missing_and_the_move_that_took_weeks():
    returns = returns_on(HOLED)
    returns.iloc[200] = 0.13
    text = (
        r"^returns has gaps in its dates: 60 of 560 sessions \(Monday to Friday\) are missing in one gap, from "
        r"2020-10-06 to 2020-12-30 \(60 sessions\)\. The largest move over a gap is 13\.00% on 2020-12-30: it "
        r"counts as one row and took 61 sessions\. Complete the data, or measure the parts apart; "
        r"riskresearch\.core\.find_gaps lists the gaps\.$"
    )
    with pytest.warns(ConventionWarning, match=text) as caught:
        riskresearch.value_at_risk(returns)
    assert [warning.filename for warning in caught] == [__file__]


def test_every_door_of_returns_and_prices_warns_once():
    returns = returns_on(HOLED, 3).set_axis(["a", "b", "c"], axis=1)
    prices = 100.0 * (1.0 + returns).cumprod()
    one, thirds = returns["a"], [1 / 3] * 3

    def constant(share):
        return lambda rows: rows * 0.0 + share

    doors = [
        lambda: riskresearch.sharpe_ratio(returns),
        lambda: riskresearch.max_drawdown(one),
        lambda: riskresearch.summary(returns, one),
        lambda: riskresearch.rolling(returns, "volatility", window=20),
        lambda: riskresearch.RiskMetricsCalculator(returns)["value_at_risk"],
        lambda: riskresearch.PortfolioRiskMetrics(returns, weights=thirds),
        lambda: riskresearch.risk_contributions(returns, weights=thirds),
        lambda: riskresearch.metrics.beta(returns, one),
        lambda: riskresearch.simple_returns(prices),
        lambda: riskresearch.historical_stress(returns, weights=thirds),
        lambda: riskresearch.VolatilityPositionSizer().weights(returns),
        lambda: riskresearch.backtest_breakers(one, DrawdownBreaker(0.1), rng=1, draws=20),
        lambda: riskresearch.backtest_breakers(None, DrawdownBreaker(0.1), prices=prices["a"], rng=1, draws=20),
        lambda: riskresearch.backtest_breakers(
            None, DrawdownBreaker(0.1), weights=prices * 0.0 + 1 / 3, prices=prices, rng=1, draws=20
        ),
        lambda: riskresearch.simulate(prices * 0.0 + 1 / 3, prices),
        lambda: riskresearch.sweep(prices, constant, {"share": [0.1, 0.2, 0.3]}, rng=1, interval=0.9),
        lambda: sweep_breakers(one, DrawdownBreaker, {"limit": [0.05, 0.1]}, rng=1, interval=0.9),
        lambda: riskresearch.report.build_report(returns),
    ]
    for door in doors:
        with pytest.warns(ConventionWarning) as caught:
            door()
        assert [str(each.message).partition(" has gaps")[0] for each in caught] in (["returns"], ["prices"])


def test_rows_without_any_value_are_missing_and_those_of_one_asset_are_not():
    returns = returns_on(WEEKDAYS, 2)
    returns.iloc[200:260, 0] = np.nan
    riskresearch.value_at_risk(returns, nan_policy="omit")
    returns.iloc[200:260, 1] = np.nan
    with pytest.warns(ConventionWarning, match=r"60 of 560 sessions .* from 2020-10-06 to 2020-12-30"):
        riskresearch.value_at_risk(returns, nan_policy="omit")
    assert find_gaps(returns).missing == (60,)


def test_rows_without_values_do_not_hide_the_calendar():
    returns = returns_on(WEEKDAYS)
    returns.iloc[1:-1:2] = np.nan  # every other day: by itself no calendar
    assert (find_gaps(returns).total, find_gaps(returns).calendar) == (279, "Monday to Friday, read off the dates")
    with pytest.warns(ConventionWarning, match="279 of 560 sessions"):
        riskresearch.value_at_risk(returns, nan_policy="omit")


def test_prices_move_from_the_last_one_before_the_gap():
    prices = pd.Series(100.0, index=HOLED)
    prices.iloc[200:] = 90.0
    assert find_gaps(prices, kind="prices").moves == pytest.approx([-0.1], rel=1e-12)
    whole = pd.Series(np.nan, index=WEEKDAYS).fillna(prices)
    assert find_gaps(whole, kind="prices").moves == pytest.approx([-0.1], rel=1e-12)


def test_leading_and_trailing_rows_without_values_are_no_gaps():
    returns = returns_on(WEEKDAYS)
    returns.iloc[:100] = returns.iloc[-100:] = np.nan
    riskresearch.value_at_risk(returns, nan_policy="omit")
    assert find_gaps(returns).total == 0


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_many_single_sessions_missing_warn(share):
    kept = WEEKDAYS[np.random.default_rng(3).random(560) >= share]
    if share:
        with pytest.warns(ConventionWarning, match=r"has gaps in its dates: 1\d\d of 5\d\d sessions"):
            riskresearch.value_at_risk(returns_on(kept))
    else:
        assert is_silent(returns_on(kept))


# What is missing, counted by hand.
@pytest.mark.parametrize(
    ("dates", "total", "unit"),
    [
        (pd.date_range("2000-01-31", periods=100, freq="ME").delete(range(40, 76)), 36, "month"),
        (pd.date_range("2000-01-31", periods=100, freq="BME").delete([50]), 1, "month"),
        (pd.date_range("2000-01-31", periods=40, freq="QE").delete([20, 30]), 2, "quarter"),
        (pd.date_range("2000-01-31", periods=20, freq="YE").delete([10, 11]), 2, "year"),
        (pd.date_range("2000-01-07", periods=100, freq="W-FRI").delete(range(40, 43)), 3, "week"),
        (pd.date_range("2020-01-01", periods=400).delete(range(100, 106)), 6, "day"),
        (pd.bdate_range("2020-01-01", periods=300, freq="C", weekmask=ISRAEL).delete(range(100, 114)), 14, "session"),
    ],
)
def test_each_spacing_has_its_own_holes(dates, total, unit):
    gaps = find_gaps(returns_on(dates))
    assert (gaps.total, gaps.unit) == (total, unit)
    with pytest.warns(ConventionWarning, match=rf"{total} of [\d,]+ {unit}s"):
        riskresearch.value_at_risk(returns_on(dates))


def test_a_few_days_of_each_year_warn():
    dates = pd.DatetimeIndex([day for year in range(2010, 2020) for day in pd.bdate_range(f"{year}-12-01", periods=10)])
    with pytest.warns(ConventionWarning, match=r"9 gaps, the longest from"):
        riskresearch.value_at_risk(returns_on(dates))


def holidays(dates, *closed):
    return dates.difference(pd.DatetimeIndex([day for first, last in closed for day in pd.date_range(first, last)]))


YEARS = pd.bdate_range("2018-01-01", "2021-12-31")
TOKYO = holidays(
    YEARS, ("2018-12-31", "2019-01-03"), ("2019-04-27", "2019-05-06"), ("2018-05-03", "2018-05-04"),
    ("2019-07-15", "2019-07-15"), ("2019-10-22", "2019-10-22"), ("2020-05-04", "2020-05-06"),
    ("2020-07-23", "2020-07-24"),
)  # fmt: skip
CHINA = holidays(
    YEARS, ("2018-02-15", "2018-02-21"), ("2018-10-01", "2018-10-07"), ("2019-02-04", "2019-02-10"),
    ("2019-10-01", "2019-10-07"), ("2020-01-24", "2020-02-02"), ("2020-10-01", "2020-10-08"),
    ("2021-02-11", "2021-02-17"), ("2021-10-01", "2021-10-07"),
)  # fmt: skip
NEW_YORK = holidays(
    pd.bdate_range("2001-01-02", "2002-12-31"), ("2001-09-11", "2001-09-14"), ("2001-12-25", "2001-12-25")
)
SHANGHAI = holidays(pd.bdate_range("1998-06-01", "2000-06-01"), ("1999-02-10", "1999-02-28"))
MIXED = pd.DatetimeIndex([f"2019-{month:02d}-{day:02d}" for month, day in zip(range(1, 13), [3, 25] * 6, strict=True)])


@pytest.mark.parametrize(
    "dates",
    [
        TOKYO,  # ten days in May 2019
        CHINA,  # with the ten days of 2020
        CHINA.union(pd.DatetimeIndex(["2018-02-11", "2018-02-24", "2020-01-19"])),  # with sessions at weekends
        NEW_YORK,  # four sessions in September 2001
        SHANGHAI,  # 13 sessions
        pd.bdate_range("2022-01-03", periods=300, freq="C", weekmask=ISRAEL),
        pd.bdate_range("2022-01-03", periods=300, freq="C", weekmask="Sun Mon Tue Wed Thu Fri"),  # foreign exchange
        pd.bdate_range("2022-01-03", periods=100, freq="C", weekmask="Mon Wed Fri"),
        pd.bdate_range("2012-01-07", periods=300, freq="C", weekmask="Sat Sun Mon Tue Wed").append(
            pd.bdate_range("2013-03-02", periods=300, freq="C", weekmask=ISRAEL)
        ),
        pd.date_range("2020-01-01", periods=400).delete([100, 200, 201]),
        pd.date_range("2020-01-31", periods=40, freq="ME"),
        pd.date_range("2020-01-31", periods=40, freq="BME"),
        pd.DatetimeIndex(["2023-11-30", "2023-12-29", "2024-01-31", "2024-03-01", "2024-03-28", "2024-04-30"]),
        MIXED,  # a fund with a value on some day of each month
        pd.date_range("2020-01-03", periods=60, freq="W-FRI").delete([5, 30]),
        pd.date_range("2020-01-03", periods=60, freq="2W-FRI"),
        pd.date_range("2020-01-03", periods=60, freq="QE"),
        pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-02-20", "2024-02-21", "2024-06-03", "2024-06-04"]),
        pd.date_range("2024-01-01", periods=24 * 60, freq="1h").delete(range(100, 140)),
        pd.date_range("2021-10-30 02:00", periods=72, freq="1h", tz="Europe/Paris"),
        WEEKDAYS.delete(range(200, 213)),  # 13 sessions
    ],
)
def test_holidays_closed_exchanges_and_odd_calendars_are_silent(dates):
    assert is_silent(returns_on(dates))
    for rows in (5, 20, 40):
        assert is_silent(returns_on(dates[:rows]))


@pytest.mark.parametrize("name", ["index_sp500", "btc_usd", "ff3_monthly"])
def test_bundled_data_are_silent(name):
    data = riskresearch.datasets.load(name)
    assert not find_gaps(data.select_dtypes("number").iloc[:, 0], kind="prices").extraordinary


@given(st.sets(st.integers(1, 298), max_size=40), st.sampled_from(["B", "D", "W-FRI", "ME", "QE"]))
@examples(60)
def test_what_was_left_out_is_what_is_missing(places, frequency):
    whole = pd.date_range("2000-01-03", periods=300, freq=frequency)
    gaps = find_gaps(returns_on(whole.delete(sorted(places))))
    assert gaps.total == len(places)
    assert gaps.expected == 300
    frame = gaps.to_frame()
    assert [whole.get_loc(after) - whole.get_loc(before) - 1 for before, after in frame.iloc[:, :2].to_numpy()] == list(
        gaps.missing
    )


@given(st.sets(st.integers(1, 498), min_size=0, max_size=120), st.booleans())
@examples(60)
def test_the_quick_look_at_the_dates_misses_nothing(places, every_day):
    dates = (pd.date_range if every_day else pd.bdate_range)("2000-01-03", periods=500).delete(sorted(places))
    returns = returns_on(dates)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        riskresearch.value_at_risk(returns)
    assert bool(caught) == find_gaps(returns).extraordinary


def test_polars_and_zones_have_gaps_too():
    frame = pl.DataFrame({"date": HOLED.to_numpy(), "a": returns_on(HOLED).to_numpy()})
    assert find_gaps(frame).missing == (60,)
    with pytest.warns(ConventionWarning, match="60 of 560 sessions"):
        riskresearch.value_at_risk(frame)
    assert find_gaps(returns_on(HOLED.tz_localize("Asia/Tokyo"))).missing == (60,)


def test_bars_within_days_have_gaps_of_sessions():
    bars = pd.DatetimeIndex([day + pd.Timedelta(hours=hour) for day in HOLED[150:250] for hour in range(10, 16)])
    assert find_gaps(returns_on(bars)).missing == (60,)
    with pytest.warns(ConventionWarning, match=r"60 of 160 sessions \(6 bars of 1 hour a session, Monday to Friday\)"):
        riskresearch.value_at_risk(returns_on(bars))


def test_a_silent_stream_of_few_rows_and_arrays_have_no_calendar():
    assert is_silent(returns_on(HOLED).to_numpy())
    with pytest.raises(InvalidInputError, match="data must have dates, got rows without"):
        find_gaps([0.01, 0.02])
    with pytest.raises(
        InvalidInputError, match="data must have at least 3 rows with a value to show a calendar, got 2"
    ):
        find_gaps(returns_on(HOLED[:2]))
    with pytest.raises(InvalidInputError, match=r"data must have regular dates, got dates with 15 days between rows"):
        find_gaps(returns_on(pd.date_range("2020-01-01", periods=60, freq="15D")))
    with pytest.raises(InvalidInputError, match="kind must be"):
        find_gaps(returns_on(HOLED), kind="yields")


@pytest.fixture
def exchange(monkeypatch):
    """A stand-in for exchange_calendars 4.13: names, and the sessions of New York in the first weeks of 2020."""

    def get_calendar(name, start=None, end=None):
        if name != "XNYS":
            raise ValueError(f"The requested ExchangeCalendar, {name}, does not exist.")
        closed = pd.DatetimeIndex(["2020-01-01", "2020-01-20", "2020-02-17"])
        return types.SimpleNamespace(sessions=pd.bdate_range(start, end).difference(closed))

    names = types.SimpleNamespace(
        get_calendar=get_calendar,
        get_calendar_names=lambda include_aliases=True: ["XNYS", "XTKS"],
        __version__="4.13.2",
    )
    monkeypatch.setitem(sys.modules, "exchange_calendars", names)


@pytest.mark.usefixtures("exchange")
def test_sessions_of_an_exchange_leave_its_holidays_out():
    days = pd.bdate_range("2020-01-02", "2020-03-02").difference(pd.DatetimeIndex(["2020-01-20", "2020-02-17"]))
    complete = find_gaps(returns_on(days), calendar="XNYS")
    assert (complete.missing, complete.extraordinary) == ((), False)
    assert complete.summary() == "none: each of 41 sessions has a row.\nCalendar: sessions of XNYS."
    gaps = find_gaps(returns_on(days.delete([5, 20, 21])), calendar="XNYS")
    assert (gaps.missing, gaps.expected, gaps.extraordinary) == ((1, 2), 41, True)
    carried = find_gaps(returns_on(pd.bdate_range("2020-01-02", "2020-03-02")), calendar="XNYS")
    assert (carried.total, carried.calendar) == (0, "sessions of XNYS; 2 rows on days without one")
    with pytest.raises(
        InvalidInputError, match=r"calendar must be the name of an exchange .* such as XNYS, XTKS, got 'X'"
    ):
        find_gaps(returns_on(days), calendar="X")
    with pytest.raises(InvalidInputError, match=r"calendar must be the name of an exchange such as 'XNYS', got 3"):
        find_gaps(returns_on(days), calendar=3)


def test_a_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "exchange_calendars", None)
    with pytest.raises(OptionalDependencyError, match=r"riskresearch\[calendars\]"):
        find_gaps(returns_on(HOLED), calendar="XNYS")
