"""Prices, percent and yearly rates where something else is meant are found at every door, and honest data pass."""

import inspect
import json
import warnings

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import accounts, backtest, metrics, portfolio, sizing
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from tests.contract import frame_for
from tests.measures import CALLABLE, INTERVALS, PORTFOLIOS, function_of

DAYS = pd.bdate_range("2024-01-02", periods=60)
RNG = np.random.default_rng(9)
CALM = pd.Series(RNG.normal(0.0003, 0.01, 60), index=DAYS, name="fund")
PRICES = 100.0 * (1.0 + CALM).cumprod()
MEASURES = [m for m in (*CALLABLE, *INTERVALS, *PORTFOLIOS) if not m.of_prices and m.name != "bootstrap_interval"]
each_measure_of_returns = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.title)


def closes(name):
    """Return the prices of a bundled dataset, dates by assets."""
    bars = load(name)
    if "close" in bars and "symbol" in bars:
        return bars.pivot(index="date", columns="symbol", values="close")
    if "adj_close" in bars:
        return bars.pivot(index="date", columns="symbol", values="adj_close")
    return bars[["close"]] if "close" in bars else bars


PRICED = (
    "index_sp500", "equities_adj_close", "equities_ohlcv", "equities_wiki_adj_close", "factor_etfs", "wti", "fx_ecb",
    "btc_usd", "vix", "spy_1min",
)  # fmt: skip
FREQUENCIES = (None, "W", "ME", "QE")


def sampled(prices, frequency):
    return prices if frequency is None else prices.resample(frequency).last()


def told(call):
    """Return what `call` warns of, each only once."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert all(issubclass(item.category, ConventionWarning) for item in caught)
    return sorted({str(item.message) for item in caught})


# --- the returns themselves


@pytest.mark.parametrize("name", PRICED)
@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_no_honest_series_is_doubted_and_its_prices_and_percent_are(name, frequency):
    prices = sampled(closes(name), frequency)
    for column in prices:
        own = prices[column].dropna()
        own = own[own > 0.0]
        returns = riskresearch.simple_returns(own) if len(own) > 1 else own
        if len(returns) < 25:
            continue
        assert told(lambda given=returns: metrics.value_at_risk(given)) == []
        for start in range(0, len(returns) - 25, max(25, len(returns) // 20)):
            assert told(lambda given=returns[start : start + 25]: metrics.value_at_risk(given)) == []
        assert "looks like prices" in told(lambda given=own: metrics.value_at_risk(given))[0]
        if float((100.0 * returns).abs().median()) > 0.09:  # pegged currencies and minutes move less
            assert "looks like percent" in told(lambda given=100.0 * returns: metrics.value_at_risk(given))[0]


@each_measure_of_returns
def test_every_measure_warns_of_prices_and_says_both_readings(measure):
    frame = 100.0 * (1.0 + frame_for(measure)).cumprod()
    said = " ".join(told(lambda: measure(frame)))
    assert "returns in column 'AAPL' looks like prices" in said
    assert "As returns each row gains" in said
    assert "simple_returns" in said


def test_a_rolling_measure_a_stream_a_calculator_and_a_portfolio_warn_of_prices():
    frame = pd.DataFrame({"a": PRICES, "b": PRICES * 2.0})

    def stream():
        online = metrics.Online("mean", window=30).start()
        for price in PRICES:
            online.update(price)

    for call in (
        lambda: metrics.rolling(PRICES, "volatility", window=10),
        lambda: metrics.RiskMetricsCalculator(PRICES),
        lambda: portfolio.PortfolioRiskMetrics(frame, [0.5, 0.5]),
        lambda: metrics.portfolio_returns(frame, weights=[0.5, 0.5]),
        lambda: metrics.beta(CALM, PRICES),
        lambda: metrics.filtered_bootstrap(frame),
        lambda: sizing.VolatilityPositionSizer(target=0.1).weights(PRICES),
        stream,
    ):
        assert any("looks like prices" in text for text in told(call))


def test_a_wild_coin_a_book_of_options_and_a_deposit_are_not_doubted():
    coin = pd.Series(RNG.standard_t(3, 400) * 0.04, index=pd.date_range("2023-01-01", periods=400)).clip(lower=-0.8)
    coin.iloc[77] = 3.0
    options = pd.Series([0.3, -0.6, 9.0, -0.9, 0.8, -0.5, 1.4, -0.7, -0.4, 0.6, -0.8, 2.0] * 3)
    options.index = pd.date_range("2021-01-31", periods=36, freq="ME")
    pennies = pd.Series(np.resize([0.4, -0.3, 0.25, -0.2, 0.1, -0.15], 36), index=options.index)
    deposit = pd.Series(0.0002, index=DAYS)
    for honest in (coin, options, pennies, deposit, CALM * 0.0, [0.02, 0.01, 0.03], [9.0], [0.8, 0.6, 1.2]):
        assert told(lambda given=honest: metrics.value_at_risk(given)) == []


def test_percent_of_a_bond_fund_and_of_a_money_market_are_found_where_dates_tell_the_frequency():
    days = pd.bdate_range("2022-01-03", periods=250)
    bond = pd.Series(RNG.normal(0.01, 0.3, 250), index=days).clip(-0.99)
    assert "looks like percent" in told(lambda: metrics.volatility(bond))[0]
    cash, nav = (pd.Series(np.linspace(*ends, 250), index=days) for ends in ((0.015, 0.021), (1.0, 1.05)))
    assert "yearly rates or percent" in told(lambda: metrics.volatility(cash))[0]
    assert "looks like prices" in told(lambda: metrics.volatility(nav))[0]


def test_one_return_below_minus_one_warns_where_nothing_compounds_and_is_refused_where_it_does():
    bad = CALM.copy()
    bad.iloc[7] = -1.5
    text = told(lambda: metrics.value_at_risk(bad))[0]
    assert "-1.5 at 2024-01-11" in text
    assert "loss of 150 %" in text
    assert "-0.015" in text
    with pytest.raises(InvalidInputError, match=r"must be -1 or more to be compounded, got -1\.5"):
        metrics.max_drawdown(bad)


def test_the_interval_of_a_function_of_the_user_may_be_of_anything():
    gains = 100.0 * PRICES
    levels = told(lambda: metrics.bootstrap_interval(gains, measure=np.mean, interval=metrics.Bootstrap(rng=1)))
    assert ["are autocorrelated" in text for text in levels] == [True]
    settings = metrics.Bootstrap(rng=1)
    own = told(lambda: metrics.bootstrap_interval(gains, measure=metrics.volatility, interval=settings))
    assert "looks like prices" in own[0]


def test_a_warning_points_at_the_line_of_the_user():
    with pytest.warns(ConventionWarning) as caught:
        portfolio.PortfolioRiskMetrics(pd.DataFrame({"a": PRICES, "b": PRICES}), [0.5, 0.5])
    assert {item.filename for item in caught} == {__file__}


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_numbers_at_the_ends_of_a_double_raise_no_raw_warning(size):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = metrics.value_at_risk(np.array([size, -size, size, 0.0] * 10))
    assert found == size
    assert {item.category for item in caught} <= {ConventionWarning}


# --- rates

RATES = ("risk_free", "required_return")


def with_a_rate():
    for name in (*metrics.__all__, *portfolio.__all__):
        function = function_of(name)
        if inspect.isfunction(function):
            yield from ((name, rate) for rate in RATES if rate in inspect.signature(function).parameters)


def call_with(name, **options):
    measure = next((m for m in (*CALLABLE, *INTERVALS) if m.name == name), None)
    assert measure is not None
    if name == "rolling":
        word = "sharpe_ratio" if "risk_free" in options else "sortino_ratio"
        return metrics.rolling(CALM, word, window=10, **options)
    return measure(CALM, **options)


@pytest.mark.parametrize(("name", "rate"), list(with_a_rate()))
def test_every_rate_per_period_warns_when_it_is_a_yearly_one(name, rate):
    text = told(lambda: call_with(name, **{rate: 0.05}))
    assert any(f"{rate} is a rate per period; 0.05 at 252 periods a year is 1,260% a year" in each for each in text)
    assert not any("a rate per period" in each for each in told(lambda: call_with(name, **{rate: 0.0001})))


def test_a_yearly_rate_warns_in_streams_calculators_and_sizers():
    frame = pd.DataFrame({"a": CALM, "b": CALM[::-1].to_numpy()})
    for call in (
        lambda: metrics.Online("sharpe_ratio", window=5, risk_free=0.05),
        lambda: metrics.Online("sortino_ratio", window=5, required_return=0.05),
        lambda: metrics.RiskMetricsCalculator(CALM, risk_free=0.05),
        lambda: metrics.RiskMetricsCalculator(CALM).sortino_ratio(required_return=0.05),
        lambda: metrics.RiskMetricsCalculator(CALM).omega_ratio(required_return=0.05),
        lambda: portfolio.PortfolioRiskMetrics(frame, [0.5, 0.5], risk_free=0.05),
        lambda: sizing.kelly_weights(frame, risk_free=0.05),
        lambda: sizing.drawdown_risk(frame, weights=[0.5, 0.5], drawdown=0.2, periods=10, paths=100, risk_free=0.05),
    ):
        assert any("a rate per period; 0.05" in text for text in told(call))


# --- weights, shocks, losses


def test_weights_in_percent_warn_with_both_readings_and_leverage_does_not():
    frame = pd.DataFrame({"a": CALM, "b": CALM[::-1].to_numpy()})
    prices = 100.0 * (1.0 + frame).cumprod()

    def held(weight):
        return pd.DataFrame({"a": weight, "b": weight}, index=prices.index)

    doors = (
        lambda weight: portfolio.risk_contributions(frame, weights=[weight, weight]),
        lambda weight: portfolio.hypothetical_stress(frame, weights=[weight, weight], shocks={"a": -0.1}),
        lambda weight: portfolio.historical_stress(frame, weights=[weight, weight]),
        lambda weight: portfolio.reverse_stress(frame, weights=[weight, weight], loss=0.5),
        lambda weight: riskresearch.simulate(held(weight), prices),
    )
    for door in doors:
        text = told(lambda call=door: call(50.0))
        assert "100 times the equity" in text[0]
        assert "as percent it is 1 times: divide by 100" in text[0]
        assert told(lambda call=door: call(1.5)) == []


def test_a_shock_below_nothing_is_refused_and_one_far_beyond_the_history_warns():
    frame = pd.DataFrame({"a": CALM, "b": CALM[::-1].to_numpy()})

    def stress(shock):
        return portfolio.hypothetical_stress(frame, weights=[0.5, 0.5], shocks={"a": shock})

    with pytest.raises(InvalidInputError, match=r"must be -1 or more.* got -20\. .*-20 is -2,000 %; -20 % is -0\.2"):
        stress(-20.0)
    with pytest.warns(ConventionWarning, match=r"times the largest move in its history, got 20"):
        stress(20.0)
    assert told(lambda: stress(-0.2)) == []
    with pytest.raises(InvalidInputError, match=r"loss must be at most 1, .* got 10\. .*10 is 1,000 %; 10 % is 0\.1"):
        portfolio.reverse_stress(frame, weights=[0.5, 0.5], loss=10)


# --- corporate actions


def simulated(kind, value, after, before=100.0):
    days = DAYS[:4]
    actions = pd.DataFrame({"symbol": ["A"], "date": [days[2]], "kind": [kind], "value": [value]})
    prices = pd.DataFrame({"A": [before, before, after, after]}, index=days)
    weights = pd.DataFrame({"A": 1.0}, index=days)
    return backtest.simulate(weights, prices, corporate_actions=actions, rebalance="on_change")


@pytest.mark.parametrize(
    ("kind", "value", "after", "says"),
    [
        ("split", 4.0, 25.0, "if 4 are the new for one old, give its inverse"),
        ("split", 0.1, 1010.0, "if 0.1 are the new for one old, give its inverse"),
        ("split", 1.25, 79.0, "if 1.25 are the new for one old, give its inverse"),
        ("split", 0.25, 101.0, "adjusted for splits need no events"),
        ("cash_dividend", 150.0, 95.0, "more than the last price of 100"),
    ],
)
def test_an_event_that_the_prices_contradict_warns(kind, value, after, says):
    with pytest.warns(ConventionWarning, match=says):
        simulated(kind, value, after)


@pytest.mark.parametrize(("value", "after"), [(0.25, 25.0), (0.25, 31.0), (10.0, 1010.0), (0.8, 79.0), (0.95, 99.0)])
def test_an_event_that_the_prices_show_does_not_warn(value, after):
    assert told(lambda: simulated("split", value, after)) == []


def test_no_bundled_corporate_action_is_doubted():
    prices = closes("equities_ohlcv")
    weights = prices.notna() / prices.shape[1]
    actions = load("corporate_actions")
    call = {"corporate_actions": actions, "missing_prices": "settle", "rebalance": "on_change"}
    assert told(lambda: backtest.simulate(weights, prices, **call)) == []


# --- dates that are numbers, and classes that are subclasses


@pytest.mark.parametrize(
    ("index", "reading"),
    [
        ([202401 + number for number in range(12)], "months"),
        ([202311.0, 202312.0, 202401.0], "months"),
        ([20240102, 20240103, 20240104, 20240105], "days"),
        ([1704153600, 1704240000, 1704326400], "times since 1970 in s"),
        ([1704153600000, 1704240000000, 1704326400000], "times since 1970 in ms"),
        ([1704153600000000000, 1704240000000000000, 1704326400000000000], "times since 1970 in ns"),
    ],
)
def test_dates_written_as_numbers_are_refused_with_the_code_that_converts_them(index, reading):
    data = pd.Series(np.resize([0.01, -0.02, 0.005], len(index)), index=index)
    with pytest.raises(InvalidInputError, match=rf"read as {reading}") as caught:
        metrics.sharpe_ratio(data)
    code = str(caught.value).partition("returns.index = ")[2].partition(", or number")[0]
    data.index = eval(code, {"pd": pd, "returns": data})  # the remedy works
    assert metrics.volatility(data, periods_per_year=12 if reading == "months" else 252) > 0.0


def test_years_as_row_numbers_warn_and_numbers_of_rows_do_not():
    values = np.resize([0.1, -0.05, 0.2], 12)
    with pytest.warns(ConventionWarning, match=r"row numbers 2010 to 2021.*as years, convert them"):
        metrics.volatility(pd.Series(values, index=list(range(2010, 2022))))
    frame = pd.Series(np.resize([0.01, -0.02, 0.005], 3000))
    for plain in (frame, frame.iloc[1990:2020], frame[frame > 0.0], frame.iloc[::7]):
        assert told(lambda given=plain: metrics.volatility(given)) == []


class OwnSeries(pd.Series):
    @property
    def _constructor(self):
        return OwnSeries


class OwnFrame(pd.DataFrame):
    @property
    def _constructor(self):
        return OwnFrame


class LikeDataArray:
    """As an xarray DataArray: has labels and turns itself into pandas."""

    def __init__(self, data):
        self._data = data

    def to_pandas(self):
        return self._data


def test_subclasses_and_what_turns_itself_into_pandas_keep_their_dates():
    months = pd.Series(CALM.to_numpy()[:24], index=pd.date_range("2022-01-31", periods=24, freq="ME"))
    right = metrics.sharpe_ratio(months)
    assert metrics.sharpe_ratio(OwnSeries(months)) == right
    assert metrics.sharpe_ratio(LikeDataArray(months)) == right
    assert metrics.sharpe_ratio(OwnFrame(months.to_frame("a")))["a"] == right
    assert metrics.sharpe_ratio(pd.array(months, dtype="Float64")) == metrics.sharpe_ratio(months.to_numpy())
    with pytest.raises(InvalidInputError, match="in the order of its dates"):
        metrics.sharpe_ratio(OwnSeries(months[::-1]))


# --- a gap swallows no move

GAPPED = pd.Series([80, 81, np.nan, 95, 96, 97, np.nan, np.nan, 70, 71.0], index=DAYS[:10])


def test_the_first_price_after_a_gap_has_the_return_since_the_last_one():
    with pytest.warns(ConventionWarning, match=r"2 returns span missing prices, the first at 2024-01-05") as caught:
        returns = riskresearch.simple_returns(GAPPED, nan_policy="omit")
    assert len(caught) == 1
    assert returns.isna().tolist() == [False, True, False, False, False, True, True, False, False]
    assert returns[DAYS[8]] == pytest.approx(70.0 / 97.0 - 1.0, rel=1e-15)
    assert metrics.max_drawdown(returns, nan_policy="omit") == pytest.approx(1.0 - 70.0 / 97.0, rel=1e-12)
    assert (1.0 + returns).prod() == pytest.approx(71.0 / 80.0, rel=1e-12)


def test_gaps_are_bridged_column_by_column_and_neither_before_the_first_nor_after_the_last_price():
    late, early = GAPPED.copy(), GAPPED.copy()
    late.iloc[:3], early.iloc[-2:] = np.nan, np.nan
    whole = GAPPED.interpolate()
    with pytest.warns(ConventionWarning, match=r"2 returns span .* at 2024-01-05 in column 'early'"):
        returns = riskresearch.simple_returns(
            pd.DataFrame({"late": late, "early": early, "whole": whole}), nan_policy="omit"
        )
    assert returns["late"].notna().tolist() == [False, False, False, True, True, False, False, True, True]
    assert returns["early"].notna().tolist() == [False if row == 1 else row < 5 for row in range(9)]
    assert (1.0 + returns).prod().tolist() == pytest.approx([71 / 95, 97 / 80, 71 / 80], rel=1e-12)
    only_ends = pd.Series([np.nan, 100.0, 101.0, np.nan], index=DAYS[:4])
    assert told(lambda: riskresearch.simple_returns(only_ends, nan_policy="omit")) == []


# --- omit means omit for companions


def with_companions():
    for measure in (*CALLABLE, *INTERVALS):
        names = inspect.signature(function_of(measure.name)).parameters
        if measure.omits and measure.result in ("number", "record", "interval"):
            for other in ("benchmark", "risk_free"):
                if other in names and (measure.name, other) != ("summary", "benchmark"):  # whose row the others keep
                    yield measure, other


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
@pytest.mark.parametrize(("measure", "other"), list(with_companions()), ids=lambda value: getattr(value, "name", value))
def test_a_missing_companion_leaves_its_row_out_of_all(measure, other):
    function = function_of(measure.name)
    market = pd.Series(RNG.normal(0.0, 0.01, 60), index=DAYS)
    rates = pd.Series(0.0001 + RNG.uniform(0.0, 1e-4, 60), index=DAYS)
    takes = inspect.signature(function).parameters

    def call(returns, market, rates, **options):
        others = {"benchmark": market} if "benchmark" in takes else {}
        others |= {"risk_free": rates} if "risk_free" in takes else {}
        given = {"periods_per_year": 252} if "periods_per_year" in takes else {}
        return function(returns, **others, **measure.arguments(returns), **given, **options)

    holed_market, holed_rates = market.copy(), rates.copy()
    (holed_market if other == "benchmark" else holed_rates).iloc[17] = np.nan
    left = CALM.index != DAYS[17]
    found = call(CALM, holed_market, holed_rates, nan_policy="omit")
    right = call(CALM[left], market[left], rates[left])
    for ours, theirs in zip(numbers_of(found), numbers_of(right), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, nan_ok=True)
    with pytest.raises(
        InvalidInputError, match=rf"{other} has 1 non-finite value, the first at 2024-01-25\. Pass nan_"
    ):
        call(CALM, holed_market, holed_rates)


def numbers_of(result):
    if isinstance(result, float):
        return [result]
    if hasattr(result, "to_frame"):
        return result.to_frame().select_dtypes("number").to_numpy().ravel().tolist()
    return np.ravel(result).tolist()


def test_a_missing_companion_row_is_missing_in_every_window():
    rates = pd.Series(0.0001, index=DAYS)
    rates.iloc[17] = np.nan
    market = pd.Series(RNG.normal(0.0, 0.01, 60), index=DAYS)
    options = {"window": 10, "min_periods": 5, "nan_policy": "omit"}
    gone = CALM.copy()
    gone.iloc[17] = np.nan
    pd.testing.assert_series_equal(
        metrics.rolling(CALM, "sharpe_ratio", risk_free=rates, **options),
        metrics.rolling(gone, "sharpe_ratio", risk_free=0.0001, **options),
    )
    holed = market.where(market.index != DAYS[17])
    pd.testing.assert_series_equal(
        metrics.rolling(CALM, "beta", benchmark=holed, **options),
        metrics.rolling(gone, "beta", benchmark=market, **options),
    )


def test_a_missing_companion_is_left_out_by_the_calculator_the_portfolio_and_its_factors():
    rates, market = pd.Series(0.0001, index=DAYS), pd.Series(RNG.normal(0.0, 0.01, 60), index=DAYS)
    rates.iloc[17], market.iloc[5] = np.nan, np.nan
    frame = pd.DataFrame({"a": CALM, "b": CALM[::-1].to_numpy()})
    left = rates.notna() & market.notna()
    calculator = metrics.RiskMetricsCalculator(CALM, market, risk_free=rates, nan_policy="omit")
    alone = metrics.RiskMetricsCalculator(CALM[left], market[left], risk_free=rates[left], periods_per_year=252)
    assert calculator.alpha() == pytest.approx(alone.alpha(), rel=1e-12)
    assert calculator.sharpe_ratio() == metrics.sharpe_ratio(CALM, risk_free=rates, nan_policy="omit")
    given = {"benchmark": market, "risk_free": rates, "nan_policy": "omit"}
    whole = portfolio.PortfolioRiskMetrics(frame, [0.5, 0.5], **given)
    kept = portfolio.PortfolioRiskMetrics(frame[left], [0.5, 0.5], benchmark=market[left], periods_per_year=252)
    assert whole.conditional_value_at_risk.total == kept.conditional_value_at_risk.total
    factors = market.to_frame("market")
    split = portfolio.risk_contributions(frame, weights=[0.5, 0.5], factors=factors, nan_policy="omit")
    there = market.notna()
    right = portfolio.risk_contributions(frame[there], weights=[0.5, 0.5], factors=factors[there])
    assert split.factor_betas == pytest.approx(right.factor_betas, rel=1e-12)
    assert split.total == right.total


def test_a_stream_restored_before_its_first_rows_were_judged_goes_on():
    online = metrics.Online("mean", window=30)
    running = online.start()
    running.update(0.01)
    again = online.resume(json.loads(json.dumps(running.to_dict())))
    assert np.isnan(again.update(0.02))


def test_an_impact_in_basis_points_warns():
    accounts.Costs(impact=2.0)
    with pytest.warns(ConventionWarning, match=r"impact is a coefficient near 1: at 10 a fill"):
        accounts.Costs(impact=10.0)


@pytest.mark.parametrize("name", ["borrow_rate", "cash_rate", "debit_rate"])
def test_a_yearly_rate_of_an_account_warns_whatever_the_dates(name):
    days, hours = DAYS, pd.date_range("2024-01-02", periods=60, freq="h")
    for index, rate in ((days, 0.03), (hours, 0.001), (None, 0.05)):
        prices = 100.0 + np.arange(60.0)[:, None] if index is None else pd.DataFrame({"A": PRICES.to_numpy()}, index)
        with pytest.warns(ConventionWarning, match=rf"{name} is a rate per period; {rate} at .* periods a year"):
            backtest.simulate(np.full((60, 1), 0.5), prices, costs=accounts.Costs(**{name: rate}))
        backtest.simulate(np.full((60, 1), 0.5), prices, costs=accounts.Costs(**{name: 1e-5}))


@pytest.mark.parametrize(
    ("mean", "options", "message"),
    [
        (8.0, {"volatility": 20.0}, r"look like percent: 8 above risk_free and 20 are 800 % and 2,000 %"),
        (0.08, {"volatility": 16.0}, "look like percent"),
        (0.6, {"volatility": 0.2, "risk_free": 5.0}, "risk_free is a rate per period"),
    ],
)
@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_a_continuous_bet_in_percent_or_of_two_periods_warns(mean, options, message):
    sizing.continuous_kelly_fraction(0.0003, volatility=0.01, risk_free=0.0001)
    with pytest.warns(ConventionWarning, match=message):
        sizing.continuous_kelly_fraction(mean, **options)


@pytest.mark.parametrize("cuts", [None, 3.5, "all", b"5", True, pd.Timestamp("2024-01-10")])
def test_cuts_that_are_no_bars_are_refused(cuts):
    with pytest.raises(InvalidInputError, match="cuts must be a whole number"):
        riskresearch.check_no_lookahead(PRICES, lambda x: x.rolling(2).mean(), cuts=cuts, rng=1)
