"""The kind of numbers: made series of every kind are read right, or refused with every reading and its option."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.files._kind import decide_kind
from riskresearch.files._to_returns import to_prices, to_returns
from tests.files.kind_series import DAYS, cash, cumulative, prices, profit, returns, reverting, smoothed

MONTHLY = {"every": "months"}
PNL = profit(1250.0, seed=19)
READ = {
    "a stock": (prices(87.3, 0.25, seed=1, digits=2), "", "prices"),
    "a fund from 1": (prices(1.0, 0.04, seed=2, digits=4), "", "prices"),
    "an index from 100": (prices(100.0, 0.12, seed=3, digits=2), "", "prices"),
    "EUR/USD": (prices(1.08, 0.08, seed=4, digits=5), "", "prices"),
    "JPY/USD by its header": (prices(0.0089, 0.09, seed=5, digits=6), "JPYUSD", "prices"),
    "a penny stock by its header": (prices(0.0031, 0.9, seed=6, digits=4), "Close", "prices"),
    "a coin at 1e-8": (prices(1e-8, 1.0, seed=7, every="week"), "", "prices"),
    "a coin at 30,000": (prices(3e4, 0.7, seed=8, digits=2, every="week"), "", "prices"),
    "an index of volatility": (reverting(18.0, 1.1, seed=9, pull=0.03), "VIX", "prices"),
    "a fund of high yield": (prices(18.0, 0.08, seed=1, digits=2), "High Yield ETF", "prices"),
    "a total return index": (prices(4500.0, 0.2, seed=1), "Total Return", "prices"),
    "an account": (prices(1e5, 0.2, seed=18, digits=2), "Equity", "prices"),
    "a constant 100": (pd.Series(100.0, index=DAYS), "", "prices"),
    "returns of a stock": (returns(0.2, seed=11).round(5), "", "returns"),
    "returns of a coin": (returns(0.8, seed=12, every="week"), "", "returns"),
    "returns by month": (returns(0.15, seed=15, **MONTHLY), "", "returns"),
    "returns marked to a model": (smoothed(0.1, seed=3), "", "returns"),
    "returns of a deposit by the header": (cash(0.03), "Return", "returns"),
    "zeros": (pd.Series(0.0, index=DAYS), "", "returns"),
    "percent of a stock": ((100.0 * returns(0.2, seed=13)).round(2), "", "percent"),
    "percent of a bond fund by the header": ((100.0 * returns(0.025, seed=14)).round(3), "Return (%)", "percent"),
    "percent of a deposit by the header": (100.0 * cash(0.03), "Return %", "percent"),
    "a factor in percent": ((100.0 * returns(0.15, seed=15, **MONTHLY)).round(2), "Mkt-RF", "percent"),
    "log returns by the header": (np.log1p(returns(0.3, seed=16)), "log_ret", "log-returns"),
    "cumulative": (cumulative(0.15, seed=17), "", "cumulative"),
    "cumulative percent": ((100.0 * cumulative(0.15, seed=17)).round(2), "", "cumulative"),
    "cumulative by month": (cumulative(0.15, seed=17, **MONTHLY), "", "cumulative"),
    "cumulative by the header": (cumulative(0.15, seed=17).iloc[1:], "Cumulative return", "cumulative"),
}
ZERO, OIL = (prices(level, 0.2, seed=22, digits=2) for level in (100.0, 45.0))
ZERO.iloc[30], OIL.iloc[100] = 0.0, -37.63
LOG = np.log1p(returns(1.0, seed=16))
LOG.iloc[50] = -1.3
REFUSED = {
    "a coin at 1e-5": (prices(1e-5, 1.0, seed=7, every="week"), "", "could hold prices or returns"),
    "JPY/USD": (prices(0.0089, 0.09, seed=5, digits=6), "", "could hold prices or percent"),
    "percent of a deposit": (100.0 * cash(0.03), "", "could hold prices or percent"),
    "a deposit": (cash(0.03), "", "could hold prices or returns"),
    "percent of a bond fund": ((100.0 * returns(0.025, seed=14)).round(3), "", "could hold returns or percent"),
    "returns of a wild coin": (returns(1.3, seed=12, every="week"), "", "could hold returns or percent"),
    "fractions under percent": (returns(0.2, seed=1), "Return (%)", "headed 'Return .%.', but as percent"),
    "a yield": (reverting(3.5, 0.25, seed=10, pull=0.002), "DGS10", "a yield or a rate"),
    "a price of zero": (ZERO, "", "a price of zero"),
    "a negative price": (OIL, "", r"prices are positive .* -37\.63 at 2021-05-24"),
    "a log return below -1": (LOG, "", "more than everything, as a log return 73 %"),
    "profit without capital": (PNL, "", r"capital=100_000 \(--capital 100000\)"),
    "small profit": (profit(12.0, seed=19), "P&L", "profit and loss in money"),
    "cumulative without its start": (cumulative(0.15, seed=17).iloc[1:], "", "holds levels"),
    "overlapping returns": (returns(0.2, seed=3).rolling(20).sum().dropna(), "", "overlapping spans"),
    "no number": (pd.Series(np.nan, index=DAYS), "", "holds no number at all"),
}


def decided(series, header="", **options):
    return decide_kind(series.to_frame("x"), name="f.csv", hints={"x": header} if header else {}, **options)


@pytest.mark.parametrize(("series", "header", "kind"), READ.values(), ids=READ)
def test_the_kind_is_read_and_its_reason_given(series, header, kind):
    reading = decided(series, header)
    assert reading.kind == kind
    assert reading.reason
    assert reading.steps[0].decision == kind


@pytest.mark.parametrize(("series", "header", "message"), REFUSED.values(), ids=REFUSED)
def test_what_has_several_readings_or_none_is_refused(series, header, message):
    with pytest.raises(InvalidInputError, match=message):
        decided(series, header)


def test_columns_of_two_kinds_are_refused_by_name():
    both = pd.DataFrame({"AAA close": prices(100.0, 0.2, seed=1), "AAA return": returns(0.2, seed=2)})
    with pytest.raises(
        InvalidInputError, match=r"prices in 'AAA close'; returns in 'AAA return'\. .*--columns.*--drop"
    ):
        decide_kind(both, name="f.csv")


def test_a_stated_kind_is_used_doubted_or_refused():
    with pytest.raises(InvalidInputError, match=r"given as returns, but holds .* kind=\"percent\""):
        decided(100.0 * returns(0.2, seed=1), kind="returns")
    with pytest.raises(InvalidInputError, match="was given as prices, but prices are positive"):
        decided(returns(0.2, seed=1), kind="prices")
    with pytest.warns(ConventionWarning, match="given as percent, .* as returns the volatility is 19 %"):
        assert decided(returns(0.2, seed=1), kind="percent").kind == "percent"


def test_splits_and_bad_quotes_are_named():
    split, tick = prices(100.0, 0.13, seed=22, digits=2), prices(100.0, 0.13, seed=22, digits=2)
    split.iloc[130:] /= 4.0
    tick.iloc[30] *= 100.0
    with pytest.warns(ConventionWarning, match="a split of 4 for 1"):
        assert "a split of 4 for 1" in decided(split).notes[0]
    with pytest.warns(ConventionWarning, match="a bad quote"):
        assert "a bad quote" in decided(tick).notes[0]


def test_every_kind_gives_the_returns_that_it_was_made_of():
    own = returns(0.2, seed=5)
    wealth = 100.0 * (1.0 + own).cumprod()
    cases = {
        "returns": own, "percent": 100.0 * own, "log-returns": np.log1p(own), "cumulative": wealth / 100.0 - 1.0,
        "pnl": wealth.diff().fillna(wealth.iloc[0] - 100.0),
    }  # fmt: skip
    for kind, numbers in cases.items():
        capital = 100.0 if kind == "pnl" else None
        reading = decided(numbers, "x", kind=kind, capital=capital)
        made = to_returns(numbers.to_frame("x"), reading)["x"]
        np.testing.assert_allclose(made, own, rtol=1e-9, atol=1e-13)
        level = to_prices(numbers.to_frame("x"), reading)["x"] / (1.0 if kind == "pnl" else 0.01)
        np.testing.assert_allclose(level, wealth, rtol=1e-9)
    made = to_returns(wealth.to_frame("x"), decided(wealth))["x"]
    np.testing.assert_allclose(made, own.iloc[1:], rtol=1e-9, atol=1e-13)


def test_returns_of_one_size_are_no_prices_with_minus_signs():
    days = pd.bdate_range("2021-01-01", periods=30)
    bets = pd.DataFrame({"AAA": [(-1) ** row * 0.01 for row in range(30)]}, index=days)
    assert decide_kind(bets, name="bets.csv").kind == "returns"
    signed = pd.DataFrame({"PRC": [(-1 if row % 3 == 2 else 1) * (30 + row / 8) for row in range(30)]}, index=days)
    with pytest.raises(InvalidInputError, match="sizes that run like prices, 10 of them with a minus sign"):
        decide_kind(signed, name="crsp.csv")
