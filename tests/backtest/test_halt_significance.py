"""Halts at other times: against loops written out, against chance, and against the survey's own run."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import backtest, datasets, metrics
from riskresearch.core._errors import InvalidInputError
from tests.samples import fat_tailed


def drawdown_halts(returns, limit, cooldown):
    """Leave after a fall of `limit` from the peak, stay away `cooldown` bars, begin with a new peak."""
    wealth = peak = 1.0
    left, trips, exposure = 0, 0, np.ones(len(returns))
    for row, move in enumerate(returns):
        if left:
            exposure[row] = 0.0
            left -= 1
            if left == 0:
                peak = wealth
            continue
        wealth *= 1.0 + move
        peak = max(peak, wealth)
        if (peak - wealth) / peak >= limit:
            left, trips = cooldown, trips + 1
    return exposure, trips


# Field survey of November 2026 (sizing, limits, breakers, section 3): S&P 500 closes 1990-2022, 2,000 circular shifts.
SURVEY = [
    (0.10, 20, 34, 9.94, 0.28, 0.545, 0.31),
    (0.10, 60, 26, 6.34, 0.56, 0.476, 0.12),
    (0.20, 60, 8, 6.51, 0.97, 0.518, 0.10),
    (0.05, 10, 121, 3.31, 0.995, 0.529, 0.36),
]


@pytest.mark.parametrize(("limit", "cooldown", "trips", "growth", "p_growth", "drawdown", "p_drawdown"), SURVEY)
def test_the_survey_of_the_field_is_reproduced(limit, cooldown, trips, growth, p_growth, drawdown, p_drawdown):
    closes = datasets.load("index_sp500").loc["1990":"2022", "close"]
    returns = metrics.simple_returns(closes)
    exposure, found = drawdown_halts(returns.to_numpy(), limit, cooldown)
    result = backtest.halt_significance(returns, pd.Series(exposure, returns.index), rng=1)
    assert found == trips
    assert result.wealth == pytest.approx(growth, abs=0.006)
    # The survey cut at a tenth of a per cent: -54.5 % where we have 54.59 %.
    assert result.drawdown == pytest.approx(drawdown, abs=0.001)
    # Another sample of 2,000 shifts of 8,312: three standard errors are at most 0.034.
    assert result.p_value(corrected=False) == pytest.approx(p_growth, abs=0.035)
    assert result.p_value("drawdown", corrected=False) == pytest.approx(p_drawdown, abs=0.035)
    assert result.wealth_held == pytest.approx(10.52, abs=0.1)
    assert result.drawdown_held == pytest.approx(0.568, abs=0.0006)


def test_p_values_of_halts_drawn_by_chance_are_uniform():
    """Halts placed by lot: the p-value is at most u in a share u of cases, within sampling error of 200 cases."""
    rng = np.random.default_rng(11)
    shares = {"shift": [], "placement": []}
    for seed in range(200):
        returns = fat_tailed(120, 1, seed)[:, 0]
        exposure = np.ones(120)
        start = rng.integers(0, 100)
        exposure[start : start + 20] = 0.0
        result = backtest.halt_significance(returns, exposure, draws=99, rng=seed)
        for kind, found in shares.items():
            found.append(result.p_value(kind=kind, corrected=False))
    for found in shares.values():
        distance = np.abs(np.sort(found) - (np.arange(200) + 0.5) / 200).max()
        assert distance < 1.63 / np.sqrt(200)  # Kolmogorov, 1 %


def test_halts_that_know_the_future_are_found_out_and_trials_cost():
    returns = fat_tailed(400, 1)[:, 0]
    exposure = np.where(returns < np.quantile(returns, 0.1), 0.0, 1.0)
    result = backtest.halt_significance(returns, exposure, rng=1, trials=20)
    plain = result.p_value(corrected=False)
    assert plain < 0.01
    assert result.difference.lower > 0.0
    assert result.p_value() == pytest.approx(1.0 - (1.0 - plain) ** 20)
    assert result.p_value() > 5 * plain


def test_the_draws_repeat_with_the_seed_and_costs_hurt():
    returns = pd.Series(fat_tailed(300, 1)[:, 0], pd.bdate_range("2020-01-01", periods=300))
    exposure = np.ones(300)
    exposure[50:60] = exposure[100:130] = 0.0
    free = backtest.halt_significance(returns, exposure)
    again = backtest.halt_significance(returns, exposure, rng=free.seed)
    assert free.to_frame().equals(again.to_frame())
    dear = backtest.halt_significance(returns, exposure, costs=0.01, rng=free.seed)
    assert dear.wealth == pytest.approx(free.wealth * 0.99**4, rel=1e-3)
    assert dear.p_value() == pytest.approx(free.p_value(), abs=0.1)
    assert free.drawdown_held == metrics.max_drawdown(returns)
    assert free.wealth_held == pytest.approx(metrics.wealth_index(returns).iloc[-1], rel=1e-12)
    assert free.summary().index("random times") < free.summary().index("wealth:")


@pytest.mark.parametrize(
    ("exposure", "options", "text"),
    [
        ([1.0] * 9, {}, "exposure needs at least 10 rows, got 9"),
        ([1.0] * 11, {}, "exposure must have the 12 rows of returns, got 11"),
        ([1.0] * 12, {"costs": -0.1}, "costs must not be negative, got -0.1"),
        ([1.0] * 12, {"draws": 0}, "draws must be a whole number of at least 1, got 0"),
        ([1.0] * 12, {"trials": 0}, "trials must be"),
    ],
)
def test_bad_input_is_named(exposure, options, text):
    with pytest.raises(InvalidInputError, match=text):
        backtest.halt_significance([0.01, -0.02, 0.01] * 4, exposure, **options)


def test_two_portfolios_are_not_pooled():
    with pytest.raises(InvalidInputError, match="returns must be one series, got 2 columns"):
        backtest.halt_significance(np.zeros((12, 2)), [1.0] * 12)
