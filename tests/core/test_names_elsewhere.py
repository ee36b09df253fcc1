"""Arguments under other packages' names, at every public function that has the argument."""

import inspect

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError
from riskresearch.core._names_elsewhere import names_elsewhere

DATES = pd.bdate_range("2024-01-02", periods=60)
RETURNS = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.01, (60, 2)), DATES, ["A", "B"])
SERIES = RETURNS["A"]
ROOMS = (rr.metrics, rr.portfolio, rr.sizing, rr.breakers, rr.backtest, rr.models, rr.report, rr.posttrade)
NO_ANSWER = {"ladder", "all_of", "any_of", "price_bands", "halt_points", "market_wide_halts"}


def takes_named(function):
    parameters = inspect.signature(function).parameters.values()
    return any(each.kind is each.KEYWORD_ONLY for each in parameters)


FUNCTIONS = {
    f"{room.__name__}.{name}": getattr(room, name)
    for room in ROOMS
    for name in room.__all__
    if inspect.isfunction(getattr(room, name)) and takes_named(getattr(room, name)) and name not in NO_ANSWER
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_answers_each_name_that_its_arguments_have_elsewhere(name):
    function = FUNCTIONS[name]
    parameters = tuple(inspect.signature(function).parameters)
    for other in names_elsewhere(parameters):
        if other not in parameters:
            with pytest.raises(InvalidInputError, match=rf"has no argument '{other}', got {other}=a Series\. "):
                function(**{other: SERIES})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_answers_an_argument_too_many_without_a_name(name):
    with pytest.raises(InvalidInputError, match=r" without a name, got 0\.123 as well\. "):
        FUNCTIONS[name](*[0.123] * 9)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: rr.value_at_risk(SERIES, confidence=99), r"Write level=0\.99\."),
        (lambda: rr.value_at_risk(SERIES, cutoff=0.05), r"one minus that: level=0\.95\."),
        (lambda: rr.value_at_risk(SERIES, alpha=5), r"level=0\.99 for the worst 1 %\."),
        (lambda: rr.sharpe_ratio(SERIES, freq="D"), r"Write periods_per_year=252\."),
        (lambda: rr.sharpe_ratio(SERIES, period="monthly"), r"Write periods_per_year=12\."),
        (lambda: rr.sharpe_ratio(SERIES, periods_per_year="W-FRI"), r"Write periods_per_year=52, or leave it out"),
        (lambda: rr.metrics.sortino_ratio(SERIES, rf=0.0), r"Write required_return=0\.0\."),
        (lambda: rr.metrics.alpha(SERIES, SERIES, rf=0.0), r"Write risk_free=0\.0\."),
        (lambda: rr.metrics.volatility(SERIES, annualize=False), r"periods_per_year=1 for one per row\."),
        (lambda: rr.summary(SERIES, dropna=True), r'Write nan_policy="omit"\.'),
        (lambda: rr.report.build_report(SERIES, SERIES), r"got a Series as well\. Write `benchmark=` before it\."),
        (lambda: rr.rolling(SERIES, "beta", 60), r"The others have names: window=, min_periods=,"),
        (lambda: rr.breakers.PeriodLossBreaker(0.02, "day"), r"Write period='day'\."),
        (lambda: rr.breakers.LossStreakBreaker(losses=3), r"Write limit=3\."),
        (lambda: rr.deflated_sharpe_ratio(SERIES, trials=50), r"needs `trial_variance`\. It is the variance of the"),
        (lambda: rr.historical_stress(SERIES), r"needs `weights`\. Of one series it is weights=\[1\.0\]\."),
        (lambda: rr.value_at_risk(SERIES, capital=1e6), r"multiply it, or its interval, by the amount, as in 1_000"),
        (lambda: rr.read("prices.csv", sep=";"), r"Write separator=';'\."),
        (lambda: rr.read("prices.csv", parse_dates=True), r"Leave it out: dates, headers and numbers are recognised"),
        (lambda: rr.simulate(pd.Series({"A": 1.0, "B": 0.0}), 1.0 + RETURNS), r"pd\.DataFrame\(\{'A': 1\.0, 'B': 0"),
    ],
)
def test_the_answer_has_the_value_as_it_is_written_here(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_what_the_answers_write_works():
    assert rr.sharpe_ratio(SERIES, periods_per_year=252) == rr.sharpe_ratio(SERIES)
    trials = rr.sharpe_ratio(RETURNS, periods_per_year=252)
    assert 0.0 < rr.deflated_sharpe_ratio(SERIES, trials=50, trial_variance=trials.var()) < 1.0
    assert np.isfinite(1_000_000 * rr.value_at_risk(SERIES))
    daily = rr.metrics.volatility(SERIES, periods_per_year=1)
    assert daily == pytest.approx(SERIES.std())
    weights = pd.DataFrame({"A": 1.0, "B": 0.0}, index=RETURNS.index)
    assert rr.simulate(weights, (1.0 + RETURNS).cumprod()).equity.iloc[-1] > 0.0
