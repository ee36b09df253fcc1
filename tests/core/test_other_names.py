"""Arguments under other packages' names, without a name or of another type: the answer has the line that works."""

import re

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError

RETURNS = pd.DataFrame(
    np.random.default_rng(0).normal(0.0, 0.01, (60, 2)), pd.bdate_range("2024-01-02", periods=60), ["A", "B"]
)
SERIES, PRICES = RETURNS["A"], (1.0 + RETURNS).cumprod()
WEIGHTS = {"A": 0.5, "B": 0.5}
STOP = rr.breakers.DrawdownBreaker(limit=0.1, cooldown=20)

GUESSES = {
    "weights without a name": (lambda: rr.value_at_risk(RETURNS, WEIGHTS), "Write weights={'A': 0.5, 'B': 0.5}."),
    "a level without a name": (lambda: rr.value_at_risk(RETURNS, 0.99), "Write level=0.99."),
    "a series without a name": (lambda: rr.value_at_risk(RETURNS, SERIES), "got a Series as well. Write `weights=`"),
    "a portfolio": (lambda: rr.value_at_risk(RETURNS, portfolio=WEIGHTS), "Write weights={'A': 0.5, 'B': 0.5}."),
    "days as text": (lambda: rr.value_at_risk(RETURNS, horizon="10D"), "Write horizon=10, a number without a unit."),
    "a year as text": (lambda: rr.rolling_tail_risk(SERIES, window="1y"), "number of at least 1, got '1y'."),
    "a level as text": (lambda: rr.value_at_risk(RETURNS, level="99%"), "got '99%'. It is a confidence level"),
    "parametric": (lambda: rr.value_at_risk(RETURNS, method="parametric"), "Did you mean 'normal'?"),
    "t": (lambda: rr.value_at_risk(RETURNS, method="t"), "Did you mean 'student_t'?"),
    "es": (lambda: rr.risk_contributions(RETURNS, WEIGHTS, measure="ES"), "mean 'conditional_value_at_risk'?"),
    "std": (lambda: rr.risk_contributions(RETURNS, WEIGHTS, measure="std"), "Did you mean 'volatility'?"),
    "var": (lambda: rr.rolling(SERIES, "var", window=20), "Did you mean 'value_at_risk'?"),
    "cvar": (lambda: rr.risk_contributions(RETURNS, WEIGHTS, measure="cvar"), "mean 'conditional_value_at_risk'?"),
    "a measure of risk": (lambda: rr.risk_contributions(RETURNS, WEIGHTS, risk="cvar"), "Write measure='cvar'."),
    "a Sharpe ratio against another": (lambda: rr.sharpe_ratio(SERIES, benchmark=SERIES), "sharpe_ratio_difference("),
    "two series": (lambda: rr.sharpe_ratio(SERIES, SERIES), "sharpe_ratio_difference(returns, benchmark)"),
    "rf": (lambda: rr.sharpe_ratio(SERIES, rf=0.0), "Write risk_free=0.0."),
    "a stop in a row": (lambda: rr.breakers.DrawdownBreaker(0.1, 20), "only limit without a name, got 20"),
    "losses": (lambda: rr.breakers.ClosedTradesBreaker(losses=3), "Write limit=3."),
    "an episode without a name": (lambda: rr.historical_stress(RETURNS, WEIGHTS, "2008"), "Write episodes='2008'."),
    "dates": (lambda: rr.historical_stress(RETURNS, WEIGHTS, start="2024"), 'shocks=..., propagate="none")'),
    "shocks without a name": (
        lambda: rr.hypothetical_stress(RETURNS, WEIGHTS, {"A": -0.2}),
        "Write shocks={'A': -0.2}",
    ),
    "a negative loss": (lambda: rr.reverse_stress(RETURNS, WEIGHTS, loss=-0.2), "write loss=0.2."),
    "moments": (lambda: rr.sizing.kelly_weights(mean=[0.1], covariance=[[0.1]]), "continuous_kelly_weights(mean, cov"),
    "an interval of Kelly": (lambda: rr.sizing.kelly_weights(RETURNS, interval=0.9), "Write confidence=0.9."),
    "a sizer with one": (lambda: rr.KellyPositionSizer(confidence=0.9), "`kelly_weights(returns, confidence=0.9)`"),
    "odds without a name": (lambda: rr.sizing.kelly_fraction(0.6, 2.0), "Write odds=2.0."),
    "a win rate": (lambda: rr.sizing.kelly_fraction(win_rate=0.6), "Write probability=0.6."),
    "a period without a name": (lambda: rr.metrics.aggregate_returns(RETURNS, "month"), "Write to='month'."),
    "a frequency": (lambda: rr.metrics.aggregate_returns(RETURNS, convert_to="month"), "Write to='month'."),
    "a kurtosis": (
        lambda: rr.metrics.probabilistic_sharpe_ratio_from_moments(
            1.0, rows=250, skewness=0.0, kurtosis=3.0, periods_per_year=252
        ),
        "It is excess_kurtosis, the kurtosis less 3",
    ),
    "linear": (lambda: rr.sizing.minimum_cvar(RETURNS, linear=["A <= 0.2"]), "constraints=Constraints(linear=...)"),
    "texts": (lambda: rr.sizing.minimum_cvar(RETURNS, constraints=["A <= 0.2"]), "Constraints(linear=['A <= 0.2'])"),
    "a mapping": (lambda: rr.sizing.mean_cvar(RETURNS, constraints={"upper": 1}, risk_aversion=1), "(**{'upper': 1})"),
    "basis points": (lambda: rr.simulate(RETURNS, PRICES, costs_bps=5), "costs=0.0005"),
    "one gate": (lambda: rr.simulate(RETURNS * 0, PRICES, gates=STOP), "A single one goes into a list: gates=[...]."),
    "constant weights": (
        lambda: rr.simulate(WEIGHTS, PRICES),
        "pd.DataFrame({'A': 0.5, 'B': 0.5}, index=prices.index)",
    ),
    "one weight": (lambda: rr.simulate(0.6, PRICES["A"]), "pd.Series(0.6, index=prices.index)"),
    "a sizer that is made": (
        lambda: rr.sweep(PRICES, rr.VolatilityPositionSizer(), {"target": [0.1]}),
        "Write VolatilityPositionSizer: the grid has its parameters.",
    ),
    "a list of sets": (lambda: rr.sweep(PRICES, rr.VolatilityPositionSizer, [{"target": 0.1}]), 'grid={"target": ['),
    "ray": (lambda: rr.sweep(PRICES, rr.VolatilityPositionSizer, {"target": [0.1]}, backend="ray"), "parallel_config("),
    "months of pandas": (lambda: rr.simulate(WEIGHTS, PRICES, freq="M"), "Write rebalance='month'."),
    "days of pandas": (lambda: rr.simulate(WEIGHTS, PRICES, freq="D"), "Write rebalance='every_bar'."),
    "an offset": (lambda: rr.simulate(WEIGHTS, PRICES, freq=pd.offsets.QuarterEnd()), "Write rebalance='quarter'."),
    "weeks of pandas": (lambda: rr.metrics.aggregate_returns(RETURNS, freq="W-FRI"), "Write to='week'."),
    "a window in a row": (lambda: rr.metrics.Online("value_at_risk", 250), "Write window=250."),
}


@pytest.mark.parametrize("guess", GUESSES)
def test_a_guess_is_answered_with_the_line_that_works(guess):
    call, answer = GUESSES[guess]
    with pytest.raises(InvalidInputError, match=re.escape(answer)):
        call()


def test_a_table_is_not_printed():
    with pytest.raises(InvalidInputError, match="got benchmark=a Series") as caught:
        rr.sharpe_ratio(SERIES, benchmark=SERIES)
    assert "\n" not in str(caught.value)


def test_what_the_answers_write_works():
    rr.simulate(pd.DataFrame(WEIGHTS, index=PRICES.index), PRICES, gates=[STOP])
    shocks = ((1.0 + RETURNS.loc["2024-01-02":"2024-02-01"]).prod() - 1.0).to_dict()
    done = rr.hypothetical_stress(RETURNS, WEIGHTS, shocks=shocks, propagate="none")
    expected = sum(0.5 * shock for shock in shocks.values())
    assert f"{expected:.2%}".lstrip("-") in done.summary()
    rr.sizing.minimum_cvar(RETURNS, constraints=rr.sizing.Constraints(linear=["A <= 0.2"]))
