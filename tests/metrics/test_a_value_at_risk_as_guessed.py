"""The 99 % ten-day VaR of three assets with an interval: as guessed, and what wrong guesses get."""

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError
from tests.samples import fat_tailed

DATES = pd.bdate_range("2018-01-01", periods=400, name="date")
RETURNS = pd.DataFrame(fat_tailed(400, 3), index=DATES, columns=["AAPL", "MSFT", "XOM"])
WEIGHTS = {"AAPL": 0.5, "MSFT": 0.25, "XOM": 0.25}


def test_the_task_as_it_is_guessed_prints_numbers_and_conventions():
    found = rr.value_at_risk(RETURNS, level=0.99, horizon=10, interval=0.95)
    text = str(found)
    assert text == found.summary()
    assert text.splitlines()[0].split() == ["estimate", "lower", "upper", "standard", "error"]
    assert [line.split()[0] for line in text.splitlines()[1:4]] == ["AAPL", "MSFT", "XOM"]
    for convention in ("confidence 0.95", "historical, level 0.99", "overlapping windows of 10 rows", "seed 0"):
        assert convention in text
    assert (found.lower < found.estimate).all()
    assert repr(found) == "Interval(value_at_risk of 3 assets, confidence=0.95)"


def test_the_interval_of_a_portfolio_says_of_which_one():
    found = rr.value_at_risk(RETURNS, level=0.99, horizon=10, interval=0.95, weights=WEIGHTS)
    assert "historical, level 0.99, of the portfolio of AAPL 0.5, MSFT 0.25, XOM 0.25; overlapping" in found.summary()
    assert str(found) == repr(found)
    many = pd.DataFrame(fat_tailed(300, 9), index=DATES[:300])
    text = rr.conditional_value_at_risk(many, weights=[1 / 9] * 9, interval=0.9).summary()
    assert "level 0.95, of a portfolio of 9 assets" in text


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: rr.value_at_risk(RETURNS, 0.99),
            r"only its data without a name, got 0\.99 as well\. Write level=0\.99",
        ),
        (lambda: rr.rolling_tail_risk(RETURNS, 250), r"Write window=250\."),
        (lambda: rr.value_at_risk(RETURNS, confidence=0.99), r"Write level=0\.99\."),
        (lambda: rr.value_at_risk(RETURNS, alpha=0.01), r"Write `level`, one minus that: level=0\.99"),
        (lambda: rr.conditional_value_at_risk(RETURNS, cutoff=0.05), r"Write `level`, one minus that"),
        (lambda: rr.value_at_risk(RETURNS, days=10), r"Write horizon=10\."),
        (lambda: rr.value_at_risk(RETURNS, ci=0.95), r"Write interval=0\.95\."),
        (lambda: rr.tail_risk(RETURNS, interval=0.95), r"`value_at_risk` and `conditional_value_at_risk` have it"),
        (lambda: rr.value_at_risk(RETURNS, level=0.01), r"not 0\.05 and not 95\. Write level=0\.99\."),
        (lambda: rr.value_at_risk(RETURNS, level=99), r"not 0\.05 and not 95\. Write level=0\.99\."),
        (lambda: rr.value_at_risk(RETURNS, level=1.5), r"not 0\.05 and not 95\.$"),
        (lambda: rr.exceedances(RETURNS, RETURNS, confidence=0.99), r"Write level=0\.99\."),
        (lambda: rr.risk_contributions(RETURNS, WEIGHTS, sectors={}), r"Write groups=\{\}\."),
        (lambda: rr.hypothetical_stress(RETURNS, WEIGHTS, scenarios={}), r"Write shocks=\{\}\."),
        (lambda: rr.historical_stress(RETURNS, WEIGHTS, year=2008), r"Write episodes=2008\."),
        (lambda: rr.sharpe_ratio_difference(RETURNS, RETURNS["XOM"], seed=1), r"Write interval=Bootstrap\(rng=1\)"),
    ],
)
def test_wrong_guesses_are_answered_with_the_line_that_works(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_weights_may_follow_the_returns_without_a_name():
    assert rr.risk_contributions(RETURNS, WEIGHTS) == rr.risk_contributions(RETURNS, weights=WEIGHTS)
    shocks = {"AAPL": -0.1}
    assert rr.hypothetical_stress(RETURNS, WEIGHTS, shocks=shocks).weights == tuple(WEIGHTS.values())
    assert np.isfinite(rr.portfolio.diversification_ratio(RETURNS, WEIGHTS))
